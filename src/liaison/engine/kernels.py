"""The inner loops: compiled by numba, free of the interpreter's lock, also runnable uncompiled.

Everything here works on numbers and arrays.  Integers stay below 2**63, so that
the same code runs with NUMBA_DISABLE_JIT=1 without overflow.  It is one module on
purpose: numba's cache on disk notices a change of this file only, so a constant of
another file would stay as it was in a cached kernel.

`search_names` is the name search of one shard.  For each token of the query it finds the
parts of the vocabulary that resemble it, walks their postings and adds up the evidence on
each name; then it weighs each name that was touched as `score.compare` would.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

from liaison.engine.arrays import Asked, Scratch, Searchable, Sight

Kernel = TypeVar("Kernel", bound=Callable[..., Any])

KEY_SIZE = 16

# Findings about two birth dates, and their weights in bits (`WEIGHT_OF_DATE`).
DATE_UNKNOWN = 0
DATE_SAME = 1
DATE_SAME_MONTH = 2
DATE_SAME_YEAR = 3
DATE_ONE_DAY_OFF = 4
DATE_SWAPPED = 5
DATE_ONE_DIGIT_OFF = 6
DATE_YEAR_OFF_SAME_DAY = 7
DATE_ONE_YEAR_OFF = 8
DATE_OTHER_DAY_SAME_YEAR = 9
DATE_FEW_YEARS_OFF = 10
DATE_MANY_YEARS_OFF = 11

DATE_FINDINGS = (
    "unknown",
    "same",
    "same_month",
    "year_only",
    "one_day_off",
    "day_and_month_swapped",
    "one_digit_off",
    "same_day_other_year",
    "one_year_off",
    "same_year_other_day",
    "few_years_off",
    "different",
)
WEIGHT_OF_DATE = np.array([0.0, 6.5, 4.0, 2.8, 4.5, 4.5, 3.0, 2.5, 0.8, 0.0, -3.0, -8.0])
_FEW_YEARS = 6
_DAYS_BEFORE_MONTH = np.array([0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334])

WEIGHT_OF_SAME_SEX = 0.4
WEIGHT_OF_OTHER_SEX = -3.0
WEIGHT_OF_SHARED_NATIONALITY = 1.3
WEIGHT_OF_OTHER_NATIONALITY = -1.2
MOST_FACTS_BITS = float(WEIGHT_OF_DATE.max()) + WEIGHT_OF_SAME_SEX + WEIGHT_OF_SHARED_NATIONALITY

# Evidence of a name beyond this many bits counts less: its parts go together in a family or a people.
FULL_NAME_BITS = 12.0
BEYOND_FULL = 0.35
OMISSION = 0.12
CONTRADICTION = 0.75
PRIOR_BITS = -4.0


def compiled(function: Kernel) -> Kernel:
    """Compile without the interpreter's lock and keep the result on disk."""
    return cast(Kernel, numba.njit(cache=True, nogil=True)(function))


@compiled
def as_int(value: Any) -> Any:
    """Return a number as int64: numba would make a float of a sum of signed and unsigned numbers."""
    return np.int64(value)


@compiled
def as_float(value: Any) -> Any:
    """Return a number as float64."""
    return np.float64(value)


@compiled
def learn_pattern(key: NDArray[np.uint8], size: int, pattern: NDArray[np.int64]) -> None:
    """Write where each character stands in a key: pattern int64[128], a bit for each place."""
    pattern[:] = 0
    for place in range(size):
        pattern[key[place]] |= 1 << place


@compiled
def osa_distance(pattern: NDArray[np.int64], size: int, other: NDArray[np.uint8], other_size: int) -> int:
    """Return the edits (insert, delete, replace, swap neighbours) between a learnt key and another of at most 16 bytes.

    Bit-parallel optimal string alignment.  Source: Hyyrö, "A bit-vector algorithm
    for computing Levenshtein and Damerau edit distances" (2003).
    """
    if size == 0:
        return other_size
    full = (1 << size) - 1
    last = 1 << (size - 1)
    plus, minus, diagonal, before = full, 0, 0, 0
    distance = size
    for place in range(other_size):
        matches = pattern[other[place]]
        swapped = ((~diagonal & matches) << 1) & before
        diagonal = ((((matches & plus) + plus) ^ plus) | matches | minus | swapped) & full
        up = (minus | ~(diagonal | plus)) & full
        down = diagonal & plus
        if up & last:
            distance += 1
        if down & last:
            distance -= 1
        up = ((up << 1) | 1) & full
        down = (down << 1) & full
        plus = (down | ~(diagonal | up)) & full
        minus = up & diagonal
        before = matches
    return distance


@compiled
def signature(key: NDArray[np.uint8], size: int) -> int:
    """Return one bit for each character present and one for each present twice: 62 bits used.

    Each edit changes at most two of the bits, so that keys within d edits
    differ in at most 2 d bits.
    """
    once, twice = 0, 0
    for i in range(size):
        bit = 1 << (key[i] % 31)
        twice |= once & bit
        once |= bit
    return once | (twice << 31)


@compiled
def bits_set(value: int) -> int:
    """Count the bits that are set in a number of at most 62 bits."""
    value = value - ((value >> 1) & 0x5555555555555555)
    value = (value & 0x3333333333333333) + ((value >> 2) & 0x3333333333333333)
    value = (value + (value >> 4)) & 0x0F0F0F0F0F0F0F0F
    value = value + (value >> 8)
    value = value + (value >> 16)
    value = value + (value >> 32)
    return value & 0x7F


@compiled
def edit_closeness(edits: int, longest: int) -> float:
    """Return 0-1: how much of the evidence of a shared part remains after some edits.

    A transposed or wrong letter in a long part leaves more than in a short one.
    """
    if edits == 0:
        return 1.0
    if longest <= 3:
        return 0.25 if edits == 1 and longest == 3 else 0.0
    closeness = 1.0 - 2.5 * edits / longest
    return closeness if closeness >= 0.2 else 0.0


@compiled
def skeleton_closeness(size: int, edits: int, vowelless: bool) -> float:
    """Return 0-1 for two parts whose consonants agree; `vowelless` when one of them has no vowels to compare."""
    if edits == 1:
        return 0.4 if vowelless and size >= 4 else 0.0
    if edits > 1 or size < 2:
        return 0.0
    if vowelless:
        return 0.85 if size >= 4 else 0.75 if size == 3 else 0.5
    return 0.75 if size >= 4 else 0.45 if size == 3 else 0.0


@compiled
def _day_number(packed: int) -> int:
    """Count days from a date yyyymmdd, exact within a year and near the turn of a year."""
    year, month, day = packed // 10000, packed // 100 % 100, packed % 100
    leap = 1 if month > 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 0
    before = (year - 1) * 365 + (year - 1) // 4 - (year - 1) // 100 + (year - 1) // 400
    return before + as_int(_DAYS_BEFORE_MONTH[month]) + leap + day  # type: ignore[no-any-return]


@compiled
def _digits_off(first: int, second: int) -> int:
    """Count the decimal digits in which two numbers differ."""
    count = 0
    while first or second:
        if first % 10 != second % 10:
            count += 1
        first //= 10
        second //= 10
    return count


@compiled
def _full_date_finding(first: int, second: int) -> int:
    """Compare two different full dates."""
    year, other_year = first // 10000, second // 10000
    if abs(_day_number(first) - _day_number(second)) == 1:
        return DATE_ONE_DAY_OFF
    if year == other_year and first // 100 % 100 == second % 100 and second // 100 % 100 == first % 100:
        return DATE_SWAPPED
    if abs(year - other_year) == 1 and first % 10000 == second % 10000:
        return DATE_YEAR_OFF_SAME_DAY
    if _digits_off(first, second) == 1:
        return DATE_ONE_DIGIT_OFF
    # The first of January stands for "sometime that year" in many a file.
    if year == other_year and (first % 10000 == 101 or second % 10000 == 101):
        return DATE_SAME_YEAR
    return _year_finding(year, other_year, DATE_OTHER_DAY_SAME_YEAR)


@compiled
def _year_finding(year: int, other_year: int, same: int) -> int:
    """Compare two years; `same` is the finding when they are equal."""
    gap = abs(year - other_year)
    if gap == 0:
        return same
    if gap == 1:
        return DATE_ONE_YEAR_OFF
    return DATE_FEW_YEARS_OFF if gap <= _FEW_YEARS else DATE_MANY_YEARS_OFF


@compiled
def date_finding(first: int, second: int) -> int:
    """Compare two partial dates yyyymmdd, zeros where unknown; return one of the DATE_ codes."""
    if first == 0 or second == 0:
        return DATE_UNKNOWN
    if first % 100 and second % 100:
        return DATE_SAME if first == second else _full_date_finding(first, second)
    month, other_month = first // 100 % 100, second // 100 % 100
    same = DATE_SAME_YEAR
    if month and other_month:
        same = DATE_SAME_MONTH if month == other_month else DATE_OTHER_DAY_SAME_YEAR
    return _year_finding(first // 10000, second // 10000, same)


@compiled
def best_date_weight(query: NDArray[np.int32], born: NDArray[np.int32], start: int, end: int) -> float:
    """Return the weight of the best agreement between alternatives; 0 when either side has none."""
    if len(query) == 0 or start == end:
        return 0.0
    best = -100.0
    for first in query:
        for row in range(start, end):
            best = max(best, WEIGHT_OF_DATE[date_finding(first, born[row])])
    return best


@compiled
def sex_weight(first: int, second: int) -> float:
    """Compare two sexes, 1 female, 2 male, anything else not comparable."""
    if first < 1 or second < 1 or first > 2 or second > 2:
        return 0.0
    return WEIGHT_OF_SAME_SEX if first == second else WEIGHT_OF_OTHER_SEX


@compiled
def nationality_weight(query: NDArray[np.uint16], nations: NDArray[np.uint16], start: int, end: int) -> float:
    """Return the weight of a shared nationality, of none shared, or 0 when either side has none."""
    if len(query) == 0 or start == end:
        return 0.0
    for first in query:
        for row in range(start, end):
            if first == nations[row]:
                return WEIGHT_OF_SHARED_NATIONALITY
    return WEIGHT_OF_OTHER_NATIONALITY


@compiled
def name_weight(gain: float, query_left: float, record_left: float) -> float:
    """Return the evidence of two names: bits shared, and bits that each side has alone.

    What only one side has was left out; what both sides have and does not agree
    contradicts, and costs several times as much.
    """
    excess = max(gain - FULL_NAME_BITS, 0.0)
    lost = OMISSION * (query_left + record_left) + CONTRADICTION * min(query_left, record_left)
    return gain - (1.0 - BEYOND_FULL) * excess - lost


@compiled
def signatures(keys: NDArray[np.uint8], sizes: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Return the signature of each key: int64[n]."""
    found = np.empty(len(sizes), np.int64)
    for row in range(len(sizes)):
        found[row] = signature(keys[row], as_int(sizes[row]))
    return found


@compiled
def _match_keys(names: Searchable, asked: Asked, token: int, scratch: Scratch) -> int:
    """Collect the parts whose phonetic key is within the edits forgiven; return how many."""
    size, wanted, most = asked.size[token], asked.signature[token], asked.max_edits[token]
    found = 0
    learn_pattern(asked.key[token], size, scratch.pattern)
    start = names.vocab_start[max(size - most, 0)]
    end = names.vocab_start[min(size + most, KEY_SIZE) + 1]
    marks, sizes, keys, pattern = names.vocab_signature, names.vocab_size, names.vocab_key, scratch.pattern
    for part in range(start, end):
        if bits_set(marks[part] ^ wanted) <= 2 * most:
            other = as_int(sizes[part])
            edits = osa_distance(pattern, size, keys[part], other)
            if edits <= most:
                scratch.hit[found] = part
                scratch.closeness[found] = edit_closeness(edits, max(size, other))
                found += 1
    return found


@compiled
def _match_bones(names: Searchable, asked: Asked, token: int, scratch: Scratch, found: int) -> int:
    """Collect the parts whose skeleton agrees, after those already found; return how many in all."""
    size, wanted = asked.bone_size[token], asked.bone_signature[token]
    if size < 2:
        return found
    most = 1 if size >= 4 else 0
    learn_pattern(asked.bone[token], size, scratch.pattern)
    for bone in range(names.bone_start[size - most], names.bone_start[min(size + most, KEY_SIZE) + 1]):
        if bits_set(names.bone_signature[bone] ^ wanted) <= 2 * most:
            other = as_int(names.bone_size[bone])
            edits = osa_distance(scratch.pattern, size, names.bone_key[bone], other)
            for place in range(names.bone_ptr[bone], names.bone_ptr[bone + 1]):
                part = names.bone_vocab[place]
                vowelless = asked.vowelless[token] or names.vocab_vowelless[part]
                closeness = skeleton_closeness(max(size, other), edits, vowelless)
                if closeness > 0.0:
                    scratch.hit[found] = part
                    scratch.closeness[found] = closeness
                    found += 1
    return found


@compiled
def _add_up(names: Searchable, asked: Asked, token: int, scratch: Scratch, found: int) -> None:
    """Walk the postings of the parts found, the closest first, and add the evidence to each name."""
    covers, mark, need = asked.covers[token], asked.mark[token], asked.need[token]
    seen, gain, matched, touched = scratch.seen, scratch.gain, scratch.matched, scratch.touched
    post, post_ptr, count = names.post, names.post_ptr, scratch.touched_count[0]
    for place in np.argsort(-scratch.closeness[:found]):
        part = scratch.hit[place]
        bits = names.vocab_bits[part]
        # A second half: the evidence of the whole part, which both halves share.
        most = asked.bits[token] if need else min(asked.bits[token], bits)
        for posting in range(post_ptr[part], post_ptr[part + 1]):
            name = post[posting]
            before = seen[name]
            if before & (covers | mark) or before & need != need:
                continue
            if before == 0:
                touched[count] = name
                count += 1
                gain[name] = 0.0
                matched[name] = 0.0
            seen[name] = before | mark
            gain[name] += scratch.closeness[place] * most
            matched[name] += bits
    scratch.touched_count[0] = count


@compiled
def _bits_left(part_bits: NDArray[np.float64], seen: int) -> float:
    """Add up the bits of the parts of the query that a name does not have."""
    left = 0.0
    for part in range(len(part_bits)):
        if not seen >> part & 1:
            left += part_bits[part]
    return left


@compiled
def _keep_visible(names: Searchable, sight: Sight, kind: int, scratch: Scratch) -> None:
    """Forget the names touched whose subject is of another kind, superseded, expired or not open to the asker."""
    touched, seen = scratch.touched, scratch.seen
    owners, rows, kinds = names.name_subject, names.subject_row, names.kind
    rights, expires, current, allowed = names.rights, names.expires, sight.current, sight.allowed
    kept = 0
    for place in range(scratch.touched_count[0]):
        name = touched[place]
        row = rows[owners[name]]
        open_to_asker = rights[row] < len(allowed) and allowed[rights[row]]
        if open_to_asker and current[row] and expires[row] > sight.today and kinds[owners[name]] == kind:
            touched[kept] = name
            kept += 1
        else:
            seen[name] = 0
    scratch.touched_count[0] = kept


@compiled
def _weigh(names: Searchable, asked: Asked, scratch: Scratch, threshold: float) -> int:
    """Weigh the names touched; write the subjects that reach the threshold and return how many."""
    # Local names: numba counts a reference for every array of a bundle that is passed on.
    touched, seen, gain, matched = scratch.touched, scratch.seen, scratch.gain, scratch.matched
    owners, name_bits, sexes = names.name_subject, names.name_bits, names.sex
    born, born_ptr, nation, nation_ptr = names.born, names.born_ptr, names.nation, names.nation_ptr
    asked_born, asked_nation, asked_sex, part_bits = asked.born, asked.nation, asked.sex, asked.part_bits
    answers = 0
    for place in range(scratch.touched_count[0]):
        name = touched[place]
        subject = owners[name]
        alone = max(as_float(name_bits[name] - matched[name]), 0.0)
        weight = PRIOR_BITS + name_weight(as_float(gain[name]), _bits_left(part_bits, seen[name]), alone)
        seen[name] = 0
        # What can be known beside the name is worth this much at most.
        if weight + MOST_FACTS_BITS < threshold:
            continue
        weight += sex_weight(asked_sex, as_int(sexes[subject]))
        weight += best_date_weight(asked_born, born, as_int(born_ptr[subject]), as_int(born_ptr[subject + 1]))
        weight += nationality_weight(asked_nation, nation, as_int(nation_ptr[subject]), as_int(nation_ptr[subject + 1]))
        if weight >= threshold:
            scratch.subject[answers] = subject
            scratch.weight[answers] = weight
            answers += 1
    return answers


@compiled
def search_names(names: Searchable, sight: Sight, asked: Asked, scratch: Scratch, threshold: float) -> int:
    """Write the subjects with evidence of at least `threshold` bits to the scratch; return how many.

    What may not be found is dropped before anything is weighed or counted.  A
    subject appears once for each of its names that reaches the threshold.
    """
    scratch.touched_count[0] = 0
    for token in range(len(asked.size)):
        found = _match_keys(names, asked, token, scratch)
        found = _match_bones(names, asked, token, scratch, found)
        _add_up(names, asked, token, scratch, found)
    _keep_visible(names, sight, asked.kind, scratch)
    return _weigh(names, asked, scratch, threshold)
