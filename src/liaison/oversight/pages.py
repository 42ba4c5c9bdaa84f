"""The pages of spot checks: the queue of an auditor, one check with why it was picked, and the page to explain one.

Every look at the queue and every opened check is an entry of the register, and so is what follows from it.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from liaison.access import rules
from liaison.access.describing import actor_address, agency_word
from liaison.access.forms import Choices, agency_choices
from liaison.access.queries import agencies_controlled_by
from liaison.access.requests import acting_officer, controller_of_request, officer_of_request, require_method
from liaison.access.sections import sections_of_control
from liaison.agencies.forms import show_refusal
from liaison.agencies.models import Agency, Officer
from liaison.agencies.queries import actor_label, actor_labels, agency_labels
from liaison.agencies.rules import Person
from liaison.audit.actions import write_entry
from liaison.audit.events import Event
from liaison.audit.models import Entry
from liaison.errors import BadInput, Refused
from liaison.oversight import actions
from liaison.oversight.conduct import asked_in
from liaison.oversight.forms import ConcludeForm, QueueForm, TextForm
from liaison.oversight.models import SpotCheck
from liaison.oversight.queries import TO_LOOK_AT, Chosen, spot_check_of, spot_check_to_explain, spot_checks_of
from liaison.oversight.words import sentence, times_sentence

PER_PAGE = 25
# What the officer did in this time around the check is shown at a click.
_DAYS_AROUND = 7
_STATES = {"": TO_LOOK_AT, "asked": ("asked",), "closed": ("closed",), "misuse_suspected": ("closed",), "all": ()}


def spot_checks(request: HttpRequest) -> HttpResponse:
    """Show the checks that this auditor is to look at, or those that were asked about or concluded."""
    require_method(request, "GET")
    officer, person = _auditor(request)
    form = QueueForm(request.GET, _agencies(person))
    context: dict[str, Any] = {"form": form, "section_navigation": sections_of_control(person, "spot_checks")}
    if form.is_valid():
        said = form.cleaned_data
        asked = {name: value for name, value in said.items() if value}
        found = spot_checks_of(person, _chosen(said))
        if said["state"] == "misuse_suspected":
            found = found.filter(conclusion=SpotCheck.Conclusion.MISUSE_SUSPECTED)
        by = acting_officer(officer)
        write_entry(Event.SPOT_CHECKS_READ, by=by, at=timezone.now(), searched=asked or None)
        page: Any = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
        page.object_list = _rows(page.object_list)
        context["page"] = page
    return render(request, "oversight/spot_checks.html", context)


def spot_check(request: HttpRequest, number: int) -> HttpResponse:
    """Show one check, why it was picked, what was asked and answered; ask about it, or conclude."""
    require_method(request, "GET", "POST")
    officer, person = _auditor(request)
    found, now = spot_check_of(person, number), timezone.now()
    act = request.POST.get("action", "")
    sent = request.POST if request.method == "POST" else None
    ask_form = _ask_form(sent if act == "ask" else None)
    conclude_form = ConcludeForm(sent if act == "conclude" else None)
    if ask_form.is_valid() and _done(ask_form, actions.ask, found, ask_form.cleaned_data["text"], officer):
        messages.success(request, _("The question was sent."))
        return redirect("spot_check", number=number)
    said = conclude_form.cleaned_data if conclude_form.is_valid() else None
    if said and _done(conclude_form, actions.conclude, found, said["conclusion"], said["note"], officer):
        messages.success(request, _("The conclusion is kept."))
        return redirect("spot_checks")
    actions.open_spot_check(found, by=acting_officer(officer), now=now)
    context = _shown(found) | {
        "ask_form": ask_form, "conclude_form": conclude_form,
        "form": conclude_form if conclude_form.errors else ask_form,
        "section_navigation": sections_of_control(person, "spot_checks"),
    }  # fmt: skip
    return render(request, "oversight/spot_check.html", context)


def explain(request: HttpRequest, number: int) -> HttpResponse:
    """Show whoever made a check what an auditor asks about it, and take the answer."""
    require_method(request, "GET", "POST")
    officer = officer_of_request(request)
    found, by = spot_check_to_explain(officer, number), acting_officer(officer)
    sent = request.POST if request.method == "POST" else None
    form = TextForm(
        sent, _("Your answer"), _("Name the case and what the check was for. The auditors of your agency, and of the "
        "general secretariat, read it."), prefix="explain",
    )  # fmt: skip
    if form.is_valid() and _done(form, actions.explain, found, form.cleaned_data["text"], officer):
        messages.success(request, _("Thank you: your answer was sent to the auditor."))
        return redirect("explain", number=number)
    actions.open_spot_check(found, by=by, now=timezone.now())
    context = _shown(found) | {"form": form, "may_answer": found.state == SpotCheck.State.ASKED}
    return render(request, "oversight/explain.html", context)


def _auditor(request: HttpRequest) -> tuple[Officer, Person]:
    officer, person = controller_of_request(request)
    if not rules.may_spot_check(person):
        raise Refused("not-an-auditor", "Only auditors look at spot checks.")
    return officer, person


def _ask_form(sent: Any) -> TextForm:
    usual = _("For which case did you make this check, and what for?")
    who_reads = _("Whoever is asked reads it, and not why the check was picked.")
    return TextForm(sent, _("What you ask"), who_reads, initial=usual, prefix="ask")


def _agencies(person: Person) -> Choices:
    scope = agencies_controlled_by(person)
    return agency_choices(Agency.objects.all() if scope is None else Agency.objects.filter(pk__in=scope))


def _chosen(said: Mapping[str, Any]) -> Chosen:
    return Chosen(_STATES[said["state"]], said["reason"], int(said["agency"]) if said.get("agency") else None)


def _done(form: forms.Form, act: Any, found: SpotCheck, *arguments: Any) -> bool:
    """Do something as an officer, who comes last in the arguments; show in the form what was refused."""
    *words, officer = arguments
    try:
        act(found, *words, by=acting_officer(officer), now=timezone.now())
    except BadInput as refusal:
        show_refusal(form, refusal)
        return False
    return True


def _rows(found: Any) -> list[dict[str, Any]]:
    rows = list(found)
    agencies, actors = agency_labels(), actor_labels(one.actor for one in rows)
    return [
        {
            "number": one.pk, "url": reverse("spot_check", args=[one.pk]), "at": one.at, "who": actors[one.actor],
            "agency": agency_word(one.agency_id, agencies), "state": one.state, "conclusion": one.conclusion,
            "reasons": [{"code": reason.code, "times": reason.times} for reason in one.reasons.all()],
        }
        for one in rows
    ]  # fmt: skip


def _shown(found: SpotCheck) -> dict[str, Any]:
    """Return a spot check with its check, for pages: the entry is read here, and stands nowhere else."""
    entry = Entry.objects.get(number=found.entry)
    people = actor_labels({found.actor, found.asked_by, found.answered_by, found.closed_by} - {""})
    written = found.written
    day = found.at.date()
    return {
        "one": {
            "number": found.pk, "entry": entry.written_number, "at": found.at, "who": people[found.actor],
            "entry_url": reverse("register_entry", args=[found.entry]), "state": found.state,
            "agency": agency_word(found.agency_id, agency_labels()), "purpose": entry.purpose,
            "reference": entry.reference, "questions": asked_in(entry), "shown": entry.shown_references,
            "reasons": _reasons(found), "trouble": entry.trouble or found.trouble,
            "is_system": found.actor.startswith("system:"), "conclusion": found.conclusion,
            "question": written.question, "answer": written.answer, "note": written.note,
            "asked_by": people.get(found.asked_by, ""), "asked_at": found.asked_at,
            "answered_by": people.get(found.answered_by, ""), "answered_at": found.answered_at,
            "closed_by": people.get(found.closed_by, ""), "closed_at": found.closed_at,
            "around_url": _around(found.actor, day),
        }
    }  # fmt: skip


def _around(actor: str, day: Any) -> str:
    """Return where everything is shown that was done in the days before and after a check."""
    days = timedelta(days=_DAYS_AROUND)
    return f"{actor_address(actor)}?since={day - days}&until={day + days}"


def _reasons(found: SpotCheck) -> list[dict[str, str]]:
    facts = found.written.facts
    return [
        {
            "code": reason.code,
            "text": sentence(reason.code, facts.get(reason.code, {}), _colleague(facts.get(reason.code, {}))),
            "times": times_sentence(reason.times),
        }
        for reason in found.reasons.all()
    ]


def _colleague(facts: Mapping[str, int]) -> str:
    return actor_label(f"officer:{facts['officer']}") if "officer" in facts else ""
