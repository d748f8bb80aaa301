"""z3 as a reader of many small questions about integers, one text for all of them.

A door beside `smtmodel.solving.solver`: there every question is large and its assertions stay; here
a question is a few comparisons, and making terms of it one by one costs more than deciding it.
"""

from collections.abc import Mapping

import z3

from smtmodel.encoding.decode import Assignment
from smtmodel.encoding.smtlib import Script, declaration
from smtmodel.solving.solver import Answer, Sat, Unknown, Unsat, assignment_of

UNITS = 5_000_000
"""How many of z3's units of work a question may cost."""


class Integers:
    """Answers questions about integers, each for itself."""

    def __init__(self, units: int = UNITS) -> None:
        self._context = z3.Context()
        self._declared: set[str] = set()
        self._asked = False
        self._said("(set-option :produce-unsat-cores true)")
        self._said(_limit(units))

    def ask(self, question: Script) -> Answer:
        """Whether the assertions hold together, and for which numbers."""
        said = self._checked([self._new(question), "(push)", *question.lines])
        return _answer(said, self._said("(get-model)") if said == "sat" else "")

    def core(self, question: Script, named: Mapping[str, Script]) -> list[str] | None:
        """Names of scripts that are enough for `unsat`, with the question; None if it is not."""
        lines = [self._new(one) for one in (question, *named.values())]
        lines += ["(push)", *question.lines]
        for name, one in named.items():
            lines += [f"(assert (! {_inner(line)} :named {name}))" for line in one.lines]
        if self._checked(lines) != "unsat":
            return None
        return self._said("(get-unsat-core)").strip("()").split()

    def _checked(self, lines: list[str]) -> str:
        """What z3 says to these lines, which forget those of the question before."""
        first = ["(pop)"] if self._asked else []
        self._asked = True
        return self._said("\n".join([*first, *lines, "(check-sat)"]))

    def _new(self, question: Script) -> str:
        """The declarations of the names that are new."""
        names = [name for name in question.names if name not in self._declared]
        self._declared.update(names)
        return "".join(declaration(name, question.names[name]) + "\n" for name in names)

    def _said(self, text: str) -> str:
        return str(z3.Z3_eval_smtlib2_string(self._context.ref(), text)).strip()


def _inner(line: str) -> str:
    """What a line asserts."""
    return line.removeprefix("(assert ").removesuffix(")")


def _limit(units: int) -> str:
    return f"(set-option :rlimit {units})\n"


def answers(script: str, units: int = UNITS) -> list[str]:
    """What z3 says to each question of a complete script."""
    context = z3.Context()
    return str(z3.Z3_eval_smtlib2_string(context.ref(), _limit(units) + script)).splitlines()


def _answer(said: str, model: str) -> Answer:
    match said:
        case "unsat":
            return Unsat()
        case "sat":
            return Sat(assignment_of(model) if model else Assignment({}, {}))
        case _:
            return Unknown(said)
