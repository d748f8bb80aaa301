"""z3 as a reader of many small questions about integers, one text for all of them.

A door beside `smtmodel.solving.solver`: there every question is large and its assertions stay; here
a question is a few comparisons, and making terms of it one by one costs more than deciding it.
"""

import z3

from smtmodel.encoding.decode import Assignment
from smtmodel.encoding.smtlib import Script, declaration
from smtmodel.solving.solver import Answer, Sat, Unknown, Unsat, assignment_of


class Integers:
    """Answers questions about integers, each for itself."""

    def __init__(self, budget: int | None = None) -> None:
        self._context = z3.Context()
        self._declared: set[str] = set()
        if budget is not None:
            self._said(f"(set-option :rlimit {budget})")

    def ask(self, question: Script) -> Answer:
        """Whether the assertions hold together, and for which numbers."""
        asserted = "\n".join(("(push)", *question.lines, "(check-sat)"))
        said = self._said(self._new(question) + asserted)
        model = self._said("(get-model)") if said == "sat" else ""
        self._said("(pop)")
        return _answer(said, model)

    def _new(self, question: Script) -> str:
        """The declarations of the names that are new."""
        names = [name for name in question.names if name not in self._declared]
        self._declared.update(names)
        return "".join(declaration(name, question.names[name]) + "\n" for name in names)

    def _said(self, text: str) -> str:
        return str(z3.Z3_eval_smtlib2_string(self._context.ref(), text)).strip()


def answers(script: str) -> list[str]:
    """What z3 says to each question of a complete script."""
    context = z3.Context()
    return str(z3.Z3_eval_smtlib2_string(context.ref(), script)).split("\n")[:-1]


def _answer(said: str, model: str) -> Answer:
    match said:
        case "unsat":
            return Unsat()
        case "sat":
            return Sat(assignment_of(model) if model else Assignment({}, {}))
        case _:
            return Unknown(said)
