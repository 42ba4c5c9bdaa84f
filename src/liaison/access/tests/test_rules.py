"""Who may do what with a record: the rules alone, without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.access.grants import Grant, grant
from liaison.access.rules import Asker, Facts, Operation, decide, decide_database
from liaison.errors import Refused

WARSAW, NAIROBI, MADRID, BORDER_GUARD = 1, 2, 3, 4
ALL = frozenset(
    (database, operation) for database in ("nominal", "vehicles") for operation in ("check", "read", "feed")
)
OPERATIONS: tuple[Operation, ...] = ("check", "read", "feed")

bureaux = st.sampled_from([WARSAW, NAIROBI, MADRID])
databases = st.sampled_from(["nominal", "vehicles"])
operations = st.sampled_from(OPERATIONS)
duties = st.sampled_from(["officer", "administrator", "auditor"])
entitlements = st.frozensets(st.tuples(databases, operations))
some_facts = st.builds(Facts, databases, bureaux, st.frozensets(bureaux), st.booleans())
some_askers = st.builds(
    lambda bureau, duty, rights: asker(bureau, duty=duty, entitlements=rights), bureaux, duties, entitlements
)


def asker(
    bureau: int = WARSAW, *, agency: int | None = None, duty: str = "officer",
    entitlements: frozenset[tuple[str, str]] = ALL,
) -> Asker:  # fmt: skip
    return Asker("officer:1", agency or bureau, bureau, "PL", duty, entitlements)


@pytest.mark.parametrize(
    ("who", "operation", "facts", "reason"),
    [
        (asker(), "check", Facts("nominal", NAIROBI), "entitled"),
        (asker(), "read", Facts("nominal", NAIROBI), "entitled"),
        (asker(), "feed", Facts("nominal", NAIROBI), "no-entitlement"),
        (asker(), "feed", Facts("nominal", WARSAW), "own-record"),
        (asker(), "read", Facts("nominal", WARSAW, frozenset({WARSAW})), "own-record"),
        (asker(), "read", Facts("nominal", WARSAW, is_blocked=True), "own-record"),
        (asker(), "check", Facts("nominal", NAIROBI, frozenset({WARSAW, MADRID})), "restricted"),
        (asker(), "check", Facts("nominal", NAIROBI, frozenset({MADRID})), "entitled"),
        (asker(), "check", Facts("nominal", NAIROBI, is_blocked=True), "blocked"),
        (asker(agency=BORDER_GUARD), "check", Facts("nominal", NAIROBI, frozenset({WARSAW})), "restricted"),
        (asker(agency=BORDER_GUARD), "check", Facts("nominal", WARSAW, frozenset({NAIROBI})), "own-record"),
        (asker(), "check", Facts("vessels", NAIROBI), "no-entitlement"),
        (asker(entitlements=frozenset()), "read", Facts("nominal", WARSAW), "no-entitlement"),
        (asker(entitlements=frozenset({("nominal", "check")})), "read", Facts("nominal", WARSAW), "no-entitlement"),
        (asker(duty="administrator"), "read", Facts("nominal", WARSAW), "duty-reads-no-records"),
        (asker(duty="auditor"), "check", Facts("nominal", WARSAW), "duty-reads-no-records"),
        (asker(duty="chief"), "check", Facts("nominal", WARSAW), "duty-reads-no-records"),
    ],
)
def test_every_verdict_has_its_reason(who: Asker, operation: Operation, facts: Facts, reason: str) -> None:
    decision = decide(who, operation, facts)

    assert decision.reason == reason
    assert decision.is_allowed == (reason in {"entitled", "own-record"})


@given(some_askers, operations, some_facts)
def test_nothing_is_allowed_that_no_entitlement_names(who: Asker, operation: Operation, facts: Facts) -> None:
    without = asker(who.bureau, duty=who.duty, entitlements=who.entitlements - {(facts.database, operation)})

    assert not decide(without, operation, facts).is_allowed


@given(some_askers, operations, some_facts, databases, operations)
def test_taking_an_entitlement_away_never_adds_a_right(
    who: Asker, operation: Operation, facts: Facts, database: str, taken: str
) -> None:
    fewer = asker(who.bureau, duty=who.duty, entitlements=who.entitlements - {(database, taken)})

    assert decide(fewer, operation, facts).is_allowed <= decide(who, operation, facts).is_allowed


@given(some_askers, operations, some_facts, bureaux)
def test_a_further_restriction_or_a_block_never_adds_a_right(
    who: Asker, operation: Operation, facts: Facts, against: int
) -> None:
    restricted = Facts(facts.database, facts.owner, facts.restricted_against | {against}, facts.is_blocked)
    blocked = Facts(facts.database, facts.owner, facts.restricted_against, is_blocked=True)

    allowed = decide(who, operation, facts).is_allowed
    assert decide(who, operation, restricted).is_allowed <= allowed
    assert decide(who, operation, blocked).is_allowed <= allowed


@given(operations, some_facts)
def test_a_restriction_against_a_bureau_flows_down_to_all_its_entities(operation: Operation, facts: Facts) -> None:
    entity, bureau = asker(agency=BORDER_GUARD), asker()

    assert decide(entity, operation, facts) == decide(bureau, operation, facts)


@given(some_askers, operations, some_facts)
def test_nobody_feeds_for_another_source(who: Asker, operation: Operation, facts: Facts) -> None:
    assert not decide(who, "feed", facts).is_allowed or who.bureau == facts.owner


@given(some_askers, operations, some_facts)
def test_a_grant_and_the_rules_say_the_same(who: Asker, operation: Operation, facts: Facts) -> None:
    entitled = decide_database(who, operation, facts.database)

    assert (
        entitled.is_allowed and grant(who, operation, facts.database).decide(facts) == decide(who, operation, facts)
    ) or not decide(who, operation, facts).is_allowed


def test_a_grant_is_refused_without_the_entitlement_and_says_what_to_do() -> None:
    with pytest.raises(Refused, match="no-entitlement: You may not read in the database nominal: ask your bureau"):
        grant(asker(entitlements=frozenset()), "read", "nominal")


def test_a_grant_for_one_database_covers_no_record_of_another() -> None:
    right = grant(asker(), "read", "nominal")

    assert right.decide(Facts("vehicles", WARSAW)).reason == "other-database"


def test_nobody_makes_a_grant_but_the_rules() -> None:
    with pytest.raises(TypeError, match=r"made by access\.grants\.grant"):
        Grant(asker(), "read", "nominal", object())
