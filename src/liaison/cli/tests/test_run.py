"""`liaison run`, the first promise of the README: a home, a world, sample checks; a taken port is named."""

import socket

import pytest

from liaison.cli.running import FIRST_TO_TRY
from liaison.cli.tests.homes import Home
from liaison.demo import world

pytestmark = pytest.mark.database


def test_a_demo_home_is_checked_and_not_built_again(demo_home: Home) -> None:
    before = demo_home.sql("SELECT COUNT(*) FROM records_version")

    done = demo_home.run("run", "--no-serve", COLUMNS="200")

    assert done.returncode == 0, done.stderr
    assert "Sample checks" in done.stdout
    assert "Zuhayr Fawwaz al-Barghashi" in done.stdout
    assert demo_home.sql("SELECT COUNT(*) FROM records_version") == before


def test_whoever_is_told_to_sign_in_first_reads_english_and_may_check() -> None:
    first = world.account(FIRST_TO_TRY)

    assert first.language == "en"
    assert any(right.agency == first.agency and "check" in right.operations for right in world.ENTITLEMENTS)


def test_a_home_of_the_demo_is_not_built_over(demo_home: Home) -> None:
    done = demo_home.run("demo", "build")

    assert (done.returncode, "home-not-empty" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("command", "makelevel", "advice"),
    [
        ("run", "", "as in `liaison run --port "),
        ("run", "1", "as in `make run PORT="),
        ("serve", "1", "as in `liaison serve --port "),
    ],
)
def test_a_taken_port_is_named_before_any_work(demo_home: Home, command: str, makelevel: str, advice: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        done = demo_home.run(command, "--port", str(port), MAKELEVEL=makelevel)

    assert done.returncode == 2
    assert f"Port {port} is taken" in done.stderr
    assert advice in done.stderr


def test_a_lost_password_is_replaced_by_a_one_time_link(demo_home: Home) -> None:
    done = demo_home.run("link", "Warsaw.Admin@pl.example")
    unknown = demo_home.run("link", "nobody@pl.example")

    assert "/accounts/invitation/" in done.stdout
    assert (unknown.returncode, "no-such-officer" in unknown.stderr) == (2, True)
    assert demo_home.sql("SELECT COUNT(*) FROM audit_entry WHERE event = 'link_renewed'", register=True) == [(1,)]
