"""Witnesses of two bureaux, each a process with a folder and a key of its own, sign what has only grown."""

import asyncio
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from liaison.cli import witness
from liaison.cli.tests.homes import Home
from liaison.errors import BadInput
from liaison.lib.tlog.merkle import EMPTY_ROOT
from liaison.lib.tlog.notes import Checkpoint, Signer, read_verifier, signed
from liaison.lib.tlog.witnessing import read_cosignature, write_request
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


def answer_of(folder: Path, method: str, path: str, *pieces: bytes) -> tuple[int, bytes]:
    """Ask the application of a witness without a network."""
    messages = [{"body": piece, "more_body": True} for piece in pieces] + [{"body": b""}]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(witness._door(folder)({"type": "http", "method": method, "path": path}, receive, send))
    return sent[0]["status"], sent[1]["body"]


def test_a_witness_answers_at_one_path_and_reads_no_more_than_it_needs(tmp_path: Path, capsys: Any) -> None:
    witness.init(tmp_path, "witness.example")
    key = capsys.readouterr().out.strip()
    log = Signer("log.example/register", Ed25519PrivateKey.generate())
    witness.trust(tmp_path, log.verifier.text())
    witness.trust(tmp_path, log.verifier.text())
    text = Checkpoint(log.name, 0, EMPTY_ROOT).text()
    request = write_request(0, [], signed(text, log.sign(text)))

    status, line = answer_of(tmp_path, "POST", "/add-checkpoint", request[:20], request[20:])

    assert status == 200
    assert read_cosignature(line.decode(), text, read_verifier(key))
    assert answer_of(tmp_path, "GET", "/add-checkpoint")[0] == 404
    assert answer_of(tmp_path, "POST", "/elsewhere")[0] == 404
    assert answer_of(tmp_path, "POST", "/add-checkpoint", b"x" * 70_000)[0] == 413
    assert answer_of(tmp_path, "POST", "/add-checkpoint", b"x")[0] == 400
    calls: tuple[Callable[[], None], ...] = (
        lambda: witness.init(tmp_path, "witness.example"),
        lambda: witness.init(tmp_path / "other", "two words"),
        lambda: witness.trust(tmp_path, "x"),
        lambda: witness.trust(tmp_path, Signer(log.name, Ed25519PrivateKey.generate()).verifier.text()),
        lambda: witness.trust(tmp_path / "nowhere", key),
    )
    for call in calls:
        with pytest.raises(BadInput):
            call()
