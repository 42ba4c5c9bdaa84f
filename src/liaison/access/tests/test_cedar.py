"""An independent oracle: the same policy in Cedar, evaluated by its own engine, agrees with `decide` every time."""

import random
from pathlib import Path
from typing import Any, get_args

import cedarpy
import pytest

from liaison.access.rules import LEVELS, Asker, Facts, Limit, Operation, decide
from liaison.agencies.rules import Purpose

POLICY = (Path(__file__).parent / "policy.cedar").read_text(encoding="utf-8")
OPERATIONS, PURPOSES = get_args(Operation), get_args(Purpose)
DATABASES, AGENCIES = ("nominal", "vehicles"), (1, 2, 3, 4, 5)
AT_ONCE = 500
# Number 4 and 5 are entities of the bureaux 1 and 2.
BUREAU_OF = {1: 1, 2: 2, 3: 3, 4: 1, 5: 2}


def some(dice: random.Random, things: Any, most: int) -> Any:
    return frozenset(dice.sample(things, dice.randint(0, most)))


def an_asker(dice: random.Random) -> Asker:
    agency = dice.choice(AGENCIES)
    pairs = [(database, operation) for database in DATABASES for operation in OPERATIONS]
    rights = some(dice, pairs, 6)
    limits = tuple(
        Limit(database, operation, some(dice, PURPOSES, 3), dice.choice(LEVELS))
        for database, operation in sorted(rights) if dice.random() < 0.5
    )  # fmt: skip
    duty = dice.choice(("officer", "officer", "officer", "administrator", "auditor"))
    asker = Asker("officer:1", agency, BUREAU_OF[agency], "PL", duty, rights, limits=limits)
    return asker.for_purpose(dice.choice(("", *PURPOSES)))


def some_facts(dice: random.Random) -> Facts:
    against = some(dice, (1, 2, 3), 2) if dice.random() < 0.5 else frozenset()
    return Facts(dice.choice(DATABASES), dice.choice((1, 2, 3)), against, dice.random() < 0.2, dice.choice(LEVELS))


def as_cedar(place: int, asker: Asker, operation: str, facts: Facts) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return a request and its two entities as Cedar takes them, made from the facts alone."""
    limit = next(
        (one for one in asker.limits if (one.database, one.operation) == (facts.database, operation)),
        Limit(facts.database, operation),
    )
    context = {
        "entitled": (facts.database, operation) in asker.entitlements, "purpose": asker.purpose,
        "entitlement_purposes": sorted(limit.purposes), "reach": LEVELS.index(limit.highest_level),
    }  # fmt: skip
    who = {"agency": asker.agency, "bureau": asker.bureau, "duty": asker.duty}
    what = {
        "owner": facts.owner, "blocked": facts.is_blocked, "against": sorted(facts.restricted_against),
        "level": LEVELS.index(facts.level),
    }  # fmt: skip
    entities = [
        {"uid": {"__entity": {"type": "User", "id": str(place)}}, "attrs": who, "parents": []},
        {"uid": {"__entity": {"type": "Record", "id": str(place)}}, "attrs": what, "parents": []},
    ]
    request = {"principal": f'User::"{place}"', "action": f'Action::"{operation}"', "resource": f'Record::"{place}"'}
    return request | {"context": context}, entities


def disagreements(count: int, seed: int) -> tuple[list[Any], int]:
    """Return where the two differ in so many random decisions, and how many were allowed."""
    dice = random.Random(seed)  # noqa: S311  no secret is drawn
    cases = [(an_asker(dice), dice.choice(OPERATIONS), some_facts(dice)) for _ in range(count)]
    asked = [as_cedar(place, *case) for place, case in enumerate(cases)]
    entities = [entity for _, two in asked for entity in two]
    theirs = cedarpy.is_authorized_batch([request for request, _ in asked], POLICY, entities)
    assert [one.diagnostics.errors for one in theirs if one.diagnostics.errors] == []
    ours = [decide(*case) for case in cases]
    found = [
        (case, one.reason)
        for case, one, other in zip(cases, ours, theirs, strict=True) if one.is_allowed != other.allowed
    ]  # fmt: skip
    return found, sum(one.is_allowed for one in ours)


@pytest.mark.campaign(sample=4, full=2000)
def test_cedar_and_the_rules_decide_alike(rounds: int) -> None:
    told = [disagreements(AT_ONCE, seed) for seed in range(rounds)]

    assert [found for found, _ in told if found] == []
    assert min(allowed for _, allowed in told) > AT_ONCE // 20


def test_the_oracle_would_notice_a_rule_that_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    without_blocks = POLICY.split("// In doubt")[0]
    monkeypatch.setattr(f"{__name__}.POLICY", without_blocks)

    found, _ = disagreements(AT_ONCE, seed=2)

    assert {reason for _, reason in found} == {"blocked"}
