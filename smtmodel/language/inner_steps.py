"""The steps of a piece of text, with those inside them."""

from collections.abc import Iterator

from smtmodel.language import ast


def ast_steps(steps: tuple[ast.Step, ...]) -> Iterator[ast.Step]:
    """All steps of a piece of text, each before those inside it."""
    waiting = list(reversed(steps))
    while waiting:
        step = waiting.pop()
        yield step
        for body in reversed(ast_bodies(step)):
            waiting.extend(reversed(body))


def ast_bodies(step: ast.Step) -> tuple[tuple[ast.Step, ...], ...]:
    """The sequences of steps directly inside a step of the text."""
    match step:
        case ast.If(then=then, otherwise=otherwise):
            return then, otherwise
        case ast.While(body=body) | ast.Retry(body=body) | ast.Atomic(body=body):
            return (body,)
        case ast.Each(body=body):
            return (body,)
        case ast.Either(branches=branches):
            return branches
        case ast.Expanded(steps=steps):
            return (steps,)
        case _:
            return ()
