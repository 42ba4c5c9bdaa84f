"""Lost, stolen, revoked and invalid travel documents: each recorded by the country that issued it."""

from collections.abc import Iterator

from liaison.demo.dice import Dice
from liaison.demo.leading import Fed, leading_documents
from liaison.demo.names import draw_name
from liaison.demo.numbers import document_number
from liaison.demo.regions import REGIONS
from liaison.demo.shares import HOME_REGION, SOURCES, Row

_REASONS = ("stolen", "stolen", "stolen", "lost", "lost", "lost", "lost", "revoked", "invalid", "stolen_blank")
_TYPES = ("passport", "passport", "passport", "passport", "identity_card", "visa")
_RELEVANCE = {
    "stolen": "Reported stolen by the holder.",
    "lost": "Reported lost by the holder.",
    "revoked": "Revoked by the issuing authority.",
    "invalid": "Declared invalid when it was replaced.",
    "stolen_blank": "Taken before it was issued.",
}
_ACTION = "Keep the document and ask the bearer how it was obtained"


def documents(seed: int, count: int) -> Iterator[Fed]:
    """Yield `count` documents, first the fixed ones; a greater count only adds documents."""
    yield from leading_documents()[:count]
    dice = Dice(seed, "documents")
    for index in range(len(leading_documents()), count):
        source = dice.pick(SOURCES)
        yield source, _row(index, source, dice)


def _row(index: int, source: str, dice: Dice) -> Row:
    reason = dice.pick(_REASONS)
    row: Row = {
        "source_reference": f"{source}-D-{index:07d}",
        "purpose": ["border", "identify"],
        "number": document_number("D", index),
        "issuer": source,
        "type": dice.pick(_TYPES),
        "reason": reason,
        "reported_on": dice.date(2018, 2025),
        "relevance": _RELEVANCE[reason],
        "action_to_be_taken": _ACTION,
    }
    # A blank has no holder, and two in five documents are recorded by number alone.
    if reason != "stolen_blank" and dice.chance(0.6):
        row["holder_name"] = draw_name(REGIONS[HOME_REGION[source]], "F" if dice.chance(0.5) else "M", dice).latin
        row["holder_born"] = dice.date(1945, 2007)
    return row
