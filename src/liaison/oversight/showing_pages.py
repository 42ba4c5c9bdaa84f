"""The page on which a source sees who was shown its records; what it is told and what not: `showings.py`."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from liaison.access import rules
from liaison.access.describing import actor_word, agency_word
from liaison.access.going_on import address_behind, place_in_search
from liaison.access.queries import agencies_controlled_by
from liaison.access.requests import acting_officer, controller_of_request, require_method
from liaison.access.sections import sections_of_control
from liaison.agencies.models import Agency
from liaison.agencies.queries import actor_labels, agency_labels
from liaison.agencies.rules import Person
from liaison.errors import Refused
from liaison.lib.days import midnight
from liaison.oversight.forms import ShowingsForm
from liaison.oversight.showings import Seen, Wanted, in_all, note_that_a_source_asks, place_of, seen_by

PER_PAGE = 25
_RECORDS_NAMED = 5


def showings(request: HttpRequest) -> HttpResponse:
    """Show the form, and what was asked for: how often each agency was shown our records, and each time."""
    require_method(request, "GET")
    officer, person = controller_of_request(request)
    if not rules.may_see_showings(person):
        raise Refused("not-a-source", "Your bureau answers for the records, and is told who was shown them.")
    now = timezone.now()
    form = ShowingsForm(request.GET or None, Agency.objects.all(), now.date())
    context: dict[str, Any] = {"form": form, "section_navigation": sections_of_control(person, "showings")}
    if form.is_valid():
        wanted, place = _wanted(form.cleaned_data, person), place_in_search(request, officer)
        if place is None:
            note_that_a_source_asks(wanted, by=acting_officer(officer), now=now)
            context["agencies"] = _sums(wanted)
        found = seen_by(wanted, PER_PAGE + 1, place)
        shown = found[:PER_PAGE]
        older = address_behind(request, officer, place_of(shown[-1])) if len(found) > PER_PAGE else ""
        context |= {"searched": True, "seen": _rows(shown, person), "older_url": older}
    return render(request, "oversight/showings.html", context)


def _wanted(said: Mapping[str, Any], person: Person) -> Wanted:
    until = said["until"]
    return Wanted(
        owner=person.agency,
        record=said["record"].strip(),
        begins=midnight(said["since"]) if said["since"] else None,
        ends=midnight(until) + timedelta(days=1) if until else None,
        agency=int(said["agency"]) if said["agency"] else None,
        by_others=said["by_others"],
    )


def _sums(wanted: Wanted) -> list[dict[str, Any]]:
    labels = agency_labels()
    return [
        {"agency": agency_word(one.agency, labels), "times": one.times, "records": one.records, "last_us": one.last_us}
        for one in in_all(wanted)
    ]


def _rows(seen: Sequence[Seen], person: Person) -> list[dict[str, Any]]:
    """Return what a source is told of each entry, and a way to the entry itself where it may read that anyway."""
    agencies, actors = agency_labels(), actor_labels(one.entry.actor for one in seen)
    scope = agencies_controlled_by(person)
    return [
        {
            "number": entry.written_number, "at": entry.at, "agency": agency_word(entry.agency, agencies),
            "who": actor_word(entry.actor, actors), "event": entry.event, "purpose": entry.purpose,
            "records": records[:_RECORDS_NAMED], "more": max(0, len(records) - _RECORDS_NAMED),
            "url": reverse("register_entry", args=[entry.number]) if scope is None or entry.agency in scope else "",
        }
        for entry, records in seen
    ]  # fmt: skip
