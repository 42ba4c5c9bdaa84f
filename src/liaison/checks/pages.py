"""The pages of the check: ask, read the answer, open a record, look for duplicates of what is being entered."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from django.conf import settings
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
from liaison.checks.answer import CUT, TOO_MANY_FIT, Match, databases_for
from liaison.checks.forms import Asked, CheckForm
from liaison.checks.plan import ANSWERED_AS
from liaison.checks.request import request_from
from liaison.engine.types import Term
from liaison.errors import BadInput, NotFound, NotSignedIn, Problem, Unavailable
from liaison.records.actions import report_error
from liaison.records.databases import all_databases
from liaison.records.describing import describe, language_of
from liaison.records.entry_forms import form_for
from liaison.records.entry_pages import render_entry, signed_out
from liaison.records.forms import ErrorReportForm
from liaison.records.pages import enterable

# Under what name purpose and reference of the last check are remembered in the session.
REMEMBERED = "check"
# How a look for duplicates stands in the register.
_BY_HAND = {"purpose": "identify", "reference": "entry by hand"}
# Keys with the country before the number ("PL/AB123"; "*" for any country).
_WITH_COUNTRY = ("document", "plate", "mrz")


def check(request: HttpRequest) -> HttpResponse:
    """Ask, and answer on the same page; nothing of the answer is kept but its entry in the register."""
    require_method(request, "GET", "POST")
    try:
        asker = officer_asker_of_request(request)
    except NotSignedIn:
        if request.method == "POST":
            return given_back(request, "signed_out")
        raise
    form, answer, status = CheckForm(initial=remembered(request)), None, 200
    if request.method == "POST":
        form = CheckForm(request.POST)
        try:
            answer = _answer(request, form, asker) if form.is_valid() else None
        except Unavailable as error:
            # The page comes back with what was typed, to be sent again.
            form.show_refusal(error.problems, ())
            status = error.status
    else:
        form.fields["q"].widget.attrs["autofocus"] = True
    context = {
        "form": form,
        "databases": databases_for(asker, [kind for one in all_databases().values() for kind in one.answers]),
        "answer": answer,
        "details_open": form.is_bound and form.details_used,
    }
    return render(request, "checks/check.html", context, status=status)


def record(request: HttpRequest, reference: str) -> HttpResponse:
    """Show a record that the named check showed, or report an error in it."""
    require_method(request, "GET", "POST")
    asker, now = _asker_of_report(request), timezone.now()
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


def duplicates(request: HttpRequest, database: str) -> HttpResponse:
    """Say which records resemble what is being entered: a check like any other, with its entry in the register."""
    require_method(request, "POST")
    is_part = bool(request.headers.get("HX-Request"))
    try:
        asker = officer_asker_of_request(request)
    except NotSignedIn:
        # What is being typed must outlive the session: a page to sign in would take its place.
        return _panel(request, {"signed_out": True}) if is_part else signed_out(request, database)
    made = form_for(database) if database in enterable(asker) else None
    found = _duplicates_of(made.questions(request.POST), asker) if made else None
    if is_part or made is None:
        return _panel(request, found)
    return render_entry(request, made.typed(request.POST), duplicates=found)


def remembered(request: HttpRequest) -> dict[str, str]:
    """Return purpose and reference of this session's last check."""
    return dict(request.session.get(REMEMBERED, {}))


def given_back(request: HttpRequest, notice: str) -> HttpResponse:
    """Return the page with what was typed, which the house keeps nowhere, and nothing checked.

    `notice` says why: "signed_out", or "stale" for a form from before somebody signed in.
    """
    context = {
        "form": CheckForm(initial=request.POST.dict()),
        "details_open": any(request.POST.get(name) for name in CheckForm.names_of_details()),
        "notice": notice,
    }
    return render(request, "checks/check.html", context, status=403)


def stale_check(request: HttpRequest) -> HttpResponse | None:
    """Return the page of a check whose token is too old with what was typed; None for any other form.

    Only to our own pages: what another site posts is never shown as if this person had typed it.
    """
    is_ours = request.headers.get("Origin") in (settings.LIAISON_ADDRESS, request.build_absolute_uri("/")[:-1])
    is_check = request.resolver_match is not None and request.resolver_match.url_name == "check"
    return given_back(request, "stale") if is_ours and is_check else None


def _asker_of_report(request: HttpRequest) -> Asker:
    """Return who reads a record; a report whose session has ended is not sent, and the page to sign in says so."""
    try:
        return officer_asker_of_request(request)
    except NotSignedIn:
        if request.method == "POST":
            messages.warning(request, gettext("You were no longer signed in, so your report was not sent."))
        raise


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
    [(kind, said)] = asked.query.items()
    if kind == "person" and "documents" in said:
        return ("document", "person")
    return ANSWERED_AS.get(kind, (kind,))


def _results(answer: Answer, asked: Sequence[Asked], asker: Asker) -> list[dict[str, Any]]:
    """Return the results as the page shows them, those with matches first."""
    names = {match.source for result in answer.results for match in result.matches}
    countries = dict(Agency.objects.filter(name__in=names).values_list("name", "country"))
    results = [
        {
            "query": one.text,
            "outcome": result.outcome,
            "databases": databases_for(asker, _kinds_of(one)),
            "taken": list(filter(None, [one.taken])),
            "remarks": one.remarks,
            "notes": result.notes,
            "is_part": result.detail == TOO_MANY_FIT,
            "is_guess": not one.fields,
            "sources": sorted({match.source for match in result.matches}),
            "matches": [shown_match(match, answer.entry, asker, countries) for match in result.matches],
            "questions": [msgspec.json.encode(dict(one.query)).decode()],
        }
        for result, one in zip(answer.results, asked, strict=True)
    ]
    return sorted(_joined(results), key=lambda result: result["outcome"] not in ("matches", "too_many"))


def _joined(results: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the results with one "no record" for all that the box took its text for and that nobody recorded."""
    missed = [result for result in results if result["is_guess"] and result["outcome"] == "no_match"]
    if len(missed) < 2:
        return list(results)
    joined = missed[0] | {
        name: list(dict.fromkeys(value for result in missed for value in result[name]))
        for name in ("databases", "taken", "remarks", "notes", "questions")
    }
    return [joined if result is missed[0] else result for result in results if result not in missed[1:]]


def shown_match(match: Match, entry: int, asker: Asker, countries: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return a match with the address of its record, for who may read that, and the language of its source.

    `countries` are those of the sources by name; they are read where they are not given.
    """
    if countries is None:
        countries = dict(Agency.objects.filter(name=match.source).values_list("name", "country"))
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
    texts = {side: "; ".join(map(_without_sign, getattr(term, side).split("; "))) for side in ("query", "record")}
    return msgspec.structs.replace(term, **texts)


def _without_sign(key: str) -> str:
    return key.lstrip("*?").replace("/", " ").strip()


def record_address(reference: str, entry: int) -> str:
    """Return the address of a record under the check that showed it."""
    return f"{reverse('record', args=[reference])}?check={entry}"


def _entry_number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise NotFound("no-such-record", "There is no such record.")
    return int(text)


def _panel(request: HttpRequest, found: dict[str, Any] | None) -> HttpResponse:
    return render(request, "records/_duplicates.html", {"duplicates": found})


def _duplicates_of(questions: Sequence[dict[str, Any]], asker: Asker) -> dict[str, Any] | None:
    """Ask what was typed; None while that is too little.

    What cannot be asked is told, and the rest is asked without it.
    """
    problems: list[Problem] = []
    answer, asked = None, list(questions)
    while asked and answer is None:
        try:
            answer = answer_check(request_from(_BY_HAND | {"queries": asked}), asker, timezone.now())
        except BadInput as error:
            problems += error.problems
            asked = [one for place, one in enumerate(asked) if not _is_about(place, error.problems)]
    return _found(answer, asked, asker, problems) if questions else None


def _is_about(place: int, problems: Sequence[Problem]) -> bool:
    """Say whether a question is among those with a problem; one without a place is about all of them."""
    return any(not problem.at.startswith("queries[") or f"queries[{place}]" in problem.at for problem in problems)


def _found(
    answer: Answer | None, asked: Sequence[dict[str, Any]], asker: Asker, problems: Sequence[Problem]
) -> dict[str, Any]:
    """Return what the panel says: what is similar, and what it cannot say anything about."""
    results = answer.results if answer else ()
    matches = {match.record: match for result in results for match in result.matches}
    outcomes = {result.outcome for result in results}
    named = [next(name for name in one if name != "id") for one in asked]
    kinds = [kind for name in named for kind in ANSWERED_AS.get(name, (name,))]
    own = Agency.objects.get(pk=asker.bureau).name
    return {
        "records": [_duplicate(match, answer.entry, asker, own) for match in matches.values()] if answer else [],
        "too_many": "too_many" in outcomes or any(CUT in result.notes for result in results),
        "refused": "refused" in outcomes,
        "none": bool(outcomes) and outcomes <= {"no_match", "refused"} and "no_match" in outcomes,
        "databases": databases_for(asker, kinds),
        "problems": problems,
    }


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
