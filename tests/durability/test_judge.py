"""The judge of all these tests names what is lost, half there or wrong; what is sound it lets pass."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing

import pytest

from tests.durability.stage import Stage, Told

RECORDS, REGISTER = "liaison.sqlite3", "register.sqlite3"
HARMS = [
    (RECORDS, "DELETE FROM records_receipts WHERE first_row = 1", "half: batch 1 of 130 rows has receipts of 29"),
    (RECORDS, "UPDATE records_batch SET rows_done = 77 WHERE file_name = '1'", "half: batch 1 ends in the midst"),
    (RECORDS, "UPDATE records_batch SET refused = 1", "half: batch 1 has other counts than receipts"),
    (RECORDS, "UPDATE records_batch SET state = 'open'", "lost: that batch 1 was closed"),
    (RECORDS, "DELETE FROM records_record WHERE number = 5", "lost: 1 records that receipts of batch 1 name"),
    (RECORDS, "DELETE FROM records_version WHERE sequence = 3", "half: the versions have a gap"),
    (RECORDS, "UPDATE records_record SET sequence = 1 WHERE number = 2", "half: records that are not as their newest"),
    (RECORDS, "DELETE FROM records_version WHERE change = 'withdrawn'", "lost: the withdrawal of"),
    (RECORDS, "UPDATE records_version SET payload = replace(payload, '0001100', '0009100')", "index: 1 records"),
    (REGISTER, "DELETE FROM audit_entry WHERE number = 60", "half: the entries have a gap"),
    (REGISTER, "DELETE FROM audit_entry WHERE event = 'checked'", "lost: the entry of K/1"),
    (REGISTER, "DELETE FROM audit_entry WHERE event = 'record_withdrawn'", "without its entry: the withdrawal of"),
    (REGISTER, "DELETE FROM audit_entry WHERE event = 'feed_opened'", "without its entry: 2 batches, 0 entries"),
    (REGISTER, "DELETE FROM audit_entry WHERE number > 1152921504606846976", "lost: confidential entry"),
    (REGISTER, "UPDATE audit_entry SET purpose = 'x' WHERE number = 60", "log: Entry 60 is not what was signed"),
    (REGISTER, "UPDATE audit_periodkey SET sealed = NULL", "half: entry 1 is erased"),
]  # fmt: skip
Home = tuple[Mapping[str, bytes], Told]


@pytest.fixture(scope="module")
def played(stage: Stage) -> Home:
    """Return the home after a whole story, and what was said."""
    stage.renew()
    with stage.play(1) as story:
        story.let_go_on()
        story.let_go_on()
        told = story.end()
    files = (path for path in stage.home.rglob("*") if path.is_file())
    return {str(path.relative_to(stage.home)): path.read_bytes() for path in files}, told


def test_a_home_in_which_everything_is_there_is_sound(stage: Stage, played: Home) -> None:
    files, told = played
    stage.lay(files)

    found = stage.judge(told)

    assert (found.problems, found.index_was, found.rows) == ([], "sound", 260)


@pytest.mark.parametrize(("database", "harm", "said"), HARMS, ids=[said for _, _, said in HARMS])
def test_a_harm_is_named(stage: Stage, played: Home, database: str, harm: str, said: str) -> None:
    files, told = played
    stage.lay(files)
    with closing(sqlite3.connect(stage.home / database)) as connection:
        connection.execute(harm)
        connection.commit()

    assert said in "\n".join(stage.judge(told).problems)


def test_more_entries_than_answers_are_named(stage: Stage, played: Home) -> None:
    files, told = played
    stage.lay(files)
    unanswered = [line for line in told if line.get("answered") not in ("K/2", "K/3")]

    assert "more entries than answers" in "\n".join(stage.judge(unanswered).problems)


def test_a_log_that_was_begun_anew_is_named(stage: Stage, played: Home) -> None:
    files, told = played
    stage.lay({name: content for name, content in files.items() if not name.startswith(("signer/", "log/"))})

    assert "log: An older checkpoint cannot be read" in "\n".join(stage.judge(told).problems)
