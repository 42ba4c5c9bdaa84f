"""Make a small home for a service, and say what is in it: `python -m tests.door.world make|count`."""

import json
import sys
from typing import Any


def make() -> dict[str, str]:
    """Migrate an empty home, admit three bureaux and an agency without rights; return a key of each."""
    from liaison.cli.home import migrate_home
    from tests.cast import House

    migrate_home()
    house = House()
    agencies = {
        "warsaw": house.bureau("PL"),
        "nairobi": house.bureau("KE"),
        "outsider": house.entity("Lake District Patrol", "AU"),
    }
    keys = {name: house.member(name, agency).key for name, agency in agencies.items()}
    screening = {f"{name} screening": _screening_key(agencies[name]) for name in ("warsaw", "outsider")}
    return keys | screening | {"expired": _expired_key(agencies["warsaw"])}


def count() -> dict[str, Any]:
    """Return what the home holds: numbers of versions and records, batches with the rows of their receipts."""
    from liaison.audit.models import Entry
    from liaison.records.feed import receipts_of
    from liaison.records.models import Batch, Record, Version

    batches = {
        batch.id: {
            "state": batch.state,
            "rows": batch.rows_done,
            "accepted": batch.accepted,
            "unchanged": batch.unchanged,
            "refused": batch.refused,
            "receipts": [receipt.row for receipt in receipts_of(batch)],
        }
        for batch in Batch.objects.all()
    }
    checks = [(entry.number, entry.reference) for entry in Entry.objects.filter(event="checked")]
    shown = {str(entry.number): entry.shown_references for entry in Entry.objects.exclude(shown_marks="")}
    return {
        "versions": sorted(Version.objects.values_list("sequence", flat=True)),
        "records": Record.objects.count(),
        "entries": sorted(Entry.objects.values_list("number", flat=True)),
        "checks": {str(number): reference for number, reference in checks},
        "shown": shown,
        "batches": batches,
    }


def _screening_key(agency: Any) -> str:
    """Return a key for clients of other services: it says for what they check."""
    from datetime import timedelta

    from django.utils import timezone

    from liaison.agencies.actions import create_key
    from liaison.agencies.rules import Terms
    from liaison.audit.actions import OPERATOR

    terms = Terms("border", "Agreement 12")
    return create_key(agency, "Screening", timedelta(days=1), by=OPERATOR, now=timezone.now(), terms=terms)[1]


def _expired_key(agency: Any) -> str:
    from datetime import timedelta

    from liaison.agencies.actions import create_key
    from liaison.audit.actions import OPERATOR
    from tests.cast import FOUNDED

    return create_key(agency, "Old system", timedelta(days=1), by=OPERATOR, now=FOUNDED)[1]


if __name__ == "__main__":
    from liaison.cli import setup

    setup.load_to_make()
    print(json.dumps({"make": make, "count": count}[sys.argv[1]]()))  # noqa: T201
