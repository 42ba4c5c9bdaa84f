"""What is fuzzed in `make campaign` holds for what the fuzzing begins with, and for bytes of no sense."""

import pytest

from tests.fuzz.__main__ import NAMES, SEEDS
from tests.fuzz.targets import TARGETS

NONSENSE = (b"", b"\0", b"\xff\xfe<<<", b"<" * 88, b"[" * 500, "\u202e\ud7ff".encode(), b'{"queries":1}')


@pytest.mark.parametrize("name", NAMES)
def test_a_target_holds_for_its_seeds_and_for_nonsense(name: str) -> None:
    for data in (*(text.encode() for text in SEEDS[name]), *NONSENSE):
        TARGETS[name](data)
