"""Refuses to compute with tokens.

A `fresh` value stands for "something never used before", such as the contents of a slot; it
is only compared and passed on. A sum with it would be a number of the tool's making, and
whether two such sums are equal would depend on how tokens are numbered.

Takes the checked protocol. Which places and locals may hold a token is a fixed point over all
assignments: fields are told apart, objects of a struct and elements of an array are not.
"""

from collections.abc import Iterable

from smtmodel.language import codes
from smtmodel.language.checked import (
    ADDS,
    BITS,
    Await,
    Cell,
    Checked,
    Copy,
    Element,
    EntryValue,
    Expression,
    Fresh,
    LaneLocal,
    Load,
    Local,
    Member,
    Never,
    Operation,
    Part,
    Place,
    Reach,
    ReadModifyWrite,
    SetLocal,
    Settled,
    Store,
    Through,
    Yields,
    Zap,
)
from smtmodel.language.walk import expressions_of, inside, steps_in
from smtmodel.source import Diagnostic, Span
from smtmodel.source.record import record

_Root = tuple[str, ...]
_COUNTS = (*ADDS, *BITS)
_ARITHMETIC = ("+", "-", "*", "/", "%", "&", "&~", "|", "^", "<<", ">>", "wrap", "negate")


@record
class Holder:
    """Something that holds values: a local or place, or (with `field`) a part of it."""

    root: _Root
    field: str | None = None


def token_errors(checked: Checked) -> list[Diagnostic]:
    """The errors of the whole protocol."""
    flows, starts = _flows(checked)
    if not starts:
        return []
    tokens = _close(flows, starts)
    wrong: list[Diagnostic] = []
    for block in checked.blocks:
        for step in steps_in(block.steps):
            if isinstance(step, Store):
                used = [holder_of(one, block.name) for one in _indices(step.place)]
                if step.operator:
                    used += [place_holder(step.place), holder_of(step.value, block.name)]
                _refuse(used, step.where.span, tokens, wrong)
            if isinstance(step, Zap) and step.index is not None:
                _refuse([holder_of(step.index, block.name)], step.where.span, tokens, wrong)
            for expression in expressions_of(step):
                _judge(expression, block.name, step.where.span, tokens, wrong)
    for one in checked.properties:
        match one:
            case Never(bad=bad, condition=condition):
                _judge(bad, "", one.span, tokens, wrong)
                if condition is not None:
                    _judge(condition, "", one.span, tokens, wrong)
            case Reach(goal=goal):
                _judge(goal, "", one.span, tokens, wrong)
            case _:
                pass
    return wrong


def _judge(
    expression: Expression,
    block: str,
    span: Span,
    tokens: frozenset[Holder],
    wrong: list[Diagnostic],
) -> None:
    for one in inside(expression):
        place = span
        used: tuple[Expression, ...] = ()
        target: tuple[Holder, ...] = ()
        match one:
            case Operation(operator, operands) if operator in _ARITHMETIC:
                place, used = one.span, operands
            case ReadModifyWrite(operation, location, operands):
                place, used = one.span, _indices(location)
                if operation in _COUNTS:
                    target, used = (place_holder(location),), (*used, *operands)
            case Load(place=location):
                used = _indices(location)
            case _:
                pass
        holders = (*target, *(holder_of(part, block) for part in used))
        _refuse(holders, place, tokens, wrong)


def _indices(place: Place) -> tuple[Expression, ...]:
    return (place.index,) if isinstance(place, Element) else ()


def _refuse(
    holders: Iterable[Holder | None],
    span: Span,
    tokens: frozenset[Holder],
    wrong: list[Diagnostic],
) -> None:
    for holder in holders:
        if holder is not None and holder in tokens:
            message = f"`{_name(holder)}` may hold a token; tokens are only compared"
            wrong.append(Diagnostic(codes.TOKEN, message, span))


def _name(holder: Holder) -> str:
    return f"{holder.root[-1]}.{holder.field}" if holder.field else holder.root[-1]


# ---------------------------------------------------------------- where values go


def holder_of(expression: Expression, block: str) -> Holder | None:
    """What holds the value that the expression yields unchanged."""
    match expression:
        case Local(name):
            return Holder(("local", block, name))
        case LaneLocal(owner, _, name):
            return Holder(("local", owner, name))
        case Part(entry, field):
            whole = holder_of(entry, block)
            return Holder(whole.root, field) if whole is not None else None
        case ReadModifyWrite(yields=Yields.SUCCESS):
            return None
        case Load(place=place) | ReadModifyWrite(place=place):
            return place_holder(place)
        case Settled(inner) | Await(load=inner):
            return holder_of(inner, block)
        case _:
            return None


def place_holder(place: Place) -> Holder:
    match place:
        case Cell(variable) | Element(variable, _):
            return Holder(("variable", variable))
        case Member(variable, field):
            return Holder(("variable", variable), field)
        case Through(_, struct, field):
            return Holder(("struct", struct), field)


def _flows(checked: Checked) -> tuple[list[tuple[Holder, Holder]], set[Holder]]:
    """All (from, to) pairs, and the holders that a `fresh` is assigned to."""
    flows: list[tuple[Holder, Holder]] = []
    starts: set[Holder] = set()

    def flow(value: Expression, target: Holder, block: str) -> None:
        if isinstance(value, EntryValue):
            for field, part in zip(value.fields, value.values, strict=True):
                flow(part, Holder(target.root, field), block)
        elif isinstance(value, Fresh):
            starts.add(target)
        elif not isinstance(value, Copy):
            source = holder_of(value, block)
            if source is not None:
                flows.append((source, target))

    for block in checked.blocks:
        for step in steps_in(block.steps):
            if isinstance(step, SetLocal):
                flow(step.value, Holder(("local", block.name, step.name)), block.name)
            elif isinstance(step, Store) and not step.operator:
                flow(step.value, place_holder(step.place), block.name)
            for expression in expressions_of(step):
                for one in inside(expression):
                    if isinstance(one, ReadModifyWrite) and one.operation not in _COUNTS:
                        flow(one.operands[-1], place_holder(one.place), block.name)
    return flows, starts


def _close(flows: list[tuple[Holder, Holder]], starts: set[Holder]) -> frozenset[Holder]:
    """The holders that a token can come to; a whole entry carries all its fields."""
    found = set(starts)
    waiting = sorted(starts, key=_order)
    targets: dict[_Root, list[tuple[Holder, Holder]]] = {}
    for source, target in flows:
        targets.setdefault(source.root, []).append((source, target))
    while waiting:
        token = waiting.pop()
        for source, target in targets.get(token.root, []):
            if source.field is None and target.field is None:
                reached = Holder(target.root, token.field)
            elif source.field == token.field:
                reached = target
            else:
                continue
            if reached not in found:
                found.add(reached)
                waiting.append(reached)
    return frozenset(found)


def _order(holder: Holder) -> tuple[_Root, str]:
    return holder.root, holder.field or ""
