"""Strike a story at one of its points: kill it there, or let the disk fail there, and judge what is left."""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tests.durability.recording import Point
from tests.durability.stage import Stage, Told
from tests.durability.tracing import CHANGES, traced

KILL = "signal=KILL"


class Struck(NamedTuple):
    """What became of a story that was struck: where, what it had said, and what was found afterwards."""

    point: Point
    was_killed: bool
    last: str
    told: Told
    found: dict[str, Any]

    @property
    def problems(self) -> list[str]:
        """What was found to be wrong, with the place."""
        return [f"{self.point}: {problem}" for problem in self.found["problems"]]

    @property
    def codes(self) -> list[str]:
        """How what could not be done was refused."""
        return [str(said["code"]) for said in self.told if "code" in said]


def strike(stage: Stage, seed: int, point: Point, how: str, folder: Path, careless: str = "") -> Struck:
    """Play a story and strike it when its thread is about to make that change."""
    stage.renew()
    trace = folder / "trace"
    blow = ("-e", f"inject={point.call}:{how}:when={point.count}")
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
    was_killed = "+++ killed by SIGKILL +++" in trace.read_text("ascii")
    return Struck(point, was_killed, str(len(trace.read_text('ascii').splitlines()))+trace.read_text('ascii').splitlines()[-2][:60], told, stage.judge(told))


def spread(points: Sequence[Point], count: int, seed: int) -> list[Point]:
    """Return so many points: of every name one, as far as they go, then others, all by the same dice."""
    dice = random.Random(seed)  # noqa: S311  the same points every time
    shuffled = dice.sample(points, len(points))
    first = {point.name: point for point in reversed(shuffled)}
    others = [point for point in shuffled if first[point.name] is not point]
    return [*dice.sample(list(first.values()), len(first)), *others][:count]
