"""`python -m tests.support.clocked` is `python -m smtmodel` by a clock that a test owns.

SMTMODEL_TEST_CLOCK names it. Without a name the clock stands: nothing is said of progress,
however slow the machine is. `ticking` is a second later at every look. `questions` counts the
questions of an analysis that were answered; `interrupting` does too, and with the third comes
Ctrl-C. Any other name is a file's: once the file is there, a very long time has passed.
"""

import itertools
import os
import signal
from collections.abc import Callable

from smtmodel import work

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
    from smtmodel.work.session import Session

    done: list[Session] = []
    count = Session._count

    def counted(session: Session) -> None:
        count(session)
        done.append(session)
        if len(done) == interrupt:
            os.kill(os.getpid(), signal.SIGINT)

    Session._count = counted  # type: ignore[method-assign]
    return lambda: float(len(done))


if __name__ == "__main__":
    from smtmodel.__main__ import main

    work.now = clock(os.environ.get(VARIABLE, ""))
    main()
