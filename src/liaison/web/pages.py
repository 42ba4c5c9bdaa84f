"""The pages that belong to no part of the house: where a person starts, and what this installation is."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.defaults import server_error

from liaison.access.requests import WrongMethod, asker_of_request, officer_of_request, require_method
from liaison.access.rules import Asker
from liaison.agencies.models import Officer
from liaison.agencies.queries import agency_labels, person_of
from liaison.agencies.rules import Person
from liaison.checks.forms import BoxForm
from liaison.checks.pages import remembered, stale_check
from liaison.errors import LiaisonError, NotFound
from liaison.oversight.queries import count_to_look_at
from liaison.records.entry_pages import stale_form
from liaison.records.pages import enterable, feedable
from liaison.records.queries import own_batches
from liaison.web.problems import problem_response


def home(request: HttpRequest) -> HttpResponse:
    """Show where to start: officers get the check box."""
    require_method(request, "GET")
    asker = asker_of_request(request)
    may_check = any(operation == "check" for _database, operation in asker.entitlements)
    is_officer = asker.duty == Officer.Duty.OFFICER
    context = {
        "form": BoxForm(initial=remembered(request)) if is_officer and may_check else None,
        "check_url": reverse("check"),
        "tiles": _officer_tiles(asker) if is_officer else _other_tiles(asker, person_of(officer_of_request(request))),
        "ask": "" if asker.entitlements or not is_officer else agency_labels()[asker.bureau],
    }
    return render(request, "web/home.html", context)


def no_such_page(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  Django names it
    """Answer an address that nothing has: as a problem to programs, as a page to people."""
    if _asks_api(request):
        return problem_response(NotFound("no-such-page", "There is no such page."))
    return render(request, "404.html", status=404)


def fault(request: HttpRequest) -> HttpResponse:
    """Answer where something broke on our side, and show nothing of our inside."""
    if _asks_api(request):
        return problem_response(LiaisonError("failed", "This failed by a fault of the service: ask its operator."))
    return server_error(request)


def not_our_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Refuse a form without our token.  No path of the API takes one: a program that comes here used a wrong method."""
    if _asks_api(request):
        return problem_response(WrongMethod("wrong-method", "Use GET here."))
    return stale_check(request) or stale_form(request, reason)


def _asks_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def about(request: HttpRequest) -> HttpResponse:
    """Say what this installation is and is not; everybody may read it."""
    require_method(request, "GET")
    return render(request, "web/disclaimer.html")


def _officer_tiles(asker: Asker) -> list[dict[str, Any]]:
    may_feed = feedable(asker)
    tiles = []
    if may_feed:
        open_batches = own_batches(asker).filter(state="open").count()
        tiles.append(_tile("upload", gettext("Feed a file"), gettext("Many records at once, from a file.")))
        if enterable(asker):
            tiles.append(_tile("entry", gettext("Enter a record"), gettext("One record, by hand.")))
        tiles.append(_tile("batches", gettext("Batches in progress"), gettext("Files being fed now."), open_batches))
        tiles.append(_tile("own_records", gettext("Own records"), gettext("What your bureau has recorded.")))
    tiles.append(_tile("entitlements", gettext("Access"), gettext("What your agency may do, and since when.")))
    return tiles


def _other_tiles(asker: Asker, person: Person) -> list[dict[str, Any]]:
    tiles = []
    if asker.duty == Officer.Duty.ADMINISTRATOR:
        tiles.append(_tile("agencies", gettext("Agencies"), gettext("Accounts, systems and their keys.")))
    tiles.append(_tile("entitlements", gettext("Access"), gettext("What agencies may do, and since when.")))
    tiles.append(_tile("register", gettext("Register"), gettext("Who did what, when, and why.")))
    if asker.duty == Officer.Duty.AUDITOR:
        text = gettext("Checks that somebody should explain.")
        tiles.append(_tile("spot_checks", gettext("Spot checks"), text, count_to_look_at(person)))
    return tiles


def _tile(name: str, title: str, text: str, count: int | None = None) -> dict[str, Any]:
    return {"title": title, "text": text, "url": reverse(name), "count": count}
