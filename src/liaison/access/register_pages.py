"""The register of processing for those who control it: search, one entry, everything as CSV (RPD 126).

It stands here and not in `audit`, which knows actors only as ids: what a page
shows depends on who may see whose entries.  Each search is an entry itself, and
so is each look at one entry; going on through the pages of a search is not, so
the way to the next page is signed: it leads on in that search and in no other.
What a source did about its restrictions stands in a series of its own
(`audit.series`), which its own people ask for and nobody else finds (RPD 58).
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any

import msgspec
from django.core import signing
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from liaison.access import rules
from liaison.access.forms import Choices, RegisterForm, agency_choices
from liaison.access.requests import acting_officer, officer_of_request, require_method
from liaison.agencies.models import Agency, Officer
from liaison.agencies.queries import actor_labels, actors_called, agencies_under, agency_labels, person_of
from liaison.agencies.rules import Person
from liaison.audit.log import published
from liaison.audit.models import Entry
from liaison.audit.queries import Search, find_entries, note_reading, read_register
from liaison.audit.series import series
from liaison.audit.words import ACTORS, DETAILS
from liaison.errors import NotFound, Refused
from liaison.lib.sheets import csv_lines

ENTRIES_PER_PAGE = 25
_CHUNK = 1000
_SALT = "register-page"
_PAGE_SECONDS = 12 * 3600
# Who acts at the machine itself belongs to no agency; the register writes 0.
_NO_AGENCY = 0
_COLUMNS = ("entry", "at", "event", "agency", "who", "database", "purpose", "reference", "searched", "shown")


def register(request: HttpRequest) -> HttpResponseBase:
    """Show the form, and what was searched for: a page of entries, or all of them as CSV."""
    require_method(request, "GET")
    officer, person = _reader(request)
    has_confidential = rules.reads_own_restrictions(person)
    form = RegisterForm(request.GET or None, _agency_choices(person), has_confidential=has_confidential)
    if not form.is_valid():
        context = {"form": form, "searched": False, "signed": published()}
        return render(request, "audit/register.html", context)
    search = _search(form.cleaned_data, person)
    if request.GET.get("format") == "csv":
        found = read_register(search, by=acting_officer(officer), now=timezone.now())
        return _as_csv(found)
    before = _place_in_search(request, officer)
    if before is None:
        found = read_register(search, by=acting_officer(officer), now=timezone.now())
    else:
        found = find_entries(search).filter(number__lt=before)
    return _page(request, officer, form, list(found[: ENTRIES_PER_PAGE + 1]))


def entry(request: HttpRequest, number: int) -> HttpResponse:
    """Show one entry with the data that was searched and the records that were shown; that is an entry too."""
    require_method(request, "GET")
    officer, person = _reader(request)
    among = _series_of(number, person)
    found = find_entries(among).filter(number=number).first()
    if found is None:
        raise NotFound("no-such-entry", "There is no such entry.")
    note_reading({"entry": found.number}, among.confidential_to, by=acting_officer(officer), now=timezone.now())
    shown = {
        "number": found.written_number,
        "at": found.at,
        "event": found.event,
        "databases": _databases(found),
        "purpose": found.purpose,
        "rows": _facts(found),
        "queries": _queries(found.searched_data),
        "shown": found.shown_references,
        "trouble": found.trouble,
    }
    return render(request, "audit/entry.html", {"entry": shown, "back_url": reverse("register")})


def _reader(request: HttpRequest) -> tuple[Officer, Person]:
    officer = officer_of_request(request)
    person = person_of(officer)
    if not rules.may_read_register(person):
        raise Refused("not-an-auditor", "Only auditors and administrators read the register of processing.")
    return officer, person


def _scope(person: Person) -> tuple[int, ...] | None:
    """Return the agencies whose entries this person reads; None for all."""
    return None if rules.reads_whole_register(person) else agencies_under(person.agency)


def _series_of(number: int, person: Person) -> Search:
    """Return where an entry is looked for: among the confidential ones of the own agency, or among all others."""
    if rules.reads_own_restrictions(person) and number in series(person.agency):
        return Search(confidential_to=person.agency)
    return Search(agencies=_scope(person))


def _agency_choices(person: Person) -> Choices:
    scope = _scope(person)
    if scope is None:
        return [(str(_NO_AGENCY), _("The operator of the system")), *agency_choices(Agency.objects.all())]
    return agency_choices(Agency.objects.filter(pk__in=scope))


def _search(said: Mapping[str, Any], person: Person) -> Search:
    """Return the search; what is confidential to the own agency holds no other's entries, so it needs no scope."""
    until, scope = said["until"], _scope(person)
    return Search(
        agency=int(said["agency"]) if said["agency"] else None,
        reference=said["reference"],
        record=said["record"],
        event=said["event"],
        begins=_midnight(said["since"]) if said["since"] else None,
        ends=_midnight(until) + timedelta(days=1) if until else None,
        agencies=None if said["confidential"] else scope,
        actors=actors_called(said["who"], scope) if said["who"] else None,
        confidential_to=person.agency if said["confidential"] else 0,
    )


def _midnight(day: Any) -> datetime:
    return datetime.combine(day, time.min, tzinfo=UTC)


def _page(request: HttpRequest, officer: Officer, form: RegisterForm, found: list[Entry]) -> HttpResponse:
    shown, has_more = found[:ENTRIES_PER_PAGE], len(found) > ENTRIES_PER_PAGE
    context = {
        "form": form, "searched": True, "entries": _rows(shown), "csv_url": _address(request, format="csv"),
        "older_url": _address(request, before=_sign(request, officer, shown[-1].number)) if has_more else "",
    }  # fmt: skip
    return render(request, "audit/register.html", context)


def _asked(request: HttpRequest) -> list[list[str]]:
    """Return what the address asks, without where in the answer it is."""
    return sorted([name, str(value)] for name, value in request.GET.items() if name != "before")


def _address(request: HttpRequest, **changes: str) -> str:
    query = request.GET.copy()
    query.pop("before", None)
    for name, value in changes.items():
        query[name] = value
    return f"?{query.urlencode()}"


def _sign(request: HttpRequest, officer: Officer, before: int) -> str:
    return signing.dumps([officer.pk, _asked(request), before], salt=_SALT)


def _place_in_search(request: HttpRequest, officer: Officer) -> int | None:
    """Return the entry to go on from in a search that this officer began; None where it is a new search."""
    try:
        number, asked, before = signing.loads(request.GET.get("before", ""), salt=_SALT, max_age=_PAGE_SECONDS)
    except signing.BadSignature:
        return None
    return int(before) if number == officer.pk and asked == _asked(request) else None


def _rows(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    entries = list(entries)
    agencies, actors = agency_labels(), actor_labels(entry.actor for entry in entries)
    return [
        {
            "number": entry.written_number, "url": reverse("register_entry", args=[entry.number]), "at": entry.at,
            "agency": _agency(entry.agency, agencies), "who": _who(entry.actor, actors), "event": entry.event,
            "database": _databases(entry), "purpose": entry.purpose, "reference": entry.reference,
            "shown": len(entry.shown_references),
        }
        for entry in entries
    ]  # fmt: skip


def _agency(number: int, labels: Mapping[int, str]) -> str:
    return _("The operator of the system") if number == _NO_AGENCY else labels.get(number, "")


def _who(actor: str, labels: Mapping[str, str]) -> str:
    return str(ACTORS[actor]) if actor in ACTORS else labels.get(actor, actor)


def _databases(found: Entry) -> list[str]:
    return [code for code in found.database.split(",") if code]


def _facts(found: Entry) -> list[dict[str, Any]]:
    """Return the facts of an entry with their names."""
    return [
        {"label": _("Agency"), "values": [_agency(found.agency, agency_labels())]},
        {"label": _("Who"), "values": [_who(found.actor, actor_labels([found.actor]))]},
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


def _queries(searched: Any) -> list[str]:
    """Return what was searched for as one text for each question."""
    questions = searched if isinstance(searched, list) else [searched] if searched else []
    return ["; ".join(_plain(question)) for question in questions]


def _plain(question: Any, name: str = "") -> Iterator[str]:
    """Yield each value of a question with the path of its name, such as "person.born: 1984"."""
    if not isinstance(question, dict):
        text = question if isinstance(question, str) else json.dumps(question, ensure_ascii=False)
        yield f"{name}: {text}" if name else text
        return
    for part, value in question.items():
        yield from _plain(value, f"{name}.{part}" if name else str(part))


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
                one.written_number, one.at.isoformat(), one.event, _agency(one.agency, agencies),
                _who(one.actor, actors), one.database, one.purpose, one.reference, one.searched,
                " ".join(one.shown_references),
            )  # fmt: skip
        before = chunk[-1].number
