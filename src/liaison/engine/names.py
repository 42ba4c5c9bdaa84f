"""Which subjects of a shard may be the one asked for, with a weight that is seldom below the truth.

Prepares a query for `kernels.search_names` and collects its answers; the candidates are
then compared in full by `score.py`.
"""

import threading
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from liaison.engine.align import JOINED
from liaison.engine.arrays import Asked, Scratch, Sight, make_scratch
from liaison.engine.kernels import KEY_SIZE, search_names, signatures
from liaison.engine.profile import FoldedName, Profile, rarity_for, weigh
from liaison.engine.shard import Shard
from liaison.engine.sounds import lacks_vowels, phonetic_key, skeleton
from liaison.engine.vocabulary import packed_keys

# Parts and divided parts of one name of a query that take part: more do not fit in a mask of 62 bits.
MAX_PARTS = 16
MAX_DIVISIONS = 40
MAX_QUERY_NAMES = 16
SHORTEST_HALF = 3
# What the candidate search leaves out of account: particles, initials, rounding.
SLACK_BITS = 1.0
SLACK_PER_SMALL_PART = 0.7


class Token(NamedTuple):
    """One thing to look for in the vocabulary; see `arrays.Asked`."""

    text: str
    bits: float
    max_edits: int
    with_skeleton: bool
    covers: int
    mark: int
    need: int


class Question(NamedTuple):
    """A query made ready for every shard: one entry for each of its names."""

    profile: Profile
    asked: tuple[Asked, ...]
    slack: float


def prepare(profile: Profile) -> Question:
    """Turn a profile into the tokens that the kernel looks for."""
    rarity = rarity_for(profile.kind)
    names = [weigh(name, rarity) for name in profile.names[:MAX_QUERY_NAMES]]
    small = max((sum(len(part) == 1 for part in name.parts) + name.major.count(False) for name in names), default=0)
    slack = SLACK_BITS + SLACK_PER_SMALL_PART * small
    return Question(profile, tuple(_asked(name, profile) for name in names), slack)


def _asked(name: FoldedName, profile: Profile) -> Asked:
    major = [place for place in range(len(name.parts)) if name.major[place]][:MAX_PARTS]
    parts = [name.parts[place] for place in major]
    bits = [name.bits[place] for place in major]
    tokens = _single_tokens(parts, bits) + _joined_tokens(parts, bits) + _half_tokens(parts, bits)
    keys, sizes = packed_keys([phonetic_key(token.text) for token in tokens])
    bones, bone_sizes = packed_keys([skeleton(token.text) if token.with_skeleton else "" for token in tokens])
    return Asked(
        key=keys,
        size=sizes.astype(np.int64),
        signature=signatures(keys, sizes),
        max_edits=np.array([token.max_edits for token in tokens], np.int64),
        bone=bones,
        bone_size=bone_sizes.astype(np.int64),
        bone_signature=signatures(bones, bone_sizes),
        vowelless=np.array([lacks_vowels(token.text) for token in tokens], np.bool_),
        bits=np.array([token.bits for token in tokens], np.float64),
        covers=np.array([token.covers for token in tokens], np.int64),
        mark=np.array([token.mark for token in tokens], np.int64),
        need=np.array([token.need for token in tokens], np.int64),
        part_bits=np.array(bits, np.float64),
        born=profile.born_array(),
        nation=profile.nationality_array(),
        sex=profile.sex,
        kind=profile.kind,
    )


def _single_tokens(parts: Sequence[str], bits: Sequence[float]) -> list[Token]:
    return [
        Token(part, bits[place], _edits_forgiven(part), True, 1 << place, 1 << place, 0)
        for place, part in enumerate(parts)
    ]


def _edits_forgiven(part: str) -> int:
    size = min(len(phonetic_key(part)), KEY_SIZE)
    return 0 if size <= 2 else 1 if size <= 6 else 2


def _joined_tokens(parts: Sequence[str], bits: Sequence[float]) -> list[Token]:
    """Two neighbours written as one: "Abdul Rahman" finds "Abdulrahman"."""
    return [
        Token(parts[i] + parts[i + 1], bits[i] + bits[i + 1], 1, True, 3 << i, 3 << i, 0) for i in range(len(parts) - 1)
    ]


def _half_tokens(parts: Sequence[str], bits: Sequence[float]) -> list[Token]:
    """One part written as two: "Abdulrahman" finds "Abdul Rahman"; both halves must be in the name."""
    divisions = [
        (place, cut) for place, part in enumerate(parts) for cut in range(SHORTEST_HALF, len(part) - SHORTEST_HALF + 1)
    ]
    tokens = []
    for number, (place, cut) in enumerate(divisions[:MAX_DIVISIONS]):
        part, whole, half = parts[place], 1 << place, 1 << (MAX_PARTS + number)
        tokens.append(Token(part[:cut], 0.0, 0, False, whole, half, 0))
        tokens.append(Token(part[cut:], JOINED.closeness * bits[place], 0, False, whole, whole, half))
    return tokens


class Shortlist(NamedTuple):
    """Subjects of one shard, each once, and the evidence for each: int64[n], float64[n]."""

    subjects: NDArray[np.int64]
    weights: NDArray[np.float64]


_thread = threading.local()


def shortlist(shard: Shard, sight: Sight, question: Question, threshold: float) -> Shortlist:
    """Return the subjects that may be seen and have evidence of at least `threshold` bits less the slack."""
    names = shard.searchable
    subjects: list[NDArray[np.int64]] = [np.empty(0, np.int64)]
    weights: list[NDArray[np.float64]] = [np.empty(0, np.float64)]
    if len(names.name_subject):
        scratch = _scratch(len(names.name_subject), len(names.vocab_bits))
        for asked in question.asked:
            count = search_names(names, sight, asked, scratch, threshold - question.slack)
            subjects.append(scratch.subject[:count].copy())
            weights.append(scratch.weight[:count].copy())
    return _each_once(np.concatenate(subjects), np.concatenate(weights))


def _each_once(subjects: NDArray[np.int64], weights: NDArray[np.float64]) -> Shortlist:
    """Keep the best weight of each subject."""
    if len(subjects) < 2:
        return Shortlist(subjects, weights)
    order = np.lexsort((-weights, subjects))
    subjects, weights = subjects[order], weights[order]
    first = np.concatenate([[True], subjects[1:] != subjects[:-1]])
    return Shortlist(subjects[first], weights[first])


def _scratch(name_count: int, part_count: int) -> Scratch:
    """Return this thread's working arrays, made larger when a shard needs it."""
    scratch: Scratch | None = getattr(_thread, "scratch", None)
    if scratch is None or len(scratch.seen) < name_count or len(scratch.hit) < 2 * part_count:
        scratch = make_scratch(2 * name_count, 2 * part_count)
        _thread.scratch = scratch
    return scratch
