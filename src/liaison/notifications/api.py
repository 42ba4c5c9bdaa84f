"""The list of notifications for systems: `/api/notifications` (`docs/integrator/api.md`)."""

from typing import Annotated, Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from msgspec import Meta

from liaison.agencies.requests import require_method, system_of_key
from liaison.errors import BadInput
from liaison.lib.json_bodies import read_json
from liaison.notifications.actions import mark_all_read
from liaison.notifications.catalogue import Shown
from liaison.notifications.models import Notification
from liaison.notifications.queries import describe, notifications_of
from liaison.notifications.rules import Reader

MOST = 100


class ReadRequest(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Up to which number everything is read."""

    until: Annotated[int, Meta(ge=1, le=10**18)]


def notifications(request: HttpRequest) -> HttpResponse:
    """List what the system was told after a number, the oldest first, at most MOST; `next` is where to go on."""
    require_method(request, "GET")
    reader, now = _reader(request), timezone.now()
    after = _number(request.GET.get("after", "0"))
    wanted = notifications_of(reader).filter(number__gt=after).order_by("number")
    if _yes(request, "unread"):
        wanted = wanted.filter(read_at=None)
    found = list(wanted[:MOST])
    with translation.override("en"):
        told = [_told(one, shown) for one, shown in zip(found, describe(reader, found, now), strict=True)]
    return _json({"notifications": told, "next": found[-1].number if found else after})


@csrf_exempt  # A key authorises, never a cookie, so no other site can make a browser send this.
def read(request: HttpRequest) -> HttpResponse:
    """Mark everything up to a number as read."""
    require_method(request, "POST")
    reader = _reader(request)
    wanted = read_json(request, ReadRequest)
    return _json({"read": mark_all_read(reader, wanted.until, now=timezone.now())})


def _reader(request: HttpRequest) -> Reader:
    system = system_of_key(request, timezone.now())
    return Reader(system.actor, system.agency_id, "")


def _told(one: Notification, shown: Shown) -> dict[str, Any]:
    return {
        "number": one.number,
        "kind": one.kind,
        "at": one.at,
        "read_at": one.read_at,
        "text": shown.title,
        **shown.data,
    }


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise BadInput("bad-value", "`after` is a number that an earlier list gave as `next`.", at="after", value=text)
    return int(text)


def _yes(request: HttpRequest, name: str) -> bool:
    value = request.GET.get(name, "")
    if value not in ("", "yes"):
        raise BadInput("unknown-value", f"Give {name}=yes, or nothing for all.", at=name, value=value)
    return value == "yes"


def _json(data: object) -> HttpResponse:
    return HttpResponse(msgspec.json.encode(data), content_type="application/json")
