"""The pages of an entry by hand: one record of any database, typed by a person; nothing typed is ever lost."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.csrf import csrf_failure

from liaison.access.requests import officer_asker_of_request, require_method
from liaison.access.rules import Asker
from liaison.errors import BadInput, NotSignedIn, Problem, Refused
from liaison.lib.ids import dated_id
from liaison.records.databases import all_databases
from liaison.records.entry_forms import EntryForm, Row, form_for
from liaison.records.feed import feed_one, try_rows
from liaison.records.formats import Row as FedRow
from liaison.records.forms import add_problems
from liaison.records.pages import enterable, parts

# What an entry by hand leaves to the next one of the same session: never whom or what it is about.
REMEMBERED = "entry"
_CARRIED = ("purpose", "confidentiality_level", "expires_on", "special_conditions", "restricted_against")
# In which database this session entered its last record.
LAST = "entry_database"
_PATHS = ("entry_in", "duplicates")


def entry(request: HttpRequest) -> HttpResponse:
    """Lead to the form of the database that was entered last, or of the first that may be."""
    require_method(request, "GET")
    may_enter = enterable(officer_asker_of_request(request))
    if not may_enter:
        return _nothing_to_enter(request)
    last = request.session.get(LAST)
    first = "nominal" if "nominal" in may_enter else may_enter[0]
    return HttpResponseRedirect(reverse("entry_in", args=[last if last in may_enter else first]))


def entry_in(request: HttpRequest, database: str) -> HttpResponse:
    """Take one record by hand."""
    require_method(request, "GET", "POST")
    try:
        asker, now = officer_asker_of_request(request), timezone.now()
    except NotSignedIn:
        return signed_out(request, database)
    made = form_for(database) if database in enterable(asker) else None
    if made is None:
        return _nothing_to_enter(request)
    if request.method == "POST":
        return _take(request, made(request.POST), asker, now)
    request.session[LAST] = database
    carried = request.session.get(REMEMBERED, {})
    reference = f"HAND-{dated_id(now)}"
    return render_entry(request, made(initial=carried | {"source_reference": reference}), carried=carried)


def signed_out(request: HttpRequest, database: str) -> HttpResponse:
    """Give what was typed back to somebody whose session has ended; raise NotSignedIn when nothing was."""
    made = form_for(database) if database in all_databases() else None
    if request.method != "POST" or made is None:
        raise NotSignedIn("no-key", "Sign in first.")
    return render_entry(request, made.typed(request.POST), notice="signed_out", status=403)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is too old: one of ours comes back with what was typed, to be sent again.

    Only to our own pages: what another site posts is never shown as if this person had typed it.
    """
    place, database = request.resolver_match, ""
    if place and place.url_name in _PATHS:
        database = str(place.kwargs.get("database", ""))
    made = form_for(database) if database in all_databases() else None
    is_ours = request.headers.get("Origin") in (settings.LIAISON_ADDRESS, request.build_absolute_uri("/")[:-1])
    if made is None or not is_ours:
        return csrf_failure(request, reason)
    return render_entry(request, made.typed(request.POST), notice="stale", status=403)


def render_entry(
    request: HttpRequest,
    form: EntryForm,
    *,
    duplicates: object = None,
    carried: dict[str, Any] | None = None,
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    """Return the page of an entry by hand; `notice` says why it comes back: "signed_out" or "stale"."""
    code = form.database.code
    try:
        asker = officer_asker_of_request(request)
    except (NotSignedIn, Refused):
        asker = None
    context = {
        "form": form,
        "database": code,
        "databases": _choices(enterable(asker), code) if asker else [],
        "carried": [form[name] for name in _CARRIED if (carried or {}).get(name)],
        "notice": notice,
        "duplicates_url": reverse("duplicates", args=[code]),
        "duplicates": duplicates,
        "section_navigation": parts(request, asker) if asker else [],
    }
    return render(request, "records/entry.html", context, status=status)


def _choices(codes: Sequence[str], chosen: str) -> list[dict[str, Any]]:
    return [{"code": code, "url": reverse("entry_in", args=[code]), "current": code == chosen} for code in codes]


def _nothing_to_enter(request: HttpRequest) -> HttpResponse:
    """Say that no record of this kind may be entered, and where to go; a database that is not there is the same."""
    asker = officer_asker_of_request(request)
    context = {"databases": _choices(enterable(asker), ""), "section_navigation": parts(request, asker)}
    return render(request, "records/entry_none.html", context, status=403)


def _take(request: HttpRequest, form: EntryForm, asker: Asker, now: datetime) -> HttpResponse:
    """Record a filled form and lead on, or show everything that is wrong with it."""
    code = form.database.code

    def problems_of(row: Row) -> Sequence[Problem]:
        judged = try_rows([FedRow(1, row, None, "")], code, asker, {}, lambda: now, format="hand")
        return next(judged).problems

    form.full_clean()
    form.judge(problems_of)
    receipt = None
    if form.is_valid():
        try:
            receipt = feed_one(asker, code, form.row(), now)
        except BadInput as error:
            # Since it was judged somebody else took the reference, or the right to feed has ended.
            add_problems(form, error.problems, dict(form.places))
    if receipt is None:
        return render_entry(request, form)
    _say_recorded(request, form, is_known=receipt.outcome == "unchanged")
    request.session[REMEMBERED] = {}
    if request.POST.get("action") == "save_and_next":
        request.session[REMEMBERED] = {name: form.cleaned_data[name] for name in _CARRIED if form.cleaned_data[name]}
        return HttpResponseRedirect(reverse("entry_in", args=[code]))
    return HttpResponseRedirect(reverse("own_record", args=[receipt.reference]))


def _say_recorded(request: HttpRequest, form: EntryForm, *, is_known: bool) -> None:
    said = {"name": form.headline()}
    if is_known:
        messages.info(request, gettext("This record was sent twice and stands once: %(name)s") % said)
    else:
        messages.success(request, gettext("Recorded: %(name)s") % said)
