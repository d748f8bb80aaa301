"""A protocol at its bounds as a litmus test, and what its properties ask of that test."""

from enum import Enum
from itertools import starmap

from smtmodel.language.ast import When
from smtmodel.language.checked import (
    LOCK_MISUSE,
    NEGATIVE_OPERAND,
    NULL_DEREFERENCE,
    OUT_OF_BOUNDS,
    OVERFLOW,
    UNWRITTEN_READ,
    USE_AFTER_FREE,
    Allocate,
    Asserted,
    BuiltIn,
    Checked,
    Constant,
    Copy,
    Expression,
    Free,
    Fresh,
    LaneKind,
    LaneLocal,
    LaneNumber,
    Never,
    Operation,
    Property,
    Reach,
    ReachStep,
    furnished,
    lanes,
)
from smtmodel.litmus.program import (
    STOP,
    AddressOf,
    AllHold,
    Condition,
    Equals,
    Integer,
    IsTrue,
    LitmusTest,
    Quantifier,
    RegisterOf,
    SomeHolds,
    Thread,
)
from smtmodel.litmus.written import freeing
from smtmodel.litmus.written.guards import Manner, Notes
from smtmodel.litmus.written.instants import InstantWriter
from smtmodel.litmus.written.lanes import LaneWriter
from smtmodel.litmus.written.memory import Graces, Memory
from smtmodel.litmus.written.refused import NotWritten
from smtmodel.litmus.written.values import Writer
from smtmodel.litmus.written.waits import may_wait_for_good
from smtmodel.source import Span
from smtmodel.source.record import parts, record

ERRORS = frozenset((NULL_DEREFERENCE, OUT_OF_BOUNDS, NEGATIVE_OPERAND, OVERFLOW))
"""Errors of the run at which a lane stops."""
ORDERS = ("<", "<=", ">", ">=")
WIDTH = 64


class View(Enum):
    """Where a question looks at memory."""

    NOWHERE = "nowhere"
    INSTANT = "at an instant"
    QUIET = "at an instant with no update in progress"
    END = "at the end"
    FREED = "where objects are freed"
    OBSERVED = "as a CPU sees it"
    TOLD = "as a CPU sees it that knows of no update in progress"


@record
class Wanted:
    """An execution in which the condition holds at the end of the test is asked for."""

    test: LitmusTest
    view: View


class WrittenProtocol:
    """The lanes of a protocol; `once`: where plain accesses count as marked.

    `complete`: nothing is asked of lanes that stop. Raises NotWritten.
    """

    def __init__(
        self,
        protocol: Checked,
        once: frozenset[Span] = frozenset(),
        *,
        tells: bool = False,
        complete: bool = False,
    ) -> None:
        self.protocol = protocol = furnished(protocol, protocol.bounds)
        self.once = once
        self.tells = tells
        self.lanes = lanes(protocol, protocol.bounds)
        for kind in protocol.kinds:
            if kind.interrupts is not None:
                span = protocol.block(kind.blocks[0]).span
                raise NotWritten(span, "lanes that interrupt others")
        freeing.check(protocol)
        built_in = {one.name for one in protocol.properties if isinstance(one, BuiltIn)}
        reached = [one for one in protocol.properties if isinstance(one, ReachStep)]
        goals = frozenset(step for one in reached for step in one.steps)
        errors = ERRORS & built_in
        waits = may_wait_for_good(protocol, stops=bool(errors))
        self._compare_tokens()
        self._bounded()
        how = Manner(once, waits, errors, goals, tells)
        self._write(how, ())
        left = () if complete else self._left_open()
        if left:
            self._write(how, left)

    def _write(self, how: Manner, asked: Graces) -> None:
        self.memory = Memory(self.protocol, self.lanes, asked)
        self.notes = Notes({}, {}, {}, [], [], {}, {}, [])
        running = tuple(
            LaneWriter(self.memory, lane, number, how, self.notes).thread()
            for number, lane in enumerate(self.lanes)
        )
        self.threads = (*running, *starmap(self._freeing, self.memory.later))

    def _left_open(self) -> Graces:
        """The grace periods that some lane may keep from ending, by stopping in a section."""
        return tuple(one for one in self.memory.graces if one[0] in self.memory.open)

    def _freeing(self, place: AddressOf, step: Free) -> Thread:
        """The lane that frees an object when a grace period has ended, if it gets to it."""
        assert step.domain is not None
        writer = Writer(self.memory, "", step.where.span)
        pointer = writer.load(place, "acquire", step.where.span)
        writer.waits_for(step.domain)
        writer.freed(pointer, step.struct)
        return Thread(place.variable, (), tuple(writer.statements))

    def _compare_tokens(self) -> None:
        """Tokens are numbers in the order of their lane; of several lanes there is none here."""
        drawing = [one for one in self.lanes if any(map(self._draws, one.kind.blocks))]
        for one in parts((self.protocol.blocks, self.protocol.properties)):
            if len(drawing) > 1 and isinstance(one, Operation) and one.operator in ORDERS:
                raise NotWritten(one.span, "an order of numbers where several lanes draw `fresh`")

    def _bounded(self) -> None:
        """No execution gets lost because a value is too large, or a shift too wide, for C."""
        copies = any(isinstance(one, Copy | Allocate) for one in parts(self.protocol.blocks))
        for one in parts(self.protocol.blocks):
            match one:
                case Operation("<<" | ">>", (_, Constant(count))) if count >= WIDTH:
                    raise NotWritten(one.span, "a shift by more than a word has")
                case Operation("*" | "<<") if copies:
                    raise NotWritten(one.span, "a product or shift where objects are copied")

    def _draws(self, block: str) -> bool:
        return any(isinstance(one, Fresh) for one in parts(self.protocol.block(block)))

    # ------------------------------------------------------------ tests

    def test(self, condition: Condition, *more: Thread) -> LitmusTest:
        """The lanes, and what is asked for at the end."""
        return LitmusTest(
            self.protocol.name,
            tuple(self.memory.variables),
            (*self.threads, *more),
            AllHold(tuple(self.notes.endings)) if self.notes.endings else None,
            Quantifier.EXISTS,
            condition,
            tuple(self.memory.structures),
        )

    def complete(self) -> Condition:
        """No lane stops."""
        stopping = [number for number, one in enumerate(self.threads) if one.stops]
        return AllHold(tuple(Equals(RegisterOf(n, STOP), Integer(0)) for n in stopping))

    def some(self, registers: list[RegisterOf]) -> Condition:
        return SomeHolds(tuple(map(IsTrue, registers)))

    # ------------------------------------------------------------ questions

    def violations(self, item: Property) -> tuple[Wanted, ...]:
        """The executions of which one violates the property, or meets the goal."""
        match item:
            case Never():
                owners = self._owners(item)
                asked = (self._looked(item, one, item.condition, item.bad) for one in owners)
                return tuple(wanted for views in asked for wanted in views)
            case Reach():
                owners = self._owners(item)
                return tuple(self._looked(item, one, None, item.goal)[0] for one in owners)
            case Asserted(name=name):
                return self._noted(self.notes.failed.get(name, []))
            case ReachStep(steps=steps):
                return self._noted(
                    [one for step in steps for one in self.notes.begun.get(step, [])]
                )
            case BuiltIn(name=name) if name in ERRORS:
                stopped = SomeHolds(tuple(self.notes.errors.get(name, ())))
                return (Wanted(self.test(stopped), View.NOWHERE),)
            case BuiltIn(name=name) if name == LOCK_MISUSE:
                return self._noted(self.notes.misused)
            case BuiltIn(name=name) if name == UNWRITTEN_READ:
                return self._noted(self.notes.unwritten)
            case BuiltIn(name=name) if name == USE_AFTER_FREE:
                return (self.freeing(),)
            case BuiltIn():
                raise NotWritten(item.span, f"`{item.name}`")

    def premise(self, item: Property) -> tuple[Wanted, ...] | None:
        """The executions of which one shows that a property is judged; None where it always is."""
        match item:
            case Never():
                return tuple(
                    self._looked(item, owner, item.condition, None, item.bad)[0]
                    for owner in self._owners(item)
                )
            case Asserted(name=name, unreachable=False):
                return self._noted(self.notes.judged.get(name, []))
            case _:
                return None

    def unwritten(self) -> Wanted | None:
        """The executions in which a field is read that nobody has written, if there may be."""
        found = self.notes.unwritten
        return self._noted(found)[0] if found else None

    def freeing(self) -> Wanted:
        """The executions in which an object may be used after it is freed."""
        return Wanted(self.test(AllHold(())), View.FREED)

    def completed(self) -> Wanted:
        """The executions that go to the end in every lane."""
        return Wanted(self.test(self.complete()), View.NOWHERE)

    def _noted(self, registers: list[RegisterOf]) -> tuple[Wanted, ...]:
        return (Wanted(self.test(self.some(registers)), View.NOWHERE),)

    def _looked(
        self,
        item: Never | Reach,
        owner: str,
        condition: Expression | None,
        true: Expression | None,
        defined: Expression | None = None,
    ) -> tuple[Wanted, ...]:
        """The condition and what else is asked to be true hold of memory; the last has a value.

        Caches are those of the owner.
        """
        writer = InstantWriter(self.memory, self.lanes, owner, item.span)
        for expression in (condition, true):
            if expression is not None:
                writer.require(expression)
        if defined is not None:
            writer.value(defined)
        for message in self.memory.messages:
            writer.hear(message)
        conditions = tuple(writer.conditions)
        if item.when is When.FINALLY:
            test = self.test(AllHold((self.complete(), *conditions)), writer.thread())
            return (Wanted(test, View.END),)
        test = self.test(AllHold(conditions), writer.thread())
        if item.when is When.ALWAYS:
            seen = (Wanted(test, View.OBSERVED),) if len(writer.read) > 1 else ()
            return (Wanted(test, View.INSTANT), *seen)
        if self.tells:
            return (Wanted(test, View.TOLD),)
        if len(writer.read) <= 1:
            return (Wanted(test, View.QUIET),)
        telling = WrittenProtocol(self.protocol, self.once, tells=True)
        told = telling._looked(item, owner, condition, true, defined)
        return (Wanted(test, View.QUIET), *told)

    def _owners(self, item: Never | Reach) -> list[str]:
        """The lanes for which a property is judged: one stands for all of its kind, unless lanes
        are told apart, by the property or by what they do with their numbers."""
        owners = [one for one in self.lanes if one.kind.name == item.lanes]
        named = any(isinstance(one, LaneLocal | LaneNumber) for one in parts(item))
        apart = owners and self._number(owners[0].kind)
        names = [one.name for one in owners] or [""]
        return names if named or apart else names[:1]

    def _number(self, kind: LaneKind) -> bool:
        """Whether lanes of a kind do other things by their numbers."""
        blocks = tuple(map(self.protocol.block, kind.blocks))
        return any(isinstance(one, LaneNumber) for one in parts(blocks))
