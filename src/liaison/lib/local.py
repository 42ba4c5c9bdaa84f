"""One thing for each thread, made when it is first asked for."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


class Local(Generic[Thing]):
    """`mine` is this thread's own."""

    def __init__(self, make: Callable[[], Thing]) -> None:
        self._make = make
        self._kept = threading.local()

    @property
    def mine(self) -> Thing:
        """Return this thread's thing."""
        try:
            return self._kept.thing  # type: ignore[no-any-return]
        except AttributeError:
            self._kept.thing = self._make()
            return self._kept.thing  # type: ignore[no-any-return]
