"""What is installed is pinned by hash, comes from no named place, and may be used under our licence."""

import re
from importlib.metadata import metadata
from pathlib import Path

import pytest

from tests.project.tree import ROOT, name_of

PINNED = sorted((ROOT / "requirements").glob("*.txt"))
WISHED = sorted((ROOT / "requirements").glob("*.in"))
PERMISSIVE = re.compile(
    r"\b(MIT|BSD|Apache|ISC|PSF|Python Software Foundation|Unlicense|0BSD|HPND|MPL|Mozilla)", re.IGNORECASE
)
# Imported as it is, never changed, and replaceable by the operator: compatible with Apache-2.0.
LESSER_GPL = {"psycopg", "psycopg-binary"}


def pins(path: Path) -> dict[str, str]:
    """Return the version and everything else that a pinned file says of each package."""
    blocks = re.split(r"\n(?=\S)", path.read_text(encoding="utf-8").strip())
    named = (block.split("==", 1) for block in blocks)
    return {re.sub(r"\[.*\]", "", name): rest for name, rest in named}


def names(path: Path) -> set[str]:
    """Return the packages that a file of wishes names."""
    lines = (line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith(("-", "#")))
    return {re.split(r"[\[<>=~; ]", line)[0].lower() for line in lines}


def licence_of(package: str) -> str:
    """Return what a package says of its licence: the expression, else the classifiers, else the text's beginning."""
    said = metadata(package)
    classifiers = [text for text in said.get_all("Classifier") or [] if text.startswith("License")]
    expression = said.get_all("License-Expression") or [" ".join(classifiers)]
    return str(expression[0] or (said.get_all("License") or [""])[0][:100])


@pytest.mark.parametrize("path", PINNED, ids=name_of)
def test_every_requirement_is_pinned_with_hashes_and_nothing_else(path: Path) -> None:
    loose = {
        name: rest
        for name, rest in pins(path).items()
        if not re.fullmatch(r"[\w.!+-]+(?: ; [^\\\n]+)?( \\\n    --hash=sha256:[0-9a-f]{64})+", rest)
    }

    assert loose == {}


@pytest.mark.parametrize("path", [*PINNED, *WISHED], ids=name_of)
def test_no_requirement_says_where_it_is_fetched(path: Path) -> None:
    assert not re.search(r"://|--(extra-)?index|--find-links|--trusted", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["base", "build", "postgres", "dev", "campaign", "bench", "nomenklatura"])
def test_what_is_wished_is_pinned(name: str) -> None:
    wished = names(ROOT / "requirements" / f"{name}.in")

    pinned = set(pins(ROOT / "requirements" / f"{name}.txt"))
    assert wished - pinned == set()


@pytest.mark.parametrize("name", ["postgres", "dev", "bench"])
def test_tests_run_with_the_very_versions_that_are_installed(name: str) -> None:
    base = pins(ROOT / "requirements" / "base.txt")
    larger = pins(ROOT / "requirements" / f"{name}.txt")

    assert {package: larger.get(package) for package in base} == base


@pytest.mark.parametrize("package", sorted(pins(ROOT / "requirements" / "base.txt")))
def test_an_installed_package_has_a_licence_that_ours_may_stand_on(package: str) -> None:
    assert PERMISSIVE.search(licence_of(package)) or package in LESSER_GPL
    assert "GPL" not in licence_of(package) or package in LESSER_GPL


def test_the_licence_of_liaison_is_apache_2() -> None:
    assert "Apache License\n                           Version 2.0" in (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert licence_of("liaison") == "Apache-2.0"
