"""How likely is it that two descriptions mean the same subject, and why.

The score adds evidence in bits: log-likelihood ratios, one term for each reason.
`score` is the logistic of their sum, so the explanation adds up exactly.

POSSIBLE is where the evidence for outweighs the evidence against; STRONG is odds
of about 100 to 1.  A name alone is never strong: birth date, or for what has no
birth date the country, must agree too.
"""

import math
from functools import lru_cache

from liaison.engine.align import Alignment, align
from liaison.engine.kernels import (
    BEYOND_FULL,
    CONTRADICTION,
    DATE_FINDINGS,
    FULL_NAME_BITS,
    OMISSION,
    PRIOR_BITS,
    WEIGHT_OF_DATE,
    date_finding,
    nationality_weight,
    sex_weight,
)
from liaison.engine.profile import KINDS, SEXES, FoldedName, Profile, profile_of, rarity_for, weigh
from liaison.engine.rarity import Rarity
from liaison.engine.types import Comparison, Strength, Subject, Term

POSSIBLE = 0.5
STRONG = 0.99


def compare(query: Subject, candidate: Subject, rarity: Rarity | None = None) -> Comparison:
    """Compare two subjects; `rarity` is the committed table unless another is given.

    Each pair of names is tried and the best counts.  Subjects of different
    kinds are compared as if they were of one; the index does not offer them.
    """
    first, second = _profile_of(query), _profile_of(candidate)
    table = rarity or rarity_for(second.kind)
    found = _best_names(first, second, table)
    terms = [Term("prior", "base_rate", "", "", PRIOR_BITS)]
    if found:
        terms += _name_terms(*found)
    terms += _fact_terms(first, second)
    score = score_of(sum(term.weight for term in terms))
    return Comparison(score, tuple(terms), strength_of(score, terms_support(terms, first.kind)))


# Explaining the candidates of one query folds it once.
_profile_of = lru_cache(maxsize=4096)(profile_of)


def score_of(bits: float) -> float:
    """Return the probability whose odds are 2 ** bits.

    >>> score_of(0.0), score_of(1.0)
    (0.5, 0.6666666666666666)
    """
    return 1.0 / (1.0 + math.exp2(-bits))


def strength_of(score: float, supported: bool) -> Strength:
    """Name the strength of a score; `supported` when more than the name speaks for it."""
    if score >= STRONG and supported:
        return "strong"
    return "possible" if score >= POSSIBLE else "none"


def terms_support(terms: list[Term], kind: int) -> bool:
    """Tell whether something beside the name identifies: the birth date, or the country of what is never born."""
    telling = "birth_date" if KINDS[kind] == "person" else "nationality"
    return any(term.kind == telling and term.weight >= 1.0 for term in terms)


def compare_profiles(query: Profile, candidate: Profile) -> tuple[float, Strength]:
    """Return score and strength as `compare` does, from profiles and without the explanation."""
    found = _best_names(query, candidate, rarity_for(candidate.kind))
    facts = _fact_terms(query, candidate)
    bits = PRIOR_BITS + (found[2].weight if found else 0.0) + sum(term.weight for term in facts)
    score = score_of(bits)
    return score, strength_of(score, terms_support(facts, query.kind))


def _best_names(query: Profile, candidate: Profile, rarity: Rarity) -> tuple[FoldedName, FoldedName, Alignment] | None:
    """Align every name of one with every name of the other; keep the best pair, the first of equals."""
    best = None
    for name in query.names:
        ours = weigh(name, rarity)
        for other in candidate.names:
            theirs = weigh(other, rarity)
            aligned = align(ours, theirs)
            if best is None or aligned.weight > best[2].weight:
                best = (ours, theirs, aligned)
    return best


def _name_terms(query: FoldedName, record: FoldedName, aligned: Alignment) -> list[Term]:
    """Explain an alignment: a term for each link, each contradiction, each part left out."""
    terms = [
        Term("name_part", link.like.finding, _at(query, link.first), _at(record, link.second), link.gain)
        for link in aligned.links
    ]
    if aligned.gain > FULL_NAME_BITS:
        excess = (1.0 - BEYOND_FULL) * (FULL_NAME_BITS - aligned.gain)
        terms.append(Term("name_whole", "parts_go_together", "", "", excess))
    return terms + _contradictions(query, record, aligned) + _omissions(query, record, aligned)


def _contradictions(query: FoldedName, record: FoldedName, aligned: Alignment) -> list[Term]:
    """Pair what is left on both sides and share out the cost of the contradiction."""
    pairs = list(zip(aligned.first_left, aligned.second_left, strict=False))
    shared = min(sum(query.bits[i] for i in aligned.first_left), sum(record.bits[j] for j in aligned.second_left))
    smaller = [min(query.bits[i], record.bits[j]) for i, j in pairs]
    return [
        Term(
            "name_part",
            "different",
            query.parts[i],
            record.parts[j],
            -CONTRADICTION * shared * part / sum(smaller) - OMISSION * (query.bits[i] + record.bits[j]),
        )
        for (i, j), part in zip(pairs, smaller, strict=True)
    ]


def _omissions(query: FoldedName, record: FoldedName, aligned: Alignment) -> list[Term]:
    """Explain the parts that only one side has."""
    paired = min(len(aligned.first_left), len(aligned.second_left))
    return [
        Term("name_missing", "not_in_record", query.parts[i], "", -OMISSION * query.bits[i])
        for i in aligned.first_left[paired:]
    ] + [
        Term("name_missing", "not_in_query", "", record.parts[j], -OMISSION * record.bits[j])
        for j in aligned.second_left[paired:]
    ]


def _at(name: FoldedName, mask: int) -> str:
    return " ".join(part for place, part in enumerate(name.parts) if mask >> place & 1)


def _fact_terms(query: Profile, record: Profile) -> list[Term]:
    """Compare birth date, sex and nationality, where both sides know them."""
    terms = []
    if query.born and record.born:
        terms.append(_birth_term(query, record))
    if weight := float(sex_weight(query.sex, record.sex)):
        terms.append(Term("sex", _found(weight), SEXES[query.sex], SEXES[record.sex], weight))
    if query.nationalities and record.nationalities:
        weight = float(
            nationality_weight(query.nationality_array(), record.nationality_array(), 0, len(record.nationalities))
        )
        terms.append(
            Term("nationality", _found(weight), _countries(query), _countries(record), weight),
        )
    return terms


def _found(weight: float) -> str:
    return "same" if weight > 0 else "different"


def _birth_term(query: Profile, record: Profile) -> Term:
    """Explain the pair of birth dates that agrees best, the first of equals."""
    pairs = [(first, second, date_finding(first, second)) for first in query.born for second in record.born]
    first, second, finding = max(pairs, key=lambda pair: WEIGHT_OF_DATE[pair[2]])
    return Term("birth_date", DATE_FINDINGS[finding], _written(first), _written(second), float(WEIGHT_OF_DATE[finding]))


def _written(packed: int) -> str:
    """Write a packed date as a partial ISO date."""
    year, month, day = packed // 10000, packed // 100 % 100, packed % 100
    return "-".join([f"{year:04d}"] + [f"{part:02d}" for part in (month, day) if part])


def _countries(profile: Profile) -> str:
    return " ".join(chr(code >> 8) + chr(code & 255) for code in profile.nationalities)
