"""The page of the urgent procedure (RPD 59): the secretariat asks, a source answers; neither sees more than that."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from liaison.access import rules, urgent
from liaison.access.forms import UrgentAnswerForm, UrgentForm
from liaison.access.models import UrgentRequest
from liaison.access.requests import acting_officer, administrator_of_request, posted_number, require_method
from liaison.access.sections import sections
from liaison.agencies.forms import show_refusal
from liaison.agencies.models import Agency, Officer
from liaison.agencies.queries import person_of
from liaison.agencies.rules import may_admit
from liaison.errors import BadInput, NotFound, Refused


def urgent_requests(request: HttpRequest) -> HttpResponse:
    """Show the requests of the secretariat, or those to a source; ask, or answer."""
    require_method(request, "GET", "POST")
    officer = administrator_of_request(request)
    person, now = person_of(officer), timezone.now()
    if may_admit(person):
        return _ask(request, officer, now)
    if rules.may_restrict(person):
        return _answer(request, officer, now)
    raise Refused("not-an-administrator", "Only the secretariat asks, and only the source that is asked answers.")


def _ask(request: HttpRequest, officer: Officer, now: datetime) -> HttpResponse:
    members = Agency.objects.filter(kind__in=(Agency.Kind.BUREAU, Agency.Kind.INTERNATIONAL_ENTITY), closed_at=None)
    form = UrgentForm(request.POST if request.method == "POST" else None, members)
    if form.is_valid() and _asked(form, officer, now):
        messages.success(request, _("The source is asked, and told until when it may answer."))
        return redirect("urgent")
    newest = UrgentRequest.objects.select_related("owner", "bureau")[:100]
    rows = [_row(one, for_owner=False, now=now) for one in newest]
    return render(request, "access/urgent.html", {"ask_form": form, "form": form, "requests": rows})


def _asked(form: UrgentForm, officer: Officer, now: datetime) -> bool:
    said = form.cleaned_data
    owner, bureau = (Agency.objects.get(pk=said[name]) for name in ("owner", "bureau"))
    deadline = now + timedelta(hours=said["hours"])
    try:
        urgent.ask_urgently(
            owner, said["database"], bureau, said["reason"], deadline, by=acting_officer(officer), now=now
        )
    except BadInput as refusal:
        show_refusal(form, refusal)
        return False
    return True


def _answer(request: HttpRequest, officer: Officer, now: datetime) -> HttpResponse:
    own = UrgentRequest.objects.filter(owner=officer.agency).select_related("owner", "bureau")
    form = UrgentAnswerForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _answered(request, form, officer, now):
        messages.success(request, _("Your answer holds at once."))
        return redirect("urgent")
    context = {
        "answer_form": form, "form": form, "requests": [_row(one, for_owner=True, now=now) for one in own[:100]],
        "section_navigation": sections(officer, "urgent"),
    }  # fmt: skip
    return render(request, "access/urgent.html", context)


def _answered(request: HttpRequest, form: UrgentAnswerForm, officer: Officer, now: datetime) -> bool:
    found = UrgentRequest.objects.filter(owner=officer.agency, pk=posted_number(request)).first()
    if found is None:
        raise NotFound("no-such-request", "There is no such request to your bureau.")
    by, action = acting_officer(officer), request.POST.get("action", "")
    try:
        if action == "hold_back_again":
            urgent.hold_back_again(found, by=by, now=now)
        else:
            urgent.answer_urgent(found, action, form.cleaned_data["reason"], by=by, now=now)
    except BadInput as refusal:
        show_refusal(form, refusal)
        return False
    return True


def _row(one: UrgentRequest, *, for_owner: bool, now: datetime) -> dict[str, Any]:
    is_open = one.answer == UrgentRequest.Answer.OPEN and one.deadline > now
    is_lifted = one.answer in (UrgentRequest.Answer.LIFTED, UrgentRequest.Answer.SILENT) and one.ended_at is None
    return {
        "id": one.pk, "owner": one.owner.name, "bureau": one.bureau.name, "database": one.database,
        "reason": one.reason, "deadline": one.deadline, "is_open": is_open,
        # Whether anything was held back, and what became of it, is the source's alone.
        "is_lifted": is_lifted and for_owner, "for_owner": for_owner,
    }  # fmt: skip
