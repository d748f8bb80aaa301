"""The steps of a block with every name looked up.

Takes a block of the text and the symbols; gives the checked block and the errors. Types of
locals are inferred: passes over the block are repeated until they agree, because a loop can
read what a later step assigns.
"""

from typing import assert_never

from smtmodel.language import ast, codes
from smtmodel.language.assign import assign, fits_local, write
from smtmodel.language.checked import (
    RCU,
    Assert,
    Assume,
    Atomic,
    Block,
    Branch,
    Constant,
    Each,
    Enter,
    Evaluate,
    Expression,
    Fence,
    If,
    LaneKind,
    Leave,
    Opening,
    Operation,
    ReleaseLock,
    Retry,
    Return,
    Step,
    Synchronize,
    TakeLock,
    TryLock,
    Wake,
    Where,
    While,
    Zap,
)
from smtmodel.language.expressions import condition, primitive_of, value
from smtmodel.language.guards import cache_of, cookie_of, domain_of, lock_at, lock_of
from smtmodel.language.inner_steps import ast_steps
from smtmodel.language.locals import assigned_names
from smtmodel.language.masking import masks, with_masks
from smtmodel.language.modify import modify
from smtmodel.language.objects import freed, overwrite
from smtmodel.language.primitives import (
    PRIMITIVES,
    Awaiting,
    Entering,
    Fencing,
    Freeing,
    Leaving,
    Masking,
    Modifying,
    Primitive,
    Reading,
    Releasing,
    Settling,
    Sleeping,
    Taking,
    Testing,
    Trying,
    Unmasking,
    Waiting,
    Waking,
    Writing,
    Zapping,
)
from smtmodel.language.quote import Quotes, closed
from smtmodel.language.scope import Scope, Stand
from smtmodel.language.suggest import suggest
from smtmodel.language.symbols import Symbols
from smtmodel.language.types import Plain, Type, widened
from smtmodel.language.waits import slept, wait
from smtmodel.source import Diagnostic, Span
from smtmodel.source.record import field, record, replace

ROUNDS = 100
"""Rounds of the longest loop."""


@record(frozen=False)
class Numbering:
    """The next step of the file, and the next assert and the next unreachable step without a
    label; `named` are all these by their places, where definitions have some of them."""

    step: int = 0
    unnamed: int = 1
    unreached: int = 1
    named: dict[Span, int] = field(default_factory=dict)

    def name(self, step: ast.Assert | ast.Unreachable) -> str:
        """The name of a property that a step is; one of a definition has the same in all calls."""
        if step.label is not None:
            return step.label.rpartition(".")[2]
        if isinstance(step, ast.Assert):
            self.unnamed += 1
            return f"assert_{self.named.get(step.span, self.unnamed - 1)}"
        self.unreached += 1
        return f"unreachable_{self.named.get(step.span, self.unreached - 1)}"


@record
class Resolved:
    """A block and what is wrong with it.

    `lost`: an error may have taken away a step on a lock or section, so that whether they
    balance cannot be told.
    """

    block: Block
    wrong: tuple[Diagnostic, ...]
    lost: bool


@record(frozen=False)
class _Place:
    """Where a pass over a block is; `heads` are the texts of loops by the places of their heads.

    `call` is the one whose steps are gone through, if they are those of a definition.
    """

    scope: Scope
    block: str
    quotes: Quotes
    numbering: Numbering
    heads: dict[Span, str] = field(default_factory=dict)
    call: Where | None = None

    def quoted(self, step: ast.Assign | ast.Do) -> Where:
        """The next step of the file, as it is written.

        What a call is made of has the place of the step that the call stands in.
        """
        return self.where(step, self.text(step.span), step.span)

    def head(self, step: ast.If | ast.While) -> Where:
        """The next step of the file, of which the head is told."""
        text, span = self.quotes.head(step.span, step.condition.span)
        return self.where(step, self.heads.get(span) or text, span)

    def opened(self, step: ast.Expanded) -> Where:
        """The next step of the file: that a call begins."""
        return self.where(step, f"({self.text(step.span)})", step.span)

    def text(self, span: Span) -> str:
        """What is written there, as a report shows it."""
        return self.heads.get(span) or closed(self.quotes.at(span))

    def where(self, step: ast.Step, text: str, span: Span) -> Where:
        """The next step of the file."""
        number = self.numbering.step
        self.numbering.step += 1
        return Where(number, self.block, step.label, text, span, self.call)


def resolve_block(
    symbols: Symbols, block: ast.Block, quotes: Quotes, numbering: Numbering
) -> Resolved:
    """Look everything up; `numbering` is left where the next block begins."""
    kind: LaneKind | None = symbols.kinds.of_block(block.name)
    known: dict[str, Type] = {
        name: Plain.UNKNOWN for name in assigned_names(block.steps) if name not in symbols.places
    }
    start = (numbering.step, numbering.unnamed, numbering.unreached)
    last = 3 * len(known) + 8
    for count in range(last + 1):
        if count == last:  # types that have not settled promise no width to a store
            known = {name: widened(type_) for name, type_ in known.items()}
        numbering.step, numbering.unnamed, numbering.unreached = start
        scope = Scope(symbols, Stand.STEP, kind, known)
        at = _Place(scope, block.name, quotes, numbering)
        steps = _steps(at, block.steps)
        found = {name: scope.found.get(name, Plain.UNKNOWN) for name in known}
        if found == known:
            break
        known = found if count < last else known
    made = Block(block.kind, block.name, steps, tuple(known.items()), block.span)
    wrong = (*_labels(block), *scope.wrong)
    return Resolved(made, wrong, scope.lost)


_Single = (
    ast.Assign
    | ast.Do
    | ast.If
    | ast.While
    | ast.Retry
    | ast.Each
    | ast.Either
    | ast.Return
    | ast.Break
    | ast.Yield
    | ast.Assert
    | ast.Unreachable
    | ast.Assume
    | ast.WaitUntil
    | ast.Atomic
)
"""The steps of the text that are one checked step each."""


def _labels(block: ast.Block) -> list[Diagnostic]:
    """Labels that stand twice in a block."""
    seen: set[str] = set()
    wrong: list[Diagnostic] = []
    for step in ast_steps(block.steps):
        if step.label is not None and step.label in seen and "." not in step.label:
            message = f"label `{step.label}` stands twice in `{block.name}`"
            wrong.append(Diagnostic(codes.LABEL_TWICE, message, step.span))
        seen |= {step.label} if step.label is not None else set()
    return wrong


def _steps(at: _Place, steps: tuple[ast.Step, ...]) -> tuple[Step, ...]:
    made: list[Step] = []
    for step in steps:
        if isinstance(step, ast.Overwrite):
            made += overwrite(at.scope, step, at.where(step, at.quotes.at(step.span), step.span))
        elif isinstance(step, ast.Expanded):
            opened = at.opened(step)
            made += (Opening(opened), *_steps(replace(at, call=opened), step.steps))
        else:
            made += with_masks(at.scope, step, _step(at, step))
    return tuple(made)


def _step(at: _Place, step: _Single) -> Step | None:
    """The checked step, or None if an error was reported that leaves nothing of it."""
    scope, quotes = at.scope, at.quotes
    match step:
        case ast.Assign():
            return assign(scope, step, at.quoted(step))
        case ast.Do():
            return _do(scope, step.call, at.quoted(step))
        case ast.If():
            where = at.head(step)
            chosen = _condition_of_if(scope, step.condition)
            part = quotes.at(step.part) if step.part is not None else ""
            return If(where, chosen, _steps(at, step.then), _steps(at, step.otherwise), part)
        case ast.While():
            where = at.head(step)
            _loop_bound(scope, step)
            tested = condition(scope, step.condition)
            return While(where, step.bound, tested, _steps(at, step.body))
        case ast.Retry():
            tail = quotes.at(step.condition.span)
            text = f"retry {step.bound} {{ ... }} until ({tail})"
            where = at.where(step, text, quotes.word(step.span))
            at.heads[where.span] = text
            _loop_bound(scope, step)
            body = _steps(at, step.body)
            return Retry(where, step.bound, body, condition(scope, step.condition))
        case ast.Each():
            return _each(at, step)
        case ast.Either():
            where = at.where(step, "either", quotes.word(step.span))
            return Branch(where, tuple(_steps(at, one) for one in step.branches))
        case ast.Return():
            return Return(at.where(step, "return", step.span))
        case ast.Break():
            message = "`break` ends the loop around it, at its end or that of an `if` branch in it"
            scope.refuse(codes.ENDS, message, step.span)
            return None
        case ast.Yield():
            message = "`yield` is the value of a call, and this is no definition"
            scope.refuse(codes.ENDS, message, step.span, "end the block with `return`")
            return None
        case ast.Assert():
            where = at.where(step, quotes.at(step.span), step.span)
            name = at.numbering.name(step)
            return Assert(where, name, condition(scope, step.condition))
        case ast.Unreachable():
            where = at.where(step, "unreachable", step.span)
            return Assert(where, at.numbering.name(step), Constant(0), unreachable=True)
        case ast.Assume():
            where = at.where(step, quotes.at(step.span), step.span)
            return Assume(where, condition(scope, step.condition))
        case ast.WaitUntil():
            where = at.where(step, quotes.at(step.span), step.span)
            return Evaluate(where, wait(scope, step.condition))
        case ast.Atomic():
            where = at.where(step, "atomic", quotes.word(step.span))
            return Atomic(where, _steps(at, step.body))
        case _:
            assert_never(step)


def _each(at: _Place, step: ast.Each) -> Each:
    scope, name = at.scope, step.name
    where = at.where(step, *at.quotes.head(step.span, step.of_span))
    lengths = {n: (v.length, v.lanes) for n, v in scope.symbols.variables.items() if v.is_array}
    lengths |= scope.symbols.lengths
    if step.of not in lengths:
        message = f"`{step.of}` is no array"
        scope.refuse(codes.ARRAY, message, step.of_span, suggest(step.of, lengths))
    if name in scope.symbols.places or not fits_local(scope, name):
        message = f"the number of an element cannot have the name `{name}`"
        scope.refuse(codes.SHADOWS, message, step.name_span)
    elif name in scope.elements:
        message = f"`{name}` is already the number of an element here"
        scope.refuse(codes.WRONG_KIND, message, step.name_span, "use another name")
    elif scope.assign(name, Plain.NUMBER) is None:
        message = f"`{name}` holds something else than a number in this block"
        scope.refuse(codes.MISMATCH, message, step.name_span, "use another local")
    scope.elements.append(name)
    body = _steps(at, step.body)
    scope.elements.pop()
    return Each(where, name, *lengths.get(step.of, (1, None)), body)


def _loop_bound(scope: Scope, step: ast.While | ast.Retry) -> None:
    if not 1 <= step.bound <= ROUNDS:
        message = f"the rounds of a loop are from 1 to {ROUNDS}"
        scope.refuse(codes.LOOP_BOUND, message, step.span)


def _condition_of_if(scope: Scope, expression: ast.Expression) -> Expression:
    """The condition of an `if`, the only place of a trylock."""
    match expression:
        case ast.Unary("!", ast.Call() as call) if _is_try(call):
            return Operation("!", (_try(scope, call),), expression.span)
        case ast.Call() if _is_try(expression):
            return _try(scope, expression)
        case _:
            return condition(scope, expression)


def _is_try(call: ast.Call) -> bool:
    return isinstance(PRIMITIVES.get(call.name), Trying)


def _try(scope: Scope, call: ast.Call) -> Expression:
    found = primitive_of(scope, call)
    if not isinstance(found, Trying):
        return Constant(0)
    lock = lock_at(scope, call, found.kind)
    return TryLock(lock[0], found.shared, lock[1], call.span) if lock else Constant(0)


# ---------------------------------------------------------------- calls that are steps


def _do(scope: Scope, call: ast.Call, where: Where) -> Step | None:
    found = primitive_of(scope, call)
    if found is None:
        return None
    match found:
        case Reading() | Awaiting():
            return Evaluate(where, value(scope, call)[0])
        case Writing():
            return write(scope, call.arguments, found, where, called=call.name)
        case Modifying():
            return Evaluate(where, modify(scope, call, found)[0])
        case Fencing(kind):
            return Fence(where, kind)
        case Sleeping():
            queue = lock_of(scope, call, ast.GuardKind.WAITQUEUE)
            return Evaluate(where, slept(scope, call, queue)) if queue else None
        case Waking():
            queue = lock_of(scope, call, ast.GuardKind.WAITQUEUE)
            return Wake(where, queue) if queue else None
        case Masking() | Unmasking():
            return masks(scope, call, found, where)
        case Taking(kind, shared):
            lock = lock_at(scope, call, kind)
            return TakeLock(where, lock[0], shared, lock[1]) if lock else None
        case Releasing(kind, shared):
            lock = lock_at(scope, call, kind)
            return ReleaseLock(where, lock[0], shared, lock[1]) if lock else None
        case Zapping():
            cache = cache_of(scope, call)
            return Zap(where, *cache) if cache else None
        case Freeing():
            return freed(scope, call, found, where)
        case Entering(srcu):
            domain = domain_of(scope, call) if srcu else RCU
            return Enter(where, domain, None) if domain else None
        case Leaving():
            return _leave(scope, call, found, where)
        case Waiting(srcu, expedited):
            domain = domain_of(scope, call) if srcu else RCU
            return Synchronize(where, domain, expedited) if domain else None
        case Testing() | Settling() | Trying():
            _useless(scope, call, found)
            return None
        case _:
            assert_never(found)


def _useless(scope: Scope, call: ast.Call, found: Primitive) -> None:
    if isinstance(found, Trying):
        message = "a trylock stands only as the whole condition of an `if`"
        scope.refuse(codes.TRYLOCK, message, call.span)
    else:
        message = f"`{call.name}` alone does nothing"
        scope.refuse(codes.OUT_OF_PLACE, message, call.span)


def _leave(scope: Scope, call: ast.Call, found: Leaving, where: Where) -> Step | None:
    domain = domain_of(scope, call) if found.srcu else RCU
    if domain is None or len(call.arguments) < 2:
        return Leave(where, domain, None) if domain else None
    cookie = cookie_of(scope, call.arguments[1], domain)
    return Leave(where, domain, cookie) if cookie else None
