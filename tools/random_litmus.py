"""Compares the solver with the enumerator on random litmus tests: whole sets of final states.

`python -m tools.random_litmus FIRST LAST` takes the seeds from FIRST up to LAST without it, for
each a test with read sections, one without and one around a cycle; says every difference, and how
many tests there were. The tests that `make test-all` asks are those of the seeds below 150.
"""

import sys
from collections.abc import Iterator

from smtmodel.executions.enumerated import enumerated
from smtmodel.models.lkmm import LKMM
from smtmodel.source import Text
from tests.litmus.test_solved import by_solver, observing_all, read
from tests.support.random_litmus import random_test
from tests.support.shaped_litmus import shaped_test


def texts(seed: int) -> Iterator[tuple[str, str]]:
    """The tests of a seed, each with its sort."""
    yield "without sections", random_test(seed)
    yield "with sections", random_test(seed, sections=True)
    yield "around a cycle", shaped_test(seed)


def differences(seeds: range) -> Iterator[str]:
    """The tests whose ends or flags are not those of the enumeration."""
    for seed in seeds:
        for sort, text in texts(seed):
            test = observing_all(read(Text("test", text)))
            if by_solver(test, every=True) != enumerated(test, LKMM, every=True):
                yield f"seed {seed}, {sort}"


def main() -> None:
    seeds = range(*map(int, sys.argv[1:3]))
    wrong = 0
    for one in differences(seeds):
        wrong += 1
        print(one, flush=True)
    print(f"{3 * len(seeds)} tests, {wrong} differences")


if __name__ == "__main__":
    main()
