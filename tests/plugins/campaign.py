"""The same destructive tests in two sizes: a sample in every run, the full numbers with `--campaign`.

@pytest.mark.campaign(sample=20, full=1000)
def test_an_acknowledged_record_survives_a_kill(rounds: int) -> None: ...
"""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare `--campaign`."""
    parser.addoption("--campaign", action="store_true", help="run only the campaign tests, in full numbers")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With `--campaign` keep only the tests that have full numbers."""
    if not config.getoption("campaign"):
        return
    config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("campaign") is None])
    items[:] = [item for item in items if item.get_closest_marker("campaign") is not None]


@pytest.fixture
def rounds(request: pytest.FixtureRequest) -> int:
    """Return how often this test repeats what it does."""
    marker = request.node.get_closest_marker("campaign")
    assert marker is not None, "A test that takes `rounds` is marked: @pytest.mark.campaign(sample=..., full=...)"
    size: int = marker.kwargs["full" if request.config.getoption("campaign") else "sample"]
    return size
