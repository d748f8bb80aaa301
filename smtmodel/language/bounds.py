"""How many instances of everything are looked at.

Takes the `bounds` items, or numbers from the command line; gives `Bounds` or what is wrong.
"""

from smtmodel.language import ast, codes
from smtmodel.language.checked import (
    Bounds,
    Checked,
    LaneLocal,
    Never,
    Reach,
)
from smtmodel.language.lanes import MOST, ROUNDS, UPDATES, Kinds
from smtmodel.language.suggest import suggest
from smtmodel.language.walk import inside
from smtmodel.source import Diagnostic, Span


def find_bounds(protocol: ast.Protocol, kinds: Kinds) -> tuple[Bounds, list[Diagnostic]]:
    """The bounds of the file; a missing one counts as 1 until the error is mended."""
    wrong: list[Diagnostic] = []
    known = [kind.bound for kind in kinds.kinds]
    given: dict[str, int] = {}
    items = [item for item in protocol.items if isinstance(item, ast.Bounds)]
    for bound in (one for item in items for one in item.bounds):
        if bound.name not in (*known, ROUNDS):
            message = f"nothing here is called `{bound.name}`"
            suggestion = suggest(bound.name, [*known, ROUNDS])
            suggestion = suggestion or "the bounds are " + ", ".join(f"`{k}`" for k in known)
            wrong.append(
                Diagnostic(codes.UNKNOWN_BOUND, message, bound.span, suggestion=suggestion)
            )
        elif bound.name in given:
            message = f"`{bound.name}` is given twice"
            wrong.append(Diagnostic(codes.BOUND_TWICE, message, bound.span))
        elif not 1 <= bound.count <= MOST:
            wrong.append(Diagnostic(codes.BOUND_RANGE, _range(bound.name), bound.span))
        wrong += _wrong_rounds(bound)
        given.setdefault(bound.name, bound.count)
    missing = [name for name in known if name not in given]
    if missing and not items:
        wanted = ", ".join(f"{name} 2" for name in known)
        message = "the protocol has no bounds"
        suggestion = f"write `bounds {wanted}`"
        wrong.append(Diagnostic(codes.NO_BOUNDS, message, protocol.span, suggestion=suggestion))
    elif missing:
        message = f"no bound for `{missing[0]}`"
        suggestion = f"write `{missing[0]} 2`"
        wrong.append(Diagnostic(codes.NO_BOUND, message, items[-1].span, suggestion=suggestion))
    others = tuple((name, given.get(name, 1)) for name in known if name != UPDATES)
    updates = given.get(UPDATES, 1) if UPDATES in known else 0
    return Bounds(updates, others, given.get(ROUNDS, 1)), wrong


def _wrong_rounds(bound: ast.Bound) -> list[Diagnostic]:
    """What is wrong with the rounds that a kind has for itself."""
    if bound.rounds is None:
        return []
    if bound.name in (UPDATES, ROUNDS):
        message = f"`{bound.name}` are no lanes that have rounds"
        return [Diagnostic(codes.BOUND_RANGE, message, bound.span)]
    if 1 <= bound.rounds <= MOST:
        return []
    return [Diagnostic(codes.BOUND_RANGE, _range(f"{bound.name} … {ROUNDS}"), bound.span)]


def _range(name: str) -> str:
    return f"`{name}` is from 1 to {MOST}"


def with_bounds(checked: Checked, asked: dict[str, int]) -> Bounds | Diagnostic:
    """The bounds of the file with those asked for put in their place.

    Bounds are asked for by name: `updates`, `faults`, `rounds`, or the name of a kind of
    lanes. What is wrong with them has no place in the text: its span is the text's start.
    """
    nowhere = Span(1, 1, 1, 1)
    known = [kind.bound for kind in checked.kinds]
    for name, count in asked.items():
        if name not in (*known, ROUNDS):
            suggestion = suggest(name, [*known, ROUNDS])
            suggestion = suggestion or "the bounds are " + ", ".join(f"`{k}`" for k in known)
            message = f"nothing in `{checked.name}` is called `{name}`"
            return Diagnostic(codes.UNKNOWN_BOUND, message, nowhere, suggestion=suggestion)
        if not 1 <= count <= MOST:
            return Diagnostic(codes.BOUND_RANGE, _range(name), nowhere)
    before = checked.bounds
    others = tuple((name, asked.get(name, count)) for name, count in before.lanes)
    updates, rounds = asked.get(UPDATES, before.updates), asked.get(ROUNDS, before.rounds)
    bounds = Bounds(updates, others, rounds)
    absent = absent_lanes(Kinds(checked.kinds, checked.updaters), bounds, _named_lanes(checked))
    return absent[0] if absent else bounds


def _named_lanes(checked: Checked) -> list[tuple[str, int, Span]]:
    """The lanes whose locals the properties name."""
    found: list[tuple[str, int, Span]] = []
    for one in checked.properties:
        match one:
            case Never(bad=bad, condition=condition):
                expressions = [bad] if condition is None else [bad, condition]
            case Reach(goal=goal):
                expressions = [goal]
            case _:
                expressions = []
        for expression in expressions:
            for part in inside(expression):
                if isinstance(part, LaneLocal):
                    found.append((part.block, part.index, one.span))
    return found


def absent_lanes(
    kinds: Kinds, bounds: Bounds, named: list[tuple[str, int, Span]]
) -> list[Diagnostic]:
    """A diagnostic for each lane that is named but does not exist at these bounds."""
    wrong: list[Diagnostic] = []
    for block, index, span in named:
        kind = kinds.of_block(block)
        if kind is None:
            continue
        count = bounds.count(kind.bound)
        if kind.updates:
            count = min(kinds.updaters or 1, count)
        if not 0 <= index < count:
            message = f"there is no lane {index} of `{block}`; lanes count from 0"
            suggestion = f"the bounds give it {count}"
            wrong.append(Diagnostic(codes.LANE_INDEX, message, span, suggestion=suggestion))
    return wrong
