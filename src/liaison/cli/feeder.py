"""Carry a file to a Liaison, on this machine or by HTTP, and say what became of the rows."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from liaison.errors import BadInput

SHOWN_REFUSALS = 20
Tell = Callable[[int], None]


class Order(NamedTuple):
    """What is to be fed, where, with which defaults; `batch` names one to resume."""

    file: Path
    database: str
    format: str
    defaults: Mapping[str, Sequence[str]]
    batch: str
    is_dry_run: bool
    key: str
    address: str


def feed_file(order: Order, tell: Tell) -> dict[str, Any]:
    """Feed the file; return the counts, and the first refusals as lines for people."""
    if not order.file.is_file():
        raise BadInput("unreadable-file", "There is no such file: check the path.", at=str(order.file))
    if order.address:
        return _feed_by_http(order)
    return _try_here(order, tell) if order.is_dry_run else _feed_here(order, tell)


def _rows(order: Order, code: str) -> Iterator[Any]:
    """Open the file in its format; the OFAC list brings its two companions."""
    from django.conf import settings

    from liaison.records.formats import Limits, find_companions, open_ofac, open_rows

    limits = Limits(max_uncompressed_bytes=settings.LIAISON_MAX_FEED_BYTES)
    if code != "ofac":
        with order.file.open("rb") as source:
            yield from open_rows(source, format=code, limits=limits)
        return
    alt, add = find_companions(order.file)
    with order.file.open("rb") as source, alt.open("rb") as aliases, add.open("rb") as addresses:
        yield from open_ofac(source, aliases, addresses, limits=limits)


def _format(order: Order) -> str:
    from liaison.records.formats import guess_format

    return order.format or guess_format(order.file.name)


def _feed_here(order: Order, tell: Tell) -> dict[str, Any]:
    from django.conf import settings
    from django.utils import timezone

    from liaison.access.queries import asker_of_key
    from liaison.lib.priority import FEEDING, step_back
    from liaison.records.defaults import read_defaults
    from liaison.records.feed import feed_rows, open_batch, receipts_of, resume_batch
    from liaison.records.pacing import Pace

    step_back(FEEDING)
    now = timezone.now()
    asker = asker_of_key(order.key, now)
    if order.batch:
        batch = resume_batch(asker, order.batch, now)
    else:
        defaults = read_defaults(order.defaults, now.date())
        batch = open_batch(asker, order.database, _format(order), order.file.name, defaults, now)
    pace = Pace(settings.LIAISON_HOME / "index")
    for fed in feed_rows(batch, _rows(order, batch.format), asker, timezone.now, pace):
        tell(fed.rows_done)
    _bring_index_up_to_date()
    refused = islice(receipts_of(batch, refused_only=True), SHOWN_REFUSALS)
    counts = {name: getattr(batch, name) for name in ("accepted", "unchanged", "updated", "refused")}
    return {"batch": batch.id, "database": batch.database, **counts, "refusals": _lines(refused)}


def _bring_index_up_to_date() -> None:
    """Let whoever checks next find the index on disk current; where that fails, warn: what was fed is durable."""
    from django.conf import settings

    from liaison.cli.screen_text import errors
    from liaison.records.indexing import make_current

    try:
        make_current(settings.LIAISON_HOME / "index")
    except Exception as error:  # The index is made again from the records: no trouble with it undoes a feed.
        detail = f"The index was not brought up to date ({error}): see `liaison doctor`, or `liaison index --rebuild`."
        errors.print(f"Warning: {detail} What was fed is kept.", markup=False, soft_wrap=True)


def _try_here(order: Order, tell: Tell) -> dict[str, Any]:
    from django.utils import timezone

    from liaison.access.queries import asker_of_key
    from liaison.records.defaults import read_defaults
    from liaison.records.feed import try_rows

    now = timezone.now()
    asker = asker_of_key(order.key, now)
    defaults = read_defaults(order.defaults, now.date())
    counts = {"acceptable": 0, "refused": 0}
    refusals: list[Any] = []
    code = _format(order)
    for receipt in try_rows(_rows(order, code), order.database, asker, defaults, timezone.now, format=code):
        counts[receipt.outcome] += 1
        if receipt.problems and len(refusals) < SHOWN_REFUSALS:
            refusals.append(receipt)
        tell(receipt.row)
    return {"database": order.database, "dry_run": True, **counts, "refusals": _lines(refusals)}


def _feed_by_http(order: Order) -> dict[str, Any]:
    """Send the file as it is; the service reads it while it arrives."""
    import httpx

    from liaison.errors import Unavailable

    if order.is_dry_run or _format(order) == "ofac":
        raise BadInput("only-here", "A dry run and the OFAC list work on the home of this machine only.", at="--url")
    try:
        return _send(order)
    except httpx.TransportError as error:
        detail = f"The service cannot be reached ({error}): what it has acknowledged is kept. Try again, or resume."
        raise Unavailable("unreachable", detail, at="--url") from None


def _send(order: Order) -> dict[str, Any]:
    import httpx

    from liaison.cli.client import refusal

    query = [(name, value) for name, values in order.defaults.items() for value in values if value]
    headers = {"Authorization": f"Bearer {order.key}"} | ({"Liaison-Batch": order.batch} if order.batch else {})
    with order.file.open("rb") as source, httpx.Client(base_url=order.address, timeout=None) as http:  # noqa: S113
        response = http.post(
            f"/api/feed/{order.database}", params=[("format", _format(order)), *query], content=source, headers=headers
        )
        if response.status_code != 200:
            raise refusal(response.status_code, response.content)
        summary: dict[str, Any] = response.json()
        receipts = http.get(summary.pop("receipts"), params={"outcome": "refused"}, headers=headers).iter_lines()
        lines = [msgspec.json.decode(line, type=_receipt_type()) for line in islice(receipts, SHOWN_REFUSALS)]
    return {**summary, "refusals": _lines(lines)}


def _receipt_type() -> Any:
    from liaison.records.feed import Receipt

    return Receipt


def _lines(refused: Any) -> list[str]:
    return [
        f"row {receipt.row}: {problem.code}{' at ' + problem.at if problem.at else ''}: {problem.detail}"
        for receipt in refused
        for problem in receipt.problems
    ]
