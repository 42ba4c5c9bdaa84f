"""How do versions of records become arrays that can be searched, and arrays become one again.

A shard holds the newest versions of some records: in memory as part of the delta, or
mapped from a segment.  Arrays, `n` rows, `m` of them with a subject, `N` names:

    record, sequence int64[n]; rights uint32[n]; expires int32[n]; removed bool[n]
    record_order uint32[n]     rows in order of their record's number
    key_hash, key_row          see `exact.py`
    subject_row uint32[m]; kind, sex uint8[m]
    born, nation               int32[], uint16[] of subject s at born_ptr[s]:born_ptr[s + 1], nation_ptr likewise
    blob                       uint8[], the profile of subject s at blob_ptr[s]:blob_ptr[s + 1], MessagePack
    name_subject uint32[N]; name_bits float32[N]   whose name, and the bits of its major parts
    vocab_*, bone_*, post*     see `vocabulary.py`
"""

from collections.abc import Sequence
from itertools import accumulate, chain
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from liaison.engine.arrays import Searchable
from liaison.engine.exact import ExactTable, build_exact, hash_key
from liaison.engine.profile import FoldedName, Profile, profile_of, rarity_for, weigh
from liaison.engine.segment import Arrays
from liaison.engine.types import Item, Removal
from liaison.engine.vocabulary import TEXT, build_vocabulary

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Profile).decode

_RAGGED = (("born", "born_ptr"), ("nation", "nation_ptr"), ("blob", "blob_ptr"))
_ROW_ARRAYS = ("record", "sequence", "rights", "expires", "removed")


class Shard:
    """Arrays ready to be searched; never changed after it is made."""

    def __init__(self, arrays: Arrays) -> None:
        for array in arrays.values():
            # Kernels are compiled once for arrays in memory and mapped ones when neither can be written.
            array.setflags(write=False)
        self.arrays = dict(arrays)
        self.record: NDArray[np.int64] = arrays["record"]
        self.sequence: NDArray[np.int64] = arrays["sequence"]
        self.last_sequence = int(self.sequence.max(initial=0))
        self.removed: NDArray[np.bool_] = arrays["removed"]
        self.rights: NDArray[np.uint32] = arrays["rights"]
        self.expires: NDArray[np.int32] = arrays["expires"]
        self.exact = ExactTable(arrays)
        self.searchable = Searchable(*(arrays[name] for name in Searchable._fields))

    def __len__(self) -> int:
        return len(self.record)

    @property
    def size_bytes(self) -> int:
        """Return the bytes that the arrays take."""
        return sum(array.nbytes for array in self.arrays.values())

    def rows_of_records(self, records: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return (places in `records`, rows here) of those records that have a row here."""
        order = self.arrays["record_order"]
        places = np.searchsorted(self.record, records, sorter=order)
        inside = np.flatnonzero(places < len(order))
        rows = order[places[inside]].astype(np.int64)
        same = self.record[rows] == records[inside]
        return inside[same], rows[same]

    def profile(self, subject: int) -> Profile:
        """Return the profile of a subject of this shard."""
        start, end = self.arrays["blob_ptr"][subject : subject + 2].tolist()
        return _decode(self.arrays["blob"][start:end].tobytes())


def build_shard(changes: Sequence[Item | Removal]) -> Shard:
    """Build a shard from changes of distinct records."""
    subjects = [
        (row, profile_of(change.subject))
        for row, change in enumerate(changes)
        if isinstance(change, Item) and change.subject
    ]
    columns = _row_columns(changes)
    columns |= _key_columns(changes)
    columns |= _subject_columns(subjects)
    columns |= _name_columns([profile for _, profile in subjects])
    return Shard(_arranged(columns))


def _row_columns(changes: Sequence[Item | Removal]) -> dict[str, NDArray[Any]]:
    items = [change if isinstance(change, Item) else Item(change.record, change.sequence, 0, 0) for change in changes]
    return {
        "record": np.array([item.record for item in items], dtype=np.int64),
        "sequence": np.array([item.sequence for item in items], dtype=np.int64),
        "rights": np.array([item.rights_class for item in items], dtype=np.uint32),
        "expires": np.array([item.expires_day for item in items], dtype=np.int32),
        "removed": np.array([isinstance(change, Removal) for change in changes], dtype=np.bool_),
    }


def _key_columns(changes: Sequence[Item | Removal]) -> dict[str, NDArray[Any]]:
    keys = [change.keys if isinstance(change, Item) else () for change in changes]
    hashes = [hash_key(key) for key in chain.from_iterable(keys)]
    rows = np.repeat(np.arange(len(changes), dtype=np.uint32), [len(some) for some in keys])
    return {"key_hash": np.array(hashes, dtype=np.uint64), "key_row": rows}


def _subject_columns(subjects: Sequence[tuple[int, Profile]]) -> dict[str, NDArray[Any]]:
    profiles = [profile for _, profile in subjects]
    blobs = [_encode(profile) for profile in profiles]
    return {
        "subject_row": np.array([row for row, _ in subjects], dtype=np.uint32),
        "kind": np.array([profile.kind for profile in profiles], dtype=np.uint8),
        "sex": np.array([profile.sex for profile in profiles], dtype=np.uint8),
        "born": np.array([date for profile in profiles for date in profile.born], dtype=np.int32),
        "born_ptr": _ends(len(profile.born) for profile in profiles),
        "nation": np.array([code for profile in profiles for code in profile.nationalities], dtype=np.uint16),
        "nation_ptr": _ends(len(profile.nationalities) for profile in profiles),
        "blob": np.frombuffer(b"".join(blobs), dtype=np.uint8),
        "blob_ptr": _ends(len(blob) for blob in blobs),
    }


def _ends(sizes: Any) -> NDArray[np.uint32]:
    counted = np.fromiter(sizes, dtype=np.int64)
    return np.concatenate([[0], np.cumsum(counted)]).astype(np.uint32)


def _name_columns(profiles: Sequence[Profile]) -> dict[str, NDArray[Any]]:
    """Give the distinct major parts numbers; list which part occurs in which name."""
    weighed: list[FoldedName] = []
    owners: list[int] = []
    for subject, profile in enumerate(profiles):
        rarity = rarity_for(profile.kind)
        weighed += [weigh(name, rarity) for name in profile.names]
        owners += [subject] * len(profile.names)
    numbers: dict[str, int] = {}
    bits: list[float] = []
    parts: list[int] = []
    names: list[int] = []
    for number, name in enumerate(weighed):
        for part, part_bits, major in zip(*name, strict=True):
            if major:
                if part not in numbers:
                    numbers[part] = len(bits)
                    bits.append(part_bits)
                bits[numbers[part]] = max(bits[numbers[part]], part_bits)
                parts.append(numbers[part])
                names.append(number)
    return {
        "name_subject": np.array(owners, dtype=np.uint32),
        "name_bits": np.array([_major_bits(name) for name in weighed], dtype=np.float32),
        "part_text": np.array([part.encode() for part in numbers], dtype=TEXT),
        "part_bits": np.array(bits, dtype=np.float32),
        "occurrence_part": np.array(parts, dtype=np.int64),
        "occurrence_name": np.array(names, dtype=np.uint32),
    }


def _major_bits(name: FoldedName) -> float:
    return sum(bits for bits, major in zip(name.bits, name.major, strict=True) if major)


def _arranged(columns: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Turn columns into the arrays of a shard."""
    arrays = {name: columns[name] for name in _ROW_ARRAYS}
    arrays["record_order"] = np.argsort(columns["record"], kind="stable").astype(np.uint32)
    arrays |= build_exact(columns["key_hash"], columns["key_row"])
    for name in ("subject_row", "kind", "sex", *chain.from_iterable(_RAGGED), "name_subject", "name_bits"):
        arrays[name] = columns[name]
    return arrays | build_vocabulary(
        columns["part_text"], columns["part_bits"], columns["occurrence_part"], columns["occurrence_name"]
    )


def merge_shards(shards: Sequence[Shard], kept: Sequence[NDArray[np.bool_]]) -> Shard:
    """Make one shard of the rows that are kept: bool[n] for each shard."""
    several = [_columns_of(shard, keep) for shard, keep in zip(shards, kept, strict=True)]
    return Shard(_arranged(_concatenated(several)))


def _columns_of(shard: Shard, keep: NDArray[np.bool_]) -> dict[str, NDArray[Any]]:
    """Return the columns of the rows that are kept, renumbered."""
    arrays = shard.arrays
    columns = {name: arrays[name][keep] for name in _ROW_ARRAYS}
    row = _renumbered(keep)
    key_kept = keep[arrays["key_row"]]
    columns |= {"key_hash": arrays["key_hash"][key_kept], "key_row": row[arrays["key_row"][key_kept]]}
    subject_kept = keep[arrays["subject_row"]]
    columns["subject_row"] = row[arrays["subject_row"][subject_kept]]
    columns |= {name: arrays[name][subject_kept] for name in ("kind", "sex")}
    for name, pointer in _RAGGED:
        sizes = np.diff(arrays[pointer])
        columns[name] = arrays[name][np.repeat(subject_kept, sizes)]
        columns[pointer] = _ends(sizes[subject_kept].tolist())
    return columns | _kept_names(arrays, subject_kept)


def _kept_names(arrays: Arrays, subject_kept: NDArray[np.bool_]) -> dict[str, NDArray[Any]]:
    name_kept = subject_kept[arrays["name_subject"]]
    occurrence_kept = name_kept[arrays["post"]]
    parts = np.repeat(np.arange(len(arrays["vocab_text"])), np.diff(arrays["post_ptr"]))
    return {
        "name_subject": _renumbered(subject_kept)[arrays["name_subject"][name_kept]],
        "name_bits": arrays["name_bits"][name_kept],
        "part_text": arrays["vocab_text"],
        "part_bits": arrays["vocab_bits"],
        "occurrence_part": parts[occurrence_kept],
        "occurrence_name": _renumbered(name_kept)[arrays["post"][occurrence_kept]],
    }


def _renumbered(keep: NDArray[np.bool_]) -> NDArray[np.uint32]:
    """Return the new number of each thing that is kept: uint32[n], meaningless for the others."""
    return (np.cumsum(keep, dtype=np.int64) - 1).astype(np.uint32)


def _concatenated(several: Sequence[dict[str, NDArray[Any]]]) -> dict[str, NDArray[Any]]:
    """Put columns one after the other, moving their row, subject, name and part numbers."""
    moves = {
        "key_row": "record",
        "subject_row": "record",
        "name_subject": "subject_row",
        "occurrence_name": "name_subject",
    }
    merged: dict[str, NDArray[Any]] = {}
    for name in several[0]:
        moved = [columns[name] for columns in several]
        if name in moves:
            starts = _starts([len(columns[moves[name]]) for columns in several])
            moved = [array + np.uint32(start) for array, start in zip(moved, starts, strict=True)]
        if name.endswith("_ptr"):
            merged[name] = _ends(np.concatenate([np.diff(array) for array in moved]).tolist())
        else:
            merged[name] = np.concatenate(moved)
    return merged | _shared_parts(several)


def _starts(sizes: Sequence[int]) -> list[int]:
    return list(accumulate(sizes[:-1], initial=0))


def _shared_parts(several: Sequence[dict[str, NDArray[Any]]]) -> dict[str, NDArray[Any]]:
    """Give one numbering to the parts of several vocabularies as one."""
    texts = np.concatenate([columns["part_text"] for columns in several])
    bits = np.concatenate([columns["part_bits"] for columns in several])
    distinct, first, number = np.unique(texts, return_index=True, return_inverse=True)
    starts = _starts([len(columns["part_text"]) for columns in several])
    occurrences = [number[columns["occurrence_part"] + start] for columns, start in zip(several, starts, strict=True)]
    return {"part_text": distinct, "part_bits": bits[first], "occurrence_part": np.concatenate(occurrences)}
