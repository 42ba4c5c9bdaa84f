"""What questions are called by people, and a question in one line."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = Mapping[str, str | Promise]

QUESTIONS: Words = {
    "person": _("Person"),
    "organisation": _("Organisation"),
    "document": _("Document"),
    "mrz": _("Machine-readable zone"),
    "vehicle": _("Vehicle"),
    "vessel": _("Vessel"),
}
ENDED: Words = {
    "by_hand": _("Ended by hand"),
    "last_day": _("Its last day has passed"),
    "account_closed": _("The account was closed"),
}


def question_words(query: Mapping[str, Any]) -> str:
    """Return what a question asks for, without its kind.

    >>> question_words({"person": {"name": "Zofia Kowalska", "born": "1984", "nationality": ["PL", "DE"]}})
    'Zofia Kowalska, 1984, PL, DE'
    """
    return ", ".join(_values(next(iter(query.values()))))


def kind_of(query: Mapping[str, Any]) -> str:
    """Return the kind of a question, as a code of `QUESTIONS`."""
    return next(iter(query))


def _values(asked: Any) -> Iterator[str]:
    if isinstance(asked, dict):
        for value in asked.values():
            yield from _values(value)
    elif isinstance(asked, list):
        yield from map(str, asked)
    else:
        yield str(asked)
