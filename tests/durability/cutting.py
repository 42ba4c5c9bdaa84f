"""Cut the power under a recorded story, and judge what is left."""

import random
from collections.abc import Collection, Iterator
from typing import NamedTuple

from tests.durability.disk import Loss
from tests.durability.recording import Recording
from tests.durability.stage import Found, Stage

LOSSES = tuple(Loss)


class Cut(NamedTuple):
    """One power cut: the seed of the story, after which call, what stayed, and what was found."""

    seed: int
    place: int
    loss: Loss
    found: Found

    @property
    def problems(self) -> list[str]:
        """What was found to be wrong, with the place."""
        return [f"story {self.seed}, call {self.place}, {self.loss}: {problem}" for problem in self.found.problems]


def cut(stage: Stage, recording: Recording, count: int, *, after: int = 0) -> list[Cut]:
    """Cut the power so often, each time after another call of a story, from one of its calls on."""
    dice = random.Random(recording.seed)  # noqa: S311  the same cuts every time
    places = dice.sample(range(after, len(recording.calls)), count)
    return list(_cut(stage, recording, set(places), dice))


def _cut(stage: Stage, recording: Recording, places: Collection[int], dice: random.Random) -> Iterator[Cut]:
    for place, (disk, told) in enumerate(recording.states()):
        if place in places:
            loss = dice.choice(LOSSES)
            stage.lay(disk.cut(loss, dice))
            yield Cut(recording.seed, place, loss, stage.judge(told))
