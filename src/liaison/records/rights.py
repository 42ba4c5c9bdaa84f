"""Which classes of records an asker may find: the table that the search takes with it.

`access.decide()` fills the table, so the search and the decision cannot differ.
"""

import threading
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from liaison.access.queries import restrictions_in_force
from liaison.access.rules import Asker, Facts, decide
from liaison.access.urgent import lifted_for_bureaux
from liaison.agencies.queries import rights_version
from liaison.records.models import RightsClass

_LARGEST_CACHE = 4096


class RightsTable:
    """The facts of every rights class at one rights version, and the masks of askers made from them."""

    def __init__(self, version: int, classes: Mapping[int, Facts]) -> None:
        self.version = version
        self.classes = classes
        self._masks: dict[Asker, NDArray[np.bool_]] = {}

    def visible_to(self, asker: Asker) -> NDArray[np.bool_]:
        """Return bool[n] over class numbers: whether a check by this asker may find records of the class."""
        mask = self._masks.get(asker)
        if mask is None:
            mask = np.zeros(max(self.classes, default=0) + 1, dtype=np.bool_)
            for number, facts in self.classes.items():
                mask[number] = decide(asker, "check", facts).is_allowed
            if len(self._masks) >= _LARGEST_CACHE:
                self._masks.clear()
            self._masks[asker] = mask
        return mask


def load_rights_table() -> RightsTable:
    """Read the classes and the general restrictions that hold, as one table."""
    version = rights_version()
    against: dict[tuple[int, str], set[int]] = {}
    for owner, database, bureau in restrictions_in_force():
        against.setdefault((owner, database), set()).add(bureau)
    lifted: dict[tuple[int, str], set[int]] = {}
    for owner, database, bureau in lifted_for_bureaux():
        lifted.setdefault((owner, database), set()).add(bureau)
    classes = {}
    for row in RightsClass.objects.all():
        restricted = {int(number) for number in row.restricted_against.split(",") if number}
        restricted |= against.get((row.owner_id, row.database), set())
        restricted -= lifted.get((row.owner_id, row.database), set())
        classes[row.pk] = Facts(row.database, row.owner_id, frozenset(restricted), level=row.level)
    return RightsTable(version, classes)


_lock = threading.Lock()
_table: RightsTable | None = None


def rights_table() -> RightsTable:
    """Return the table of now: the kept one if nothing changed since, else a new one."""
    global _table  # noqa: PLW0603  one table per process
    with _lock:
        if _table is None or _table.version != rights_version():
            _table = load_rights_table()
        return _table
