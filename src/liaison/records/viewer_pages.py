"""The page on which a source sees who may find and read one of its records, and why."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from liaison.access.explaining import viewers_of
from liaison.access.requests import acting, officer_asker_of_request, require_method
from liaison.agencies.models import Agency
from liaison.audit.actions import write_confidential_entry
from liaison.audit.events import Event
from liaison.records.actions import own_record
from liaison.records.pages import parts

AGENCIES_PER_PAGE = 50


def viewers(request: HttpRequest, reference: str) -> HttpResponse:
    """Show for every agency whether it may find and read the record; looking is an entry, as confidential as this."""
    require_method(request, "GET")
    asker, now = officer_asker_of_request(request), timezone.now()
    stored = own_record(asker, reference, now)
    agencies = Agency.objects.filter(closed_at=None).select_related("bureau").order_by("name")
    page = Paginator(agencies, AGENCIES_PER_PAGE).get_page(request.GET.get("page"))
    write_confidential_entry(
        Event.RECORD_ACCESS_READ, asker.bureau, by=acting(asker), at=now, database=stored.database,
        detail={"record": reference},
    )  # fmt: skip
    context = {
        "reference": reference, "database": stored.database, "page": page,
        "viewers": viewers_of(stored.facts, list(page), now), "section_navigation": parts(request, asker),
    }  # fmt: skip
    return render(request, "records/viewers.html", context)
