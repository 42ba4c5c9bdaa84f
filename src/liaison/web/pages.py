"""The pages that belong to no part of the house: where a person starts, and what this installation is."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from liaison.access.requests import asker_of_request, require_method
from liaison.access.rules import Asker
from liaison.agencies.models import Officer
from liaison.checks.forms import BoxForm
from liaison.checks.pages import remembered
from liaison.records.pages import feedable
from liaison.records.queries import own_batches


def home(request: HttpRequest) -> HttpResponse:
    """Show where to start: officers get the check box."""
    require_method(request, "GET")
    asker = asker_of_request(request)
    may_check = any(operation == "check" for _database, operation in asker.entitlements)
    is_officer = asker.duty == Officer.Duty.OFFICER
    context = {
        "form": BoxForm(initial=remembered(request)) if is_officer and may_check else None,
        "check_url": reverse("check"),
        "tiles": _officer_tiles(asker) if is_officer else _other_tiles(asker),
    }
    return render(request, "web/home.html", context)


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
        if "nominal" in may_feed:
            tiles.append(_tile("entry", gettext("Enter a record"), gettext("One person or organisation, by hand.")))
        tiles.append(_tile("batches", gettext("Batches in progress"), gettext("Files being fed now."), open_batches))
        tiles.append(_tile("own_records", gettext("Own records"), gettext("What your bureau has recorded.")))
    tiles.append(_tile("entitlements", gettext("Access"), gettext("What your agency may do, and since when.")))
    return tiles


def _other_tiles(asker: Asker) -> list[dict[str, Any]]:
    tiles = []
    if asker.duty == Officer.Duty.ADMINISTRATOR:
        tiles.append(_tile("agencies", gettext("Agencies"), gettext("Accounts, systems and their keys.")))
    tiles.append(_tile("entitlements", gettext("Access"), gettext("What agencies may do, and since when.")))
    tiles.append(_tile("register", gettext("Register"), gettext("Who did what, when, and why.")))
    return tiles


def _tile(name: str, title: str, text: str, count: int | None = None) -> dict[str, Any]:
    return {"title": title, "text": text, "url": reverse(name), "count": count}
