"""`liaison feed` on the home of this machine: its limits, and what an index in trouble does not change."""

import json
import shutil
from pathlib import Path

import pytest

from liaison.cli.tests.homes import Home, await_versions

ROWS = "source_reference,purpose,make,plate,country\n"
ALIEN = '{number},"TESTOVA, Wanjiru","individual","SDGT",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"DOB 03 Feb 1984."\n'


@pytest.fixture
def ofac(tmp_path: Path) -> Path:
    """Return the main file of an OFAC list of some twenty persons, with its two companions beside it."""
    (tmp_path / "alt.csv").write_text('1,12,"aka","TESTOVAYA, Wanjiru",-0- \n', encoding="ascii")
    (tmp_path / "add.csv").write_text('1,25,"1 Test Street","Kisumu","Kenya",-0- \n', encoding="ascii")
    path = tmp_path / "sdn.csv"
    path.write_text("".join(ALIEN.format(number=number) for number in range(1, 20)), encoding="ascii")
    return path


def break_index(home: Home) -> None:
    """Put a file where the folder of the index belongs, which nothing can write into."""
    shutil.rmtree(home.folder / "index")
    (home.folder / "index").write_text("in the way", encoding="ascii")


@pytest.mark.parametrize("words", [(), ("--dry-run",)])
def test_the_ofac_list_is_held_to_the_limit_of_feeds(demo_home: Home, ofac: Path, words: tuple[str, ...]) -> None:
    order: tuple[str | Path, ...] = (
        "feed",
        ofac,
        "--database",
        "nominal",
        "--status",
        "suspect",
        "--purpose",
        "warn",
        *words,
    )

    beyond = demo_home.run(*order, LIAISON_MAX_FEED_BYTES="1024")
    within = demo_home.run(*order, LIAISON_MAX_FEED_BYTES="4096")

    assert (beyond.returncode, "file-too-large" in beyond.stderr) == (2, True), beyond.stderr
    assert within.returncode == 0, within.stderr


@pytest.mark.parametrize(("country", "code"), [("PL", 0), ("Polnad", 10)])
def test_an_index_in_trouble_is_a_warning_and_no_failure_of_the_feed(
    demo_home: Home, tmp_path: Path, country: str, code: int
) -> None:
    (tmp_path / "cars.csv").write_text(f"{ROWS}T-1,border,Invented,T 0001,PL\nT-2,border,Invented,T 0002,{country}\n")
    break_index(demo_home)

    done = demo_home.run("feed", tmp_path / "cars.csv", "--database", "vehicles")

    counts = json.loads(done.stdout)
    assert (done.returncode, counts["accepted"] + counts["refused"]) == (code, 2), done.stderr
    assert "Warning: The index was not brought up to date" in done.stderr
    assert "Traceback" not in done.stderr
    newest = "SELECT state FROM records_batch WHERE file_name = 'cars.csv' ORDER BY opened_at DESC LIMIT 1"
    assert demo_home.sql(newest) == [("closed",)]


@pytest.mark.database
def test_a_feed_ends_when_its_key_is_taken_back_meanwhile(demo_home: Home, tmp_path: Path) -> None:
    # given a feed by a key of its own
    key = demo_home.run("key", "create", "--agency", "NCB Nairobi", "--system", "Feeder").stdout.strip()
    rows = "".join(f"K-{number},border,Invented,{number:06d},KE\n" for number in range(60_000))
    (tmp_path / "many.csv").write_text(ROWS + rows, encoding="ascii")
    feeding = demo_home.begin("feed", tmp_path / "many.csv", "--database", "vehicles", LIAISON_API_KEY=key)
    await_versions(demo_home, 3000)

    # when the key is taken back
    demo_home.run("key", "revoke", key[:8])

    # then the feed ends as a refusal, and what it has fed is kept
    _, said = feeding.communicate(timeout=60)
    ((state, failure, rows_done),) = demo_home.sql(
        "SELECT state, failure, rows_done FROM records_batch WHERE file_name = 'many.csv'"
    )
    assert (feeding.returncode, "no-valid-key" in said) == (3, True), said
    assert (state, str(failure).partition(":")[0]) == ("failed", "no-valid-key")
    assert 0 < int(str(rows_done)) < 60_000
