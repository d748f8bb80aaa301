"""Unrolls a checked protocol at given bounds into its event graph.

Lane by lane, by symbolic execution: branches are joined again, loops written out up to their
bounds. A lane that may wait, stop or be cut off goes on under a longer guard. Assumes what
the checking pass refuses: locks and sections are balanced on every path, locals assigned.
"""

from dataclasses import replace

from smtmodel.events.graph import (
    Address,
    At,
    Begun,
    Choice,
    Event,
    EventGraph,
    FieldOf,
    ItemOf,
    Kind,
    LaneGraph,
    Location,
    Object,
    Stop,
    Wait,
)
from smtmodel.events.terms import (
    ALWAYS,
    AnyOf,
    Apply,
    Atom,
    Chosen,
    Const,
    Constant,
    Guard,
    Holds,
    Observed,
    Passes,
    Reference,
    Returned,
    Select,
    Special,
    Term,
    Token,
)
from smtmodel.language import checked as lang
from smtmodel.language.ast import GuardKind
from smtmodel.language.checked import Bounds, Checked, Lane, Mark, Shape, Where

Entry = tuple[tuple[str, ...], tuple[Term, ...]]
"""A whole entry held by a local: field names and their values."""

Environment = dict[str, "Term | Entry"]

Held = dict[str, tuple[int, ...]]
"""The locks held, each with the events that may have taken it."""

Sections = list[tuple[str, str | None, tuple[int, ...]]]
"""The open read sections: domain, cookie, and the events that may have entered it."""

MOST_EVENTS = 20_000


class TooLarge(Exception):
    """The graph would have more than MOST_EVENTS events."""


def unroll(protocol: Checked, bounds: Bounds) -> EventGraph:
    """The event graph of all executions at these bounds; raises TooLarge."""
    return _Unroller(protocol, bounds).graph()


def _initial(value: lang.Value) -> Constant:
    match value:
        case None:
            return Special.NULL
        case int():
            return value
        case lang.ObjectReference(index):
            return Reference(index)


class _Unroller:
    """The graph under construction and the state of the lane being unrolled."""

    def __init__(self, protocol: Checked, bounds: Bounds) -> None:
        self.protocol = protocol
        self.bounds = bounds
        self.lanes = lang.lanes(protocol, bounds)
        self.variables = {v.name: v for v in protocol.variables}
        self.structs = {s.name: s.fields for s in protocol.structs}
        self.mutexes = {k.name for k in protocol.locks if k.kind is GuardKind.MUTEX}
        self.goals = {p.step for p in protocol.properties if isinstance(p, lang.ReachStep)}
        self.events: list[Event] = []
        self.locations: list[Location] = []
        self.objects: list[Object] = []
        self.cells: dict[tuple[str, str], int] = {}
        self.atoms: list[Atom] = []
        self.choices: list[Choice] = []
        self.waits: list[Wait] = []
        self.stops: list[Stop] = []
        self.begun: list[Begun] = []
        self.locals: dict[tuple[str, str, str], Term] = {}
        self._holds: dict[Term, int] = {}
        # The lane being unrolled.
        self.lane = 0
        self.round = 0
        self.block = ""
        self.where: Where | None = None
        self.guard: Guard = ALWAYS
        self.alive = True
        self.first = 0
        self.atomic: int | None = None
        self.atomics = 0
        self.environment: Environment = {}
        self.returned: list[tuple[Guard, Environment]] = []
        self.locks: Held = {}
        self.sections: Sections = []

    def graph(self) -> EventGraph:
        self._declare()
        lanes = tuple(self._unroll_lane(number, lane) for number, lane in enumerate(self.lanes))
        return EventGraph(
            protocol=self.protocol,
            bounds=self.bounds,
            lanes=lanes,
            events=tuple(self.events),
            locations=tuple(self.locations),
            objects=tuple(self.objects),
            cells=self.cells,
            atoms=tuple(self.atoms),
            choices=tuple(self.choices),
            waits=tuple(self.waits),
            stops=tuple(self.stops),
            begun=tuple(self.begun),
            locals=self.locals,
        )

    # ------------------------------------------------------------ state

    def _declare(self) -> None:
        for item in self.protocol.objects:
            values = tuple((_initial(v),) for v in item.values)
            self._new_object(item.struct, values, item.name, copied=False)
        for variable in self.protocol.variables:
            initial = tuple(_initial(v) for v in variable.initial)
            match variable.shape:
                case Shape.SCALAR:
                    self._cell(variable.name, "", variable.name, initial)
                case Shape.STRUCT:
                    for name, value in zip(variable.fields, initial, strict=True):
                        self._cell(variable.name, name, f"{variable.name}.{name}", (value,))
                case Shape.ARRAY:
                    for index, value in enumerate(initial):
                        self._cell(variable.name, str(index), f"{variable.name}[{index}]", (value,))
                case Shape.WORD:
                    self._cell(variable.name, "", variable.name, initial)
                case Shape.CACHE:
                    empty = (Special.NOTHING,) * len(variable.fields)
                    for lane in self.lanes:
                        if lane.kind.name == variable.owner:
                            name = f"{variable.name} of {lane.name}"
                            self._cell(variable.name, lane.name, name, empty)

    def _cell(self, name: str, part: str, title: str, initial: tuple[Constant, ...]) -> None:
        self.cells[name, part] = len(self.locations)
        self.locations.append(Location(title, initial))

    def _new_object(
        self, struct: str, values: tuple[tuple[Constant, ...], ...], name: str, *, copied: bool
    ) -> int:
        number = len(self.objects)
        fields = []
        for field, value in zip(self.structs[struct], values, strict=True):
            fields.append((field, len(self.locations)))
            self.locations.append(Location(f"{name}.{field}", value, number, copied))
        self.objects.append(Object(struct, tuple(fields)))
        return number

    def _allocate(self, struct: str, *, copied: bool) -> int:
        unwritten = ((Special.UNWRITTEN,),) * len(self.structs[struct])
        name = f"{struct}{len(self.objects)}"
        return self._new_object(struct, unwritten, name, copied=copied)

    # ------------------------------------------------------------ guards

    def _atom(self, atom: Atom) -> int:
        if len(self.atoms) >= 4 * MOST_EVENTS:
            raise TooLarge
        self.atoms.append(atom)
        return len(self.atoms)

    def _holding(self, term: Term) -> int:
        """The literal that a term is true."""
        if term not in self._holds:
            self._holds[term] = self._atom(Holds(term))
        return self._holds[term]

    def _under(self, literal: int) -> Guard:
        return tuple(sorted({*self.guard, literal}))

    def _joined(self, base: Guard, guards: list[Guard]) -> Guard:
        """A guard that holds where one of the guards does; each of them implies `base`."""
        if len(guards) == 1:
            return guards[0]
        extra = [tuple(sorted(set(g) - set(base))) for g in guards]
        if any(not e for e in extra):
            return base
        if (
            len(extra) == 2
            and extra[0] == tuple(-literal for literal in extra[1][:1])
            and (len(extra[1]) == 1)
        ):
            return base
        return tuple(sorted({*base, self._atom(AnyOf(tuple(guards)))}))

    def _stop_unless(self, name: str, term: Term) -> None:
        """The lane goes no further where the term is false."""
        self._stop(name, self._under(self._holding(term)))

    def _stop(self, name: str, passed: Guard) -> None:
        after = len(self.events) - 1 if len(self.events) > self.first else None
        self.stops.append(Stop(name, self.guard, passed, self.lane, after, self.where))
        self.guard = passed

    # ------------------------------------------------------------ events

    def _event(
        self,
        kind: Kind,
        *,
        address: Address | None = None,
        mark: Mark = Mark.PLAIN,
        values: tuple[Term, ...] = (),
        name: str = "",
        partners: tuple[int, ...] = (),
        serial: bool = False,
    ) -> int:
        number = len(self.events)
        if number >= MOST_EVENTS:
            raise TooLarge
        self.events.append(
            Event(
                number=number,
                lane=self.lane,
                kind=kind,
                guard=self.guard,
                block=self.block,
                round=self.round,
                where=self.where,
                address=address,
                mark=mark,
                values=values,
                name=name,
                partners=partners,
                serial=serial,
                atomic=self.atomic,
            )
        )
        return number

    def _amend(self, number: int, **changes: object) -> None:
        self.events[number] = replace(self.events[number], **changes)  # type: ignore[arg-type]

    def _wait(self, kind: Kind, name: str, partners: tuple[int, ...] = ()) -> int:
        """An event that the lane may have to wait for."""
        before = self.guard
        number = self._event(kind, name=name, partners=partners)
        self.guard = self._under(self._atom(Passes(number)))
        self._amend(number, guard=self.guard)
        self.waits.append(Wait(before, number))
        return number

    # ------------------------------------------------------------ lanes

    def _unroll_lane(self, number: int, lane: Lane) -> LaneGraph:
        self.lane = number
        self.first = len(self.events)
        self.guard = ALWAYS
        for name in lane.kind.blocks:
            for local in self.protocol.block(name).locals:
                self.locals[lane.name, name, local] = Const(Special.UNASSIGNED)
        for self.round in range(lane.rounds):
            self._unroll_round(lane)
        return LaneGraph(lane, self.first, len(self.events), self.guard)

    def _unroll_round(self, lane: Lane) -> None:
        names = lane.kind.blocks
        serial = self.protocol.updaters is None
        self.where, self.block = None, names[0] if len(names) == 1 else ""
        if lane.kind.updates:
            self._event(Kind.BEGIN, serial=serial)
        if len(names) == 1:
            self._unroll_block(lane, names[0])
        else:
            base, choice = self.guard, self._choose(names)
            ends = []
            for index, name in enumerate(names):
                self.guard = base
                self.guard = self._under(self._holding(_is(choice, index)))
                self._unroll_block(lane, name)
                ends.append(self.guard)
            self.guard = self._joined(base, ends)
        self.where, self.block = None, names[0] if len(names) == 1 else ""
        if lane.kind.updates:
            self._event(Kind.RETURN, serial=serial)

    def _choose(self, names: tuple[str, ...]) -> Chosen:
        self.choices.append(Choice(self.lane, self.guard, names, tuple(range(len(names)))))
        return Chosen(len(self.choices) - 1)

    def _unroll_block(self, lane: Lane, name: str) -> None:
        block = self.protocol.block(name)
        self.block = name
        base = self.guard
        self.alive, self.environment, self.returned = True, {}, []
        self.locks, self.sections = {}, []
        self._steps(block.steps)
        if self.alive:
            self.returned.append((self.guard, self.environment))
        for local in block.locals:
            key = (lane.name, name, local)
            value = self.locals[key]
            for guard, environment in self.returned:
                final = environment.get(local, Const(Special.UNASSIGNED))
                if not isinstance(final, tuple):
                    value = Select(guard, final, value) if guard else final
            self.locals[key] = value
        self.guard = self._joined(base, [guard for guard, _ in self.returned])
        self.alive = True

    # ------------------------------------------------------------ steps

    def _steps(self, steps: tuple[lang.Step, ...]) -> None:
        for step in steps:
            if not self.alive:
                return
            self.where = step.where
            self.begun.append(Begun(step.where.number, self.guard))
            if step.where.number in self.goals:
                self._event(Kind.REACH)
            self._step(step)

    def _step(self, step: lang.Step) -> None:
        match step:
            case lang.SetLocal(_, name, value):
                self.environment[name] = self._whole(value)
            case lang.Store(_, place, mark, value):
                self._write(place, mark, self._whole(value))
            case lang.Evaluate(_, expression):
                self._whole(expression)
            case lang.Enter(_, domain, cookie):
                self._enter(domain, cookie)
            case lang.Leave(_, domain, cookie):
                self._leave(domain, cookie)
            case lang.Synchronize(_, domain):
                begin = self._event(Kind.GRACE_BEGIN, name=domain)
                self._wait(Kind.GRACE_END, domain, (begin,))
            case lang.TakeLock(_, lock):
                self.locks[lock] = (self._wait(Kind.LOCK, lock),)
            case lang.ReleaseLock(_, lock):
                serial = lock in self.mutexes
                self._event(Kind.UNLOCK, name=lock, partners=self.locks.pop(lock), serial=serial)
            case lang.Fence(_, kind):
                self._amend(self._event(Kind.FENCE), fence=kind)
            case lang.If():
                self._if(step)
            case lang.While():
                self._while(step)
            case lang.Retry():
                self._retry(step)
            case lang.Branch(_, branches):
                self._branch(branches)
            case lang.Return():
                self.returned.append((self.guard, dict(self.environment)))
                self.alive = False
            case lang.Assert(_, name, condition):
                term = self._value(condition)
                self._amend(self._event(Kind.ASSERT, name=name), condition=term)
            case lang.Assume(_, condition):
                self._stop_unless("assume", self._value(condition))
            case lang.Atomic(_, body):
                self.atomic, self.atomics = self.atomics, self.atomics + 1
                self._steps(body)
                self.atomic = None

    def _enter(self, domain: str, cookie: str | None) -> None:
        nested = domain == lang.RCU and any(d == domain for d, _, _ in self.sections)
        events = () if nested else (self._event(Kind.ENTER, name=domain),)
        self.sections.append((domain, cookie, events))

    def _leave(self, domain: str, cookie: str | None) -> None:
        matching = [
            index
            for index, (d, c, _) in enumerate(self.sections)
            if d == domain and (cookie is None or c == cookie)
        ]
        _, _, events = self.sections.pop(matching[-1])
        if events:
            self._event(Kind.LEAVE, name=domain, partners=events)

    # ------------------------------------------------------------ branching

    def _if(self, step: lang.If) -> None:
        condition, negated = step.condition, False
        if isinstance(condition, lang.Operation) and isinstance(
            condition.operands[0], lang.TryLock
        ):
            condition, negated = condition.operands[0], True
        if isinstance(condition, lang.TryLock):
            number = self._try(condition.lock)
            success = self.events[number].success
            assert success is not None
            literal = self._holding(success)
            taken: Held = {condition.lock: (number,)}
        else:
            literal, taken = self._holding(self._value(condition)), {}
        then, otherwise = (step.otherwise, step.then) if negated else (step.then, step.otherwise)
        self._split([(literal, then, taken), (-literal, otherwise, {})])

    def _try(self, lock: str) -> int:
        self.choices.append(Choice(self.lane, self.guard, ("fail", "take"), (0, 1), False))
        number = self._event(Kind.TRY, name=lock)
        self._amend(number, success=Chosen(len(self.choices) - 1))
        return number

    def _branch(self, branches: tuple[tuple[lang.Step, ...], ...]) -> None:
        choice = self._choose(tuple(str(n + 1) for n in range(len(branches))))
        self._split(
            [
                (self._holding(_is(choice, index)), branch, {})
                for index, branch in enumerate(branches)
            ]
        )

    def _split(self, ways: list[tuple[int, tuple[lang.Step, ...], Held]]) -> None:
        """Runs each way under its literal and joins those that go on."""
        base, where = self.guard, self.where
        environment, locks, sections = self.environment, self.locks, self.sections
        ends = []
        for literal, steps, taken in ways:
            self.guard, self.alive = base, True
            self.guard = self._under(literal)
            self.environment, self.sections = dict(environment), list(sections)
            self.locks = {**locks, **taken}
            self._steps(steps)
            if self.alive:
                ends.append((self.guard, self.environment, self.locks, self.sections))
        self.where = where
        self._join(base, ends)

    def _join(
        self,
        base: Guard,
        ends: list[tuple[Guard, Environment, Held, Sections]],
    ) -> None:
        self.alive = bool(ends)
        if not ends:
            return
        _, self.environment, self.locks, self.sections = ends[-1]
        for guard, environment, locks, sections in reversed(ends[:-1]):
            self.environment = _merged(guard, environment, self.environment)
            self.locks = {
                name: tuple(sorted({*locks[name], *events})) for name, events in self.locks.items()
            }
            self.sections = [
                (domain, cookie, tuple(sorted({*ours, *theirs})))
                for (domain, cookie, ours), (_, _, theirs) in zip(
                    self.sections, sections, strict=True
                )
            ]
        self.guard = self._joined(base, [guard for guard, _, _, _ in ends])

    def _while(self, step: lang.While) -> None:
        base, ends = self.guard, []
        for turn in range(step.bound + 1):
            self.where = step.where
            literal = self._holding(self._value(step.condition))
            leaving = (self._under(-literal), dict(self.environment), dict(self.locks))
            ends.append((*leaving, list(self.sections)))
            if turn == step.bound:
                self._stop("bound", self._under(-literal))
                break
            self.guard = self._under(literal)
            self._steps(step.body)
            if not self.alive:
                break
        self.where = step.where
        self._join(base, ends)

    def _retry(self, step: lang.Retry) -> None:
        base, ends = self.guard, []
        for turn in range(step.bound):
            self._steps(step.body)
            if not self.alive:
                break
            self.where = step.where
            literal = self._holding(self._value(step.condition))
            leaving = (self._under(literal), dict(self.environment), dict(self.locks))
            ends.append((*leaving, list(self.sections)))
            if turn == step.bound - 1:
                self._stop("bound", self._under(literal))
            else:
                self.guard = self._under(-literal)
        self.where = step.where
        self._join(base, ends)

    # ------------------------------------------------------------ expressions

    def _whole(self, expression: lang.Expression) -> Term | Entry:
        """The value of a right side, which may be an entry."""
        match expression:
            case lang.Fresh():
                return Token(self._event(Kind.FRESH))
            case lang.Choose(low, high):
                names = tuple(str(v) for v in range(low, high + 1))
                values = tuple(range(low, high + 1))
                self.choices.append(Choice(self.lane, self.guard, names, values))
                return Chosen(len(self.choices) - 1)
            case lang.Copy(pointer, struct):
                return self._copy(self._value(pointer), struct)
            case lang.Allocate(struct):
                return Const(Reference(self._allocate(struct, copied=False)))
            case lang.EntryValue(fields, values):
                return fields, tuple(self._value(v) for v in values)
            case lang.Settled(inner):
                number = self._event(Kind.SETTLED)
                self._amend(number, observed=inner)
                return Observed(number)
            case lang.Local(name):
                return self.environment[name]
            case lang.Load(lang.Cell(variable), mark) if self.variables[variable].fields:
                return self._entry(variable, mark)
            case _:
                return self._value(expression)

    def _copy(self, pointer: Term, struct: str) -> Term:
        self._stop_unless(lang.NULL_DEREFERENCE, Apply("!=", (pointer, Const(Special.NULL))))
        new = self._allocate(struct, copied=True)
        for field, location in self.objects[new].fields:
            value = self._read(FieldOf(pointer, field), Mark.PLAIN)
            self._event(Kind.WRITE, address=At(location), values=(value,))
        return Const(Reference(new))

    def _entry(self, variable: str, mark: Mark) -> Entry:
        fields = self.variables[variable].fields
        number = self._event(Kind.READ, address=self._address(lang.Cell(variable)), mark=mark)
        return fields, tuple(Returned(number, k) for k in range(len(fields)))

    def _value(self, expression: lang.Expression) -> Term:
        match expression:
            case lang.Constant(value):
                return Const(value)
            case lang.NullPointer():
                return Const(Special.NULL)
            case lang.Part(entry, field):
                fields, values = self._held(entry)
                return values[fields.index(field)]
            case lang.Filled(entry):
                return Apply("filled", (self._held(entry)[1][0],))
            case lang.Load(place, mark):
                return self._read(self._address(place), mark)
            case lang.Operation(operator, operands):
                terms = tuple(self._value(o) for o in operands)
                if operator in ("/", "%"):
                    negative = Apply(">=", (terms[0], Const(0)))
                    self._stop_unless(lang.NEGATIVE_OPERAND, negative)
                return Apply(operator, terms)
            case lang.Both(left, right):
                return self._short("&&", left, right)
            case lang.OneOf(left, right):
                return self._short("||", left, right)
            case lang.ReadModifyWrite():
                return self._rmw(expression)
            case _:
                whole = self._whole(expression)
                assert not isinstance(whole, tuple)
                return whole

    def _held(self, expression: lang.Expression) -> Entry:
        value = self._whole(expression)
        assert isinstance(value, tuple)
        return value

    def _short(self, operator: str, left: lang.Expression, right: lang.Expression) -> Term:
        """`&&` and `||`: the right side is evaluated only where the left does not decide."""
        first = self._value(left)
        base = self.guard
        literal = self._holding(first)
        going = literal if operator == "&&" else -literal
        self.guard = self._under(going)
        before = self.guard, len(self.events), len(self.stops)
        second = self._value(right)
        if (self.guard, len(self.events), len(self.stops)) == before:
            self.guard = base
        else:
            skipped = tuple(sorted({*base, -going}))
            self.guard = self._joined(base, [skipped, self.guard])
        return Apply(operator, (first, second))

    def _rmw(self, expression: lang.ReadModifyWrite) -> Term:
        operands = [self._value(o) for o in expression.operands]
        address = self._address(expression.place)
        number = self._event(Kind.RMW, address=address, mark=expression.mark)
        old = Returned(number, 0)
        new: Term
        success: Term | None = None
        match expression.operation:
            case lang.Rmw.EXCHANGE:
                new = operands[0]
            case lang.Rmw.ADD:
                new = Apply("+", (old, operands[0]))
            case lang.Rmw.COMPARE_EXCHANGE:
                new = operands[1]
                success = Apply("==", (old, operands[0]))
        if success is None and isinstance(address, FieldOf):
            success = Apply("written", (old,))
        self._amend(number, values=(new,), success=success)
        self._check_written(address, old)
        return new if expression.returns_new else old

    # ------------------------------------------------------------ places

    def _address(self, place: lang.Place) -> Address:
        match place:
            case lang.Cell(variable):
                cache = self.variables[variable].shape is Shape.CACHE
                part = self.lanes[self.lane].name if cache else ""
                return At(self.cells[variable, part])
            case lang.Member(variable, field):
                return At(self.cells[variable, field])
            case lang.Element(variable, index):
                return self._item(variable, self._value(index))
            case lang.Through(pointer, _, field):
                term = self._value(pointer)
                null = Apply("!=", (term, Const(Special.NULL)))
                self._stop_unless(lang.NULL_DEREFERENCE, null)
                return FieldOf(term, field)

    def _item(self, variable: str, index: Term) -> Address:
        length = self.variables[variable].length
        inside = Apply(
            "&&",
            (Apply(">=", (index, Const(0))), Apply("<", (index, Const(length)))),
        )
        self._stop_unless(lang.OUT_OF_BOUNDS, inside)
        return ItemOf(tuple(self.cells[variable, str(n)] for n in range(length)), index)

    def _read(self, address: Address, mark: Mark) -> Term:
        value = Returned(self._event(Kind.READ, address=address, mark=mark), 0)
        self._check_written(address, value)
        return value

    def _check_written(self, address: Address, value: Term) -> None:
        if isinstance(address, FieldOf):
            self._stop_unless(lang.UNWRITTEN_READ, Apply("written", (value,)))

    def _write(self, place: lang.Place, mark: Mark, value: Term | Entry) -> None:
        values = value[1] if isinstance(value, tuple) else (value,)
        self._event(Kind.WRITE, address=self._address(place), mark=mark, values=values)


def _is(choice: Chosen, index: int) -> Term:
    return Apply("==", (choice, Const(index)))


def _merged(guard: Guard, ours: Environment, theirs: Environment) -> Environment:
    """The values where `guard` holds (ours) or not (theirs)."""
    unassigned = Const(Special.UNASSIGNED)
    merged: Environment = {}
    for name in sorted({*ours, *theirs}):
        left, right = ours.get(name, unassigned), theirs.get(name, unassigned)
        if left is right:
            merged[name] = left
        elif isinstance(left, tuple) or isinstance(right, tuple):
            merged[name] = _merged_entries(guard, left, right)
        else:
            merged[name] = Select(guard, left, right)
    return merged


def _merged_entries(guard: Guard, left: Term | Entry, right: Term | Entry) -> Entry:
    fields = left[0] if isinstance(left, tuple) else right[0] if isinstance(right, tuple) else ()
    blank = tuple(Const(Special.UNASSIGNED) for _ in fields)
    ours = left[1] if isinstance(left, tuple) else blank
    theirs = right[1] if isinstance(right, tuple) else blank
    return fields, tuple(Select(guard, a, b) for a, b in zip(ours, theirs, strict=True))
