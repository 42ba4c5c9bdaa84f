"""Who grants rights, who restricts data, and who reads which part of the register."""

import pytest

from liaison.access.rules import may_grant, may_read_register, may_restrict, reads_whole_register
from liaison.agencies.rules import AgencyFacts, Person

WARSAW = AgencyFacts(2, "bureau")
BORDER = AgencyFacts(4, "national_entity", 2)


def somebody(agency: int, kind: str, duty: str = "administrator") -> Person:
    return Person(100, duty, agency, kind)


@pytest.mark.parametrize("agency", [WARSAW, BORDER])
def test_the_bureau_that_answers_for_an_agency_grants_its_rights(agency: AgencyFacts) -> None:
    assert may_grant(somebody(2, "bureau"), agency)
    assert not may_grant(somebody(3, "bureau"), agency)
    assert not may_grant(somebody(1, "general_secretariat"), agency)
    assert not may_grant(somebody(2, "bureau", "officer"), agency)
    assert not may_grant(somebody(2, "bureau", "auditor"), agency)
    assert not may_grant(somebody(2, "bureau"), agency._replace(is_closed=True))


def test_a_national_entity_grants_nothing_not_even_to_itself() -> None:
    assert not may_grant(somebody(4, "national_entity"), BORDER)


def test_the_secretariat_grants_rights_to_itself_alone() -> None:
    assert may_grant(somebody(1, "general_secretariat"), AgencyFacts(1, "general_secretariat"))


@pytest.mark.parametrize(
    ("kind", "duty", "allowed"),
    [
        ("bureau", "administrator", True),
        ("international_entity", "administrator", True),
        ("bureau", "officer", False),
        ("bureau", "auditor", False),
        ("national_entity", "administrator", False),
        ("general_secretariat", "administrator", False),
    ],
)
def test_only_the_administrator_of_a_source_handles_its_restrictions(kind: str, duty: str, allowed: bool) -> None:
    assert may_restrict(somebody(2, kind, duty)) is allowed


@pytest.mark.parametrize(
    ("kind", "duty", "some", "everything"),
    [
        ("general_secretariat", "auditor", True, True),
        ("general_secretariat", "administrator", True, False),
        ("bureau", "auditor", True, False),
        ("national_entity", "administrator", True, False),
        ("general_secretariat", "officer", False, False),
        ("bureau", "officer", False, False),
    ],
)
def test_auditors_and_administrators_read_the_register_and_only_one_kind_reads_all(
    kind: str, duty: str, some: bool, everything: bool
) -> None:
    assert may_read_register(somebody(2, kind, duty)) is some
    assert reads_whole_register(somebody(2, kind, duty)) is everything
