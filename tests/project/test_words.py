"""The repository names no place that only one machine or one network has."""

import re
from pathlib import Path

import pytest

from tests.project.tree import files, name_of

# Written in halves, so that this file does not hold what it forbids.
FORBIDDEN = re.compile(
    "|".join(
        (
            r"(?<![\w.])/" + r"work/",
            r"(?<![\w.])/" + r"root/",
            r"(?<![\w/-])(?:\.\./)?" + r"sha" + r"red/",
            r"py" + r"pi\.org",
            r"python" + r"hosted\.org",
            r"registry\." + r"(?:npmjs|yarnpkg)\.",
            r"deb\." + r"debian\.org",
            r"npm" + r"js\.org",
        )
    )
)


def forbidden_words(path: Path) -> list[str]:
    """Return the forbidden words in a text file; a binary file has none."""
    try:
        return FORBIDDEN.findall(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        return []


@pytest.mark.parametrize("path", files(), ids=name_of)
def test_a_file_names_no_private_place_and_no_registry(path: Path) -> None:
    assert forbidden_words(path) == []


def test_a_forbidden_word_is_seen(tmp_path: Path) -> None:
    text = tmp_path / "text"
    text.write_text("See ../sha" + "red/notes and https://py" + "pi.org/simple; not src/shared_ink, nor /home/root.")

    assert len(forbidden_words(text)) == 2
