"""What the documents list is what there is: folders, settings, commands, error codes, targets of the Makefile."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main
from django.utils import translation
from prometheus_client import REGISTRY

from liaison import errors
from liaison.audit.events import Event
from liaison.checks import metrics
from liaison.cli.app import app
from liaison.settings import SETTINGS
from liaison.web.details import DETAILS
from liaison.web.meanings import MEANINGS
from tests.project.tree import PACKAGE, ROOT, files, literals, parsed, sources, table_rows


def folders_of_the_package() -> set[str]:
    inside = (path.relative_to(PACKAGE) for path in files() if path.is_relative_to(PACKAGE))
    return {path.parts[0] + "/" for path in inside if len(path.parts) > 1}


def commands_of(command: object, name: str) -> Iterator[str]:
    """Yield the full name of each command that can be called, groups walked through."""
    inner: dict[str, object] = getattr(command, "commands", {})
    if not inner or getattr(command, "invoke_without_command", False):
        yield name
    for word, command_below in inner.items():
        yield from commands_of(command_below, f"{name} {word}")


def names_of_errors() -> set[str]:
    classes = (thing for thing in vars(errors).values() if isinstance(thing, type))
    return {"Problem", *(thing.__name__ for thing in classes if issubclass(thing, errors.LiaisonError))}


def first_argument(call: ast.Call) -> ast.expr | None:
    named = (keyword.value for keyword in call.keywords if keyword.arg == "code")
    return call.args[0] if call.args else next(named, None)


def codes_of(path: Path) -> Iterator[str]:
    """Yield the error codes that a module says as literals."""
    of_errors = names_of_errors()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in of_errors:
            code = first_argument(node)
            if isinstance(code, ast.Constant) and isinstance(code.value, str):
                yield code.value


def targets_of_the_makefile() -> set[str]:
    return set(re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))


def test_the_folder_table_of_the_architecture_is_the_tree() -> None:
    table = {row[0] for row in table_rows("ARCHITECTURE.md") if row[0].endswith("/")}

    assert table == folders_of_the_package()


def test_every_setting_is_documented_with_its_default_and_meaning() -> None:
    table = [(name, default, meaning) for name, default, meaning in table_rows("docs/operator/settings.md")]

    assert table == [(setting.name, setting.default, setting.meaning.replace("`", "")) for setting in SETTINGS]


def test_no_setting_is_read_that_is_not_declared() -> None:
    words = {word for text in literals() for word in re.findall(r"\bLIAISON_[A-Z_]*[A-Z]\b", text)}

    assert words <= {setting.name for setting in SETTINGS}


def test_every_command_is_documented_and_no_other() -> None:
    headings = re.findall(
        r"^#+ `(liaison[^`]*)`", (ROOT / "docs/commands.md").read_text(encoding="utf-8"), re.MULTILINE
    )

    assert sorted(headings) == sorted(commands_of(typer.main.get_command(app), "liaison"))


def test_every_event_of_the_register_is_explained_and_no_other() -> None:
    assert {row[0] for row in table_rows("docs/operator/register.md")} == {str(event) for event in Event}


def test_every_metric_is_explained_and_no_other() -> None:
    assert metrics.CHECKS  # whose module makes the figures
    families = {family.name for family in REGISTRY.collect() if family.name.startswith("liaison_")}
    explained = {row[0].partition("{")[0] for row in table_rows("docs/operator/running.md")}

    assert {name.removesuffix("_total") for name in explained if name.startswith("liaison_")} == families


def test_every_error_code_is_documented() -> None:
    said = {code for path in sources(with_tests=False) for code in codes_of(path)}

    assert said - {row[0] for row in table_rows("docs/errors.md")} == set()


def test_no_error_code_is_documented_that_nothing_says() -> None:
    # The module that explains the codes says all of them, and raises none.
    said = literals(without=PACKAGE / "web" / "meanings.py")

    assert {row[0] for row in table_rows("docs/errors.md")} - said == set()


def test_the_pages_explain_every_error_code_as_the_document_does() -> None:
    explained = {code: meaning.replace("`", "") for code, _status, meaning in table_rows("docs/errors.md")}

    with translation.override("en"):
        assert {code: str(meaning) for code, meaning in MEANINGS.items()} == explained


@pytest.mark.parametrize("sentence", DETAILS)
def test_a_detail_that_pages_translate_is_still_said_somewhere(sentence: str) -> None:
    pieces = [piece.strip(" '") for piece in re.split(r"%\(\w+\)s|[:.,;(]", sentence)]
    said = literals(without=PACKAGE / "web" / "details.py")

    assert [piece for piece in pieces if len(piece) > 4 and any(piece in text for text in said)]


@pytest.mark.parametrize("code", sorted({code for path in sources(with_tests=False) for code in codes_of(path)}))
def test_an_error_code_is_lower_case_words_with_hyphens(code: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code)


def test_make_without_a_target_says_what_each_target_does() -> None:
    help_text = subprocess.run(["make", "-s"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    said = dict(re.findall(r"^  ([a-z]+) +(\S.*)$", help_text, flags=re.MULTILINE))
    assert set(said) == targets_of_the_makefile()


def test_every_target_that_the_documents_name_exists() -> None:
    named = {
        target
        for path in files()
        if path.suffix == ".md"
        for target in re.findall(r"`make ([a-z]+)", path.read_text(encoding="utf-8"))
    }

    assert named <= targets_of_the_makefile()


def test_ci_runs_what_everybody_runs() -> None:
    assert (ROOT / ".ci" / "run").read_text(encoding="ascii") == "CI=true make test\n"
