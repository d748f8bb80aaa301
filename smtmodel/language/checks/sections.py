"""Refuses read sections and locks that do not balance on some path.

A section that is never left makes every later grace period wait for ever, and a lock that is
never released stops its waiters: the executions that would show the bug do not exist, and the
proof says nothing. The check is syntactic: all paths count, also those that no execution
takes. A grace period inside a section of its own domain waits for itself.

Takes the checked steps of a block. What holds at a place: the open sections in the order in
which they were entered, and the held locks.
"""

from smtmodel.language import codes
from smtmodel.language.checked import (
    RCU,
    Atomic,
    Block,
    Branch,
    Constant,
    Each,
    Enter,
    Expression,
    If,
    Leave,
    Local,
    Operation,
    ReleaseLock,
    Retry,
    Return,
    SetLocal,
    Step,
    Synchronize,
    TakeLock,
    TryLock,
    Where,
    While,
)
from smtmodel.language.walk import followed
from smtmodel.source import Code, Diagnostic, Span
from smtmodel.source.record import field, record, replace


@record
class _Open:
    """An open section; which step entered it does not make it another one."""

    domain: str
    cookie: str | None
    span: Span = field(compare=False)


@record
class _Held:
    """`lock` is the lock as it is written, `local` what says which one of several it is."""

    lock: str
    shared: bool
    span: Span = field(compare=False)
    local: str | None = None


@record
class _State:
    open: tuple[_Open, ...] = ()
    held: tuple[_Held, ...] = ()
    doubtful: frozenset[str] = frozenset()
    """Locks and domains of which an error was reported; they are asked about no further."""

    def differs(self, other: "_State") -> frozenset[str]:
        """The locks and domains that the two do not hold alike, nesting included."""
        held = {*self.held, *other.held}
        locks = {one.lock for one in held if self.held.count(one) != other.held.count(one)}
        domains = {one.domain for one in (*self.open, *other.open)}
        unlike = {one for one in domains if self.nested(one) != other.nested(one)}
        return frozenset(locks | unlike) - self.doubtful - other.doubtful

    def nested(self, domain: str) -> list[_Open]:
        """The open sections of a domain, outermost first."""
        return [one for one in self.open if one.domain == domain]

    def doubting(self, names: frozenset[str]) -> "_State":
        """The same state, without further questions about these names."""
        return replace(self, doubtful=self.doubtful | names)

    def admits(self, taken: _Held) -> bool:
        """Whether the lane may take the lock: it holds no side of it, or both as a reader."""
        held = [one for one in self.held if one.lock == taken.lock]
        return not held or (taken.shared and held[0].shared)


_Reached = _State | None
"""None where no path comes: after a `return`."""


def section_errors(block: Block) -> list[Diagnostic]:
    """The errors of one block."""
    wrong: list[Diagnostic] = []
    after = _sequence(block.steps, _State(), wrong)
    if after is not None:
        for one in after.open:
            if one.domain in after.doubtful:
                continue
            message = f"this section of `{one.domain}` is not left on every path"
            wrong.append(Diagnostic(codes.SECTION_OPEN, message, one.span))
        for held in after.held:
            if held.lock in after.doubtful:
                continue
            message = f"`{held.lock}` is not released on every path"
            wrong.append(Diagnostic(codes.LOCK_HELD, message, held.span))
    return wrong


def _sequence(steps: tuple[Step, ...], state: _Reached, wrong: list[Diagnostic]) -> _Reached:
    return followed(steps, state, lambda step, before: _step(step, before, wrong))


def _step(step: Step, state: _State, wrong: list[Diagnostic]) -> _Reached:
    match step:
        case Enter(where, domain, cookie):
            return _enter(where, domain, cookie, state, wrong)
        case Leave(where, domain, cookie):
            return _leave(where, domain, cookie, state, wrong)
        case Synchronize(where, domain):
            if any(one.domain == domain for one in state.open):
                message = f"this waits for the section of `{domain}` it stands in"
                _refuse(wrong, codes.OWN_SECTION, message, where)
            return state
        case TakeLock(where=where):
            return _take(where, _held(step, where), state, wrong)
        case SetLocal(where, name):
            return _keeps(where, name, state, wrong)
        case ReleaseLock():
            return _release(step, state, wrong)
        case Return(where):
            _return(where, state, wrong)
            return None
        case If(where, condition, then, otherwise):
            first, second = _tried(where, condition, state, wrong)
            ends = [_sequence(then, first, wrong), _sequence(otherwise, second, wrong)]
            return _join(where, ends, wrong)
        case Branch(where, branches):
            return _join(where, [_sequence(one, state, wrong) for one in branches], wrong)
        case While(where, body=body) | Retry(where, body=body) | Each(where, body=body):
            if isinstance(step, Each):
                state = _keeps(where, step.name, state, wrong)
            after = _sequence(body, state, wrong)
            unlike = after.differs(state) if after is not None else frozenset()
            if unlike:
                message = f"a round of this loop changes what is held of {_listed(unlike)}"
                _refuse(wrong, codes.LOOP, message, where)
            if after is None and not isinstance(step, While):
                return None
            return state.doubting(unlike)
        case Atomic(body=body):
            return _sequence(body, state, wrong)
        case _:
            return state


def _held(step: TakeLock | ReleaseLock | TryLock, where: Where) -> _Held:
    """What a step holds or releases."""
    local = step.at.name if isinstance(step.at, Local) else None
    return _Held(_written(step.lock, step.at), step.shared, where.span, local)


def _written(lock: str, at: Expression | None) -> str:
    """A lock as it is written, from which may follow that two are the same."""
    match at:
        case None:
            return lock
        case Constant(value):
            text = str(value)
        case Local(name):
            text = name
        case _:
            text = "lane"
    _, dot, field_ = lock.partition(".")
    return f"{text}->{field_}" if dot else f"{lock}[{text}]"


def _keeps(where: Where, name: str, state: _State, wrong: list[Diagnostic]) -> _State:
    """A local is assigned, which says of no lock that is held which one it is."""
    for held in state.held:
        if held.local == name and held.lock not in state.doubtful:
            message = f"`{name}` says which lock `{held.lock}` is, and it is held here"
            suggestion = "use another local"
            found = Diagnostic(codes.LOCK_HELD, message, where.span, suggestion=suggestion)
            wrong.append(found)
            return state.doubting(frozenset((held.lock,)))
    return state


def _refuse(wrong: list[Diagnostic], code: Code, message: str, where: Where) -> None:
    wrong.append(Diagnostic(code, message, where.span))


def _enter(
    where: Where, domain: str, cookie: str | None, state: _State, wrong: list[Diagnostic]
) -> _State:
    if cookie is not None and any(one.cookie == cookie for one in state.open):
        message = f"`{cookie}` still stands for a section that is open"
        _refuse(wrong, codes.COOKIE, message, where)
    return replace(state, open=(*state.open, _Open(domain, cookie, where.span)))


def _leave(
    where: Where, domain: str, cookie: str | None, state: _State, wrong: list[Diagnostic]
) -> _State:
    """Close the section of the cookie, or the innermost of the domain."""
    fitting = [
        place
        for place, one in enumerate(state.open)
        if one.domain == domain and (cookie is None or one.cookie == cookie)
    ]
    if not fitting:
        if domain in state.doubtful:
            return state
        what = f"of `{cookie}`" if cookie else "of RCU" if domain == RCU else f"of `{domain}`"
        _refuse(wrong, codes.SECTION_CLOSED, f"no section {what} is open here", where)
        return state
    last = fitting[-1]
    return replace(state, open=state.open[:last] + state.open[last + 1 :])


def _take(where: Where, taken: _Held, state: _State, wrong: list[Diagnostic]) -> _State:
    if taken.lock in state.doubtful:
        return state
    if not state.admits(taken):
        message = f"`{taken.lock}` is already held here; this lane would wait for itself"
        _refuse(wrong, codes.LOCK_TWICE, message, where)
        return state
    return replace(state, held=(*state.held, taken))


def _release(step: ReleaseLock, state: _State, wrong: list[Diagnostic]) -> _State:
    lock = _held(step, step.where).lock
    held = next((one for one in reversed(state.held) if one.lock == lock), None)
    if held is None and lock not in state.doubtful:
        message = f"`{lock}` is not held here"
        _refuse(wrong, codes.LOCK_FREE, message, step.where)
    elif held is not None and held.shared != step.shared:
        side, other = ("read", "write") if held.shared else ("write", "read")
        called = step.where.text.partition("(")[0]
        message = f"`{lock}` is held on its {side} side here, and `{called}` releases the other"
        suggestion = f"did you mean `{called.replace(other, side)}`?"
        wrong.append(Diagnostic(codes.LOCK_SIDE, message, step.where.span, suggestion=suggestion))
    return state if held is None else replace(state, held=_without(state.held, held))


def _without(every: tuple[_Held, ...], held: _Held) -> tuple[_Held, ...]:
    """The locks held without the last one that is like this one."""
    last = len(every) - 1 - every[::-1].index(held)
    return every[:last] + every[last + 1 :]


def _return(where: Where, state: _State, wrong: list[Diagnostic]) -> None:
    for one in (one for one in state.open if one.domain not in state.doubtful):
        message = f"this return leaves a section of `{one.domain}` open"
        _refuse(wrong, codes.SECTION_OPEN, message, where)
    for held in (one for one in state.held if one.lock not in state.doubtful):
        message = f"this return leaves `{held.lock}` held"
        _refuse(wrong, codes.LOCK_HELD, message, where)


def _tried(
    where: Where, condition: Expression, state: _State, wrong: list[Diagnostic]
) -> tuple[_State, _State]:
    """What holds in the two branches of an `if`, whose condition may be a trylock."""
    match condition:
        case TryLock():
            return _take(where, _held(condition, where), state, wrong), state
        case Operation("!", (TryLock() as attempt,)):
            return state, _take(where, _held(attempt, where), state, wrong)
        case _:
            return state, state


def _join(where: Where, ends: list[_Reached], wrong: list[Diagnostic]) -> _Reached:
    reached = [one for one in ends if one is not None]
    if not reached:
        return None
    unlike: frozenset[str] = frozenset()
    doubtful: frozenset[str] = frozenset()
    for other in reached:
        unlike |= other.differs(reached[0])
        doubtful |= other.doubtful
    if unlike:
        message = f"the branches differ in what is held of {_listed(unlike)}"
        _refuse(wrong, codes.BRANCHES, message, where)
    return reached[0].doubting(unlike | doubtful)


def _listed(names: frozenset[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))
