"""Which kinds of notifications there are, and who can say them: each part of the house declares its own at start-up.

So the list need not know what a record, a hit or a notice is, and a new kind
needs no change here.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from liaison.notifications.rules import Reader


class Line(NamedTuple):
    """A fact with its name; `vocabulary` when the value is a code, `ltr` for dates, numbers and references."""

    label: str
    value: str
    vocabulary: str = ""
    ltr: bool = False


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What a reader may see of a notification now, in the language of now.

    `warnings` is what `components/warnings.html` takes; `link` leads further, or is ""; `data` is for machines.
    """

    title: str
    headline: str = ""
    lines: tuple[Line, ...] = ()
    warnings: Mapping[str, Any] = {}
    link: str = ""
    link_text: str = ""
    data: Mapping[str, Any] = {}


# Says many at once, so that a page costs few readings; in the order in which they were given.
Describe = Callable[[Reader, Sequence[Mapping[str, Any]], datetime], Sequence[Shown]]

_kinds: dict[str, Describe] = {}


def declare_kind(code: str, describe: Describe) -> None:
    """Make a kind of notifications known to the list."""
    _kinds[code] = describe


def describer_of(code: str) -> Describe | None:
    """Return who can say a kind, or None for one that this version does not know."""
    return _kinds.get(code)
