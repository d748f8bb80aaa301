"""What a definition is at one of its calls: its steps with the names that they have there.

Takes steps of a definition and what its names stand for; gives steps of the block that calls it.
Locals of a call have a dot in their names, so no name of the text is the same. What a definition
of the text is made of keeps its place. What one of the prelude is made of has the place of
the step that the call stands in, so that reports show that step, once.
"""

from collections.abc import Callable, Iterable, Iterator
from types import UnionType
from typing import Any

from smtmodel.language import ast
from smtmodel.language.inner_steps import ast_bodies, ast_steps
from smtmodel.language.primitives import PRIMITIVES, Modifying, Writing
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


# ---------------------------------------------------------------- where a call or a loop ends


@record
class StepsEnd:
    """How steps end before their last one: which steps end them, what is left of such a step, and
    who is told where it cannot stand."""

    ends: type | UnionType
    left: Callable[[Any], Steps]
    refuse: Callable[[str, Span], None]
    place: str


def call_ending(result: ast.Name, refuse: Callable[[str, Span], None]) -> StepsEnd:
    """A call ends with a value, which the result gets, or without one."""

    def left(step: ast.Yield | ast.Return) -> Steps:
        if isinstance(step, ast.Return):
            return ()
        return (ast.Assign(result, "=", step.value, step.label, step.span),)

    return StepsEnd(
        ast.Yield | ast.Return, left, refuse, "a call ends at the end of its definition"
    )


def loop_ending(again: ast.Name, ended: int, refuse: Callable[[str, Span], None]) -> StepsEnd:
    """A loop ends where the local that tells whether it goes on has that value."""

    def left(step: ast.Break) -> Steps:
        return (ast.Assign(again, "=", ast.Number(ended, step.span), step.label, step.span),)

    return StepsEnd(ast.Break, left, refuse, "`break` stands at the end of a loop")


def head(step: ast.If | ast.While | ast.Each) -> Span:
    """A step up to the end of its condition, or of the array whose elements it goes through."""
    return step.span.to(step.of_span if isinstance(step, ast.Each) else step.condition.span)


def left_early(body: Steps, test: Steps, again: ast.Name, ended_by: int) -> Steps | None:
    """A round of a loop that may end in the middle, with the test at its end; None where a `break`
    stands where none can."""
    wrong: list[str] = []
    ending = loop_ending(again, ended_by, lambda message, span: wrong.append(message))
    made = ended(body if always_ends(body, ast.Break) else (*body, *test), ending)
    return None if wrong else made


def ended(steps: Steps, ending: StepsEnd) -> Steps:
    """Steps that run to their end: what follows an `if` in which they end stands in its other
    branch."""
    for place, step in enumerate(steps):
        before, rest = steps[:place], steps[place + 1 :]
        if isinstance(step, ending.ends):
            if rest:
                ending.refuse("what follows this step is never done", step.span)
            return (*before, *ending.left(step))
        inner = next(_inside(step, ending), None)
        if inner is None:
            continue
        match step:
            case ast.If():
                ways = _continued(step, rest, inner, ending)
                then, otherwise = (ended(one, ending) for one in ways)
                return (*before, replace(step, then=then, otherwise=otherwise))
            case ast.Either(branches=branches) if not rest:
                made = tuple(ended(one, ending) for one in branches)
                return (*before, replace(step, branches=made))
            case _:
                return _misplaced(inner, ending, steps)
    return steps


def _misplaced(inner: ast.Step, ending: StepsEnd, steps: Steps) -> Steps:
    ending.refuse(f"{ending.place}, or of a branch of an `if` there", inner.span)
    return steps


def _continued(step: ast.If, rest: Steps, inner: ast.Step, ending: StepsEnd) -> tuple[Steps, Steps]:
    """The branches of an `if`, with what follows it in the one in which it goes on."""
    if not rest:
        return step.then, step.otherwise
    stops = always_ends(step.then, ending.ends), always_ends(step.otherwise, ending.ends)
    match stops:
        case (True, True):
            ending.refuse("what follows is never done: both branches end before it", step.span)
        case (True, False):
            return step.then, (*step.otherwise, *rest)
        case (False, True):
            return (*step.then, *rest), step.otherwise
        case _:
            _misplaced(inner, ending, rest)
    return step.then, step.otherwise


def always_ends(steps: Steps, ends: type | UnionType) -> bool:
    """Whether every way through steps is one on which it ends, in one of such steps."""
    return any(
        isinstance(step, ends)
        or (
            isinstance(step, ast.If | ast.Either)
            and all(always_ends(body, ends) for body in ast_bodies(step))
        )
        for step in steps
    )


def _inside(step: ast.Step, ending: StepsEnd) -> Iterator[ast.Step]:
    """The steps inside a step that end what is around it; loops and calls have their own."""
    loops = ast.While | ast.Retry | ast.Each
    own = isinstance(step, ast.Expanded)
    if own or (ending.ends is ast.Break and isinstance(step, loops)):
        return
    for body in ast_bodies(step):
        for one in body:
            if isinstance(one, ending.ends):
                yield one
            yield from _inside(one, ending)


def yields(steps: Steps) -> bool:
    """Whether a call of what is made of these steps has a value."""
    return any(isinstance(one, ast.Yield) for one in ast_steps(steps))


def breaks(steps: Steps) -> bool:
    """Whether a loop with these steps ends in the middle."""
    around, ending = ast.Atomic(steps), StepsEnd(ast.Break, lambda step: (), lambda *told: None, "")
    return next(_inside(around, ending), None) is not None


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


def labelled(label: str | None, steps: Iterable[ast.Step]) -> Steps:
    """Steps of which the first has the label."""
    first, *rest = steps
    return (first if label is None else replace(first, label=label), *rest)
