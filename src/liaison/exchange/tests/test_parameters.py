"""What may stand in the address of a request, and that nothing in it is passed over in silence."""

import pytest

from liaison.errors import LiaisonError
from liaison.exchange.parameters import match_parameters, search_parameters

ALL = {"nominal", "travel_documents", "vehicles", "vessels"}


@pytest.mark.parametrize(
    ("scope", "query", "databases"),
    [
        ("default", b"", ALL),
        ("nominal", b"", {"nominal"}),
        ("nominal", b"include_dataset=vessels&include_dataset=vehicles", {"nominal", "vessels", "vehicles"}),
        ("default", b"exclude_dataset=nominal", ALL - {"nominal"}),
    ],
)
def test_a_scope_is_all_databases_or_those_that_are_named(scope: str, query: bytes, databases: set[str]) -> None:
    assert match_parameters(scope, query).scope == databases


def test_what_is_wanted_of_a_match_is_read() -> None:
    query = b"limit=5&threshold=0.7&cutoff=.5&algorithm=best&exclude_schema=Company&exclude_entity_ids=A"

    wanted = match_parameters("default", query)

    assert (wanted.limit, wanted.threshold, wanted.cutoff) == (5, 0.7, 0.5)
    assert (list(wanted.without_schemas), list(wanted.without_records)) == (["Company"], ["A"])


def test_what_is_wanted_of_a_search_is_read() -> None:
    searched = search_parameters("default", b"q=%C5%81%C3%B3d%C5%BA%20&offset=10&countries=pl&fuzzy=true&simple=true")

    assert (searched.text, searched.wanted.offset, searched.countries) == ("Łódź", 10, ("pl",))


@pytest.mark.parametrize(
    ("query", "status", "at"),
    [
        (b"limit=0", 400, "limit"),
        (b"limit=501", 400, "limit"),
        (b"limit=five", 400, "limit"),
        (b"threshold=nan", 400, "threshold"),
        (b"cutoff=1.1", 400, "cutoff"),
        (b"algorithm=logic-v1", 400, "algorithm"),
        (b"treshold=0.7", 400, "treshold"),
        (b"topics=sanction", 400, "topics"),
        (b"changed_since=2026-01-01", 400, "changed_since"),
        (b"exclude_schema=Persn", 400, "exclude_schema"),
        (b"exclude_dataset=nominl", 404, "dataset"),
        (b"exclude_entity_ids=%00", 400, "exclude_entity_ids"),
        (b"limit=%ff", 400, ""),
        (b"limit=\xff", 400, ""),
    ],
)
def test_what_is_not_understood_is_refused_with_its_place(query: bytes, status: int, at: str) -> None:
    with pytest.raises(LiaisonError) as refused:
        match_parameters("default", query)

    assert (refused.value.status, refused.value.problems[0].at) == (status, at)


@pytest.mark.parametrize("query", [b"", b"q=", b"q=%20", b"q=a&sort=name", b"q=a&filter=x", b"q=a&offset=-1"])
def test_a_search_needs_a_text_and_takes_no_filters(query: bytes) -> None:
    with pytest.raises(LiaisonError):
        search_parameters("default", query)


def test_a_scope_that_is_not_there_is_named_with_what_was_meant() -> None:
    with pytest.raises(LiaisonError, match="Did you mean 'vehicles'"):
        match_parameters("vehicels", b"")
