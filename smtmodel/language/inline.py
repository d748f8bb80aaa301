"""Replaces calls of what the prelude defines by their steps.

Takes a protocol of the text; gives one that calls primitives only. A call stands alone, as the
whole right side of `=`, or as a whole condition, perhaps negated; the steps that it is made of have
the place of the step that the call stands in, so that reports show that step, once. Any other call
is left where it is, for
`smtmodel.language.misuse` to say what is wrong with it. Looks up nothing but which names are
shared.

Arguments that read shared state are evaluated first, from left to right, into locals of the
call, of a location what its address needs: a definition may use a parameter twice, and the
place would otherwise be found twice. One that is `late` is evaluated before the first step that
uses it. Locals of a call have a dot in their names, so no name
of the text is the same. A call that is assigned to a local uses that local instead of its own.
"""

from collections.abc import Iterable

from smtmodel.language import ast
from smtmodel.language.locals import assigned_names
from smtmodel.language.names_in import names_in, parts_of
from smtmodel.language.primitives import AWAITED, PRIMITIVES
from smtmodel.language.quote import first_word
from smtmodel.source import Span
from smtmodel.source.record import field, parts, record, replace

_Steps = tuple[ast.Step, ...]


@record
class Inlined:
    """`calls` are those that were replaced, each with its definition, in the order of the text."""

    protocol: ast.Protocol
    calls: tuple[tuple[ast.Call, ast.Definition], ...] = ()


def inline(protocol: ast.Protocol) -> Inlined:
    """The protocol without calls of definitions; the same one if there are none."""
    blocks = [item for item in protocol.items if isinstance(item, ast.Block)]
    called = {
        one.name for block in blocks for one in parts(block.steps) if isinstance(one, ast.Call)
    }
    if called <= PRIMITIVES.keys():
        return Inlined(protocol)
    from smtmodel.language.prelude import prelude

    inliner = _Inliner(prelude(), *_shared(protocol))
    items = tuple(
        inliner.block(item) if isinstance(item, ast.Block) else item for item in protocol.items
    )
    return Inlined(replace(protocol, items=items), tuple(inliner.calls))


def _shared(protocol: ast.Protocol) -> tuple[frozenset[str], frozenset[str]]:
    """The shared variables, and those of them whose fields need no pointer to be found."""
    found = [item for item in protocol.items if isinstance(item, ast.Variable | ast.Cache)]
    return (
        frozenset(item.name for item in found),
        frozenset(item.name for item in found if item.fields),
    )


@record
class _Call:
    """One call: what its parameters stand for, and its locals.

    `at` is the place of the step that it stands in, as its row shows it; `target` is the local of
    the text that the call is assigned to, in the place of `result`.
    """

    span: Span
    at: Span
    names: dict[str, ast.Expression]
    result: str = ""
    target: ast.Name | None = None


@record(frozen=False)
class _Inliner:
    definitions: dict[str, ast.Definition]
    shared: frozenset[str]
    structs: frozenset[str]
    calls: list[tuple[ast.Call, ast.Definition]] = field(default_factory=list)
    used: dict[str, int] = field(default_factory=dict)  # calls in this block, by name

    def block(self, block: ast.Block) -> ast.Block:
        """The same block without calls of definitions."""
        self.used = {}
        return replace(block, steps=self._steps(block.steps))

    def _steps(self, steps: _Steps) -> _Steps:
        return tuple(made for step in steps for made in self._step(step))

    def _step(self, step: ast.Step) -> _Steps:
        """What stands in the place of a step; its label is that of the first."""
        match step:
            case ast.Do(call=call) if self._fits(call, alone=True):
                before, _ = self._expand(call, None, step.span)
                return _labelled(step.label, before)
            case ast.Assign(target, "=", value):
                before, value = self._value(value, step.span, target)
                if before and value == target:
                    return _labelled(step.label, before)
                return _labelled(step.label, (*before, replace(step, value=value, label=None)))
            case ast.If():
                before, tested = self._value(step.condition, _head(step))
                then, otherwise = self._steps(step.then), self._steps(step.otherwise)
                last = replace(step, condition=tested, then=then, otherwise=otherwise, label=None)
                return _labelled(step.label, (*before, last))
            case ast.While():
                # Tested before the first round and after each: so are the steps of the test.
                before, tested = self._value(step.condition, _head(step))
                body = (*self._steps(step.body), *before)
                loop = replace(step, condition=tested, body=body, label=None)
                return _labelled(step.label, (*before, loop))
            case ast.Retry():
                body = self._steps(step.body)
                before, tested = self._value(step.condition, first_word(step.span, "retry"))
                return (replace(step, condition=tested, body=(*body, *before)),)
            case ast.Assume():
                before, tested = self._value(step.condition, step.span)
                return _labelled(step.label, (*before, replace(step, condition=tested, label=None)))
            case ast.Assert():
                # Its label is the name of a property.
                before, tested = self._value(step.condition, step.span)
                return (*before, replace(step, condition=tested))
            case ast.Either():
                return (replace(step, branches=tuple(self._steps(one) for one in step.branches)),)
            case ast.Atomic() | ast.Each():
                return (replace(step, body=self._steps(step.body)),)
            case _:
                return (step,)

    # ------------------------------------------------------------ calls

    def _value(
        self, expression: ast.Expression, at: Span, target: ast.Expression | None = None
    ) -> tuple[_Steps, ast.Expression]:
        """The steps before a value is known, which stand at that place, and the value."""
        match expression:
            case ast.Call() if self._fits(expression):
                made, value = self._expand(expression, target, at)
                assert value is not None
                return made, value
            case ast.Unary("!", operand):
                made, value = self._value(operand, at)
                return made, replace(expression, operand=value)
            case _:
                return (), expression

    def _fits(self, call: ast.Call, *, alone: bool = False) -> bool:
        """Whether the call is of a definition, and right as far as can be told here."""
        definition = self.definitions.get(call.name)
        if definition is None or len(call.arguments) != len(definition.parameters):
            return False
        if not alone and definition.value is None:
            return False
        if alone and definition.value is not None and not _idle(definition):
            return False
        return all(
            not parameter.location or self._is_location(argument)
            for parameter, argument in zip(definition.parameters, call.arguments, strict=True)
        )

    def _is_location(self, argument: ast.Expression) -> bool:
        if isinstance(argument, ast.Name):
            return argument.name in self.shared
        return isinstance(argument, ast.Field | ast.Index)

    def _expand(
        self, call: ast.Call, target: ast.Expression | None, at: Span
    ) -> tuple[_Steps, ast.Expression | None]:
        """The steps of a call, which stand at that place, and its value."""
        definition = self.definitions[call.name]
        self.calls.append((call, definition))
        count = self.used[call.name] = self.used.get(call.name, 0) + 1
        prefix = call.name if count == 1 else f"{call.name}#{count}"
        before: list[ast.Step] = []
        late: dict[str, _Steps] = {}
        names: dict[str, ast.Expression] = {}
        for parameter, argument in zip(definition.parameters, call.arguments, strict=True):
            own = ast.Name(f"{prefix}.{parameter.name}", argument.span)
            first, names[parameter.name] = self._argument(parameter, argument, own, at)
            if parameter.late:
                late[parameter.name] = first
            else:
                before += first
        own_names = [name for name in assigned_names(definition.steps) if name not in names]
        for name in own_names:
            names[name] = ast.Name(f"{prefix}.{name}", call.span)
        site, value = _Call(call.span, at, names), definition.value
        if isinstance(value, ast.Name) and value.name in own_names:
            # The target may change before the call is over, unless the call reads it.
            free = isinstance(target, ast.Name) and target.name not in self.shared
            if free and all(target != one for one in names_in(call)):
                assert isinstance(target, ast.Name)
                names[value.name] = ast.Name(target.name, call.span)
                site = _Call(call.span, at, names, value.name, target)
        for step in definition.steps:
            for name in [name for name in late if ast.Name(name) in list(parts(step))]:
                before += late.pop(name)
            before.append(_placed_step(step, site))
        return tuple(before), None if value is None else _placed(value, site)

    def _argument(
        self, parameter: ast.Parameter, argument: ast.Expression, own: ast.Name, span: Span
    ) -> tuple[_Steps, ast.Expression]:
        """What is evaluated before the call, and what then stands for the parameter."""
        if not parameter.location:
            return self._kept(argument, own, span)
        match argument:
            case ast.Field(base=base) if not (
                isinstance(base, ast.Name) and base.name in self.structs
            ):
                before, kept = self._kept(base, own, span)
                return before, replace(argument, base=kept)
            case ast.Index(index=index):
                before, kept = self._kept(index, own, span)
                return before, replace(argument, index=kept)
            case _:
                return (), argument

    def _kept(
        self, value: ast.Expression, own: ast.Name, span: Span
    ) -> tuple[_Steps, ast.Expression]:
        if not self._reads(value):
            return (), value
        return self._step(ast.Assign(own, "=", value, span=span)), own

    def _reads(self, value: ast.Expression) -> bool:
        """Whether evaluating it may touch shared state."""
        if isinstance(value, ast.Call | ast.Field):
            return True
        return (isinstance(value, ast.Name) and value.name in self.shared) or any(
            self._reads(one) for one in parts_of(value)
        )


def _idle(definition: ast.Definition) -> bool:
    """Whether the value of the definition may be left unused: it makes no event of its own."""
    value = definition.value
    names = {one.name for one in definition.parameters if one.location}
    return not any(
        isinstance(one, ast.Call) or (isinstance(one, ast.Name) and one.name in names)
        for one in parts(value)
    )


def _labelled(label: str | None, steps: Iterable[ast.Step]) -> _Steps:
    first, *rest = steps
    return (replace(first, label=label), *rest)


def _head(step: ast.If | ast.While) -> Span:
    """A step up to the end of its condition."""
    return step.span.to(step.condition.span)


# ---------------------------------------------------------------- definitions at a call


def _placed_step(step: ast.Step, site: _Call) -> ast.Step:
    """A step of the definition at the call; definitions have no others (tests keep that)."""
    match step:
        case ast.Assign(target, operator, value):
            changed, stored = _placed(target, site), _placed(value, site)
            if site.target is not None and target == ast.Name(site.result):
                changed = site.target
            return ast.Assign(changed, operator, stored, span=site.at)
        case _:
            assert isinstance(step, ast.Do), step
            placed = _placed(step.call, site)
            assert isinstance(placed, ast.Call)
            return ast.Do(placed, span=site.at)


def _placed(expression: ast.Expression, site: _Call) -> ast.Expression:
    match expression:
        case ast.Name(name) if name == AWAITED:
            return ast.Name(name, site.span)
        case ast.Name(name):
            return site.names[name]
        case ast.Number():
            return replace(expression, span=site.span)
        case ast.Unary(operator, operand):
            return ast.Unary(operator, _placed(operand, site), site.span)
        case ast.Binary(operator, left, right):
            return ast.Binary(operator, _placed(left, site), _placed(right, site), site.span)
        case _:
            assert isinstance(expression, ast.Call), expression
            arguments = tuple(_placed(one, site) for one in expression.arguments)
            return ast.Call(expression.name, arguments, site.span, site.span)
