"""Prints a formula as SMT-LIB 2: what the solver reads, and what is exported.

Names are of letters, digits and `_`, which every solver reads alike.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from smtmodel.encoding.formula import Clause, Formula, Literal, Node
from smtmodel.source.record import record

EMPTY: Mapping[Node, str] = MappingProxyType({})


@record
class Script:
    """Assertions, and the sorts of the names in them."""

    names: dict[str, str]
    lines: tuple[str, ...]


def script(formula: Formula, first: int = 0) -> Script:
    """The clauses from number `first` on."""
    return clauses(formula, formula.clauses[first:])


def clauses(formula: Formula, found: Sequence[Clause]) -> Script:
    """These clauses."""
    printer = _Printer(formula)
    lines = tuple(printer.clause(clause) for clause in found)
    return Script(printer.names, lines)


def at_most(formula: Formula, count: int, literals: list[Literal]) -> Script:
    """That at most `count` of the literals hold; z3's extension, never exported."""
    if not literals:
        return Script({}, ())  # an application to nothing is a syntax error
    printer = _Printer(formula)
    found = " ".join(map(printer.literal, literals))
    return Script(printer.names, (f"(assert ((_ at-most {count}) {found}))",))


def declaration(name: str, sort: str) -> str:
    """The declaration of a name."""
    return f"(declare-const {name} {sort})"


def export(
    formula: Formula, title: str, details: Sequence[str] = (), places: Mapping[Node, str] = EMPTY
) -> str:
    """A complete script for any solver: a head of comments, then the clauses by their reasons.

    `places` says of points on the clocks what they are the places of.
    """
    printer = _Printer(formula)
    groups: dict[str, list[str]] = {}
    for clause, reason in zip(formula.clauses, formula.reasons, strict=True):
        place = f" (line {reason.span.line})" if reason.span else ""
        groups.setdefault(f"{reason.sentence}{place}", []).append(printer.clause(clause))
    orders = formula.orders.values()
    told = {clock_name(clock, node): places.get(node) for clock, *two in orders for node in two}
    lines = [_comment(line) for line in (title, *details)] + ["(set-logic QF_IDL)"]
    for name, sort in printer.names.items():
        what = told.get(name)
        lines.append(declaration(name, sort) + (f" {_comment(what)}" if what else ""))
    for heading, asserted in groups.items():
        lines += [_comment(heading), *asserted]
    return "\n".join([*lines, "(check-sat)", ""])


def _comment(text: str) -> str:
    """A comment of one line, whatever is in the text."""
    return "; " + "".join(one if one.isprintable() else " " for one in text)


class _Printer:
    """Prints clauses; `literals` has the texts of those that were printed before."""

    def __init__(self, formula: Formula) -> None:
        self.formula = formula
        self.names: dict[str, str] = {}
        self.literals: dict[Literal, str] = {}

    def clause(self, clause: Clause) -> str:
        if len(clause) == 1:
            return f"(assert {self.literal(clause[0])})"
        if not clause:
            return "(assert false)"
        return f"(assert (or {' '.join(map(self.literal, clause))}))"

    def literal(self, literal: Literal) -> str:
        found = self.literals.get(literal)
        if found is None:
            found = self.literals[literal] = self._literal(literal)
        return found

    def _literal(self, literal: Literal) -> str:
        variable = abs(literal)
        order = self.formula.orders.get(variable)
        if order is None:
            name = self.formula.names[variable]
            self.names[name] = "Bool"
            return name if literal > 0 else f"(not {name})"
        clock, first, second = order
        before, after = clock_name(clock, first), clock_name(clock, second)
        self.names[before] = self.names[after] = "Int"
        return f"(< {before} {after})" if literal > 0 else f"(<= {after} {before})"


def clock_name(clock: str, node: Node) -> str:
    """The name of a node's variable on a clock."""
    return f"c_{clock}_{node}"
