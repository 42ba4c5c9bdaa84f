"""Put the invented world into an empty home, through the same actions that a real member uses."""

import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.utils import timezone

from liaison.access.actions import entitle_bureau, grant_entitlement
from liaison.access.queries import asker_of_key
from liaison.access.rules import Asker
from liaison.agencies.actions import admit_bureau, authorise_entity, create_key, found_secretariat, invite_officer
from liaison.agencies.models import Agency
from liaison.agencies.rules import Terms
from liaison.audit.actions import OPERATOR
from liaison.demo import standing, world
from liaison.demo.documents import documents
from liaison.demo.home import accounts_file, key_file
from liaison.demo.persons import persons
from liaison.demo.standing import set_standing_checks
from liaison.demo.vehicles import vehicles
from liaison.demo.vessels import vessels
from liaison.lib.files import write_private
from liaison.records.feed import feed_rows, open_batch
from liaison.records.formats import Row
from liaison.records.indexing import make_current

Tell = Callable[[str, int, int], None]
VESSELS = 500
# So that clients of other services can be tried with a key of the demonstration (docs/integrator/exchange.md).
_TERMS = Terms("border", "Demonstration of the exchange")


class Sizes(NamedTuple):
    """How many records of each kind to invent."""

    persons: int
    documents: int
    vehicles: int


def build_world(sizes: Sizes, tell: Tell) -> None:
    """Make agencies, accounts, rights and records; `tell(what, done, goal)` says how far it is.

    The file of accounts is written last: only a home that was built to the end is a demo home.
    """
    now = timezone.now()
    agencies = _make_agencies(now)
    keys = {
        bureau.country: create_key(
            agencies[bureau.name], "National police system", timedelta(days=365), by=OPERATOR, now=now, terms=_TERMS
        )[1]
        for bureau in world.BUREAUX
    }
    askers = {country: asker_of_key(key, now) for country, key in keys.items()}
    _feed_all(sizes, askers, tell)
    make_current(settings.LIAISON_HOME / "index", lambda done, goal: tell("index", done, goal))
    accounts = _make_accounts(agencies, now)
    set_standing_checks(askers[standing.SOURCE], timezone.now())
    make_current(settings.LIAISON_HOME / "index")
    write_private(key_file(), keys[world.DEMO_KEY_COUNTRY] + "\n")
    write_private(accounts_file(), accounts)


def _make_agencies(now: datetime) -> dict[str, Agency]:
    """Return every agency by its name, with its rights granted."""
    agencies = {world.SECRETARIAT: found_secretariat(world.SECRETARIAT, by=OPERATOR, now=now)}
    for bureau in world.BUREAUX:
        agencies[bureau.name] = admit_bureau(bureau.name, bureau.country, by=OPERATOR, now=now)
        entitle_bureau(agencies[bureau.name], by=OPERATOR, now=now)
    by_country = {agency.country: agency for agency in agencies.values()}
    for entity in world.ENTITIES:
        agencies[entity.name] = authorise_entity(entity.name, by_country[entity.country], by=OPERATOR, now=now)
    bureaux = {bureau.name for bureau in world.BUREAUX}
    for entitlement in world.ENTITLEMENTS:
        if entitlement.agency not in bureaux:
            _entitle(agencies[entitlement.agency], entitlement, now)
    return agencies


def _entitle(agency: Agency, entitlement: world.Entitlement, now: datetime) -> None:
    for database in entitlement.databases:
        for operation in entitlement.operations:
            grant_entitlement(
                agency, database, operation, starts_on=now.date(), ends_on=None, reason="Demonstration",  # type: ignore[arg-type]
                granted_by=None, by=OPERATOR, now=now,
            )  # fmt: skip


def _make_accounts(agencies: dict[str, Agency], now: datetime) -> str:
    """Make the accounts with drawn passwords; return the text of the accounts file."""
    lines = [
        f"Demo accounts of {settings.LIAISON_NAME}. Everybody here is invented.",
        "The second factor is a code: `liaison demo code auditor` prints the auditor's of now.",
        "",
    ]
    for account in world.ACCOUNTS:
        officer = invite_officer(
            agencies[account.agency], account.email, account.full_name, account.duty, by=OPERATOR, now=now
        )
        password = secrets.token_urlsafe(15)
        officer.set_password(password)
        officer.language = account.language
        officer.save(update_fields=["password", "language"])
        TOTP.activate(officer, generate_totp_secret())
        lines.append(f"{account.role:18} {account.email:28} {password}   {account.duty}, {account.agency}")
    return "\n".join(lines) + "\n"


def _feed_all(sizes: Sizes, askers: dict[str, Asker], tell: Tell) -> None:
    seed = world.SEED
    feeds = (
        ("nominal", persons(seed, sizes.persons)),
        ("travel_documents", documents(seed, sizes.documents)),
        ("vehicles", vehicles(seed, sizes.vehicles)),
        ("vessels", vessels(seed, VESSELS)),
    )
    for database, fed in feeds:
        by_source: dict[str, list[dict[str, object]]] = defaultdict(list)
        for country, row in fed:
            by_source[country].append(row)
        _feed_database(database, by_source, askers, tell)


def _feed_database(
    database: str, by_source: dict[str, list[dict[str, object]]], askers: dict[str, Asker], tell: Tell
) -> None:
    """Feed the rows of each source as one batch of its bureau."""
    goal, done = sum(map(len, by_source.values())), 0
    for country, rows in sorted(by_source.items()):
        batch = open_batch(askers[country], database, "jsonl", "demo", {}, timezone.now())
        for fed in feed_rows(batch, _numbered(rows), askers[country], timezone.now):
            tell(database, done + fed.rows_done, goal)
        if batch.refused:
            raise RuntimeError(f"{batch.refused} invented rows of {country} in {database} were refused")
        done += len(rows)


def _numbered(rows: Iterable[dict[str, object]]) -> Iterator[Row]:
    return (Row(number, row, None, "") for number, row in enumerate(rows, 1))
