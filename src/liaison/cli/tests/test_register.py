"""The register can be read at a terminal of 80 columns, and cut by programs."""

import json
import os
import pty
import subprocess
from typing import Any

import pytest

from liaison.audit.models import Entry, Words
from liaison.cli import register
from liaison.cli.screen_text import printable
from liaison.cli.tests.homes import PROGRAM, Home

ARABIC = "منذر قيس الشيبراني"
QUERY = {"id": "1", "person": {"name": ARABIC, "born": "1988-02", "nationality": ["TN", "PL"]}}


def entry(searched: Any = None, shown: tuple[str, ...] = (), detail: Any = None, **more: Any) -> Entry:
    made = Entry(number=7, at_us=0, agency=0, actor="operator", **more)
    # As if it had been unsealed, which needs a home.
    words = Words(searched=json.dumps(searched), shown=json.dumps(shown), detail=json.dumps(detail))
    made.__dict__["_read"] = (words, "")
    return made


@pytest.fixture
def asked(demo_home: Home) -> Home:
    """Return a home in which somebody was checked by an Arabic name."""
    demo_home.run("check", "--name", ARABIC, "--born", "1988-02", "--purpose", "border", "--reference", "TEST/AR")
    return demo_home


def at_a_terminal(home: Home, *words: str) -> list[str]:
    """Return the lines that a command prints at a terminal of 80 columns."""
    reader, terminal = pty.openpty()
    with subprocess.Popen(  # noqa: S603
        [str(PROGRAM), *words], env=home.environment(COLUMNS="80", TERM="dumb"), stdout=terminal
    ):
        os.close(terminal)
        printed = b"".join(iter(lambda: _piece(reader), b""))
    os.close(reader)
    return [line.rstrip() for line in printed.decode().splitlines()]


def _piece(reader: int) -> bytes:
    try:
        return os.read(reader, 65536)
    except OSError:  # Linux says so when the other side has closed the terminal.
        return b""


def test_at_a_terminal_no_line_is_longer_than_80_columns(asked: Home) -> None:
    lines = at_a_terminal(asked, "register", "--reference", "TEST/AR")

    assert max(map(len, lines)) <= 80
    assert f"    asked: person name {ARABIC}, born 1988-02" in lines
    assert "    why: border, TEST/AR" in lines


def test_into_a_pipe_each_entry_is_one_line_of_cells(asked: Home) -> None:
    done = asked.run("register", "--reference", "TEST/AR")

    (line,) = done.stdout.splitlines()
    cells = line.split("\t")
    assert (len(cells), cells[4:7]) == (11, ["checked", "border", "TEST/AR"])
    assert json.loads(cells[8])[0]["person"]["name"] == ARABIC


def test_that_there_are_more_entries_is_said_beside_them(asked: Home) -> None:
    done = asked.run("register", "--limit", "1")

    assert (len(done.stdout.splitlines()), "there are more" in done.stderr) == (1, True)


def test_that_no_entry_fits_is_said_beside_them(asked: Home) -> None:
    done = asked.run("register", "--reference", "NOBODY-USED-THIS")

    assert (done.stdout, "No entry fits" in done.stderr) == ("", True)


def test_an_event_that_does_not_exist_is_answered_with_the_nearest(built_home: Home) -> None:
    done = built_home.run("register", "--event", "chekced")

    assert (done.returncode, "Did you mean 'checked'?" in done.stderr) == (2, True), done.stderr


def test_what_was_asked_is_told_in_words() -> None:
    (_, _, line) = register._lines(entry([QUERY], purpose="border"), "NCB Amman", "Gate 1")

    assert line == f"asked: person name {ARABIC}, born 1988-02, nationality TN PL"


def test_of_a_large_batch_the_first_questions_are_told() -> None:
    lines = list(register._lines(entry([QUERY] * 1000), "NCB Amman", "Gate 1"))

    assert (len(lines), lines[-1]) == (7, "asked: 995 more (--json shows all)")


def test_of_many_records_the_first_are_told() -> None:
    lines = list(register._lines(entry(shown=tuple(f"R-{number}" for number in range(12))), "", "Gate 1"))

    assert lines[-1].endswith("R-9 and 2 more")


def test_nothing_that_was_written_by_others_moves_the_cursor_of_the_reader() -> None:
    assert printable("\x1b[2J a\tb\u202ec") == " [2J a b c"


def test_what_joins_the_letters_of_a_name_stays() -> None:
    assert printable("نی\u200cا") == "نی\u200cا"
