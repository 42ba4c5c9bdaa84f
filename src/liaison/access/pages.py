"""The register of rights that all consult, restrictions that only their owner sees, and the admission of bureaux."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from liaison.access import actions, rules
from liaison.access.forms import AdmitForm, AdmitOrganisationForm, GrantForm, RestrictForm, RightsFilterForm
from liaison.access.models import Entitlement, SourceRestriction
from liaison.access.queries import entitlements_in_force
from liaison.access.requests import (
    acting_officer,
    administrator_of_request,
    officer_of_request,
    posted_number,
    require_method,
)  # fmt: skip
from liaison.access.sections import sections
from liaison.agencies.forms import show_refusal
from liaison.agencies.models import Agency, Officer
from liaison.agencies.pages import one_time_link, shown_once
from liaison.agencies.queries import facts_of, person_of
from liaison.agencies.rules import may_admit
from liaison.errors import BadInput, NotFound, Refused

RIGHTS_PER_PAGE = 25


def admit(request: HttpRequest) -> HttpResponse:
    """Admit a bureau with its rights, and show the one-time link of its first administrator."""
    officer = _admitting(request)
    admitting = partial(actions.admit_member, admitted_by=officer, by=acting_officer(officer), now=timezone.now())
    return _admit(request, AdmitForm(request.POST or None), admitting, "bureau")


def admit_organisation(request: HttpRequest) -> HttpResponse:
    """Admit an international entity, and show the one-time link of its first administrator."""
    officer = _admitting(request)
    admitting = partial(actions.admit_organisation, by=acting_officer(officer), now=timezone.now())
    return _admit(request, AdmitOrganisationForm(request.POST or None), admitting, "organisation")


def _admitting(request: HttpRequest) -> Officer:
    """Return the administrator of the secretariat; to all others there is no such page."""
    require_method(request, "GET", "POST")
    officer = administrator_of_request(request)
    if not may_admit(person_of(officer)):
        raise NotFound("no-such-page", "There is no such page.")
    return officer


def _admit(request: HttpRequest, form: forms.Form, admitting: Callable[..., Officer], kind: str) -> HttpResponse:
    if form.is_valid():
        try:
            first = admitting(**form.cleaned_data)
        except BadInput as refusal:
            show_refusal(form, refusal)
        else:
            shown = {"link": one_time_link(first), "agency": first.agency.name}
            shown["url"] = reverse("agency", args=[first.agency_id])
            return shown_once(render(request, "access/admit.html", shown))
    return render(request, "access/admit.html", {"form": form, "kind": kind})


def entitlements(request: HttpRequest) -> HttpResponse:
    """Show the register of rights to every officer (RPD 109), or grant or end one for the own agencies."""
    require_method(request, "GET", "POST")
    officer = officer_of_request(request)
    now = timezone.now()
    if request.method == "GET":
        return _rights_page(request, officer, now)
    administrator_of_request(request)
    if request.POST.get("action") == "end":
        return _end(request, officer, now)
    return _grant(request, officer, now)


def _grant(request: HttpRequest, officer: Officer, now: datetime) -> HttpResponse:
    form = _grant_form(officer, now.date(), request.POST)
    if form is None:
        raise Refused("not-an-administrator", "Only an administrator of the agency's bureau grants rights.")
    if form.is_valid():
        said = form.cleaned_data
        agency = Agency.objects.get(pk=said.pop("agency"))
        try:
            actions.grant_entitlement(agency, **said, granted_by=officer, by=acting_officer(officer), now=now)
        except BadInput as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("The right is granted to %(name)s.") % {"name": agency.name})
            return redirect("entitlements")
    return _rights_page(request, officer, now, form)


def _end(request: HttpRequest, officer: Officer, now: datetime) -> HttpResponse:
    not_ended = Entitlement.objects.filter(Q(ends_on=None) | Q(ends_on__gt=now.date()))
    right = not_ended.filter(agency__in=_governed(officer), pk=posted_number(request)).first()
    if right is None:
        raise NotFound("no-such-entitlement", "There is no such right in force.")
    actions.end_entitlement(right, by=acting_officer(officer), now=now)
    messages.success(request, _("The right of %(name)s has ended.") % {"name": right.agency.name})
    # Back to where the button was: the same page of the same search.
    return redirect(request.get_full_path())


def _governed(officer: Officer) -> list[Agency]:
    """Return the agencies whose rights this officer grants and ends."""
    person = person_of(officer)
    wanted = Q(pk=officer.agency_id) | Q(bureau=officer.agency_id)
    if may_admit(person):
        wanted |= Q(kind=Agency.Kind.INTERNATIONAL_ENTITY)
    near = Agency.objects.select_related("bureau").filter(wanted)
    return [agency for agency in near if rules.may_grant(person, facts_of(agency))]


def _grant_form(officer: Officer, today: date, sent: Any = None) -> GrantForm | None:
    governed = _governed(officer)
    return GrantForm(sent, governed, today) if governed else None


def _rights_page(
    request: HttpRequest, officer: Officer, now: datetime, refused: GrantForm | None = None
) -> HttpResponse:
    search = RightsFilterForm(request.GET, Agency.objects.all())
    found = _rights(search, now).select_related("agency", "granted_by__agency")
    page = Paginator(found, RIGHTS_PER_PAGE).get_page(request.GET.get("page"))
    governed = {agency.pk for agency in _governed(officer)}
    rows = [_right_row(right, governed, now.date()) for right in page]
    context = {
        "search": search, "page": page, "rights": rows, "form": refused,
        "grant_form": refused or _grant_form(officer, now.date()),
        "section_navigation": sections(officer, "entitlements"),
    }  # fmt: skip
    return render(request, "access/entitlements.html", context)


def _rights(search: RightsFilterForm, now: datetime) -> QuerySet[Entitlement]:
    """Return the rights that fit; a choice that there is not finds nothing."""
    if not search.is_valid():
        return Entitlement.objects.none()
    said = search.cleaned_data
    found = entitlements_in_force(now) if said["in_force"] else Entitlement.objects.all()
    wanted = {name: said[name] for name in ("agency", "database") if said[name]}
    return found.filter(**wanted)


def _right_row(right: Entitlement, governed: Iterable[int], today: date) -> dict[str, Any]:
    state = "active" if right.starts_on <= today else "planned"
    if right.ends_on is not None and right.ends_on <= max(today, right.starts_on):
        state = "ended"
    return {
        "id": right.pk, "agency": right.agency.name, "agency_id": right.agency_id, "purposes": right.purposes.split(),
        "highest_level": right.highest_level, "database": right.database, "operation": right.operation,
        "starts_on": f"{right.starts_on:%Y-%m-%d}", "ends_on": f"{right.ends_on:%Y-%m-%d}" if right.ends_on else "",
        # The agency, not the person: who it was stands in the register of processing.
        "granted_by": right.granted_by.agency.name if right.granted_by else _("The operator of the system"),
        "reason": right.reason, "state": state, "may_end": state != "ended" and right.agency_id in governed,
    }  # fmt: skip


def restrictions(request: HttpRequest) -> HttpResponse:
    """Show a bureau's administrator the restrictions on its own data, set one or lift one (RPD 58)."""
    require_method(request, "GET", "POST")
    officer = administrator_of_request(request)
    if not rules.may_restrict(person_of(officer)):
        raise Refused("not-an-administrator", "Only an administrator of the bureau that owns the records does this.")
    form = RestrictForm(request.POST if request.POST.get("action") == "restrict" else None, _others(officer))
    if request.method == "POST" and request.POST.get("action") == "lift":
        return _lift(request, officer)
    if request.method == "POST" and form.is_valid() and _restrict(request, officer, form):
        return redirect("restrictions")
    own = SourceRestriction.objects.filter(owner=officer.agency, lifted_at=None).select_related("against")
    context = {
        "restrictions": [_restriction_row(one) for one in own.order_by("against__name", "database")],
        "restrict_form": form, "form": form, "section_navigation": sections(officer, "restrictions"),
    }  # fmt: skip
    return render(request, "access/restrictions.html", context)


def _restrict(request: HttpRequest, officer: Officer, form: forms.Form) -> bool:
    against = Agency.objects.get(pk=form.cleaned_data["against"])
    by, now = acting_officer(officer), timezone.now()
    try:
        actions.restrict_source(officer.agency, form.cleaned_data["database"], against, by=by, now=now)
    except BadInput as refusal:
        show_refusal(form, refusal)
        return False
    messages.success(request, _("%(name)s finds your records there no more.") % {"name": against.name})
    return True


def _lift(request: HttpRequest, officer: Officer) -> HttpResponse:
    own = SourceRestriction.objects.filter(owner=officer.agency, lifted_at=None)
    restriction = own.filter(pk=posted_number(request)).first()
    if restriction is None:
        raise NotFound("no-such-restriction", "There is no such restriction.")
    actions.lift_restriction(restriction, by=acting_officer(officer), now=timezone.now())
    messages.success(request, _("The restriction is lifted."))
    return redirect("restrictions")


def _others(officer: Officer) -> QuerySet[Agency]:
    """Return whom a restriction can be against: bureaux and international entities, and never the own (RPD 58(3))."""
    kinds = (Agency.Kind.BUREAU, Agency.Kind.INTERNATIONAL_ENTITY)
    return Agency.objects.filter(kind__in=kinds, closed_at=None).exclude(pk=officer.agency_id)


def _restriction_row(restriction: SourceRestriction) -> dict[str, Any]:
    return {
        "id": restriction.pk, "database": restriction.database, "against": restriction.against.name,
        "since": f"{restriction.set_at:%Y-%m-%d}",
    }  # fmt: skip
