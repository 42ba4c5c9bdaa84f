"""How do versions of records become arrays that can be searched, and arrays become one again.

A shard holds the newest versions of some records: in memory as part of the delta, or
mapped from a segment.  Arrays, `n` rows, of which the first `m` have a subject:

    record, sequence   uint32[n], int64[n] where a number is greater; rights uint16[n] or uint32[n] likewise
    expires, removed   int32[n], bool[n]
    record_order       uint32[n]     rows in order of their record's number
    key_hash, key_row, key_start   see `exact.py`
    group_ptr          uint32[7]     group g of subjects is group_ptr[g]:group_ptr[g + 1]
    born, born_ptr     int32[], uint32[u + 1]   dates yyyymmdd; see below
    sex                uint8[m]
    nation             uint16[m] or uint32[m]   which list of nationalities each has:
    nations            uint16[], list l is nations[nations_ptr[l]:nations_ptr[l + 1]]
    place              uint16[]      keys of places of birth (`places.py`): of subject s,
    place_ptr          uint32[m + 1] place[place_ptr[s]:place_ptr[s + 1]]
    name_part          uint32[]      the parts of all names as written: the number of the part,
                                     and LAST_PART set in the last of each name
    subject_part       uint32[m + 1] the names of subject s are name_part[subject_part[s]:subject_part[s + 1]]
    text_*             see `patterns.py`
    vocab_*, sound_*, bone_*, post*  see `vocabulary.py`

Subjects of no birth date or of several come first, those of exactly one after them in order
of that date; each in order of their kinds, which makes 3 + 3 groups.  The `u` subjects
of the first three groups have the dates born[born_ptr[s]:born_ptr[s + 1]], and those
after them have born[born_ptr[u] + s - u].
"""

from collections.abc import Sequence
from itertools import accumulate, chain, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from liaison.engine.arrays import Searchable
from liaison.engine.compiling import frozen
from liaison.engine.exact import ExactTable, build_exact
from liaison.engine.hashing import hash_keys
from liaison.engine.lexicon import Words, ends_of, gather
from liaison.engine.patterns import NAMES, joined_texts, kept_texts, text_columns
from liaison.engine.profile import KINDS, Profile, profile_of, rarity_for, weigh
from liaison.engine.segment import Arrays
from liaison.engine.types import Item, Removal
from liaison.engine.vocabulary import (
    LAST_PART,
    PART,
    Vocabulary,
    arrange_vocabulary,
    merge_vocabularies,
    new_vocabulary,
    postings,
    used_only,
    vocabulary_of,
)

Columns = dict[str, NDArray[Any]]
Nations = tuple[int, ...]

_ROW_ARRAYS = ("record", "sequence", "rights", "expires", "removed")
# Groups of subjects: those without one certain date by kind, those with it by kind, and rows without a subject.
DATED = len(KINDS)
_NOBODY = 2 * DATED


class Shard:
    """Arrays ready to be searched; never changed after it is made."""

    def __init__(self, arrays: Arrays) -> None:
        for array in arrays.values():
            # Kernels are compiled once for arrays in memory and mapped ones when neither can be written.
            array.setflags(write=False)
        self.arrays = dict(arrays)
        self.record: NDArray[Any] = arrays["record"]
        self.sequence: NDArray[Any] = arrays["sequence"]
        self.last_sequence = int(self.sequence.max(initial=0))
        self.removed: NDArray[np.bool_] = arrays["removed"]
        self.rights: NDArray[Any] = arrays["rights"]
        self.expires: NDArray[np.int32] = arrays["expires"]
        self.exact = ExactTable(arrays)
        self.searchable = Searchable(*(arrays[name] for name in Searchable._fields))
        self.groups: list[int] = arrays["group_ptr"].tolist()
        self._parts = Words(arrays["vocab_pool"], arrays["vocab_ptr"])

    def __len__(self) -> int:
        return len(self.record)

    @property
    def subject_count(self) -> int:
        """Return how many rows, the first ones, have a subject: the number of a subject is its row."""
        return self.groups[_NOBODY]

    @property
    def size_bytes(self) -> int:
        """Return the bytes that the arrays take."""
        return sum(array.nbytes for array in self.arrays.values())

    def rows_of_records(self, records: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return (places in `records`, rows here) of those records that have a row here."""
        order = self.arrays["record_order"]
        # Numbers of another type would make a copy of all records.
        wanted = np.minimum(records, np.iinfo(self.record.dtype).max).astype(self.record.dtype)
        places = np.searchsorted(self.record, wanted, sorter=order)
        inside = np.flatnonzero(places < len(order))
        rows = order[places[inside]].astype(np.int64)
        same = self.record[rows] == records[inside]
        return inside[same], rows[same]

    def profile(self, subject: int) -> Profile:
        """Return the profile of a subject of this shard."""
        start, end = self.arrays["subject_part"][subject : subject + 2].tolist()
        listed = int(self.arrays["nation"][subject])
        first, last = self.arrays["nations_ptr"][listed : listed + 2].tolist()
        first_place, last_place = self.arrays["place_ptr"][subject : subject + 2].tolist()
        return Profile(
            names=self._names(self.arrays["name_part"][start:end].tolist()),
            born=tuple(self._born(subject)),
            sex=int(self.arrays["sex"][subject]),
            nationalities=tuple(self.arrays["nations"][first:last].tolist()),
            kind=next(kind for kind in range(_NOBODY) if subject < self.groups[kind + 1]) % DATED,
            places=tuple(self.arrays["place"][first_place:last_place].tolist()),
        )

    def _names(self, parts: Sequence[int]) -> tuple[str, ...]:
        text = "".join(self._parts.text(part & PART) + ("\n" if part & LAST_PART else " ") for part in parts)
        return tuple(text.splitlines())

    def _born(self, subject: int) -> list[int]:
        ptr, undated = self.arrays["born_ptr"], self.groups[DATED]
        if subject < undated:
            start, end = ptr[subject : subject + 2].tolist()
        else:
            start = int(ptr[undated]) + subject - undated
            end = start + 1
        dates: list[int] = self.arrays["born"][start:end].tolist()
        return dates


def build_shard(changes: Sequence[Item | Removal]) -> Shard:
    """Build a shard from changes of distinct records."""
    items = [change if isinstance(change, Item) else None for change in changes]
    profiles = [profile_of(item.subject) if item and item.subject else None for item in items]
    columns = _row_columns(changes, items) | _key_columns(items) | _fact_columns(profiles)
    columns |= text_columns(changes)
    names = [profile.names if profile else () for profile in profiles]
    vocabulary, numbers = new_vocabulary(_bits_of_parts(profiles))
    lines = [[name.split(" ") for name in several] for several in names]
    columns["name_part"] = np.array(
        [
            numbers[part] | (LAST_PART if place == len(name) else 0)
            for several in lines
            for name in several
            for place, part in enumerate(name, 1)
        ],
        dtype=np.uint32,
    )
    columns["part_size"] = np.array([sum(map(len, several)) for several in lines], np.int64)
    return _arranged(columns, vocabulary)


def _row_columns(changes: Sequence[Item | Removal], items: Sequence[Item | None]) -> Columns:
    return {
        "record": np.array([change.record for change in changes], dtype=np.int64),
        "sequence": np.array([change.sequence for change in changes], dtype=np.int64),
        "rights": np.array([item.rights_class if item else 0 for item in items], dtype=np.uint32),
        "expires": np.array([item.expires_day if item else 0 for item in items], dtype=np.int32),
        "removed": np.array([item is None for item in items], dtype=np.bool_),
    }


def _key_columns(items: Sequence[Item | None]) -> Columns:
    keys = [item.keys if item else () for item in items]
    rows = np.repeat(np.arange(len(items), dtype=np.uint32), [len(some) for some in keys])
    return {"key_hash": hash_keys(list(chain.from_iterable(keys))), "key_row": rows}


def _fact_columns(profiles: Sequence[Profile | None]) -> Columns:
    """Return what is known of each row beside its names; a row without a subject has nothing."""
    born = [profile.born if profile else () for profile in profiles]
    places = [profile.places if profile else () for profile in profiles]
    number: dict[Nations, int] = {(): 0}
    nation = [number.setdefault(profile.nationalities if profile else (), len(number)) for profile in profiles]
    kinds = [_group(profile) if profile else _NOBODY for profile in profiles]
    return {
        "group": np.array(kinds, np.uint8),
        "sex": np.array([profile.sex if profile else 0 for profile in profiles], np.uint8),
        "born": np.array(list(chain.from_iterable(born)), np.int32),
        "born_size": np.array(list(map(len, born)), np.int64),
        "place": np.array(list(chain.from_iterable(places)), np.uint16),
        "place_size": np.array(list(map(len, places)), np.int64),
        "nation": np.array(nation, np.uint32),
        **_nation_table(list(number)),
    }


def _group(profile: Profile) -> int:
    return profile.kind + (DATED if len(profile.born) == 1 else 0)


def _nation_table(lists: Sequence[Nations]) -> Columns:
    return {
        "nations": np.array(list(chain.from_iterable(lists)), np.uint16),
        "nations_ptr": ends_of(np.array(list(map(len, lists)), np.int64)),
    }


def _bits_of_parts(profiles: Sequence[Profile | None]) -> dict[str, float]:
    """Return the distinct parts, each with the most bits that it has in any name."""
    bits: dict[str, float] = {}
    for kind in range(len(KINDS)):
        rarity = rarity_for(kind)
        for name in {name for profile in profiles if profile and profile.kind == kind for name in profile.names}:
            weighed = weigh(name, rarity)
            for part, part_bits in zip(weighed.parts, weighed.bits, strict=True):
                bits[part] = max(bits.get(part, 0.0), part_bits)
    return bits


def _arranged(columns: Columns, vocabulary: Vocabulary) -> Shard:
    """Put rows in order and arrange what finds them; the columns of `_fact_columns` are of all rows."""
    group, single = columns["group"], _single_dates(columns)
    order = np.lexsort((columns["record"], single, group))
    row = np.empty(len(order), np.uint32)
    row[order] = np.arange(len(order), dtype=np.uint32)
    group_ptr = np.searchsorted(group[order], np.arange(_NOBODY + 1)).astype(np.uint32)
    subjects, undated = order[: group_ptr[_NOBODY]], int(group_ptr[DATED])
    arrays = {name: columns[name][order] for name in _ROW_ARRAYS}
    arrays |= {name: _narrowed(arrays[name]) for name in ("record", "sequence", "rights")}
    arrays["record_order"] = np.argsort(arrays["record"], kind="stable").astype(np.uint32)
    arrays |= build_exact(columns["key_hash"], row[columns["key_row"]])
    arrays |= {name: columns[name] for name in NAMES} | {"text_row": row[columns["text_row"]]}
    arrays |= {"group_ptr": group_ptr, "sex": columns["sex"][subjects]}
    born, sizes = _stretches(columns, "born", "born_size", subjects)
    arrays |= {"born": born, "born_ptr": ends_of(sizes[:undated])}
    place, sizes = _stretches(columns, "place", "place_size", subjects)
    arrays |= {"place": place, "place_ptr": ends_of(sizes)}
    arrays |= {name: columns[name] for name in ("nations", "nations_ptr")}
    arrays["nation"] = _narrowed(columns["nation"][subjects])
    return Shard(arrays | _named(*_stretches(columns, "name_part", "part_size", subjects), vocabulary))


def _named(name_part: NDArray[np.uint32], sizes: NDArray[np.int64], vocabulary: Vocabulary) -> Columns:
    """Return the arrays of names of subjects in order."""
    kept, part = used_only(vocabulary, name_part & np.uint32(PART))
    name_part = part | (name_part & np.uint32(LAST_PART))
    subject_part = ends_of(sizes)
    post, post_ptr = postings(name_part, subject_part, kept.is_minor)
    arrays = arrange_vocabulary(kept)
    return arrays | {"name_part": name_part, "subject_part": subject_part, "post": post, "post_ptr": post_ptr}


def _single_dates(columns: Columns) -> NDArray[np.int32]:
    """Return the date of each row that has exactly one, else 0."""
    sizes = columns["born_size"]
    single, starts = sizes == 1, np.cumsum(sizes) - sizes
    dates = np.zeros(len(sizes), np.int32)
    dates[single] = columns["born"][starts[single]]
    return dates


def _stretches(
    columns: Columns, name: str, size_name: str, rows: NDArray[np.int64]
) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Return what the rows have of a column of several values each, and how many each has."""
    sizes = columns[size_name]
    starts = np.cumsum(sizes) - sizes
    return gather(frozen(columns[name]), starts[rows], sizes[rows]), sizes[rows]


def _narrowed(array: NDArray[Any]) -> NDArray[Any]:
    """Return whole numbers in half the bytes when none is too great for it."""
    narrow, greatest = ("uint32", 0xFFFFFFFF) if array.dtype.itemsize == 8 else ("uint16", 0xFFFF)
    return array.astype(narrow) if array.max(initial=0) <= greatest else array


def merge_shards(shards: Sequence[Shard], kept: Sequence[NDArray[np.bool_]]) -> Shard:
    """Make one shard of the rows that are kept: bool[n] for each shard."""
    several = [_columns_of(shard, keep) for shard, keep in zip(shards, kept, strict=True)]
    vocabulary, numbers = merge_vocabularies([vocabulary_of(shard.arrays) for shard in shards])
    for columns, number in zip(several, numbers, strict=True):
        part = columns["name_part"]
        columns["name_part"] = number[part & np.uint32(PART)] | (part & np.uint32(LAST_PART))
    return _arranged(_concatenated(several), vocabulary)


def _columns_of(shard: Shard, keep: NDArray[np.bool_]) -> Columns:
    """Return the columns of the rows that are kept, renumbered."""
    arrays, size, subjects = shard.arrays, len(shard), shard.subject_count
    rows = np.flatnonzero(keep)
    columns = {name: arrays[name][rows] for name in ("expires", "removed")}
    columns |= {name: arrays[name][rows].astype(np.int64) for name in ("record", "sequence")}
    columns["rights"] = arrays["rights"][rows].astype(np.uint32)
    row = np.cumsum(keep, dtype=np.int64) - 1
    key_kept = keep[arrays["key_row"]]
    columns |= kept_texts(arrays, keep, row.astype(np.uint32))
    columns |= {
        "key_hash": arrays["key_hash"][key_kept],
        "key_row": row[arrays["key_row"][key_kept]].astype(np.uint32),
        "group": np.searchsorted(np.array(shard.groups[1:]), rows, side="right").astype(np.uint8),
        "nations": arrays["nations"],
        "nations_ptr": arrays["nations_ptr"],
    }
    padded = {name: np.zeros(size, arrays[name].dtype) for name in ("sex", "nation")}
    for name, array in padded.items():
        array[:subjects] = arrays[name]
        columns[name] = array[rows]
    every = {"born_size": _born_sizes(shard)}
    for size_name, ends in (("part_size", "subject_part"), ("place_size", "place_ptr")):
        every[size_name] = np.zeros(size, np.int64)
        every[size_name][:subjects] = np.diff(arrays[ends])
    for name, size_name in (("born", "born_size"), ("place", "place_size"), ("name_part", "part_size")):
        columns[name], columns[size_name] = _stretches(every | {name: arrays[name]}, name, size_name, rows)
    return columns


def _born_sizes(shard: Shard) -> NDArray[np.int64]:
    """Return how many dates each row has."""
    sizes = np.zeros(len(shard), np.int64)
    undated = shard.groups[DATED]
    sizes[:undated] = np.diff(shard.arrays["born_ptr"])
    sizes[undated : shard.subject_count] = 1
    return sizes


def _concatenated(several: Sequence[Columns]) -> Columns:
    """Put columns one after the other, moving the rows of keys and the numbers of lists of nationalities."""
    starts = list(accumulate((len(columns["record"]) for columns in several[:-1]), initial=0))
    for columns, start in zip(several, starts, strict=True):
        columns["key_row"] = columns["key_row"] + np.uint32(start)
    number: dict[Nations, int] = {(): 0}
    for columns in several:
        ends = columns.pop("nations_ptr").tolist()
        codes = columns.pop("nations").tolist()
        lists = [tuple(codes[start:end]) for start, end in pairwise(ends)]
        new = np.array([number.setdefault(some, len(number)) for some in lists], np.uint32)
        columns["nation"] = new[columns["nation"]]
    merged = {name: np.concatenate([columns[name] for columns in several]) for name in several[0]}
    return merged | joined_texts(several, starts) | _nation_table(list(number))
