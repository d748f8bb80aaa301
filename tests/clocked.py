"""`python -m tests.clocked` is `python -m smtmodel` by a clock that a test owns.

SMTMODEL_TEST_CLOCK names it. Without a name the clock stands: nothing is said of progress,
however slow the machine is. `ticking` is a second later at every look. `questions` counts the
questions of an analysis that were answered; `interrupting` does too, and with the third comes
Ctrl-C. Any other name is a file's: once the file is there, a very long time has passed.
"""

import itertools
import os
import signal
from collections.abc import Callable

from smtmodel import pipeline

VARIABLE = "SMTMODEL_TEST_CLOCK"


def clock(name: str) -> Callable[[], float]:
    """The clock of a name."""
    if name == "":
        return lambda: 0.0
    if name == "ticking":
        ticks = itertools.count()
        return lambda: float(next(ticks))
    if name in ("questions", "interrupting"):
        return _questions(3 if name == "interrupting" else 0)
    return lambda: 1e9 if os.path.exists(name) else 0.0


def _questions(interrupt: int) -> Callable[[], float]:
    from smtmodel.commands.crew import Answered, Crew
    from smtmodel.solving.worker import Done, Worker

    done: list[Done] = []
    note = Crew._note

    def counted(self: Crew, worker: Worker, answered: Answered, found: object) -> None:
        note(self, worker, answered, found)
        if isinstance(found, Done):
            done.append(found)
            if len(done) == interrupt:
                os.kill(os.getpid(), signal.SIGINT)

    Crew._note = counted  # type: ignore[method-assign]
    return lambda: float(len(done))


if __name__ == "__main__":
    from smtmodel.__main__ import main

    pipeline.now = clock(os.environ.get(VARIABLE, ""))
    main()
