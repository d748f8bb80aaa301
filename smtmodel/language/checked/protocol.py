"""Blocks, the lanes that run them, what is claimed of them: the whole protocol."""

from smtmodel.language.ast import BlockKind, When
from smtmodel.language.checked.expressions import (
    Await,
    Cell,
    Element,
    Expression,
    LaneLocal,
    Load,
    Local,
    ReadModifyWrite,
)
from smtmodel.language.checked.state import InitialObject, Lock, Struct, Variable
from smtmodel.language.checked.steps import Free, Step
from smtmodel.language.types import Entry, Type
from smtmodel.source import Diagnostic, Span, Text
from smtmodel.source.record import field, parts, record, replace


@record
class Block:
    """`locals` with their types, in the order of their first assignment, cookies included."""

    kind: BlockKind
    name: str
    steps: tuple[Step, ...]
    locals: tuple[tuple[str, Type], ...]
    span: Span = field(compare=False, default=Span(1, 1, 1, 1))

    def fields(self, local: str) -> tuple[str, ...]:
        """The fields of the whole entry that a local holds; none if it holds something else."""
        held = dict(self.locals)[local]
        return held.fields if isinstance(held, Entry) else ()


@record
class LaneKind:
    """Lanes that run the same blocks.

    `bound` is the name that `bounds` uses (`updates`, `faults`, or the kind's own), `name`
    what a lane is called: lane 0 of kind `fault` is `fault0`. `interrupts` names the kind
    whose lanes these lanes interrupt. `rounds` are those of each lane, None for as many as the
    bounds give to all.
    """

    name: str
    bound: str
    blocks: tuple[str, ...]
    updates: bool
    interrupts: str | None = None
    rounds: int | None = None


@record
class Lane:
    """One lane: it runs `rounds` blocks of its kind one after another.

    `first` and `stride` number its update instances: round r is instance first + r * stride.
    `interrupts` is the name of the lane in whose midst each of its rounds runs. `number` is what
    `lane` is in its steps: its own index, or that of the interrupted lane.
    """

    name: str
    kind: LaneKind
    index: int
    rounds: int
    first: int = 0
    stride: int = 1
    interrupts: str | None = None
    number: int = 0


@record
class Never:
    """Violated at a snapshot at which `condition` (if any) and then `bad` are defined, not 0.

    `lanes` names the lane kind whose caches the property reads: it is then judged for each
    lane of the kind with that lane's entries. `condition` includes that the entries of which
    the property reads a field are filled.
    """

    name: str
    bad: Expression
    condition: Expression | None
    when: When
    lanes: str | None
    span: Span = field(compare=False, default=Span(1, 1, 1, 1))


@record
class Asserted:
    """An `assert` step, or one that is `unreachable`; `steps` are its `Where.number`s, one for each
    call of its definition if it stands in one."""

    name: str
    steps: tuple[int, ...]
    span: Span = field(compare=False, default=Span(1, 1, 1, 1))
    unreachable: bool = False


@record
class Reach:
    """A goal that some snapshot (ALWAYS: any instant, FINALLY: a complete end) must meet."""

    name: str
    goal: Expression
    when: When
    lanes: str | None
    span: Span = field(compare=False, default=Span(1, 1, 1, 1))


@record
class ReachStep:
    """Some execution begins a step with one of these `Where.number`s."""

    name: str
    steps: tuple[int, ...]
    span: Span = field(compare=False, default=Span(1, 1, 1, 1))


@record
class BuiltIn:
    """One of BUILT_INS, where the protocol has what it speaks of."""

    name: str
    span: Span = field(compare=False, default=Span(1, 1, 1, 1))


Property = Never | Asserted | Reach | ReachStep | BuiltIn


@record
class Expectation:
    """`verdict` in lower case; `model` None means sc and every model that the file names.

    `any_number`: under sc, for any number of updates and rounds.
    """

    name: str
    verdict: str
    model: str | None
    any_number: bool = False
    span: Span = field(compare=False, default=Span(1, 1, 1, 1))


@record
class Bounds:
    """`updates` instances in all, lanes per other kind by its `bound` name, rounds of each lane of
    a kind that has no rounds of its own."""

    updates: int
    lanes: tuple[tuple[str, int], ...]
    rounds: int = 1

    def count(self, bound: str) -> int:
        """The number of lanes (of updates for `updates`) of a kind, by its bound name."""
        return self.updates if bound == "updates" else dict(self.lanes)[bound]


@record
class Checked:
    """A checked protocol. `updaters` is None where the updates run as under a mutex.

    `variant` is its name in a text that has several, `excused` what would be wrong with it if it
    were a text of its own.
    """

    name: str
    title: str | None
    text: Text = field(compare=False)
    structs: tuple[Struct, ...]
    variables: tuple[Variable, ...]
    objects: tuple[InitialObject, ...]
    locks: tuple[Lock, ...]
    domains: tuple[str, ...]
    blocks: tuple[Block, ...]
    kinds: tuple[LaneKind, ...]
    updaters: int | None
    properties: tuple[Property, ...]
    bounds: Bounds
    expectations: tuple[Expectation, ...]
    variant: str = field(compare=False, default="")
    excused: tuple[Diagnostic, ...] = field(compare=False, default=())

    @property
    def called(self) -> str:
        """What reports call it: the name of its text, and its own in that text."""
        return f"{self.text.name}:{self.variant}" if self.variant else self.text.name

    def struct(self, name: str) -> Struct:
        """The struct of that name; KeyError if there is none."""
        return {s.name: s for s in self.structs}[name]

    def variable(self, name: str) -> Variable:
        """The shared variable of that name; KeyError if there is none."""
        return {v.name: v for v in self.variables}[name]

    def block(self, name: str) -> Block:
        """The block of that name; KeyError if there is none."""
        return {b.name: b for b in self.blocks}[name]

    def kind(self, name: str) -> LaneKind:
        """The lane kind of that name; KeyError if there is none."""
        return {k.name: k for k in self.kinds}[name]

    def fields(self, entry: Expression, block: str) -> tuple[str, ...]:
        """The fields of the entry of a Part or Filled that stands in a block or in no block."""
        match entry:
            case Local(name=name):
                return self.block(block).fields(name)
            case LaneLocal(block=own, name=name):
                return self.block(own).fields(name)
            case Load(place) | ReadModifyWrite(place=place) | Await(Load(place)):
                assert isinstance(place, Cell | Element), entry
                return self.variable(place.variable).fields
            case _:
                raise AssertionError(entry)


def lanes(protocol: Checked, bounds: Bounds) -> tuple[Lane, ...]:
    """All lanes at these bounds, in the order of the kinds, which is the order of columns.

    Updates are dealt out to the updater lanes in turn: instance i runs in lane i mod N. In the
    same way lane i of a kind that interrupts another interrupts its lane i mod N.
    """
    widths = {
        kind.name: min(protocol.updaters or 1, bounds.updates)
        if kind.updates
        else bounds.count(kind.bound)
        for kind in protocol.kinds
    }
    found: list[Lane] = []
    for kind in protocol.kinds:
        width, target = widths[kind.name], kind.interrupts
        own = kind.rounds or bounds.rounds
        for index in range(width):
            name = f"{kind.name}{index}"
            if kind.updates:
                rounds = len(range(index, bounds.updates, width))
                found.append(
                    Lane(name, kind, index, rounds, first=index, stride=width, number=index)
                )
            elif target is None:
                found.append(Lane(name, kind, index, own, number=index))
            else:
                number = index % widths[target]
                into = f"{target}{number}"
                found.append(Lane(name, kind, index, own, interrupts=into, number=number))
    return tuple(found)


def furnished(protocol: Checked, bounds: Bounds) -> Checked:
    """The protocol with an element for each lane in the arrays that have one for each."""
    arrays: tuple[Variable | Lock, ...] = (*protocol.variables, *protocol.locks)
    if all(one.lanes is None or one.length for one in arrays):
        return protocol
    kinds = [lane.kind.name for lane in lanes(protocol, bounds)]

    def count(one: Variable | Lock) -> int:
        return kinds.count(one.lanes) if one.lanes is not None and not one.length else 0

    variables = tuple(
        replace(one, length=n, initial=one.initial * n) if (n := count(one)) else one
        for one in protocol.variables
    )
    locks = tuple(replace(one, length=n) if (n := count(one)) else one for one in protocol.locks)
    return replace(protocol, variables=variables, locks=locks)


def freed_structs(protocol: Checked) -> tuple[str, ...]:
    """The structs of which some step frees an object, sorted: theirs are handed out again."""
    steps = [part for part in parts(protocol.blocks) if isinstance(part, Free)]
    return tuple(sorted({step.struct for step in steps}))
