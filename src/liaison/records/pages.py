"""The pages of a source: feed files, see what became of them, keep the bureau's own records."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from liaison.access.grants import grant
from liaison.access.requests import acting, officer_asker_of_request, require_method
from liaison.access.rules import Asker
from liaison.agencies.queries import actor_label
from liaison.audit.actions import write_entry
from liaison.audit.events import Event
from liaison.errors import BadInput, Conflict, NotFound, Problem, Refused
from liaison.lib.blocks import in_blocks
from liaison.records import uploads
from liaison.records.actions import change_state, own_record
from liaison.records.databases import all_databases
from liaison.records.describing import describe
from liaison.records.entry_forms import form_for
from liaison.records.feed import Receipt, receipts_of, resume_batch, with_headers
from liaison.records.forms import OwnRecordsForm, ReasonForm, UploadForm, add_problems
from liaison.records.models import Batch
from liaison.records.queries import RefusedRows, error_reports, own_batch, own_batches
from liaison.records.refusals import refused_sheet, shown_refusal
from liaison.records.storage import OwnSearch, Stored, database_of, list_own, read_reference, versions_of
from liaison.records.uploads import Trial

PER_PAGE = 50
_CHANGES = {
    "created": _("Recorded"),
    "updated": _("Changed"),
    "blocked": _("Blocked"),
    "unblocked": _("Blocking ended"),
    "withdrawn": _("Withdrawn"),
}
_ACTS = {"block": _("The record is blocked."), "unblock": _("The blocking has ended."),
         "withdraw": _("The record is withdrawn.")}  # fmt: skip
_COUNTS = ("accepted", "updated", "unchanged", "refused")


class KeysetPage(NamedTuple):
    """A page of a list that is read from a place in an index, not by its number."""

    object_list: Sequence[Any]
    previous_page_number: str
    next_page_number: str

    @property
    def has_previous(self) -> bool:
        """Say whether there is an earlier page."""
        return bool(self.previous_page_number)

    @property
    def has_next(self) -> bool:
        """Say whether there is a later page."""
        return bool(self.next_page_number)


def feedable(asker: Asker) -> list[str]:
    """Return the codes of the databases that the asker may feed."""
    return [code for code in all_databases() if (code, "feed") in asker.entitlements]


def enterable(asker: Asker) -> list[str]:
    """Return the codes of the databases that the asker may feed and whose records can be typed."""
    return [code for code in feedable(asker) if form_for(code)]


def batches(request: HttpRequest) -> HttpResponse:
    """List the batches of this bureau."""
    require_method(request, "GET")
    asker = officer_asker_of_request(request)
    page: Any = Paginator(own_batches(asker), PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = [_listed(batch) for batch in page.object_list]
    context = {
        "page": page,
        "upload_url": reverse("upload") if feedable(asker) else "",
        "section_navigation": parts(request, asker),
    }
    return render(request, "records/batches.html", context)


def upload(request: HttpRequest) -> HttpResponse:
    """Take a file, and feed it in the background; the page of its batch says how far it is."""
    require_method(request, "GET", "POST")
    asker, now = officer_asker_of_request(request), timezone.now()
    databases = require_feedable(asker)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(*sent, databases=databases, today=now.date())
    if form.is_valid():
        return HttpResponseRedirect(reverse("batch", args=[_begin(form, asker, now)]))
    context = {"form": form, "section_navigation": parts(request, asker)}
    return render(request, "records/upload.html", context)


def batch(request: HttpRequest, batch_id: str) -> HttpResponse:
    """Show how a batch or a trial stands, and its refused rows; POST lets an interrupted batch go on."""
    require_method(request, "GET", "POST")
    asker = officer_asker_of_request(request)
    trial = _own_trial(asker, batch_id)
    found = None if trial else own_batch(asker, batch_id)
    if request.method == "POST":
        if found is None or not uploads.has_files(batch_id) or uploads.is_running(batch_id):
            raise Conflict("batch-closed", "This batch cannot go on: it is complete, or it is being fed.")
        uploads.start_feeding(resume_batch(asker, batch_id, timezone.now()), asker)
        return HttpResponseRedirect(reverse("batch", args=[batch_id]))
    return render(request, "records/batch.html", _batch_context(request, asker, trial, found))


def refused_rows(request: HttpRequest, batch_id: str) -> HttpResponseBase:
    """Send the refused rows as CSV: what was wrong with each, and the row as it was sent."""
    require_method(request, "GET")
    asker = officer_asker_of_request(request)
    trial = _own_trial(asker, batch_id)
    found: Any = trial or own_batch(asker, batch_id)
    if trial:
        receipts: Iterable[Receipt] = uploads.refused_rows_of(trial, 0, trial.refused)
    else:
        receipts = with_headers(receipts_of(found, refused_only=True))
    lines = in_blocks(refused_sheet(receipts, found.database))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="refused-{batch_id}.csv"'
    return response


def own_records(request: HttpRequest) -> HttpResponse:
    """List the records that this bureau is the source of, by source reference; the listing is an entry."""
    require_method(request, "GET")
    asker, now = officer_asker_of_request(request), timezone.now()
    databases = feedable(asker)
    form = OwnRecordsForm(request.GET or None, databases=databases)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    database = asked.get("database") or next(iter(databases), "")
    context = {
        "form": form,
        "searched": bool(asked.get("q") or asked.get("state") or asked.get("database") or request.GET.get("page")),
        "page": KeysetPage((), "", ""),
        "entry_url": reverse("entry") if enterable(asker) else "",
        "section_navigation": parts(request, asker),
    }
    if database and not form.errors:
        context["page"] = _own_page(asker, database, asked, request.GET.get("page", ""), now)
    return render(request, "records/own_records.html", context)


def own(request: HttpRequest, reference: str) -> HttpResponse:
    """Show one of the bureau's own records with its history; POST blocks, unblocks or withdraws it."""
    require_method(request, "GET", "POST")
    asker, now = officer_asker_of_request(request), timezone.now()
    stored = own_record(asker, reference, now)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _change(request, asker, reference, form, now):
        act = request.POST["action"]
        target = reverse("own_records") if act == "withdraw" else reverse("own_record", args=[reference])
        return HttpResponseRedirect(target)
    write_entry(Event.RECORD_READ, by=acting(asker), at=now, database=stored.database, shown=[reference])
    context = {
        "record": describe(stored, now.date(), for_owner=True) | {"versions": _history(asker, stored)},
        "reports": [
            {"at": report.at, "by": report.reported_by.name, "text": report.text}
            for report in error_reports(stored.number)
        ],
        "may": {
            "block": stored.state == "active", "unblock": stored.state == "blocked", "withdraw": True,
        },
        "action_form": form,
        "form": form,
        "section_navigation": parts(request, asker),
    }  # fmt: skip
    return render(request, "records/record_own.html", context)


def parts(request: HttpRequest, asker: Asker) -> list[dict[str, Any]]:
    """Return the pages of this part of the house that the asker may use."""
    may_feed = feedable(asker)
    parts = [
        ("batches", gettext("Batches"), True),
        ("upload", gettext("Feed a file"), bool(may_feed)),
        ("own_records", gettext("Own records"), True),
        ("entry", gettext("Enter a record"), bool(enterable(asker))),
    ]
    return [
        {"label": label, "url": reverse(name), "current": _is_at(request.path, name)}
        for name, label, is_open in parts
        if is_open
    ]


def _is_at(path: str, name: str) -> bool:
    """Say whether a path is that of a page, or of a form of entry, of which each database has its own."""
    return path.startswith(reverse(name)) if name == "entry" else path == reverse(name)


def require_feedable(asker: Asker) -> list[str]:
    """Return the databases that the asker may feed; raise Refused when there is none."""
    databases = feedable(asker)
    if not databases:
        raise Refused("no-entitlement", "You may feed no database: ask your bureau.")
    return databases


def _begin(form: UploadForm, asker: Asker, now: datetime) -> str:
    """Keep the sent file, open a batch or a trial for it, start; return its id."""
    asked, file_name = form.cleaned_data, form.cleaned_data["file"].name
    uploads.forget_left_overs(now)
    if asked["dry_run"]:
        grant(asker, "feed", asked["database"])
        trial = uploads.new_trial(asker, asked["database"], asked["format"], file_name, form.defaults, now)
        uploads.keep_files(trial.id, form.files_sent)
        uploads.start_trial(trial, asker)
        return trial.id
    opened = uploads.open_kept_batch(
        asker, asked["database"], asked["format"], file_name, form.defaults, form.files_sent, now
    )
    uploads.start_feeding(opened, asker)
    return opened.id


def _own_trial(asker: Asker, name: str) -> Trial | None:
    trial = uploads.trial_of(name, asker.bureau)
    return trial if trial and trial.database in feedable(asker) else None


def _listed(batch: Batch) -> dict[str, Any]:
    """Return a batch as a line of the list."""
    return {
        "id": batch.id,
        "url": reverse("batch", args=[batch.id]),
        "file_name": gettext("Entered by hand") if batch.format == "hand" else batch.file_name,
        "database": batch.database,
        "state": _state_of(batch),
        "started_at": batch.opened_at,
        **{name: getattr(batch, name) for name in _COUNTS},
    }


def _state_of(fed: Batch | Trial) -> str:
    """Return what a person calls the state: in progress, accepted, partly accepted or refused."""
    if fed.state == "open":
        return "in_progress"
    taken = fed.accepted + (fed.updated + fed.unchanged if isinstance(fed, Batch) else 0)
    if fed.state == "closed" and not fed.refused:
        return "accepted"
    return "partly_accepted" if taken else "refused"


def _batch_context(request: HttpRequest, asker: Asker, trial: Trial | None, found: Batch | None) -> dict[str, Any]:
    fed: Any = trial or found
    refusals: Any = _TrialRows(trial) if trial else RefusedRows(fed)
    page = Paginator(refusals, PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = [shown_refusal(receipt, fed.database) for receipt in page.object_list]
    running = uploads.is_running(fed.id)
    shown = _listed(fed) if found else _listed_trial(fed)
    shown |= {
        "dry_run": trial is not None,
        "finished_at": fed.closed_at,
        "by": actor_label(fed.actor),
        "done": fed.rows_done,
        "whole": 0,
        "is_fed_here": running,
        "may_go_on": found is not None and fed.state == "open" and not running and uploads.has_files(fed.id),
        "is_lost": trial is not None and fed.state == "open" and not running,
        "download_url": reverse("refused_rows", args=[fed.id]) if fed.refused else "",
    }
    code, _colon, detail = fed.failure.partition(": ")
    problem = Problem(code, detail) if fed.failure else None
    return {"batch": shown, "page": page, "problem": problem, "section_navigation": parts(request, asker)}


def _listed_trial(trial: Trial) -> dict[str, Any]:
    counts = {"accepted": trial.accepted, "updated": 0, "unchanged": 0, "refused": trial.refused}
    return counts | {
        "id": trial.id, "file_name": trial.file_name, "database": trial.database, "state": _state_of(trial),
        "started_at": trial.opened_at,
    }  # fmt: skip


class _TrialRows:
    """The refused rows of a trial as a sequence that reads only what is looked at."""

    def __init__(self, trial: Trial) -> None:
        self._trial = trial

    def __len__(self) -> int:
        return self._trial.refused

    def __getitem__(self, wanted: slice) -> list[Receipt]:
        start, stop, _ = wanted.indices(len(self))
        return list(uploads.refused_rows_of(self._trial, start, stop))


def _own_page(asker: Asker, database: str, asked: dict[str, Any], place: str, now: datetime) -> KeysetPage:
    """Return a page of own records; `place` is ">" or "<" and a source reference: behind it, or in front of it."""
    right, text = grant(asker, "feed", database), asked.get("q", "")
    if found := _by_reference(asker, database, text, now):
        page = KeysetPage([_own_line(found)], "", "")
    else:
        direction = {">": "after", "<": "before"}.get(place[:1], "")
        search = OwnSearch(begins=text, state=asked.get("state", ""))
        if direction:
            search = msgspec.structs.replace(search, **{direction: place[1:]})
        page = _keyset_page(list_own(right, search, now.date(), PER_PAGE + 1), direction)
    shown = [line["reference"] for line in page.object_list]
    searched = {"text": text, "state": asked.get("state", "")}
    write_entry(Event.RECORDS_LISTED, by=acting(asker), at=now, database=database, shown=shown, searched=searched)
    return page


def _keyset_page(found: list[Stored], direction: str) -> KeysetPage:
    """Cut a list that was read one longer than a page, and say where the pages beside it begin."""
    is_longer = len(found) > PER_PAGE
    kept = found[-PER_PAGE:] if direction == "before" else found[:PER_PAGE]
    has_previous = is_longer if direction == "before" else direction == "after"
    has_next = is_longer if direction != "before" else True
    previous = f"<{kept[0].source_reference}" if kept and has_previous else ""
    following = f">{kept[-1].source_reference}" if kept and has_next else ""
    return KeysetPage([_own_line(stored) for stored in kept], previous, following)


def _by_reference(asker: Asker, database: str, text: str, now: datetime) -> Stored | None:
    """Return the bureau's own record with exactly this record reference, or None."""
    if not text or database_of(text.upper()) != database:
        return None
    return read_reference(grant(asker, "feed", database), text.upper(), now.date())


def _own_line(stored: Stored) -> dict[str, Any]:
    return {
        "reference": stored.reference,
        "url": reverse("own_record", args=[stored.reference]),
        "headline": all_databases()[stored.database].headline(stored.fields),
        "database": stored.database,
        "source_reference": stored.source_reference,
        "state": stored.state,
        "expires_on": stored.expires_on.isoformat(),
    }


def _change(request: HttpRequest, asker: Asker, reference: str, form: ReasonForm, now: datetime) -> bool:
    """Change the state of an own record; say in the form why it could not be done."""
    act = request.POST.get("action", "")
    if act not in _ACTS:
        raise NotFound("no-such-record", "There is no such record.")
    try:
        change_state(asker, reference, act, form.cleaned_data["reason"], now)
    except (BadInput, Conflict) as error:
        add_problems(form, error.problems, {})
        return False
    messages.success(request, _ACTS[act])
    return True


def _history(asker: Asker, stored: Stored) -> list[dict[str, Any]]:
    lines = versions_of(grant(asker, "feed", stored.database), stored)
    return [
        {
            "number": len(lines) - place, "at": line.at, "by": actor_label(line.actor),
            "change": _CHANGES.get(line.change, line.change),
        }
        for place, line in enumerate(lines)
    ]  # fmt: skip
