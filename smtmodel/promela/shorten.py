"""Statements without variables that only hand a value on.

`t = E; …; n = t; t = 0` does what `n = E; …` does where nothing in between names `n` or `t`, since
nothing needs `t` any more. Programs have many such registers.
"""

import re

from smtmodel.promela.conditions import same_name
from smtmodel.promela.statements import Arm, Fork, Statement

_PUT = re.compile(r"(\w+) = (.*)")


def shortened(body: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """The statements, with values put where they go."""
    found = tuple(_fork(part) if isinstance(part, Fork) else part for part in body)
    for place, part in enumerate(found):
        put = _PUT.fullmatch(part) if isinstance(part, str) else None
        if put and (ends := _handed_on(put[1], found[place + 1 :])):
            first, last, name = ends
            rest = found[place + 1 :]
            kept = *rest[:first], *rest[first + 1 : last], *rest[last + 1 :]
            return shortened((*found[:place], f"{name} = {put[2]}", *kept))
    return found


def _fork(fork: Fork) -> Fork:
    return Fork(tuple(Arm(arm.guard, shortened(arm.body)) for arm in fork.arms), fork.free)


def _handed_on(held: str, rest: tuple[Statement, ...]) -> tuple[int, int, str] | None:
    """Where a variable is handed on and where it is forgotten, and what gets its value; None where
    it is used otherwise, or in between so is what gets it."""
    first, name = -1, ""
    for place, part in enumerate(rest):
        if not isinstance(part, str) or part.isupper():  # a macro may name anything
            return None
        if first >= 0 and part == f"{held} = 0":
            return first, place, name
        put = _PUT.fullmatch(part)
        if first < 0 and put and put[2] == held:
            first, name = place, put[1]
            if any(same_name(name, str(one)) for one in rest[:place]):
                return None
        elif same_name(held, part):
            return None
    return None
