"""What administrators do about agencies: list them, look at one, manage its officers, entities, systems and keys.

Whatever the rules do not allow here is answered as if it were not there.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeVar

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.request import QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from liaison.agencies import actions, rules
from liaison.agencies.forms import EntityForm, FirstAdministratorForm, InviteForm, KeyForm, SystemForm, show_refusal
from liaison.agencies.models import Agency, Key, Officer, System
from liaison.agencies.queries import agencies_seen_by, agency_seen_by, count_people, facts_of, person_of
from liaison.agencies.requests import acting_officer, administrator_of_request, posted_number, require_method
from liaison.agencies.second_factor import holders_of_factors
from liaison.audit.actions import Actor
from liaison.errors import BadInput, NotFound

AGENCIES_PER_PAGE = 50
# How long a key that was replaced works beside the new one.
OVERLAP = timedelta(days=7)
Thing = TypeVar("Thing")
Sent = QueryDict | None


class Visit(NamedTuple):
    """An administrator who stands at the page of an agency."""

    request: HttpRequest
    person: rules.Person
    by: Actor
    agency: Agency
    facts: rules.AgencyFacts
    now: datetime


def agencies(request: HttpRequest) -> HttpResponse:
    """List the agencies that an administrator sees."""
    require_method(request, "GET")
    person = person_of(administrator_of_request(request))
    page = Paginator(agencies_seen_by(person), AGENCIES_PER_PAGE).get_page(request.GET.get("page"))
    officers, systems = count_people(page)
    rows = [
        {
            "name": agency.name, "url": reverse("agency", args=[agency.pk]), "kind": agency.kind,
            "country": agency.country, "parent": agency.bureau.name if agency.bureau else "", "state": _state(agency),
            "officers": officers[agency.pk], "systems": systems[agency.pk],
        }
        for agency in page
    ]  # fmt: skip
    context = {"agencies": rows, "page": page, "may_admit": rules.may_admit(person)}
    return render(request, "agencies/list.html", context)


def agency(request: HttpRequest, number: int) -> HttpResponse:
    """Show one agency, or do one of the acts that its page offers."""
    require_method(request, "GET", "POST")
    officer = administrator_of_request(request)
    person = person_of(officer)
    found = agency_seen_by(person, number)
    visit = Visit(request, person, acting_officer(officer), found, facts_of(found), timezone.now())
    if request.method == "GET":
        return _page(visit)
    act = _ACTS.get(request.POST.get("action", ""))
    if act is None:
        raise BadInput("unknown-value", "This page has no such button: load it again.", at="action")
    return act(visit)


def _invite(visit: Visit) -> HttpResponse:
    form = _there(_invite_form(visit, visit.request.POST))
    if form.is_valid():
        said = form.cleaned_data
        duty = said.get("duty", Officer.Duty.ADMINISTRATOR)
        try:
            invited = actions.invite_officer(
                visit.agency, said["email"], said["full_name"], duty, by=visit.by, now=visit.now
            )
        except BadInput as refusal:
            show_refusal(form, refusal)
        else:
            return _page(visit, link=one_time_link(invited))
    return _page(visit, {"invite_form": form})


def _new_link(visit: Visit) -> HttpResponse:
    officer = _officer(visit)
    actions.renew_link(officer, by=visit.by, now=visit.now)
    return _page(visit, link=one_time_link(officer))


def _end_factors(visit: Visit) -> HttpResponse:
    officer = _officer(visit)
    actions.end_factors(officer, by=visit.by, now=visit.now)
    text = _("The second factors of %(name)s have ended: whoever signs in with the password next chooses new ones.")
    return _done(visit, text % {"name": officer.full_name})


def _close_officer(visit: Visit) -> HttpResponse:
    officer = _officer(visit)
    actions.close_officer(officer, by=visit.by, now=visit.now)
    return _done(visit, _("The account of %(name)s is closed.") % {"name": officer.full_name})


def _authorise(visit: Visit) -> HttpResponse:
    form = _there(_entity_form(visit, visit.request.POST))
    if form.is_valid():
        try:
            entity = actions.authorise_entity(form.cleaned_data["name"], visit.agency, by=visit.by, now=visit.now)
        except BadInput as refusal:
            show_refusal(form, refusal)
        else:
            return _done(visit, _("%(name)s is authorised. It has no rights yet.") % {"name": entity.name})
    return _page(visit, {"entity_form": form})


def _close_entity(visit: Visit) -> HttpResponse:
    entity = _there(visit.agency.entities.filter(pk=posted_number(visit.request)).first())
    return _close(visit, entity)


def _close_agency(visit: Visit) -> HttpResponse:
    return _close(visit, visit.agency)


def _close(visit: Visit, closing: Agency) -> HttpResponse:
    _there(rules.may_close(visit.person, facts_of(closing)))
    actions.close_agency(closing, by=visit.by, now=visit.now)
    return _done(visit, _("%(name)s is closed.") % {"name": closing.name})


def _create_system(visit: Visit) -> HttpResponse:
    form = _there(_system_form(visit, visit.request.POST))
    if form.is_valid():
        return _make_key(visit, form, form.cleaned_data["name"], "system_form")
    return _page(visit, {"system_form": form})


def _create_key(visit: Visit) -> HttpResponse:
    system = _there(visit.agency.systems.filter(pk=posted_number(visit.request)).first())
    form = _there(_key_form(visit, system, visit.request.POST))
    if form.is_valid():
        return _make_key(visit, form, system.name, f"key_form_{system.pk}")
    return _page(visit, {f"key_form_{system.pk}": form})


def _make_key(visit: Visit, form: KeyForm, system: str, form_name: str) -> HttpResponse:
    """Make a key and show its text in this one answer, which no cache keeps; or show the form with what is wrong."""
    said = form.cleaned_data
    terms, life = rules.Terms(said["purpose"], said["reference"]), timedelta(days=said["days"])
    try:
        key, text = actions.create_key(
            visit.agency, system, life, by=visit.by, now=visit.now, terms=terms, bounds=form.bounds
        )
    except BadInput as refusal:
        show_refusal(form, refusal)
        return _page(visit, {form_name: form})
    return _shown_key(visit, key, text)


def _replace_key(visit: Visit) -> HttpResponse:
    """Make another key alike, show it, and let the old one end in a week."""
    _there(rules.may_administer(visit.person, visit.facts))
    old = _there(_usable_keys(visit).filter(pk=posted_number(visit.request)).first())
    key, text = actions.replace_key(old, OVERLAP, by=visit.by, now=visit.now)
    return _shown_key(visit, key, text, f"{old.expires_at:%Y-%m-%d}")


def _usable_keys(visit: Visit) -> QuerySet[Key]:
    return Key.objects.filter(system__agency=visit.agency, revoked_at=None, expires_at__gt=visit.now)


def _shown_key(visit: Visit, key: Key, text: str, old_ends_on: str = "") -> HttpResponse:
    shown = {
        "key": text, "system": key.system.name, "expires_on": f"{key.expires_at:%Y-%m-%d}", "purpose": key.purpose,
        "reference": key.reference, "old_ends_on": old_ends_on,
        "back_url": reverse("agency", args=[visit.agency.pk]),
    }  # fmt: skip
    return shown_once(render(visit.request, "agencies/key.html", shown))


def _revoke_key(visit: Visit) -> HttpResponse:
    _there(rules.may_administer(visit.person, visit.facts))
    own = Key.objects.filter(system__agency=visit.agency, revoked_at=None)
    key = _there(own.filter(pk=posted_number(visit.request)).first())
    actions.revoke_key(key, by=visit.by, now=visit.now)
    return _done(visit, _("The key %(label)s is revoked.") % {"label": str(key)})


_ACTS: Mapping[str, Callable[[Visit], HttpResponse]] = {
    "invite": _invite,
    "new_link": _new_link,
    "end_factors": _end_factors,
    "close_officer": _close_officer,
    "authorise": _authorise,
    "close_entity": _close_entity,
    "close_agency": _close_agency,
    "create_system": _create_system,
    "create_key": _create_key,
    "replace_key": _replace_key,
    "revoke_key": _revoke_key,
}


def one_time_link(officer: Officer) -> dict[str, str]:
    """Return the one-time link of an officer, as pages show it."""
    return {"name": officer.full_name, "address": actions.invitation_link(officer, settings.LIAISON_ADDRESS)}


def shown_once(response: HttpResponse) -> HttpResponse:
    """Return an answer that holds a secret so that neither a cache nor the browser's history keeps it."""
    response.headers["Cache-Control"] = "no-store"
    return response


def _there(thing: Thing | None) -> Thing:
    """Return what the rules allow; raise NotFound for nothing and for no."""
    if not thing:
        raise NotFound("no-such-agency", "There is no such agency.")
    return thing


def _officer(visit: Visit) -> Officer:
    """Return the officer that a button names; only one whose account this administrator may close or renew."""
    officer = visit.agency.officers.filter(pk=posted_number(visit.request), closed_at=None).first()
    found = _there(officer)
    _there(rules.may_close_officer(visit.person, visit.facts, found.pk))
    return found


def _done(visit: Visit, text: str) -> HttpResponse:
    messages.success(visit.request, text)
    return redirect("agency", number=visit.agency.pk)


def _page(
    visit: Visit, sent: Mapping[str, forms.Form] | None = None, link: dict[str, str] | None = None
) -> HttpResponse:
    """Show the agency; `sent` holds the form that came back with errors, by its name in the template."""
    forms_here: dict[str, forms.Form | None] = {
        "invite_form": _invite_form(visit, None),
        "entity_form": _entity_form(visit, None),
        "system_form": _system_form(visit, None),
        **(sent or {}),
    }
    context: dict[str, Any] = {
        "agency": _summary(visit),
        "link": link,
        "officers": _officer_rows(visit),
        "entities": _entity_rows(visit),
        "systems": [_system_row(visit, system, forms_here) for system in _systems(visit)],
        **forms_here,
        # The frame marks the title of a page whose form was refused.
        "form": next(iter((sent or {}).values()), None),
    }
    response = render(visit.request, "agencies/agency.html", context)
    return shown_once(response) if link else response


def _summary(visit: Visit) -> dict[str, Any]:
    agency = visit.agency
    return {
        "id": agency.pk, "name": agency.name, "kind": agency.kind, "country": agency.country, "state": _state(agency),
        "parent": agency.bureau.name if agency.bureau else "",
        "may_administer": rules.may_administer(visit.person, visit.facts),
        "may_close": rules.may_close(visit.person, visit.facts),
        "shows_people": _shows_people(visit),
    }  # fmt: skip


def _shows_people(visit: Visit) -> bool:
    """Tell whether officers and systems are listed: for their administrators, also after the agency was closed."""
    still_open = visit.facts._replace(is_closed=False)
    return rules.may_administer(visit.person, still_open) or rules.may_appoint_first(visit.person, visit.facts)


def _state(agency: Agency) -> str:
    return "closed" if agency.is_closed else "active"


def _officer_rows(visit: Visit) -> list[dict[str, Any]]:
    officers = visit.agency.officers.all() if _shows_people(visit) else Officer.objects.none()
    with_factors = holders_of_factors(officers)
    return [_officer_row(visit, officer, officer.pk in with_factors) for officer in officers]


def _officer_row(visit: Visit, officer: Officer, has_factors: bool) -> dict[str, Any]:
    state = "closed" if officer.closed_at else "active" if officer.has_usable_password() else "invited"
    may_change = not officer.closed_at and rules.may_close_officer(visit.person, visit.facts, officer.pk)
    return {
        "id": officer.pk, "name": officer.full_name, "email": officer.email, "duty": officer.duty, "state": state,
        "may_close": may_change, "may_renew": may_change, "may_end_factors": may_change and has_factors,
    }  # fmt: skip


def _entity_rows(visit: Visit) -> list[dict[str, Any]]:
    return [
        {
            "id": entity.pk, "name": entity.name, "url": reverse("agency", args=[entity.pk]), "state": _state(entity),
            "may_close": rules.may_close(visit.person, facts_of(entity)),
        }
        for entity in visit.agency.entities.select_related("bureau")
    ]  # fmt: skip


def _systems(visit: Visit) -> list[System]:
    return list(visit.agency.systems.prefetch_related("keys")) if _shows_people(visit) else []


def _system_row(visit: Visit, system: System, sent: Mapping[str, forms.Form | None]) -> dict[str, Any]:
    return {
        "id": system.pk,
        "name": system.name,
        "keys": [_key_row(visit, key) for key in system.keys.all()],
        "key_form": sent.get(f"key_form_{system.pk}") or _key_form(visit, system, None),
    }


def _key_row(visit: Visit, key: Key) -> dict[str, Any]:
    state = "revoked" if key.revoked_at else "expired" if key.expires_at <= visit.now else "active"
    return {
        "id": key.pk, "prefix": str(key), "created_on": f"{key.created_at:%Y-%m-%d}",
        "expires_on": f"{key.expires_at:%Y-%m-%d}", "state": state, "purpose": key.purpose, "reference": key.reference,
        "networks": key.networks, "certificate": key.certificate[:16], "per_minute": key.per_minute,
        "names_officer": key.names_officer,
        "may_revoke": state == "active" and rules.may_administer(visit.person, visit.facts),
    }  # fmt: skip


def _invite_form(visit: Visit, sent: Sent) -> forms.Form | None:
    if rules.may_appoint_first(visit.person, visit.facts):
        return FirstAdministratorForm(sent, auto_id="invite_%s")
    return InviteForm(sent, auto_id="invite_%s") if rules.may_administer(visit.person, visit.facts) else None


def _entity_form(visit: Visit, sent: Sent) -> forms.Form | None:
    return EntityForm(sent, auto_id="entity_%s") if rules.may_authorise(visit.person, visit.facts) else None


def _system_form(visit: Visit, sent: Sent) -> SystemForm | None:
    return SystemForm(sent, auto_id="system_%s") if rules.may_administer(visit.person, visit.facts) else None


def _key_form(visit: Visit, system: System, sent: Sent) -> KeyForm | None:
    allowed = rules.may_administer(visit.person, visit.facts)
    return KeyForm(sent, auto_id=f"key_{system.pk}_%s") if allowed else None
