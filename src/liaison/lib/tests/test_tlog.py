"""A log that only grows: its hashes, its proofs, its tiles and its signed checkpoints."""

from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from liaison.lib.tlog import merkle
from liaison.lib.tlog.merkle import (
    NotProved,
    check_entries,
    check_entry,
    check_growth,
    leaf_hash,
    prove_entries,
    prove_entry,
    prove_growth,
)
from liaison.lib.tlog.notes import (
    BadNote,
    Checkpoint,
    Signer,
    read_checkpoint,
    read_verifier,
    signatures,
    signed,
)
from liaison.lib.tlog.tiles import MissingTile, Tiles, TileWriter, tile_path, unpack_entries

# The entries and roots that Certificate Transparency (RFC 6962) is tested with.
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
# The example of Go's package golang.org/x/mod/sumdb/note.
NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NOTE = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
LOG = Signer("liaison.example/register", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
WITNESS = Signer("witness.example", Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))), is_witness=True)


def entries(count: int, first: int = 0) -> list[bytes]:
    return [b"entry %d" % number for number in range(first, first + count)]


def plain_root(hashes: list[bytes]) -> bytes:
    """Return the root by the words of the definition."""
    if len(hashes) < 2:
        return hashes[0] if hashes else sha256(b"").digest()
    middle = 1 << ((len(hashes) - 1).bit_length() - 1)
    return merkle.node_hash(plain_root(hashes[:middle]), plain_root(hashes[middle:]))


def subtree_of(hashes: list[bytes]) -> merkle.Subtree:
    return lambda height, place: plain_root(hashes[place << height : (place + 1) << height])


def written(folder: Path, count: int, *flushed: int) -> TileWriter:
    writer = TileWriter(folder, 0)
    for until in (*flushed, count):
        writer.append(entries(until - writer.size, writer.size))
        writer.flush()
    return writer


def test_the_roots_are_those_of_certificate_transparency() -> None:
    hashes = [leaf_hash(bytes.fromhex(leaf)) for leaf in LEAVES]

    found = [merkle.root(size, subtree_of(hashes)).hex() for size in range(1, len(hashes) + 1)]

    assert found == ROOTS
    assert merkle.root(0, subtree_of([])) == sha256(b"").digest()


@given(st.integers(1, 70), st.data())
@settings(deadline=None)
def test_an_entry_is_proved_and_no_other_in_its_place(size: int, data: st.DataObject) -> None:
    hashes = [leaf_hash(entry) for entry in entries(size)]
    index = data.draw(st.integers(0, size - 1))
    root = plain_root(hashes)

    proof = prove_entry(index, size, subtree_of(hashes))

    check_entry(index, size, hashes[index], root, proof)
    for false in (
        (index, size, leaf_hash(b"another"), root, proof),
        (index, size, hashes[index], leaf_hash(b"x"), proof),
        (index, size, hashes[index], root, [*proof, root]),
        (index, size + 1, hashes[index], root, proof[:-1]),
        ((index + 1) % size if size > 1 else 1, size, hashes[index], root, proof),
    ):
        with pytest.raises(NotProved):
            check_entry(*false)


@given(st.integers(2, 70), st.data())
@settings(deadline=None)
def test_many_entries_are_proved_at_once_and_no_others_in_their_places(size: int, data: st.DataObject) -> None:
    # given some entries of a tree, and not all
    hashes = [leaf_hash(entry) for entry in entries(size)]
    indices = sorted(data.draw(st.sets(st.integers(0, size - 1), min_size=1, max_size=size - 1)))
    leaves, root = [hashes[index] for index in indices], plain_root(hashes)

    # when they are proved
    proof = prove_entries(indices, size, subtree_of(hashes))

    # then they are shown, and neither others, nor more or fewer, nor with another proof
    check_entries(indices, leaves, size, root, proof)
    for false in (
        (indices, [*leaves[:-1], bytes(32)], size, root, proof),
        (indices, leaves[:-1], size, root, proof),
        (indices, [*leaves, root], size, root, proof),
        (indices, leaves, size, bytes(32), proof),
        (indices, leaves, size, root, [*proof, root]),
        (indices, leaves, size, root, proof[:-1]),
        ([*indices, size], [*leaves, root], size, root, proof),
        ([*indices, indices[-1]], [*leaves, leaves[-1]], size, root, proof),
    ):
        with pytest.raises(NotProved):
            check_entries(*false)


@given(st.integers(0, 70))
def test_the_whole_tree_proves_itself_and_nothing_of_it_is_its_root(size: int) -> None:
    hashes = [leaf_hash(entry) for entry in entries(size)]

    assert prove_entries(range(size), size, subtree_of(hashes)) == []
    check_entries(range(size), hashes, size, plain_root(hashes), [])
    check_entries([], [], size, plain_root(hashes), prove_entries([], size, subtree_of(hashes)))


@pytest.mark.parametrize("indices", [[2, 1], [1, 1], [-1], [3]])
def test_entries_that_are_out_of_order_or_not_there_are_not_proved(indices: list[int]) -> None:
    with pytest.raises(ValueError, match="out of order"):
        prove_entries(indices, 3, subtree_of([leaf_hash(entry) for entry in entries(3)]))


@given(st.integers(0, 70), st.data())
@settings(deadline=None)
def test_a_tree_is_proved_to_have_only_grown(size: int, data: st.DataObject) -> None:
    hashes = [leaf_hash(entry) for entry in entries(size)]
    old_size = data.draw(st.integers(0, size))
    old_root, root = plain_root(hashes[:old_size]), plain_root(hashes)

    proof = prove_growth(old_size, size, subtree_of(hashes))

    check_growth(old_size, old_root, size, root, proof)
    for false in (
        (old_size, leaf_hash(b"another"), size, root, proof),
        (old_size, old_root, size, leaf_hash(b"another"), proof) if old_size else (1, old_root, size, root, []),
        (old_size, old_root, size, root, [*proof, root]),
        (size + 1, old_root, size, root, proof),
    ):
        with pytest.raises(NotProved):
            check_growth(*false)


@pytest.mark.parametrize(
    ("size", "flushed"),
    [(0, ()), (1, ()), (255, (3, 200)), (256, (255,)), (257, ()), (600, (1, 300)), (66_000, (65_530,))],
)
def test_what_is_written_in_tiles_is_the_tree(size: int, flushed: tuple[int, ...], tmp_path: Path) -> None:
    written(tmp_path, size, *flushed)

    tiles = Tiles(tmp_path, size)

    assert tiles.root() == plain_root([leaf_hash(entry) for entry in entries(size)])
    assert list(tiles.entries(0, size)) == entries(size)
    for index in {0, size // 2, size - 1} & set(range(size)):
        check_entry(index, size, leaf_hash(entries(1, index)[0]), tiles.root(), prove_entry(index, size, tiles.subtree))


def test_an_earlier_checkpoint_can_be_checked_against_the_tiles_that_came_after(tmp_path: Path) -> None:
    old = written(tmp_path, 300).size
    old_root = Tiles(tmp_path, old).root()
    writer = TileWriter(tmp_path, old)
    writer.append(entries(500, old))
    writer.flush()

    now = Tiles(tmp_path, 800)

    check_growth(old, old_root, 800, now.root(), prove_growth(old, 800, now.subtree))
    assert Tiles(tmp_path, old).root() == old_root
    assert not (tmp_path / f"{tile_path(0, 1)}.p").exists()


@pytest.mark.parametrize("damage", ["changed", "cut", "an entry less", "gone", "empty"])
@pytest.mark.parametrize("path", ["tile/0/000", "tile/0/002.p/88", "tile/entries/001", "tile/entries/002.p/88"])
def test_a_damaged_tile_is_never_read_as_the_log(path: str, damage: str, tmp_path: Path) -> None:
    written(tmp_path, 600)
    root, file = Tiles(tmp_path, 600).root(), tmp_path / path
    content = file.read_bytes()
    if damage == "gone":
        file.unlink()
    else:
        middle = len(content) // 2
        changed = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
        file.write_bytes(
            {"changed": changed, "cut": content[:-5], "an entry less": content[:-11], "empty": b""}[damage]
        )

    tiles = Tiles(tmp_path, 600)

    with pytest.raises(NotProved):
        assert (list(tiles.entries(0, 600)), tiles.root()) == (entries(600), root) or _no_difference()


def _no_difference() -> bool:
    raise NotProved("The root is another.")


def test_a_bundle_that_is_cut_is_refused() -> None:
    with pytest.raises(MissingTile):
        unpack_entries(b"\x00\x05abc")


def test_a_note_of_another_program_is_verified() -> None:
    verifier = read_verifier(NEUMANN)

    assert verifier.text() == NEUMANN
    assert signatures(NOTE, [verifier]) == {"PeterNeumann": 0}
    with pytest.raises(BadNote, match="does not belong"):
        signatures(NOTE.replace("answer", "Answer"), [verifier])


def test_a_checkpoint_is_signed_by_its_log_and_seen_by_a_witness() -> None:
    checkpoint = Checkpoint(LOG.name, 17, bytes(32))
    note = signed(checkpoint.text(), LOG.sign(checkpoint.text()), WITNESS.sign(checkpoint.text(), at=1_800_000_000))

    log, witness = read_verifier(LOG.verifier.text()), read_verifier(WITNESS.verifier.text())

    assert read_checkpoint(note, log) == checkpoint
    assert signatures(note, [log, witness]) == {LOG.name: 0, WITNESS.name: 1_800_000_000}
    with pytest.raises(BadNote):
        signatures(note.replace("\n17\n", "\n18\n"), [witness])


@pytest.mark.parametrize(
    "note",
    [
        "",
        "\n\n",
        "a\n0\nx\n\n",
        NOTE,
        signed("o\n017\nAAAA\n", ""),
        signed(Checkpoint(LOG.name, 1, b"x").text(), "— a\n"),
    ],
)
def test_what_is_no_checkpoint_of_the_log_is_refused(note: str) -> None:
    with pytest.raises(BadNote):
        read_checkpoint(note, LOG.verifier)


def test_a_checkpoint_of_another_origin_is_refused_though_the_key_signed_it() -> None:
    text = Checkpoint("elsewhere", 1, bytes(32)).text()

    with pytest.raises(BadNote, match="of elsewhere"):
        read_checkpoint(signed(text, LOG.sign(text)), LOG.verifier)


@pytest.mark.parametrize(
    "text", ["", "a+b", NEUMANN.replace("c74f20a3", "c74f20a4"), NEUMANN[:-4], NEUMANN.replace("PeterN", "Peter N")]
)
def test_what_is_no_public_key_is_refused(text: str) -> None:
    with pytest.raises(BadNote):
        read_verifier(text)


@given(st.text())
def test_any_text_is_a_note_or_refused(text: str) -> None:
    with pytest.raises(BadNote):
        read_checkpoint(text, LOG.verifier)
