"""The bundles of arrays that the name search reads and writes."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from liaison.engine.lexicon import Finding, make_finding


class Searchable(NamedTuple):
    """What is searched of one shard; see `shard.py` and `vocabulary.py`."""

    vocab_pool: NDArray[np.uint8]
    vocab_ptr: NDArray[np.uint32]
    vocab_shared: NDArray[np.uint8]
    vocab_following: NDArray[np.uint32]
    vocab_back_pool: NDArray[np.uint8]
    vocab_back_ptr: NDArray[np.uint32]
    vocab_back_shared: NDArray[np.uint8]
    vocab_back_following: NDArray[np.uint32]
    vocab_back_same: NDArray[np.uint32]
    vocab_bits: NDArray[np.float32]
    vocab_minor: NDArray[np.bool_]
    vocab_vowelless: NDArray[np.bool_]
    sound_pool: NDArray[np.uint8]
    sound_ptr: NDArray[np.uint32]
    sound_shared: NDArray[np.uint8]
    sound_following: NDArray[np.uint32]
    sound_back_pool: NDArray[np.uint8]
    sound_back_ptr: NDArray[np.uint32]
    sound_back_shared: NDArray[np.uint8]
    sound_back_following: NDArray[np.uint32]
    sound_back_same: NDArray[np.uint32]
    sound_part: NDArray[np.uint32]
    sound_first: NDArray[np.uint32]
    bone_pool: NDArray[np.uint8]
    bone_ptr: NDArray[np.uint32]
    bone_shared: NDArray[np.uint8]
    bone_following: NDArray[np.uint32]
    bone_back_pool: NDArray[np.uint8]
    bone_back_ptr: NDArray[np.uint32]
    bone_back_shared: NDArray[np.uint8]
    bone_back_following: NDArray[np.uint32]
    bone_back_same: NDArray[np.uint32]
    bone_part: NDArray[np.uint32]
    bone_first: NDArray[np.uint32]
    post_ptr: NDArray[np.uint32]
    post: NDArray[np.uint32]
    name_part: NDArray[np.uint32]
    subject_part: NDArray[np.uint32]
    group_ptr: NDArray[np.uint32]
    sex: NDArray[np.uint8]
    born_ptr: NDArray[np.uint32]
    born: NDArray[np.int32]
    nation: NDArray[Any]
    nations_ptr: NDArray[np.uint32]
    nations: NDArray[np.uint16]
    place_ptr: NDArray[np.uint32]
    place: NDArray[np.uint16]
    rights: NDArray[Any]
    expires: NDArray[np.int32]


class Asked(NamedTuple):
    """One name of a query, as tokens, and the facts about the subject.

    A token is a part, two neighbouring parts joined, or one half of a part; those
    that lead to candidates come first:

        word, size   uint8[t, 3, 32], int64[t, 3]   its plain letters, its phonetic key, its skeleton
        edits        int64[t, 3]   how many are forgiven in each; -1 when a skeleton is not looked for
        leads        int64[t]      not 0 when having it alone may be enough, with all that can be known beside
        vowelless    int64[t]      1 when there are no vowels to compare
        bits         float64[t]    evidence of finding it; 0 for a first half
        mask         int64[t, 3]   the parts of the name it stands for, bits it leaves on a name,
                                   and a bit that must be there already
        part_bits    float64[p]    the parts of the name

    window   int32[w, 2]   dates yyyymmdd from and before which one birth date must lie; none: any date
    spot     int32[s]      other dates that are looked at, because a digit is easily mistaken
    least    bits of evidence that a candidate needs; `certain`, bits at which no wider search is worth while
    facts    the most bits that everything beside the name may give; prior, those before anything is known
    weights  float64[18]  what everything beside the name weighs, see `facts.py`
    Bits are those of rarity (`names.bits_of_rarity`).
    """

    word: NDArray[np.uint8]
    size: NDArray[np.int64]
    edits: NDArray[np.int64]
    leads: NDArray[np.int64]
    vowelless: NDArray[np.int64]
    bits: NDArray[np.float64]
    mask: NDArray[np.int64]
    part_bits: NDArray[np.float64]
    window: NDArray[np.int32]
    spot: NDArray[np.int32]
    born: NDArray[np.int32]
    nation: NDArray[np.uint16]
    place: NDArray[np.uint16]
    sex: int
    kind: int
    least: float
    certain: float
    facts: float
    prior: float
    weights: NDArray[np.float64]


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
    """Working arrays of one thread; `gained`, `level` and `hit_of` are all zero between searches.

    finding                   words of a list that resemble one, see `lexicon.py`
    level                     for each part of the vocabulary how close it is to the token
    hit_part, hit_closeness   parts that resemble tokens, by token
    hit_link                  the token of each hit, and one plus the hit before of the same part
    hit_start                 where the hits of each token begin
    hit_of                    for each part one plus its last hit
    ranges                    the subjects to look at, from and before
    gained                    for each subject the parts it has, 16 bits, and 128ths of bits of evidence
    touched                   the subjects that have any
    most_touched              how many that may be seen are weighed at most, however common the name
    subject, weight           the answer: subjects and the evidence for them
    """

    finding: Finding
    level: NDArray[np.float32]
    hit_part: NDArray[np.int64]
    hit_closeness: NDArray[np.float64]
    hit_link: NDArray[np.int64]
    hit_start: NDArray[np.int64]
    hit_of: NDArray[np.int32]
    ranges: NDArray[np.int64]
    gained: NDArray[np.uint32]
    touched: NDArray[np.int32]
    most_touched: int
    subject: NDArray[np.int32]
    weight: NDArray[np.float64]


MOST_TOUCHED = 1 << 17
_MOST_TOKENS = 256
_SPARE_HITS = 4096
# Ranges of birth dates of one query, at most.
MOST_WINDOWS = 32


def make_scratch(subject_count: int, part_count: int, most_touched: int = MOST_TOUCHED) -> Scratch:
    """Make working arrays for a shard of so many subjects and distinct parts."""
    hits = 4 * part_count + _SPARE_HITS
    candidates = min(subject_count, 2 * most_touched) + 1
    return Scratch(
        finding=make_finding(part_count),
        level=np.zeros(part_count, np.float32),
        hit_part=np.empty(hits, np.int64),
        hit_closeness=np.empty(hits, np.float64),
        hit_link=np.empty((hits, 2), np.int64),
        hit_start=np.zeros(_MOST_TOKENS + 1, np.int64),
        hit_of=np.zeros(part_count, np.int32),
        ranges=np.empty((MOST_WINDOWS + 1, 2), np.int64),
        gained=np.zeros(subject_count, np.uint32),
        touched=np.empty(candidates, np.int32),
        most_touched=most_touched,
        subject=np.empty(candidates, np.int32),
        weight=np.empty(candidates, np.float64),
    )
