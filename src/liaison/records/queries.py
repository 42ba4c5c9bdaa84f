"""Look up batches and their refused rows, a page at a time."""

from collections.abc import Iterator
from typing import overload

import msgspec
from django.db.models import QuerySet

from liaison.access.rules import Asker
from liaison.errors import NotFound
from liaison.records.feed import Receipt, with_headers
from liaison.records.models import Batch, ErrorReport


def own_batches(asker: Asker) -> QuerySet[Batch]:
    """Return the batches of the asker's own bureau in the databases that the asker may feed, the newest first."""
    databases = [database for database, operation in asker.entitlements if operation == "feed"]
    return Batch.objects.filter(bureau_id=asker.bureau, database__in=databases)


def own_batch(asker: Asker, batch_id: str) -> Batch:
    """Return one of them; raise NotFound alike for others' and none."""
    batch = own_batches(asker).filter(id=batch_id).first()
    if batch is None:
        raise NotFound("no-such-batch", "There is no such batch of your bureau.")
    return batch


def error_reports(record: int) -> QuerySet[ErrorReport]:
    """Return what other bureaux reported about a record, the newest first."""
    return ErrorReport.objects.filter(record=record).select_related("reported_by")


class RefusedRows:
    """The refused rows of a batch as a sequence that reads only what is looked at."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch

    def __len__(self) -> int:
        return self._batch.refused

    @overload
    def __getitem__(self, wanted: int) -> Receipt: ...
    @overload
    def __getitem__(self, wanted: slice) -> list[Receipt]: ...

    def __getitem__(self, wanted: int | slice) -> Receipt | list[Receipt]:
        if isinstance(wanted, int):
            return self._between(wanted, wanted + 1)[0]
        start, stop, _ = wanted.indices(len(self))
        return self._between(start, stop)

    def _between(self, start: int, stop: int) -> list[Receipt]:
        """Return the refused rows number `start` to `stop`, reading the receipts of their chunks only."""
        chunks, passed = [], 0
        counts = self._batch.receipts.filter(refused__gt=0).order_by("first_row").values_list("pk", "refused")
        skipped = 0
        for key, refused in counts.iterator():
            if passed >= stop:
                break
            if passed + refused > start:
                chunks.append(key)
            else:
                skipped += refused
            passed += refused
        return list(self._of(chunks))[start - skipped : stop - skipped]

    def _of(self, chunks: list[int]) -> Iterator[Receipt]:
        bodies = self._batch.receipts.filter(pk__in=chunks).order_by("first_row").values_list("body", flat=True)
        for body in bodies:
            receipts = (msgspec.json.decode(line, type=Receipt) for line in body.split("\n"))
            yield from (receipt for receipt in with_headers(receipts) if receipt.outcome == "refused")
