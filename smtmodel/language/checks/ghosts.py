"""Refuses a protocol that reads a ghost value.

Ghosts and `settled(E)` are known to the proof and to nobody else: a step that branches on one,
stores it or computes with it would run differently from the code that the protocol stands for.
A local that may hold one, directly or through other locals, is read only by `assert`, `assume`
and assignments to ghosts and to such locals.

Where a ghost may be assigned is the business of `smtmodel.language.checks.ghost_steps`.
"""

from smtmodel.language import ast, codes
from smtmodel.language.checked import (
    And,
    Assert,
    Assume,
    Await,
    Block,
    Element,
    Expression,
    Load,
    Local,
    Mark,
    Or,
    ReadModifyWrite,
    SetLocal,
    Settled,
    Store,
    Through,
)
from smtmodel.language.names_in import names_in, reads_of
from smtmodel.language.symbols import Symbols
from smtmodel.language.walk import expressions_of, inside, operands_of, steps_in
from smtmodel.source import Diagnostic, Span


def ghost_errors(symbols: Symbols, block: ast.Block, checked: Block) -> list[Diagnostic]:
    """The errors of one block; `checked` is the same block with every name looked up."""
    from smtmodel.language.inner_steps import ast_steps

    steps = list(ast_steps(block.steps))
    ghosts = _ghosts(symbols, steps, checked)
    changed = {
        one.where.span
        for one in steps_in(checked.steps)
        if isinstance(one, Store) and one.mark is Mark.GHOST
    }
    wrong = _read_by_steps(checked, ghosts)
    for step in steps if ghosts else []:
        if isinstance(step, ast.Assert | ast.Assume) or _target(step) in ghosts:
            continue
        if step.span in changed:
            continue
        for expression in reads_of(step):
            for name in names_in(expression):
                if name.name in ghosts:
                    wrong.append(_refusal(f"`{name.name}` is a ghost value", name.span))
    return wrong


def _refusal(what: str, span: Span) -> Diagnostic:
    message = f"{what}, unknown to the protocol"
    suggestion = "only `assert`, `assume` and other ghosts read it"
    return Diagnostic(codes.GHOST, message, span, suggestion=suggestion)


def _read_by_steps(checked: Block, ghosts: frozenset[str]) -> list[Diagnostic]:
    """The ghosts that a step reads in any other way than through a local."""
    wrong: list[Diagnostic] = []
    for step in steps_in(checked.steps):
        mine = isinstance(step, Store) and step.mark is Mark.GHOST
        may = mine or isinstance(step, SetLocal | Assert | Assume)
        for expression in expressions_of(step):
            for one in inside(expression):
                if isinstance(one, ReadModifyWrite) and may:
                    parts = [part for operand in operands_of(one) for part in inside(operand)]
                    if any(_ghostly(part, ghosts) for part in parts):
                        wrong.append(_refusal("a ghost value is stored here", one.span))
                elif isinstance(one, Load) and one.mark is Mark.GHOST and not may:
                    wrong.append(_refusal("this is a ghost", one.span))
                if isinstance(one, Load | ReadModifyWrite) and _placed(one, ghosts):
                    wrong.append(_refusal("where this is depends on a ghost value", one.span))
                wrong += [
                    _refusal("whether this is done depends on a ghost value", event.span)
                    for event in _decided(one, ghosts)
                ]
    return wrong


def _placed(access: Load | ReadModifyWrite, ghosts: frozenset[str]) -> bool:
    """Whether a ghost decides where memory is accessed; other ghosts it may choose among."""
    if access.mark is Mark.GHOST:
        return False
    match access.place:
        case Element(index=part) | Through(pointer=part):
            return any(_ghostly(one, ghosts) for one in inside(part))
        case _:
            return False


def _decided(one: Expression, ghosts: frozenset[str]) -> list[Load | ReadModifyWrite]:
    """The accesses to memory that a ghost decides: by the condition that they wait for, or from the
    left of `&&` and `||`."""
    if isinstance(one, Await):
        return [one.load] if any(_ghostly(p, ghosts) for p in inside(one.condition)) else []
    if not isinstance(one, And | Or) or not any(_ghostly(p, ghosts) for p in inside(one.left)):
        return []
    return [
        part
        for part in inside(one.right)
        if isinstance(part, ReadModifyWrite)
        or (isinstance(part, Load) and part.mark is not Mark.GHOST)
    ]


def _ghostly(part: Expression, ghosts: frozenset[str]) -> bool:
    """Whether this is a ghost, or a local that may hold one."""
    if isinstance(part, Local):
        return part.name in ghosts
    return isinstance(part, Load) and part.mark is Mark.GHOST


def _target(step: ast.Step) -> str | None:
    if isinstance(step, ast.Assign) and isinstance(step.target, ast.Name):
        return step.target.name
    return None


def _ghosts(symbols: Symbols, steps: list[ast.Step], checked: Block) -> frozenset[str]:
    """The locals that may hold a ghost value: a fixed point over the assignments."""
    found = {
        one.name
        for one in steps_in(checked.steps)
        if isinstance(one, SetLocal)
        for part in inside(one.value)
        if isinstance(part, Settled) or _ghostly(part, frozenset())
    }
    while True:
        more = {
            step.target.name
            for step in steps
            if isinstance(step, ast.Assign)
            and isinstance(step.target, ast.Name)
            and step.target.name not in symbols.places
            and found & {one.name for one in names_in(step.value)}
        }
        if more <= found:
            return frozenset(found)
        found |= more
