"""The one door to z3.

Takes SMT-LIB text, gives an answer that is not a truth value: a model can be taken only from
a satisfiable one, and what z3 does not know stays unknown, whatever the reason.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import z3

from smtmodel.encoding.decode import Assignment
from smtmodel.encoding.smtlib import Script, declaration
from smtmodel.solving.result import Limits
from smtmodel.source.record import record


@record
class Sat:
    """Satisfiable, by this assignment."""

    assignment: Assignment


@record
class Unsat:
    """Unsatisfiable."""


@record
class Unknown:
    """Not decided; the solver's own words why."""

    reason: str


Answer = Sat | Unsat | Unknown

# z3's arithmetic for dense difference logic: measured 2 to 5 times faster than the default on
# proofs of this kind, and the most stable over seeds. It gives up at once on what is not
# difference logic; the default solver is asked then.
DIFFERENCE_LOGIC = 3

SPENT = "no units of work are left"


class Allowance:
    """The units of work that are left to all solvers that share it; None for any number."""

    def __init__(self, left: int | None = None) -> None:
        self.left = left


class Solver:
    """A solver that holds one base text and answers questions that extend it."""

    def __init__(self, base: Script, limits: Limits, allowance: Allowance | None = None) -> None:
        self.base = base
        self.limits = limits
        self.allowance = allowance or Allowance()
        self._declared: set[str] = set()
        self._scopes: list[list[Script]] = []
        self._lost: list[str] = []
        if limits.memory is not None:
            z3.set_param("memory_max_size", limits.memory)
        self._solver = z3.SimpleSolver()
        self._solver.set("arith.solver", DIFFERENCE_LOGIC)
        self._configure(self._solver)
        self._extend(base)

    def _configure(self, solver: "z3.Solver") -> None:
        solver.set("random_seed", self.limits.seed)
        if self.limits.budget is not None:
            solver.set("rlimit", self.limits.budget)

    def restrict(self, limits: Limits) -> None:
        """Ask with these limits from here on."""
        self.limits = limits
        self._configure(self._solver)

    @property
    def spent(self) -> int:
        """The units of work that z3 has used so far, in all solvers of this process."""
        return int(self._solver.statistics().get_key_value("rlimit count"))

    def _add(self, solver: "z3.Solver", text: Script, declared: set[str]) -> None:
        """Adds a text. z3 remembers what a solver's earlier texts declared, across pops too."""
        new = [name for name in text.names if name not in declared]
        declared.update(new)
        head = [declaration(name, text.names[name]) for name in new]
        solver.from_string("\n".join([*head, *text.lines]))

    def _extend(self, text: Script) -> None:
        """Adds a text for good; if z3 cannot take it, nothing is known from here on."""
        try:
            self._add(self._solver, text, self._declared)
        except z3.Z3Exception as error:
            self._lost.append(_limit(error))

    def ask(self, extension: Script, *, model: bool = True) -> Answer:
        """Whether the base and the extension hold together."""
        if self._lost:
            return Unknown(self._lost[0])
        try:
            answer = self._special(extension, model=model)
            return self._default(extension, model=model) if _gave_up(answer) else answer
        except z3.Z3Exception as error:
            return Unknown(_limit(error))

    def _special(self, extension: Script, *, model: bool) -> Answer:
        """Asks the solver for difference logic."""
        self._solver.push()
        try:
            self._add(self._solver, extension, self._declared)
            return self._check(self._solver, model=model)
        finally:
            self._solver.pop()

    @contextmanager
    def extended(self, text: Script) -> Iterator[None]:
        """Asks with a text that holds within the `with` block."""
        self._solver.push()
        self._scopes.append([text])
        lost = len(self._lost)
        self._extend(text)
        try:
            yield
        finally:
            del self._lost[lost:]
            self._scopes.pop()
            self._solver.pop()

    def keep(self, text: Script) -> None:
        """Adds a text for the rest of the innermost `extended` block."""
        self._scopes[-1].append(text)
        self._extend(text)

    def _default(self, extension: Script, *, model: bool) -> Answer:
        """Asks z3's default solver what the special one could not decide."""
        solver, declared = z3.Solver(), set[str]()
        self._configure(solver)
        for text in (self.base, *(text for scope in self._scopes for text in scope), extension):
            self._add(solver, text, declared)
        return self._check(solver, model=model)

    def _check(self, solver: "z3.Solver", *, model: bool) -> Answer:
        before, left = self.spent, self.allowance.left
        if left is not None:
            if left <= 0:
                return Unknown(SPENT)
            solver.set("rlimit", min(left, self.limits.budget or left))
        result = solver.check()
        if left is not None:
            self.allowance.left = left - (self.spent - before)
        if result == z3.unsat:
            return Unsat()
        if result == z3.sat:
            return Sat(assignment_of(solver.model().sexpr()) if model else Assignment({}, {}))
        return Unknown(solver.reason_unknown())


def _gave_up(answer: Answer) -> bool:
    """Whether the special solver met what it cannot do, rather than a limit."""
    return isinstance(answer, Unknown) and "incomplete" in answer.reason


def _limit(error: "z3.Z3Exception") -> str:
    """z3's words for a limit that was met; a text that it cannot read is a bug of ours."""
    value = error.value
    words = value.decode(errors="replace") if isinstance(value, bytes) else str(value)
    if words.startswith("(error") and "memory" not in words:
        raise error
    return words


def assignment_of(model: str) -> Assignment:
    """Reads a printed model: far faster than asking for one constant after another."""
    booleans: dict[str, bool] = {}
    clocks: dict[str, int] = {}
    words = model.replace("(", " ( ").replace(")", " ) ").split()
    for index, word in enumerate(words):
        if word == "define-fun":  # ( define-fun NAME ( ) SORT VALUE )
            name, sort = words[index + 1], words[index + 4]
            value = words[index + 5]
            if sort == "Bool":
                booleans[name] = value == "true"
            else:
                negative = value == "("  # ( - NUMBER )
                clocks[name] = -int(words[index + 7]) if negative else int(value)
    return Assignment(booleans, clocks)


def version() -> str:
    """The version of the z3 library that answers."""
    return str(z3.get_version_string())
