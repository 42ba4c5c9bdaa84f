"""How alike are two folded parts of names, and why."""

from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

from liaison.engine.kernels import edit_closeness, skeleton_closeness
from liaison.engine.sounds import lacks_vowels, phonetic_key, skeleton

INITIAL_CLOSENESS = 0.8
SOUND_CLOSENESS = 0.96


class Likeness(NamedTuple):
    """`closeness` 0-1 is the share of the evidence that remains; `finding` says what agrees."""

    closeness: float
    finding: str


DIFFERENT = Likeness(0.0, "different")
SAME = Likeness(1.0, "same")


@lru_cache(maxsize=524288)
def likeness(first: str, second: str) -> Likeness:
    """Compare two folded parts: the best of same, same sound, few edits, same consonants, initial.

    >>> likeness("mohammed", "mohamed").finding, likeness("mhmd", "mohamed").finding
    ('sounds_same', 'same_consonants')
    """
    if first == second:
        return SAME
    if 1 in (len(first), len(second)):
        return Likeness(INITIAL_CLOSENESS, "initial") if first[0] == second[0] else DIFFERENT
    sound, other_sound = phonetic_key(first), phonetic_key(second)
    if sound == other_sound:
        return Likeness(SOUND_CLOSENESS, "sounds_same")
    edited = max(_edited(first, second), _edited(sound, other_sound))
    consonants = _consonants(first, second)
    if max(edited, consonants) == 0.0:
        return DIFFERENT
    return Likeness(edited, "similar") if edited >= consonants else Likeness(consonants, "same_consonants")


def _edited(first: str, second: str) -> float:
    longest = max(len(first), len(second))
    return float(edit_closeness(OSA.distance(first, second), longest)) * SOUND_CLOSENESS


def _consonants(first: str, second: str) -> float:
    bones, other_bones = skeleton(first), skeleton(second)
    vowelless = lacks_vowels(first) or lacks_vowels(second)
    edits = OSA.distance(bones, other_bones, score_cutoff=1)
    return float(skeleton_closeness(max(len(bones), len(other_bones)), edits, vowelless))
