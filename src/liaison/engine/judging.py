"""How well do scores tell matches from others: precision, recall and F1, at one threshold and at the best one."""

from collections.abc import Sequence

import msgspec


class Quality(msgspec.Struct, frozen=True):
    """How well scores at or above a threshold tell what is a match; 0 where there is nothing to count."""

    threshold: float
    precision: float
    recall: float
    f1: float


def quality_at(threshold: float, scores: Sequence[float], truth: Sequence[bool]) -> Quality:
    """Return the quality of calling a match whatever scores at least `threshold`; `truth` has as many as `scores`.

    >>> quality_at(0.5, [0.9, 0.6, 0.2], [True, False, True])
    Quality(threshold=0.5, precision=0.5, recall=0.5, f1=0.5)
    """
    called = [is_match for score, is_match in zip(scores, truth, strict=True) if score >= threshold]
    return _quality(threshold, sum(called), len(called), sum(truth))


def best_quality(scores: Sequence[float], truth: Sequence[bool]) -> Quality:
    """Return the quality at the threshold where F1 is greatest, the highest such threshold.

    >>> best_quality([0.9, 0.6, 0.2], [True, False, True]).threshold
    0.2
    """
    best = _quality(1.0, 0, 0, sum(truth))
    pairs = sorted(zip(scores, truth, strict=True), reverse=True)
    right = 0
    for place, (score, is_match) in enumerate(pairs, 1):
        right += is_match
        # Equal scores are called alike: only the last of them is a threshold.
        if place == len(pairs) or pairs[place][0] < score:
            found = _quality(score, right, place, sum(truth))
            best = found if found.f1 > best.f1 else best
    return best


def _quality(threshold: float, right: int, called: int, matches: int) -> Quality:
    precision = right / called if called else 0.0
    recall = right / matches if matches else 0.0
    f1 = 2 * right / (called + matches) if called + matches else 0.0
    return Quality(threshold, precision, recall, f1)
