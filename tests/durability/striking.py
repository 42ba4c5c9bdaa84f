"""Strike a story at one of its points: kill it there, or let the disk fail there, and judge what is left."""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.durability.recording import Point, Recording
from tests.durability.stage import Found, Stage, Told
from tests.durability.tracing import CHANGES, traced

KILL = "signal=KILL"
# So many points of a story, at most, before the next story is begun.
OF_A_STORY = 250


class Struck(NamedTuple):
    """What became of a story that was struck: where, whether the blow fell, what it had said, what was found."""

    point: Point
    was_killed: bool
    was_refused: bool
    told: Told
    found: Found

    @property
    def problems(self) -> list[str]:
        """What was found to be wrong, with the place."""
        return [f"{self.point}: {problem}" for problem in self.found.problems]

    @property
    def refusals(self) -> set[tuple[str, str]]:
        """What could not be done, and with which code."""
        return {(said["refused"], said["code"]) for said in self.told if "refused" in said}

    def is_at_its_end(self) -> bool:
        """Say whether the story went on to its end."""
        return any("stopped" in said for said in self.told)


def strike(stage: Stage, seed: int, point: Point, how: str, folder: Path, careless: str = "") -> Struck:
    """Play a story and strike it when its thread is about to make that change."""
    stage.renew()
    trace = folder / "trace"
    blow = ("-e", f"inject={point.call}:{how}:when={point.nth}")
    with stage.play(seed, careless) as played:
        process = int(played.next()["process"])
        if point.thread == "main":
            with traced(process, trace, CHANGES, *blow):
                played.let_go_on()
                played.let_go_on()
                told = played.end()
        else:
            played.let_go_on()
            with traced(played.threads()["register"], trace, CHANGES, *blow):
                played.let_go_on()
                told = played.end()
    traced_calls = trace.read_text("ascii")
    killed, refused = "+++ killed by SIGKILL +++" in traced_calls, "(INJECTED)" in traced_calls
    return Struck(point, killed, refused, told, stage.judge(told))


def stories(stage: Stage, first: Recording, rounds: int, folder: Path) -> list[tuple[int, Point]]:
    """Return points of as many stories as it takes, each with the seed of its story, so many of each."""
    seeds = range(first.seed, first.seed + max(1, rounds // OF_A_STORY))
    recorded = [first, *(Recording(stage, seed, folder) for seed in seeds[1:])]
    each = -(-rounds // len(recorded))
    return [(one.seed, point) for one in recorded for point in spread(one.points(), each, one.seed)]


def spread(points: Sequence[Point], count: int, seed: int) -> list[Point]:
    """Return so many points: of every name one, as far as they go, then others, all by the same dice."""
    dice = random.Random(seed)  # noqa: S311  the same points every time
    shuffled = dice.sample(points, len(points))
    first = {point.name: point for point in reversed(shuffled)}
    others = [point for point in shuffled if first[point.name] is not point]
    return [*dice.sample(list(first.values()), len(first)), *others][:count]
