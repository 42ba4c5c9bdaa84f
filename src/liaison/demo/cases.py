"""What happened, why a person is recorded, and what is to be done: the fields of RPD 37, 40, 41 and 44."""

from typing import NamedTuple

from liaison.demo.dice import Dice
from liaison.demo.places import cities
from liaison.demo.shares import Row


class Case(NamedTuple):
    """A status, how often it is drawn, the purposes it serves, and the words that go with it."""

    status: str
    share: int
    purpose: tuple[str, ...]
    relevance: str
    action: str = ""
    conditions: str = ""


_CASES = (
    Case("charged", 20, ("arrest", "locate"), "Charged by a court.", "Detain and verify with the source first"),
    Case("convicted", 14, ("arrest",), "Has a sentence to serve.", "Detain and verify with the source first"),
    Case("suspect", 28, ("locate", "information"), "Named in an investigation.", "Note whereabouts; do not detain"),
    Case("criminal_history", 12, ("information",), "Convicted of like offences before.", "Tell the source"),
    Case("possible_threat", 6, ("warn",), "Assessed as a possible threat.", "Search luggage and tell the source"),
    Case("missing", 8, ("locate",), "Reported missing.", "Make sure that the person is safe and tell the source"),
    Case("witness", 6, ("information",), "Has not been heard.", conditions="Witness: no restrictive measures (RPD 40)"),
    Case("victim", 5, ("identify",), "Suffered harm.", conditions="Victim: no restrictive measures (RPD 40)"),
    Case("deceased", 1, ("identify",), "The identity is to be confirmed.", "Tell the source who can identify"),
)
_DRAWN = tuple(case for case in _CASES for _ in range(case.share))
_MISSING_CHILD = Case(
    "missing",
    0,
    ("locate",),
    "Reported missing.",
    "Make sure that the child is safe and tell the source",
    "Minor at the time of the event (RPD 41); no restrictive measures (RPD 40)",
)
_DANGEROUS = frozenset({"charged", "convicted", "possible_threat"})
_MARKERS = ("armed", "violent", "violent", "absconded", "absconded", "health_threat")
_OFFENCES = (
    "Burglary of a warehouse",
    "Forged invoices",
    "Theft of copper cable",
    "Robbery of a pharmacy",
    "Smuggling of cigarettes",
    "Fraud against pensioners",
    "Trafficking in stolen cars",
    "Arson of a workshop",
    "Extortion of shopkeepers",
    "Sale of forged documents",
    "Illegal trade in protected animals",
    "Blackmail through a stolen mailbox",
)
_DISAPPEARANCES = ("Did not return from work", "Left a hospital", "Was last seen at a railway station")


def case_fields(source: str, minor: bool, dice: Dice) -> Row:
    """Return the fields that say why a person is recorded by this bureau; a minor is a missing child."""
    case = _MISSING_CHILD if minor else dice.pick(_DRAWN)
    row: Row = {
        "purpose": list(case.purpose),
        "status": case.status,
        "event": _event(case.status, source, dice),
        "relevance": case.relevance,
    }
    if case.action:
        row["action_to_be_taken"] = case.action
    if case.conditions:
        row["special_conditions"] = case.conditions
    if minor or dice.roll() < 0.05:
        row["confidentiality_level"] = "restricted"
    if case.status in _DANGEROUS and dice.roll() < 0.12:
        row["warning_markers"] = [dice.pick(_MARKERS)]
    return row


def _event(status: str, source: str, dice: Dice) -> str:
    what = dice.pick(_DISAPPEARANCES if status == "missing" else _OFFENCES)
    return f"{what}, {dice.pick(cities()[source])}, {dice.number(2020, 2025)}-{dice.number(1, 12):02d}"
