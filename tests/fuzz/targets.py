"""What must hold for any bytes at all; each target takes bytes and fails by an exception."""

from collections.abc import Callable
from datetime import date

from liaison.checks.mrz import read_mrz
from liaison.checks.plan import plan_request
from liaison.checks.request import read_request, request_from
from liaison.checks.understand import understand
from liaison.engine.fold import MAX_PARTS, fold_name
from liaison.engine.score import compare
from liaison.engine.types import Subject
from liaison.errors import BadInput

TODAY = date(2026, 11, 24)
_SOMEBODY = Subject(("Zuhayr Fawwaz al-Barghashi", "زهير فواز البرغشي"), ("1979-06-14",), "M", ("JO",))


def mrz(data: bytes) -> None:
    """A machine-readable zone is read, or refused with a reason."""
    text = data.decode("utf-8", "replace")
    for is_lenient in (False, True):
        try:
            read_mrz(text, TODAY, lenient=is_lenient)
        except BadInput as refusal:
            assert refusal.problems[0].detail  # noqa: PT017


def name(data: bytes) -> None:
    """A name folds to the same however often, and its comparison adds up, from either side."""
    text = data.decode("utf-8", "replace")
    parts = fold_name(text)
    assert fold_name(" ".join(parts)) == parts
    assert len(parts) <= MAX_PARTS
    asked = Subject((text,), _SOMEBODY.born)
    there, back = compare(asked, _SOMEBODY), compare(_SOMEBODY, asked)
    assert abs(there.score - back.score) < 1e-9
    assert 0.0 <= there.score < 1.0


def query(data: bytes) -> None:
    """The body of a check becomes a plan or a refusal that says where."""
    try:
        plans = plan_request(read_request(data), TODAY)
    except BadInput as refusal:
        assert refusal.problems[0].detail  # noqa: PT017
        return
    assert plans


def box(data: bytes) -> None:
    """What is typed into the one box becomes questions that a check takes, or a problem that is told."""
    text = data.decode("utf-8", "replace")[:300]
    if not text.strip():
        return
    taken = understand(text)
    queries = [{"id": str(place)} | guess.query for place, guess in enumerate(taken.guesses)]
    assert bool(queries) != bool(taken.problem)
    if queries:
        request_from({"purpose": "border", "reference": "R", "queries": queries})


TARGETS: dict[str, Callable[[bytes], None]] = {"mrz": mrz, "name": name, "query": query, "box": box}
