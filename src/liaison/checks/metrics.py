"""What is counted for `/metrics`: numbers only, no personal data."""

from collections.abc import Iterable

from prometheus_client import Counter, Gauge, Histogram

from liaison.checks.answer import Result

CHECKS = Counter("liaison_queries", "Queries answered, by outcome.", ["outcome"])
DOOR_SECONDS = Histogram(
    "liaison_door_seconds",
    "Time from a complete request at /api/check to its answer.",
    buckets=(0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1, 5),
)
DOOR_ERRORS = Counter("liaison_door_errors", "Requests at /api/check that were refused, by status.", ["status"])
INDEX_SEQUENCE = Gauge("liaison_index_sequence", "Newest version that checks find.")
TRUTH_SEQUENCE = Gauge("liaison_truth_sequence", "Newest version committed.")
INDEX_RECORDS = Gauge("liaison_index_records", "Records in the index.")

_BY_OUTCOME = {name: CHECKS.labels(name) for name in ("no_match", "matches", "too_many", "refused")}


def count_results(results: Iterable[Result]) -> None:
    """Count the queries of one answer."""
    for result in results:
        _BY_OUTCOME[result.outcome].inc()
