"""Symbolic evaluation: the events that an expression makes, and its value as a term.

Shared reads are events from left to right; where an expression may go wrong the lane goes on
under a longer guard.
"""

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
from smtmodel.events.terms import (
    Apply,
    Const,
    Observed,
    Reference,
    Returned,
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

Entry = tuple[tuple[str, ...], tuple[Term, ...]]
"""A whole entry held by a local: field names and their values."""

Environment = dict[str, "Term | Entry"]


class Evaluator(Builder):
    """A builder that knows the lane's locals and turns expressions into terms and events."""

    def __init__(self, protocol: Checked, bounds: Bounds) -> None:
        super().__init__(protocol, bounds)
        self.environment: Environment = {}

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
                return Const(Reference(self.allocate(struct, copied=False)))
            case lang.EntryValue(fields, values):
                return fields, tuple(self.value(v) for v in values)
            case lang.Settled(inner):
                number = self.event(Kind.SETTLED)
                self.amend(number, observed=inner)
                return Observed(number)
            case lang.Local(name):
                return self.environment[name]
            case lang.Load(lang.Cell(variable), mark) if self.variables[variable].fields:
                return self._entry(variable, mark)
            case _:
                return self.value(expression)

    def _copy(self, pointer: Term, struct: str) -> Term:
        self.stop_unless(lang.NULL_DEREFERENCE, Apply("!=", (pointer, Const(Special.NULL))))
        new = self.allocate(struct, copied=True)
        for field, location in self.objects[new].fields:
            value = self._read(FieldOf(pointer, field), Mark.PLAIN)
            self.event(Kind.WRITE, address=At(location), values=(value,))
        return Const(Reference(new))

    def _entry(self, variable: str, mark: Mark) -> Entry:
        fields = self.variables[variable].fields
        number = self.event(Kind.READ, address=self.address(lang.Cell(variable)), mark=mark)
        return fields, tuple(Returned(number, k) for k in range(len(fields)))

    def value(self, expression: lang.Expression) -> Term:
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
                return self._read(self.address(place), mark)
            case lang.Operation(operator, operands):
                terms = tuple(self.value(o) for o in operands)
                if operator in ("/", "%"):
                    negative = Apply(">=", (terms[0], Const(0)))
                    self.stop_unless(lang.NEGATIVE_OPERAND, negative)
                return Apply(operator, terms)
            case lang.Both(left, right):
                return self._short("&&", left, right)
            case lang.OneOf(left, right):
                return self._short("||", left, right)
            case lang.ReadModifyWrite():
                return self._rmw(expression)
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

    def _rmw(self, expression: lang.ReadModifyWrite) -> Term:
        operands = [self.value(o) for o in expression.operands]
        address = self.address(expression.place)
        number = self.event(Kind.RMW, address=address, mark=expression.mark)
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
        self.amend(number, values=(new,), success=success)
        self._check_written(address, old)
        return new if expression.returns_new else old

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
        inside = Apply(
            "&&",
            (Apply(">=", (index, Const(0))), Apply("<", (index, Const(length)))),
        )
        self.stop_unless(lang.OUT_OF_BOUNDS, inside)
        return ItemOf(tuple(self.cells[variable, str(n)] for n in range(length)), index)

    def _read(self, address: Address, mark: Mark) -> Term:
        value = Returned(self.event(Kind.READ, address=address, mark=mark), 0)
        self._check_written(address, value)
        return value

    def _check_written(self, address: Address, value: Term) -> None:
        if isinstance(address, FieldOf):
            self.stop_unless(lang.UNWRITTEN_READ, Apply("written", (value,)))

    def _write(self, place: lang.Place, mark: Mark, value: Term | Entry) -> None:
        values = value[1] if isinstance(value, tuple) else (value,)
        self.event(Kind.WRITE, address=self.address(place), mark=mark, values=values)
