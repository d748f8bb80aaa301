"""The memory of a protocol as the variables and structures of a litmus test.

A location is a variable called as reports call it. An entry is one, whatever it has of fields: it
is read and written as a whole.
"""

from smtmodel.language.checked import (
    Allocate,
    Cell,
    Checked,
    Copy,
    Element,
    Expression,
    Free,
    Lane,
    Load,
    Lock,
    Member,
    ObjectReference,
    Place,
    Shape,
    Struct,
    TakeLock,
    Through,
    TryLock,
    Value,
    Variable,
    Zap,
    element,
)
from smtmodel.language.checked import Constant as Number
from smtmodel.language.types import Pointer
from smtmodel.litmus.program import AddressOf, Initial, Integer, Whole, field_of
from smtmodel.litmus.written import told
from smtmodel.litmus.written.refused import NotWritten
from smtmodel.source import Span
from smtmodel.source.record import parts

EMPTY = AddressOf("(empty)")
"""What a field of an empty entry holds: it equals nothing that a protocol can write."""

UNWRITTEN = Integer((1 << 31) + 1)
"""What a field of a copied object holds before its first write; whoever reads it is noted."""

NOWHERE = "(unwritten) "
"""Begins the name of the object that a pointer nobody has written points to."""

FIRST_TOKEN = 1 << 61

TOLD = "(told)"
"""Begins the name of a variable by which updates tell that they are over."""

LATER = "(freed later)"
"""Begins the name of such a variable and of the lane that then frees."""

ENDED = "(ended)"
"""Begins the name of a variable that says whether a grace period has ended."""

SERIAL = "(updates)"
"""The implicit mutex that updates run under."""


Graces = tuple[tuple[str, AddressOf], ...]
"""Grace periods by their domains, and what says that they have ended."""


class Memory:
    """The variables and structures of one test; objects are added as lanes make them.

    `graces` are the grace periods that lanes wait for, `open` the domains in whose sections a lane
    may stop for good, and `asked` those of which is then asked whether they have ended.
    """

    def __init__(self, protocol: Checked, lanes: tuple[Lane, ...], asked: Graces = ()) -> None:
        self.protocol = protocol
        self.asked = asked
        self.graces: list[tuple[str, AddressOf]] = []
        self.open: set[str] = set()
        self.variables: list[tuple[str, Initial]] = []
        self.structures: list[tuple[str, tuple[str, ...]]] = []
        self.zapped = {x.variable for x in parts(protocol.blocks) if isinstance(x, Zap)}
        self.lanes = lanes
        self.copies = any(isinstance(one, Copy | Allocate) for one in parts(protocol.blocks))
        self.messages: list[AddressOf] = []
        self.later: list[tuple[AddressOf, Free]] = []
        self.told: dict[Expression, AddressOf] = {}
        self.tokens = 0
        self.variables += ((EMPTY.variable, Integer(0)), (SERIAL, Integer(0)))
        taken = {one.name for one in protocol.variables}
        self.named = [
            one.name if one.name not in taken else f"{one.struct} {n}"
            for n, one in enumerate(protocol.objects, 1)
        ]
        for name, item in zip(self.named, protocol.objects, strict=True):
            values = map(self._initial, item.values)
            self._structure(name, protocol.struct(item.struct).fields, tuple(values))
        if self.copies:
            for struct in protocol.structs:
                self._structure(NOWHERE + struct.name, struct.fields, self._unwritten(struct))
        for variable in protocol.variables:
            self._variable(variable)
        words = (word for lock in protocol.locks for word in self._words(lock))
        for name in (*words, *protocol.domains):
            if name not in {known for known, _ in self.variables}:
                self.variables.append((name, Integer(0)))
        for expression in told.asked(protocol):
            self._tell(expression)

    def _words(self, lock: Lock) -> list[str]:
        """The variables that a lock is, or the locks of an array."""
        names = _elements(lock.name, lock.length) or [lock.name]
        if not lock.kind.sided:
            return names
        return [word for name in names for word in self.words(lock.name, name)]

    def words(self, lock: str, name: str) -> list[str]:
        """The variables of a reader/writer lock, one for each lane that reads under it.

        A reader has its own, and a writer all of them: so they exclude each other as locks do, and
        what one releases the other acquires, but between readers nothing is ordered.
        """
        readers = [one.name for one in self.lanes if self._reads_under(lock, one)]
        return [self.word(name, one) for one in readers] or [name]

    def word(self, name: str, lane: str) -> str:
        """The variable of a lane that reads under a lock."""
        return f"{name} of {lane}"

    def _reads_under(self, lock: str, lane: Lane) -> bool:
        blocks = tuple(self.protocol.block(name) for name in lane.kind.blocks)
        taken = (one for one in parts(blocks) if isinstance(one, TakeLock | TryLock))
        return any(one.lock == lock and one.shared for one in taken)

    def _tell(self, expression: Expression) -> None:
        """A variable by which updates tell what an expression is when they are over."""
        name = f"{TOLD} {len(self.told) + 1}"
        self.told[expression] = AddressOf(name)
        self.variables.append((name, self._at_start(expression)))

    def _at_start(self, expression: Expression) -> Initial:
        match expression:
            case Load(Through(pointer, _, field)):
                leading = self._at_start(pointer)
                assert isinstance(leading, AddressOf), "null is refused before"
                return self.initially(field_of(leading.variable, field))
            case Load(place, _, span):
                return self.initially(self.name(place, span))
            case _:
                raise AssertionError(expression)

    def initially(self, name: str) -> Initial:
        """What a variable holds at the start."""
        return next(value for known, value in self.variables if known == name)

    def _unwritten(self, struct: Struct) -> tuple[Integer | AddressOf, ...]:
        """What the fields of an object hold before anybody has written them."""
        return tuple(
            AddressOf(NOWHERE + one.struct) if isinstance(one, Pointer) else UNWRITTEN
            for one in struct.types
        )

    @property
    def unwritten(self) -> tuple[Integer | AddressOf, ...]:
        """All that nobody has written: numbers and pointers."""
        pointers = (AddressOf(NOWHERE + one.name) for one in self.protocol.structs)
        return (UNWRITTEN, *pointers) if self.copies else ()

    def _structure(
        self, name: str, fields: tuple[str, ...], values: tuple[Integer | AddressOf, ...]
    ) -> None:
        self.structures.append((name, fields))
        for field, value in zip(fields, values, strict=True):
            self.variables.append((field_of(name, field), value))

    def _initial(self, value: Value) -> Integer | AddressOf:
        match value:
            case None:
                return Integer(0)
            case int():
                return Integer(value)
            case ObjectReference(index):
                return AddressOf(self.named[index])

    def _variable(self, variable: Variable) -> None:
        if variable.ghost:
            raise NotWritten(variable.span, "a ghost variable")
        initial: tuple[Initial, ...] = tuple(map(self._initial, variable.initial))
        match variable.shape:
            case Shape.SCALAR:
                names = [variable.name]
            case Shape.STRUCT:
                names = [f"{variable.name}.{field}" for field in variable.fields]
            case Shape.ARRAY:
                names = _elements(variable.name, variable.length)
            case Shape.WORD | Shape.CACHE | Shape.SHARED_CACHE:
                names = self.entries(variable)
                held = tuple(self._whole(variable, one) for one in variable.entries)
                initial = held if variable.is_array else held * len(names)
        self.variables += zip(names, initial, strict=True)

    def _whole(self, variable: Variable, first: tuple[Value, ...]) -> Initial:
        """What an entry holds at the start."""
        values = tuple(map(self._initial, first)) or (EMPTY,) * len(variable.fields)
        return Whole(variable.fields, values) if len(values) > 1 else values[0]

    def entries(self, variable: Variable) -> list[str]:
        """The variables that the entries of a word or cache are."""
        if variable.is_array:
            return _elements(variable.name, variable.length)
        return [self.entry(variable, owner) for owner in self.owners(variable)]

    def owners(self, variable: Variable) -> list[str]:
        """The lanes that have an entry of their own, or nobody's name for one that all share."""
        if variable.shape is not Shape.CACHE:
            return [""]
        return [one.name for one in self.lanes if one.kind.name == variable.owner]

    def entry(self, variable: Variable, lane: str) -> str:
        """The variable that an entry is: of a cache that of a lane."""
        return f"{variable.name} of {lane}" if variable.shape is Shape.CACHE else variable.name

    def owned(self, variable: Variable) -> bool:
        """Whether no lane but its own writes an entry."""
        return variable.shape is Shape.CACHE and variable.name not in self.zapped

    def made(self, struct: str, span: Span) -> AddressOf:
        """A new object whose fields nobody has written yet."""
        fields = self.protocol.struct(struct)
        if fields.ghosts:
            raise NotWritten(span, "a ghost field")
        name = f"{struct} {len(self.structures) + 1}"
        self._structure(name, fields.fields, self._unwritten(fields))
        return AddressOf(name)

    def message(self, name: str) -> AddressOf:
        """A variable by which an update says that it is over."""
        self.variables.append((name, Integer(0)))
        self.messages.append(AddressOf(name))
        return self.messages[-1]

    def ended(self, domain: str) -> AddressOf | None:
        """The variable that says that the next grace period has ended, if that is asked."""
        flag = AddressOf(f"{ENDED} {len(self.graces) + 1}")
        self.graces.append((domain, flag))
        if (domain, flag) not in self.asked:
            return None
        self.variables.append((flag.variable, Integer(0)))
        return flag

    def freed_later(self, step: Free) -> AddressOf:
        """A variable by which a lane says what is to be freed when a grace period has ended."""
        name = f"{LATER} {len(self.later) + 1}"
        self.variables.append((name, Integer(0)))
        self.later.append((AddressOf(name), step))
        return AddressOf(name)

    def token(self) -> Integer:
        """A number that nothing else has, greater than those before it."""
        self.tokens += 1
        return Integer(FIRST_TOKEN + self.tokens)

    def name(self, place: Place, span: Span) -> str:
        """The variable that a place is, if that is known before the run."""
        match place:
            case Cell(name):
                return name
            case Member(name, field):
                return f"{name}.{field}"
            case Element(name, Number(index)):
                return element(name, str(index))
            case Element():
                raise NotWritten(span, "an index that is not known before the run")
            case Through():
                raise AssertionError(place)


def _elements(name: str, length: int) -> list[str]:
    """The variables that the elements of an array are."""
    return [element(name, str(index)) for index in range(length)]
