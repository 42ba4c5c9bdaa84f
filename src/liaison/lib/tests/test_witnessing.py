"""A witness signs that a log has only grown, and nothing else."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from liaison.lib.tests.test_tlog import LOG, WITNESS, entries, written
from liaison.lib.tlog.merkle import prove_growth
from liaison.lib.tlog.notes import BadNote, Checkpoint, Signer, signatures, signed
from liaison.lib.tlog.tiles import Tiles, TileWriter
from liaison.lib.tlog.witnessing import MAX_PROOF, Answer, Witness, read_cosignature, read_request, write_request

NOW = 1_800_000_000


@pytest.fixture
def tiles(tmp_path: Path) -> Path:
    written(tmp_path / "log", 600, 1, 5, 200, 300)
    return tmp_path / "log"


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    (tmp_path / "witness").mkdir()
    return Witness(tmp_path / "witness", WITNESS, [LOG.verifier])


def note_of(tiles: Path, size: int, signer: Signer = LOG) -> str:
    text = Checkpoint(signer.name, size, Tiles(tiles, size).root()).text()
    return signed(text, signer.sign(text))


def ask(witness: Witness, tiles: Path, old: int, size: int) -> Answer:
    proof = prove_growth(old, size, Tiles(tiles, size).subtree)
    return witness.add_checkpoint(write_request(old, proof, note_of(tiles, size)), NOW)


def test_a_log_that_grows_is_signed_each_time(witness: Witness, tiles: Path) -> None:
    for old, size in ((0, 1), (1, 300), (300, 300), (300, 600)):
        answer = ask(witness, tiles, old, size)

        assert answer.status == 200
        text = Checkpoint(LOG.name, size, Tiles(tiles, size).root()).text()
        line = read_cosignature(answer.text, text, WITNESS.verifier)
        assert signatures(signed(text, line), [WITNESS.verifier]) == {WITNESS.name: NOW}
    assert witness.last(LOG.name).size == 600


def test_whoever_names_another_size_is_told_the_one_that_was_seen(witness: Witness, tiles: Path) -> None:
    ask(witness, tiles, 0, 300)

    assert ask(witness, tiles, 0, 600) == Answer(409, "300\n")
    assert ask(witness, tiles, 0, 200) == Answer(409, "300\n")
    assert ask(witness, tiles, 300, 600).status == 200


def test_a_log_that_was_rewritten_is_never_signed_again(witness: Witness, tiles: Path, tmp_path: Path) -> None:
    # given a log of which 300 entries were seen, and another of the same key in which one of these is another
    ask(witness, tiles, 0, 300)
    changed = [b"another", *entries(599, 1)]
    writer = TileWriter(tmp_path / "changed", 0)
    for start, end in ((0, 300), (300, 600)):
        writer.append(changed[start:end])
        writer.flush()

    assert ask(witness, tmp_path / "changed", 300, 600).status == 422
    assert ask(witness, tmp_path / "changed", 300, 300) == Answer(409, "300\n")
    assert witness.last(LOG.name).root == Tiles(tiles, 300).root()


def test_an_unknown_log_and_another_key_are_refused(witness: Witness, tiles: Path) -> None:
    unknown = Signer("elsewhere/register", LOG.key)
    forged = Signer(LOG.name, Ed25519PrivateKey.generate())

    assert witness.add_checkpoint(write_request(0, [], note_of(tiles, 5, unknown)), NOW).status == 404
    assert witness.add_checkpoint(write_request(0, [], note_of(tiles, 5, forged)), NOW).status == 403


@pytest.mark.parametrize(
    "body",
    [
        b"", b"old 0", b"old 0\n\n", b"new 0\n\nx", b"old -1\n\nx", b"old 1\nAAAA\n\nx", b"\xff\n\n",
        b"old 99999999999999999999\n\nx", b"old 0\n" + b"A" * 44 + b"\n" * 2, "old ٣\n\nx".encode(),
        b"old 0\n" + b"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n" * 64 + b"\nx",
    ],
)  # fmt: skip
def test_what_is_no_request_is_refused(witness: Witness, body: bytes) -> None:
    assert witness.add_checkpoint(body, NOW).status == 400


def test_an_old_size_beyond_the_checkpoint_is_refused(witness: Witness, tiles: Path) -> None:
    assert witness.add_checkpoint(write_request(9, [], note_of(tiles, 5)), NOW).status == 400


@given(st.binary())
@settings(deadline=None)
def test_any_body_is_read_or_refused(body: bytes) -> None:
    try:
        size, proof, note = read_request(body)
    except (BadNote, UnicodeDecodeError):
        return
    assert (size >= 0, len(proof) <= MAX_PROOF) == (True, True)
    assert read_request(write_request(size, proof, note)) == (size, proof, note)


def test_an_answer_without_the_signature_of_the_witness_is_none(tiles: Path) -> None:
    text = Checkpoint(LOG.name, 1, bytes(32)).text()

    for answer in ("", LOG.sign(text), WITNESS.sign("another\n", NOW), "garbage\n"):
        with pytest.raises(BadNote):
            read_cosignature(answer, text, WITNESS.verifier)
