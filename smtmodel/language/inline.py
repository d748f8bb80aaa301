"""Replaces calls of definitions, of the text and of the prelude, by their steps.

Takes a protocol of the text; gives one that calls primitives only. A call stands anywhere in an
expression. What stands left of it and reads shared state is kept in a local first; right of `&&`
or `||`, and in a branch of `c ? a : b`, its steps stand in an `if`: the order of C. Any other call
is left where it is, for `smtmodel.language.misuse` to say what is wrong with it. Looks up nothing
but which names are declared.

Arguments that read shared state are evaluated first, from left to right, into locals of the
call, of a location what its address needs: a definition may use a parameter twice, and the
place would otherwise be found twice. One that is `late` is evaluated before the first step that
uses it. A call that is assigned to a local uses that local for its result.
"""

from smtmodel.language import ast
from smtmodel.language.calls import (
    CallSite,
    Steps,
    breaks,
    call_ending,
    ended,
    head,
    is_idle,
    labelled,
    left_early,
    takes_address,
    truth,
    yields,
)
from smtmodel.language.locals import HIDDEN, LOOP, assigned_names
from smtmodel.language.names_in import declared_names, names_in, parts_of, with_parts
from smtmodel.language.primitives import (
    PRIMITIVES,
    Awaiting,
    Settling,
    Sleeping,
)
from smtmodel.language.quote import first_word
from smtmodel.language.symbols import LANE
from smtmodel.source import Span
from smtmodel.source.record import field, parts, record, replace

_Split = tuple[Steps, ast.Expression]
"""The steps before a value is known, and the value."""


@record
class Inlined:
    """`calls` are those of the prelude that were replaced, each with its definition, in the order
    of the text."""

    protocol: ast.Protocol
    calls: tuple[tuple[ast.Call, ast.Definition], ...] = ()


def inline(protocol: ast.Protocol) -> Inlined:
    """The protocol without calls of definitions; the same one if there are none."""
    blocks = [item for item in protocol.items if isinstance(item, ast.Block)]
    own = {item.name: item for item in protocol.items if isinstance(item, ast.Definition)}
    inside = [part for block in blocks for part in parts(block.steps)]
    called = {one.name for one in inside if isinstance(one, ast.Call)}
    if called <= PRIMITIVES.keys() and not any(isinstance(one, _SEVERAL) for one in inside):
        return Inlined(protocol)
    known = called | {o.name for o in parts(tuple(own.values())) if isinstance(o, ast.Call)}
    inliner = _Inliner(_definitions(own, known), frozenset(own), *declared_names(protocol))
    items = tuple(
        inliner.block(item) if isinstance(item, ast.Block) else item for item in protocol.items
    )
    return Inlined(replace(protocol, items=items), tuple(inliner.calls))


def _definitions(own: dict[str, ast.Definition], called: set[str]) -> dict[str, ast.Definition]:
    """Those of the text, with those of the prelude if any may be called."""
    if called <= PRIMITIVES.keys() | own.keys():
        return own
    from smtmodel.language.prelude import prelude

    return {**prelude(), **own}


@record(frozen=False)
class _Inliner:
    """`own` are the definitions of the text; `used` counts the calls in this block, by name, and
    `kept` the values in it that are kept until a call is over."""

    definitions: dict[str, ast.Definition]
    own: frozenset[str]
    shared: frozenset[str]
    structs: frozenset[str]
    declared: frozenset[str]
    calls: list[tuple[ast.Call, ast.Definition]] = field(default_factory=list)
    used: dict[str, int] = field(default_factory=dict)
    kept: int = 0

    def block(self, block: ast.Block) -> ast.Block:
        """The same block without calls of definitions."""
        self.used, self.kept = {}, 0
        return replace(block, steps=self._steps(block.steps))

    def _steps(self, steps: Steps) -> Steps:
        return tuple(made for step in steps for made in self._step(step))

    def _step(self, step: ast.Step) -> Steps:
        """What stands in the place of a step; its label is that of the first."""
        match step:
            case ast.Do(call=call) if self._fits(call, alone=True):
                before, _ = self._expand(call, None, step.span)
                return labelled(step.label, before)
            case ast.Do(call=call) if call.name not in self.definitions:
                before, made = self._value(call, step.span)
                assert isinstance(made, ast.Call)
                return labelled(step.label, (*before, replace(step, call=made, label=None)))
            case ast.Assign():
                return labelled(step.label, self._assign(replace(step, label=None)))
            case ast.If():
                before, tested = self._value(step.condition, head(step))
                then, otherwise = self._steps(step.then), self._steps(step.otherwise)
                last = replace(step, condition=tested, then=then, otherwise=otherwise, label=None)
                return labelled(step.label, (*before, last))
            case ast.While():
                # Tested before the first round and after each: so are the steps of the test.
                before, tested = self._value(step.condition, head(step))
                if breaks(step.body):
                    return labelled(step.label, self._broken(step, before, tested, head(step)))
                body = (*self._steps(step.body), *before)
                loop = replace(step, condition=tested, body=body, label=None)
                return labelled(step.label, (*before, loop))
            case ast.Retry():
                at = first_word(step.span, "retry")
                before, tested = self._value(step.condition, at)
                if breaks(step.body):
                    return self._broken(step, before, tested, at)
                body = self._steps(step.body)
                return (replace(step, condition=tested, body=(*body, *before)),)
            case ast.Assume():
                before, tested = self._value(step.condition, step.span)
                return labelled(step.label, (*before, replace(step, condition=tested, label=None)))
            case ast.Assert():
                # Its label is the name of a property.
                before, tested = self._value(step.condition, step.span)
                return (*before, replace(step, condition=tested))
            case ast.Either():
                return (replace(step, branches=tuple(self._steps(one) for one in step.branches)),)
            case ast.Each() if breaks(step.body):
                return labelled(step.label, self._left_early(replace(step, label=None)))
            case ast.Atomic() | ast.Each():
                return (replace(step, body=self._steps(step.body)),)
            case _:
                return (step,)

    def _broken(
        self, step: ast.While | ast.Retry, before: Steps, tested: ast.Expression, at: Span
    ) -> Steps:
        """A loop that ends in the middle: a local has its condition, or that it has ended."""
        own, is_while = self._own_local(step.span, LOOP), isinstance(step, ast.While)
        body = self._steps(step.body)
        test = (*before, ast.Assign(own, "=", truth(tested), span=at))
        made = left_early(body, test, own, int(not is_while))
        if made is None:  # `smtmodel.language.steps` says why not
            return (*before, replace(step, condition=tested, body=body))
        loop = replace(step, condition=replace(own, span=step.condition.span), body=made)
        return (*test, replace(loop, label=None)) if is_while else (loop,)

    def _left_early(self, step: ast.Each) -> Steps:
        """An `each` that ends in the middle: a local has whether it goes on, and the rounds after
        that do nothing."""
        at, body = head(step), self._steps(step.body)
        own = self._own_local(at, LOOP)
        made = left_early(body, (), own, 0)
        if made is None:  # `smtmodel.language.steps` says why not
            return (replace(step, body=body),)
        begun = ast.Assign(own, "=", ast.Number(1, at), span=at)
        return begun, replace(step, body=(ast.If(own, made, (), None, at),))

    def _assign(self, step: ast.Assign) -> Steps:
        """The right side comes first, then the place on the left."""
        target = step.target if step.operator == "=" else None
        before, value = self._value(step.value, step.span, target)
        if before and value == target:
            return before
        after, place = self._value(step.target, step.span)
        if after:
            kept, value = self._until_later(value, step.span)
            before = (*before, *kept, *after)
        return (*before, replace(step, target=place, value=value))

    # ------------------------------------------------------------ expressions

    def _value(
        self, expression: ast.Expression, at: Span, target: ast.Expression | None = None
    ) -> _Split:
        """The steps before a value is known, which stand at that place, and the value; it is the
        target if the steps have assigned it."""
        if not self._has_steps(expression):
            return (), expression
        match expression:
            case ast.Call() if self._fits(expression):
                return self._expand(expression, target, at)
            case ast.Call(name=name) if isinstance(PRIMITIVES.get(name), _WITHIN):
                return (), expression
            case ast.Binary("&&" | "||"):
                return self._stopped_early(expression, at)
            case ast.Ternary():
                return self._either(expression, at, target)
            case _:
                return self._operands(expression, at)

    def _has_steps(self, expression: ast.Expression) -> bool:
        """Whether something in it is more than an expression of what is checked."""
        return any(
            isinstance(one, ast.Ternary)
            or (isinstance(one, ast.Call) and one.name in self.definitions)
            for one in parts(expression)
        )

    def _operands(self, expression: ast.Expression, at: Span) -> _Split:
        """From left to right: what reads shared state is kept where steps come after it."""
        own = parts_of(expression)
        last = max((place for place, one in enumerate(own) if self._has_steps(one)), default=0)
        before: list[ast.Step] = []
        values: list[ast.Expression] = []
        for place, operand in enumerate(own):
            made, value = self._value(operand, at)
            before += made
            if place < last and not takes_address(expression, place):
                kept, value = self._until_later(value, at)
                before += kept
            elif place < last:
                kept, value = self._address(value, self._own_local(value.span), at)
                before += kept
            values.append(value)
        return tuple(before), with_parts(expression, tuple(values))

    def _stopped_early(self, expression: ast.Binary, at: Span) -> _Split:
        before, left = self._value(expression.left, at)
        later, right = self._value(expression.right, at)
        if not later:
            return before, replace(expression, left=left, right=right)
        result, both = self._own_local(expression.span), expression.operator == "&&"
        known = (ast.Assign(result, "=", ast.Number(int(not both), at), span=at),)
        tested = (*later, ast.Assign(result, "=", truth(right), span=at))
        then, otherwise = (tested, known) if both else (known, tested)
        chosen = ast.If(replace(left, span=at), then, otherwise, None, at, left.span)
        return (*before, chosen), result

    def _either(self, expression: ast.Ternary, at: Span, target: ast.Expression | None) -> _Split:
        before, tested = self._value(expression.condition, at)
        result = self._result(target) or self._own_local(expression.span)
        then, otherwise = (
            self._assign(ast.Assign(result, "=", way, span=at))
            for way in (expression.then, expression.otherwise)
        )
        chosen = ast.If(replace(tested, span=at), then, otherwise, None, at, tested.span)
        return (*before, chosen), result

    def _until_later(self, value: ast.Expression, at: Span) -> _Split:
        """A value that is known before what follows it."""
        return self._evaluated(value, self._own_local(value.span), at)

    def _own_local(self, span: Span, before: str = "(") -> ast.Name:
        """A local for a value that is kept."""
        self.kept += 1
        return ast.Name(f"{before}{self.kept})", span)

    def _result(self, target: ast.Expression | None) -> ast.Name | None:
        """The local of the text that takes a value, if it does."""
        local = isinstance(target, ast.Name) and target.name not in self.declared
        return target if local and isinstance(target, ast.Name) else None

    # ------------------------------------------------------------ calls

    def _fits(self, call: ast.Call, *, alone: bool = False) -> bool:
        """Whether the call is of a definition, and right as far as can be told here."""
        definition = self.definitions.get(call.name)
        if definition is None or len(call.arguments) != len(definition.parameters):
            return False
        own, value = call.name in self.own, yields(definition.steps)
        if (not alone and not value) or (alone and value and not own and not is_idle(definition)):
            return False
        return all(
            self._is_location(argument, own) if parameter.location else place not in pointed
            for place, (parameter, argument) in enumerate(
                zip(definition.parameters, call.arguments, strict=True)
            )
            for pointed in (call.pointed if own else (),)
        )

    def _is_location(self, argument: ast.Expression, own: bool) -> bool:
        if isinstance(argument, ast.Name):
            return argument.name in (self.declared if own else self.shared)
        return isinstance(argument, ast.Field | ast.Index)

    def _expand(self, call: ast.Call, target: ast.Expression | None, at: Span) -> _Split:
        """The steps of a call, which stand at that place, and its value."""
        definition = self.definitions[call.name]
        count = self.used[call.name] = self.used.get(call.name, 0) + 1
        prefix = call.name if count == 1 else f"{call.name}#{count}"
        mark = "." if call.name in self.own else HIDDEN
        before: list[ast.Step] = []
        late: dict[str, Steps] = {}
        names: dict[str, ast.Expression] = {}
        for parameter, argument in zip(definition.parameters, call.arguments, strict=True):
            own = ast.Name(f"{prefix}{mark}{parameter.name}", argument.span)
            first, names[parameter.name] = self._argument(call, parameter, argument, own, at)
            if parameter.late:
                late[parameter.name] = first
            else:
                before += first
        if call.name in self.own:
            result = self._result(target) or ast.Name(f"{prefix}()", call.span)
            made = self._written(definition, names, prefix, result)
            return (*before, ast.Expanded(made, None, at)), result
        self.calls.append((call, definition))
        steps, value = self._hidden(call, definition, names, prefix, target, at)
        for step, shown in zip(definition.steps, steps, strict=False):
            for name in [name for name in late if ast.Name(name) in list(parts(step))]:
                before += late.pop(name)
            before.append(shown)
        return tuple(before), value

    def _written(
        self,
        definition: ast.Definition,
        names: dict[str, ast.Expression],
        prefix: str,
        result: ast.Name,
    ) -> Steps:
        """The steps of a call of a definition of the text. `lane` stays what it is, so that to
        assign it is refused there."""
        for name in assigned_names(definition.steps):
            if name not in self.declared and name != LANE:
                names.setdefault(name, ast.Name(f"{prefix}.{name}", definition.span))
        site = CallSite(names, definition.name)
        ending = call_ending(result, _nothing_refused)
        return self._steps(ended(tuple(map(site.step, definition.steps)), ending))

    def _hidden(
        self,
        call: ast.Call,
        definition: ast.Definition,
        names: dict[str, ast.Expression],
        prefix: str,
        target: ast.Expression | None,
        at: Span,
    ) -> tuple[Steps, ast.Expression]:
        """The steps of a call of the prelude, and its value, which stands in the step itself."""
        own_names = [name for name in assigned_names(definition.steps) if name not in names]
        for name in own_names:
            names[name] = ast.Name(f"{prefix}{HIDDEN}{name}", call.span)
        value = definition.value
        if isinstance(value, ast.Name) and value.name in own_names:
            # The target may change before the call is over, unless the call reads it.
            result = self._result(target)
            if result is not None and result not in names_in(call):
                names[value.name] = ast.Name(result.name, call.span)
        site = CallSite(names, prefix, call.span, at)
        *steps, last = map(site.step, definition.steps)
        if isinstance(last, ast.Yield):
            return tuple(steps), last.value
        return (*steps, last), ast.Null()

    def _argument(
        self,
        call: ast.Call,
        parameter: ast.Parameter,
        argument: ast.Expression,
        own: ast.Name,
        at: Span,
    ) -> _Split:
        """What is evaluated before the call, and what then stands for the parameter."""
        if parameter.location:
            return self._address(argument, own, at)
        if call.name in self.own:
            return self._evaluated(argument, own, at)
        return self._kept(argument, own, at)

    def _address(self, place: ast.Expression, own: ast.Name, at: Span) -> _Split:
        """What a place is found with, and the place."""
        match place:
            case ast.Field(base=base) if not (
                isinstance(base, ast.Name) and base.name in self.structs
            ):
                before, kept = self._kept(base, own, at)
                return before, replace(place, base=kept)
            case ast.Index(index=index):
                before, kept = self._kept(index, own, at)
                return before, replace(place, index=kept)
            case _:
                return (), place

    def _evaluated(self, value: ast.Expression, own: ast.Name, at: Span) -> _Split:
        """A value in a local, but one that is a literal or a local already."""
        local = isinstance(value, ast.Name) and value.name not in self.shared
        if local or isinstance(value, ast.Number | ast.Null):
            return (), value
        return self._step(ast.Assign(own, "=", value, span=at)), own

    def _kept(self, value: ast.Expression, own: ast.Name, at: Span) -> _Split:
        if not self._reads(value):
            return (), value
        return self._step(ast.Assign(own, "=", value, span=at)), own

    def _reads(self, value: ast.Expression) -> bool:
        """Whether evaluating it may touch shared state."""
        if isinstance(value, ast.Call | ast.Field | ast.Ternary):
            return True
        return (isinstance(value, ast.Name) and value.name in self.shared) or any(
            self._reads(one) for one in parts_of(value)
        )


_SEVERAL = ast.Ternary | ast.Break
"""What is several steps besides calls."""
_WITHIN = Awaiting | Sleeping | Settling
"""Primitives that take a condition or an expression which is none of the step's own."""


def _nothing_refused(message: str, span: Span) -> None:
    raise AssertionError(f"line {span.line}: {message}")
