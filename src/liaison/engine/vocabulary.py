"""Which parts occur in the names of a shard, what do they sound like, and whose names have them.

Arrays, `V` distinct parts in order, `S` distinct sounds and as many skeletons as there are;
a list of words is four arrays, and five of it written backward (`vocab_back_*`), see `lexicon.py`:

    vocab_*        the parts: "plain" or "plain|letters of its own script"
    vocab_bits     float32[V]      the rarity of each
    vocab_minor    bool[V]         a particle or a title
    vocab_vowelless bool[V]
    sound_*        the phonetic keys; key s belongs to sound_part[sound_first[s]:sound_first[s + 1]]
    bone_*         the skeletons, and bone_part, bone_first
    post_ptr, post part v occurs in names of the subjects post[post_ptr[v]:post_ptr[v + 1]], in order

A minor part is filed only where a name has nothing else.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from liaison.engine.compiling import as_int, frozen, making_arrays
from liaison.engine.fold import is_minor
from liaison.engine.lexicon import Words, backward, branches, ends_of, merged, order_of, taken, words_of
from liaison.engine.segment import Arrays
from liaison.engine.sounds import lacks_vowels, phonetic_key, skeleton

# Set in name_part for the last part of each name; the rest is the number of the part.
LAST_PART = 1 << 31
PART = LAST_PART - 1


class Vocabulary(NamedTuple):
    """Distinct parts in order, not yet arranged for searching; `sound` and `bone` say which of the words is theirs."""

    parts: Words
    bits: NDArray[np.float32]
    is_minor: NDArray[np.bool_]
    vowelless: NDArray[np.bool_]
    sounds: Words
    sound: NDArray[np.uint32]
    bones: Words
    bone: NDArray[np.uint32]


def plain_of(part: str) -> str:
    """Return the part without the letters of its own script.

    >>> plain_of("ali|علي"), plain_of("ali")
    ('ali', 'ali')
    """
    return part.partition("|")[0]


def new_vocabulary(bits: dict[str, float]) -> tuple[Vocabulary, dict[str, int]]:
    """Make a vocabulary of parts and their bits; return the number of each part with it."""
    texts = sorted(bits, key=order_of)
    plains = [plain_of(text) for text in texts]
    sounds, sound = _distinct([phonetic_key(plain) for plain in plains])
    bones, bone = _distinct([skeleton(plain) for plain in plains])
    vocabulary = Vocabulary(
        words_of(texts),
        np.array([bits[text] for text in texts], np.float32),
        np.array([is_minor(plain) for plain in plains], np.bool_),
        np.array([lacks_vowels(plain) for plain in plains], np.bool_),
        sounds,
        sound,
        bones,
        bone,
    )
    return vocabulary, {text: number for number, text in enumerate(texts)}


def _distinct(texts: Sequence[str]) -> tuple[Words, NDArray[np.uint32]]:
    """Return the distinct texts in order, and which each is."""
    ordered = sorted(set(texts), key=order_of)
    number = {text: place for place, text in enumerate(ordered)}
    return words_of(ordered), np.array([number[text] for text in texts], np.uint32)


def vocabulary_of(arrays: Arrays) -> Vocabulary:
    """Return the vocabulary of a shard."""
    return Vocabulary(
        Words(arrays["vocab_pool"], arrays["vocab_ptr"]),
        arrays["vocab_bits"],
        arrays["vocab_minor"],
        arrays["vocab_vowelless"],
        Words(arrays["sound_pool"], arrays["sound_ptr"]),
        _owners(arrays["sound_part"], arrays["sound_first"]),
        Words(arrays["bone_pool"], arrays["bone_ptr"]),
        _owners(arrays["bone_part"], arrays["bone_first"]),
    )


def _owners(members: NDArray[np.uint32], first: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return of which group each member is."""
    owners = np.empty(len(members), np.uint32)
    owners[members] = np.repeat(np.arange(len(first) - 1, dtype=np.uint32), np.diff(first))
    return owners


def merge_vocabularies(several: Sequence[Vocabulary]) -> tuple[Vocabulary, list[NDArray[np.uint32]]]:
    """Return one vocabulary, and for each the numbers that its parts have in it."""
    parts, numbers = merged([one.parts for one in several])
    sounds, sound_numbers = merged([one.sounds for one in several])
    bones, bone_numbers = merged([one.bones for one in several])
    bits = np.zeros(len(parts), np.float32)
    minor, vowelless = np.zeros(len(parts), np.bool_), np.zeros(len(parts), np.bool_)
    sound, bone = np.zeros(len(parts), np.uint32), np.zeros(len(parts), np.uint32)
    for one, number, sounding, boned in zip(several, numbers, sound_numbers, bone_numbers, strict=True):
        bits[number] = np.maximum(bits[number], one.bits)
        minor[number], vowelless[number] = one.is_minor, one.vowelless
        sound[number], bone[number] = sounding[one.sound], boned[one.bone]
    return Vocabulary(parts, bits, minor, vowelless, sounds, sound, bones, bone), numbers


def used_only(vocabulary: Vocabulary, part: NDArray[np.uint32]) -> tuple[Vocabulary, NDArray[np.uint32]]:
    """Leave out what occurs nowhere among `part`; return the parts by their new numbers too."""
    used = np.bincount(part, minlength=len(vocabulary.parts)) > 0
    if used.all():
        return vocabulary, part
    places = np.flatnonzero(used)
    sounds, sound = _kept(vocabulary.sounds, vocabulary.sound[places])
    bones, bone = _kept(vocabulary.bones, vocabulary.bone[places])
    kept = Vocabulary(
        taken(vocabulary.parts, places),
        vocabulary.bits[places],
        vocabulary.is_minor[places],
        vocabulary.vowelless[places],
        sounds,
        sound,
        bones,
        bone,
    )
    return kept, (np.cumsum(used) - 1).astype(np.uint32)[part]


def _kept(words: Words, number: NDArray[np.uint32]) -> tuple[Words, NDArray[np.uint32]]:
    used = np.bincount(number, minlength=len(words)) > 0
    return taken(words, np.flatnonzero(used)), (np.cumsum(used) - 1).astype(np.uint32)[number]


def arrange_vocabulary(vocabulary: Vocabulary) -> dict[str, NDArray[Any]]:
    """Return the arrays by which parts are found."""
    return {
        **_as_arrays("vocab", vocabulary.parts),
        "vocab_bits": vocabulary.bits,
        "vocab_minor": vocabulary.is_minor,
        "vocab_vowelless": vocabulary.vowelless,
        **_as_arrays("sound", vocabulary.sounds),
        **_members("sound", vocabulary.sound, len(vocabulary.sounds)),
        **_as_arrays("bone", vocabulary.bones),
        **_members("bone", vocabulary.bone, len(vocabulary.bones)),
    }


def _as_arrays(prefix: str, words: Words) -> dict[str, NDArray[Any]]:
    """Return a list of words both ways."""
    turned, same = backward(words)
    return _one_way(prefix, words) | _one_way(f"{prefix}_back", turned) | {f"{prefix}_back_same": same}


def _one_way(prefix: str, words: Words) -> dict[str, NDArray[Any]]:
    shared, following = branches(frozen(words.pool), frozen(words.ptr))
    return {
        f"{prefix}_pool": words.pool,
        f"{prefix}_ptr": words.ptr,
        f"{prefix}_shared": shared,
        f"{prefix}_following": following,
    }


def _members(prefix: str, group: NDArray[np.uint32], group_count: int) -> dict[str, NDArray[Any]]:
    counts = np.bincount(group, minlength=group_count)
    return {
        f"{prefix}_part": np.argsort(group, kind="stable").astype(np.uint32),
        f"{prefix}_first": ends_of(counts),
    }


@making_arrays
def postings(
    name_part: NDArray[np.uint32], subject_part: NDArray[np.uint32], minor: NDArray[np.bool_]
) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Return (post, post_ptr): for each part the subjects that have it, each once and in order."""
    subjects, part_count = len(subject_part) - 1, len(minor)
    filed = _filed(name_part, minor)
    latest, ptr = np.full(part_count, -1, np.int64), np.zeros(part_count + 1, np.uint32)
    for subject in range(subjects):
        for place in range(subject_part[subject], subject_part[subject + 1]):
            part = as_int(name_part[place]) & PART
            if filed[place] and latest[part] != subject:
                latest[part] = subject
                ptr[part + 1] += 1
    for part in range(part_count):
        ptr[part + 1] += ptr[part]
    free, post = ptr.copy(), np.empty(ptr[part_count], np.uint32)
    latest[:] = -1
    for subject in range(subjects):
        for place in range(subject_part[subject], subject_part[subject + 1]):
            part = as_int(name_part[place]) & PART
            if filed[place] and latest[part] != subject:
                latest[part] = subject
                post[free[part]] = subject
                free[part] += 1
    return post, ptr


@making_arrays
def _filed(name_part: NDArray[np.uint32], minor: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell which parts of names are filed: the major ones, or all of a name that has no major one."""
    filed = np.empty(len(name_part), np.bool_)
    start = 0
    for place in range(len(name_part)):
        filed[place] = not minor[as_int(name_part[place]) & PART]
        if as_int(name_part[place]) & LAST_PART:
            if not np.any(filed[start : place + 1]):
                filed[start : place + 1] = True
            start = place + 1
    return filed
