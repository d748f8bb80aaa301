"""What a definition is at one of its calls: its steps with the names that they have there.

Takes steps of a definition and what its names stand for; gives steps of the block that calls it.
Locals of a call have a dot in their names, so no name of the text is the same. What a definition
of the text is made of keeps its place. What one of the prelude is made of has the place of
the step that the call stands in, so that reports show that step, once.
"""

from collections.abc import Callable
from typing import Any

from smtmodel.language import ast
from smtmodel.language.primitives import PRIMITIVES, Modifying, Writing
from smtmodel.language.steps import ast_bodies, ast_steps
from smtmodel.source import Span
from smtmodel.source.record import parts, record, replace, rewritten

Steps = tuple[ast.Step, ...]


@record
class CallSite:
    """One call: what the parameters and the locals of the definition stand for.

    `labels` is what the labels of its steps begin with. Of a definition of the prelude `span` is
    the place of the call and `at` that of the step in which it stands.
    """

    names: dict[str, ast.Expression]
    labels: str
    span: Span | None = None
    at: Span | None = None

    def step(self, step: ast.Step) -> ast.Step:
        """A step of the definition as it is at the call."""
        return self._instead(step) or rewritten(step, self._instead)

    def _instead(self, part: Any) -> Any:
        if isinstance(part, ast.Name) and part.name in self.names:
            given = self.names[part.name]
            return given if self.span else replace(given, span=part.span)
        changes: dict[str, object] = {}
        if isinstance(part, ast.Each):
            changes |= {"name": self._named(part.name), "of": self._named(part.of)}
        if getattr(part, "label", None) is not None:
            changes["label"] = f"{self.labels}.{part.label}"
        if self.span and hasattr(part, "span"):
            changes["span"] = self.at if isinstance(part, ast.Step) else self.span
            changes |= {"name_span": self.span} if hasattr(part, "name_span") else {}
        return rewritten(replace(part, **changes), self._instead) if changes else None

    def _named(self, name: str) -> str:
        """The name of a local or an array at the call."""
        given = self.names.get(name)
        return given.name if isinstance(given, ast.Name) else name


# ---------------------------------------------------------------- where a call ends

Refused = Callable[[str, Span], None]
"""Reports that a call cannot end there."""


def ended(steps: Steps, result: ast.Name, refuse: Refused) -> Steps:
    """The steps of a definition as steps that run to their end: a `yield` assigns the result,
    and what follows an `if` in which the call ends stands in its other branch."""
    for place, step in enumerate(steps):
        before, rest = steps[:place], steps[place + 1 :]
        if isinstance(step, ast.Yield | ast.Return):
            if rest:
                refuse("what follows is never done: the call has ended here", step.span)
            return (*before, *_last(step, result))
        if not _ends_inside(step):
            continue
        match step:
            case ast.If():
                then, otherwise = _continued(step, rest, refuse)
                ways = ended(then, result, refuse), ended(otherwise, result, refuse)
                return (*before, replace(step, then=ways[0], otherwise=ways[1]))
            case ast.Either(branches=branches) if not rest:
                made = tuple(ended(one, result, refuse) for one in branches)
                return (*before, replace(step, branches=made))
            case _:
                inner = next(one for one in ast_steps((step,)) if _is_end(one))
                refuse(_OUT_OF_PLACE, inner.span)
                return steps
    return steps


_OUT_OF_PLACE = "a call ends at the end of its definition, or of a branch of an `if` there"


def _last(step: ast.Yield | ast.Return, result: ast.Name) -> Steps:
    """What is left of the step that ends a call."""
    if isinstance(step, ast.Return):
        return ()
    return (ast.Assign(result, "=", step.value, step.label, step.span),)


def _continued(step: ast.If, rest: Steps, refuse: Refused) -> tuple[Steps, Steps]:
    """The branches of an `if`, with what follows it in the one in which the call goes on."""
    if not rest:
        return step.then, step.otherwise
    if always_ends(step.then):
        if always_ends(step.otherwise):
            refuse("what follows is never done: the call ends in both branches", step.span)
        return step.then, (*step.otherwise, *rest)
    if always_ends(step.otherwise):
        return (*step.then, *rest), step.otherwise
    inner = next(one for one in ast_steps((step,)) if _is_end(one))
    refuse(_OUT_OF_PLACE, inner.span)
    return step.then, step.otherwise


def always_ends(steps: Steps, ends: object = ast.Yield | ast.Return) -> bool:
    """Whether every way through steps is one on which the call ends, in one of these steps."""
    return any(_always(step, ends) for step in steps)


def _always(step: ast.Step, ends: object) -> bool:
    match step:
        case ast.Yield() | ast.Return():
            return isinstance(step, ends)  # type: ignore[arg-type]
        case ast.If() | ast.Either():
            return all(always_ends(body, ends) for body in ast_bodies(step))
        case _:
            return False


def _ends_inside(step: ast.Step) -> bool:
    return any(_is_end(one) for one in ast_steps((step,)))


def _is_end(step: ast.Step) -> bool:
    return isinstance(step, ast.Yield | ast.Return)


def yields(steps: Steps) -> bool:
    """Whether a call of what is made of these steps has a value."""
    return any(isinstance(one, ast.Yield) for one in ast_steps(steps))


# ---------------------------------------------------------------- values around a call


def is_idle(definition: ast.Definition) -> bool:
    """Whether the value of the definition may be left unused: it makes no event of its own."""
    names = {one.name for one in definition.parameters if one.location}
    return not any(
        isinstance(one, ast.Call) or (isinstance(one, ast.Name) and one.name in names)
        for one in parts(definition.value)
    )


def takes_address(expression: ast.Expression, place: int) -> bool:
    """Whether the address of an operand is taken, by a call or to find an element."""
    if isinstance(expression, ast.Index):
        return place == 0
    found = PRIMITIVES.get(expression.name) if isinstance(expression, ast.Call) else None
    match found:
        case Writing():
            return place == 0
        case Modifying(place=own):
            return place == own
        case _:
            return False


def truth(value: ast.Expression) -> ast.Expression:
    """1 or 0, as `&&` and `||` make it of a value."""
    match value:
        case ast.Unary("!") | ast.Binary("==" | "!=" | "<" | "<=" | ">" | ">=" | "&&" | "||"):
            return value
        case _:
            return ast.Unary("!", ast.Unary("!", value, value.span), value.span)
