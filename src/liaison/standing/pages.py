"""The pages of standing checks: what runs and what ran, set one from a check, extend or end one, control."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from liaison.access.requests import acting_officer, officer_asker_of_request, officer_of_request, require_method
from liaison.access.rules import Asker, reads_whole_register
from liaison.agencies.forms import show_refusal
from liaison.agencies.models import Officer
from liaison.agencies.queries import actor_labels, agencies_under, person_of
from liaison.checks.answer import databases_for
from liaison.checks.pages import shown_match
from liaison.checks.plan import plan_request
from liaison.errors import BadInput, Conflict, LiaisonError, Refused
from liaison.standing import rules
from liaison.standing.actions import Created, create_standing_check, end_standing_check, extend_standing_check
from liaison.standing.forms import ExtendForm, StandingCheckForm
from liaison.standing.models import StandingCheck
from liaison.standing.queries import (
    active,
    count_by_agency,
    ended,
    own_standing_check,
    read_for_control,
    with_counts,
)
from liaison.standing.request import StandingRequest, check_of
from liaison.standing.words import ENDED, QUESTIONS, kind_of, question_words

PER_PAGE = 25
# What the box took a text for are never more.
_MOST_QUESTIONS = 10


def standing_checks(request: HttpRequest) -> HttpResponse:
    """Show officers their own standing checks, auditors those they control, administrators how many there are."""
    require_method(request, "GET")
    officer, now = officer_of_request(request), timezone.now()
    person = person_of(officer)
    if rules.may_control(person):
        return _control(request, officer, now)
    if rules.may_count(person):
        counts = count_by_agency(agencies_under(officer.agency_id), now.date())
        return render(request, "standing/counts.html", {"counts": counts})
    asker = officer_asker_of_request(request)
    is_over = request.GET.get("state") == "ended"
    found = (ended if is_over else active)(now.date()).filter(actor=asker.actor)
    page: Any = Paginator(with_counts(found), PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = [_row(one) for one in page.object_list]
    context = {"page": page, "is_over": is_over, "section_navigation": _sections(is_over)}
    return render(request, "standing/list.html", context)


def new(request: HttpRequest) -> HttpResponse:
    """Set a standing check with the question of a check; POST with action = prepare fills the form in."""
    require_method(request, "GET", "POST")
    asker, now = officer_asker_of_request(request), timezone.now()
    questions = _questions(request, asker, now)
    if not questions:
        return render(request, "standing/new.html", {"form": None})
    if request.POST.get("action") != "create":
        initial = {name: request.POST.get(name, "")[:200] for name in ("purpose", "reference")}
        form = StandingCheckForm(None, questions, now.date(), initial=initial | {"query": questions[0][0]})
        return _new_page(request, form, questions)
    form = StandingCheckForm(request.POST, questions, now.date())
    if form.is_valid() and (created := _create(form, asker, now)):
        return _created(request, created, asker, now)
    return _new_page(request, form, questions)


def standing_check(request: HttpRequest, number: str) -> HttpResponse:
    """Show one of the officer's own; extend it or end it."""
    require_method(request, "GET", "POST")
    asker, now = officer_asker_of_request(request), timezone.now()
    found = own_standing_check(asker, number)
    form = ExtendForm(request.POST if request.POST.get("action") == "extend" else None)
    if request.POST.get("action") == "end":
        end_standing_check(asker, number, now)
        messages.success(request, _("The standing check has ended."))
        return redirect("standing_checks")
    if form.is_valid() and _extended(form, asker, number, now):
        messages.success(request, _("The standing check goes on."))
        return redirect("standing_check", number=number)
    context = {
        "one": _row(found) | {"told_of": found.told.count()}, "form": form,
        "is_running": found.ended_at is None and found.ends_on >= now.date(),
    }  # fmt: skip
    return render(request, "standing/one.html", context)


def _questions(request: HttpRequest, asker: Asker, now: datetime) -> list[tuple[str, str]]:
    """Return the questions that were sent along and that the asker may check: in JSON, and in words."""
    sent = request.POST.getlist("question") if request.method == "POST" else []
    questions = []
    for text in list(dict.fromkeys(sent))[:_MOST_QUESTIONS]:
        try:
            query = msgspec.json.decode(text[:4000])
            asked = check_of("identify", "-", query)
            plan = plan_request(asked, now.date())[0]
        except (BadInput, msgspec.DecodeError, RecursionError):
            continue
        if databases_for(asker, plan.kinds):
            questions.append((text, f"{QUESTIONS[kind_of(query)]}: {question_words(query)}"))
    return questions


def _new_page(request: HttpRequest, form: StandingCheckForm, questions: Sequence[tuple[str, str]]) -> HttpResponse:
    return render(request, "standing/new.html", {"form": form, "questions": questions})


def _create(form: StandingCheckForm, asker: Asker, now: datetime) -> Created | None:
    said = form.cleaned_data
    query = msgspec.json.decode(said["query"])
    wanted = StandingRequest(said["purpose"], said["reference"], said["reason"], str(said["ends_on"]), query)
    try:
        return create_standing_check(asker, wanted, now)
    except (BadInput, Conflict, Refused) as refusal:
        show_refusal(form, _at_fields(refusal))
        return None


def _extended(form: ExtendForm, asker: Asker, number: str, now: datetime) -> StandingCheck | None:
    said = form.cleaned_data
    try:
        return extend_standing_check(asker, number, str(said["ends_on"]), said["reason"], now)
    except BadInput as refusal:
        show_refusal(form, _at_fields(refusal))
        return None


def _at_fields(refusal: LiaisonError) -> LiaisonError:
    problems = [msgspec.structs.replace(one, at=one.at.partition(".")[0]) for one in refusal.problems]
    return type(refusal).of(problems)


def _created(request: HttpRequest, created: Created, asker: Asker, now: datetime) -> HttpResponse:
    """Show what is set, and what is recorded already."""
    answer, row = created.answer, created.standing_check
    result = answer.results[0]
    asked = check_of(row.purpose, row.reference, row.query)
    plan = plan_request(asked, now.date())[0]
    shown = {
        "query": question_words(row.query), "outcome": result.outcome, "databases": databases_for(asker, plan.kinds),
        "notes": result.notes, "sources": sorted({match.source for match in result.matches}),
        "matches": [shown_match(match, answer.entry, asker) for match in result.matches],
    }  # fmt: skip
    context = {"one": _row(row), "result": shown, "answer": {"entry": answer.entry, "asked_at": now}}
    return render(request, "standing/created.html", context)


def _control(request: HttpRequest, officer: Officer, now: datetime) -> HttpResponse:
    """Show who has which standing checks and why, for control only: without the question (RPD 126)."""
    scope = None if reads_whole_register(person_of(officer)) else agencies_under(officer.agency_id)
    found = read_for_control(scope, by=acting_officer(officer), now=now)
    page: Any = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    names = actor_labels(one.actor for one in page.object_list)
    page.object_list = [
        _row(one) | {"who": names[one.actor], "agency": one.agency.name} for one in page.object_list
    ]  # fmt: skip
    return render(request, "standing/control.html", {"page": page})


def _row(one: StandingCheck) -> dict[str, Any]:
    today = timezone.now().date()
    is_over = one.ended_at is not None or one.ends_on < today
    return {
        "id": one.id, "url": reverse("standing_check", args=[one.id]), "kind": str(QUESTIONS[kind_of(one.query)]),
        "question": question_words(one.query), "purpose": one.purpose, "reference": one.reference,
        "reason": one.reason, "created_at": one.created_at, "ends_on": f"{one.ends_on:%Y-%m-%d}",
        "told_of": getattr(one, "told_of", 0), "state": "ended" if is_over else "active",
        "ended_at": one.ended_at, "why": str(ENDED[one.ended_by or "last_day"]) if is_over else "",
    }  # fmt: skip


def _sections(is_over: bool) -> Iterable[dict[str, Any]]:
    address = reverse("standing_checks")
    return [
        {"label": pgettext("standing checks", "Active"), "url": address, "current": not is_over},
        {"label": pgettext("standing checks", "Ended"), "url": f"{address}?state=ended", "current": is_over},
    ]
