"""What the commands answer to a script: 0, 10, 2, 3 or 4, and one line that says why."""

import json
import shutil
import signal
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from liaison.cli.tests.homes import Home, await_versions, serving
from liaison.demo.numbers import document_number

STOLEN = document_number("L", 1)
WHY = ("--purpose", "border", "--reference", "TEST/1")
NOWHERE = "http://127.0.0.1:1"

PERSONS = """\
full_name,date_of_birth,nationality,gender,place_of_birth
Aurelia Testowa,1984-2-9,poland,other,Lublin
Nobody Whosoever,1974-13-40,KE,F,
,1990,PL,M,
Ildefonso Inventado,1961,Spain,male,Lugo
"""
CARS = """\
source_reference,purpose,make,plate,country
T-1,border,Invented,T 0001,PL
T-2,border,Invented,,PL
T-3,border,Invented,T 0003,Polnad
"""


@pytest.fixture
def cars(tmp_path: Path) -> Path:
    path = tmp_path / "cars.csv"
    path.write_text(CARS, encoding="utf-8")
    return path


@pytest.fixture
def persons(tmp_path: Path) -> Path:
    path = tmp_path / "persons.csv"
    path.write_text(PERSONS, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--document", "X-NOT-THERE-1"), 0, "No record"),
        (("--document", STOLEN, "--issuer", "KE"), 10, "verify with NCB Nairobi before acting"),
        (("--name", "Aurelia Testowa", "--born", "1984-13"), 2, "impossible-date at --born"),
        (
            ("--name", "Aurelia Testowa", "--born", "84"),
            2,
            "bad-value at --born: The value has not the form",
        ),
        (("--name", "Aurelia Testowa", "--sex", "female"), 2, "F, M, X or U"),
        (("--document", STOLEN, "--purpose", "bordr"), 2, "unknown-value at --purpose"),
        (("--name", "Aurelia Testowa", "--nationality", "POLAND"), 2, "Did you mean 'PL'?"),
        (("--name", "?!"), 2, "empty-name"),
        (("--mmsi", "999 000 001"), 0, "No record"),
        (("--mmsi", "12"), 2, "bad-identifier at --mmsi"),
        (("--plate", "NOT?THERE*"), 0, "No record"),
        (("--plate", "W?*"), 2, "too-few-known at --plate"),
        ((), 2, "one-kind: Ask for exactly one of: --name"),
        (("--document", STOLEN, "--name", "Aurelia Testowa"), 10, "Exact match"),
        (("--name", "Aurelia Testowa", "--document", "-"), 2, "bad-identifier at --document"),
        (("--mmsi", "12", "--name", "Aurelia Testowa"), 2, "one-kind: Ask for exactly one of: --name"),
        (("--document", STOLEN, "--key-file", "nowhere"), 2, "unreadable-key"),
        (("--document", STOLEN, "--url", NOWHERE), 4, "unreachable"),
        (("--document", STOLEN, "--url", "http://liaison.example"), 2, "plain-address at --url"),
    ],
)
def test_a_check_tells_its_outcome_by_the_exit_code(
    words: tuple[str, ...], code: int, said: str, built_home: Home
) -> None:
    done = built_home.run("check", *WHY, *words)

    assert (done.returncode, said in done.stdout + done.stderr) == (code, True), done.stdout + done.stderr


def test_what_must_be_known_before_acting_stands_before_the_reasons(built_home: Home) -> None:
    asked = ("--name", "Zoheir Fawaz Elbarghashy", "--born", "1979-06-14", "--nationality", "JO")
    done = built_home.run("check", *asked, *WHY, COLUMNS="80")

    lines = [line.strip() for line in done.stdout.splitlines()]
    assert lines[2].startswith("Strong match: Zuhayr Fawwaz al-Barghashi")
    assert lines[3] == "WARNING: Armed, Has absconded before"
    assert lines[4].startswith("Action to be taken: ")
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_where_nothing_matched_nothing_is_to_be_verified(built_home: Home) -> None:
    assert "verify" not in built_home.run("check", "--document", "X-NOT-THERE-1", *WHY).stdout


def test_a_check_without_a_purpose_is_a_wrong_call(built_home: Home) -> None:
    assert built_home.run("check", "--document", STOLEN, "--reference", "A").returncode == 2


def test_a_key_that_nobody_gave_is_refused(built_home: Home) -> None:
    done = built_home.run("check", "--document", STOLEN, *WHY, LIAISON_API_KEY="lk_invented")

    assert (done.returncode, "no-valid-key" in done.stderr) == (3, True)


def test_a_home_without_a_key_asks_for_one(tmp_path: Path) -> None:
    home = Home(tmp_path / "empty")
    home.run("migrate")

    done = home.run("check", "--document", STOLEN, *WHY)

    assert (done.returncode, "no-key" in done.stderr) == (3, True)


def test_as_json_a_check_prints_what_the_api_answers(built_home: Home, tmp_path: Path) -> None:
    with serving(built_home, tmp_path / "log") as service:
        here = built_home.run("check", "--document", STOLEN, "--issuer", "KE", *WHY, "--json")
        there = built_home.run(
            "check", "--document", STOLEN, "--issuer", "KE", *WHY, "--json", "--url", service.address
        )

    answer, answer_there = json.loads(here.stdout), json.loads(there.stdout)
    assert answer.keys() == {"entry", "reference", "results"}
    assert (answer["reference"], answer["results"]) == ("TEST/1", answer_there["results"])
    assert (here.returncode, there.returncode) == (10, 10)


def test_a_key_that_is_given_works_until_it_is_taken_back(demo_home: Home, tmp_path: Path) -> None:
    # given a key of the bureau of Nairobi
    key = demo_home.run("key", "create", "--agency", "NCB Nairobi", "--system", "Gate 1").stdout.strip()
    before = demo_home.run("check", "--document", "X-1", *WHY, LIAISON_API_KEY=key)

    # when it is taken back
    revoked = demo_home.run("key", "revoke", key[:8])

    # then it is worth nothing
    after = demo_home.run("check", "--document", "X-1", *WHY, LIAISON_API_KEY=key)
    assert (before.returncode, revoked.returncode, after.returncode) == (0, 0, 3)


@pytest.mark.database
def test_a_feed_with_refused_rows_says_each_and_exits_with_10(demo_home: Home, cars: Path) -> None:
    first = demo_home.run("feed", cars, "--database", "vehicles")
    again = demo_home.run("feed", cars, "--database", "vehicles")

    counts = json.loads(first.stdout)
    assert (first.returncode, counts["accepted"], counts["refused"]) == (10, 1, 2)
    assert "row 2: missing-field at vin" in first.stderr
    assert "row 3: unknown-country at plate_country" in first.stderr
    assert json.loads(again.stdout)["unchanged"] == 1


def test_a_feed_in_which_every_row_is_taken_exits_with_0(demo_home: Home, cars: Path) -> None:
    cars.write_text("".join(CARS.splitlines(keepends=True)[:2]), encoding="utf-8")

    assert demo_home.run("feed", cars, "--database", "vehicles").returncode == 0


def test_a_dry_run_writes_nothing(demo_home: Home, cars: Path) -> None:
    before = demo_home.sql("SELECT COUNT(*) FROM records_version")

    done = demo_home.run("feed", cars, "--database", "vehicles", "--dry-run")

    assert (done.returncode, json.loads(done.stdout)["acceptable"]) == (10, 1)
    assert demo_home.sql("SELECT COUNT(*) FROM records_version") == before


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--database", "vehicels"), 2, "Did you mean 'vehicles'?"),
        (("--database", "vehicles", "--format", "xlsx"), 2, "unknown-format"),
        (("--database", "vehicles", "--retention", "long"), 2, "bad-retention"),
        (("--database", "vehicles", "--resume", "20260101-ABC"), 2, "no-such-batch"),
        (("--database", "vehicles", "--url", NOWHERE), 4, "unreachable"),
        (("--database", "vehicles", "--url", "http://liaison.example"), 2, "plain-address at --url"),
    ],
)
def test_a_feed_that_cannot_begin_says_why(
    words: tuple[str, ...], code: int, said: str, built_home: Home, cars: Path
) -> None:
    done = built_home.run("feed", cars, *words)

    assert (done.returncode, said in done.stderr) == (code, True), done.stderr


def test_a_feed_of_no_file_is_a_wrong_call(built_home: Home, tmp_path: Path) -> None:
    assert built_home.run("feed", tmp_path / "nothing.csv", "--database", "vehicles").returncode == 2


def test_an_agency_that_may_not_feed_is_refused(demo_home: Home, cars: Path) -> None:
    demo_home.sql("DELETE FROM access_entitlement WHERE operation = 'feed'")

    assert demo_home.run("feed", cars, "--database", "vehicles").returncode == 3


@pytest.mark.database
def test_a_feed_that_was_killed_goes_on_where_it_stopped(demo_home: Home, tmp_path: Path) -> None:
    # given a feed that was killed half-way
    rows = "".join(f"K-{number},border,Invented,{number:06d}\n" for number in range(9_000))
    (tmp_path / "many.csv").write_text("source_reference,purpose,make,plate\n" + rows, encoding="ascii")
    feeding = demo_home.begin("feed", tmp_path / "many.csv", "--database", "vehicles")
    await_versions(demo_home, 1000)
    feeding.kill()
    feeding.communicate()
    ((batch, rows_done),) = demo_home.sql("SELECT id, rows_done FROM records_batch WHERE state = 'open'")

    # when it is taken up again
    resumed = demo_home.run("feed", tmp_path / "many.csv", "--database", "vehicles", "--resume", str(batch))

    # then every row is there once
    assert resumed.returncode == 0, resumed.stderr
    assert 0 < int(str(rows_done)) < 9_000
    assert json.loads(resumed.stdout)["accepted"] == 9_000
    assert demo_home.sql("SELECT COUNT(*) FROM records_record WHERE source_reference LIKE 'K-%'") == [(9_000,)]


def test_a_screening_gives_a_line_for_each_row(built_home: Home, persons: Path, tmp_path: Path) -> None:
    done = built_home.run("screen", persons, "--out", tmp_path / "hits.jsonl", *WHY)

    lines = [json.loads(line) for line in (tmp_path / "hits.jsonl").read_text().splitlines()]
    assert [(line["row"], line["outcome"]) for line in lines] == [
        (1, "no_match"),
        (2, "no_match"),
        (3, "invalid"),
        (4, "no_match"),
    ]
    assert lines[2]["problems"][0]["code"] == "missing-field"
    assert "1974" in lines[1]["notes"][0]
    assert (done.returncode, "4 rows, 0 with matches" in done.stderr) == (10, True), done.stderr
    assert "1 that could not be asked" in done.stderr


def test_a_screening_with_a_match_exits_with_10(built_home: Home, tmp_path: Path) -> None:
    (told,) = built_home.sql("SELECT payload FROM records_version WHERE payload LIKE '%\"names\"%' LIMIT 1")
    person = json.loads(str(told[0]))
    (tmp_path / "one.csv").write_text(
        f'full_name,date_of_birth\n"{person["names"][0]["full"]}",{person.get("born", [""])[0]}\n', encoding="utf-8"
    )

    done = built_home.run("screen", tmp_path / "one.csv", "--out", tmp_path / "hits.jsonl", *WHY)

    assert done.returncode == 10, done.stderr


def test_a_screening_goes_on_after_a_line_that_was_cut(built_home: Home, persons: Path, tmp_path: Path) -> None:
    # given the lines of a screening that ended, and the same cut in the middle of the third
    built_home.run("screen", persons, "--out", tmp_path / "whole.jsonl", *WHY)
    whole = (tmp_path / "whole.jsonl").read_bytes()
    third = sum(map(len, whole.splitlines(keepends=True)[:2]))
    (tmp_path / "cut.jsonl").write_bytes(whole[: third + 9])
    shutil.copy(tmp_path / "whole.jsonl.screen", tmp_path / "cut.jsonl.screen")

    # when it is called again
    done = built_home.run("screen", persons, "--out", tmp_path / "cut.jsonl", *WHY)

    # then nothing is missing and nothing stands twice
    assert done.returncode == 10, done.stderr
    assert (tmp_path / "cut.jsonl").read_bytes() == whole


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--out", "nowhere/hits.jsonl", *WHY), "unwritable-file at --out"),
        (("--out", "hits.jsonl", "--purpose", "bordr", "--reference", "A"), "unknown-value at --purpose"),
    ],
)
def test_a_screening_that_cannot_begin_names_the_option(
    words: tuple[str, ...], said: str, built_home: Home, persons: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    done = built_home.run("screen", persons, *words)

    assert (done.returncode, said in done.stderr) == (2, True), done.stderr


def test_a_key_that_cannot_be_written_is_taken_back(demo_home: Home, tmp_path: Path) -> None:
    words = ("key", "create", "--agency", "NCB Nairobi", "--system", "Gate 2")

    done = demo_home.run(*words, "--out", tmp_path / "nowhere" / "gate.key")

    assert (done.returncode, "unwritable-file" in done.stderr) == (2, True), done.stderr
    assert demo_home.sql("SELECT COUNT(*) FROM agencies_key WHERE revoked_at IS NOT NULL") == [(1,)]


@pytest.mark.database
def test_a_feed_that_is_stopped_says_how_it_goes_on(demo_home: Home, tmp_path: Path) -> None:
    # given a feed that is half-way
    rows = "".join(f"K-{number},border,Invented,{number:06d}\n" for number in range(20_000))
    (tmp_path / "many.csv").write_text("source_reference,purpose,make,plate\n" + rows, encoding="ascii")
    feeding = demo_home.begin("feed", tmp_path / "many.csv", "--database", "vehicles")
    await_versions(demo_home, 1000)

    # when it is stopped with Ctrl-C
    feeding.send_signal(signal.SIGINT)
    _, said = feeding.communicate(timeout=60)

    # then it says so, and the register tells the number of the batch
    opened = demo_home.run("register", "--event", "feed_opened", "--limit", "1", "--json").stdout
    ((batch,),) = demo_home.sql("SELECT id FROM records_batch WHERE state = 'open'")
    assert (feeding.returncode, "--resume" in said) == (130, True), said
    assert json.loads(opened)["detail"]["batch"] == batch


def test_a_screening_of_no_file_is_a_wrong_call(built_home: Home, tmp_path: Path) -> None:
    assert built_home.run("screen", tmp_path / "no.csv", "--out", tmp_path / "hits", *WHY).returncode == 2


@pytest.mark.database
def test_the_first_account_is_made_once(make_empty_home: Callable[[str], Home]) -> None:
    home = make_empty_home("home")
    words = ("init", "--secretariat", "General Secretariat", "--email", "chief@example.org")

    first, second = home.run(*words), home.run(*words)

    assert (first.returncode, second.returncode) == (0, 2), first.stderr
    assert first.stdout.splitlines()[1].startswith("http://localhost:8000/")
    assert "home-not-empty" in second.stderr
    assert not (home.folder / "demo-accounts.txt").exists()


def test_the_register_shows_a_check_by_its_reference(built_home: Home) -> None:
    built_home.run("check", "--document", "X-1", "--purpose", "border", "--reference", "TEST/REGISTER")

    done = built_home.run("register", "--reference", "TEST/REGISTER", "--json")

    entries = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(entry["event"], entry["purpose"]) for entry in entries] == [("checked", "border")]


def test_a_database_that_does_not_answer_is_a_failure_in_one_line(tmp_path: Path) -> None:
    home = Home(tmp_path / "home", "postgresql://nobody:nothing@127.0.0.1:1/nowhere")
    home.folder.mkdir()
    (home.folder / "secret.key").write_text("a" * 50, encoding="ascii")

    done = home.run("check", "--document", "X-1", *WHY, LIAISON_API_KEY="lk_invented")

    assert (done.returncode, "database-unreadable" in done.stderr) == (4, True), done.stderr
    assert "Traceback" not in done.stderr
    assert "integrity" in [what for what, _ in home.findings()]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("LIAISON_HOEM", "var", "Did you mean 'LIAISON_HOME'?"),
        ("LIAISON_DEBUG", "1", "Known: LIAISON_HOME"),
        ("LIAISON_SEARCH_PROCESSES", "many", "whole number"),
        ("LIAISON_ADDRESS", "example.org", "http:// or https://"),
        ("LIAISON_DATABASE_URL", "mysql://localhost/x", "postgresql://"),
    ],
)
def test_a_setting_that_makes_no_sense_stops_the_command(name: str, value: str, said: str, tmp_path: Path) -> None:
    done = Home(tmp_path / "home").run("migrate", **{name: value})

    assert (done.returncode, said in done.stderr) == (2, True), done.stderr


def test_a_port_that_is_taken_is_said_before_anything_starts(built_home: Home) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = built_home.run("serve", "--port", str(taken.getsockname()[1]))

    assert (done.returncode, "port-taken at --port" in done.stderr) == (2, True), done.stderr
    assert "as in `liaison serve --port " in done.stderr


def test_an_address_of_another_machine_is_not_called_a_taken_port(built_home: Home) -> None:
    done = built_home.run("serve", "--host", "192.0.2.1", "--port", "8999")

    assert (done.returncode, "port-unusable at --host" in done.stderr) == (2, True), done.stderr


def test_a_home_of_another_version_is_not_served(tmp_path: Path) -> None:
    # given a home of which one table is of another version
    home = Home(tmp_path / "home")
    home.run("migrate")
    home.sql("DELETE FROM django_migrations WHERE app = 'records'")

    done = home.run("serve")

    assert (done.returncode, "not-migrated" in done.stderr) == (4, True), done.stderr


def test_a_service_that_is_told_to_stop_stops_without_a_complaint(built_home: Home, tmp_path: Path) -> None:
    with serving(built_home, tmp_path / "log") as service:
        served = built_home.run("check", "--document", "X-1", *WHY, "--url", service.address)

    assert served.returncode == 0
    assert (tmp_path / "log").read_text() == ""


@pytest.mark.database
def test_an_index_is_made_again_while_the_service_answers(demo_home: Home, cars: Path, tmp_path: Path) -> None:
    # given a service that has found a stolen document
    with serving(demo_home, tmp_path / "log") as service:
        here = (*WHY, "--url", service.address)
        before = demo_home.run("check", "--document", STOLEN, "--issuer", "KE", *here)

        # when the index is exchanged under it, and something new is fed
        rebuilt = demo_home.run("index", "--rebuild")
        demo_home.run("feed", cars, "--database", "vehicles", "--url", service.address)

        # then it finds the old and the new
        after = demo_home.run("check", "--document", STOLEN, "--issuer", "KE", *here)
        new = demo_home.run("check", "--plate", "T 0001", "--country", "PL", *here)
    assert rebuilt.returncode == 0, rebuilt.stderr
    assert (before.returncode, after.returncode, new.returncode) == (10, 10, 10)
    assert (tmp_path / "log").read_text() == ""
    assert demo_home.findings() == []
