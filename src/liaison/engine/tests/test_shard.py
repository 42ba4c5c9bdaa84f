"""What goes into a shard comes out of it, however often it is merged, and it takes little room."""

from collections.abc import Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from liaison.engine.profile import Profile, profile_of
from liaison.engine.shard import Shard, build_shard, merge_shards
from liaison.engine.tests.indexing import NEVER
from liaison.engine.types import Item, Removal, Subject

GREAT = 1 << 40

subjects = st.builds(
    Subject,
    names=st.lists(st.sampled_from(["Zofia Kowalska", "al bin", "علي حسن", "", "Ali van Ali", "X"]), max_size=3).map(
        tuple
    ),
    born=st.lists(st.sampled_from(["1984", "1984-02-29", "1951-05-06"]), max_size=2).map(tuple),
    sex=st.sampled_from(["F", "M", "X", "U"]),
    nationalities=st.lists(st.sampled_from(["PL", "KE", "IQ"]), max_size=2).map(tuple),
    kind=st.sampled_from(["person", "organisation", "vessel"]),
    places=st.lists(st.sampled_from(["Kisumu", "Kisumu, Kenya", "Lviv region", "Kenya", "Львів"]), max_size=2).map(
        tuple
    ),
)
items = st.builds(
    Item,
    record=st.just(0),
    sequence=st.sampled_from([1, GREAT]),
    rights_class=st.sampled_from([0, 3, 70_000]),
    expires_day=st.just(NEVER),
    keys=st.lists(st.sampled_from([b"a", b"b"]), unique=True).map(tuple),
    subject=st.none() | subjects,
)
removals = st.builds(Removal, record=st.just(0), sequence=st.just(3))


def numbered(changes: Sequence[Item | Removal], first: int) -> list[Item | Removal]:
    return [
        Item(first + n, c.sequence, c.rights_class, c.expires_day, c.keys, c.subject)
        if isinstance(c, Item)
        else Removal(first + n, c.sequence)
        for n, c in enumerate(changes)
    ]


def told(shard: Shard) -> dict[int, tuple[int, int, bool, Profile | None]]:
    return {
        int(shard.record[row]): (
            int(shard.sequence[row]),
            int(shard.rights[row]),
            bool(shard.removed[row]),
            shard.profile(row) if row < shard.subject_count else None,
        )
        for row in range(len(shard))
    }


def expected(changes: Sequence[Item | Removal]) -> dict[int, tuple[int, int, bool, Profile | None]]:
    return {
        c.record: (c.sequence, c.rights_class, False, profile_of(c.subject) if c.subject else None)
        if isinstance(c, Item)
        else (c.sequence, 0, True, None)
        for c in changes
    }


@given(st.lists(items | removals, max_size=6), st.sampled_from([1, GREAT]))
@settings(deadline=None)
def test_what_is_built_in_comes_out(changes: list[Item | Removal], first: int) -> None:
    changes = numbered(changes, first)

    assert told(build_shard(changes)) == expected(changes)


@given(st.lists(st.lists(items | removals, max_size=4), min_size=1, max_size=3), st.data())
@settings(deadline=None)
def test_merging_keeps_what_is_to_be_kept(several: list[list[Item | Removal]], data: st.DataObject) -> None:
    several = [numbered(changes, 10 * place + 1) for place, changes in enumerate(several)]
    shards = [build_shard(changes) for changes in several]
    kept = [data.draw(st.lists(st.booleans(), min_size=len(s), max_size=len(s))) for s in shards]

    merged = merge_shards(shards, [np.array(keep, dtype=np.bool_) for keep in kept])

    left = {int(s.record[row]) for s, keep in zip(shards, kept, strict=True) for row in range(len(s)) if keep[row]}
    every = [change for changes in several for change in changes if change.record in left]
    assert told(merged) == expected(every)
    alone = build_shard(every)
    assert all(
        np.array_equal(alone.arrays[name], merged.arrays[name])
        for name in alone.arrays
        if not name.startswith("nation") and name not in ("key_hash", "key_row")
    )
    assert sorted(zip(alone.arrays["key_hash"], alone.arrays["key_row"], strict=True)) == sorted(
        zip(merged.arrays["key_hash"], merged.arrays["key_row"], strict=True)
    )


def test_a_row_is_found_by_the_number_of_its_record() -> None:
    shard = build_shard(numbered([Removal(0, 1), Item(0, 1, 0, NEVER, (), Subject(("Zofia",)))], 7))

    places, rows = shard.rows_of_records(np.array([GREAT, 8, 6, 7]))

    assert (places.tolist(), shard.record[rows].tolist()) == ([1, 3], [8, 7])


def test_a_person_takes_little_room() -> None:
    person = Subject(("Zofia Maria Kowalska",), ("1984-02-29",), "F", ("PL",), places=("Rzeszów, Poland",))

    shard = build_shard([Item(number, number, 1, NEVER, (), person) for number in range(1, 1001)])

    assert shard.size_bytes <= 64 * 1000
