"""Refuses locals that may be read before they are assigned, and locals that are never read.

A local that is read unassigned would have some value of the tool's choosing, and the verdict
would speak of that value. A local that nothing reads is most often a misspelt shared name or
a forgotten `p.`: the bump that the author sees is then not in the protocol at all. Reading a
local only to assign it again (`n = n + 1`) is not counted as reading it.

Takes the block of the text, whose names have places; says nothing about names of shared
things.
"""

from smtmodel.language import ast, codes
from smtmodel.language.checked import Struct, Variable
from smtmodel.language.locals import saved_flags
from smtmodel.language.names_in import names_in, parts_of, reads_of
from smtmodel.language.symbols import Symbols
from smtmodel.language.types import Cookie, Plain, Type
from smtmodel.source import Diagnostic

_Assigned = frozenset[str] | None
"""The locals that are assigned on every path to here; None where no path comes."""


def assignment_errors(
    symbols: Symbols,
    block: ast.Block,
    written: ast.Block,
    types: dict[str, Type],
    named: frozenset[str],
) -> list[Diagnostic]:
    """The errors of one block; `named` are its locals that properties read.

    Assigned is what the block assigns with its calls replaced by their steps, never read what
    the text itself, `written`, does not read: that a call reads its own result counts not.
    """
    wrong: list[Diagnostic] = []
    _sequence(block.steps, frozenset(), frozenset(types), wrong)
    read = read_names(written.steps) | named
    seen: set[str] = set()
    for target in targets(written.steps):
        name = target.name
        if name in symbols.places or name in seen:
            continue
        seen.add(name)
        if name not in read and _has_value(types.get(name)) and not name.startswith("_"):
            message = f"`{name}` is assigned but never read"
            suggestion = _meant(symbols, name) or ACCESS_ALONE.format(name)
            wrong.append(Diagnostic(codes.NEVER_READ, message, target.span, suggestion=suggestion))
    return wrong


ACCESS_ALONE = "write `READ_ONCE(…)` alone, or `_{}`, if the access itself is what matters"


def _has_value(type_: Type | None) -> bool:
    """Cookies need not be read, and what an error left of a local says nothing."""
    return not isinstance(type_, Cookie) and type_ is not Plain.UNKNOWN


def _meant(symbols: Symbols, name: str) -> str:
    """A shared name that the local may stand for."""
    from smtmodel.language.suggest import suggest

    declared: tuple[Struct | Variable, ...]
    declared = (*symbols.structs.values(), *symbols.variables.values())
    holders = [one.name for one in declared if name in one.fields]
    if holders:
        return f"`{name}` is a field of `{holders[0]}`; write `….{name}` to assign it"
    return suggest(name, symbols.variables)


def named_locals(protocol: ast.Protocol) -> dict[str, frozenset[str]]:
    """For each block the locals that properties of final states name."""
    found: dict[str, set[str]] = {}
    waiting: list[ast.Expression] = []
    for item in protocol.items:
        if isinstance(item, ast.Never):
            waiting += [item.bad] if item.condition is None else [item.bad, item.condition]
        elif isinstance(item, ast.Reach) and not isinstance(item.goal, ast.AtLabel):
            waiting.append(item.goal)
    while waiting:
        one = waiting.pop()
        match one:
            case ast.Field(base=ast.Index(base=ast.Name(block)), name=name):
                found.setdefault(block, set()).add(name)
            case _:
                pass
        waiting.extend(parts_of(one))
    return {block: frozenset(names) for block, names in found.items()}


# ---------------------------------------------------------------- never read


def _all_steps(steps: tuple[ast.Step, ...]) -> list[ast.Step]:
    found: list[ast.Step] = []
    waiting = list(reversed(steps))
    while waiting:
        step = waiting.pop()
        found.append(step)
        match step:
            case ast.If(then=then, otherwise=otherwise):
                waiting.extend(reversed((*then, *otherwise)))
            case ast.While(body=body) | ast.Retry(body=body) | ast.Atomic(body=body):
                waiting.extend(reversed(body))
            case ast.Each(body=body):
                waiting.extend(reversed(body))
            case ast.Either(branches=branches):
                waiting.extend(reversed([one for branch in branches for one in branch]))
            case _:
                pass
    return found


def targets(steps: tuple[ast.Step, ...]) -> list[ast.Name]:
    """The names on left sides, as often as they stand there."""
    return [
        step.target
        for step in _all_steps(steps)
        if isinstance(step, ast.Assign) and isinstance(step.target, ast.Name)
    ]


def read_names(steps: tuple[ast.Step, ...]) -> frozenset[str]:
    """The names that some step reads for more than their own next value."""
    found: set[str] = set()
    for step in _all_steps(steps):
        own = ""
        if isinstance(step, ast.Assign) and isinstance(step.target, ast.Name):
            own = step.target.name
        for expression in reads_of(step):
            found |= {name.name for name in names_in(expression)} - {own}
    return frozenset(found)


# ---------------------------------------------------------------- assigned on every path


def _sequence(
    steps: tuple[ast.Step, ...],
    assigned: _Assigned,
    known: frozenset[str],
    wrong: list[Diagnostic],
) -> _Assigned:
    for step in steps:
        assigned = _step(step, assigned, known, wrong)
    return assigned


def _step(
    step: ast.Step, assigned: _Assigned, known: frozenset[str], wrong: list[Diagnostic]
) -> _Assigned:
    if not isinstance(step, ast.Retry):
        _reads(step, assigned, known, wrong)
    match step:
        case ast.Assign(target=ast.Name(name)):
            return None if assigned is None else assigned | {name}
        case ast.Do(call=call):
            return None if assigned is None else assigned.union(saved_flags(call))
        case ast.Return() | ast.Break():
            return None
        case ast.If(then=then, otherwise=otherwise):
            return _join(
                _sequence(then, assigned, known, wrong),
                _sequence(otherwise, assigned, known, wrong),
            )
        case ast.While(body=body):
            _sequence(body, assigned, known, wrong)
            return assigned
        case ast.Retry(body=body):
            after = _sequence(body, assigned, known, wrong)
            _reads(step, after, known, wrong)
            return after
        case ast.Each(name=name, body=body):  # an array has at least one element
            known_inside = None if assigned is None else assigned | {name}
            after = _sequence(body, known_inside, known, wrong)
            return None if after is None else after - {name}
        case ast.Either(branches=branches):
            after = None
            for branch in branches:
                after = _join(after, _sequence(branch, assigned, known, wrong))
            return after
        case ast.Atomic(body=body) | ast.Expanded(steps=body):
            return _sequence(body, assigned, known, wrong)
        case _:
            return assigned


def _join(left: _Assigned, right: _Assigned) -> _Assigned:
    if left is None or right is None:
        return right if left is None else left
    return left & right


def _reads(
    step: ast.Step, assigned: _Assigned, known: frozenset[str], wrong: list[Diagnostic]
) -> None:
    if assigned is None:
        return
    for expression in reads_of(step):
        for name in names_in(expression):
            if name.name in known and name.name not in assigned:
                own = name.name.rpartition(".")[2]
                message = f"`{own}` may be read before it is assigned"
                wrong.append(Diagnostic(codes.UNASSIGNED, message, name.span))
