"""Standing checks and notifications from the command line, as a national system uses them beside a service."""

import json
from pathlib import Path

import pytest

from liaison.cli.tests.homes import Home, serving
from tests.cast import a_person, soon

WHY = ("--purpose", "locate", "--reference", "TEST/1", "--reason", "Missing")
WHO = ("--name", "Zelma Quillfeather", "--born", "1984")


def test_a_standing_check_is_set_told_extended_and_ended(demo_home: Home, tmp_path: Path) -> None:
    # given a service
    home = demo_home
    with serving(home, tmp_path / "log") as service:
        there = ("--url", service.address)

        # when a system sets a standing check and another record is fed
        made = json.loads(home.run("standing", "add", *WHO, *WHY, *there).stdout)
        number = made["standing_check"]["id"]
        row = tmp_path / "row.jsonl"
        row.write_text(json.dumps(a_person("Zelma Quillfeather", born=["1984-05-01"])), encoding="utf-8")
        home.run("feed", row, "--database", "nominal", *there)

        # then it is told, once, and goes on with its standing check from the home itself
        assert made["now"]["results"][0]["outcome"] == "no_match"
        assert soon(lambda: "Zelma" in home.run("notifications", "--unread", "--mark-read", *there).stdout)
        assert home.run("notifications", "--unread", *there).stdout == ""
        assert json.loads(home.run("notifications").stdout)["standing_check"] == number
        again = home.run(
            "standing", "extend", number, "--until", made["standing_check"]["ends_on"], "--reason", "Still"
        )
        assert json.loads(again.stdout)["id"] == number
        assert json.loads(home.run("standing", "end", number).stdout)["ended_by"] == "by_hand"
        assert number in home.run("standing", "list", "--ended").stdout
        assert number not in home.run("standing", "list").stdout


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("add", *WHO, "--vin", "X", *WHY), 2, "one-kind"),
        (("add", "--name", "Zelma", "--born", "1984-13", *WHY), 2, "impossible-date at --born"),
        (("add", *WHO, *WHY, "--until", "2999-01-01"), 2, "bad-last-day at --until"),
        (("add", *WHO, *WHY, "--until", "soon"), 2, "bad-value at --until"),
        (("end", "20261124-NOT/THERE"), 2, "no-such"),
    ],
)
def test_what_is_refused_names_the_option(words: tuple[str, ...], code: int, said: str, demo_home: Home) -> None:
    answer = demo_home.run("standing", *words)

    assert (answer.returncode, said in answer.stderr) == (code, True), answer.stderr


def test_the_demo_world_has_told_of_a_record(demo_home: Home) -> None:
    told = demo_home.sql("SELECT kind FROM notifications_notification WHERE kind LIKE 'standing%'")
    running = demo_home.sql("SELECT COUNT(*) FROM standing_standingcheck WHERE ended_at IS NULL")

    assert (told, running) == ([("standing_check_match",)], [(2,)])
