"""Which subjects of a shard may be the one asked for: the compiled search for names.

For each token of the query it finds the parts of the vocabulary that resemble it, walks
their postings and adds up evidence on each subject; what may then still reach the
evidence wanted is weighed by its names as written.  The weight is cheap and seldom
below that of the full comparison, which decides.

What an asker may not see is left out before it can take the place of anything else.
"""

import numpy as np
from numpy.typing import NDArray

from liaison.engine.arrays import Asked, Scratch, Searchable, Sight
from liaison.engine.compiling import as_float, as_int, compiled
from liaison.engine.facts import (
    DATE_FEW_YEARS_OFF,
    SAME_NATIONALITY,
    SAME_PLACE,
    SAME_SEX,
    best_date_weight,
    nationality_weight,
    place_weight,
    sex_weight,
)
from liaison.engine.lexicon import Lexicon, Trie, resembling
from liaison.engine.vocabulary import LAST_PART, PART

# The share of its evidence that a part keeps when only its sound or its consonants agree.
SOUND = 0.95
BONES = np.array([0.0, 0.0, 0.5, 0.7, 0.85])
# Below CERTAIN: words of the same consonants are many.
BONES_WITH_VOWELS = np.array([0.0, 0.0, 0.0, 0.5, 0.59])
BONES_EDITED = 0.45
EDIT = 1.5
# Closer than this: nothing better need be looked for; and what is surely the same part is paired first.
CERTAIN = 0.6
SURE = 0.85
# What a pair of parts that differ costs at most, in bits and as a share of the smaller; what one left out costs.
DIFFERENT = 16.0
DIFFERENT_SHARE = 2.0
LEFT_OUT = 1.5
LEFT_OUT_SHARE = 0.1

_COVERS, _MARK, _NEED = 0, 1, 2
_TOKEN, _BEFORE = 0, 1
_UNIT = 128.0
_DATED = 3


@compiled
def spelling_closeness(edits: int, size: int) -> float:
    """Return 0-1: how much of the evidence of a part of so many letters remains after some edits."""
    return max(1.0 - EDIT * edits / size, 0.0)


@compiled
def bone_closeness(edits: int, size: int, vowelless: bool) -> float:
    """Return 0-1 for two parts by their consonants; `vowelless` when one of them has no vowels to compare."""
    if edits:
        return BONES_EDITED if vowelless else 0.0
    return as_float((BONES if vowelless else BONES_WITH_VOWELS)[min(size, 4)])  # type: ignore[no-any-return]


@compiled
def note(part: int, closeness: float, level: NDArray[np.float32], parts: NDArray[np.int64], count: int) -> int:
    """Remember how close a part is at best; return how many parts are remembered."""
    if closeness > level[part]:
        if level[part] == 0.0 and count < len(parts):
            parts[count] = part
            count += 1
            level[part] = closeness
        elif level[part] > 0.0:
            level[part] = closeness
    return count


@compiled
def _by_spelling(names: Searchable, asked: Asked, token: int, scratch: Scratch, count: int) -> int:
    """Note the parts whose letters are within the edits forgiven."""
    size, most, finding = asked.size[token, 0], asked.edits[token, 0], scratch.finding
    forward = Trie(names.vocab_pool, names.vocab_ptr, names.vocab_shared, names.vocab_following)
    backward = Trie(names.vocab_back_pool, names.vocab_back_ptr, names.vocab_back_shared, names.vocab_back_following)
    words = Lexicon(forward, backward, names.vocab_back_same)
    alike = resembling(words, asked.word[token, 0], size, most, finding)
    for place in range(alike):
        closeness = spelling_closeness(finding.edits[place], size)
        count = note(finding.found[place], closeness, scratch.level, scratch.hit_part, count)
    return count


@compiled
def _by_sound(names: Searchable, asked: Asked, token: int, scratch: Scratch, count: int) -> int:
    """Note the parts whose phonetic key is within the edits forgiven."""
    size, most, finding = asked.size[token, 1], asked.edits[token, 1], scratch.finding
    forward = Trie(names.sound_pool, names.sound_ptr, names.sound_shared, names.sound_following)
    backward = Trie(names.sound_back_pool, names.sound_back_ptr, names.sound_back_shared, names.sound_back_following)
    words = Lexicon(forward, backward, names.sound_back_same)
    alike = resembling(words, asked.word[token, 1], size, most, finding)
    for place in range(alike):
        sound = finding.found[place]
        closeness = SOUND * spelling_closeness(finding.edits[place], size)
        for member in range(names.sound_first[sound], names.sound_first[sound + 1]):
            count = note(as_int(names.sound_part[member]), closeness, scratch.level, scratch.hit_part, count)
    return count


@compiled
def _by_bones(names: Searchable, asked: Asked, token: int, scratch: Scratch, count: int) -> int:
    """Note the parts whose skeleton is within the edits forgiven."""
    size, most, finding = asked.size[token, 2], asked.edits[token, 2], scratch.finding
    if most < 0 or size < 2:
        return count
    forward = Trie(names.bone_pool, names.bone_ptr, names.bone_shared, names.bone_following)
    backward = Trie(names.bone_back_pool, names.bone_back_ptr, names.bone_back_shared, names.bone_back_following)
    words = Lexicon(forward, backward, names.bone_back_same)
    alike = resembling(words, asked.word[token, 2], size, most, finding)
    for place in range(alike):
        bone, edits = finding.found[place], finding.edits[place]
        for member in range(names.bone_first[bone], names.bone_first[bone + 1]):
            part = as_int(names.bone_part[member])
            closeness = bone_closeness(edits, size, asked.vowelless[token] != 0 or names.vocab_vowelless[part])
            count = note(part, closeness, scratch.level, scratch.hit_part, count)
    return count


@compiled
def find_hits(names: Searchable, asked: Asked, scratch: Scratch) -> int:
    """Find the parts that resemble each token; return how many there are."""
    level, parts, closeness = scratch.level, scratch.hit_part, scratch.hit_closeness
    link, hit_of, count = scratch.hit_link, scratch.hit_of, 0
    for token in range(len(asked.bits)):
        start = count
        scratch.hit_start[token] = start
        need = asked.mask[token, _NEED]
        # A second half is of no use without the first, which is the token before it.
        if need == 0 or scratch.hit_start[token - 1] < start:
            count = _by_spelling(names, asked, token, scratch, count)
            count = _by_sound(names, asked, token, scratch, count)
            count = _by_bones(names, asked, token, scratch, count)
        for hit in range(start, count):
            part = parts[hit]
            closeness[hit] = level[part]
            level[part] = 0.0
            link[hit, _TOKEN], link[hit, _BEFORE] = token, hit_of[part]
            hit_of[part] = hit + 1
    scratch.hit_start[len(asked.bits)] = count
    return count


@compiled
def _first_date(born: NDArray[np.int32], start: int, end: int, date: int) -> int:
    """Return the first place from `start` on, before `end`, with this date or a later one."""
    while start < end:
        middle = (start + end) >> 1
        if born[middle] < date:
            start = middle + 1
        else:
            end = middle
    return start


@compiled
def _dated(names: Searchable, kind: int, first: int, after: int) -> tuple[int, int]:
    """Return the subjects (from, before) of a kind that have one birth date, from `first` until before `after`."""
    undated = as_int(names.group_ptr[_DATED])
    start, end = as_int(names.group_ptr[_DATED + kind]), as_int(names.group_ptr[_DATED + kind + 1])
    move = as_int(names.born_ptr[undated]) - undated
    start_at = _first_date(names.born, start + move, end + move, first)
    return start_at - move, _first_date(names.born, start_at, end + move, after) - move


@compiled
def _note_ranges(names: Searchable, asked: Asked, ranges: NDArray[np.int64]) -> int:
    """Write the subjects to look at: those without one date, and those born in the windows; return how many ranges."""
    kind, windows = asked.kind, len(asked.window)
    ranges[0, 0], ranges[0, 1] = names.group_ptr[kind], names.group_ptr[kind + 1]
    ranges[1, 0], ranges[1, 1] = names.group_ptr[_DATED + kind], names.group_ptr[_DATED + kind + 1]
    for window in range(windows):
        start, end = _dated(names, kind, as_int(asked.window[window, 0]), as_int(asked.window[window, 1]))
        ranges[window + 1, 0], ranges[window + 1, 1] = start, end
    return max(windows, 1) + 1


@compiled
def _first_posting(post: NDArray[np.uint32], start: int, end: int, subject: int) -> int:
    """Return the first posting from `start` on, before `end`, of this subject or a later one."""
    while start < end:
        middle = (start + end) >> 1
        if post[middle] < subject:
            start = middle + 1
        else:
            end = middle
    return start


@compiled
def _is_visible(
    row: int,
    current: NDArray[np.bool_],
    rights: NDArray[np.uint32],
    allowed: NDArray[np.bool_],
    expires: NDArray[np.int32],
    today: int,
) -> bool:
    return current[row] and rights[row] < len(allowed) and allowed[rights[row]] and expires[row] > today  # type: ignore[no-any-return]


@compiled
def _keep_visible(names: Searchable, sight: Sight, scratch: Scratch, count: int) -> int:
    """Forget the subjects touched that may not be seen, and those beyond the most; return how many are left."""
    touched, gained, kept, most = scratch.touched, scratch.gained, 0, scratch.most_touched
    rights, expires = names.rights, names.expires
    current, allowed, today = sight.current, sight.allowed, sight.today
    for place in range(count):
        subject = as_int(touched[place])
        if kept < most and _is_visible(subject, current, rights, allowed, expires, today):
            touched[kept] = subject
            kept += 1
        else:
            gained[subject] = 0
    return kept


@compiled
def add_up(names: Searchable, sight: Sight, asked: Asked, scratch: Scratch) -> int:
    """Walk the postings of all hits, and add the evidence to each subject; return how many are touched.

    Tokens that do not lead only add to subjects that another has led to.  When very
    many may be seen, those led to first are kept.
    """
    gained, touched, closeness = scratch.gained, scratch.touched, scratch.hit_closeness
    post, post_ptr, vocab_bits = names.post, names.post_ptr, names.vocab_bits
    ranges, count, leading, most_touched = scratch.ranges, 0, True, scratch.most_touched
    range_count = _note_ranges(names, asked, ranges)
    for token in range(len(asked.bits)):
        leads, covers = leading and asked.leads[token] != 0, asked.mask[token, _COVERS]
        start, end = scratch.hit_start[token], scratch.hit_start[token + 1]
        # The closest first: a subject gains by a token once.
        for most, least in ((2.0, SURE), (SURE, CERTAIN), (CERTAIN, 0.0)):
            for hit in range(start, end):
                if asked.bits[token] == 0.0 or not least <= closeness[hit] < most:
                    continue
                part = scratch.hit_part[hit]
                gain = closeness[hit] * _bits_of_hit(asked.bits[token], vocab_bits[part], asked.mask[token, _NEED])
                added = covers | (max(as_int(gain * _UNIT), 1) << 16)
                for number in range(range_count):
                    last = as_int(post_ptr[part + 1])
                    at = _first_posting(post, as_int(post_ptr[part]), last, ranges[number, 0])
                    while at < last and post[at] < ranges[number, 1]:
                        subject = as_int(post[at])
                        before = as_int(gained[subject])
                        at += 1
                        if before & covers or not (leads or before):
                            continue
                        gained[subject] = before + added
                        if before == 0:
                            touched[count] = subject
                            count += 1
                            if count == 2 * most_touched:
                                count = _keep_visible(names, sight, scratch, count)
                                leading = count < most_touched
                                leads = leads and leading
    return _keep_visible(names, sight, scratch, count) if count > most_touched else count


@compiled
def _bits_of_hit(token_bits: float, part_bits: float, need: int) -> float:
    """Return the evidence of a part that agrees; a second half brings that of the whole, which both halves share."""
    return as_float(token_bits) if need else as_float(min(token_bits, part_bits))  # type: ignore[no-any-return]


@compiled
def _date_weight(
    asked: NDArray[np.int32], born: NDArray[np.int32], start: int, end: int, weights: NDArray[np.float64]
) -> float:
    """Return `best_date_weight`, at once where one full date is years from another: most of a window."""
    if len(asked) == 1 and end == start + 1:
        first, second = as_int(asked[0]), as_int(born[start])
        is_full = first % 100 > 0 and second % 100 > 0
        if is_full and 2 <= abs(first // 10000 - second // 10000) <= 3 and first % 10000 != second % 10000:
            return weights[DATE_FEW_YEARS_OFF]  # type: ignore[no-any-return]
    return best_date_weight(asked, born, start, end, weights)


@compiled
def weigh_facts(names: Searchable, sight: Sight, asked: Asked, scratch: Scratch, count: int, first: int) -> int:
    """Weigh what is known beside the name of those touched; write those that may be enough from `first` on.

    Returns where they end.
    """
    touched, gained, answer, weight = scratch.touched, scratch.gained, scratch.subject, scratch.weight
    rights, expires, sexes = names.rights, names.expires, names.sex
    current, allowed, today = sight.current, sight.allowed, sight.today
    born, born_ptr, nation, nations = names.born, names.born_ptr, names.nation, names.nations
    place, place_ptr, asked_place = names.place, names.place_ptr, asked.place
    nations_ptr, undated = names.nations_ptr, as_int(names.group_ptr[_DATED])
    asked_born, asked_nation, asked_sex, least = asked.born, asked.nation, asked.sex, asked.least
    table, prior = asked.weights, asked.prior
    move, kept = as_int(born_ptr[undated]) - undated, first
    most_beside_date = (table[SAME_SEX] if asked_sex else 0.0) + (table[SAME_NATIONALITY] if len(asked_nation) else 0.0)
    most_beside_date += table[SAME_PLACE] if len(asked_place) else 0.0
    for at in range(count):
        subject = as_int(touched[at])
        gain = (as_int(gained[subject]) >> 16) / _UNIT
        gained[subject] = 0
        if prior + asked.facts + gain < least:
            continue
        beside = prior
        # What the query does not know is not looked up; nor is the rest when the date says enough.
        if len(asked_born):
            start, end = subject + move, subject + move + 1
            if subject < undated:
                start, end = as_int(born_ptr[subject]), as_int(born_ptr[subject + 1])
            beside += _date_weight(asked_born, born, start, end, table)
            if beside + most_beside_date + gain < least:
                continue
        if asked_sex:
            beside += sex_weight(asked_sex, as_int(sexes[subject]), table)
        if len(asked_nation):
            listed = as_int(nation[subject])
            start, end = as_int(nations_ptr[listed]), as_int(nations_ptr[listed + 1])
            beside += nationality_weight(asked_nation, nations, start, end, table)
        if len(asked_place):
            start, end = as_int(place_ptr[subject]), as_int(place_ptr[subject + 1])
            beside += place_weight(asked_place, place, start, end, table)
        if beside + gain >= least and _is_visible(subject, current, rights, allowed, expires, today):
            answer[kept] = subject
            weight[kept] = beside
            kept += 1
    return kept


@compiled
def _touch_spots(names: Searchable, asked: Asked, scratch: Scratch) -> int:
    """Touch those born on days that are looked at whatever the name, as if they had every part."""
    count = 0
    most = min(as_int(np.sum(asked.part_bits) * _UNIT), 0xFFFF) << 16
    for spot in asked.spot:
        start, end = _dated(names, asked.kind, as_int(spot), as_int(spot) + 1)
        for subject in range(start, min(end, start + scratch.most_touched - count)):
            scratch.gained[subject] = most
            scratch.touched[count] = subject
            count += 1
    return count


@compiled
def _best_hit(
    last_hit: int,
    part_bits: float,
    least: float,
    covered: int,
    link: NDArray[np.int64],
    closeness: NDArray[np.float64],
    mask: NDArray[np.int64],
    bits: NDArray[np.float64],
) -> tuple[int, float]:
    """Return the token that a part of a name brings most for, and how much; -1 when there is none."""
    best, most, hit = -1, -1.0, last_hit
    while hit:
        token, close = link[hit - 1, _TOKEN], closeness[hit - 1]
        hit = link[hit - 1, _BEFORE]
        covers, mark, need = mask[token, _COVERS], mask[token, _MARK], mask[token, _NEED]
        if close < least or covered & (covers | mark) or covered & need != need:
            continue
        gain = close * _bits_of_hit(bits[token], part_bits, need)
        if gain > most:
            best, most = token, gain
    return best, most


@compiled
def _pair(
    parts: NDArray[np.uint32],
    hit_of: NDArray[np.int32],
    vocab_bits: NDArray[np.float32],
    link: NDArray[np.int64],
    closeness: NDArray[np.float64],
    mask: NDArray[np.int64],
    bits: NDArray[np.float64],
) -> tuple[int, int, int, float]:
    """Pair the parts of a name with tokens, what is surely the same first.

    Returns, as masks, the parts of the query that are found and those that certainly
    are, and the parts of the name that were used; and the bits gained.
    """
    covered, certain, used, gain = 0, 0, 0, 0.0
    for least in (SURE, 0.0):
        for at in range(len(parts)):
            part = as_int(parts[at]) & PART
            last_hit, part_bits = as_int(hit_of[part]), as_float(vocab_bits[part])
            if last_hit and not used >> at & 1:
                token, more = _best_hit(last_hit, part_bits, least, covered, link, closeness, mask, bits)
                if token >= 0:
                    covered |= mask[token, _MARK]
                    used |= 1 << at
                    gain += more
                    if more >= CERTAIN * min(bits[token], part_bits):
                        certain |= mask[token, _COVERS]
    return covered, certain, used, gain


@compiled
def lost_bits(query_left: float, query_count: int, record_left: float, record_count: int) -> float:
    """Return what parts that only one side has cost: pairs of them differ, the others are left out."""
    pairs = min(query_count, record_count)
    different = min(DIFFERENT * pairs, DIFFERENT_SHARE * min(query_left, record_left))
    alone = abs(query_count - record_count)
    return different + min(LEFT_OUT * alone, LEFT_OUT_SHARE * (query_left + record_left))


@compiled
def weigh_names(names: Searchable, asked: Asked, scratch: Scratch, first: int, end: int) -> tuple[int, bool]:
    """Add the evidence of the best name of each candidate from `first` before `end`; keep those that have enough.

    Returns where they end, and whether one of them has certainly every part of the query.
    """
    subjects, weight, kept, is_certain = scratch.subject, scratch.weight, first, False
    name_part, subject_part, hit_of = names.name_part, names.subject_part, scratch.hit_of
    vocab_bits, vocab_minor, part_bits = names.vocab_bits, names.vocab_minor, asked.part_bits
    link, closeness, mask, bits = scratch.hit_link, scratch.hit_closeness, asked.mask, asked.bits
    every = (1 << len(part_bits)) - 1
    for place in range(first, end):
        subject, best = subjects[place], -1e9
        start, last = as_int(subject_part[subject]), as_int(subject_part[subject + 1])
        is_whole = False
        while start < last:
            after = start
            while not as_int(name_part[after]) & LAST_PART:
                after += 1
            after += 1
            covered, certain, used, gain = _pair(
                name_part[start:after], hit_of, vocab_bits, link, closeness, mask, bits
            )
            left, left_count, alone, alone_count = 0.0, 0, 0.0, 0
            for number in range(len(part_bits)):
                if not covered >> number & 1:
                    left += part_bits[number]
                    left_count += 1
            for at in range(start, after):
                part = as_int(name_part[at]) & PART
                if not used >> (at - start) & 1 and not vocab_minor[part]:
                    alone += vocab_bits[part]
                    alone_count += 1
            evidence = gain - lost_bits(left, left_count, alone, alone_count)
            best = max(best, evidence)
            is_whole = is_whole or (certain == every and weight[place] + evidence >= asked.certain)
            start = after
        if weight[place] + best >= asked.least:
            subjects[kept], weight[kept] = subject, weight[place] + best
            kept += 1
            is_certain = is_certain or is_whole
    return kept, is_certain


@compiled
def search_names(names: Searchable, sight: Sight, asked: Asked, scratch: Scratch) -> tuple[int, bool]:
    """Write the subjects that may be seen and have evidence enough to the scratch, each once.

    Returns how many, and whether one of them has certainly every part of the query.
    """
    hits = find_hits(names, asked, scratch)
    touched = add_up(names, sight, asked, scratch)
    first = as_int(0)
    end = weigh_facts(names, sight, asked, scratch, touched, first)
    count, is_certain = weigh_names(names, asked, scratch, first, end)
    if len(asked.spot):
        touched = _touch_spots(names, asked, scratch)
        end = weigh_facts(names, sight, asked, scratch, touched, count)
        count, is_sure = weigh_names(names, asked, scratch, count, end)
        is_certain = is_certain or is_sure
    for hit in range(hits):
        scratch.hit_of[scratch.hit_part[hit]] = 0
    return count, is_certain
