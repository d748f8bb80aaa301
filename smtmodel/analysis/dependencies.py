"""Which steps of a block must stay in order, so that the block does the same when it runs alone.

Takes a protocol as parsed and a block of it; gives pairs of its steps at the top. A step stays
behind another one if it uses a local that the other assigns, if both may touch the same place and
one writes it, or if both are about the same lock or section; asserts, steps of ghosts and steps
at which a lane may return or be held up for good stay where they are among all others; that a step
fails counts for nothing. Pointers are taken to be the same where the text does not show that they
differ: the new object that a step makes is none that an earlier step knew of, unless that was
freed.
"""

from collections.abc import Iterator

from smtmodel.analysis.claims import Claims
from smtmodel.analysis.editing import WithSteps
from smtmodel.language import ast
from smtmodel.language.inner_steps import ast_bodies
from smtmodel.language.names_in import names_in, parts_of, reads_of
from smtmodel.language.primitives import (
    PRIMITIVES,
    Entering,
    Fencing,
    Freeing,
    Leaving,
    Masking,
    Modifying,
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
    switches_interrupts,
)
from smtmodel.source.record import record

Pairs = frozenset[tuple[int, int]]
"""Steps by their index in the block: the first of a pair stays before the second."""


@record
class _PlaceName:
    """A place as it is written: a name, or a field of what a name is or points to.

    `index` is that of an array's element, "" for none and for every element; `field` is "*" for
    all fields, "" for none.
    """

    name: str
    index: str = ""
    field: str = ""


INTERRUPTS = "(interrupts)"
"""What steps are about that switch interrupts off or on."""

FREE = _PlaceName("(free)")
"""The objects that are free, of which a new one may be."""


def dependencies(protocol: ast.Protocol, block: WithSteps) -> Pairs:
    """The pairs of steps of a block that stay in order."""
    shared = frozenset(
        item.name for item in protocol.items if isinstance(item, ast.Variable | ast.Cache)
    )
    values, claims = _values(protocol), Claims(protocol)
    touched = [_Touched(shared, values, claims) for _ in block.steps]
    for own, step in zip(touched, block.steps, strict=True):
        own.step(step)
    distinct = _Distinct(protocol, block, shared, values)
    return frozenset(
        (first, second)
        for first in range(len(touched))
        for second in range(first + 1, len(touched))
        if _conflict(touched[first], touched[second], distinct)
    )


def _conflict(first: "_Touched", second: "_Touched", distinct: "_Distinct") -> bool:
    return bool(
        first.fixed
        or second.fixed
        or first.assigned & (second.used | second.assigned)
        or first.used & second.assigned
        or distinct.overlap(first.written, second.read | second.written)
        or distinct.overlap(first.read, second.written)
        or first.subjects & second.subjects
    )


def _values(protocol: ast.Protocol) -> frozenset[str]:
    """The names of what has its fields or elements itself: it points to nothing."""
    return frozenset(
        item.name
        for item in protocol.items
        if isinstance(item, ast.Cache) or (isinstance(item, ast.Variable) and item.target is None)
    )


class _Distinct:
    """Which places are not the same."""

    def __init__(
        self,
        protocol: ast.Protocol,
        block: WithSteps,
        shared: frozenset[str],
        values: frozenset[str],
    ) -> None:
        self.values = values
        self.objects = frozenset(
            i.name for i in protocol.items if isinstance(i, ast.ObjectDeclaration)
        )
        self.made: dict[str, int] = {}
        """Locals that only ever are the new object of one step, by the step's index."""
        self.last: dict[str, int] = {}
        """The last step that assigns a local."""
        for index, step in enumerate(block.steps):
            for name, value in _assignments(step):
                if name in shared:  # others write it too, and so do calls
                    continue
                new = isinstance(value, ast.Copy | ast.Alloc) and name not in self.last
                if new and isinstance(step, ast.Assign):
                    self.made[name] = index
                else:
                    self.made.pop(name, None)
                self.last[name] = index

    def overlap(self, some: set[_PlaceName], others: set[_PlaceName]) -> bool:
        """Whether one of these places may be one of the others."""
        return any(self._same(a, b) for a in some for b in others)

    def _same(self, a: _PlaceName, b: _PlaceName) -> bool:
        apart = a.index and b.index and a.index != b.index and a.name == b.name
        if apart and (not a.field or a.name in self.values):  # else elements may be one pointer
            return False
        if not a.field or not b.field:  # all of it, or what a pointer is itself
            whole = a.field == b.field or a.name in self.values
            return a.name == b.name and whole
        if a.field != b.field and "*" not in (a.field, b.field):
            return False
        return a.name == b.name or not self._differ(a.name, b.name)

    def _differ(self, a: str, b: str) -> bool:
        """Whether two names are known to stand for different objects."""
        if a in self.values or b in self.values:
            return True
        if a in self.objects and b in self.objects:
            return True
        return self._new(a, b) or self._new(b, a)

    def _new(self, a: str, b: str) -> bool:
        """Whether `a` is an object that is made after `b` got its value."""
        made = self.made.get(a)
        known = b in self.objects or (b in self.last and self.last[b] < (made or 0))
        return made is not None and (known or b in self.made)


def _assignments(step: ast.Step) -> Iterator[tuple[str, ast.Expression]]:
    """The plain names that a step assigns, with those inside it, and what to."""
    if isinstance(step, ast.Assign) and isinstance(step.target, ast.Name):
        yield step.target.name, step.value
    for body in ast_bodies(step):
        for inner in body:
            yield from _assignments(inner)


class _Touched:
    """What a step, with those inside it, assigns, reads and writes.

    `shared` are the names that are no locals, `values` those that point to nothing. `subjects`:
    locks and sections. `fixed`: it stays where it is.
    """

    def __init__(self, shared: frozenset[str], values: frozenset[str], claims: Claims) -> None:
        self.shared = shared
        self.values = values
        self.claims = claims
        self.assigned: set[str] = set()
        self.used: set[str] = set()
        self.read: set[_PlaceName] = set()
        self.written: set[_PlaceName] = set()
        self.subjects: set[str] = set()
        self.fixed = False

    def step(self, step: ast.Step) -> None:
        """Take a step, with those inside it."""
        stops = (
            *(ast.Return, ast.Yield, ast.Break, ast.Assume, ast.WaitUntil),
            *(ast.While, ast.Retry, ast.Each),
        )
        self.fixed |= isinstance(step, stops) or self.claims.has(step)
        for expression in reads_of(step):
            self._expression(expression)
        match step:
            case ast.Assign(target=target):
                self._target(target)
            case ast.Each(name=name):
                self.assigned.add(name)
            case ast.Overwrite(source=source, target=target):
                self.read.add(_all_of(source))
                self.written.add(_all_of(target))
            case _:
                pass
        for body in ast_bodies(step):
            for inner in body:
                self.step(inner)

    def _target(self, target: ast.Expression) -> None:
        if isinstance(target, ast.Name) and target.name not in self.shared:
            self.assigned.add(target.name)
        else:
            self.written.add(_place(target))

    def _expression(self, expression: ast.Expression) -> None:
        self.used |= {one.name for one in names_in(expression)} - self.shared
        waiting = [expression]
        while waiting:
            one = waiting.pop()
            if isinstance(one, ast.Call):
                self._call(one)
            elif isinstance(one, ast.Copy):
                self.read |= {_all_of(one.pointer), FREE}
            elif isinstance(one, ast.Alloc):
                self.read.add(FREE)
            elif isinstance(one, ast.Field | ast.Index) or (
                isinstance(one, ast.Name) and one.name in self.shared
            ):
                self.read.add(_place(one))
            waiting.extend(self._parts(one))

    def _parts(self, one: ast.Expression) -> tuple[ast.Expression, ...]:
        """The expressions inside one; but a name that has fields or elements is not read as a
        whole to read one of them."""
        match one:
            case ast.Index(base=ast.Name(), index=index):
                return (index,)
            case ast.Field(base=ast.Name(name)) if name in self.values:
                return ()
            case _:
                return parts_of(one)

    def _call(self, call: ast.Call) -> None:
        """What a call writes, or which lock or section it is about."""
        match PRIMITIVES.get(call.name):
            case Reading() | Testing() | Waiting() | Waking() | Fencing() | Settling():
                return
            case Sleeping():
                self.fixed = True
            case Masking() | Unmasking():
                self.subjects.add(INTERRUPTS)
            case Entering() | Leaving() | Taking() | Releasing() | Trying() as known:
                self.subjects.add(" ".join(map(_lock, call.arguments[:1])) or "rcu")
                self.subjects |= {INTERRUPTS} if switches_interrupts(known) else set()
            case Modifying(place=place):
                self.written.add(_place(call.arguments[place]))
            case Freeing():
                self.written |= {_all_of(call.arguments[-1]), FREE}
            case Writing() | Zapping():
                self.written.add(_place(call.arguments[0]))
            case None:
                self._defined(call)

    def _defined(self, call: ast.Call) -> None:
        """A call of several steps; one of a definition of the text stays where it is."""
        from smtmodel.language.prelude import prelude

        definition = prelude().get(call.name)
        if definition is None:
            self.fixed = True
        elif _writes(definition):
            self.written |= {_place(one) for one in call.arguments[:1]}


def _writes(definition: ast.Definition) -> bool:
    """Whether a definition of the prelude writes what is given to it."""
    places = {one.name for one in definition.parameters}
    own = _Touched(frozenset(places), frozenset(), Claims(ast.Protocol("", None, ())))
    for step in definition.steps:
        own.step(step)
    return any(place.name in places for place in own.written)


def _lock(argument: ast.Expression) -> str:
    """A lock or section by its name: all locks of an array alike, and of a field of all objects."""
    return argument.name if isinstance(argument, ast.Field) else _place(argument).name


def _all_of(pointer: ast.Expression) -> _PlaceName:
    """All fields of the object that a pointer points to."""
    return _PlaceName(_place(pointer).name, field="*")


def _place(place: ast.Expression) -> _PlaceName:
    """A place as it is written; what is none has the name `?`."""
    match place:
        case ast.Name(name=name):
            return _PlaceName(name)
        case ast.Field(base=base, name=name):
            inner = _place(base)
            if inner.field:  # a field of what a field points to: any object
                return _PlaceName("?", field=name)
            return _PlaceName(inner.name, inner.index, name)
        case ast.Index(base=base, index=index):
            told = str(index.value) if isinstance(index, ast.Number) else ""
            return _PlaceName(_place(base).name, told)
        case ast.Call(arguments=arguments):
            return _place(arguments[0]) if arguments else _PlaceName("?")
        case _:
            return _PlaceName("?")
