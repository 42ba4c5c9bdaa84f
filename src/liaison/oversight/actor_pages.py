"""The page that sums up what one officer or one system did, for the control of the agency (`conduct.py`)."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from liaison.access.going_on import address_behind, place_in_search
from liaison.access.queries import agencies_controlled_by
from liaison.access.requests import acting_officer, controller_of_request, require_method
from liaison.access.sections import sections_of_control
from liaison.agencies.queries import actor_labels, agency_labels
from liaison.audit.models import Entry
from liaison.audit.queries import note_reading
from liaison.lib.days import midnight
from liaison.oversight.conduct import Span, acts_in, asked_in, most_often, require_known, totals
from liaison.oversight.forms import ActorForm

PER_PAGE = 25
USUAL_DAYS = 7


def actor(request: HttpRequest, actor: str) -> HttpResponse:
    """Show what an officer ("officer:12") or a system ("system:3") did in a span of days, the last week at first."""
    require_method(request, "GET")
    officer, person = controller_of_request(request)
    agencies = agencies_controlled_by(person)
    require_known(actor, agencies)
    today = timezone.now().date()
    usual = {"since": str(today - timedelta(days=USUAL_DAYS - 1)), "until": str(today)}
    form = ActorForm({name: request.GET.get(name, day) for name, day in usual.items()})
    context: dict[str, Any] = {
        "form": form, "name": actor_labels([actor])[actor], "is_system": actor.startswith("system:"),
        "back_url": reverse("register"), "section_navigation": sections_of_control(person, "register"),
    }  # fmt: skip
    if form.is_valid():
        span = _span(actor, form.cleaned_data, agencies)
        place = place_in_search(request, officer)
        if place is None:
            asked = {"what_they_did": actor, "begins": span.begins, "ends": span.ends}
            note_reading(asked, 0, by=acting_officer(officer), now=timezone.now())
            context |= _summary(span)
        found = list(_behind(span, place)[: PER_PAGE + 1])
        last = [found[PER_PAGE - 1].at_us, found[PER_PAGE - 1].number] if len(found) > PER_PAGE else None
        context |= {
            "entries": _rows(found[:PER_PAGE]),
            "older_url": address_behind(request, officer, last) if last else "",
        }
    return render(request, "oversight/actor.html", context)


def _span(actor: str, said: Mapping[str, Any], agencies: tuple[int, ...] | None) -> Span:
    return Span(actor, midnight(said["since"]), midnight(said["until"]) + timedelta(days=1), agencies)


def _behind(span: Span, place: Sequence[int] | None) -> Any:
    acts = acts_in(span)
    if place is None:
        return acts
    at_us, number = place
    return acts.filter(Q(at_us__lt=at_us) | Q(at_us=at_us, number__lt=number))


def _summary(span: Span) -> dict[str, Any]:
    references, questions, over = most_often(span)
    return {
        "totals": totals(span), "references": references, "questions": questions, "over": over,
        "agencies": _agencies(span),
    }  # fmt: skip


def _agencies(span: Span) -> list[str]:
    """Return for which agencies the entries are: one, but for an account that was moved."""
    labels = agency_labels()
    numbers = acts_in(span).order_by("agency").values_list("agency", flat=True).distinct()
    return [labels.get(number, "") for number in numbers]


def _rows(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    rows = []
    for entry in entries:
        asked = asked_in(entry)
        rows.append({
            "number": entry.written_number, "url": reverse("register_entry", args=[entry.number]), "at": entry.at,
            "event": entry.event, "purpose": entry.purpose, "reference": entry.reference,
            "asked": asked[0] if asked else "", "more": max(0, len(asked) - 1),
            "shown": len(entry.shown_references), "trouble": entry.trouble,
        })  # fmt: skip
    return rows
