"""Who administers which agency."""

import pytest

from liaison.agencies.rules import (
    AgencyFacts,
    Person,
    may_administer,
    may_admit,
    may_appoint_first,
    may_authorise,
    may_close,
    may_close_officer,
    may_see,
)

SECRETARIAT, WARSAW, NAIROBI, BORDER, CITY = 1, 2, 3, 4, 5
AGENCIES = {
    SECRETARIAT: AgencyFacts(SECRETARIAT, "general_secretariat"),
    WARSAW: AgencyFacts(WARSAW, "bureau"),
    NAIROBI: AgencyFacts(NAIROBI, "bureau"),
    BORDER: AgencyFacts(BORDER, "national_entity", WARSAW),
    CITY: AgencyFacts(CITY, "national_entity", WARSAW),
}
EVERY = set(AGENCIES)
READERS = ["officer", "auditor"]


def somebody(agency: int, duty: str = "administrator") -> Person:
    return Person(100 + agency, duty, agency, AGENCIES[agency].kind)


@pytest.mark.parametrize(
    ("agency", "seen", "administered", "closed"),
    [
        (SECRETARIAT, EVERY, {SECRETARIAT}, {WARSAW, NAIROBI}),
        (WARSAW, {WARSAW, BORDER, CITY}, {WARSAW, BORDER, CITY}, {BORDER, CITY}),
        (NAIROBI, {NAIROBI}, {NAIROBI}, set()),
        (BORDER, {BORDER}, {BORDER}, set()),
    ],
)
def test_an_administrator_reaches_the_own_agency_and_what_it_answers_for(
    agency: int, seen: set[int], administered: set[int], closed: set[int]
) -> None:
    person = somebody(agency)

    assert {number for number, facts in AGENCIES.items() if may_see(person, facts)} == seen
    assert {number for number, facts in AGENCIES.items() if may_administer(person, facts)} == administered
    assert {number for number, facts in AGENCIES.items() if may_close(person, facts)} == closed


@pytest.mark.parametrize("duty", READERS)
@pytest.mark.parametrize("agency", EVERY)
def test_no_account_both_administers_and_reads(duty: str, agency: int) -> None:
    person = somebody(agency, duty)

    assert not may_admit(person)
    assert not any(may_see(person, facts) for facts in AGENCIES.values())
    assert not any(may_administer(person, facts) for facts in AGENCIES.values())
    assert not any(may_authorise(person, facts) for facts in AGENCIES.values())
    assert not any(may_close(person, facts) for facts in AGENCIES.values())


def test_only_the_secretariat_admits_bureaux() -> None:
    assert may_admit(somebody(SECRETARIAT))
    assert not may_admit(somebody(WARSAW))
    assert not may_admit(somebody(BORDER))


def test_only_a_bureau_authorises_entities_and_only_its_own() -> None:
    assert may_authorise(somebody(WARSAW), AGENCIES[WARSAW])
    assert not may_authorise(somebody(WARSAW), AGENCIES[BORDER])
    assert not may_authorise(somebody(BORDER), AGENCIES[BORDER])
    assert not may_authorise(somebody(SECRETARIAT), AGENCIES[SECRETARIAT])
    assert not may_authorise(somebody(SECRETARIAT), AGENCIES[WARSAW])


def test_the_secretariat_appoints_an_administrator_only_until_a_bureau_has_one() -> None:
    new = AGENCIES[NAIROBI]._replace(has_administrator=False)

    assert may_appoint_first(somebody(SECRETARIAT), new)
    assert not may_appoint_first(somebody(SECRETARIAT), AGENCIES[NAIROBI])
    assert not may_appoint_first(somebody(WARSAW), new)
    assert not may_appoint_first(somebody(SECRETARIAT), AGENCIES[BORDER]._replace(has_administrator=False))


def test_nothing_is_administered_in_a_closed_agency_nor_closed_twice() -> None:
    closed = AGENCIES[BORDER]._replace(is_closed=True)

    assert may_see(somebody(WARSAW), closed)
    assert not may_administer(somebody(WARSAW), closed)
    assert not may_close(somebody(WARSAW), closed)
    assert not may_appoint_first(
        somebody(SECRETARIAT), AGENCIES[NAIROBI]._replace(is_closed=True, has_administrator=False)
    )


def test_the_secretariat_closes_an_international_entity_but_never_itself() -> None:
    assert may_close(somebody(SECRETARIAT), AgencyFacts(9, "international_entity"))
    assert not may_close(somebody(SECRETARIAT), AGENCIES[SECRETARIAT])


def test_nobody_closes_the_own_account() -> None:
    administrator = somebody(WARSAW)

    assert may_close_officer(administrator, AGENCIES[WARSAW], 999)
    assert not may_close_officer(administrator, AGENCIES[WARSAW], administrator.number)
    assert not may_close_officer(administrator, AGENCIES[NAIROBI], 999)
