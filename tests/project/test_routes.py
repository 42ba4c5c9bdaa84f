"""Every address of the house is one we know, and who opens it: nobody by chance, and no duty beyond its own."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from liaison.access.actions import restrict_source
from liaison.access.requests import acting_officer
from liaison.agencies.models import Officer
from liaison.audit.models import Entry
from liaison.oversight.actions import Finding, bring_up
from liaison.oversight.flags import Flag
from liaison.oversight.models import SpotCheck
from liaison.records.models import Batch
from liaison.standing.tests.asking import standing_check
from tests.cast import House, Member, a_person, ask, browser_of, feed_accepted

PASSWORD = "mild rivers carry slow barges"
# Who comes to the door; the first is not signed in.
ROLES = (
    "nobody", "outsider", "warsaw_officer", "examiner",
    "warsaw_admin", "border_admin", "secretariat_admin", "warsaw_auditor", "auditor",
)  # fmt: skip
_EVERYBODY = (200,) * 9
_SIGNED_IN = (302, *[200] * 8)
_OFFICERS = (302, 200, 200, 200, 403, 403, 403, 403, 403)
_OF_WARSAW = (302, 404, 200, 404, 403, 403, 403, 403, 403)
_FEEDERS = (302, 403, 200, 403, 403, 403, 403, 403, 403)
_ADMINISTRATORS = (302, 403, 403, 403, 200, 200, 200, 403, 403)
_BY_KEY = (401,) * 9

# Path with its variable parts -> address in the world below, and the status that each of ROLES gets.
ROUTES: dict[str, tuple[str, tuple[int, ...]]] = {
    "": ("/", _SIGNED_IN),
    "about/": ("/about/", _EVERYBODY),
    "language/": ("/language/", (302,) * 9),
    "accounts/login/": ("/accounts/login/", (200, *[302] * 8)),
    "accounts/logout/": ("/accounts/logout/", _SIGNED_IN),
    "accounts/inactive/": ("/accounts/inactive/", _EVERYBODY),
    "accounts/password/change/": ("/accounts/password/change/", _SIGNED_IN),
    "accounts/reauthenticate/": ("/accounts/reauthenticate/", _SIGNED_IN),
    "accounts/own/": ("/accounts/own/", _SIGNED_IN),
    # Between password and code nobody is signed in; and these accounts have no factor to show again.
    "accounts/code/": ("/accounts/code/", (302,) * 9),
    "accounts/code/again/": ("/accounts/code/again/", (302,) * 9),
    "accounts/app/add/": ("/accounts/app/add/", _SIGNED_IN),
    # These accounts have neither an app nor passkeys nor recovery codes.
    "accounts/app/remove/": ("/accounts/app/remove/", (302, *[404] * 8)),
    "accounts/passkey/": ("/accounts/passkey/", (302,) * 9),
    "accounts/passkey/again/": ("/accounts/passkey/again/", (302,) * 9),
    "accounts/passkey/add/": ("/accounts/passkey/add/", _SIGNED_IN),
    "accounts/passkey/<int:pk>/remove/": ("/accounts/passkey/1/remove/", (302, *[404] * 8)),
    "accounts/recovery-codes/": ("/accounts/recovery-codes/", (302, *[404] * 8)),
    "accounts/recovery-codes/new/": ("/accounts/recovery-codes/new/", _SIGNED_IN),
    "accounts/national/": ("/accounts/national/", (302,) * 9),
    "accounts/national/<str:provider_id>/": ("/accounts/national/pl/", (405,) * 9),
    "accounts/national/<str:provider_id>/back/": ("/accounts/national/pl/back/", (404,) * 9),
    "accounts/signup/": ("/accounts/signup/", _EVERYBODY),
    "accounts/password/reset/": ("/accounts/password/reset/", _EVERYBODY),
    "accounts/invitation/<uidb64>/<token>/": ("/accounts/invitation/OTk5/aaaaaa-0/", (410,) * 9),
    "agencies/": ("/agencies/", _ADMINISTRATORS),
    "agencies/admit/": ("/agencies/admit/", (302, 403, 403, 403, 404, 404, 200, 403, 403)),
    "agencies/<int:number>/": ("/agencies/{warsaw}/", (302, 403, 403, 403, 200, 404, 200, 403, 403)),
    "access/": ("/access/", _SIGNED_IN),
    "access/restrictions/": ("/access/restrictions/", (302, 403, 403, 403, 200, 403, 403, 403, 403)),
    "access/urgent/": ("/access/urgent/", (302, 403, 403, 403, 200, 403, 200, 403, 403)),
    "access/agencies/<int:number>/": ("/access/agencies/{border}/", _SIGNED_IN),
    "agencies/admit/organisation/": ("/agencies/admit/organisation/", (302, 403, 403, 403, 404, 404, 200, 403, 403)),
    "api/rights": ("/api/rights", (401, *[200] * 8)),
    # Nothing is signed in that world.
    "api/log/checkpoint": ("/api/log/checkpoint", (401, *[404] * 8)),
    "api/log/tile/<path:path>": ("/api/log/tile/0/000", (401, *[404] * 8)),
    "register/": ("/register/", (302, 403, 403, 403, 200, 200, 200, 200, 200)),
    "register/<int:number>/": ("/register/{checked}/", (302, 403, 403, 403, 200, 404, 404, 200, 200)),
    "register/ours/": ("/register/ours/", (302, 403, 403, 403, 200, 403, 200, 200, 200)),
    "register/by/<str:actor>/": ("/register/by/{actor}/", (302, 403, 403, 403, 200, 404, 404, 200, 200)),
    "register/export/": ("/register/export/", (302, *[403] * 6, 200, 200)),
    "register/spot-checks/": ("/register/spot-checks/", (302, *[403] * 6, 200, 200)),
    "register/spot-checks/<int:number>/": ("/register/spot-checks/{spot_check}/", (302, *[403] * 6, 200, 200)),
    "spot-checks/<int:number>/": ("/spot-checks/{spot_check}/", (302, 404, 200, *[404] * 6)),
    "check/": ("/check/", _OFFICERS),
    "records/<str:reference>/": ("/records/{record}/?check={checked}", _OF_WARSAW),
    "records/own/": ("/records/own/", _OFFICERS),
    "records/own/<str:reference>/": ("/records/own/{record}/", _OF_WARSAW),
    "records/own/<str:reference>/access/": ("/records/own/{record}/access/", _OF_WARSAW),
    "records/new/": ("/records/new/", (302, 403, 302, 403, 403, 403, 403, 403, 403)),
    "records/new/<str:database>/": ("/records/new/nominal/", _FEEDERS),
    "records/duplicates/<str:database>/": ("/records/duplicates/nominal/", (405,) * 9),
    "feed/": ("/feed/", _OFFICERS),
    "feed/upload/": ("/feed/upload/", _FEEDERS),
    "feed/<str:batch_id>/": ("/feed/{batch}/", _OF_WARSAW),
    "feed/<str:batch_id>/refused.csv": ("/feed/{batch}/refused.csv", _OF_WARSAW),
    "standing/": ("/standing/", _SIGNED_IN),
    "standing/new/": ("/standing/new/", _OFFICERS),
    "standing/<str:number>/": ("/standing/{standing}/", _OF_WARSAW),
    "notifications/": ("/notifications/", _SIGNED_IN),
    "notifications/bell/": ("/notifications/bell/", _SIGNED_IN),
    "portraits/<str:name>": ("/portraits/demo-portrait-1", (302, 404, 404, 404, 403, 403, 403, 403, 403)),
    "api/feed/<str:database>": ("/api/feed/nominal", (405,) * 9),
    "api/batches": ("/api/batches", _BY_KEY),
    "api/batches/<str:batch_id>": ("/api/batches/{batch}", _BY_KEY),
    "api/batches/<str:batch_id>/receipts": ("/api/batches/{batch}/receipts", _BY_KEY),
    "api/records/<str:reference>": ("/api/records/{record}?check={checked}", _BY_KEY),
    "entities/<str:reference>": ("/entities/{record}", _BY_KEY),
    "entities/<str:reference>/adjacent": ("/entities/{record}/adjacent", _BY_KEY),
    "catalog": ("/catalog", _BY_KEY),
    "algorithms": ("/algorithms", _EVERYBODY),
    "api/standing": ("/api/standing", _BY_KEY),
    "api/standing/<str:number>/extend": ("/api/standing/{standing}/extend", (405,) * 9),
    "api/standing/<str:number>/end": ("/api/standing/{standing}/end", (405,) * 9),
    "api/notifications": ("/api/notifications", _BY_KEY),
    "api/notifications/read": ("/api/notifications/read", (405,) * 9),
    "api/schemas": ("/api/schemas", _EVERYBODY),
    "api/schemas/<str:database>": ("/api/schemas/nominal", _EVERYBODY),
}
# Addresses that several routes answer differently, by whose they are.
MORE = {
    "an entity, to its bureau": ("/agencies/{border}/", (302, 403, 403, 403, 200, 200, 200, 403, 403)),
    "another bureau": ("/agencies/{nairobi}/", (302, 403, 403, 403, 404, 404, 200, 403, 403)),
    "a restriction": ("/register/{restricted}/", (302, 403, 403, 403, 200, 404, 404, 200, 404)),
    "an act at the machine": ("/register/2/", (302, 403, 403, 403, 404, 404, 404, 404, 200)),
}


class World(NamedTuple):
    """Browsers by role, and the numbers of what they look for."""

    browsers: dict[str, Client]
    things: dict[str, Any]


def paths_below(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for one in resolver.url_patterns:
        path = before + str(one.pattern)
        yield from paths_below(one, path) if isinstance(one, URLResolver) else [path]


@pytest.fixture
def world(house: House, warsaw_officer: Member, warsaw_admin: Member, request: pytest.FixtureRequest) -> World:
    """Return everybody signed in, and a record, a batch, a check, a restriction of Warsaw's."""
    nairobi = house.bureau("KE")
    record = feed_accepted(warsaw_officer, "nominal", a_person("Oksana Tverdokhlib"))[0]
    checked = ask(warsaw_officer, {"person": {"name": "Oksana Tverdokhlib"}}).entry
    by = acting_officer(warsaw_admin.officer)
    restrict_source(warsaw_admin.agency, "vehicles", nairobi, by=by, now=timezone.now())
    standing = standing_check(warsaw_officer.asker).standing_check.id
    spot_check = brought_up(checked)
    members = {role: request.getfixturevalue(role) for role in ROLES[1:]}
    Officer.objects.update(password=make_password(PASSWORD))
    for member in members.values():
        member.officer.refresh_from_db()
    things = {
        "warsaw": warsaw_admin.agency.pk, "border": members["border_admin"].agency.pk, "nairobi": nairobi.pk,
        "record": record, "checked": checked, "standing": standing, "batch": Batch.objects.get().pk,
        "actor": warsaw_officer.officer.actor, "spot_check": spot_check.pk,
        "restricted": Entry.objects.get(event="restriction_set").number,
    }  # fmt: skip
    return World({"nobody": Client()} | {role: browser_of(one) for role, one in members.items()}, things)


def brought_up(entry: int) -> SpotCheck:
    """Return a spot check of an entry about which the officer was asked."""
    made = Entry.objects.get(number=entry)
    bring_up([Finding(entry, made.at_us, made.agency, made.actor, (Flag("drawn", str(entry), {}),))])
    found = SpotCheck.objects.get()
    SpotCheck.objects.update(state="asked", asked_at=timezone.now())
    return found


def test_every_address_of_the_house_is_one_we_know() -> None:
    assert sorted(paths_below(get_resolver())) == sorted(ROUTES)


def patterns_of(resolver: URLResolver) -> Iterator[URLPattern]:
    for one in resolver.url_patterns:
        yield from patterns_of(one) if isinstance(one, URLResolver) else [one]


def test_of_the_pages_that_others_wrote_only_those_of_signing_in_are_open() -> None:
    borrowed = {one.name for one in patterns_of(get_resolver()) if one.callback.__module__.startswith("allauth")}

    assert borrowed == {
        "account_login", "account_logout", "account_inactive", "account_change_password", "account_reauthenticate",
        "mfa_authenticate", "mfa_reauthenticate", "mfa_login_webauthn", "mfa_reauthenticate_webauthn",
        "mfa_view_recovery_codes",
    }  # fmt: skip


def test_every_page_opens_to_those_whose_duty_it_is_and_to_nobody_else(world: World) -> None:
    """One world for all of them, because it takes a second to make."""
    got = {
        route: {role: world.browsers[role].get(address.format(**world.things)).status_code for role in ROLES}
        for route, (address, _) in (ROUTES | MORE).items()
    }

    assert got == {route: dict(zip(ROLES, statuses, strict=True)) for route, (_, statuses) in (ROUTES | MORE).items()}


@pytest.mark.parametrize(
    ("agency", "may"),
    [
        ("warsaw", {"warsaw_admin": ["invite", "create_system", "authorise"]}),
        ("border", {"warsaw_admin": ["invite", "create_system"], "border_admin": ["invite", "create_system"]}),
        # Nobody has chosen a password there yet, so the secretariat may name another first administrator.
        ("nairobi", {"secretariat_admin": ["invite"]}),
    ],
)
def test_an_agency_is_managed_by_its_own_and_by_the_bureau_that_answers_for_it(
    world: World, agency: str, may: dict[str, list[str]]
) -> None:
    address, acts = f"/agencies/{world.things[agency]}/", ("invite", "create_system", "authorise")

    # A form without its fields comes back to who may send it; to all others it is not there.
    taken = {
        role: [act for act in acts if world.browsers[role].post(address, {"action": act}).status_code == 200]
        for role in ROLES
    }

    assert {role: found for role, found in taken.items() if found} == may
