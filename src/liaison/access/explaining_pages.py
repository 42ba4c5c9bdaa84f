"""Pages that say why: what an agency may do; and the register of rights for machines."""

from datetime import datetime
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from liaison.access.explaining import Explained, explain_agency
from liaison.access.models import Entitlement
from liaison.access.queries import entitlements_in_force
from liaison.access.requests import asker_of_request, officer_of_request, require_method
from liaison.access.sections import sections
from liaison.agencies.models import Agency, Officer
from liaison.errors import BadInput, NotFound

RIGHTS_AT_ONCE = 500


def agency_rights(request: HttpRequest, number: int) -> HttpResponse:
    """Show every officer what an agency may do today, and why (RPD 109): the register of rights, read for one."""
    require_method(request, "GET")
    officer, now = officer_of_request(request), timezone.now()
    agency = Agency.objects.select_related("bureau").filter(pk=number).first()
    if agency is None:
        raise NotFound("no-such-agency", "There is no such agency.")
    explained = explain_agency(agency, now)
    context = {
        "agency": agency, "bureau": agency.bureau, "databases": _by_database(explained),
        "may_anything": any(one.is_allowed for one in explained),
        "section_navigation": sections(officer, "entitlements"),
    }  # fmt: skip
    return render(request, "access/agency_rights.html", context)


def _by_database(explained: list[Explained]) -> list[dict[str, Any]]:
    codes = dict.fromkeys(one.database for one in explained)
    return [{"code": code, "rights": [one for one in explained if one.database == code]} for code in codes]


def rights(request: HttpRequest) -> HttpResponse:
    """Answer the register of rights in force to every system and officer, a page at a time (RPD 109)."""
    require_method(request, "GET")
    if not isinstance(request.user, Officer):
        asker_of_request(request)
    now = timezone.now()
    found = list(_rights_after(request, now)[: RIGHTS_AT_ONCE + 1])
    shown = found[:RIGHTS_AT_ONCE]
    body = {
        "rights": [_as_data(right) for right in shown],
        "next": shown[-1].pk if len(found) > RIGHTS_AT_ONCE else None,
    }
    return HttpResponse(msgspec.json.encode(body), content_type="application/json")


def _rights_after(request: HttpRequest, now: datetime) -> Any:
    wanted = {}
    for name, field in (("after", "pk__gt"), ("agency", "agency")):
        if text := request.GET.get(name, ""):
            if not text.isascii() or not text.isdigit() or len(text) > 18:
                raise BadInput("bad-value", f"{name} is a number.", at=name, value=text)
            wanted[field] = int(text)
    return entitlements_in_force(now).filter(**wanted).select_related("agency__bureau").order_by("pk")


def _as_data(right: Entitlement) -> dict[str, Any]:
    agency = right.agency
    return {
        "right": right.pk, "agency": agency.pk, "agency_name": agency.name, "kind": agency.kind,
        "country": agency.country, "bureau": agency.answering_bureau_id, "database": right.database,
        "operation": right.operation, "purposes": right.purposes.split(), "highest_level": right.highest_level,
        "starts_on": f"{right.starts_on:%Y-%m-%d}", "ends_on": f"{right.ends_on:%Y-%m-%d}" if right.ends_on else None,
        "reason": right.reason,
    }  # fmt: skip
