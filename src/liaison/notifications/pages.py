"""The list of notifications, and the bell in the header of every page."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import F, Max
from django.db.models.lookups import IsNull
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from liaison.agencies.models import Officer
from liaison.agencies.requests import officer_of_request, posted_number, require_method
from liaison.notifications.actions import mark_all_read, mark_read
from liaison.notifications.queries import MOST_COUNTED, count_unread, describe, notifications_of
from liaison.notifications.rules import Reader

PER_PAGE = 50
# What htmx takes for: ask no more.
_STOP_ASKING = 286


def reader_of(officer: Officer) -> Reader:
    """Return the officer as one who reads the list."""
    return Reader(officer.actor, officer.agency_id, officer.duty)


def notifications(request: HttpRequest) -> HttpResponse:
    """Show what there is to know, the unread first; mark one or all as read, or open one."""
    require_method(request, "GET", "POST")
    reader = reader_of(officer_of_request(request))
    if request.method == "POST":
        return _act(request, reader)
    now = timezone.now()
    ordered = notifications_of(reader).order_by(IsNull(F("read_at"), False), "-number")
    page: Any = Paginator(ordered, PER_PAGE).get_page(request.GET.get("page"))
    found = list(page.object_list)
    page.object_list = [
        {"notification": one, "shown": shown}
        for one, shown in zip(found, describe(reader, found, now), strict=True)
    ]  # fmt: skip
    newest = notifications_of(reader).aggregate(newest=Max("number"))["newest"]
    context = {"page": page, "unread": count_unread(reader), "until": newest or 0}
    return render(request, "notifications/list.html", context)


def bell(request: HttpRequest) -> HttpResponse:
    """Show the bell alone, as a page asks for it now and then; whoever is signed out is not asked to sign in by it."""
    require_method(request, "GET")
    if request.headers.get("HX-Request") and not isinstance(request.user, Officer):
        return render(request, "notifications/_bell.html", {"bell": bell_of(0)}, status=_STOP_ASKING)
    reader = reader_of(officer_of_request(request))
    return render(request, "notifications/_bell.html", {"bell": bell_of(count_unread(reader))})


def bell_of(unread: int) -> dict[str, Any]:
    """Return what the bell shows of a number of unread notifications."""
    return {"unread": unread, "text": str(unread) if unread <= MOST_COUNTED else f"{MOST_COUNTED}+"}


def _act(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Do what a button says, and go back to where it was, or to what was opened."""
    now, place = timezone.now(), request.POST.get("place", "")
    if request.POST.get("action") == "read_all":
        mark_all_read(reader, posted_number(request, "until"), now=now)
        return redirect("notifications")
    mark_read(reader, [place], now=now)
    inbox, _, number = place.rpartition(".")
    if request.POST.get("action") == "open" and number.isascii() and number.isdigit():
        one = notifications_of(reader).filter(inbox=inbox, number=number[:18]).first()
        shown = describe(reader, [one], now)[0] if one else None
        if shown and shown.link:
            return redirect(shown.link)
    return redirect(request.get_full_path())
