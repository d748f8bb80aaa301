"""The steps of a protocol's text and where each stands, so that they can be edited.

Takes a protocol as parsed; gives its steps with their paths, and protocols in which the steps
at some paths are replaced. Looks no name up: whether an edited protocol means something is
for `smtmodel.language.check` to say.
"""

from collections.abc import Iterator, Mapping

from smtmodel.language import ast
from smtmodel.language.inner_steps import ast_bodies
from smtmodel.source.record import record, replace

Path = tuple[int, ...]
"""Where a step stands in its block: its index, or that of the step around it, then the number
of the body inside that step, then the index in it, and so on."""


@record
class Spot:
    """A step of a block or a definition, which `block` names. `last`: no step follows it in its
    body; `around`: the step that it stands in."""

    block: str
    path: Path
    step: ast.Step
    last: bool
    around: ast.Step | None

    @property
    def next(self) -> Path:
        """Where the step after it in its body stands."""
        return (*self.path[:-1], self.path[-1] + 1)


WithSteps = ast.Block | ast.Definition
"""What has steps that can be edited; those of a definition are those of all its calls."""

Edits = Mapping[tuple[str, Path], tuple[ast.Step, ...]]
"""For some steps, by block and path, the steps that take their place."""


def spots(block: WithSteps) -> Iterator[Spot]:
    """All steps of a block or a definition, each before those inside it."""
    yield from _spots(block.name, block.steps, (), None)


def _spots(
    block: str, steps: tuple[ast.Step, ...], prefix: Path, around: ast.Step | None
) -> Iterator[Spot]:
    for index, step in enumerate(steps):
        path = (*prefix, index)
        yield Spot(block, path, step, index + 1 == len(steps), around)
        for number, body in enumerate(ast_bodies(step)):
            yield from _spots(block, body, (*path, number), step)


def edited(protocol: ast.Protocol, edits: Edits) -> ast.Protocol:
    """The protocol with these steps replaced; a step inside a replaced one is gone with it."""
    items = (
        replace(item, steps=_edited(item.steps, item.name, (), edits))
        if isinstance(item, WithSteps)
        else item
        for item in protocol.items
    )
    return replace(protocol, items=tuple(items))


def _edited(
    steps: tuple[ast.Step, ...], block: str, prefix: Path, edits: Edits
) -> tuple[ast.Step, ...]:
    found: list[ast.Step] = []
    for index, step in enumerate(steps):
        path = (*prefix, index)
        if (block, path) in edits:
            found += edits[block, path]
            continue
        inner = tuple(
            _edited(body, block, (*path, number), edits)
            for number, body in enumerate(ast_bodies(step))
        )
        found.append(_with_bodies(step, inner))
    return tuple(found)


def _with_bodies(step: ast.Step, inner: tuple[tuple[ast.Step, ...], ...]) -> ast.Step:
    match step:
        case ast.If():
            return replace(step, then=inner[0], otherwise=inner[1])
        case ast.While() | ast.Retry() | ast.Each() | ast.Atomic():
            return replace(step, body=inner[0])
        case ast.Either():
            return replace(step, branches=inner)
        case _:
            return step
