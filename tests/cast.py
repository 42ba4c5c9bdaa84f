"""The cast of every test beside the code: members by their role, made through actions in an empty house.

A test asks for the roles it needs, and only their agencies come to exist:

    def test_a_fed_passport_is_found(nairobi_feeder: Member, warsaw_officer: Member) -> None:
        feed(nairobi_feeder, "travel_documents", a_passport("9ZZL00001", "KE"))

        result = check(warsaw_officer, document={"number": "9ZZL00001"})

        assert result.outcome == "matches"

Everything else in the house (index, register writer, databases) is new in each test.
"""

import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

import pytest

# Django's models can be imported only after the settings are, and this module is loaded as a plugin before that.
if TYPE_CHECKING:
    from django.test import Client
    from playwright.sync_api import Page

    from liaison.access.rules import Asker
    from liaison.agencies.models import Agency, Officer
    from liaison.checks.actions import Answer
    from liaison.checks.answer import Result
    from liaison.records.feed import Receipt

Duty = Literal["officer", "administrator", "auditor"]
SECRETARIAT = "General Secretariat"
# Everybody takes part since then, so that tests can stop the clock at any later day.
FOUNDED = datetime(2020, 1, 1, tzinfo=UTC)
CITIES = {"PL": "Warsaw", "KE": "Nairobi", "ES": "Madrid", "AU": "Canberra", "JO": "Amman", "GE": "Tbilisi"}


class Member:
    """Somebody of the cast: an officer of an agency, and a machine of the same agency with its key."""

    def __init__(self, role: str, agency: "Agency", officer: "Officer") -> None:
        self.role, self.agency, self.officer = role, agency, officer
        self._key = ""

    @property
    def asker(self) -> "Asker":
        """The officer as the rules see them now."""
        return self.asker_at(_now())

    def asker_at(self, now: datetime) -> "Asker":
        """Return the officer as the rules see them at a moment."""
        from liaison.access.queries import asker_of_officer

        self.officer.refresh_from_db()
        return asker_of_officer(self.officer, now)

    @property
    def key(self) -> str:
        """The text of the key of this member's machine, made when it is first asked for."""
        from liaison.agencies.actions import create_key
        from liaison.audit.actions import OPERATOR

        if not self._key:
            name, life = f"System of {self.role}", timedelta(days=30)
            self._key = create_key(self.agency, name, life, by=OPERATOR, now=_now())[1]
        return self._key

    @property
    def system(self) -> "Asker":
        """This member's machine as the rules see it now."""
        from liaison.access.queries import asker_of_key

        return asker_of_key(self.key, _now())


class House:
    """The installation of one test: whoever is asked for is there from then on."""

    def __init__(self) -> None:
        self._agencies: dict[str, Agency] = {}

    def secretariat(self) -> "Agency":
        """Return the general secretariat, which may check and read everything."""
        from liaison.agencies.actions import found_secretariat
        from liaison.agencies.models import Agency
        from liaison.audit.actions import OPERATOR

        if not Agency.objects.filter(kind=Agency.Kind.GENERAL_SECRETARIAT).exists():
            # It is the first of all in every home, so it must come before the bureaux here too.
            self._agencies[SECRETARIAT] = found_secretariat(SECRETARIAT, by=OPERATOR, now=FOUNDED)
        return self._agencies[SECRETARIAT]

    def bureau(self, country: str) -> "Agency":
        """Return the bureau of a country, which may do everything."""
        from liaison.access.actions import entitle_bureau
        from liaison.agencies.actions import admit_bureau
        from liaison.audit.actions import OPERATOR

        self.secretariat()
        if country not in self._agencies:
            agency = admit_bureau(f"NCB {CITIES.get(country, country)}", country, by=OPERATOR, now=FOUNDED)
            entitle_bureau(agency, by=OPERATOR, now=FOUNDED)
            self._agencies[country] = agency
        return self._agencies[country]

    def entity(self, name: str, country: str) -> "Agency":
        """Return a national entity under the bureau of its country; it has no rights yet."""
        from liaison.agencies.actions import authorise_entity
        from liaison.audit.actions import OPERATOR

        if name not in self._agencies:
            self._agencies[name] = authorise_entity(name, self.bureau(country), by=OPERATOR, now=FOUNDED)
        return self._agencies[name]

    def entitle(self, agency: "Agency", database: str, *operations: Any) -> None:
        """Grant operations in a database from today on."""
        from liaison.access.actions import grant_entitlement
        from liaison.audit.actions import OPERATOR

        for operation in operations:
            grant_entitlement(
                agency, database, operation, starts_on=FOUNDED.date(), ends_on=None, reason="A test asks for it",
                granted_by=None, by=OPERATOR, now=FOUNDED,
            )  # fmt: skip

    def member(self, role: str, agency: "Agency", duty: Duty = "officer") -> Member:
        """Return a new officer of an agency."""
        from liaison.agencies.actions import invite_officer
        from liaison.audit.actions import OPERATOR

        email, name = f"{role.replace('_', '.')}@liaison.example", role.replace("_", " ").title()
        return Member(role, agency, invite_officer(agency, email, name, duty, by=OPERATOR, now=FOUNDED))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give every test in the house the databases, with a thread that commits; `--postgres` runs it too."""
    for item in items:
        if "house" in getattr(item, "fixturenames", ()) and item.get_closest_marker("django_db") is None:
            item.add_marker(pytest.mark.django_db(transaction=True, databases="__all__"))


@pytest.fixture
def house(transactional_db: None) -> Iterator[House]:
    """Return an empty installation: nobody takes part yet, nothing is recorded, the index is empty."""
    _begin_anew()
    yield House()
    _begin_anew()


@pytest.fixture
def warsaw_officer(house: House) -> Member:
    """Return an officer who checks; Warsaw's bureau may do everything."""
    return house.member("warsaw_officer", house.bureau("PL"))


@pytest.fixture
def nairobi_feeder(house: House) -> Member:
    """Return an officer who feeds records; Nairobi's bureau may do everything."""
    return house.member("nairobi_feeder", house.bureau("KE"))


@pytest.fixture
def madrid_requester(house: House) -> Member:
    """Return an officer who requests notices; Madrid's bureau may do everything."""
    return house.member("madrid_requester", house.bureau("ES"))


@pytest.fixture
def border_officer(house: House) -> Member:
    """Return an officer of a Polish national entity that may check and read persons and documents."""
    agency = house.entity("Vistula Border Guard", "PL")
    house.entitle(agency, "nominal", "check", "read")
    house.entitle(agency, "travel_documents", "check", "read")
    return house.member("border_officer", agency)


@pytest.fixture
def examiner(house: House) -> Member:
    """Return an officer of the secretariat, which may check and read persons."""
    house.entitle(house.secretariat(), "nominal", "check", "read")
    return house.member("examiner", house.secretariat())


@pytest.fixture
def warsaw_admin(house: House) -> Member:
    """Return an administrator of Warsaw's bureau, who reads no records."""
    return house.member("warsaw_admin", house.bureau("PL"), "administrator")


@pytest.fixture
def warsaw_auditor(house: House) -> Member:
    """Return an auditor of Warsaw's bureau."""
    return house.member("warsaw_auditor", house.bureau("PL"), "auditor")


@pytest.fixture
def nairobi_admin(house: House) -> Member:
    """Return an administrator of Nairobi's bureau."""
    return house.member("nairobi_admin", house.bureau("KE"), "administrator")


@pytest.fixture
def border_admin(house: House) -> Member:
    """Return an administrator of a Polish national entity."""
    return house.member("border_admin", house.entity("Vistula Border Guard", "PL"), "administrator")


@pytest.fixture
def border_auditor(house: House) -> Member:
    """Return an auditor of the same national entity."""
    return house.member("border_auditor", house.entity("Vistula Border Guard", "PL"), "auditor")


@pytest.fixture
def secretariat_admin(house: House) -> Member:
    """Return an administrator of the secretariat, who admits bureaux and manages none of them."""
    return house.member("secretariat_admin", house.secretariat(), "administrator")


@pytest.fixture
def auditor(house: House) -> Member:
    """Return an auditor of the secretariat, who may change nothing and reads no records."""
    return house.member("auditor", house.secretariat(), "auditor")


@pytest.fixture
def outsider(house: House) -> Member:
    """Return an officer with an account and no rights: the entity has been granted nothing."""
    return house.member("outsider", house.entity("Lake District Patrol", "AU"))


def browser_of(member: Member) -> "Client":
    """Return a browser in which this member is signed in."""
    from django.test import Client

    client = Client()
    sign_in(client, member.officer)
    return client


def sign_in(client: "Client", officer: "Officer") -> None:
    """Sign an officer in as if password and second factor had been shown just now."""
    import time

    client.force_login(officer)
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time(), "type": "totp"}]
    session["account_authentication_methods_user"] = str(officer.pk)
    session.save()


def give_authenticator(officer: "Officer") -> None:
    """Give an account an authenticator app; `liaison.demo.codes.unused_code` says what it shows."""
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(officer, generate_totp_secret())


def type_password_and_code(browser: "Client", email: str, password: str) -> int:
    """Type the password, and the code where one is asked for; return the status of the last answer."""
    from liaison.demo.codes import officer_called, unused_code

    answer = browser.post("/accounts/login/", {"login": email, "password": password})
    if answer.headers.get("Location", "").endswith("/accounts/code/"):
        answer = browser.post("/accounts/code/", {"code": unused_code(officer_called(email))})
    return answer.status_code


def sign_in_page(page: "Page", address: str, member: Member, language: str = "en") -> None:
    """Give a real browser's page the session of this member, and the language that the switch would set."""
    from django.conf import settings

    cookies = {settings.SESSION_COOKIE_NAME: browser_of(member).cookies[settings.SESSION_COOKIE_NAME].value}
    cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page.context.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies.items()])


def feed(
    member: Member, database: str, *rows: Mapping[str, object], now: datetime | None = None, **defaults: object
) -> "list[Receipt]":
    """Feed rows as one batch and let checks find them; return their receipts in order."""
    from liaison.checks.live import catch_up_if_alone
    from liaison.records.feed import feed_rows, open_batch, receipts_of
    from liaison.records.formats import Row

    moment = now or _now()
    asker = member.asker_at(moment)
    batch = open_batch(asker, database, "jsonl", "", defaults, moment)
    numbered = (Row(number, dict(row), None, str(row)[:2000]) for number, row in enumerate(rows, 1))
    for _ in feed_rows(batch, numbered, asker, lambda: moment):
        pass
    catch_up_if_alone()
    return list(receipts_of(batch))


def feed_accepted(member: Member, database: str, *rows: Mapping[str, object], now: datetime | None = None) -> list[str]:
    """Feed rows that must all be taken; return the references of their records."""
    receipts = feed(member, database, *rows, now=now)
    assert [receipt.problems for receipt in receipts] == [()] * len(rows)
    return [receipt.reference for receipt in receipts]


def ask(member: Member, *queries: Mapping[str, object], now: datetime | None = None) -> "Answer":
    """Ask several questions in one check; each gets an id where it has none."""
    from liaison.checks.actions import check as answer_check
    from liaison.checks.live import catch_up_if_alone
    from liaison.checks.request import request_from

    moment = now or _now()
    catch_up_if_alone()
    asked = [{"id": f"q{place}", **query} for place, query in enumerate(queries, 1)]
    request = request_from({"purpose": "border", "reference": "TEST/1", "queries": asked})
    return answer_check(request, member.asker_at(moment), moment)


def check(member: Member, *, now: datetime | None = None, **query: object) -> "Result":
    """Ask one question, such as `person={"name": ...}`; return its result."""
    return ask(member, query, now=now).results[0]


def a_person(name: str, source_reference: str = "", **more: object) -> dict[str, object]:
    """Return the smallest row of `nominal`; `more` fields replace or join its own."""
    return {
        "source_reference": source_reference or f"P/{name}"[:200],
        "purpose": ["information"],
        "status": "suspect",
        "names": [{"full": name, "kind": "primary"}],
    } | more


def a_passport(number: str, issuer: str, **more: object) -> dict[str, object]:
    """Return the smallest row of `travel_documents`."""
    row = {"source_reference": f"D/{number}", "purpose": ["border"], "number": number, "issuer": issuer}
    return {**row, "reason": "stolen", **more}


def a_vehicle(vin: str, **more: object) -> dict[str, object]:
    """Return the smallest row of `vehicles`."""
    return {"source_reference": f"V/{vin}", "purpose": ["locate"], "vin": vin} | more


def soon(is_so: Callable[[], bool], seconds: float = 20) -> bool:
    """Say whether it becomes so within some seconds."""
    pause = threading.Event()
    return any(is_so() or pause.wait(0.005) for _ in range(int(seconds * 200)))


def _begin_anew() -> None:
    """Forget the index, the register's writer and what this process remembers of rights."""
    from django.conf import settings
    from django.core.cache import cache

    from liaison.agencies import queries
    from liaison.audit.register import reopen
    from liaison.checks.live import close_live
    from liaison.records import rights

    close_live()
    reopen()
    shutil.rmtree(settings.LIAISON_HOME / "index", ignore_errors=True)
    cache.clear()
    # Both remember by the count of changes, which begins anew in every test.
    queries._labels = (-1, {})
    rights._table = None


def _now() -> datetime:
    from django.utils import timezone

    return timezone.now()
