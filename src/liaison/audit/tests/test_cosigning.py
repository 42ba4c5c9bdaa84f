"""Witnesses are asked for their signatures; what they have against a log is told, and they are asked again later."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from liaison.audit.cosigning import Cosigners
from liaison.audit.events import Event
from liaison.audit.log import Contradicted, RegisterLog
from liaison.audit.register import NewEntry, register
from liaison.audit.signer import REGISTER
from liaison.lib.tlog.notes import Signer, signatures
from liaison.lib.tlog.tiles import CHECKPOINT
from liaison.lib.tlog.witnessing import Answer, Witness, WitnessAt, read_witnesses
from tests.cast import House

NOW = 1_800_000_000
SIGNER = Signer("witness.example", Ed25519PrivateKey.from_private_bytes(bytes(range(32))), is_witness=True)
AT = WitnessAt(SIGNER.verifier, "https://witness.example")
Ask = Callable[[bytes], Answer]


@pytest.fixture
def kept(house: House, tmp_path: Path) -> RegisterLog:
    kept = RegisterLog(tmp_path)
    kept.sign_new()
    return kept


@pytest.fixture
def witness(kept: RegisterLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Witness:
    """Return a witness that is reached without a network."""
    (tmp_path / "witness").mkdir()
    witness = Witness(tmp_path / "witness", SIGNER, [kept.signer.verifier_of(REGISTER)])
    answer_with(monkeypatch, lambda body: witness.add_checkpoint(body, NOW))
    return witness


def answer_with(monkeypatch: pytest.MonkeyPatch, ask: Ask) -> None:
    def post(address: str, *, content: bytes, timeout: float, trust_env: bool) -> httpx.Response:
        assert (address, trust_env, timeout > 0) == ("https://witness.example/add-checkpoint", False, True)
        answer = ask(content)
        return httpx.Response(answer.status, text=answer.text)

    monkeypatch.setattr(httpx, "post", post)


def append(count: int) -> None:
    register().append_all([NewEntry(1, Event.CHECKED, 3, "officer:12") for _ in range(count)])


def signed_by(kept: RegisterLog) -> dict[str, int]:
    note = (kept.folder / REGISTER / CHECKPOINT).read_text(encoding="utf-8")
    return signatures(note, [SIGNER.verifier])


@pytest.mark.usefixtures("witness")
def test_a_checkpoint_is_cosigned_once_and_again_when_it_has_grown(kept: RegisterLog) -> None:
    cosigners = Cosigners(kept, [AT])

    assert cosigners.ask() == ["witness.example"]
    assert signed_by(kept) == {"witness.example": NOW}
    append(300)
    kept.sign_new()
    assert signed_by(kept) == {}

    assert cosigners.ask() == cosigners.ask() == ["witness.example"]
    # Another process does not know how much the witness has seen, and is told.
    append(1)
    kept.sign_new()
    assert Cosigners(kept, [AT]).ask() == ["witness.example"]


@pytest.mark.parametrize(
    "answer", [Answer(404, "unknown\n"), Answer(500, ""), Answer(200, "nothing\n"), Answer(409, "many\n")]
)
def test_a_witness_that_does_not_sign_is_left_in_peace_for_a_while(
    kept: RegisterLog, monkeypatch: pytest.MonkeyPatch, answer: Answer
) -> None:
    asked: list[bytes] = []

    def ask(body: bytes) -> Answer:
        asked.append(body)
        return answer

    answer_with(monkeypatch, ask)
    cosigners = Cosigners(kept, [AT])

    assert cosigners.ask() == []
    assert cosigners.ask() == []
    assert len(asked) == 1


def test_a_witness_that_is_away_is_missed_and_no_error(kept: RegisterLog, monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(_: bytes) -> Answer:
        raise httpx.ConnectError("away")

    answer_with(monkeypatch, ask)

    assert Cosigners(kept, [AT]).ask() == []


@pytest.mark.parametrize("answers", [[Answer(409, "9999999\n")], [Answer(422, "No.\n")]])
def test_a_witness_that_has_seen_more_or_another_log_contradicts(
    kept: RegisterLog, monkeypatch: pytest.MonkeyPatch, answers: list[Answer]
) -> None:
    answer_with(monkeypatch, lambda _: answers[0])

    with pytest.raises(Contradicted, match=r"The witness witness\.example has seen"):
        Cosigners(kept, [AT]).ask()


def test_a_witness_that_has_seen_as_many_other_entries_contradicts(
    kept: RegisterLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = kept.sign_new()
    answer_with(monkeypatch, lambda _: Answer(409, f"{size}\n"))

    with pytest.raises(Contradicted, match="as many as there are"):
        Cosigners(kept, [AT]).ask()


def test_where_nobody_witnesses_or_nothing_is_signed_nobody_is_asked(house: House, tmp_path: Path) -> None:
    assert Cosigners(RegisterLog(tmp_path), [AT]).ask() == []
    assert Cosigners(RegisterLog(tmp_path), []).ask() == []


def test_the_setting_names_keys_and_addresses() -> None:
    key = SIGNER.verifier.text()

    assert read_witnesses(f" {key} https://witness.example/ , ") == (AT,)
    assert read_witnesses("") == ()
    for wrong in (key, f"{key} ftp://x", "x https://y", f"{Signer('log', SIGNER.key).verifier.text()} https://y"):
        with pytest.raises(ValueError, match=r"key|address|http"):
            read_witnesses(wrong)
