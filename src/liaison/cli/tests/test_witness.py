"""Witnesses of two bureaux, each a process with a folder and a key of its own, sign what has only grown."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from liaison.cli.tests.homes import Home
from tests import warm

WHY = ("--purpose", "border", "--reference", "TEST/1")


class Watching:
    """A witness that listens: its public key and its address."""

    def __init__(self, folder: Path, name: str, log_key: str) -> None:
        self._home, self._folder = Home(folder / "nowhere"), folder
        self.key = self.run("init", "--folder", folder, "--name", name)
        self.run("trust", "--folder", folder, log_key)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.process: warm.Process | None = None

    def run(self, *words: str | Path) -> str:
        done = self._home.run("witness", *words)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    @property
    def setting(self) -> str:
        return f"{self.key} http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.process = self._home.begin("witness", "serve", "--folder", self._folder, "--port", str(self.port))
        deadline = time.monotonic() + 20
        while True:
            try:
                assert httpx.get(f"http://127.0.0.1:{self.port}/").status_code == 404
            except httpx.TransportError:
                assert time.monotonic() < deadline
                time.sleep(0.05)
            else:
                return

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(20)


@pytest.fixture
def witnesses(demo_home: Home, tmp_path: Path) -> Iterator[list[Watching]]:
    """Two that listen, and know the log of the home."""
    key = demo_home.run("log", "key").stdout.strip()
    found = [Watching(tmp_path / name, f"witness.{name}.example", key) for name in ("nairobi", "warsaw")]
    for one in found:
        one.start()
    yield found
    for one in found:
        one.stop()


def test_two_bureaux_cosign_and_refuse_what_the_operator_rewrote(
    demo_home: Home, witnesses: list[Watching], tmp_path: Path
) -> None:
    # given a register that both have seen
    setting = {"LIAISON_WITNESSES": ", ".join(one.setting for one in witnesses)}
    demands = ("--witness", witnesses[0].key, "--witness", witnesses[1].key, "--need", "2")
    signed = demo_home.run("log", "sign", **setting)
    assert "cosigned by witness.nairobi.example, witness.warsaw.example" in signed.stdout, signed.stderr
    assert demo_home.run("verify", *demands, **setting).returncode == 0

    # when it grows, they sign again
    assert demo_home.run("check", "--document", "X-1", *WHY).returncode == 0
    assert demo_home.run("verify", *demands, **setting).returncode == 0

    # when the operator rewrites an entry, and signs all of it again with the real key
    demo_home.sql("UPDATE audit_entry SET actor = 'officer:99' WHERE number = 7", register=True)
    for made in (demo_home.folder / "log", demo_home.folder / "signer" / "signed.json"):
        made.rename(tmp_path / f"old-{made.name}")
    assert demo_home.run("check", "--document", "X-1", *WHY).returncode == 0
    assert demo_home.run("log", "sign").returncode == 0
    assert demo_home.run("verify").returncode == 0

    # then no witness signs, and who demands their signatures sees it
    refused = demo_home.run("verify", *demands, **setting)
    assert (refused.returncode, "has seen other entries" in refused.stdout) == (4, True), refused.stdout
    assert "0 witnesses have cosigned, 2 must" in refused.stdout


def test_a_register_of_as_many_other_entries_is_not_cosigned(
    demo_home: Home, witnesses: list[Watching], tmp_path: Path
) -> None:
    setting = {"LIAISON_WITNESSES": witnesses[0].setting}
    demands = ("--witness", witnesses[0].key, "--need", "1")
    assert demo_home.run("verify", *demands, **setting).returncode == 0

    demo_home.sql("UPDATE audit_entry SET actor = 'officer:99' WHERE number = 7", register=True)
    for made in (demo_home.folder / "log", demo_home.folder / "signer" / "signed.json"):
        made.rename(tmp_path / f"old-{made.name}")

    assert "has seen other entries of this log, as many" in demo_home.run("verify", *demands, **setting).stdout


def test_a_witness_that_is_away_is_missed_and_signs_when_it_is_back(demo_home: Home, witnesses: list[Watching]) -> None:
    setting = {"LIAISON_WITNESSES": ", ".join(one.setting for one in witnesses)}
    demands = ("--witness", witnesses[0].key, "--witness", witnesses[1].key, "--need")
    witnesses[1].stop()

    assert demo_home.run("verify", *demands, "1", **setting).returncode == 0
    assert "1 witnesses have cosigned, 2 must" in demo_home.run("verify", *demands, "2", **setting).stdout

    witnesses[1].start()
    assert demo_home.run("verify", *demands, "2", **setting).returncode == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("serve", "--folder", "nowhere"), "no-such-folder at --folder"),
        (("trust", "--folder", "nowhere", "x"), "no-such-folder at --folder"),
        (("init", "--folder", "new", "--name", "two words"), "bad-value at --name"),
    ],
)
def test_what_no_witness_can_be_made_of_says_why(words: tuple[str, ...], said: str, tmp_path: Path) -> None:
    done = Home(tmp_path / "nowhere").run(
        "witness", *(tmp_path / word if word in ("nowhere", "new") else word for word in words)
    )

    assert (done.returncode, said in done.stderr) == (2, True), done.stderr


def test_a_witness_takes_no_second_key_of_a_log_and_no_second_key_of_its_own(demo_home: Home, tmp_path: Path) -> None:
    key = demo_home.run("log", "key").stdout.strip()
    watching = Watching(tmp_path / "one", "witness.example", key)
    name = key.partition("+")[0]
    other = (
        Home(tmp_path / "nowhere").run("witness", "init", "--folder", tmp_path / "two", "--name", name).stdout.strip()
    )

    again = Home(tmp_path / "nowhere").run("witness", "trust", "--folder", tmp_path / "one", other)
    twice = Home(tmp_path / "nowhere").run("witness", "init", "--folder", tmp_path / "one", "--name", "x")

    assert watching.run("trust", "--folder", tmp_path / "one", key) == ""
    assert "knows another key" in again.stderr
    assert "folder-exists" in twice.stderr


@pytest.mark.parametrize(
    "value", ["x http://localhost", "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW http://x"]
)
def test_a_setting_that_names_no_witness_is_refused(built_home: Home, value: str) -> None:
    assert "LIAISON_WITNESSES" in built_home.run("log", "key", LIAISON_WITNESSES=value).stderr
