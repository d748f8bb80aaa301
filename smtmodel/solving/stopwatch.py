"""Whose work the time goes to.

Charges every second between the first `on` and now to one name: the innermost that is worked on.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Stopwatch:
    """The seconds spent on each name; `now` gives the seconds since some fixed instant."""

    def __init__(self, now: Callable[[], float] = time.perf_counter) -> None:
        self._now = now
        self._since = now()
        self._spent: dict[str, float] = {}
        self._at_work: list[str] = []

    @contextmanager
    def on(self, name: str) -> Iterator[None]:
        """Charge what happens in the `with` block to this name, but what is charged to others
        inside it."""
        self._charge()
        self._at_work.append(name)
        try:
            yield
        finally:
            self._charge()
            self._at_work.pop()

    def spent(self, name: str) -> float:
        """The seconds so far."""
        self._charge()
        return self._spent.get(name, 0.0)

    def _charge(self) -> None:
        since, self._since = self._since, self._now()
        if self._at_work:
            name = self._at_work[-1]
            self._spent[name] = self._spent.get(name, 0.0) + self._since - since
