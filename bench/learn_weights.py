"""Learn what each reason weighs: `python -m bench.learn_weights DATA [WEIGHTS.csv]`.

DATA is a folder with the labelled pairs of `bench.datasets`; pairs held out for testing are
left out.  Without WEIGHTS.csv nothing is written: the figures of the present weights are shown.

They are the weights of names where not both sides have a full birth date; those where both have
one `bench.learn_dated` learns, after this.

A pair is counted as the engine counts it (`naming.best_names` finds the pair of names that
says most, `links.total` holds what was counted of it).  Since what is counted depends on the
weights, everything is done in rounds.  Birth dates, sex and nationality weigh what is set, so
that they are an offset here.

First a logistic regression gives weights.  From these, and from the present ones, one weight
after the other is moved to where F1 at MATCH = 0.5, one threshold for all sets, is greatest on
average, less a tenth of the loss of the regression; the better of the two is taken.

A list that is screened and a border (`bench.learn_sets`) ask for an order, not for a threshold:
there is counted how many of the right ones score more than all but a few, RANKED, of the wrong.

Each set counts as much as WEIGHT_OF_SET says, however many pairs it has.  The weights keep
within BOUNDS: to leave out a contradiction must never lower a score, a nickname must never
say more than the name.
"""

import csv
import math
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bench.datasets import Pair, is_held_out, load
from bench.learn_sets import at_a_border, screened
from liaison.engine.facts import best_date_weight, nationality_weight, sex_weight
from liaison.engine.naming import COUNTS, best_names, compare_names, make_links
from liaison.engine.parts import known
from liaison.engine.profile import Profile, named, profile_of, rarity_for
from liaison.engine.spelling import spellings
from liaison.engine.weights import weights

PER_FILE = 1000
ROUNDS = 6
WEIGHT_OF_SET = {
    "name_bench": 6.0,
    "name_bench_others": 0.5,
    "ofac_dev": 1.0,
    "ofac_list": 1.0,
    "un_aliases": 3.0,
    "un_original_aliases": 0.5,
    "entity_checks": 6.0,
    "entity_checks_others": 0.3,
    "treated": 0.3,
    "wd_chinese": 0.5,
    "wd_korean": 1.5,
    "screened": 2.5,
    "border_undated": 0.8,
}
# Of the wrong ones of these sets, so many may score more than what is called found: of 2,000 clean
# persons about one in a hundred, of the travellers one in four hundred.
RANKED = {"screened": 20, "border_undated": 50}
# The least and the most that a count may weigh, in bits.
BOUNDS = {
    # Where nothing can be compared nobody is a match.
    "base": (-math.inf, -0.5),
    "letters": (0.0, math.inf),
    "rarity": (0.0, math.inf),
    "common": (-0.6, 0.0),
    "spelling": (-math.inf, -0.05),
    # One syllable is shared by many names.
    "syllables": (-2.0, 0.0),
    "initial": (0.0, 0.9),
    "nickname": (0.0, 0.3),
    "divided": (-math.inf, -0.2),
    "minor": (0.0, 0.1),
    "further": (-math.inf, 0.0),
    # One part misread is not to outweigh all that agrees.
    "different": (-5.0, -1.0),
    "missing": (-math.inf, -0.25),
    "missing_of_few": (-math.inf, -0.8),
    "missing_first": (-math.inf, -0.8),
    # Many a register writes the family name first.
    "other_order": (-0.5, -0.1),
    # A father is not his son, however many common names they share.
    "other_descent": (-math.inf, -1.9),
}
# How strongly weights are held near nought: a count seen seldom is not to weigh much.
_RIDGE = 2e-4
_SHIFTS = np.arange(-1.5, 1.5, 0.02)
_SMALL = 300
_SOFT_BITS = 0.3
_LOSS = 0.1
_MOST_STEPS = 60
_SWEEPS = 200
Floats = NDArray[np.float64]


class Counted(NamedTuple):
    """A set: what was counted of each pair, the bits of its facts, whether it is a match, whether it is held out."""

    counts: Floats
    offset: Floats
    is_match: NDArray[np.bool_]
    is_held: NDArray[np.bool_]


def main(data: Path, out: Path | None) -> None:
    """Learn, write and show the weights; or show what the present ones do."""
    sets = load(data, PER_FILE) | {"screened": screened(data), "border_undated": at_a_border()["border_undated"]}
    table, base = weights().names[0], float(weights().base[0])
    counted = {name: count(pairs, table) for name, pairs in sets.items()}
    if out:
        table, base = learn(sets, table, base)
        counted = {name: count(pairs, table) for name, pairs in sets.items()}
        rewrite(out, "bits", dict(zip(COUNTS, table.tolist(), strict=True)) | {"base": base})
    show(counted, table, base)


def learn(sets: dict[str, list[Pair]], table: Floats, base: float) -> tuple[Floats, float]:
    """Return weights and base: the better of what is found from the present ones and from the regression's."""
    found = table, base
    judged = {name: pairs for name, pairs in sets.items() if name not in RANKED}
    for _ in range(ROUNDS):
        found = fit({name: count(pairs, found[0]) for name, pairs in judged.items()})
    best, most = found, -math.inf
    for start in ((table, base), found):
        moved, reached = start, -math.inf
        for _ in range(ROUNDS // 2):
            moved, reached = tune({name: count(pairs, moved[0]) for name, pairs in sets.items()}, *moved)
        if reached > most:
            best, most = moved, reached
    return best


def show(counted: dict[str, Counted], table: Floats, base: float) -> None:
    """Print the weights, and F1 at MATCH and at the best cut of each set; of RANKED sets the share that is found."""
    for name, value in zip(("base", *COUNTS), (base, *table.tolist()), strict=True):
        print(f"{name:15} {value:7.3f}")
    print(f"{'set':24} {'pairs':>6} {'learned from':>12} {'held out':>9} {'best cut':>9}")
    figures = []
    for name, one in counted.items():
        bits = one.counts @ table + one.offset + base
        if name in RANKED:
            shares = [found_above(bits[part], one.is_match[part], most, 0.01) for part, most in _parts_of(name, one)]
            print(f"{name:24} {len(bits):6} {shares[0]:12.3f} {shares[1]:9.3f}   (found)")
            continue
        cut = max(_f1(bits + shift, one.is_match) for shift in _SHIFTS)
        figures.append([_f1(bits[part], one.is_match[part]) for part in (~one.is_held, one.is_held)] + [cut])
        print(f"{name:24} {len(bits):6} {figures[-1][0]:12.3f} {figures[-1][1]:9.3f} {cut:9.3f}")
    seen, unseen, cut = np.mean(figures, axis=0).tolist()
    print(f"{'mean':24} {'':6} {seen:12.4f} {unseen:9.4f} {cut:9.4f}")


def _parts_of(name: str, one: Counted) -> list[tuple[NDArray[np.bool_], int]]:
    """Return what is learned from and what is held out, each with how many of its wrong ones may score more."""
    return [(~one.is_held, RANKED[name]), (one.is_held, RANKED[name] // 4)]


def count(pairs: Sequence[Pair], table: Floats) -> Counted:
    """Count each pair by the names that say most under these weights."""
    both = [(profile_of(pair.query), profile_of(pair.candidate)) for pair in pairs]
    return Counted(
        np.array([_totals(query, candidate, table) for query, candidate in both]),
        np.array([_bits_of_facts(query, candidate) for query, candidate in both]),
        np.array([pair.is_match for pair in pairs]),
        np.array([is_held_out(pair) for pair in pairs]),
    )


_links = make_links()


def _totals(query: Profile, candidate: Profile, table: Floats) -> Floats:
    rarity = rarity_for(candidate.kind)
    ours, theirs = named(query.names, rarity), named(candidate.names, rarity)
    _, place, other = best_names(
        ours.parts, ours.name_part, ours.name_ptr, theirs.parts, theirs.name_part, theirs.name_ptr,
        0, len(theirs.name_ptr) - 1, spellings(), known(), table, _links,
    )  # fmt: skip
    if place < 0:
        return np.zeros(len(COUNTS))
    compare_names(
        ours.parts, ours.numbers(place), theirs.parts, theirs.numbers(other), spellings(), known(), table, _links
    )
    return _links.total.copy()


def _bits_of_facts(query: Profile, candidate: Profile) -> float:
    table = weights().facts
    born, lands = candidate.born_array(), candidate.nationality_array()
    return float(
        best_date_weight(query.born_array(), born, 0, len(born), table)
        + nationality_weight(query.nationality_array(), lands, 0, len(lands), table)
        + sex_weight(query.sex, candidate.sex, table)
    )


def fit(counted: dict[str, Counted]) -> tuple[Floats, float]:
    """Return the weights and the base of a logistic regression within BOUNDS, in bits."""
    learned = {name: one for name, one in counted.items() if (~one.is_held).any()}
    counts = np.concatenate([one.counts[~one.is_held] for one in learned.values()])
    offset = np.concatenate([one.offset[~one.is_held] for one in learned.values()]) * math.log(2)
    is_match = np.concatenate([one.is_match[~one.is_held] for one in learned.values()])
    weight = np.concatenate([_shares(name, one) for name, one in learned.items()])
    scale = np.append(counts.std(axis=0) + 1e-9, 1.0)
    inputs = np.column_stack([counts, np.ones(len(counts))]) / scale
    bounds = np.array(bounds_of(BOUNDS))
    found = _bounded_newton(inputs, offset, is_match, weight / weight.mean(), bounds * scale[:, None] * math.log(2))
    bits = found / scale / math.log(2)
    return bits[:-1], float(bits[-1])


def _shares(name: str, one: Counted) -> Floats:
    size = int((~one.is_held).sum())
    return np.full(size, WEIGHT_OF_SET.get(name, 1.0) / size)


def _bounded_newton(
    inputs: Floats, offset: Floats, is_match: NDArray[np.bool_], weight: Floats, bounds: Floats
) -> Floats:
    """Minimise the weighted loss by Newton's steps, each within the bounds, halved until it helps."""
    ridge = np.append(np.full(inputs.shape[1] - 1, _RIDGE * len(inputs)), 0.0)
    at = np.clip(np.zeros(inputs.shape[1]), bounds[:, 0], bounds[:, 1])

    def loss(place: Floats) -> float:
        told = inputs @ place + offset
        return float(weight @ (np.logaddexp(0.0, told) - is_match * told) + 0.5 * ridge @ place**2)

    for _ in range(_MOST_STEPS):
        likely = 1.0 / (1.0 + np.exp(-np.clip(inputs @ at + offset, -50.0, 50.0)))
        slope = inputs.T @ (weight * (likely - is_match)) + ridge * at
        curve = (inputs * (weight * likely * (1.0 - likely))[:, None]).T @ inputs + np.diag(ridge + 1e-9)
        step, share = _least_within(curve, slope, bounds - at[:, None]), 1.0
        before = loss(at)
        while loss(at + share * step) > before and share > 1e-6:
            share /= 2
        at = at + share * step
        if before - loss(at) < 1e-9 * before:
            break
    return at


def _least_within(curve: Floats, slope: Floats, bounds: Floats) -> Floats:
    """Minimise a parabola within bounds, one coordinate after the other."""
    step = np.zeros(len(slope))
    for _ in range(_SWEEPS):
        for place in range(len(step)):
            rest = slope[place] + curve[place] @ step - curve[place, place] * step[place]
            step[place] = np.clip(-rest / curve[place, place], bounds[place, 0], bounds[place, 1])
    return step


def bounds_of(bounds: Mapping[str, tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the least and the most of each count, and of the base."""
    return [bounds.get(name, (-math.inf, math.inf)) for name in (*COUNTS, "base")]


def tune(counted: dict[str, Counted], table: Floats, base: float) -> tuple[tuple[Floats, float], float]:
    """Move one weight after the other, within BOUNDS, to where it is worth most; return weights, base and worth.

    Worth is the mean F1 of the sets at MATCH, less a share of their loss: without that, all
    weights would grow, and a score would say more than it knows.  F1 is taken of likelihoods,
    so that it has slopes; a small set counts less.
    """
    seen = [(one, ~one.is_held) for one in counted.values()]
    inputs = [np.column_stack([one.counts, np.ones(len(one.counts))])[part] for one, part in seen]
    told = [one.offset[part] for one, part in seen]
    right = [one.is_match[part] for one, part in seen]
    trust = np.array([WEIGHT_OF_SET.get(name, 1.0) for name in counted])
    trust *= [len(one) / (len(one) + _SMALL) for one in right]
    ranked = [RANKED.get(name, 0) for name in counted]
    spread = np.concatenate(inputs).std(axis=0)
    bounds = bounds_of(BOUNDS)

    def worth(place: Floats) -> float:
        bits = [one @ place + more for one, more in zip(inputs, told, strict=True)]
        told_of = zip(bits, right, ranked, strict=True)
        return float(trust @ [_worth(*one) for one in told_of] / trust.sum())

    steps = dict(enumerate((1.0 / np.maximum(spread, 0.2)).tolist()))
    best, most = climb(worth, np.append(table, base), steps, bounds, (0.4, 0.02))
    return (best[:-1], float(best[-1])), most


def climb(
    worth: Callable[[Floats], float], start: Floats, steps: Mapping[int, float],
    bounds: Sequence[tuple[float, float]], strides: tuple[float, float],
) -> tuple[Floats, float]:  # fmt: skip
    """Move one weight after the other, within bounds, to where they are worth most; return them and their worth.

    A step is a stride times what `steps` says of the place; others stay.  From the first of `strides`
    on they are halved when nothing more is to be gained, until they are no longer than the second.
    """
    best, most, stride = start, worth(start), strides[0]
    while stride > strides[1]:
        before = most
        for place, step in steps.items():
            for way in (stride, -stride):
                tried = best.copy()
                tried[place] = np.clip(best[place] + way * step, *bounds[place])
                if (reached := worth(tried)) > most:
                    best, most = tried, reached
        if most - before < 1e-5:
            stride /= 2
    return best, most


def _worth(bits: Floats, is_match: NDArray[np.bool_], most: int) -> float:
    if most:
        return found_above(bits, is_match, most, _SOFT_BITS)
    return _soft_f1(bits, is_match) - _LOSS * _loss(bits, is_match)


def found_above(bits: Floats, is_match: NDArray[np.bool_], most: int, soft_bits: float) -> float:
    """Return the share of the right ones that score more than all but `most` of the wrong."""
    wrong = np.sort(bits[~is_match])[::-1]
    over = (bits[is_match] - wrong[min(most, len(wrong) - 1)]) / soft_bits
    return float(np.mean(1.0 / (1.0 + np.exp(-np.clip(over, -50.0, 50.0)))))


def _loss(bits: Floats, is_match: NDArray[np.bool_]) -> float:
    """Return the mean surprise, in nats, that pairs are matches or not."""
    told = bits * math.log(2)
    return float(np.mean(np.logaddexp(0.0, told) - is_match * told))


def _soft_f1(bits: Floats, is_match: NDArray[np.bool_]) -> float:
    called = 1.0 / (1.0 + np.exp(-np.clip(bits / _SOFT_BITS, -50.0, 50.0)))
    return 2.0 * float(called[is_match].sum()) / float(called.sum() + is_match.sum())


def _f1(bits: Floats, is_match: NDArray[np.bool_]) -> float:
    """Return F1 where everything of nought bits and more is called a match."""
    called = bits >= 0.0
    return 2.0 * float((called & is_match).sum()) / max(float(called.sum() + is_match.sum()), 1.0)


def rewrite(file: Path, column: str, learned: Mapping[str, float]) -> None:
    """Write the weights over those of a column that were learned before; all others stay."""
    with file.open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    for row in rows:
        if row["name"] in learned:
            row[column] = f"{learned[row['name']]:.3f}"
            is_bounded = any(abs(float(row["bits"]) - bound) < 1e-6 for bound in BOUNDS.get(row["name"], ()))
            row["how"] = "bounded" if is_bounded else "learned"
    with file.open("w", encoding="utf-8", newline="") as to:
        writer = csv.DictWriter(to, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
