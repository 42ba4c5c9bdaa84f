"""How invented officers work for some weeks, and how some of them are curious: checks with what is wrong about them.

Usual work is made hard to tell from misuse on purpose: shifts rotate, cases are looked up again and again, some
references are short, a border post has one reference for ever, a traveller has the name of a colleague by chance.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from bench.people import Person, people, people_of

NATIONS = (
    "polish", "kenyan", "spanish", "french", "german", "turkish", "arabic", "ukrainian", "italian", "vietnamese",
)  # fmt: skip
OFFICERS, DAYS = 200, 60
# What the flags need was chosen on the world of seed 1, and is measured on one that nobody had seen.
SEED = 2
KINDS = ("own_name", "colleague", "repeated", "off_hours", "odd_reference", "same_reference")
# Curious once, in working hours, with a reference that looks right: what no flag can see.
QUIET = "quiet"
_INCIDENTS = {
    "own_name": 12, "colleague": 20, "repeated": 15, "off_hours": 15, "odd_reference": 15, "same_reference": 8,
    QUIET: 30,
}  # fmt: skip
_HOUR, _DAY = 3600, 86_400
_ODD = ("-", "x", "test", "1", "n/a", "xxx", "asdf", "..", "private", "0000")
_CHANGE_DAY = 35


class Officer(NamedTuple):
    """An officer: number, agency, name, and what the work is."""

    number: int
    agency: int
    name: str
    work: str


class Check(NamedTuple):
    """One check: when (seconds since the first midnight, a Monday), whose, of whom, why, and what is wrong with it."""

    second: int
    officer: int
    name: str
    born: str
    has_papers: bool
    purpose: str
    reference: str
    misuse: str = ""
    incident: int = -1


class World(NamedTuple):
    """The officers, and their checks in the order of time."""

    officers: tuple[Officer, ...]
    checks: tuple[Check, ...]
    incidents: int


class _Draw:
    """What is drawn for one officer: numbers, and people of the own country and of others."""

    def __init__(self, officer: Officer) -> None:
        self.random = np.random.default_rng((SEED, officer.number))
        self._own = people_of(NATIONS[officer.agency], SEED + officer.number, 4000)
        self._others = people(SEED + 7, officer.number, 2000)

    def whole(self, low: int, high: int) -> int:
        return int(self.random.integers(low, high + 1))

    def chance(self, share: float) -> bool:
        return bool(self.random.random() < share)

    def person(self) -> Person:
        among = self._own if self.chance(0.6) else self._others
        return among[int(self.random.integers(len(among)))]

    def one(self, among: Sequence[str]) -> str:
        return among[int(self.random.integers(len(among)))]


def world() -> World:
    """Return the whole of it, the same each time."""
    names = [[person.name for person in people_of(nation, SEED, OFFICERS // 10)] for nation in NATIONS]
    works = ["border"] * 5 + ["cases"] * 4 + ["desk"]
    officers = tuple(
        Officer(number, number % 10, names[number % 10][number // 10], works[number // 10 % 10])
        for number in range(OFFICERS)
    )
    work = {officer.number: sorted(_work_of(officer, _Draw(officer))) for officer in officers}
    incidents = _add_misuse(officers, work)
    return World(officers, tuple(sorted(check for checks in work.values() for check in checks)), incidents)


def _work_of(officer: Officer, draw: _Draw) -> list[Check]:
    return list({"border": _border, "cases": _cases, "desk": _desk}[officer.work](officer, draw))


def _border(officer: Officer, draw: _Draw) -> Iterator[Check]:
    """Check travellers in weekly shifts: their papers, under the reference of the shift, the flight or the post."""
    style = "post" if draw.chance(0.1) else draw.one(("shift", "flight"))
    commuters = [draw.person() for _ in range(400)]
    for day in range(DAYS):
        if (day + officer.number) % 7 in (5, 6):
            continue
        start = (6, 14, 22)[(day // 7 + officer.number) % 3]
        for turn in range(max(20, int(draw.random.normal(80, 20)))):
            person = commuters[draw.whole(0, 399)] if draw.chance(0.1) else draw.person()
            group = {"post": "", "shift": f"/{day}", "flight": f"/{day}-{turn // 25}"}[style]
            second = day * _DAY + start * _HOUR + draw.whole(0, 8 * _HOUR - 1)
            reference = f"GATE-{officer.number}{group}"
            yield Check(second, officer.number, person.name, person.born, True, "border", reference)


class _Case(NamedTuple):
    reference: str
    people: list[Person]
    first: int
    last: int


def _cases(officer: Officer, draw: _Draw) -> Iterator[Check]:
    """Work on a few cases at a time: the same people again and again, the main suspect most of all."""
    cases = [_case(officer, draw, number) for number in range(draw.whole(14, 26))]
    is_moved = draw.chance(0.05)
    for day in range(DAYS):
        is_weekend = day % 7 in (5, 6)
        if is_weekend and not draw.chance(0.02):
            continue
        start = 12 if is_moved and day >= _CHANGE_DAY else 7
        length = 14 if draw.chance(0.03) else 8
        current = [case for case in cases if case.first <= day <= case.last]
        for _ in range(min(len(current), draw.whole(1, 3))):
            case = current[draw.whole(0, len(current) - 1)]
            for _ in range(draw.whole(1, 6)):
                person = case.people[0] if draw.chance(0.25) else case.people[draw.whole(0, len(case.people) - 1)]
                reference = case.reference.replace("/", " ") if draw.chance(0.03) else case.reference
                second = day * _DAY + start * _HOUR + draw.whole(0, length * _HOUR)
                purpose = draw.one(("locate", "information", "identify"))
                yield Check(second, officer.number, person.name, person.born, False, purpose, reference)


def _case(officer: Officer, draw: _Draw, number: int) -> _Case:
    first = draw.whole(-20, DAYS - 1)
    reference = f"B{draw.whole(1, 9)}" if draw.chance(0.01) else f"{officer.number:03}-2026/{number + 100}"
    return _Case(reference, [draw.person() for _ in range(draw.whole(2, 12))], first, first + draw.whole(5, 40))


def _desk(officer: Officer, draw: _Draw) -> Iterator[Check]:
    """Answer requests of others around the clock, two days on and two days off: each has a reference of its own."""
    for day in range(DAYS):
        if (day + officer.number) % 4 >= 2:
            continue
        start = 18 if (day // 8 + officer.number) % 2 else 6
        for turn in range(draw.whole(15, 45)):
            person = draw.person()
            second = day * _DAY + start * _HOUR + draw.whole(0, 12 * _HOUR)
            reference = f"REQ-{day:02}{turn:02}-{officer.number}"
            yield Check(second, officer.number, person.name, person.born, draw.chance(0.3), "identify", reference)


def _add_misuse(officers: Sequence[Officer], work: dict[int, list[Check]]) -> int:
    """Add curious checks of officers drawn for each kind; return how many incidents that are.

    Some officers ask for their own name in an exercise, which is no misuse.
    """
    random = np.random.default_rng((SEED, 99))
    incident = 0
    for kind, count in _INCIDENTS.items():
        suited = [officer for officer in officers if officer.work in _SUITED.get(kind, ("border", "cases", "desk"))]
        for place in random.permutation(len(suited))[:count].tolist():
            officer = suited[place]
            own = [check for check in work[officer.number] if not check.misuse]
            made = _MISUSE[kind](officer, officers, own, _Draw(officer._replace(number=1000 + incident)))
            # What got another reference takes the place of what it was.
            instead = {check[:3] for check in made}
            usual = [check for check in work[officer.number] if check.misuse or check[:3] not in instead]
            work[officer.number] = usual + [check._replace(misuse=kind, incident=incident) for check in made]
            incident += 1
    for officer in officers[:3]:
        second = 10 * _DAY + 9 * _HOUR
        exercise = Check(second, officer.number, officer.name, "", False, "identify", "TRAINING-2026")
        work[officer.number].append(exercise)
    return incident


def _beside(check: Check, draw: _Draw, name: str, born: str = "", reference: str = "") -> Check:
    """Return a check made minutes after another, under its reference unless another is given."""
    later = check.second + draw.whole(60, 900)
    return Check(later, check.officer, name, born, False, check.purpose, reference or check.reference)


def _some(own: Sequence[Check], count: int, draw: _Draw) -> list[Check]:
    return [own[place] for place in sorted(draw.random.permutation(len(own))[:count].tolist())]


def _own_name(officer: Officer, _all: Sequence[Officer], own: Sequence[Check], draw: _Draw) -> list[Check]:
    return [_beside(check, draw, officer.name) for check in _some(own, draw.whole(1, 2), draw)]


def _colleague(officer: Officer, everybody: Sequence[Officer], own: Sequence[Check], draw: _Draw) -> list[Check]:
    """Ask for somebody of the own agency; some write the name in another order, some with a letter wrong."""
    others = [one.name for one in everybody if one.agency == officer.agency and one != officer]
    name = draw.one(others)
    if draw.chance(0.3):
        name = " ".join(reversed(name.split()))
    if draw.chance(0.15):
        place = draw.whole(1, len(name) - 2)
        name = name[:place] + name[place + 1 :]
    return [_beside(check, draw, name) for check in _some(own, draw.whole(1, 2), draw)]


def _repeated(_officer: Officer, _all: Sequence[Officer], own: Sequence[Check], draw: _Draw) -> list[Check]:
    """Follow somebody over weeks: under the references of whatever is on the desk, or always under the same."""
    person, first = draw.person(), draw.whole(0, DAYS - 25)
    last = first + draw.whole(14, DAYS - first - 1)
    reference = f"INV-{draw.whole(100, 999)}/26" if draw.chance(0.4) else ""
    days = {check.second // _DAY: check for check in own if first <= check.second // _DAY <= last}
    chosen = _some(list(days.values()), draw.whole(5, 14), draw)
    born = person.born if draw.chance(0.5) else ""
    return [_beside(check, draw, person.name, born, reference) for check in chosen]


def _off_hours(_officer: Officer, _all: Sequence[Officer], own: Sequence[Check], draw: _Draw) -> list[Check]:
    """Come back at night, or on a Sunday."""
    late = [check for check in own if check.second // _DAY >= 25] or list(own)
    made = []
    for check in _some(late, draw.whole(1, 3), draw):
        day = check.second // _DAY
        moved = day - day % 7 + 6 if draw.chance(0.4) else day
        hour = draw.whole(8, 18) if moved != day else draw.one(("0", "1", "2", "3", "23"))
        person = draw.person()
        second = min(moved, DAYS - 1) * _DAY + int(hour) * _HOUR + draw.whole(0, _HOUR - 1)
        made.append(check._replace(second=second, name=person.name, born=""))
    return made


def _odd_reference(_officer: Officer, _all: Sequence[Officer], own: Sequence[Check], draw: _Draw) -> list[Check]:
    reference = draw.one(_ODD)
    return [
        _beside(check, draw, draw.person().name, reference=reference) for check in _some(own, draw.whole(1, 5), draw)
    ]


def _same_reference(_officer: Officer, _all: Sequence[Officer], own: Sequence[Check], draw: _Draw) -> list[Check]:
    """Write one invented reference for everything from some day on."""
    first, reference = draw.whole(10, 30), f"AB-{draw.whole(100, 999)}/2026"
    return [check._replace(reference=reference) for check in own if check.second // _DAY >= first]


def _quiet(_officer: Officer, _all: Sequence[Officer], own: Sequence[Check], draw: _Draw) -> list[Check]:
    return [_beside(check, draw, draw.person().name) for check in _some(own, 1, draw)]


_Misuse = Callable[[Officer, Sequence[Officer], Sequence[Check], _Draw], list[Check]]
_MISUSE: dict[str, _Misuse] = {
    "own_name": _own_name, "colleague": _colleague, "repeated": _repeated, "off_hours": _off_hours,
    "odd_reference": _odd_reference, "same_reference": _same_reference, QUIET: _quiet,
}  # fmt: skip
# Who works by day only has unusual hours; who works on cases has no reason to give one reference for everything.
_SUITED = {"off_hours": ("cases",), "same_reference": ("cases",)}
