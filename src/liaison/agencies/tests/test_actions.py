"""Admitting, authorising, inviting, closing; giving keys and taking them back."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from liaison.access.queries import asker_of_key, facts_of_key
from liaison.agencies.actions import (
    admit_bureau,
    authorise_entity,
    close_agency,
    close_officer,
    create_key,
    found_secretariat,
    invite_officer,
    key_digest,
    revoke_key,
)
from liaison.agencies.arrivals import NO_BOUNDS
from liaison.agencies.models import Agency, Key, Officer, System
from liaison.agencies.queries import actor_label, agency_labels, agency_named, rights_version
from liaison.agencies.rules import Terms
from liaison.audit.actions import OPERATOR
from liaison.audit.models import Entry
from liaison.errors import BadInput, NotFound, NotSignedIn
from tests.cast import House, Member

NOW = timezone.now()
DAY = timedelta(days=1)


def newest_event() -> str:
    return Entry.objects.order_by("-number")[0].event


def test_an_empty_home_has_one_secretariat_and_never_a_second(house: House) -> None:
    agency = found_secretariat("General Secretariat", by=OPERATOR, now=NOW)

    with pytest.raises(BadInput, match="home-not-empty"):
        found_secretariat("Another", by=OPERATOR, now=NOW)

    assert Agency.objects.get() == agency
    assert agency.kind == "general_secretariat"


def test_two_general_secretariats_cannot_be_stored(house: House) -> None:
    house.secretariat()

    with pytest.raises(IntegrityError):
        Agency.objects.create(kind="general_secretariat", name="Another", admitted_at=NOW)


def test_a_country_has_one_bureau(house: House) -> None:
    admit_bureau("NCB Warsaw", "poland", by=OPERATOR, now=NOW)

    with pytest.raises(BadInput, match="bureau-exists"):
        admit_bureau("NCB Kraków", "PL", by=OPERATOR, now=NOW)

    assert (Agency.objects.get().country, newest_event()) == ("PL", "bureau_admitted")


def test_a_country_whose_bureau_was_closed_gets_no_second_one(house: House) -> None:
    # A second agency of the country would see what sources hold back from the first.
    close_agency(admit_bureau("NCB Warsaw", "PL", by=OPERATOR, now=NOW), by=OPERATOR, now=NOW)

    with pytest.raises(BadInput, match="bureau-exists"):
        admit_bureau("NCB Kraków", "PL", by=OPERATOR, now=NOW)


@pytest.mark.parametrize(
    ("name", "country", "code"),
    [("NCB X", "Polnd", "unknown-country"), ("  ", "PL", "missing-field"), ("ncb nairobi", "PL", "agency-exists")],
)
def test_a_bureau_that_cannot_be_admitted_says_why(house: House, name: str, country: str, code: str) -> None:
    house.bureau("KE")

    with pytest.raises(BadInput, match=code):
        admit_bureau(name, country, by=OPERATOR, now=NOW)


def test_an_entity_stands_under_the_bureau_of_its_country(house: House) -> None:
    bureau = house.bureau("PL")

    entity = authorise_entity(" City Police ", bureau, by=OPERATOR, now=NOW)

    assert (entity.name, entity.country, entity.answering_bureau_id) == ("City Police", "PL", bureau.pk)
    assert (bureau.answering_bureau_id, newest_event()) == (bureau.pk, "entity_authorised")
    assert str(entity) == "City Police"


@pytest.mark.parametrize("closed", ["entity", "bureau"])
def test_a_closed_agency_and_one_under_a_closed_bureau_stop_at_once(border_officer: Member, closed: str) -> None:
    key, bureau = border_officer.key, border_officer.agency.bureau
    assert bureau is not None

    close_agency({"entity": border_officer.agency, "bureau": bureau}[closed], by=OPERATOR, now=NOW)

    with pytest.raises(NotSignedIn, match="account-closed"):
        _ = border_officer.asker
    with pytest.raises(NotSignedIn, match="no-valid-key"):
        asker_of_key(key, NOW)


def test_an_invited_officer_has_no_password_and_one_address(house: House) -> None:
    other = house.bureau("KE")
    officer = invite_officer(house.bureau("PL"), "Hanna@PL.example", "Hanna B.", "officer", by=OPERATOR, now=NOW)

    with pytest.raises(BadInput, match="officer-exists"):
        invite_officer(other, "hanna@pl.EXAMPLE", "Another", "officer", by=OPERATOR, now=NOW)

    assert not officer.has_usable_password()
    assert Officer.objects.get_by_natural_key("HANNA@pl.example") == officer
    assert (str(officer), newest_event()) == ("Hanna B.", "officer_invited")


def test_a_closed_account_asks_nothing_more(warsaw_officer: Member) -> None:
    close_officer(warsaw_officer.officer, by=OPERATOR, now=NOW)

    with pytest.raises(NotSignedIn, match="account-closed"):
        _ = warsaw_officer.asker
    assert newest_event() == "officer_closed"


def test_a_key_is_kept_as_its_hash_only_and_names_its_system(house: House) -> None:
    key, text = create_key(house.bureau("PL"), " Border gate 7 ", DAY, by=OPERATOR, now=NOW)

    stored = Key.objects.get()
    assert (bytes(stored.digest), text[:3]) == (key_digest(text), "lk_")
    assert text not in str(vars(stored))
    assert str(key) == text[:8] + "…"
    assert asker_of_key(text, NOW).actor == key.system.actor
    assert key.system.name == "Border gate 7"


def test_a_second_key_of_a_system_is_the_same_system(house: House) -> None:
    texts = [create_key(house.bureau("PL"), "Gate", DAY, by=OPERATOR, now=NOW)[1] for _ in range(2)]

    assert len({asker_of_key(text, NOW).actor for text in texts}) == 1
    assert str(System.objects.get()) == "Gate"


def test_a_key_holds_until_it_expires_or_is_revoked(house: House) -> None:
    key, text = create_key(house.bureau("PL"), "Gate", DAY, by=OPERATOR, now=NOW)
    assert asker_of_key(text, NOW + DAY - timedelta(microseconds=1)).actor == key.system.actor
    with pytest.raises(NotSignedIn):
        asker_of_key(text, NOW + DAY)

    revoke_key(key, by=OPERATOR, now=NOW)

    with pytest.raises(NotSignedIn):
        asker_of_key(text, NOW)


@pytest.mark.parametrize("life", [timedelta(0), -DAY, timedelta(days=401)])
def test_a_key_lives_for_a_day_at_least_and_not_for_ever(house: House, life: timedelta) -> None:
    with pytest.raises(BadInput, match="bad-key-life"):
        create_key(house.bureau("PL"), "Gate", life, by=OPERATOR, now=NOW)


def test_a_key_belongs_to_a_system_with_a_name(house: House) -> None:
    with pytest.raises(BadInput, match="missing-field"):
        create_key(house.bureau("PL"), "  ", DAY, by=OPERATOR, now=NOW)


def test_a_key_may_carry_the_terms_of_checks_whose_requests_cannot_say_them(house: House) -> None:
    terms = Terms("border", " Agreement 12/2026 ")

    _, text = create_key(house.bureau("PL"), "Gate", DAY, by=OPERATOR, now=NOW, terms=terms)

    assert facts_of_key(text) == (NOW + DAY, Terms("border", "Agreement 12/2026"), NO_BOUNDS)
    assert '"purpose":"border","reference":"Agreement 12/2026"' in Entry.objects.first().detail  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("terms", "at"),
    [
        (Terms("curiosity", "A"), "purpose"),
        (Terms("", "A"), "purpose"),
        (Terms("border", " "), "reference"),
        (Terms("border", "A" * 201), "reference"),
    ],
)
def test_the_terms_of_a_key_are_a_purpose_and_a_reference_or_nothing(house: House, terms: Terms, at: str) -> None:
    with pytest.raises(BadInput) as refused:
        create_key(house.bureau("PL"), "Gate", DAY, by=OPERATOR, now=NOW, terms=terms)

    assert refused.value.problems[0].at == at


def test_every_change_of_agencies_is_counted(house: House) -> None:
    counts = [rights_version()]
    bureau = admit_bureau("NCB Warsaw", "PL", by=OPERATOR, now=NOW)
    counts.append(rights_version())
    officer = invite_officer(bureau, "a@pl.example", "A", "officer", by=OPERATOR, now=NOW)
    counts.append(rights_version())
    key, _ = create_key(bureau, "Gate", DAY, by=OPERATOR, now=NOW)
    counts.append(rights_version())
    revoke_key(key, by=OPERATOR, now=NOW)
    counts.append(rights_version())
    close_officer(officer, by=OPERATOR, now=NOW)
    counts.append(rights_version())
    close_agency(bureau, by=OPERATOR, now=NOW)

    assert [*counts, rights_version()] == list(range(7))


def test_agencies_and_actors_are_named_to_people(warsaw_officer: Member) -> None:
    labels = agency_labels()

    assert labels[warsaw_officer.agency.pk] == "NCB Warsaw"
    assert agency_labels() is labels
    assert agency_named(" ncb WARSAW ") == warsaw_officer.agency
    assert actor_label(warsaw_officer.asker.actor) == "Warsaw Officer"
    assert actor_label(warsaw_officer.system.actor) == "System of warsaw_officer"
    assert actor_label("operator") == "operator"
    assert actor_label("officer:999999") == "officer:999999"


def test_an_agency_that_there_is_not_comes_with_those_that_there_are(warsaw_officer: Member) -> None:
    with pytest.raises(NotFound, match="Did you mean 'NCB Warsaw'"):
        agency_named("NCB Warsa")
