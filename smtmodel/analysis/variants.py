"""A protocol with one thing changed: a step left out, said twice, or in another place.

Takes a protocol as parsed and its text; gives variants, each checked again like any protocol:
one that is no protocol any more says why not. Properties, bounds and ghost steps are never
changed, because they are what is claimed and not what is done. Decides nothing.
"""

from collections.abc import Iterator
from itertools import groupby

from smtmodel.analysis.claims import Claims
from smtmodel.analysis.editing import Edits, Path, Spot, WithSteps, edited, spots
from smtmodel.analysis.moves import Moved, Moves, is_idle
from smtmodel.analysis.pairs import begun, ends_of, is_end
from smtmodel.analysis.words import Mutation
from smtmodel.language import ast
from smtmodel.language.check import check
from smtmodel.language.checked import Checked
from smtmodel.language.codes import NEVER_READ, UNUSED
from smtmodel.language.constants import without_constants
from smtmodel.language.names_in import parts_of
from smtmodel.language.primitives import PRIMITIVES, Reading, Testing
from smtmodel.language.quote import Quotes, quotes
from smtmodel.language.step_names import StepNames
from smtmodel.models import Model
from smtmodel.source import Diagnostic, Text
from smtmodel.source.record import record, replace


@record
class Written:
    """A step as it stands in the file: its line, what it is called, and its text."""

    line: int
    name: str
    text: str


@record
class Variant:
    """One change.

    `steps` are the changed steps; of a change of order the one that is moved, the one that it
    is put next to, and those that are moved with it. `part` is the condition that is left out by
    PART, or what stands in the place of a step that is WEAKER. `also` are steps that had to go too
    because nothing reads what they assign any more.
    `turned` are the pairs that change places, each in the order of the text. `protocol` is None
    where the rest is no protocol: `refused` says why.
    """

    change: Mutation
    block: str
    steps: tuple[Written, ...]
    part: str
    also: tuple[Written, ...]
    turned: frozenset[tuple[Written, Written]]
    protocol: Checked | None
    refused: str = ""

    @property
    def lines(self) -> tuple[int, ...]:
        """The lines of the steps."""
        return tuple(one.line for one in self.steps)

    @property
    def texts(self) -> tuple[str, ...]:
        """The steps as they are written."""
        return tuple(one.text for one in self.steps)

    @property
    def names(self) -> tuple[str, ...]:
        """What the steps are called."""
        return tuple(one.name for one in self.steps)


def variants(protocol: ast.Protocol, text: Text, base: Checked, model: Model) -> Iterator[Variant]:
    """All variants that differ from the protocol under a model, in the order of the file.

    `base` is the protocol checked; its bounds, which need not be the file's, are everybody's.
    """
    maker = _Maker(protocol, text, base, model)
    for item in maker.protocol.items:
        if isinstance(item, WithSteps):
            yield from maker.of_block(item)


class Rechecking:
    """A protocol of which changed texts are checked as its own was; `protocol` is what is changed.

    The use of a constant may go with a step, and the constant is then no mistake; nor is it one to
    expect something of a property that speaks of the step.
    """

    def __init__(self, protocol: ast.Protocol, text: Text, base: Checked) -> None:
        bare = without_constants(protocol)
        items = tuple(one for one in bare.items if not isinstance(one, ast.Expect))
        self.protocol = replace(bare, items=items)
        self.text = text
        self.base = base
        self.quotes = quotes(text)
        self.names = StepNames(base)
        # The only call of a definition may go with a step, or the only use of a parameter.
        definitions = [item for item in items if isinstance(item, ast.Definition)]
        unused = [one.span for one in definitions]
        unused += [one.span for definition in definitions for one in definition.parameters]
        self.excused = (*base.excused, *(Diagnostic(UNUSED, "", span) for span in unused))

    def checked(self, protocol: ast.Protocol) -> Checked | tuple[Diagnostic, ...]:
        """A changed text with what is not its own: the bounds, and what is expected."""
        found = check(protocol, self.text, self.excused)
        if isinstance(found, tuple):
            return found
        base = self.base
        own = {"bounds": base.bounds, "expectations": base.expectations, "variant": base.variant}
        return replace(found, **own)

    def written(self, spot: Spot) -> Written:
        """A step, of which one with steps inside has only its beginning as text."""
        span = spot.step.span
        return Written(span.line, self.names.at(span), head(self.quotes, spot.step))


@record
class _Draft:
    """A change before it is made."""

    change: Mutation
    spots: tuple[Spot, ...]
    edits: Edits
    part: str = ""
    turned: tuple[tuple[Spot, Spot], ...] = ()


class _Maker(Rechecking):
    """Makes the variants of one protocol."""

    def __init__(self, protocol: ast.Protocol, text: Text, base: Checked, model: Model) -> None:
        super().__init__(protocol, text, base)
        self.claims = Claims(self.protocol)
        self.model = model
        self.moves = Moves(self.protocol, model)

    def of_block(self, block: WithSteps) -> Iterator[Variant]:
        """The variants of a block, or of a definition for all its calls."""
        found = list(spots(block))
        orders = self._orders(block, found)
        for place, spot in enumerate(found):
            # A barrier without effect would be said not to be needed, of which nothing is known.
            if not self.claims.has(spot.step) and not is_idle(spot.step, self.model):
                for plan in (*self._plans(found, place), *orders.get(spot.path, ())):
                    made = self._made(plan)
                    if made.protocol is None:
                        # Of steps that stand apart it is not known before that they may change
                        # places: what cannot is not tried, as what depends on each other is not.
                        if plan.change not in (Mutation.LATER, Mutation.EARLIER):
                            yield made
                    elif made.protocol != self.base:
                        yield made

    # ------------------------------------------------------------ plans

    def _plans(self, found: list[Spot], place: int) -> Iterator[_Draft]:
        spot = found[place]
        step, key = spot.step, (spot.block, spot.path)
        match step:
            case ast.If(condition=condition, then=then, otherwise=otherwise):
                yield _Draft(Mutation.ALWAYS, (spot,), {key: (*_effects(condition), *then)})
                yield _Draft(Mutation.NEVER, (spot,), {key: (*_effects(condition), *otherwise)})
                yield from self._parts(spot, condition)
            case ast.While(condition=condition):
                yield _Draft(Mutation.NEVER, (spot,), {key: _effects(condition)})
                yield from self._parts(spot, condition)
            case ast.Retry(condition=condition, body=body):
                yield _Draft(Mutation.ONCE, (spot,), {key: (*body, *_effects(condition))})
                yield from self._parts(spot, condition)
            case ast.Atomic(body=body):
                yield _Draft(Mutation.SPLIT, (spot,), {key: body})
            case ast.Yield():
                return
            case ast.Assume(condition=condition):
                yield _Draft(Mutation.DROP, (spot,), {key: _effects(condition)})
                yield from self._parts(spot, condition)
            case _:
                yield from self._simple(found, place)

    def _orders(self, block: WithSteps, found: list[Spot]) -> dict[Path, list[_Draft]]:
        """The changes of order, by the place of the step that is moved."""
        drafts: dict[Path, list[_Draft]] = {}
        for _, group in groupby(sorted(found, key=_body), _body):
            body = [*group]
            for moved in self.moves.of(block, tuple(spot.step for spot in body)):
                drafts.setdefault(body[moved.moved[0]].path, []).append(_reordered(body, moved))
        return drafts

    def _simple(self, found: list[Spot], place: int) -> Iterator[_Draft]:
        spot = found[place]
        key = (spot.block, spot.path)
        begins = begun(spot.step)
        if begins is not None:
            ends = ends_of(found[place + 1 :], begins)
            edits: Edits = {key: (), **{(one.block, one.path): () for one in ends}}
            yield _Draft(Mutation.PAIR, (spot, *ends), edits)
        elif not is_end(spot.step):
            if not _is_all_of_a_condition(spot):  # else that is tried as if never true
                yield _Draft(Mutation.DROP, (spot,), {(spot.block, _whole(spot)): ()})
            if not isinstance(spot.step, ast.Return | ast.Break | ast.Either | ast.Each):
                copy = replace(spot.step, label=None)
                yield _Draft(Mutation.TWICE, (spot,), {key: (spot.step, copy)})

    def _parts(self, spot: Spot, condition: ast.Expression) -> Iterator[_Draft]:
        """The step without one side of a `&&` or `||` in its condition."""
        for less, left_out in _without_a_side(condition):
            edited_step = replace(spot.step, condition=less)
            part = self.quotes.at(left_out.span)
            yield _Draft(Mutation.PART, (spot,), {(spot.block, spot.path): (edited_step,)}, part)

    # ------------------------------------------------------------ making

    def _made(self, plan: _Draft) -> Variant:
        protocol = edited(self.protocol, plan.edits)
        found = self.checked(protocol)
        also: list[Written] = []
        while isinstance(found, tuple):
            more = self._unread(protocol, found)
            if not more:
                break
            also += [self.written(spot) for spot, after in more if not after]
            protocol = edited(protocol, {(one.block, one.path): after for one, after in more})
            found = self.checked(protocol)
        refused = refusal(found) if isinstance(found, tuple) else ""
        return Variant(
            plan.change,
            plan.spots[0].block,
            tuple(map(self.written, plan.spots)),
            plan.part,
            tuple(sorted(also, key=lambda one: (one.line, one.name))),
            frozenset((self.written(a), self.written(b)) for a, b in plan.turned),
            None if isinstance(found, tuple) else found,
            refused,
        )

    def _unread(
        self, protocol: ast.Protocol, wrong: tuple[Diagnostic, ...]
    ) -> list[tuple[Spot, tuple[ast.Step, ...]]]:
        """The assignments to locals that nothing reads, if nothing else is wrong; what has an
        effect besides stays as a step of its own."""
        if any(one.code != NEVER_READ for one in wrong):
            return []
        places = {one.span for one in wrong}
        found: list[tuple[Spot, tuple[ast.Step, ...]]] = []
        for item in protocol.items:
            if isinstance(item, WithSteps):
                own = list(spots(item))
                names = {n.name for n in map(_local, own) if n is not None and n.span in places}
                for spot in own:
                    local = _local(spot)
                    if local is not None and local.name in names:
                        assert isinstance(spot.step, ast.Assign)
                        found.append((spot, _effects(spot.step.value)))
        return found


def head(quoted: Quotes, step: ast.Step) -> str:
    """A step of the text on one line; of one with steps inside only its beginning."""
    match step:
        case ast.If(condition=condition) | ast.While(condition=condition):
            return quoted.head(step.span, condition.span)[0]
        case ast.Retry(condition=condition):
            return f"retry … until ({quoted.at(condition.span)})"
        case ast.Each(of_span=of_span):
            return quoted.head(step.span, of_span)[0]
        case ast.Either() | ast.Atomic():
            return quoted.at(quoted.word(step.span))
        case _:
            return quoted.at(step.span)


# ---------------------------------------------------------------- orders


def _body(spot: Spot) -> Path:
    """Which body a step stands in."""
    return spot.path[:-1]


def _reordered(body: list[Spot], moved: Moved) -> _Draft:
    """The change that a new order is."""
    first, *others = moved.moved
    near = len(moved.turned) == 1 and len(moved.moved) == 1 and moved.is_later
    change = Mutation.SWAP if near else Mutation.LATER if moved.is_later else Mutation.EARLIER
    edits: Edits = {
        (body[place].block, body[place].path): (body[index].step,)
        for place, index in enumerate(moved.order)
        if place != index
    }
    spots_ = tuple(body[index] for index in (first, moved.past, *others))
    turned = tuple((body[a], body[b]) for a, b in sorted(moved.turned))
    return _Draft(change, spots_, edits, turned=turned)


# ---------------------------------------------------------------- what steps are


def _local(spot: Spot) -> ast.Name | None:
    """The plain name that a step assigns to."""
    step = spot.step
    return (
        step.target if isinstance(step, ast.Assign) and isinstance(step.target, ast.Name) else None
    )


def _is_all_of_a_condition(spot: Spot) -> bool:
    """Whether a step is the only one that a condition decides about."""
    alone = spot.last and spot.path[-1] == 0
    match spot.around:
        case ast.If(otherwise=otherwise):
            return alone and not otherwise
        case _:
            return False


def _whole(spot: Spot) -> Path:
    """The place of a step, with the atomic block around it that is nothing without it."""
    alone = spot.last and spot.path[-1] == 0
    return spot.path[:-2] if alone and isinstance(spot.around, ast.Atomic) else spot.path


def _effects(value: ast.Expression) -> tuple[ast.Step, ...]:
    """What is left of an expression when its value is not wanted: a step, or nothing where it
    only reads."""
    if all(isinstance(PRIMITIVES.get(name), Reading | Testing) for name in _called(value)):
        return ()
    if isinstance(value, ast.Call):
        return (ast.Do(value, None, value.span),)
    return (ast.If(value, (), (), None, value.span),)


def _called(value: ast.Expression) -> Iterator[str]:
    """The names of all that an expression calls."""
    if isinstance(value, ast.Call):
        yield value.name
    for part in parts_of(value):
        yield from _called(part)


def _without_a_side(
    condition: ast.Expression,
) -> Iterator[tuple[ast.Expression, ast.Expression]]:
    """The condition without one operand of a `&&` or `||`, and that operand."""
    match condition:
        case ast.Binary(operator="&&" | "||" as operator, left=left, right=right):
            yield _neutral(condition, operator, left, right), left
            yield _neutral(condition, operator, right, left), right
            for less, out in _without_a_side(left):
                yield replace(condition, left=less), out
            for less, out in _without_a_side(right):
                yield replace(condition, right=less), out
        case ast.Unary(operator="!", operand=operand):
            for less, out in _without_a_side(operand):
                yield replace(condition, operand=less), out
        case _:
            return


def _neutral(
    condition: ast.Binary, operator: str, out: ast.Expression, rest: ast.Expression
) -> ast.Expression:
    """The condition in which one side makes no difference but for what it does besides."""
    if not _effects(out):
        return rest
    other, value = ("||", 1) if operator == "&&" else ("&&", 0)
    done = ast.Binary(other, out, ast.Number(value), out.span)
    return replace(condition, **{"left" if out is condition.left else "right": done})


def refusal(wrong: tuple[Diagnostic, ...]) -> str:
    first = next((one for one in wrong if one.code != NEVER_READ), wrong[0])
    return f"{first.message} [{first.code.name}]"
