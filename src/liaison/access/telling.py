"""What notifications about rights say to those who administer, in the language of now."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from liaison.access.models import Entitlement, UrgentRequest
from liaison.access.words import OPERATIONS
from liaison.agencies.models import Agency
from liaison.agencies.words import PURPOSES
from liaison.notifications.catalogue import Line, Shown
from liaison.notifications.rules import Reader


def describe_granted(_reader: Reader, about: Sequence[Mapping[str, Any]], _now: datetime) -> Sequence[Shown]:
    """Say who was granted what: that is everybody's business (RPD 21)."""
    return _rights(about, _("A right was granted"))


def describe_ended(_reader: Reader, about: Sequence[Mapping[str, Any]], _now: datetime) -> Sequence[Shown]:
    """Say whose right has ended."""
    return _rights(about, _("A right has ended"))


def _rights(about: Sequence[Mapping[str, Any]], title: str) -> list[Shown]:
    numbers = [one["entitlement"] for one in about]
    rights = {right.pk: right for right in Entitlement.objects.filter(pk__in=numbers).select_related("agency")}
    return [_right(rights[number], title) for number in numbers]


def _right(right: Entitlement, title: str) -> Shown:
    purposes = ", ".join(str(PURPOSES[purpose]) for purpose in right.purposes.split())
    lines = [
        Line(_("Database"), right.database, "database"),
        Line(_("Operation"), str(OPERATIONS[right.operation])),
        Line(_("From"), f"{right.starts_on:%Y-%m-%d}", ltr=True),
        *([Line(_("Until"), f"{right.ends_on:%Y-%m-%d}", ltr=True)] if right.ends_on else []),
        *([Line(_("Purposes"), purposes)] if purposes else []),
        Line(_("Confidentiality at most"), right.highest_level, "confidentiality"),
        Line(_("Reason"), right.reason),
    ]
    link = f"{reverse('entitlements')}?agency={right.agency_id}"
    return Shown(
        title=title, headline=right.agency.name, lines=tuple(lines), link=link, link_text=_("Register of rights"),
        data={"agency": right.agency.name, "database": right.database, "operation": right.operation},
    )  # fmt: skip


def describe_admitted(_reader: Reader, about: Sequence[Mapping[str, Any]], _now: datetime) -> Sequence[Shown]:
    """Say who takes part from now on."""
    names = dict(Agency.objects.filter(pk__in=[one["agency"] for one in about]).values_list("pk", "name"))
    return [
        Shown(
            title=_("An agency was admitted"), headline=names[one["agency"]],
            link=f"{reverse('entitlements')}?agency={one['agency']}", link_text=_("Register of rights"),
            data={"agency": names[one["agency"]]},
        )
        for one in about
    ]  # fmt: skip


def describe_urgent(_reader: Reader, about: Sequence[Mapping[str, Any]], _now: datetime) -> Sequence[Shown]:
    """Say to a source that it is asked urgently, and until when it may answer."""
    return _urgent(about, _("You are asked urgently to hold nothing back"))


def describe_silent(_reader: Reader, about: Sequence[Mapping[str, Any]], _now: datetime) -> Sequence[Shown]:
    """Say to a source that its silence has lifted what it held back."""
    return _urgent(about, _("The deadline is over: nothing is held back any more"))


def _urgent(about: Sequence[Mapping[str, Any]], title: str) -> list[Shown]:
    numbers = [one["urgent_request"] for one in about]
    requests = {one.pk: one for one in UrgentRequest.objects.filter(pk__in=numbers).select_related("bureau")}
    return [_urgent_one(requests[number], title) for number in numbers]


def _urgent_one(request: UrgentRequest, title: str) -> Shown:
    lines = (
        Line(_("Database"), request.database, "database"),
        Line(_("Answer until"), f"{request.deadline:%Y-%m-%d %H:%M}", ltr=True),
        Line(_("Reason"), request.reason),
    )
    return Shown(
        title=title, headline=request.bureau.name, lines=lines, link=reverse("urgent"), link_text=_("Answer"),
        data={"urgent_request": request.pk},
    )  # fmt: skip
