"""What is counted for `/metrics`: numbers only, no personal data."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import accumulate

from prometheus_client import REGISTRY, Counter, Gauge
from prometheus_client.core import HistogramMetricFamily
from prometheus_client.registry import Collector

from liaison.checks.answer import Result

CHECKS = Counter("liaison_queries", "Queries answered, by outcome.", ["outcome"])
DOOR_ERRORS = Counter("liaison_door_errors", "Requests at /api/check that were refused, by status.", ["status"])
INDEX_SEQUENCE = Gauge("liaison_index_sequence", "Newest version that checks find.")
TRUTH_SEQUENCE = Gauge("liaison_truth_sequence", "Newest version committed.")
STANDING_SEQUENCE = Gauge("liaison_standing_sequence", "Newest version that was compared with standing checks.")
INDEX_RECORDS = Gauge("liaison_index_records", "Records in the index.")

_BY_OUTCOME = {name: CHECKS.labels(name) for name in ("no_match", "matches", "too_many", "refused")}
_BOUNDS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1.0, 5.0)


class DoorSeconds(Collector):
    """A histogram that one thread counts, without the locks of the library: they cost more than a look-up."""

    def __init__(self) -> None:
        self._counts = [0] * (len(_BOUNDS) + 1)
        self._sum = 0.0

    def add(self, seconds: float) -> None:
        """Count one answer; only the event loop calls this."""
        self._counts[bisect_left(_BOUNDS, seconds)] += 1
        self._sum += seconds

    def collect(self) -> Iterator[HistogramMetricFamily]:
        """Yield the histogram as the library wants it."""
        bounds = [*map(str, _BOUNDS), "+Inf"]
        yield HistogramMetricFamily(
            "liaison_door_seconds",
            "Time from a complete request at /api/check to its answer.",
            buckets=list(zip(bounds, map(float, accumulate(self._counts)), strict=True)),
            sum_value=self._sum,
        )


DOOR_SECONDS = DoorSeconds()
REGISTRY.register(DOOR_SECONDS)


def count_results(results: Iterable[Result]) -> None:
    """Count the queries of one answer."""
    for result in results:
        _BY_OUTCOME[result.outcome].inc()
