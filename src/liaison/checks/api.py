"""The second step of a check: the full record, under the purpose and reference of the check."""

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from liaison.access.requests import arrival_of_request, require_method, system_of_request
from liaison.access.rules import Asker
from liaison.agencies.queries import agency_labels
from liaison.checks.actions import read_after_check
from liaison.errors import BadInput
from liaison.records.databases import RecordFields
from liaison.records.storage import Stored


def record(request: HttpRequest, reference: str) -> HttpResponse:
    """Return a record that the named check showed; the same answer for no rights and no record."""
    require_method(request, "GET")
    asker = system_of_request(request)
    entry = request.GET.get("check", "")
    if not entry.isascii() or not entry.isdigit() or len(entry) > 18:
        raise BadInput("missing-check", "Name the check that showed the record: ?check=ENTRY.", at="check", value=entry)
    stored = read_after_check(asker, reference, int(entry), timezone.now(), arrival_of_request(request).officer)
    body = {
        "record": stored.reference,
        "database": stored.database,
        "source": agency_labels()[stored.owner],
        "recorded_on": stored.recorded_on,
        "expires_on": stored.expires_on,
        "fields": fields_shown(stored, asker),
    }
    return HttpResponse(msgspec.json.encode(body), content_type="application/json")


def fields_shown(stored: Stored, asker: Asker) -> RecordFields:
    """Return a record's fields; against whom it is restricted is for its owner only, being confidential (RPD 58)."""
    return (
        stored.fields if stored.owner == asker.bureau else msgspec.structs.replace(stored.fields, restricted_against=[])
    )
