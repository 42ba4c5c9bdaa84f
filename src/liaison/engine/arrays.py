"""The bundles of arrays that the name search reads and writes."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Searchable(NamedTuple):
    """The names of one shard; see `shard.py` and `vocabulary.py`."""

    vocab_key: NDArray[np.uint8]
    vocab_size: NDArray[np.uint8]
    vocab_signature: NDArray[np.int64]
    vocab_start: NDArray[np.int64]
    vocab_bits: NDArray[np.float32]
    vocab_vowelless: NDArray[np.bool_]
    bone_key: NDArray[np.uint8]
    bone_size: NDArray[np.uint8]
    bone_signature: NDArray[np.int64]
    bone_start: NDArray[np.int64]
    bone_ptr: NDArray[np.uint32]
    bone_vocab: NDArray[np.uint32]
    post_ptr: NDArray[np.uint32]
    post: NDArray[np.uint32]
    name_subject: NDArray[np.uint32]
    name_bits: NDArray[np.float32]
    subject_row: NDArray[np.uint32]
    kind: NDArray[np.uint8]
    sex: NDArray[np.uint8]
    born_ptr: NDArray[np.uint32]
    born: NDArray[np.int32]
    nation_ptr: NDArray[np.uint32]
    nation: NDArray[np.uint16]
    rights: NDArray[np.uint32]
    expires: NDArray[np.int32]


class Asked(NamedTuple):
    """One name of a query, as tokens, and the facts about the subject.

    A token is a part, two neighbouring parts joined, or one half of a part:

        key, size, signature, max_edits   its phonetic key, and how many edits are forgiven
        bone, bone_size, bone_signature   its skeleton; size 0 when only the key counts
        vowelless    bool[t]
        bits         float64[t]   evidence of finding it; 0 for a first half
        covers       int64[t]     the parts of the name it stands for, as a bit mask
        mark, need   int64[t]     bits it leaves on a name, and a bit that must be there already
    """

    key: NDArray[np.uint8]
    size: NDArray[np.int64]
    signature: NDArray[np.int64]
    max_edits: NDArray[np.int64]
    bone: NDArray[np.uint8]
    bone_size: NDArray[np.int64]
    bone_signature: NDArray[np.int64]
    vowelless: NDArray[np.bool_]
    bits: NDArray[np.float64]
    covers: NDArray[np.int64]
    mark: NDArray[np.int64]
    need: NDArray[np.int64]
    part_bits: NDArray[np.float64]
    born: NDArray[np.int32]
    nation: NDArray[np.uint16]
    sex: int
    kind: int


class Sight(NamedTuple):
    """What an asker may see of a shard.

    current   bool[rows]   the rows that no newer version replaces
    allowed   bool[n]      by rights class; a class beyond it is not allowed
    today     days since 1970-01-01
    """

    current: NDArray[np.bool_]
    allowed: NDArray[np.bool_]
    today: int


class Scratch(NamedTuple):
    """Working arrays of one thread; `seen` is all zero between searches.

    seen, gain, matched, touched   for each name: tokens found, bits gained, bits
                                   of the name that were matched; the names seen
    touched_count                  one number: how many names are in `touched`
    pattern                        the places of each character in the token's key
    hit, closeness                 parts of the vocabulary that resemble a token
    subject, weight                the answer: subjects and the evidence for them
    """

    seen: NDArray[np.int64]
    gain: NDArray[np.float32]
    matched: NDArray[np.float32]
    touched: NDArray[np.int64]
    touched_count: NDArray[np.int64]
    pattern: NDArray[np.int64]
    hit: NDArray[np.int64]
    closeness: NDArray[np.float64]
    subject: NDArray[np.int64]
    weight: NDArray[np.float64]


def make_scratch(name_count: int, part_count: int) -> Scratch:
    """Make working arrays for a shard of so many names and distinct parts."""
    return Scratch(
        seen=np.zeros(name_count, np.int64),
        gain=np.zeros(name_count, np.float32),
        matched=np.zeros(name_count, np.float32),
        touched=np.empty(name_count, np.int64),
        touched_count=np.zeros(1, np.int64),
        pattern=np.zeros(128, np.int64),
        hit=np.empty(2 * part_count, np.int64),
        closeness=np.empty(2 * part_count, np.float64),
        subject=np.empty(name_count, np.int64),
        weight=np.empty(name_count, np.float64),
    )
