"""Every write about agencies: admit, authorise, invite, close, give and take keys."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import get_args

import msgspec
from django.contrib.auth.tokens import default_token_generator
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from liaison.agencies import rules
from liaison.agencies.arrivals import NO_BOUNDS, Bounds
from liaison.agencies.models import Agency, Key, Officer, RightsVersion, System
from liaison.agencies.rules import NO_TERMS, Purpose, Terms
from liaison.agencies.second_factor import has_factors, remove_factors
from liaison.audit.actions import UNKNOWN, Actor, microseconds, write_entry
from liaison.audit.events import Event
from liaison.audit.register import NewEntry, register
from liaison.errors import BadInput, Conflict, NotFound
from liaison.lib.countries import country_code

LONGEST_KEY_LIFE = timedelta(days=400)
LONGEST_OVERLAP = timedelta(days=30)
LONGEST_REFERENCE = 200
# As long as the settings count wrong passwords (ACCOUNT_RATE_LIMITS).
REFUSED_SECONDS = 15 * 60


def found_secretariat(name: str, *, by: Actor, now: datetime) -> Agency:
    """Make the one general secretariat of an empty installation."""
    if Agency.objects.exists():
        raise BadInput("home-not-empty", "This home has agencies already: `liaison init` is for an empty one.")
    with transaction.atomic():
        agency = Agency.objects.create(kind=Agency.Kind.GENERAL_SECRETARIAT, name=name, admitted_at=now)
        RightsVersion.bump()
        write_entry(Event.BUREAU_ADMITTED, by=by._replace(agency=agency.pk), at=now, detail={"agency": agency.pk})
    return agency


def admit_bureau(name: str, country: str, *, by: Actor, now: datetime) -> Agency:
    """Admit a country's bureau; one per country (RPD 1(6))."""
    code = _country(country)
    if Agency.objects.filter(kind=Agency.Kind.BUREAU, country=code, closed_at=None).exists():
        raise BadInput("bureau-exists", f"{code} has a bureau already.", at="country", value=country)
    if Agency.objects.filter(kind=Agency.Kind.BUREAU, country=code).exists():
        # What sources hold back is held back from the agency: a second one of the country would see it.
        detail = f"{code} had a bureau that was closed: a second one is not admitted."
        raise BadInput("bureau-exists", detail, at="country", value=country)
    return _add_agency(Event.BUREAU_ADMITTED, Agency.Kind.BUREAU, name, code, None, by, now)


def admit_international_entity(name: str, *, by: Actor, now: datetime) -> Agency:
    """Admit another organisation, by agreement (RPD 27); it belongs to no country and to no bureau."""
    return _add_agency(Event.BUREAU_ADMITTED, Agency.Kind.INTERNATIONAL_ENTITY, name, "", None, by, now)


def authorise_entity(name: str, bureau: Agency, *, by: Actor, now: datetime) -> Agency:
    """Let a bureau authorise one of its national entities; nobody else can (RPD 21)."""
    return _add_agency(Event.ENTITY_AUTHORISED, Agency.Kind.NATIONAL_ENTITY, name, bureau.country, bureau, by, now)


def _add_agency(
    event: Event, kind: str, name: str, country: str, bureau: Agency | None, by: Actor, now: datetime
) -> Agency:
    name = name.strip()
    if not name:
        raise BadInput("missing-field", "Give the agency a name.", at="name")
    if Agency.objects.filter(name__iexact=name).exists():
        raise BadInput("agency-exists", f"An agency is called {name[:60]!r} already: choose another name.", at="name")
    with transaction.atomic():
        agency = Agency.objects.create(kind=kind, name=name, country=country, bureau=bureau, admitted_at=now)
        RightsVersion.bump()
        write_entry(event, by=by, at=now, detail={"agency": agency.pk, "country": country})
    return agency


def close_agency(agency: Agency, *, by: Actor, now: datetime) -> None:
    """Close an agency: its officers and keys stop at once."""
    with transaction.atomic():
        agency.closed_at = now
        agency.save(update_fields=["closed_at"])
        RightsVersion.bump()
        write_entry(Event.AGENCY_CLOSED, by=by, at=now, detail={"agency": agency.pk})


def invite_officer(agency: Agency, email: str, full_name: str, duty: str, *, by: Actor, now: datetime) -> Officer:
    """Make an account without a password for a named person; `invitation_link` lets that person set one."""
    require_free_address(email)
    officer = Officer(agency=agency, email=email.lower(), full_name=full_name, duty=duty, invited_at=now)
    officer.set_unusable_password()
    with transaction.atomic():
        officer.save()
        RightsVersion.bump()
        write_entry(Event.OFFICER_INVITED, by=by, at=now, detail={"officer": officer.pk, "duty": duty})
    return officer


def require_free_address(email: str) -> None:
    """Raise BadInput when somebody signs in with this address already."""
    if Officer.objects.filter(email__iexact=email).exists():
        raise BadInput("officer-exists", f"{email[:80]} has an account already.", at="email", value=email)


def renew_link(officer: Officer, *, by: Actor, now: datetime) -> None:
    """End the password and every earlier link of an officer, so that only a new link opens the account.

    The second factors stay: `end_factors` ends them, and somebody else does that (`rules.may_open_lock`).
    """
    if has_factors(officer) and not rules.may_open_lock(by.name, officer.factors_ended_by):
        raise Conflict("same-administrator", _SAME)
    officer.set_unusable_password()
    officer.password_ended_by = by.name
    with transaction.atomic():
        officer.save(update_fields=["password", "password_ended_by"])
        write_entry(Event.LINK_RENEWED, by=by, at=now, detail={"officer": officer.pk})


def end_factors(officer: Officer, *, by: Actor, now: datetime) -> None:
    """Take every second factor from an account, for whoever lost them all; the next to sign in chooses anew.

    Raises Conflict for whoever made the link that opened the account last.
    """
    if not rules.may_open_lock(by.name, officer.password_ended_by):
        raise Conflict("same-administrator", _SAME)
    officer.factors_ended_by = by.name
    with transaction.atomic():
        remove_factors(officer)
        officer.save(update_fields=["factors_ended_by"])
        write_entry(Event.FACTORS_ENDED, by=by, at=now, detail={"officer": officer.pk})


def choose_password(officer: Officer, password: str, *, now: datetime) -> None:
    """Set the password that somebody with a one-time link chose; of two at the same moment, one does.

    Raises NotFound when the link was used, or the account closed, in the meantime.
    """
    if not _replace_password(officer, password, Event.PASSWORD_CHOSEN, now):
        raise NotFound("no-such-link", "This link does not work any more: ask for a new one.")


def change_password(officer: Officer, password: str, *, now: datetime) -> None:
    """Set the new password of an officer who has just shown to know the old one.

    Raises Conflict when that one was changed or ended, or the account closed, in the meantime.
    """
    if not _replace_password(officer, password, Event.PASSWORD_CHANGED, now):
        raise Conflict("password-ended", "Your password was changed or ended meanwhile: sign in again.")


_SAME = (
    "You opened one of this account's two locks already: another administrator opens the other, "
    "or the operator by `liaison link`."
)


def _replace_password(officer: Officer, password: str, event: Event, now: datetime) -> bool:
    """Set a password and write the entry; say no where the account has another by now, or is closed."""
    before = officer.password
    officer.set_password(password)
    with transaction.atomic():
        still_open = Officer.objects.filter(pk=officer.pk, password=before, is_active=True)
        if not still_open.update(password=officer.password):
            return False
        write_entry(event, by=Actor(officer.actor, officer.agency_id), at=now, detail={"officer": officer.pk})
    return True


def note_refused_sign_in(email: str, *, now: datetime) -> None:
    """Note that an account cannot be signed in to for a while, because of too many wrong passwords; once in that time.

    Nobody is told whether there is such an account, so the answer does not wait for the entry either.
    """
    is_first = cache.add(f"sign-in-refused:{key_digest(email.lower()).hex()}", 1, timeout=REFUSED_SECONDS)
    officer = Officer.objects.filter(email__iexact=email, is_active=True).first()
    if officer and is_first:
        detail = msgspec.json.encode({"officer": officer.pk}).decode()
        entry = NewEntry(microseconds(now), Event.SIGN_IN_REFUSED, officer.agency_id, UNKNOWN, detail=detail)
        register().note(entry)


def invitation_link(officer: Officer, address: str) -> str:
    """Return the link with which an officer sets a password; it works once, for three days."""
    uid = urlsafe_base64_encode(force_bytes(officer.pk))
    token = default_token_generator.make_token(officer)
    return address + reverse("invitation", kwargs={"uidb64": uid, "token": token})


def close_officer(officer: Officer, *, by: Actor, now: datetime) -> None:
    """End an account in one act; its sessions stop with the next request."""
    with transaction.atomic():
        officer.is_active = False
        officer.closed_at = now
        officer.save(update_fields=["is_active", "closed_at"])
        RightsVersion.bump()
        write_entry(Event.OFFICER_CLOSED, by=by, at=now, detail={"officer": officer.pk})


def create_key(
    agency: Agency, system_name: str, life: timedelta, *, by: Actor, now: datetime, terms: Terms = NO_TERMS,
    bounds: Bounds = NO_BOUNDS,
) -> tuple[Key, str]:  # fmt: skip
    """Give a system of the agency a key; return it with its text, which is shown this once.

    With `terms` it also opens the doors for clients of other services, under that purpose and reference.
    `bounds` is what is demanded of whoever comes with it.
    """
    if not timedelta(0) < life <= LONGEST_KEY_LIFE:
        raise BadInput("bad-key-life", f"A key lives 1 to {LONGEST_KEY_LIFE.days} days.", at="days")
    if not system_name.strip():
        raise BadInput("missing-field", "Say which system gets the key.", at="system")
    _require_whole(terms)
    with transaction.atomic():
        system, _ = System.objects.get_or_create(agency=agency, name=system_name.strip(), defaults={"created_at": now})
        key, text = _new_key(system, life, terms, bounds, now)
        RightsVersion.bump()
        write_entry(Event.KEY_CREATED, by=by, at=now, detail=_of_key(key))
    return key, text


def replace_key(key: Key, overlap: timedelta, *, by: Actor, now: datetime) -> tuple[Key, str]:
    """Give the same system another key alike, for as long; the old one ends after the overlap, at the latest.

    So a system changes its key without a moment in which neither works.
    """
    if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
        raise BadInput("bad-key-life", f"Both keys work 0 to {LONGEST_OVERLAP.days} days.", at="days")
    with transaction.atomic():
        new, text = _new_key(key.system, key.expires_at - key.created_at, key.terms, key.bounds, now)
        key.expires_at = min(key.expires_at, now + overlap)
        key.save(update_fields=["expires_at"])
        RightsVersion.bump()
        detail = _of_key(new) | {"replaces": key.pk, "ends_on": f"{key.expires_at:%Y-%m-%d}"}
        write_entry(Event.KEY_CREATED, by=by, at=now, detail=detail)
    return new, text


def _new_key(system: System, life: timedelta, terms: Terms, bounds: Bounds, now: datetime) -> tuple[Key, str]:
    text = "lk_" + secrets.token_urlsafe(32)
    key = Key.objects.create(
        system=system, digest=key_digest(text), label=text[:8], created_at=now, expires_at=now + life,
        purpose=terms.purpose, reference=terms.reference.strip(), networks=" ".join(bounds.networks),
        certificate=bounds.certificate, per_minute=bounds.per_minute, names_officer=bounds.names_officer,
    )  # fmt: skip
    return key, text


def _of_key(key: Key) -> dict[str, object]:
    """Return what the register says of a new key: what it may, and what is demanded with it."""
    said = {
        "purpose": key.purpose, "reference": key.reference, "networks": key.networks, "certificate": key.certificate,
        "per_minute": key.per_minute, "names_officer": key.names_officer,
    }  # fmt: skip
    return {"key": key.pk, "system": key.system_id} | {name: value for name, value in said.items() if value}


def _require_whole(terms: Terms) -> None:
    """Refuse a purpose without a reference, a reference without a purpose, and what is neither."""
    purposes, reference = get_args(Purpose), terms.reference.strip()
    if terms.purpose and terms.purpose not in purposes:
        detail = f"{terms.purpose[:40]!r} is not a purpose: give one of {', '.join(purposes)}."
        raise BadInput("unknown-value", detail, at="purpose", value=terms.purpose)
    if reference and not terms.purpose:
        raise BadInput("missing-field", "Checks under this reference need a purpose: choose one.", at="purpose")
    if terms.purpose and not reference:
        detail = "Checks for this purpose need a reference: say under which agreement, case or operation they are made."
        raise BadInput("missing-field", detail, at="reference")
    if len(reference) > LONGEST_REFERENCE:
        raise BadInput("bad-value", f"A reference is at most {LONGEST_REFERENCE} characters.", at="reference")


def revoke_key(key: Key, *, by: Actor, now: datetime) -> None:
    """Take a key back: the next request with it is refused."""
    with transaction.atomic():
        key.revoked_at = now
        key.save(update_fields=["revoked_at"])
        RightsVersion.bump()
        write_entry(Event.KEY_REVOKED, by=by, at=now, detail={"key": key.pk})


def key_digest(text: str) -> bytes:
    """Return the SHA-256 under which a key is kept (32 bytes)."""
    return hashlib.sha256(text.encode()).digest()


def _country(text: str) -> str:
    try:
        return country_code(text)
    except ValueError as error:
        raise BadInput("unknown-country", str(error), at="country", value=text) from None
