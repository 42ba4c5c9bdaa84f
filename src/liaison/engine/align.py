"""Which part of one name stands for which part of the other."""

from typing import NamedTuple

from liaison.engine.kernels import name_weight
from liaison.engine.profile import FoldedName
from liaison.engine.similarity import Likeness, likeness

JOINED_CLOSENESS = 0.5
SHORTEST_JOINED = 4
# Scripts without vowels make the joined parts that much shorter.
MOST_LONGER = 4
JOINED = Likeness(0.95, "divided_otherwise")


class Link(NamedTuple):
    """Parts that stand for each other: bit masks of places in either name, and the bits gained."""

    gain: float
    first: int
    second: int
    like: Likeness


class Alignment(NamedTuple):
    """The links chosen, what is left on either side, and the evidence of it all in bits."""

    weight: float
    gain: float
    links: tuple[Link, ...]
    first_left: tuple[int, ...]
    second_left: tuple[int, ...]


def align(first: FoldedName, second: FoldedName) -> Alignment:
    """Pair the parts of two names, the most telling pair first, whatever their order.

    Two neighbouring parts may stand for one part of the other name ("Abdul
    Rahman", "Abdulrahman").
    """
    links = _chosen(_single_links(first, second) + _joined_links(first, second))
    gain = sum(link.gain for link in links)
    used = _used(links)
    first_left = _left(first, used[0])
    second_left = _left(second, used[1])
    alone = sum(first.bits[place] for place in first_left)
    other_alone = sum(second.bits[place] for place in second_left)
    return Alignment(float(name_weight(gain, alone, other_alone)), gain, links, first_left, second_left)


def _single_links(first: FoldedName, second: FoldedName) -> list[Link]:
    links = []
    for i, part in enumerate(first.parts):
        for j, other in enumerate(second.parts):
            like = likeness(part, other)
            if like.closeness:
                links.append(Link(like.closeness * min(first.bits[i], second.bits[j]), 1 << i, 1 << j, like))
    return links


def _joined_links(first: FoldedName, second: FoldedName) -> list[Link]:
    """Link two parts of one name with one part, or two otherwise divided, of the other."""
    ours, theirs = _neighbours(first), _neighbours(second)
    links = [
        Link(like.closeness * min(bits, second.bits[j]), mask, 1 << j, like)
        for joined, mask, bits in ours
        for j, other in enumerate(second.parts)
        if (like := _joined_likeness(joined, other, first, mask))
    ]
    links += [
        Link(like.closeness * min(bits, first.bits[i]), 1 << i, mask, like)
        for joined, mask, bits in theirs
        for i, other in enumerate(first.parts)
        if (like := _joined_likeness(joined, other, second, mask))
    ]
    links += [
        Link(JOINED.closeness * min(bits, other_bits), mask, other_mask, JOINED)
        for joined, mask, bits in ours
        for other, other_mask, other_bits in theirs
        if joined == other and not _same_start(first, mask, second, other_mask)
    ]
    return links


def _joined_likeness(joined: str, other: str, divided: FoldedName, mask: int) -> Likeness | None:
    """Compare two joined parts with one part; None when it does not pay to join.

    Joining pays when neither of the two resembles the other part as much alone.
    """
    if abs(len(joined) - len(other)) > MOST_LONGER or len(other) < SHORTEST_JOINED:
        return None
    closeness = likeness(joined, other).closeness
    if closeness < JOINED_CLOSENESS:
        return None
    first, last = divided.parts[_lowest(mask)], divided.parts[mask.bit_length() - 1]
    if closeness <= max(likeness(first, other).closeness, likeness(last, other).closeness):
        return None
    return Likeness(closeness * JOINED.closeness, JOINED.finding)


def _neighbours(name: FoldedName) -> list[tuple[str, int, float]]:
    """Return each two neighbours joined, with their places and bits; a particle between them may be skipped."""
    parts, bits = name.parts, name.bits
    found = [(parts[i] + parts[i + 1], 3 << i, bits[i] + bits[i + 1]) for i in range(len(parts) - 1)]
    return found + [
        (parts[i] + parts[i + 2], 7 << i, bits[i] + bits[i + 2]) for i in range(len(parts) - 2) if not name.major[i + 1]
    ]


def _same_start(first: FoldedName, mask: int, second: FoldedName, other_mask: int) -> bool:
    """Tell whether two joined pairs begin with the same part, so that nothing is divided otherwise."""
    return first.parts[_lowest(mask)] == second.parts[_lowest(other_mask)]


def _lowest(mask: int) -> int:
    return (mask & -mask).bit_length() - 1


def _chosen(links: list[Link]) -> tuple[Link, ...]:
    """Take the links in order of gain, each part at most once."""
    links.sort(key=_order)
    used = other_used = 0
    chosen = []
    for link in links:
        if not (link.first & used or link.second & other_used):
            used |= link.first
            other_used |= link.second
            chosen.append(link)
    return tuple(chosen)


def _order(link: Link) -> tuple[float, int, int]:
    # Equal gains: the order must not depend on which name is called the first.
    return -link.gain, link.first | link.second, abs(link.first - link.second)


def _used(links: tuple[Link, ...]) -> tuple[int, int]:
    used = other_used = 0
    for link in links:
        used |= link.first
        other_used |= link.second
    return used, other_used


def _left(name: FoldedName, used: int) -> tuple[int, ...]:
    """Return the places of the major parts that no link uses, the most telling first."""
    left = [place for place in range(len(name.parts)) if name.major[place] and not used >> place & 1]
    return tuple(sorted(left, key=lambda place: -name.bits[place]))
