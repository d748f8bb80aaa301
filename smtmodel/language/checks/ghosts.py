"""Refuses a protocol that reads a ghost value.

`settled(E)` is known to the proof and to nobody else: a step that branches on it, stores it
or computes with it would run differently from the code that the protocol stands for. A local
that may hold it, directly or through other locals, is read only by `assert`, `assume` and
assignments to such locals.
"""

from smtmodel.language import ast
from smtmodel.language.codes import locals
from smtmodel.language.names_in import names_in, parts_of, reads_of
from smtmodel.language.symbols import Symbols
from smtmodel.source import Diagnostic


def ghost_errors(symbols: Symbols, block: ast.Block) -> list[Diagnostic]:
    """The errors of one block."""
    steps = _flat(block.steps)
    ghosts = _ghosts(symbols, steps)
    wrong: list[Diagnostic] = []
    for step in steps if ghosts else []:
        if isinstance(step, ast.Assert | ast.Assume) or _target(step) in ghosts:
            continue
        for expression in reads_of(step):
            for name in names_in(expression):
                if name.name in ghosts:
                    message = f"`{name.name}` is a ghost value, unknown to the protocol"
                    suggestion = "only `assert` and `assume` read it"
                    wrong.append(
                        Diagnostic(locals.GHOST, message, name.span, suggestion=suggestion)
                    )
    return wrong


def _target(step: ast.Step) -> str | None:
    if isinstance(step, ast.Assign) and isinstance(step.target, ast.Name):
        return step.target.name
    return None


def _flat(steps: tuple[ast.Step, ...]) -> list[ast.Step]:
    from smtmodel.language.steps import ast_bodies

    found: list[ast.Step] = []
    waiting = list(reversed(steps))
    while waiting:
        step = waiting.pop()
        found.append(step)
        for body in reversed(ast_bodies(step)):
            waiting.extend(reversed(body))
    return found


def _ghosts(symbols: Symbols, steps: list[ast.Step]) -> frozenset[str]:
    """The locals that may hold a ghost value: a fixed point over the assignments."""
    found: set[str] = set()
    while True:
        more = {
            step.target.name
            for step in steps
            if isinstance(step, ast.Assign)
            and isinstance(step.target, ast.Name)
            and step.target.name not in symbols.places
            and (_settles(step.value) or found & {one.name for one in names_in(step.value)})
        }
        if more <= found:
            return frozenset(found)
        found |= more


def _settles(value: ast.Expression) -> bool:
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, ast.Call) and one.name == "settled":
            return True
        waiting.extend(parts_of(one))
    return False
