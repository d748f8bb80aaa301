"""What a lane can do, as data: the union `Action`.

An action is an event (the lane may stand before it while others move), a choice, or local (done
at once, together with the event before it). Its operands are terms over the lane's registers. The
register that it sets is its `into`; all other registers that it names are read. A target is the
number of a label (`smtmodel.executions.program`); unless an action says otherwise the next
operation follows. What actions do is in `smtmodel.executions.compile`.
"""

from typing import get_args

from smtmodel.executions.event_actions import AwaitValue, EventAction, Modify, Write
from smtmodel.executions.local_actions import (
    CheckAssert,
    ChoiceAction,
    ChooseBranch,
    Dereference,
    EndRound,
    EnterInner,
    Jump,
    JumpIf,
    LeaveInner,
    LocalAction,
    StartRound,
    WriteGhost,
)
from smtmodel.executions.terms import Address, registers_in

Action = LocalAction | ChoiceAction | EventAction


LOCAL, EVENT, CHOICE = range(3)
"""The kinds of actions. Plain numbers: they are compared often."""

_KINDS = (
    dict.fromkeys(get_args(LocalAction), LOCAL)
    | dict.fromkeys(get_args(ChoiceAction), CHOICE)
    | dict.fromkeys(get_args(EventAction), EVENT)
)


def kind_of(action: Action) -> int:
    match action:
        case StartRound(blocks=(_,)):
            return LOCAL
        case _:
            return _KINDS[type(action)]


def reads_of(action: Action) -> frozenset[int]:
    """The registers that an action reads, but for those that it only notes down."""
    match action:
        case AwaitValue(into=into):
            return registers_in(action) - {into}
        case CheckAssert(condition=condition):
            return registers_in(condition)
        case _:
            return registers_in(action)


def sets_of(action: Action) -> frozenset[int]:
    """The register that an action sets, if there is one."""
    into: int | None = getattr(action, "into", None)
    return frozenset() if into is None else frozenset((into,))


def targets_of(action: Action) -> tuple[int, ...]:
    """The labels that may follow an action, besides the next operation (`falls_through`)."""
    match action:
        case Jump(target=target) | JumpIf(target=target):
            return (target,)
        case Dereference(null=int(target)) | EnterInner(skip=target) | LeaveInner(skip=target):
            return (target,)
        case StartRound(blocks=blocks):
            return tuple(label for _, label in blocks)
        case ChooseBranch(targets=targets):
            return targets
        case _:
            return ()


def falls_through(action: Action) -> bool:
    """Whether the next action may follow an action."""
    return not isinstance(action, Jump | StartRound | ChooseBranch | EndRound)


def written_by(action: Action) -> Address | None:
    """The address of what an action may write to memory."""
    match action:
        case Write(address=address) | WriteGhost(address=address) | Modify(address=address):
            return address
        case _:
            return None
