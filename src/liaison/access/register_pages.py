"""The register of processing for those who control it: search, one entry, everything as CSV (RPD 126).

It stands here and not in `audit`, which knows actors only as ids: what a page
shows depends on who may see whose entries.  Each search is an entry itself, and
so is each look at one entry; going on through the pages of a search is not (`going_on.py`).
What a source did about its restrictions stands in a series of its own
(`audit.series`), which its own people ask for and nobody else finds (RPD 58).
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any

import msgspec
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from liaison.access import rules
from liaison.access.describing import (
    NO_AGENCY,
    actor_address,
    actor_word,
    agency_word,
    databases_of,
    questions_in_words,
)
from liaison.access.forms import Choices, RegisterForm, agency_choices
from liaison.access.going_on import address_behind, address_of, place_in_search
from liaison.access.queries import agencies_controlled_by
from liaison.access.requests import acting_officer, controller_of_request, require_method
from liaison.access.sections import sections_of_control
from liaison.agencies.models import Agency, Officer
from liaison.agencies.queries import actor_labels, actors_called, agency_labels, person_of
from liaison.agencies.rules import Person
from liaison.audit.log import published
from liaison.audit.models import Entry
from liaison.audit.queries import Search, find_entries, note_reading, read_register
from liaison.audit.series import series
from liaison.audit.words import DETAILS
from liaison.errors import NotFound
from liaison.lib.days import midnight
from liaison.lib.sheets import csv_lines

ENTRIES_PER_PAGE = 25
_CHUNK = 1000
_COLUMNS = ("entry", "at", "event", "agency", "who", "database", "purpose", "reference", "searched", "shown")


def register(request: HttpRequest) -> HttpResponseBase:
    """Show the form, and what was searched for: a page of entries, or all of them as CSV."""
    require_method(request, "GET")
    officer, person = controller_of_request(request)
    has_confidential = rules.reads_own_restrictions(person)
    form = RegisterForm(request.GET or None, _agency_choices(person), has_confidential=has_confidential)
    if not form.is_valid():
        sections = sections_of_control(person, "register")
        context = {"form": form, "searched": False, "signed": published(), "section_navigation": sections}
        return render(request, "audit/register.html", context)
    search = _search(form.cleaned_data, person)
    if request.GET.get("format") == "csv":
        found = read_register(search, by=acting_officer(officer), now=timezone.now())
        return _as_csv(found)
    place = place_in_search(request, officer)
    if place is None:
        found = read_register(search, by=acting_officer(officer), now=timezone.now())
    else:
        found = find_entries(search).filter(number__lt=place[0])
    return _page(request, officer, form, list(found[: ENTRIES_PER_PAGE + 1]))


def entry(request: HttpRequest, number: int) -> HttpResponse:
    """Show one entry with the data that was searched and the records that were shown; that is an entry too."""
    require_method(request, "GET")
    officer, person = controller_of_request(request)
    among = _series_of(number, person)
    found = find_entries(among).filter(number=number).first()
    if found is None:
        raise NotFound("no-such-entry", "There is no such entry.")
    note_reading({"entry": found.number}, among.confidential_to, by=acting_officer(officer), now=timezone.now())
    shown = {
        "number": found.written_number,
        "at": found.at,
        "event": found.event,
        "databases": databases_of(found),
        "purpose": found.purpose,
        "rows": _facts(found),
        "queries": questions_in_words(found.searched_data),
        "shown": found.shown_references,
        "trouble": found.trouble,
        "actor_url": actor_address(found.actor),
    }
    context = {
        "entry": shown, "back_url": reverse("register"), "section_navigation": sections_of_control(person, "register"),
    }  # fmt: skip
    return render(request, "audit/entry.html", context)


def _series_of(number: int, person: Person) -> Search:
    """Return where an entry is looked for: among the confidential ones of the own agency, or among all others."""
    if rules.reads_own_restrictions(person) and number in series(person.agency):
        return Search(confidential_to=person.agency)
    return Search(agencies=agencies_controlled_by(person))


def _agency_choices(person: Person) -> Choices:
    scope = agencies_controlled_by(person)
    if scope is None:
        return [(str(NO_AGENCY), _("The operator of the system")), *agency_choices(Agency.objects.all())]
    return agency_choices(Agency.objects.filter(pk__in=scope))


def _search(said: Mapping[str, Any], person: Person) -> Search:
    """Return the search; what is confidential to the own agency holds no other's entries, so it needs no scope."""
    until, scope = said["until"], agencies_controlled_by(person)
    return Search(
        agency=int(said["agency"]) if said["agency"] else None,
        reference=said["reference"],
        record=said["record"],
        event=said["event"],
        begins=midnight(said["since"]) if said["since"] else None,
        ends=midnight(until) + timedelta(days=1) if until else None,
        agencies=None if said["confidential"] else scope,
        actors=actors_called(said["who"], scope) if said["who"] else None,
        confidential_to=person.agency if said["confidential"] else 0,
    )


def _page(request: HttpRequest, officer: Officer, form: RegisterForm, found: list[Entry]) -> HttpResponse:
    shown, has_more = found[:ENTRIES_PER_PAGE], len(found) > ENTRIES_PER_PAGE
    context = {
        "form": form, "searched": True, "entries": _rows(shown), "csv_url": address_of(request, format="csv"),
        "older_url": address_behind(request, officer, [shown[-1].number]) if has_more else "",
        "section_navigation": sections_of_control(person_of(officer), "register"),
    }  # fmt: skip
    return render(request, "audit/register.html", context)


def _rows(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    entries = list(entries)
    agencies, actors = agency_labels(), actor_labels(entry.actor for entry in entries)
    return [
        {
            "number": entry.written_number, "url": reverse("register_entry", args=[entry.number]), "at": entry.at,
            "agency": agency_word(entry.agency, agencies), "who": actor_word(entry.actor, actors),
            "actor_url": actor_address(entry.actor), "event": entry.event,
            "database": databases_of(entry), "purpose": entry.purpose, "reference": entry.reference,
            "shown": len(entry.shown_references),
        }
        for entry in entries
    ]  # fmt: skip


def _facts(found: Entry) -> list[dict[str, Any]]:
    """Return the facts of an entry with their names."""
    return [
        {"label": _("Agency"), "values": [agency_word(found.agency, agency_labels())]},
        {"label": _("Who"), "values": [actor_word(found.actor, actor_labels([found.actor]))]},
        {"label": _("Reference"), "values": [found.reference] if found.reference else []},
        {"label": _("Details"), "values": _details(found)},
    ]


def _details(found: Entry) -> list[str]:
    detail = msgspec.json.decode(found.detail or "null")
    if not isinstance(detail, dict):
        return [] if detail is None else [str(detail)]
    return [f"{DETAILS.get(name, name)}: {_detail(name, value)}" for name, value in detail.items()]


def _detail(name: str, value: Any) -> str:
    """Return one detail for people: numbers of agencies, officers and systems as their names."""
    if name in ("agency", "against") and isinstance(value, int):
        return agency_labels().get(value, str(value))
    if name in ("officer", "system") and isinstance(value, int):
        actor = f"{name}:{value}"
        return actor_labels([actor])[actor]
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _as_csv(found: QuerySet[Entry]) -> StreamingHttpResponse:
    response = StreamingHttpResponse(csv_lines(_COLUMNS, _csv_rows(found)), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="register.csv"'
    return response


def _csv_rows(found: QuerySet[Entry]) -> Iterator[tuple[object, ...]]:
    """Yield the entries in chunks, so that a long export neither fills memory nor holds one long read open."""
    before: int | None = None
    while chunk := list((found if before is None else found.filter(number__lt=before))[:_CHUNK]):
        agencies, actors = agency_labels(), actor_labels(entry.actor for entry in chunk)
        for one in chunk:
            yield (
                one.written_number, one.at.isoformat(), one.event, agency_word(one.agency, agencies),
                actor_word(one.actor, actors), one.database, one.purpose, one.reference, one.searched,
                " ".join(one.shown_references),
            )  # fmt: skip
        before = chunk[-1].number
