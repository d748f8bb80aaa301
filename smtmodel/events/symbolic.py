"""Symbolic evaluation: the events that an expression makes, and its value as a term.

Shared reads are events from left to right; where an expression may go wrong the lane goes on
under a longer guard.
"""

from itertools import repeat

from smtmodel.events.building import (
    Builder,
)
from smtmodel.events.graph import (
    Address,
    At,
    FieldOf,
    ItemOf,
    Kind,
)
from smtmodel.events.operators import NATURAL
from smtmodel.events.terms import (
    Apply,
    Const,
    Guard,
    Observed,
    Reference,
    Returned,
    Select,
    Special,
    Term,
    Token,
)
from smtmodel.language import checked as lang
from smtmodel.language.checked import (
    Bounds,
    Checked,
    Mark,
    Shape,
)
from smtmodel.language.magnitudes import may_overflow

Entry = tuple[Term, ...]
"""A whole entry held by a local: the values of its fields."""

Environment = dict[str, "Term | Entry"]


class Evaluator(Builder):
    """A builder that knows the lane's locals and turns expressions into terms and events."""

    def __init__(self, protocol: Checked, bounds: Bounds) -> None:
        super().__init__(protocol, bounds)
        self.environment: Environment = {}
        self.awaited: tuple[lang.Load, Term | Entry] | None = None
        # Not whether it is asked about: a question about other properties has the same executions.
        self.overflows = may_overflow(protocol.variables, protocol.objects, protocol.blocks)

    # ------------------------------------------------------------ expressions

    def whole(self, expression: lang.Expression) -> Term | Entry:
        """The value of a right side, which may be an entry."""
        match expression:
            case lang.Fresh():
                return Token(self.event(Kind.FRESH))
            case lang.Choose(low, high):
                names = tuple(str(v) for v in range(low, high + 1))
                values = tuple(range(low, high + 1))
                return self.choose(names, values)
            case lang.Copy(pointer, struct):
                return self._copy(self.value(pointer), struct)
            case lang.Allocate(struct):
                return self.have(struct, copied=False)
            case lang.EntryValue(_, values):
                return tuple(self.value(v) for v in values)
            case lang.Settled(inner):
                number = self.event(Kind.SETTLED)
                self.amend(number, observed=inner)
                return Observed(number)
            case lang.Local(name):
                return self.environment[name]
            case lang.Await():
                return self._await(expression)
            case lang.Load() if self.awaited is not None and expression == self.awaited[0]:
                return self.awaited[1]
            case lang.Load(place, mark) if self._fields_of(place):
                return self._entry(place, mark)
            case lang.ReadModifyWrite():
                return self._rmw(expression)
            case _:
                return self.value(expression)

    def _copy(self, pointer: Term, struct: str) -> Term:
        self.stop_unless(lang.NULL_DEREFERENCE, Apply("!=", (pointer, Const(Special.NULL))))
        new = self.have(struct, copied=True)
        for field in self.structs[struct].fields:
            if field not in self.structs[struct].ghosts:
                value = self._read(FieldOf(pointer, field), Mark.PLAIN)
                self.event(Kind.WRITE, address=self._field(new, field), values=(value,))
        return new

    def _await(self, expression: lang.Await) -> Term | Entry:
        """A read for which the lane waits, and its condition as a term over what it returns."""
        load = expression.load
        address = self.address(load.place)
        name = expression.queue or ""
        number = self.event(Kind.READ, address=address, mark=load.mark, name=name, waits=True)
        value: Term | Entry = Returned(number, 0)
        if self._fields_of(load.place):
            value = self._returned(load.place, number)
        self._check_written(address, Returned(number, 0))
        self.awaited = load, value
        self.amend(number, condition=self.value(expression.condition), awaited=load.place)
        self.awaited = None
        return value

    def _field(self, pointer: Term, field: str) -> Address:
        """The field of an object that is known, or of whatever a pointer points to."""
        if isinstance(pointer, Const) and isinstance(pointer.value, Reference):
            return At(dict(self.objects[pointer.value.object].fields)[field])
        return FieldOf(pointer, field)

    def _fields_of(self, place: lang.Place) -> tuple[str, ...]:
        """The fields of the word or cache that lies at a place; none of anything else."""
        match place:
            case lang.Cell(variable) | lang.Element(variable):
                return self.variables[variable].fields
            case _:
                return ()

    def _entry(self, place: lang.Place, mark: Mark) -> Entry:
        number = self.event(Kind.READ, address=self.address(place), mark=mark)
        return self._returned(place, number)

    def _returned(self, place: lang.Place, number: int) -> Entry:
        """What an access to a word or a cache returns."""
        return tuple(Returned(number, k) for k in range(len(self._fields_of(place))))

    def value(self, expression: lang.Expression) -> Term:
        match expression:
            case lang.Constant(value):
                return Const(value)
            case lang.NullPointer():
                return Const(Special.NULL)
            case lang.LaneNumber():
                return Const(self.lanes[self.lane].number)
            case lang.NamedObject(index):
                return Const(Reference(index))
            case lang.Part(entry, field):
                fields = self.protocol.fields(entry, self.block)
                return self._held(entry)[fields.index(field)]
            case lang.Filled(entry):
                return Apply("filled", (self._held(entry)[0],))
            case lang.Load(place, mark) if self.awaited is None:
                return self._read(self.address(place), mark)
            case lang.Operation(operator, operands):
                return self._applied(operator, tuple(self.value(o) for o in operands))
            case lang.And(left, right):
                return self._short("&&", left, right)
            case lang.Or(left, right):
                return self._short("||", left, right)
            case _:
                whole = self.whole(expression)
                assert not isinstance(whole, tuple)
                return whole

    def _held(self, expression: lang.Expression) -> Entry:
        value = self.whole(expression)
        assert isinstance(value, tuple)
        return value

    def _short(self, operator: str, left: lang.Expression, right: lang.Expression) -> Term:
        """`&&` and `||`: the right side is evaluated only where the left does not decide."""
        first = self.value(left)
        base = self.guard
        literal = self.holding(first)
        going = literal if operator == "&&" else -literal
        self.guard = self.under(going)
        before = self.guard, len(self.events), len(self.stops)
        second = self.value(right)
        if (self.guard, len(self.events), len(self.stops)) == before:
            self.guard = base
        else:
            skipped = tuple(sorted({*base, -going}))
            self.guard = self.joined(base, [skipped, self.guard])
        return Apply(operator, (first, second))

    def _rmw(self, expression: lang.ReadModifyWrite) -> Term | Entry:
        early = self.address(expression.place) if expression.place_first else None
        operands = [self.whole(o) for o in expression.operands]
        address = early or self.address(expression.place)
        locked = expression.operation not in lang.LOOKS
        number = self.event(Kind.RMW, address=address, mark=expression.mark, serial=locked)
        match expression.place:
            case place if self._fields_of(place):
                before = self._returned(place, number)
                after, wrote = self._exchanged(expression, before, operands)
                self.amend(number, values=after, success=wrote)
                whole: tuple[Term | Entry, Term | Entry] = before, after
            case _:
                old = Returned(number, 0)
                new, wrote = self._modified(expression, old, operands)
                checks = self._modifiable(expression, address, old, new, wrote)
                success = wrote
                for _, check in reversed(checks):
                    success = check if success is None else Apply("&&", (check, success))
                self.amend(number, values=(new,), success=success)
                for name, check in checks:
                    self.stop_unless(name, check)
                whole = old, new
        match expression.yields:
            case lang.Yields.BEFORE:
                return whole[0]
            case lang.Yields.AFTER:
                return whole[1]
            case lang.Yields.SUCCESS:
                return Const(1) if wrote is None else wrote

    def _modifiable(
        self,
        expression: lang.ReadModifyWrite,
        address: Address,
        old: Term,
        new: Term,
        wrote: Term | None,
    ) -> list[tuple[str, Term]]:
        """The errors that an event which finds `old` may be, each with the term that it is none."""
        checks: list[tuple[str, Term]] = []
        if isinstance(address, FieldOf):
            checks.append((lang.UNWRITTEN_READ, Apply("written", (old,))))
        if self.overflows and expression.operation in lang.ADDS:
            fits: Term = Apply("defined", (new,))
            if wrote is not None:
                fits = Apply("||", (Apply("!", (wrote,)), fits))
            checks.append((lang.OVERFLOW, fits))
        return checks

    def _modified(
        self, expression: lang.ReadModifyWrite, old: Term, operands: list[Term | Entry]
    ) -> tuple[Term, Term | None]:
        """What a read-modify-write writes, and the condition, if any, under which it does."""
        given = [one for one in operands if not isinstance(one, tuple)]
        match expression.operation:
            case lang.Rmw.EXCHANGE:
                return given[0], None
            case lang.Rmw.COMPARE_EXCHANGE:
                return given[1], Apply("==", (old, given[0]))
            case lang.Rmw.ADD:
                return self._stored(Apply("+", (old, given[0])), expression.width), None
            case lang.Rmw.ADD_NOT_ZERO | lang.Rmw.ADD_UNLESS | lang.Rmw.ADD_POSITIVE:
                new = self._stored(Apply("+", (old, given[0])), expression.width)
                positive = expression.operation is lang.Rmw.ADD_POSITIVE
                unless = given[1] if expression.operation is lang.Rmw.ADD_UNLESS else Const(0)
                return new, Apply(">" if positive else "!=", (old, unless))
            case lang.Rmw.OR | lang.Rmw.AND | lang.Rmw.XOR | lang.Rmw.CLEAR:
                new = Apply(expression.operation.value, (old, given[0]))
                return self._stored(new, expression.width), None

    def _exchanged(
        self,
        expression: lang.ReadModifyWrite,
        before: tuple[Term, ...],
        operands: list[Term | Entry],
    ) -> tuple[tuple[Term, ...], Term | None]:
        """The same of a whole entry."""
        given = [one for one in operands if isinstance(one, tuple)]
        if expression.operation is lang.Rmw.EXCHANGE:
            return given[0], None
        pairs = zip(before, given[0], strict=True)
        same = [Apply("same", pair) for pair in pairs]
        success: Term = same[0]
        for one in same[1:]:
            success = Apply("&&", (success, one))
        return given[1], success

    # ------------------------------------------------------------ places

    def address(self, place: lang.Place) -> Address:
        match place:
            case lang.Cell(variable):
                cache = self.variables[variable].shape is Shape.CACHE
                part = self.lanes[self.lane].name if cache else ""
                return At(self.cells[variable, part])
            case lang.Member(variable, field):
                return At(self.cells[variable, field])
            case lang.Element(variable, index):
                return self._item(variable, self.value(index))
            case lang.Through(pointer, _, field):
                term = self.value(pointer)
                null = Apply("!=", (term, Const(Special.NULL)))
                self.stop_unless(lang.NULL_DEREFERENCE, null)
                return FieldOf(term, field)

    def _item(self, variable: str, index: Term) -> Address:
        length = self.variables[variable].length
        self.stop_unless(lang.OUT_OF_BOUNDS, self.within(index, length))
        return ItemOf(tuple(self.cells[variable, str(n)] for n in range(length)), index)

    def within(self, index: Term, length: int) -> Term:
        """That an index is inside of its array."""
        return Apply("&&", (Apply(">=", (index, Const(0))), Apply("<", (index, Const(length)))))

    def _read(self, address: Address, mark: Mark) -> Term:
        value = Returned(self.event(Kind.READ, address=address, mark=mark), 0)
        self._check_written(address, value)
        return value

    def _check_written(self, address: Address, value: Term) -> None:
        if isinstance(address, FieldOf):
            self.stop_unless(lang.UNWRITTEN_READ, Apply("written", (value,)))

    def _store(self, step: lang.Store) -> None:
        """The write of an assignment, after the read of one that reads its place too."""
        early = self.address(step.place) if step.place_first else None
        value = self.whole(step.value)
        address = early or self.address(step.place)
        values = value if isinstance(value, tuple) else (value,)
        if step.operator:
            old = self._read(address, step.mark)
            values = (self._stored(self._applied(step.operator, (old, *values)), step.width),)
        self.event(Kind.WRITE, address=address, mark=step.mark, values=values)

    def _applied(self, operator: str, terms: tuple[Term, ...]) -> Term:
        """An operator applied to numbers; the lane stops where it has no value."""
        if operator in NATURAL:
            self.stop_unless(lang.NEGATIVE_OPERAND, Apply(">=", (terms[0], Const(0))))
        made = Apply(operator, terms)
        if operator in lang.GROWING and self.overflows:
            self.stop_unless(lang.OVERFLOW, Apply("defined", (made,)))
        return made

    def _stored(self, number: Term, width: int | None) -> Term:
        """What a place of so many bits keeps of a number."""
        return number if width is None else Apply("wrap", (number, Const(2**width)))


def merged(guard: Guard, ours: Environment, theirs: Environment) -> Environment:
    """The values where `guard` holds (ours) or not (theirs)."""
    unassigned = Const(Special.UNASSIGNED)
    merged: Environment = {}
    for name in sorted({*ours, *theirs}):
        left, right = ours.get(name, unassigned), theirs.get(name, unassigned)
        if left is right:
            merged[name] = left
        elif isinstance(left, tuple) or isinstance(right, tuple):
            merged[name] = _entries(guard, left, right)
        else:
            merged[name] = Select(guard, left, right)
    return merged


def _entries(guard: Guard, left: Term | Entry, right: Term | Entry) -> Entry:
    unassigned = repeat(Const(Special.UNASSIGNED))
    ours = left if isinstance(left, tuple) else unassigned
    theirs = right if isinstance(right, tuple) else unassigned
    return tuple(Select(guard, a, b) for a, b in zip(ours, theirs, strict=False))
