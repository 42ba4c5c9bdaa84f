"""How likely is it that two descriptions mean the same subject, and why.

The score adds evidence in bits: log-likelihood ratios, one term for each reason
(`weights.csv`).  `score` is the logistic of their sum, so the explanation adds up exactly.

What parts of a name weigh depends on who has a full birth date.  Where both have and they are
alike, they tell most people apart, and the table has a column for that (`bench/learn_dated.py`).
Where the question has one and the record none like it, the base is lower: every common name has
a namesake in a million records, so that only a rare one says enough.

MATCH is where two names are likelier the same than not, of pairs that resemble each
other.  A search compares with millions, so a question with a full birth date asks for more,
POSSIBLE_DATED, since among namesakes some birth date is always nearly right; POSSIBLE is for
a question without one.  STRONG needs something beside the name that agrees, the month of
birth at least: a name alone is never strong.
"""

import math
from collections.abc import Iterator
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from liaison.engine import naming
from liaison.engine.facts import (
    DATE_FINDINGS,
    best_date_weight,
    date_finding,
    nationality_weight,
    place_weight,
    sex_weight,
)
from liaison.engine.lettering import KIN
from liaison.engine.naming import OF_A_PAIR, Links, best_names, compare_names, make_links
from liaison.engine.parts import known
from liaison.engine.places import are_same_place
from liaison.engine.profile import KINDS, SEXES, Named, Profile, named, profile_of, rarity_for
from liaison.engine.rarity import Rarity
from liaison.engine.spelling import spellings
from liaison.engine.types import Comparison, Strength, Subject, Term
from liaison.engine.weights import weights
from liaison.lib.local import Local

MATCH = 0.5
POSSIBLE = 0.5
POSSIBLE_DATED = 0.97
STRONG = 0.993
# Nothing that is never born has a birth date to agree: its country must.
STRONG_UNBORN = 0.85
# What the birth date says for it where a match is strong: the same year, or one day off, is not enough.
_BESIDE_BITS = 3.0
# What stands for an unknown issuer of a document.
_UNKNOWN = ("*", "?")
# Up to so many bits apart two spellings sound the same.
_SAME_SOUND = 5.5

_links = Local(make_links)


def compare(query: Subject, candidate: Subject, rarity: Rarity | None = None) -> Comparison:
    """Compare two subjects; `rarity` is the committed table unless another is given.

    Each pair of names is tried and the best counts.  Subjects of different
    kinds are compared as if they were of one; the index does not offer them.
    """
    first, second = profile_once(query), profile_once(candidate)
    table = rarity or rarity_for(second.kind)
    ours, theirs = named(first.names, table), named(second.names, table)
    row = row_of(first, second)
    terms = [Term("prior", "base_rate", "", "", float(weights().base[row]))]
    _, place, other = _best(ours, theirs, row)
    if place >= 0:
        terms += _name_terms(ours, place, theirs, other, row)
    terms += _fact_terms(first, second)
    if weight := _place_bits(first, second):
        terms.append(_place_term(query.places, candidate.places, weight))
    terms += _document_terms(query.documents, candidate.documents)
    bits = sum(term.weight for term in terms)
    return Comparison(score_of(bits), tuple(terms), strength_of(bits, first, second))


# Explaining the candidates of one query folds it once.
profile_once = lru_cache(maxsize=65536)(profile_of)


def links_of_thread() -> Links:
    """Return this thread's working arrays for comparing names."""
    return _links.mine


def score_of(bits: float) -> float:
    """Return the probability whose odds are 2 ** bits.

    >>> score_of(0.0), score_of(1.0)
    (0.5, 0.6666666666666666)
    """
    return 1.0 / (1.0 + math.exp2(-bits))


def bits_of(score: float) -> float:
    """Return the bits whose score this is.

    >>> bits_of(0.5), bits_of(0.75) < 2.0 < bits_of(0.85)
    (0.0, True)
    """
    return math.log2(score / (1.0 - score))


_STRONG_BITS, _STRONG_UNBORN_BITS = bits_of(STRONG), bits_of(STRONG_UNBORN)


def strength_of(bits: float, query: Profile, candidate: Profile) -> Strength:
    """Name the strength of so much evidence, by what the question tells and what could be compared."""
    by_date, by_land = _date_bits(query, candidate), _nationality_bits(query, candidate)
    return strength_by(query.kind, bits, by_date, by_land, least_bits(is_query_dated=is_dated(query.born)))


def strength_by(kind: int, bits: float, by_date: float, by_land: float, least: float) -> Strength:
    """Name the strength of evidence of which birth date and nationality give so much, when `least` is enough.

    Strong is only what something beside the name identifies: the birth date, or
    the country of what is never born.
    """
    if bits < least:
        return "none"
    if KINDS[kind] == "person":
        return "strong" if bits >= _STRONG_BITS and by_date >= _BESIDE_BITS else "possible"
    return "strong" if bits >= _STRONG_UNBORN_BITS and by_land > 0.0 else "possible"


@cache
def least_score_turned() -> float:
    """Return the least score that a possible match may have when question and record are exchanged."""
    base = weights().base
    return score_of(bits_of(POSSIBLE) - float(base.max() - base.min()))


@cache
def least_bits(*, is_query_dated: bool) -> float:
    """Return the evidence that makes a match possible."""
    return bits_of(POSSIBLE_DATED if is_query_dated else POSSIBLE)


def is_dated(born: tuple[int, ...]) -> bool:
    """Tell whether a full birth date is among packed dates."""
    return any(date % 100 for date in born)


def row_of(query: Profile, candidate: Profile) -> int:
    """Return the row of `weights()`: 0 if no full birth date is asked for, 1 if the record has one like it, else 2."""
    if not is_dated(query.born):
        return 0
    return 1 if is_dated(candidate.born) and _date_bits(query, candidate) > 0.0 else 2


def compare_profiles(query: Profile, candidate: Profile) -> tuple[float, Strength]:
    """Return score and strength as `compare` does, from profiles and without the explanation."""
    table = rarity_for(candidate.kind)
    row = row_of(query, candidate)
    bits, _, _ = _best(named(query.names, table), named(candidate.names, table), row)
    bits += float(weights().base[row]) + bits_of_facts(query, candidate)
    return score_of(bits), strength_of(bits, query, candidate)


def bits_of_facts(query: Profile, candidate: Profile) -> float:
    """Return the evidence of birth date, sex, nationality and place of birth, where both sides know them."""
    by_sex = float(sex_weight(query.sex, candidate.sex, weights().facts))
    by_land, by_place = _nationality_bits(query, candidate), _place_bits(query, candidate)
    return _date_bits(query, candidate) + by_land + by_sex + by_place


def _best(ours: Named, theirs: Named, row: int) -> tuple[float, int, int]:
    """Return the evidence of the names that go together best, and their places."""
    return best_names(
        ours.parts, ours.name_part, ours.name_ptr, theirs.parts, theirs.name_part, theirs.name_ptr,
        0, len(theirs.name_ptr) - 1, spellings(), known(), weights().names[row], links_of_thread(),
    )  # fmt: skip


def _date_bits(query: Profile, candidate: Profile) -> float:
    if not query.born or not candidate.born:
        return 0.0
    born = _dates(candidate.born)
    return float(best_date_weight(_dates(query.born), born, 0, len(born), weights().facts))


@lru_cache(maxsize=65536)
def _dates(born: tuple[int, ...]) -> NDArray[np.int32]:
    return np.array(born, np.int32)


def _nationality_bits(query: Profile, candidate: Profile) -> float:
    if not query.nationalities or not candidate.nationalities:
        return 0.0
    lands = candidate.nationality_array()
    return float(nationality_weight(query.nationality_array(), lands, 0, len(lands), weights().facts))


def _place_bits(query: Profile, candidate: Profile) -> float:
    if not query.places or not candidate.places:
        return 0.0
    places = candidate.place_array()
    return float(place_weight(query.place_array(), places, 0, len(places), weights().facts))


def _name_terms(query: Named, place: int, record: Named, other: int, row: int) -> list[Term]:
    """Explain two names: a term for each link, for what goes together, for what is left."""
    ours, theirs = query.texts(place), record.texts(other)
    links, table = _links.mine, weights().names[row]
    count = compare_names(
        query.parts, query.numbers(place), record.parts, record.numbers(other), spellings(), known(), table, links
    )
    chosen = [int(link) for link in links.chosen[:count]]
    terms = [_link_term(link, ours, theirs, links, table) for link in chosen]
    terms += _whole_terms(links, table)
    used = sum(int(links.first[link]) for link in chosen), sum(int(links.second[link]) for link in chosen)
    left = _left(query, place, used[0]), _left(record, other, used[1])
    return terms + list(_left_terms([ours[at] for at in left[0]], [theirs[at] for at in left[1]], links, table))


def _link_term(link: int, ours: list[str], theirs: list[str], links: Links, table: NDArray[np.float64]) -> Term:
    weight = float(links.counted[link] @ table[:OF_A_PAIR])
    if links.counted[link, naming.IS_INITIAL] and not links.total[naming.IS_INITIAL]:
        # Initials alone say nothing.
        weight = 0.0
    first, second = _at(ours, int(links.first[link])), _at(theirs, int(links.second[link]))
    return Term("name_part", _finding(links.counted[link], first, second), first, second, weight)


def _finding(counted: NDArray[np.float64], first: str, second: str) -> str:
    """Name what a link was counted as."""
    for count in (naming.DIVIDED, naming.NICKNAME, naming.IS_INITIAL, naming.TRANSLITERATED):
        if counted[count]:
            return ("same" if first == second else "initial") if count == naming.IS_INITIAL else _FINDINGS[count]
    if first == second:
        return "same"
    return "sounds_same" if counted[naming.SPELLING] <= _SAME_SOUND else "similar"


_FINDINGS = {
    naming.DIVIDED: "divided_otherwise",
    naming.NICKNAME: "nickname",
    naming.TRANSLITERATED: "transliterated",
}


def _whole_terms(links: Links, table: NDArray[np.float64]) -> Iterator[Term]:
    """Explain what is counted of the name as a whole."""
    findings = (
        (naming.FURTHER, "parts_go_together"),
        (naming.OTHER_ORDER, "other_order"),
        (naming.OTHER_DESCENT, "other_descent"),
    )
    for count, finding in findings:
        if links.total[count]:
            yield Term("name_whole", finding, "", "", float(links.total[count] * table[count]))


def _left_terms(ours: list[str], theirs: list[str], links: Links, table: NDArray[np.float64]) -> Iterator[Term]:
    """Explain what no link uses: what is left on both sides contradicts, what is left on one was left out."""
    paired = min(len(ours), len(theirs))
    for part, other in zip(ours, theirs, strict=False):
        yield Term("name_part", "different", part, other, float(table[naming.DIFFERENT]))
    few = links.total[naming.MISSING_OF_FEW] > 0
    missing = float(table[naming.MISSING_OF_FEW if few else naming.MISSING])
    for part in ours[paired:]:
        yield Term("name_missing", "not_in_record", part, "", missing)
    for part in theirs[paired:]:
        yield Term("name_missing", "not_in_query", "", part, missing)
    if links.total[naming.MISSING_FIRST]:
        yield Term("name_whole", "first_missing", "", "", float(table[naming.MISSING_FIRST]))


def _left(name: Named, place: int, used: int) -> list[int]:
    """Return the places of the parts that matter and that no link uses."""
    matters = (name.parts.role[name.numbers(place)] > KIN).tolist()
    is_bare = not any(matters)
    return [at for at, is_counted in enumerate(matters) if (is_counted or is_bare) and not used >> at & 1]


def _at(parts: list[str], mask: int) -> str:
    return " ".join(part for place, part in enumerate(parts) if mask >> place & 1)


def _fact_terms(query: Profile, record: Profile) -> Iterator[Term]:
    """Compare birth date, sex and nationality, where both sides know them."""
    if query.born and record.born:
        yield _birth_term(query, record)
    if weight := float(sex_weight(query.sex, record.sex, weights().facts)):
        yield Term("sex", _found(weight), SEXES[query.sex], SEXES[record.sex], weight)
    if query.nationalities and record.nationalities:
        weight = _nationality_bits(query, record)
        yield Term("nationality", _found(weight), _countries(query), _countries(record), weight)


def _found(weight: float) -> str:
    return "same" if weight > 0 else "different"


def _birth_term(query: Profile, record: Profile) -> Term:
    """Explain the pair of birth dates that agrees best, the first of equals."""
    table = weights().facts
    pairs = [(first, second, date_finding(first, second)) for first in query.born for second in record.born]
    first, second, finding = max(pairs, key=lambda pair: table[pair[2]])
    return Term("birth_date", DATE_FINDINGS[finding], _written(first), _written(second), float(table[finding]))


def _place_term(ours: tuple[str, ...], theirs: tuple[str, ...], weight: float) -> Term:
    """Explain the first two places that are the same; where none are, what both sides say."""
    same = ((first, second) for first in ours for second in theirs if are_same_place(first, second))
    first, second = next(same, ("; ".join(ours), "; ".join(theirs)))
    return Term("place_of_birth", _found(weight), first, second, weight)


def bits_of_documents(query: Subject, candidate: Subject) -> float:
    """Return the evidence of documents, where both sides have any: those are weighed where subjects are compared."""
    return sum(term.weight for term in _document_terms(query.documents, candidate.documents))


def _document_terms(ours: tuple[str, ...], theirs: tuple[str, ...]) -> Iterator[Term]:
    """Explain the first two documents that are the same; where none are, what both sides have."""
    if not ours or not theirs:
        return
    pairs = ((first, second) for first in ours for second in theirs)
    if same := next((pair for pair in pairs if _are_same_document(*pair)), None):
        yield Term("document", "same", *same, weights().document[0])
    else:
        yield Term("document", "different", "; ".join(ours), "; ".join(theirs), weights().document[1])


def _are_same_document(first: str, second: str) -> bool:
    """Compare numbers, and issuers where both are known."""
    (issuer, _, number), (other, _, other_number) = first.partition("/"), second.partition("/")
    return number == other_number and (issuer == other or issuer in _UNKNOWN or other in _UNKNOWN)


def _written(packed: int) -> str:
    """Write a packed date as a partial ISO date."""
    year, month, day = packed // 10000, packed // 100 % 100, packed % 100
    return "-".join([f"{year:04d}"] + [f"{part:02d}" for part in (month, day) if part])


def _countries(profile: Profile) -> str:
    return " ".join(chr(code >> 8) + chr(code & 255) for code in profile.nationalities)
