"""Say to whom it concerns that a check is to be explained, or that it was; without what the check was about."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from liaison.notifications.catalogue import Line, Shown
from liaison.notifications.rules import Reader
from liaison.oversight.models import SpotCheck


def describe_asked(reader: Reader, about: Sequence[Mapping[str, Any]], now: datetime) -> Sequence[Shown]:  # noqa: ARG001
    """Return each question that was put, as whoever is to answer reads it."""
    found = _found(about)
    return [
        Shown(
            title=_("An auditor asks you to explain a check"),
            lines=_lines(found.get(one["spot_check"])),
            link=reverse("explain", args=[one["spot_check"]]) if one["spot_check"] in found else "",
            link_text=_("Explain the check"),
            data={"spot_check": one["spot_check"]},
        )
        for one in about
    ]


def describe_answered(reader: Reader, about: Sequence[Mapping[str, Any]], now: datetime) -> Sequence[Shown]:  # noqa: ARG001
    """Return each answer that came, as the auditor who asked reads it."""
    found = _found(about)
    return [
        Shown(
            title=_("A check that you asked about was explained"),
            lines=_lines(found.get(one["spot_check"])),
            link=reverse("spot_check", args=[one["spot_check"]]) if one["spot_check"] in found else "",
            link_text=_("Open the spot check"),
            data={"spot_check": one["spot_check"]},
        )
        for one in about
    ]


def _found(about: Sequence[Mapping[str, Any]]) -> dict[int, SpotCheck]:
    return SpotCheck.objects.in_bulk({one["spot_check"] for one in about})


def _lines(found: SpotCheck | None) -> tuple[Line, ...]:
    if found is None:
        return ()
    return (
        Line(_("Made at"), f"{found.at:%Y-%m-%d %H:%M} UTC", ltr=True),
        Line(_("Register entry"), str(found.entry), ltr=True),
    )
