"""The pages of the check: ask, read the answer, open a record, look for duplicates of what is being entered."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from liaison.access.requests import officer_asker_of_request, require_method
from liaison.access.rules import Asker, decide_database
from liaison.agencies.models import Agency
from liaison.audit.models import Entry
from liaison.checks.actions import Answer, read_after_check
from liaison.checks.actions import check as answer_check
from liaison.checks.answer import Match, databases_for
from liaison.checks.forms import Asked, CheckForm
from liaison.checks.request import request_from
from liaison.engine.types import Term
from liaison.errors import BadInput, NotFound
from liaison.lib.countries import is_country
from liaison.lib.partial_date import readable_part
from liaison.records.actions import report_error
from liaison.records.databases import all_databases
from liaison.records.describing import describe, language_of
from liaison.records.forms import EntryForm, ErrorReportForm, countries_of
from liaison.records.pages import feedable, render_entry

# Under what name purpose and reference of the last check are remembered in the session.
REMEMBERED = "check"
_KINDS = {"mrz": ("document", "person")}
# Keys with the country before the number ("PL/AB123"; "*" for any country).
_WITH_COUNTRY = ("document", "plate")


def check(request: HttpRequest) -> HttpResponse:
    """Ask, and answer on the same page; nothing of the answer is kept but its entry in the register."""
    require_method(request, "GET", "POST")
    asker = officer_asker_of_request(request)
    form, answer = CheckForm(initial=remembered(request)), None
    if request.method == "POST":
        form = CheckForm(request.POST)
        answer = _answer(request, form, asker) if form.is_valid() else None
    context = {
        "form": form,
        "databases": databases_for(asker, [kind for one in all_databases().values() for kind in one.answers]),
        "answer": answer,
        "details_open": form.is_bound and form.details_used,
    }
    return render(request, "checks/check.html", context)


def record(request: HttpRequest, reference: str) -> HttpResponse:
    """Show a record that the named check showed, or report an error in it."""
    require_method(request, "GET", "POST")
    asker, now = officer_asker_of_request(request), timezone.now()
    entry = _entry_number(request.GET.get("check", ""))
    stored = read_after_check(asker, reference, entry, now)
    form = ErrorReportForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        report_error(asker, reference, form.cleaned_data["text"], now)
        messages.success(request, gettext("Your report was sent to the source."))
        return HttpResponseRedirect(request.get_full_path())
    asked = Entry.objects.get(number=entry)
    is_own = stored.owner == asker.bureau
    context = {
        "record": describe(stored, now.date(), for_owner=is_own),
        "check": {
            "entry": entry, "purpose": asked.purpose, "reference": asked.reference, "url": reverse("check"),
        },
        "error_form": None if is_own else form,
        "form": form,
    }  # fmt: skip
    return render(request, "checks/record.html", context)


def duplicates(request: HttpRequest) -> HttpResponse:
    """Say which records resemble what is being entered: a check like any other, with its entry in the register."""
    require_method(request, "POST")
    asker = officer_asker_of_request(request)
    found = _duplicates_of(request, asker)
    if request.headers.get("HX-Request"):
        return render(request, "records/_duplicates.html", {"duplicates": found})
    form = EntryForm(initial=request.POST.dict() | {name: request.POST.getlist(name) for name in EntryForm.several})
    return render_entry(request, form, found)


def remembered(request: HttpRequest) -> dict[str, str]:
    """Return purpose and reference of this session's last check."""
    return dict(request.session.get(REMEMBERED, {}))


def _answer(request: HttpRequest, form: CheckForm, asker: Asker) -> dict[str, Any] | None:
    """Check what the form asks; None when the check is refused, and the form says why."""
    asked, now = _answerable(form.asked, asker), timezone.now()
    try:
        answer = answer_check(form.request(asked), asker, now)
    except BadInput as error:
        form.show_refusal(error.problems, asked)
        return None
    common = {name: form.cleaned_data[name] for name in ("purpose", "reference")}
    request.session[REMEMBERED] = common
    results = _results(answer, asked, asker)
    return common | {"entry": answer.entry, "asked_at": now, "results": results}


def _answerable(asked: Sequence[Asked], asker: Asker) -> tuple[Asked, ...]:
    """Leave out a guess of the box that the asker may not check, as long as another guess remains."""
    allowed = tuple(one for one in asked if one.fields or databases_for(asker, _kinds_of(one)))
    return allowed or tuple(asked)


def _kinds_of(asked: Asked) -> tuple[str, ...]:
    kind = next(iter(asked.query))
    return _KINDS.get(kind, (kind,))


def _results(answer: Answer, asked: Sequence[Asked], asker: Asker) -> list[dict[str, Any]]:
    """Return the results as the page shows them, those with matches first."""
    names = {match.source for result in answer.results for match in result.matches}
    countries = dict(Agency.objects.filter(name__in=names).values_list("name", "country"))
    results = [
        {
            "query": one.text,
            "outcome": result.outcome,
            "databases": databases_for(asker, _kinds_of(one)),
            "notes": [*filter(None, [one.note]), *result.notes],
            "sources": sorted({match.source for match in result.matches}),
            "matches": [_shown(match, answer.entry, asker, countries) for match in result.matches],
        }
        for result, one in zip(answer.results, asked, strict=True)
    ]
    return sorted(results, key=lambda result: result["outcome"] not in ("matches", "too_many"))


def _shown(match: Match, entry: int, asker: Asker, countries: dict[str, str]) -> dict[str, Any]:
    """Return a match with the address of its record, for who may read that, and the language of its source."""
    may_read = decide_database(asker, "read", match.database).is_allowed
    return msgspec.structs.asdict(match) | {
        "explanation": [_readable(term) for term in match.explanation],
        "url": record_address(match.record, entry) if may_read else "",
        "source_language": language_of(countries.get(match.source, "")),
    }


def _readable(term: Term) -> Term:
    """Return a term with the key's country written before its number, as people read it."""
    if term.kind not in _WITH_COUNTRY:
        return term
    texts = {side: getattr(term, side).lstrip("*?").replace("/", " ").strip() for side in ("query", "record")}
    return msgspec.structs.replace(term, **texts)


def record_address(reference: str, entry: int) -> str:
    """Return the address of a record under the check that showed it."""
    return f"{reverse('record', args=[reference])}?check={entry}"


def _entry_number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise NotFound("no-such-record", "There is no such record.")
    return int(text)


def _duplicates_of(request: HttpRequest, asker: Asker) -> list[dict[str, Any]] | None:
    """Check the typed person and document; None while too little was typed, or what was typed cannot be checked."""
    queries = _typed(request)
    if not queries or "nominal" not in feedable(asker):
        return None
    now: datetime = timezone.now()
    try:
        asked = {"purpose": "identify", "reference": "entry by hand", "queries": queries}
        answer = answer_check(request_from(asked), asker, now)
    except BadInput:
        return None
    found = {match.record: match for result in answer.results for match in result.matches}
    own = Agency.objects.get(pk=asker.bureau).name
    return [_duplicate(match, answer.entry, asker, own) for match in found.values()]


def _duplicate(match: Match, entry: int, asker: Asker, own: str) -> dict[str, Any]:
    may_read = decide_database(asker, "read", match.database).is_allowed
    return {
        "reference": match.record,
        "headline": match.name,
        "strength": match.strength,
        "source": match.source,
        "own": match.source == own,
        "url": record_address(match.record, entry) if may_read else "",
    }


def _typed(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the questions in a half-filled entry form; what cannot be read yet is left out."""
    given = {name: request.POST.get(name, "").strip() for name in ("full_name", "born", "sex", "document_number")}
    queries: list[dict[str, Any]] = []
    if len(given["full_name"]) > 2 and request.POST.get("kind") != "organisation":
        born = readable_part(given["born"])
        person = {"name": given["full_name"], "born": str(born) if born else None, "sex": given["sex"] or None}
        countries = [code for code in countries_of(request.POST.get("nationalities", "")) if is_country(code)]
        queries.append({"id": "person", "person": person | {"nationality": countries}})
    if len(given["document_number"]) > 4:
        queries.append({"id": "document", "document": {"number": given["document_number"]}})
    return queries
