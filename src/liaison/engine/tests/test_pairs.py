"""Many pairs at once get the scores that each gets alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liaison.engine.pairs import score_pairs
from liaison.engine.score import compare
from liaison.engine.types import Subject

SUBJECTS = (
    Subject(("Zofia Kowalska",), ("1984-02-29",), "F", ("PL",), places=("Rzeszów", "Warszawa"), documents=("PL/AB1",)),
    Subject(("KOWALSKA, Sofia", "Zosia"), ("1984-02",), "M", ("DE", "PL"), places=("Варшава",), documents=("?/AB1",)),
    Subject(("محمد العمراني", "Mohamed El Amrani")),
    Subject(("张伟",), ("1990",)),
    Subject(("Zhang Wei",)),
    Subject(("Kowalska Trading Ltd",), kind="organisation"),
    Subject(("Kowalska & Co",), (), "U", ("PL",), "organisation"),
    Subject(("",)),
)
subjects = st.sampled_from(SUBJECTS)


@given(st.lists(st.tuples(subjects, subjects), max_size=12))
@settings(deadline=None)
def test_many_pairs_get_the_scores_that_each_gets_alone(pairs: list[tuple[Subject, Subject]]) -> None:
    assert score_pairs(pairs) == pytest.approx([compare(*pair).score for pair in pairs])
