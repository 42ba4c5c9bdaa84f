"""Is the register what was signed: a copy of the log in any folder, and this home's entries against it.

Nothing here needs the private key, and nothing of a folder needs a server.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from liaison.audit.log import Contradicted, RegisterLog, leaves
from liaison.audit.series import agency_of, series
from liaison.audit.signer import CONFIDENTIAL, REGISTER
from liaison.lib.tlog.merkle import NotProved, check_growth, prove_growth
from liaison.lib.tlog.notes import BadNote, Checkpoint, Verifier, read_checkpoint, signatures
from liaison.lib.tlog.tiles import CHECKPOINT, Tiles

# So many entries that differ are named one by one.
_NAMED = 20


class Demands(NamedTuple):
    """What a log must show beside its own signature.

    `older` are notes of the same log from other places, which it must have grown out of; of
    `witnesses`, at least `needed` must have cosigned.
    """

    older: Sequence[str] = ()
    witnesses: Sequence[Verifier] = ()
    needed: int = 0


class Verified(NamedTuple):
    """What was found: how the log stands, who cosigned and when, how many entries were compared, what is wrong."""

    checkpoint: Checkpoint | None
    cosigned: dict[str, int]
    compared: int
    problems: tuple[str, ...]


def verify_folder(folder: Path, log: Verifier, demands: Demands, among: range | None = None) -> Verified:
    """Verify a copy of a log: its signature, its tiles, and that each entry of some indices belongs to its hash."""
    try:
        note = (folder / CHECKPOINT).read_text(encoding="utf-8")
        checkpoint = read_checkpoint(note, log)
    except OSError as error:
        return Verified(None, {}, 0, (f"There is no checkpoint to read in {folder} ({error.strerror}).",))
    except (BadNote, UnicodeDecodeError) as error:
        return Verified(None, {}, 0, (str(error),))
    tiles = Tiles(folder, checkpoint.size)
    problems = [*_problems_of_tree(tiles, checkpoint, log, demands)]
    wanted = among or range(checkpoint.size)
    compared = 0
    try:
        compared = sum(1 for _ in tiles.entries(wanted.start, min(wanted.stop, checkpoint.size)))
    except NotProved as error:
        problems.append(str(error))
    cosigned, missing = cosigned_by(note, demands)
    return Verified(checkpoint, cosigned, compared, (*problems, *missing))


def verify_home(kept: RegisterLog, demands: Demands, among: range | None = None) -> Verified:
    """Verify the entries of this home against its log, of all series, or of a range of numbers of the ordinary one."""
    wanted = range(among.start - 1, among.stop - 1) if among else None
    found = verify_folder(kept.folder / REGISTER, kept.signer.verifier_of(REGISTER), demands, wanted)
    problems = list(found.problems)
    if found.checkpoint:
        last = kept.signer.last(REGISTER)
        if last and last.size > found.checkpoint.size:
            problems.append(f"The checkpoint is older than the last that was signed, of {last.size} entries.")
        span = wanted or range(found.checkpoint.size)
        problems += _problems_of_entries(kept.folder / REGISTER, found.checkpoint, series(), span)
    if among is None:
        problems += _problems_of_confidential(kept)
    return found._replace(problems=tuple(problems))


def _problems_of_tree(tiles: Tiles, checkpoint: Checkpoint, log: Verifier, demands: Demands) -> Iterator[str]:
    try:
        if tiles.root() != checkpoint.root:
            yield "The tiles are not those of the signed checkpoint: their tree has another root."
            return
    except NotProved as error:
        yield str(error)
        return
    for note in demands.older:
        try:
            old = read_checkpoint(note, log)
            if old.size > checkpoint.size:
                yield f"The log has {checkpoint.size} entries, an older checkpoint has {old.size}: entries are gone."
            else:
                proof = prove_growth(old.size, checkpoint.size, tiles.subtree)
                check_growth(old.size, old.root, checkpoint.size, checkpoint.root, proof)
        except BadNote as error:
            yield f"An older checkpoint cannot be read: {error}"
        except NotProved:
            yield f"The log does not begin with the {old.size} entries of an older checkpoint: they were changed."


def cosigned_by(note: str, demands: Demands) -> tuple[dict[str, int], list[str]]:
    """Return which witnesses cosigned, and what is wrong with that."""
    try:
        cosigned = signatures(note, demands.witnesses)
    except BadNote as error:
        return {}, [str(error)]
    missing = demands.needed - len(cosigned)
    return cosigned, [f"{len(cosigned)} witnesses have cosigned, {demands.needed} must."] if missing > 0 else []


def _problems_of_entries(folder: Path, checkpoint: Checkpoint, among: range, span: range) -> Iterator[str]:
    """Compare the entries of a series with their leaves; `span` are indices."""
    end = min(span.stop, checkpoint.size)
    different = 0
    try:
        signed = Tiles(folder, checkpoint.size).entries(span.start, end)
        for index, (own, leaf) in enumerate(_paired(leaves(among, span.start, end), signed), span.start):
            if own != leaf:
                different += 1
                if different <= _NAMED:
                    what = "is missing" if own is None else "is not what was signed"
                    yield f"Entry {_written(among, index)} {what}."
    except (NotProved, Contradicted) as error:
        yield str(error)
    if different > _NAMED:
        yield f"{different - _NAMED} more entries are not what was signed."


def _paired(own: Iterator[bytes], signed: Iterable[bytes]) -> Iterator[tuple[bytes | None, bytes]]:
    for leaf in signed:
        yield next(own, None), leaf


def _written(among: range, index: int) -> str:
    agency = agency_of(among.start)
    return f"C{index + 1} of agency {agency}" if agency else str(index + 1)


def _problems_of_confidential(kept: RegisterLog) -> Iterator[str]:
    """Verify the log of each source; it is named by the number of its agency only."""
    folder = kept.folder / CONFIDENTIAL
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        name = f"{CONFIDENTIAL}/{path.name}"
        found = verify_folder(path, kept.signer.verifier_of(name), Demands())
        yield from (f"{name}: {problem}" for problem in found.problems)
        if found.checkpoint:
            among = series(int(path.name))
            yield from _problems_of_entries(path, found.checkpoint, among, range(found.checkpoint.size))
