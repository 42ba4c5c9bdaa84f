"""Standing checks for systems: `/api/standing` (`docs/integrator/api.md`)."""

from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from liaison.access.requests import require_method, system_of_request
from liaison.errors import BadInput
from liaison.lib.json_bodies import read_json
from liaison.standing.actions import create_standing_check, end_standing_check, extend_standing_check
from liaison.standing.models import StandingCheck
from liaison.standing.queries import active, ended
from liaison.standing.request import ExtendRequest, StandingRequest

MOST = 100


@csrf_exempt  # A key authorises, never a cookie, so no other site can make a browser send this.
def standing_checks(request: HttpRequest) -> HttpResponse:
    """List the system's own, the newest first, MOST at a time; POST sets one and answers the question of now."""
    require_method(request, "GET", "POST")
    asker, now = system_of_request(request), timezone.now()
    if request.method == "POST":
        created = create_standing_check(asker, read_json(request, StandingRequest), now)
        return _json({"standing_check": summary(created.standing_check), "now": created.answer})
    state = request.GET.get("state", "active")
    if state not in ("active", "ended"):
        raise BadInput("unknown-value", "Give state=active or state=ended.", at="state", value=state)
    found = (active if state == "active" else ended)(now.date()).filter(actor=asker.actor).order_by("-id")
    if before := request.GET.get("before", ""):
        found = found.filter(id__lt=before)
    page = list(found[: MOST + 1])
    body: dict[str, Any] = {"standing_checks": [summary(one) for one in page[:MOST]]}
    return _json(body | ({"next": page[MOST - 1].id} if len(page) > MOST else {}))


@csrf_exempt  # As above.
def extend(request: HttpRequest, number: str) -> HttpResponse:
    """Let one run until another day."""
    require_method(request, "POST")
    asker = system_of_request(request)
    wanted = read_json(request, ExtendRequest)
    return _json(summary(extend_standing_check(asker, number, wanted.ends_on, wanted.reason, timezone.now())))


@csrf_exempt  # As above.
def end(request: HttpRequest, number: str) -> HttpResponse:
    """End one at once."""
    require_method(request, "POST")
    ended_one = end_standing_check(system_of_request(request), number, timezone.now())
    ended_one.refresh_from_db()
    return _json(summary(ended_one))


def summary(one: StandingCheck) -> dict[str, Any]:
    """Return what whoever set it may know of it."""
    said = {
        "id": one.id, "query": one.query, "purpose": one.purpose, "reference": one.reference, "reason": one.reason,
        "created_at": one.created_at, "ends_on": one.ends_on,
    }  # fmt: skip
    return said | ({"ended_at": one.ended_at, "ended_by": one.ended_by} if one.ended_at else {})


def _json(data: object) -> HttpResponse:
    return HttpResponse(msgspec.json.encode(data), content_type="application/json")
