"""An invariant and its obligations as one SMT-LIB 2 text, and an invariant read from such a text.

Every question in it is to be answered `unsat`. What is finite of the states of a group stands in
`set-info`, with the quantities that are not as they begin; the clauses are a definition over
integers. Who checks an invariant reads only that, and makes the questions anew.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from smtmodel.encoding.inductive import name_of, printed
from smtmodel.encoding.smtlib import declaration
from smtmodel.executions.values import EMPTY, NOTHING, UNSET, UNWRITTEN, Absent, Value
from smtmodel.source.record import record, replace
from smtmodel.systems.arithmetic import (
    FALSE,
    TRUE,
    WHOLE,
    Cell,
    Formula,
    applied,
    variable,
    variables_in,
)
from smtmodel.systems.classes import numbers_of
from smtmodel.systems.groups import NUMBER, TOKEN, Shape, marked
from smtmodel.systems.invariant import Demand, Invariant
from smtmodel.systems.slicing import sliced
from smtmodel.systems.system import System

MARKS = {str(mark): mark for mark in (NOTHING, UNSET, UNWRITTEN, EMPTY, NUMBER, TOKEN)}
HEAD = "; an invariant of smtmodel"
RESET = "(reset)\n"
SEEN = '(set-info :states "seen by one lane of each coupled kind")'


@record
class ClaimedInvariant:
    """An invariant, and the properties that it is said to prove; `seen`: it is one of views."""

    names: tuple[str, ...]
    invariant: Invariant
    seen: bool = False


class UnreadableError(Exception):
    """The text is no certificate of this protocol; says why in a sentence."""


def written(
    system: System, claim: ClaimedInvariant, obligations: Sequence[Demand], told: Iterable[str]
) -> str:
    """The whole text; `told` are comments at its head."""
    invariant = claim.invariant
    lines = [f"{HEAD} for {system.protocol.name}", *(f"; {line}".rstrip() for line in told)]
    lines += [
        "(set-logic QF_LIA)",
        f'(set-info :proves "{" ".join(claim.names)}")',
        *([SEEN] if claim.seen else []),
        f'(set-info :quantities "{_quantities(system)}")',
        f'(set-info :numbers "{" ".join(map(_cell, sorted(invariant.cells)))}")',
    ]
    lines += [
        f"{declaration(name_of(cell), 'Int')} ; {_called(system, cell)}"
        for cell in sorted(_used(invariant, obligations))
    ]
    names: dict[Shape, str] = {}
    for number, (shape, clauses) in enumerate(invariant.clauses.items()):
        names[shape] = f"inv{number}"
        lines.append(f'(set-info :group "{_difference(system, shape)}")')
        lines.append(f"(define-fun inv{number} () Bool {_conjunction(clauses)})")
    return "\n".join([*lines, *questions(names, obligations), ""])


def questions(names: dict[Shape, str], obligations: Iterable[Demand]) -> Iterator[str]:
    """The lines of each question, its reason in front."""
    for one in obligations:
        step = "" if one.edge is None or one.edge.where is None else f": {one.edge.where.text}"
        yield _comment(one.what + step)
        known = one.assumed and one.shape in names
        assumed = f"(assert {names[one.shape]}) " if known else ""
        yield f"(push) {assumed}(assert {printed(one.happens)}) (check-sat) (pop)"


def _comment(text: str) -> str:
    return "; " + "".join(one if one.isprintable() else " " for one in text)


def _conjunction(clauses: Iterable[Formula]) -> str:
    texts = list(map(printed, clauses))
    return texts[0] if len(texts) == 1 else f"(and {' '.join(texts)})" if texts else "true"


def _quantities(system: System) -> str:
    return "|".join(one.name.replace('"', "'") for one in system.quantities)


def _called(system: System, cell: Cell) -> str:
    name = system.quantities[cell[0]].name
    return name if cell[1] == WHOLE else f"field {cell[1] + 1} of {name}"


def _used(invariant: Invariant, obligations: Iterable[Demand]) -> set[Cell]:
    """The cells that some shape has a number in, and those that something is said or asked of."""
    found = {cell for shape in invariant.clauses for cell in marked(shape)}
    said = [one for clauses in invariant.clauses.values() for one in clauses]
    return found.union(*map(variables_in, [*said, *(one.happens for one in obligations)]))


def _cell(cell: Cell) -> str:
    return str(cell[0]) if cell[1] == WHOLE else f"{cell[0]}.{cell[1]}"


# ---------------------------------------------------------------- shapes


def _difference(system: System, shape: Shape) -> str:
    """The values of the quantities that do not begin with them."""
    pairs = zip(system.quantities, shape, strict=True)
    parts = [f"{n}={_value(v)}" for n, (q, v) in enumerate(pairs) if v != q.initial]
    return " ".join(parts)


def _value(value: Value) -> str:
    match value:
        case None:
            return "null"
        case tuple():
            return f"({','.join(map(_value, value))})"
        case _:
            return str(value)


def _shape(system: System, text: str) -> Shape:
    values = [quantity.initial for quantity in system.quantities]
    for part in text.split():
        number, _, value = part.partition("=")
        values[int(number)] = _read_value(value)
    return tuple(values)


def _read_value(text: str) -> Value:
    if text == "null":
        return None
    if text.startswith("("):
        return tuple(_read_value(part) for part in text[1:-1].split(","))
    mark: Absent | None = MARKS.get(text)
    return int(text) if mark is None else mark


# ---------------------------------------------------------------- reading

WORD = re.compile(r'"[^"]*"|;[^\n]*|[()]|[^\s()";]+')

Tree = str | list["Tree"]


def joined(texts: Iterable[str]) -> str:
    """Several certificates as one text."""
    return RESET.join(texts)


def read(system: System, text: str, views: System | None = None) -> tuple[ClaimedInvariant, ...]:
    """The invariants in a text, be they of the system or of its views; UnreadableError if it has
    none of these."""
    if not text.startswith(HEAD):
        raise UnreadableError("it is no invariant that `prove --out invariant=FILE` wrote")
    try:
        return tuple(_read(system, one, views) for one in text.split(RESET))
    except (LookupError, TypeError, ValueError, ArithmeticError, RuntimeError) as error:
        raise UnreadableError("it is damaged, or of another protocol") from error


def _read(system: System, text: str, views: System | None) -> ClaimedInvariant:
    if SEEN not in text.splitlines():
        return _claim(system, _trees(text))
    if views is None:
        raise UnreadableError("it is about views of single lanes")
    return replace(_claim(views, _trees(text)), seen=True)


def _claim(system: System, trees: Iterator[Tree]) -> ClaimedInvariant:
    names: tuple[str, ...] = ()
    cells: frozenset[Cell] = frozenset()
    clauses: dict[Shape, dict[Formula, None]] = {}
    part, shape = system, None
    for tree in trees:
        match tree:
            case ["set-info", ":proves", str(said)]:
                names = tuple(said.strip('"').split())
                part = sliced(system, names)
            case ["set-info", ":quantities", str(said)] if said.strip('"') != _quantities(system):
                raise UnreadableError(
                    "it is of another protocol, another text of this one, or other bounds"
                )
            case ["set-info", ":numbers", str(said)]:
                cells = frozenset(map(_read_cell, said.strip('"').split()))
            case ["set-info", ":group", str(said)]:
                shape = _shape(part, said.strip('"'))
            case ["define-fun", str(), _, "Bool", body] if shape is not None:
                if not _is_condition(body):
                    raise ValueError("a number is no clause")
                parts = _parts(body, _formula(body))
                clauses[shape] = dict.fromkeys(parts)
                shape = None
            case _:
                pass
    if (system.fresh, WHOLE) not in cells:
        raise ValueError("the last token is always a number")
    if not cells <= numbers_of(system):
        raise ValueError("what is finite of a state is no number")
    return ClaimedInvariant(names, Invariant(cells, clauses))


def _parts(body: Tree, formula: Formula) -> list[Formula]:
    if isinstance(body, list) and body and body[0] == "and":
        return [_formula(part) for part in body[1:]]
    return [] if formula == TRUE else [formula]


def _is_condition(tree: Tree) -> bool:
    """Whether it is a condition and not a number; ValueError where an operand is of the other
    kind."""
    match tree:
        case str():
            return tree in ("true", "false")
        case ["and" | "or" | "not" as operator, *operands]:
            wrong = operator == "not" and len(operands) != 1
            if wrong or not all(map(_is_condition, operands)):
                raise ValueError(tree)
            return True
        case ["ite", which, *both] if len(both) == 2 and _is_condition(which):
            first, second = map(_is_condition, both)
            if first != second:
                raise ValueError(tree)
            return first
        case [str(operator), *operands] if operands and not any(map(_is_condition, operands)):
            return operator in ("=", "<")
        case _:
            raise ValueError(tree)


def _formula(tree: Tree) -> Formula:
    match tree:
        case "true":
            return TRUE
        case "false":
            return FALSE
        case str():
            return variable(_read_cell(tree[1:].replace("_", "."))) if tree[0] == "x" else int(tree)
        case ["-", str(number)]:
            return -int(number)
        case ["*" | "div" | "mod" as operator, part, by]:
            return applied(operator, [_formula(part), _constant(by, division=operator != "*")])
        case [str(operator), *operands]:
            return applied(operator, list(map(_formula, operands)))
        case _:
            raise ValueError(tree)


def _constant(tree: Tree, *, division: bool) -> int:
    """A factor or a divisor. By negative ones Python divides otherwise than SMT-LIB does, so that
    a clause could hold of numbers that are known and of none that are asked about."""
    value = _formula(tree)
    if not isinstance(value, int) or (division and value < 1):
        raise ValueError(tree)
    return value


def _read_cell(text: str) -> Cell:
    number, dot, place = text.partition(".")
    return int(number), int(place) if dot else WHOLE


def _trees(text: str) -> Iterator[Tree]:
    """The expressions of a text, without comments."""
    words = (word for word in WORD.findall(text) if not word.startswith(";"))
    for word in words:
        yield _tree(word, words)


def _tree(word: str, words: Iterator[str]) -> Tree:
    if word != "(":
        return word
    found: list[Tree] = []
    while (inner := next(words, "")) != ")":
        if not inner:
            raise ValueError("an expression has no end")
        found.append(_tree(inner, words))
    return found
