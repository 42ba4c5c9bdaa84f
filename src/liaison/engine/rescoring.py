"""How alike are a query and its candidates, in full: score and strength of what the search proposes."""

from collections.abc import Sequence

from liaison.engine.names import Question
from liaison.engine.score import compare_profiles
from liaison.engine.shard import Shard
from liaison.engine.types import Strength


def rescore(question: Question, shard: Shard, subjects: Sequence[int]) -> list[tuple[float, Strength]]:
    """Return score and strength of each of these subjects of a shard."""
    return [compare_profiles(question.profile, shard.profile(subject)) for subject in subjects]
