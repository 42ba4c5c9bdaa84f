"""Which subjects of a shard may be the one asked for, with a weight that is seldom below the truth.

Prepares a query for `candidates.search_names` and collects its answers; the candidates
are then compared in full by `rescoring.py`.

A query is asked twice at most: narrowly, forgiving a letter, and widely only when
nobody was found who has certainly every part of the name.
"""

import threading
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from liaison.engine.arrays import MOST_WINDOWS, Asked, Scratch, Sight, make_scratch
from liaison.engine.candidates import search_names
from liaison.engine.facts import DATES, SAME_NATIONALITY, SAME_PLACE, SAME_SEX
from liaison.engine.lexicon import MAX_WORD
from liaison.engine.naming import LETTERS, RARITY
from liaison.engine.profile import FoldedName, Profile, rarity_for, weigh
from liaison.engine.shard import Shard
from liaison.engine.sounds import lacks_vowels, phonetic_key, skeleton
from liaison.engine.vocabulary import plain_of
from liaison.engine.weights import weights

# Parts and divided parts of one name of a query that take part: more do not fit in a mask of 62 bits.
MAX_PARTS = 16
MAX_DIVISIONS = 40
MAX_QUERY_NAMES = 16
SHORTEST_HALF = 3
# Who is born further from every date of the query is nobody it means, but for a digit mistaken.
YEARS_APART = 3
FIRST_YEAR, LAST_YEAR = 1850, 2100
# What the candidate search leaves out of account: particles, initials, rounding, spellings that it does not find.
SLACK_BITS = 10.0
SLACK_PER_SMALL_PART = 4.0
# A part of so many bits of rarity has about so many letters.
LETTERS_PER_BIT = 0.6
JOINED_CLOSENESS = 0.95

_NOT_LOOKED_FOR = -1
_COLUMNS = 11
# Parts at least so rare may be common ones with two letters wrong; a common part is taken to be spelt right.
_RARE_BITS = 12.0


class Token(NamedTuple):
    """One thing to look for in the vocabulary; see `arrays.Asked`."""

    text: str
    bits: float
    edits: tuple[int, int, int]
    covers: int
    mark: int
    need: int


class Question(NamedTuple):
    """A query made ready for every shard: one entry for each of its names."""

    profile: Profile
    asked: tuple[Asked, ...]


class Shortlist(NamedTuple):
    """Subjects of one shard, each once, the evidence for each, and whether one has certainly every part asked for."""

    subjects: NDArray[np.int32]
    weights: NDArray[np.float64]
    is_certain: bool


NOBODY = Shortlist(np.empty(0, np.int32), np.empty(0, np.float64), False)


def prepare(profile: Profile, least: float, *, wide: bool) -> Question:
    """Turn a profile into the tokens that the kernel looks for; `least` are the bits that an answer must have."""
    least /= bits_of_rarity()
    rarity = rarity_for(profile.kind)
    names = [weigh(name, rarity) for name in profile.names[:MAX_QUERY_NAMES]]
    asked = (_asked(name, profile, least, wide=wide) for name in names)
    return Question(profile, tuple(one for one in asked if _can_be_enough(one)))


@cache
def bits_of_rarity() -> float:
    """Return what a bit of the rarity of a part that agrees says of a match, in bits.

    The kernel adds up rarities; what weighs in bits of a match is given to it
    divided by this.
    """
    names = weights().names[0]
    return float(names[RARITY] + LETTERS_PER_BIT * names[LETTERS])


@cache
def _facts() -> NDArray[np.float64]:
    return weights().facts / bits_of_rarity()


@cache
def _prior() -> float:
    return float(weights().base.max()) / bits_of_rarity()


def _can_be_enough(asked: Asked) -> bool:
    return bool(asked.prior + asked.facts + asked.part_bits.sum() >= asked.least)


def _asked(name: FoldedName, profile: Profile, least: float, *, wide: bool) -> Asked:
    major = [place for place in range(len(name.parts)) if name.major[place]][:MAX_PARTS]
    parts = [plain_of(name.parts[place]) for place in major]
    bits = [name.bits[place] for place in major]
    small = sum(len(part) == 1 for part in parts) + name.major.count(False)
    slack = SLACK_BITS + SLACK_PER_SMALL_PART * small
    facts = _most_facts(profile)
    leading = _leading(bits, least - slack - _prior() - facts)
    tokens = _single_tokens(parts, bits, wide=wide) + _joined_tokens(parts, bits, wide=wide)
    tokens += _half_tokens(parts, bits) if wide else []
    tokens.sort(key=lambda token: (not token.covers & leading, -_bits_covered(token, bits)))
    keys = [_keys(token.text) for token in tokens]
    table = np.array(
        [
            (*key.sizes, *token.edits, token.covers, token.mark, token.need, key.vowelless, token.covers & leading)
            for token, key in zip(tokens, keys, strict=True)
        ],
        np.int64,
    ).reshape(-1, _COLUMNS)
    window, spot = _looked_at(profile.born)
    return Asked(
        word=np.frombuffer(b"".join([key.words for key in keys]), np.uint8).reshape(-1, 3, MAX_WORD),
        size=np.ascontiguousarray(table[:, :3]),
        edits=np.ascontiguousarray(table[:, 3:6]),
        mask=np.ascontiguousarray(table[:, 6:9]),
        vowelless=np.ascontiguousarray(table[:, 9]),
        leads=np.ascontiguousarray(table[:, 10]),
        bits=np.array([token.bits for token in tokens], np.float64),
        part_bits=np.array(bits, np.float64),
        window=window,
        spot=spot,
        born=profile.born_array(),
        nation=profile.nationality_array(),
        place=profile.place_array(),
        sex=profile.sex,
        kind=profile.kind,
        least=least - slack,
        certain=least,
        facts=facts,
        prior=_prior(),
        weights=_facts(),
    )


class _Keys(NamedTuple):
    """A token as the kernel reads it: letters, phonetic key and skeleton in MAX_WORD bytes each, and their sizes."""

    words: bytes
    sizes: tuple[int, ...]
    vowelless: bool


@lru_cache(maxsize=65536)
def _keys(text: str) -> _Keys:
    cut = [word.encode()[:MAX_WORD] for word in (text, phonetic_key(text), skeleton(text))]
    words = b"".join([word.ljust(MAX_WORD, b"\0") for word in cut])
    return _Keys(words, tuple(map(len, cut)), lacks_vowels(text))


def _most_facts(profile: Profile) -> float:
    """Return the most bits that what is known beside the name may give."""
    table = _facts()
    born = float(table[:DATES].max()) if profile.born else 0.0
    sex = float(table[SAME_SEX]) if profile.sex else 0.0
    land = float(table[SAME_NATIONALITY]) if profile.nationalities else 0.0
    return born + sex + land + (float(table[SAME_PLACE]) if profile.places else 0.0)


def _leading(bits: Sequence[float], wanted: float) -> int:
    """Return, as a mask, the parts without any of which the others are not enough: the rarest."""
    leading, together = 0, 0.0
    for place in sorted(range(len(bits)), key=lambda place: bits[place]):
        together += bits[place]
        if together >= wanted:
            leading |= 1 << place
    return leading


def _bits_covered(token: Token, bits: Sequence[float]) -> float:
    return sum(bits[place] for place in range(len(bits)) if token.covers >> place & 1)


def _single_tokens(parts: Sequence[str], bits: Sequence[float], *, wide: bool) -> list[Token]:
    return [
        Token(part, bits[i], _forgiven_widely(part, bits[i]) if wide else _forgiven(part), 1 << i, 1 << i, 0)
        for i, part in enumerate(parts)
    ]


def _forgiven(part: str) -> tuple[int, int, int]:
    """Return how many edits of spelling, of sound, of consonants are forgiven at first."""
    return 1 if len(part) > 2 else 0, 0, 0


def _forgiven_widely(part: str, bits: float) -> tuple[int, int, int]:
    _, sounding, bones = _keys(part).sizes
    is_rare = bits >= _RARE_BITS
    spelling = 0 if len(part) < 3 else 2 if is_rare and len(part) > 4 else 1
    sound = 0 if sounding < 4 else 2 if is_rare and sounding > 6 else 1
    return spelling, sound, 1 if bones > 3 else 0


def _joined_tokens(parts: Sequence[str], bits: Sequence[float], *, wide: bool) -> list[Token]:
    """Two neighbours written as one: "Abdul Rahman" finds "Abdulrahman"."""
    edits = (1, 1, 0) if wide else (0, 0, 0)
    return [
        Token(first + second, bits[i] + bits[i + 1], edits, 3 << i, 3 << i, 0)
        for i, (first, second) in enumerate(pairwise(parts))
    ]


def _half_tokens(parts: Sequence[str], bits: Sequence[float]) -> list[Token]:
    """One part written as two: "Abdulrahman" finds "Abdul Rahman"; both halves must be in the name."""
    divisions = [
        (place, cut) for place, part in enumerate(parts) for cut in range(SHORTEST_HALF, len(part) - SHORTEST_HALF + 1)
    ]
    tokens = []
    edits = (0, 0, _NOT_LOOKED_FOR)
    for number, (place, cut) in enumerate(divisions[:MAX_DIVISIONS]):
        part, whole, half = parts[place], 1 << place, 1 << (MAX_PARTS + number)
        tokens.append(Token(part[:cut], 0.0, edits, whole, half, 0))
        tokens.append(Token(part[cut:], JOINED_CLOSENESS * bits[place], edits, whole, whole, half))
    return tokens


@lru_cache(maxsize=1024)
def _looked_at(born: tuple[int, ...]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the windows int32[w, 2] and the spots int32[s] of the dates of a query, which is asked twice."""
    windows = _windows(born)
    window, spot = np.array(windows, np.int32).reshape(-1, 2), np.array(_spots(born, windows), np.int32)
    return window, spot


def _windows(born: Sequence[int]) -> list[tuple[int, int]]:
    """Return the dates (from, before) near those of a query, in order and apart; very many are taken for one range.

    >>> _windows([19840229, 19860000, 19510506])
    [(19480000, 19550000), (19810000, 19900000)]
    """
    windows: list[tuple[int, int]] = []
    for year in sorted(date // 10000 for date in born):
        start, end = (year - YEARS_APART) * 10000, (year + YEARS_APART + 1) * 10000
        if windows and start <= windows[-1][1]:
            start = windows.pop()[0]
        windows.append((start, end))
    return windows if len(windows) <= MOST_WINDOWS else [(windows[0][0], windows[-1][1])]


def _spots(born: Sequence[int], windows: Sequence[tuple[int, int]]) -> list[int]:
    """Return the dates outside the windows that differ from a full date in one digit of the year.

    >>> _spots([19840229], [(19810000, 19880000)])[:3], len(_spots([19840229], [(19810000, 19880000)]))
    ([18840229, 19040229, 19140229], 14)
    """
    near = {
        other * 10000 + date % 10000 for date in born if date % 100 for other in _years_one_digit_off(date // 10000)
    }
    return sorted(date for date in near if not any(start <= date < end for start, end in windows))


@lru_cache
def _years_one_digit_off(year: int) -> tuple[int, ...]:
    others = {year + (digit - year // unit % 10) * unit for unit in (1, 10, 100, 1000) for digit in range(10)} - {year}
    return tuple(other for other in others if FIRST_YEAR <= other <= LAST_YEAR)


_thread = threading.local()


def shortlist(shard: Shard, sight: Sight, question: Question) -> Shortlist:
    """Return the subjects that may be seen and have evidence enough."""
    names = shard.searchable
    subjects: list[NDArray[np.int32]] = [np.empty(0, np.int32)]
    weighed: list[NDArray[np.float64]] = [np.empty(0, np.float64)]
    is_certain = False
    if shard.subject_count:
        scratch = _scratch(shard.subject_count, len(names.vocab_bits))
        for asked in question.asked:
            count, has_every = search_names(names, sight, asked, scratch)
            subjects.append(scratch.subject[:count].copy())
            weighed.append(bits_of_rarity() * scratch.weight[:count])
            is_certain = is_certain or has_every
    return Shortlist(*_each_once(subjects, weighed), is_certain)


def _each_once(
    several: Sequence[NDArray[np.int32]], weighed: Sequence[NDArray[np.float64]]
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Keep the best weight of each subject."""
    subjects, weights = np.concatenate(several), np.concatenate(weighed)
    if len(several) < 3 or len(subjects) < 2:
        return subjects, weights
    order = np.lexsort((-weights, subjects))
    subjects, weights = subjects[order], weights[order]
    first = np.concatenate([[True], subjects[1:] != subjects[:-1]])
    return subjects[first], weights[first]


def _scratch(subject_count: int, part_count: int) -> Scratch:
    """Return this thread's working arrays, made larger when a shard needs it."""
    scratch: Scratch | None = getattr(_thread, "scratch", None)
    if scratch is None or len(scratch.gained) < subject_count or len(scratch.level) < part_count:
        scratch = make_scratch(2 * subject_count, 2 * part_count)
        _thread.scratch = scratch
    return scratch
