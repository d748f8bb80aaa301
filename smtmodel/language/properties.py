"""What a protocol claims: its properties, goals and expectations.

Takes the items and the checked blocks; gives the properties in the order of the file with
the built-in ones that apply last, and the errors.
"""

from collections.abc import Iterator

from smtmodel.language import ast, codes
from smtmodel.language.built_ins import built_ins
from smtmodel.language.checked import (
    BUILT_INS,
    DATA_RACE,
    And,
    Assert,
    Asserted,
    Block,
    Cell,
    Element,
    Expectation,
    Expression,
    Filled,
    Load,
    Mark,
    Never,
    Part,
    Property,
    Reach,
    ReachStep,
    Shape,
)
from smtmodel.language.expressions import condition
from smtmodel.language.scope import Scope, Stand
from smtmodel.language.suggest import suggest
from smtmodel.language.symbols import LANE, Symbols
from smtmodel.language.walk import steps_in
from smtmodel.models import KERNEL, NAMES, instead
from smtmodel.source import Code, Diagnostic, Span
from smtmodel.source.record import parts

_VERDICTS = ("proved", "refuted", "vacuous")


def find_properties(
    protocol: ast.Protocol,
    symbols: Symbols,
    blocks: dict[str, Block],
) -> tuple[tuple[Property, ...], list[tuple[str, int, Span]], list[Diagnostic]]:
    """The properties, the lanes whose locals they name, and the errors."""
    wrong: list[Diagnostic] = []
    lane_locals: list[tuple[str, int, Span]] = []
    found: dict[str, Property] = {}
    for item in protocol.items:
        for one in _properties(item, symbols, blocks, wrong, lane_locals):
            if one.name in BUILT_INS:
                message = f"`{one.name}` is the name of a built-in property"
                wrong.append(Diagnostic(codes.RESERVED_NAME, message, one.span))
            elif one.name in found and found[one.name] != one:
                message = f"two properties are called `{one.name}`"
                label = f"the first is in line {found[one.name].span.line}"
                wrong.append(Diagnostic(codes.PROPERTY_TWICE, message, one.span, label))
            found.setdefault(one.name, one)
    every = (*found.values(), *built_ins(protocol, tuple(blocks.values()), symbols))
    if not every and not wrong:
        message = "the protocol claims nothing"
        suggestion = "add a `never` property, an `assert` or a `reach` goal"
        wrong.append(Diagnostic(codes.NO_PROPERTY, message, protocol.span, suggestion=suggestion))
    return every, lane_locals, wrong


def _properties(
    item: ast.Item,
    symbols: Symbols,
    blocks: dict[str, Block],
    wrong: list[Diagnostic],
    lane_locals: list[tuple[str, int, Span]],
) -> Iterator[Property]:
    """The properties that one item of the file makes."""
    if isinstance(item, ast.Block) and symbols.blocks.get(item.name) is item:
        for step in _asserts(blocks[item.name]):
            numbers = _numbers(step, blocks)
            yield Asserted(step.name, numbers, step.where.span, step.unreachable)
        return
    if not isinstance(item, ast.Never | ast.Reach):
        return
    stand = Stand.FINAL if item.when is ast.When.FINALLY else Stand.SNAPSHOT
    types = {name: dict(block.locals) for name, block in blocks.items()}
    scope = Scope(symbols, stand, locals_of=types, wrong=wrong, lane_locals=lane_locals)
    if isinstance(item, ast.Never):
        bad = condition(scope, item.bad)
        when = condition(scope, item.condition) if item.condition is not None else None
        judged = _where_filled(symbols, bad, when)
        yield Never(item.name, bad, judged, item.when, _owner(scope), item.span)
    elif item.when is ast.When.SETTLED:
        message = "a goal is reached at any instant, or `finally`"
        scope.refuse(codes.REACH_SETTLED, message, item.span)
    elif isinstance(item.goal, ast.AtLabel):
        numbers = _labelled(scope, item.goal, blocks)
        if numbers:
            yield ReachStep(item.name, numbers, item.span)
    else:
        goal = condition(scope, item.goal)
        yield Reach(item.name, goal, item.when, _owner(scope), item.span)


def _owner(scope: Scope) -> str | None:
    """The kind of lanes whose caches the property reads, or whose number `lane` is."""
    owners = sorted(scope.owners)
    if len(owners) > 1:
        message = (
            f"this speaks of what a `{owners[0]}` lane has and of what a `{owners[1]}` lane has"
        )
        scope.refuse(codes.TWO_OWNERS, message, max(scope.owners.values()))
    if not owners:
        for span in scope.numbered[:1]:
            message = f"nothing says of which kind of lanes `{LANE}` is the number"
            suggestion = "index an array of length `[KIND]` with it, or write a number"
            scope.refuse(codes.LANE_INDEX, message, span, suggestion)
        return None
    kinds = scope.symbols.kinds.kinds
    interrupted = next((one.interrupts for one in kinds if one.name == owners[0]), None)
    if scope.numbered and interrupted is not None:
        message = (
            f"`{owners[0]}` lanes have the numbers of the `{interrupted}` lanes that they interrupt"
        )
        scope.refuse(codes.LANE_INDEX, message, scope.numbered[0], "write a number")
    return owners[0]


def _asserts(block: Block) -> Iterator[Assert]:
    return (step for step in steps_in(block.steps) if isinstance(step, Assert))


def _numbers(step: Assert, blocks: dict[str, Block]) -> tuple[int, ...]:
    """The numbers of an assert: one, but in a definition one for each call."""
    if step.where.call is None:
        return (step.where.number,)
    every = (one for block in blocks.values() for one in _asserts(block))
    return tuple(
        one.where.number
        for one in every
        if one.where.call and (one.name, one.where.span) == (step.name, step.where.span)
    )


def _labelled(scope: Scope, at: ast.AtLabel, blocks: dict[str, Block]) -> tuple[int, ...]:
    """The numbers of the step with the label: one, but in a definition one for each call."""
    definitions = scope.symbols.definitions
    if at.block not in definitions and at.block not in blocks:
        message = f"unknown block `{at.block}`"
        suggestion = suggest(at.block, [*blocks, *definitions])
        scope.refuse(codes.UNKNOWN_BLOCK, message, at.span, suggestion)
        return ()
    inside = at.block in definitions
    every = tuple(blocks.values()) if inside else (blocks[at.block],)
    before = f"{at.block}." if inside else ""
    labels: dict[str, list[int]] = {}
    for step in (step for block in every for step in steps_in(block.steps)):
        label = step.where.label or ""
        if label.startswith(before) and (inside or "." not in label):
            labels.setdefault(label.removeprefix(before), []).append(step.where.number)
    if at.label not in labels:
        message = f"`{at.block}` has no step with the label `{at.label}`"
        suggestion = suggest(at.label, [one for one in labels if one])
        scope.refuse(codes.UNKNOWN_LABEL, message, at.span, suggestion)
        return ()
    return tuple(labels[at.label]) if inside else (labels[at.label][0],)


# ---------------------------------------------------------------- expectations


def find_expectations(
    protocol: ast.Protocol, found: tuple[Property, ...]
) -> tuple[tuple[Expectation, ...], list[Diagnostic]]:
    """What the file expects, and the expectations that make no sense."""
    wrong: list[Diagnostic] = []
    known = [one.name for one in found]
    goals = [one.name for one in found if isinstance(one, Reach | ReachStep)]
    made: dict[tuple[str, str | None], Expectation] = {}
    for item in protocol.items:
        if not isinstance(item, ast.Expect):
            continue
        races = item.name == DATA_RACE and item.model == KERNEL
        if item.name not in known and not races:
            message = f"there is no property `{item.name}`"
            if item.name in BUILT_INS:
                message = f"`{item.name}` does not apply to this protocol"
            _refuse(wrong, codes.UNKNOWN_PROPERTY, message, item, known)
        if item.verdict not in _VERDICTS:
            message = f"`{item.verdict}` is no verdict to expect"
            known_verdicts = list(_VERDICTS)
            wrong.append(
                Diagnostic(
                    codes.UNKNOWN_VERDICT,
                    message,
                    item.span,
                    suggestion=suggest(item.verdict, known_verdicts)
                    or "expect `proved`, `refuted` or `vacuous`",
                )
            )
        if item.model is not None and item.model not in NAMES:
            message = f"unknown memory model `{item.model}`"
            models = ", ".join(f"`{one}`" for one in NAMES)
            suggestion = f"{instead(item.model)}the models are {models}"
            wrong.append(Diagnostic(codes.UNKNOWN_MODEL, message, item.span, suggestion=suggestion))
        if item.any_number:
            wrong += _any_number(item, goals)
        if (item.name, item.model) in made:
            message = f"`{item.name}` has an expectation already"
            wrong.append(Diagnostic(codes.EXPECT_TWICE, message, item.span))
        made[(item.name, item.model)] = Expectation(
            item.name, item.verdict, item.model, item.any_number, item.span
        )
    return tuple(made.values()), wrong


def _any_number(item: ast.Expect, goals: list[str]) -> Iterator[Diagnostic]:
    """What cannot be expected for any number of updates."""
    message, hint = "", ""
    if item.verdict in ("refuted", "vacuous"):
        message = f"`{item.verdict}` is a verdict at some bounds, not for any number of updates"
        hint = f"write `expect {item.name} {item.verdict}`"
    elif item.model not in (None, "sc"):
        message = f"nothing is shown for any number of updates under `{item.model}`"
        hint = f"write `expect {item.name} proved under {item.model}`, and of sc a line of its own"
    elif item.name in goals:
        message = f"`{item.name}` is a goal: a run that reaches it has some number of updates"
        hint = f"write `expect {item.name} proved`"
    if message:
        yield Diagnostic(codes.ANY_NUMBER, message, item.span, suggestion=hint)


def _refuse(
    wrong: list[Diagnostic],
    code: Code,
    message: str,
    item: ast.Expect,
    known: list[str],
) -> None:
    wrong.append(Diagnostic(code, message, item.span, suggestion=suggest(item.name, known)))


def _where_filled(symbols: Symbols, bad: Expression, when: Expression | None) -> Expression | None:
    """The condition, and that the entries whose fields the property reads are filled."""
    for place in sorted(_caches(symbols, bad, when), key=lambda one: one.variable, reverse=True):
        filled = Filled(Load(place, Mark.PLAIN))
        when = filled if when is None else And(filled, when)
    return when


def _caches(symbols: Symbols, *expressions: Expression | None) -> list[Cell | Element]:
    """The entries of caches of which the expressions read a field, each once."""
    caches = (Shape.CACHE, Shape.SHARED_CACHE)
    found: dict[Cell | Element, None] = {}
    for part in parts(expressions):
        match part:
            case Part(entry=Load(place=Cell() | Element() as place)):
                if symbols.variables[place.variable].shape in caches:
                    found.setdefault(place)
            case _:
                pass
    return list(found)
