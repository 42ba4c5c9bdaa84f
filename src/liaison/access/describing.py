"""Say what stands in an entry of the register, for people: who, which agency, which databases, which questions."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from liaison.audit.models import Entry
from liaison.audit.words import ACTORS

# Who acts at the machine itself belongs to no agency; the register writes 0.
NO_AGENCY = 0


def actor_address(actor: str) -> str:
    """Return where everything that an officer or a system did is shown; "" for who is neither."""
    return reverse("actor", args=[actor]) if ":" in actor else ""


def agency_word(number: int, labels: Mapping[int, str]) -> str:
    """Return the name of an agency."""
    return _("The operator of the system") if number == NO_AGENCY else labels.get(number, "")


def actor_word(actor: str, labels: Mapping[str, str]) -> str:
    """Return the name of who acted."""
    return str(ACTORS[actor]) if actor in ACTORS else labels.get(actor, actor)


def databases_of(found: Entry) -> list[str]:
    """Return the codes of the databases of an entry."""
    return [code for code in found.database.split(",") if code]


def questions_in_words(searched: Any) -> list[str]:
    """Return what was searched for as one text for each question."""
    questions = searched if isinstance(searched, list) else [searched] if searched else []
    return ["; ".join(_plain(question)) for question in questions]


def _plain(question: Any, name: str = "") -> Iterator[str]:
    """Yield each value of a question with the path of its name, such as "person.born: 1984"."""
    if not isinstance(question, dict):
        text = question if isinstance(question, str) else json.dumps(question, ensure_ascii=False)
        yield f"{name}: {text}" if name else text
        return
    for part, value in question.items():
        yield from _plain(value, f"{name}.{part}" if name else str(part))
