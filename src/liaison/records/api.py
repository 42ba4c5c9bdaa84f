"""The API of feeding: `/api/feed`, `/api/batches`, `/api/schemas` (`docs/integrator/api.md`)."""

from collections.abc import Sequence
from typing import Any, BinaryIO, cast

import msgspec
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from liaison.access.requests import require_method, system_of_request
from liaison.errors import BadInput
from liaison.lib.blocks import in_blocks
from liaison.records.beside import feed_stream
from liaison.records.databases import all_databases, database_named
from liaison.records.defaults import read_defaults
from liaison.records.feed import open_batch, receipts_of, resume_batch
from liaison.records.formats import FORMATS
from liaison.records.models import Batch
from liaison.records.queries import own_batch, own_batches

_BY_TYPE = {"text/csv": "csv", "application/x-ndjson": "jsonl", "application/jsonl": "jsonl", "application/xml": "un"}
_JSON = "application/json"
MOST_BATCHES = 50


@csrf_exempt  # A key authorises, never a cookie, so no other site can make a browser send this.
def feed(request: HttpRequest, database: str) -> HttpResponse:
    """Take a stream of rows; answer when the last one is durable."""
    require_method(request, "POST")
    asker = system_of_request(request)
    declared = database_named(database)
    if batch_id := request.headers.get("Liaison-Batch"):
        batch = resume_batch(asker, batch_id, timezone.now())
    else:
        code = _format_of(request)
        if code == "ofac":
            raise BadInput(
                "missing-companion",
                "The OFAC list comes in three files: feed it by `liaison feed` or on the upload page.",
                at="format",
            )
        defaults = read_defaults({name: request.GET.getlist(name) for name in request.GET}, timezone.now().date())
        batch = open_batch(asker, declared.code, code, "", defaults, timezone.now())
    return _json(batch_summary(feed_stream(batch, _body_of(request), asker)))


def batches(request: HttpRequest) -> HttpResponse:
    """List the newest batches of the asker's own bureau; a feeder that was cut off finds here what to resume."""
    require_method(request, "GET")
    found = own_batches(system_of_request(request))
    if state := _asked(request, "state", Batch.State.values):
        found = found.filter(state=state)
    return _json({"batches": [batch_summary(one) for one in found[:MOST_BATCHES]]})


def batch(request: HttpRequest, batch_id: str) -> HttpResponse:
    """Say how a batch of the asker's own bureau stands."""
    require_method(request, "GET")
    return _json(batch_summary(own_batch(system_of_request(request), batch_id)))


def receipts(request: HttpRequest, batch_id: str) -> StreamingHttpResponse:
    """Stream the receipts of a batch as JSON lines, in row order."""
    require_method(request, "GET")
    found = own_batch(system_of_request(request), batch_id)
    refused_only = _asked(request, "outcome", ["refused"]) == "refused"
    # Who sent the file knows its header.
    told = (msgspec.structs.replace(one, header="") for one in receipts_of(found, refused_only=refused_only))
    lines = (msgspec.json.encode(receipt) + b"\n" for receipt in told)
    return StreamingHttpResponse(in_blocks(lines), content_type="application/x-ndjson")


def schema(request: HttpRequest, database: str) -> HttpResponse:
    """Serve the JSON Schema of the rows of a database; it holds no data and needs no key."""
    require_method(request, "GET")
    declared = database_named(database)
    described = msgspec.json.schema(declared.record) | {"title": declared.title}
    return _json({"$schema": "https://json-schema.org/draft/2020-12/schema", **described})


def schemas(request: HttpRequest) -> HttpResponse:
    """List the databases and where their schemas are."""
    require_method(request, "GET")
    return _json(
        {"databases": [{"code": code, "title": d.title, "schema": f"/api/schemas/{code}", "answers": d.answers,
                        "retention_days": d.retention_days} for code, d in all_databases().items()]}
    )  # fmt: skip


def batch_summary(batch: Batch) -> dict[str, Any]:
    """Return what a feeder wants to know of a batch."""
    return {
        "batch": batch.id,
        "database": batch.database,
        "state": batch.state,
        "rows": batch.rows_done,
        "accepted": batch.accepted,
        "unchanged": batch.unchanged,
        "updated": batch.updated,
        "refused": batch.refused,
        "receipts": f"/api/batches/{batch.id}/receipts",
    }


def _body_of(request: HttpRequest) -> BinaryIO:
    """Return the body as it arrives; Django itself reads nothing of one whose length was not told beforehand."""
    is_measured = bool(request.headers.get("Content-Length"))
    return cast(BinaryIO, request if is_measured else request.META["wsgi.input"])


def _asked(request: HttpRequest, name: str, known: Sequence[str]) -> str:
    """Return what a list is to be narrowed to, "" for nothing; raise BadInput for what there is not."""
    value = request.GET.get(name, "")
    if value and value not in known:
        detail = f"There is no {name} {value[:40]!r} to ask for: give {' or '.join(known)}, or nothing for all."
        raise BadInput("unknown-value", detail, at=name, value=value)
    return value


def _format_of(request: HttpRequest) -> str:
    """Return the format that the request names, by `?format=` or by its content type."""
    if named := request.GET.get("format"):
        return named
    kind = (request.content_type or "").lower()
    if kind in _BY_TYPE:
        return _BY_TYPE[kind]
    known = ", ".join(FORMATS)
    raise BadInput("unknown-format", f"Name the format with ?format=, one of {known}.", at="format", value=kind)


def _json(data: object) -> HttpResponse:
    return HttpResponse(msgspec.json.encode(data), content_type=_JSON)
