"""Compares the solver with the enumerator on random litmus tests: whole sets of final states.

`python -m tools.random_litmus FIRST LAST` takes the seeds from FIRST up to LAST without it, each
with read sections and without; says every difference, and how many tests there were. The tests that
`make test-all` asks are those of the seeds below 150.
"""

import sys
from collections.abc import Iterator

from smtmodel.executions.enumerated import enumerated
from smtmodel.models.lkmm import LKMM
from smtmodel.source import Text
from tests.litmus.test_solved import by_solver, observing_all, read
from tests.support.random_litmus import random_test


def differences(seeds: range) -> Iterator[str]:
    """The tests whose ends or flags are not those of the enumeration."""
    for seed in seeds:
        for sections in (False, True):
            test = observing_all(read(Text("test", random_test(seed, sections=sections))))
            if by_solver(test, every=True) != enumerated(test, LKMM, every=True):
                yield f"seed {seed}, {'with' if sections else 'without'} sections"


def main() -> None:
    seeds = range(*map(int, sys.argv[1:3]))
    wrong = 0
    for one in differences(seeds):
        wrong += 1
        print(one, flush=True)
    print(f"{2 * len(seeds)} tests, {wrong} differences")


if __name__ == "__main__":
    main()
