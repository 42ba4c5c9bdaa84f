"""Whatever of the past is changed, and signed again with the real key, contradicts who kept a checkpoint.

Judged twice: by our own verification, and by Go's golang.org/x/mod/sumdb.
"""

import os
import random
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from liaison.audit.signer import REGISTER, KeptSigner
from liaison.audit.verifying import Demands, verify_folder
from liaison.lib.tlog.tiles import CHECKPOINT, TileWriter
from tests.plugins import components

SOURCE = Path(__file__).parents[4] / "tests" / "tools" / "verify_log" / "main.go"
KEPT, ALL = 700, 1100
Leaves = list[bytes]


@pytest.fixture(scope="session")
def go(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the program that verifies a log with Go's packages, built here."""
    if not shutil.which("go") or not Path("/usr/share/gocode/src/golang.org/x/mod/sumdb").is_dir():
        components.missing("Go with golang.org/x/mod", "golang-go golang-golang-x-mod-dev")
    folder = tmp_path_factory.mktemp("go")
    environment = os.environ | {"GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOCACHE": str(folder / "cache")}
    command = ["go", "build", "-o", str(folder / "verify_log"), str(SOURCE)]
    subprocess.run(command, check=True, env=environment)  # noqa: S603  our own program
    return folder / "verify_log"


def written(folder: Path, signer: KeptSigner, leaves: Leaves, *flushed: int) -> Path:
    """Write a log of these leaves and sign it with the real key, whatever was signed before."""
    writer = TileWriter(folder, 0)
    for end in (*flushed, len(leaves)):
        writer.append(leaves[writer.size : end])
        writer.flush()
    (folder / CHECKPOINT).write_text(signer.sign(REGISTER, writer.size, writer.root()), encoding="utf-8")
    return folder


def judge(folder: Path, signer: KeptSigner, older: Path, go: Path) -> tuple[bool, bool]:
    """Return whether we, and whether Go, find the log sound and grown out of the older checkpoint."""
    key = signer.verifier_of(REGISTER)
    ours = verify_folder(folder, key, Demands(older=[older.read_text(encoding="utf-8")]))
    command = [str(go), str(folder), key.text(), str(older)]
    theirs = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  our own program
    assert theirs.stdout.strip() or theirs.returncode, theirs.stderr
    return not ours.problems, theirs.returncode == 0


def leaf(number: int, change: str = "") -> bytes:
    return f"{change}{number}".encode().rjust(32, b".")


def rewritten(leaves: Leaves, dice: random.Random) -> Leaves:
    place = dice.randrange(KEPT)
    return [*leaves[:place], leaf(place, "another "), *leaves[place + 1 :]]


def dropped(leaves: Leaves, dice: random.Random) -> Leaves:
    place = dice.randrange(KEPT)
    return leaves[:place] + leaves[place + 1 :]


def added(leaves: Leaves, dice: random.Random) -> Leaves:
    place = dice.randrange(KEPT)
    return [*leaves[:place], leaf(place, "more "), *leaves[place:]]


def exchanged(leaves: Leaves, dice: random.Random) -> Leaves:
    first, second = dice.sample(range(KEPT), 2)
    changed = list(leaves)
    changed[first], changed[second] = leaves[second], leaves[first]
    return changed


def rolled_back(leaves: Leaves, dice: random.Random) -> Leaves:
    return leaves[: dice.randrange(1, KEPT)]


def begun_anew(leaves: Leaves, dice: random.Random) -> Leaves:
    return [leaf(number, f"world {dice.random()} "[:20]) for number in range(len(leaves))]


TAMPERINGS: tuple[Callable[[Leaves, random.Random], Leaves], ...] = (
    rewritten, dropped, added, exchanged, rolled_back, begun_anew,
)  # fmt: skip


@pytest.mark.campaign(sample=20, full=1000)
def test_whatever_was_changed_and_signed_again_is_found(rounds: int, tmp_path: Path, go: Path) -> None:
    dice, signer = random.Random(17), KeptSigner(tmp_path / "signer")  # noqa: S311  the same dice every time
    leaves = [leaf(number) for number in range(ALL)]
    older = written(tmp_path / "kept", signer, leaves[:KEPT]) / CHECKPOINT
    assert judge(written(tmp_path / "sound", signer, leaves, 3, KEPT), signer, older, go) == (True, True)

    for number in range(rounds):
        tamper = TAMPERINGS[number % len(TAMPERINGS)]
        folder = written(tmp_path / "changed", signer, tamper(leaves, dice))
        assert judge(folder, signer, older, go) == (False, False), (number, tamper.__name__)
        shutil.rmtree(folder)


@pytest.mark.campaign(sample=40, full=1000)
def test_whatever_byte_of_a_log_is_changed_is_found(rounds: int, tmp_path: Path, go: Path) -> None:
    dice, signer = random.Random(18), KeptSigner(tmp_path / "signer")  # noqa: S311  as above
    leaves = [leaf(number) for number in range(ALL)]
    older = tmp_path / "older"
    shutil.copy(written(tmp_path / "kept", signer, leaves[:KEPT]) / CHECKPOINT, older)
    folder = written(tmp_path / "log", signer, leaves)
    files = sorted(path for path in folder.rglob("*") if path.is_file())

    for _ in range(rounds):
        path = dice.choice(files)
        content = path.read_bytes()
        place = dice.randrange(len(content))
        changed = content[:place] + bytes([content[place] ^ 1 << dice.randrange(8)]) + content[place + 1 :]
        path.write_bytes(changed if dice.random() < 0.7 else content[:place])
        assert judge(folder, signer, older, go) == (False, False), (path.relative_to(folder), place)
        path.write_bytes(content)
