"""Which steps make accesses that C leaves in no order, where it can be seen in which they come.

Takes a checked protocol and bounds; gives the steps. The language has one order for them
(docs/semantics.md), which a compiler need not keep. C orders what stands left of `&&` or `||`
before what stands right of it, one step before the next, and a pointer or an index before what
it leads to; operands, the arguments of a call, both sides of an assignment and the fields of a
copied struct come in any order.

The order of two accesses cannot be seen unless other lanes touch what both touch, one of them
writing. What a lane writes to an object that it has made and not yet handed out, nobody else sees.
Conservative: else places are told apart by variable and field, not by object or index, and that a
lock keeps the others away counts for nothing.
"""

from collections.abc import Callable, Iterator
from itertools import combinations, product

from smtmodel.language.checked import (
    Allocate,
    And,
    Await,
    Block,
    Bounds,
    Cell,
    Checked,
    Copy,
    Expression,
    Free,
    If,
    Load,
    Local,
    Mark,
    Opening,
    Or,
    Place,
    ReadModifyWrite,
    SetLocal,
    Settled,
    Shape,
    Step,
    Store,
    Through,
    Where,
    Zap,
    freed_structs,
    lanes,
)
from smtmodel.language.checks.tokens import Holder, place_holder
from smtmodel.language.locals import HIDDEN, is_kept
from smtmodel.language.walk import (
    bodies,
    expressions_of,
    expressions_of_place,
    operands_of,
    steps_in,
)
from smtmodel.source.record import parts, record


@record
class _Access:
    """What one event touches; `own`: it is an entry that the lane has for itself."""

    holder: Holder
    reads: bool
    writes: bool
    own: bool = False


_Pair = tuple[_Access, _Access]


@record
class _Evaluation:
    """The accesses of a piece of a step, and the pairs of them that are in no order."""

    accesses: tuple[_Access, ...] = ()
    pairs: tuple[_Pair, ...] = ()

    def then(self, later: "_Evaluation") -> "_Evaluation":
        """One piece, and after all of it another."""
        return _Evaluation(self.accesses + later.accesses, self.pairs + later.pairs)

    def beside(self, other: "_Evaluation") -> "_Evaluation":
        """Two pieces in no order."""
        across = tuple(product(self.accesses, other.accesses))
        both = self.then(other)
        return _Evaluation(both.accesses, both.pairs + across)


def unordered_steps(protocol: Checked, bounds: Bounds) -> tuple[Where, ...]:
    """The steps of which C leaves open in which order they do what other lanes can tell."""
    reader, found = _Reader(protocol), []
    counts = [lane.kind.name for lane in lanes(protocol, bounds)]
    for kind in protocol.kinds:
        others = [
            name
            for other in protocol.kinds
            for name in other.blocks
            if counts.count(other.name) > (other is kind)
        ]
        touched = [one for name in others for one in reader.touched(protocol.block(name))]
        for name in kind.blocks:
            reader.done.clear()
            for where, evaluation in reader.evaluations(protocol.block(name).steps):
                if any(_seen(a, touched) and _seen(b, touched) for a, b in evaluation.pairs):
                    found.append(where)
    return tuple(sorted(found, key=lambda where: where.number))


def _seen(access: _Access, touched: list[_Access]) -> bool:
    """Whether some other lane's access could tell when this one comes."""
    return any(
        other.holder == access.holder
        and (other.writes or (access.writes and other.reads))
        and not (access.own and other.own)
        for other in touched
    )


class _Reader:
    """What the steps of a protocol touch."""

    def __init__(self, protocol: Checked) -> None:
        self.protocol = protocol
        self.freed = freed_structs(protocol)
        self.done: dict[str, _Evaluation] = {}
        self.shapes = {variable.name: variable.shape for variable in protocol.variables}

    def touched(self, block: Block) -> Iterator[_Access]:
        """All that the steps of a block touch."""
        unseen = self._unseen(block)
        for step in steps_in(block.steps):
            accesses = self._step(step).accesses
            yield from accesses[:-1] if step in unseen else accesses

    def _unseen(self, block: Block) -> list[Step]:
        """The stores to a new object at the top of the block before its pointer goes anywhere."""
        found: list[Step] = []
        new: set[str] = set()
        assigned = [one.name for one in steps_in(block.steps) if isinstance(one, SetLocal)]
        for step in block.steps:
            places = [one.pointer for one in parts(step) if isinstance(one, Through)]
            match step:
                case SetLocal(name=name, value=Copy(struct=struct) | Allocate(struct=struct)):
                    if struct not in self.freed and assigned.count(name) == 1:
                        new.add(name)
                case Store(place=Through(Local(name)), mark=mark) if mark is not Mark.GHOST:
                    found += [step] if name in new else []
                case _:
                    pass
            for one in [one for one in parts(step) if isinstance(one, Local)]:
                if one in places:
                    places.remove(one)
                else:
                    new.discard(one.name)
        return found

    def evaluations(self, steps: tuple[Step, ...]) -> Iterator[tuple[Where, _Evaluation]]:
        """Each step that was written as one, with what it does."""
        group: list[Step] = []
        for place, step in enumerate(steps):
            self._remember(step, steps[place + 1 :])
            if group and not _one_step(group[-1], step):
                yield group[-1].where, self._group(group)
                group = []
            group.append(step)
            for body in bodies(step):
                yield from self.evaluations(body)
        if group:
            yield group[-1].where, self._group(group)

    def _remember(self, step: Step, later: tuple[Step, ...]) -> None:
        """What is done for the value that a local has in the rest of its step: an operand that is
        kept, an argument, or a call."""
        match step:
            case SetLocal(name=name) if not name.isidentifier() and not name.endswith("()"):
                self.done[name] = self._step(step)
            case If(condition=condition):
                inside = [*steps_in(step.then), *steps_in(step.otherwise)]
                done = self._evaluation(condition).then(self._all(inside))
                for name in _results(inside, lambda one: one.where.place == step.where.place):
                    self.done[name] = done
            case Opening(where):
                inside = [one for one in steps_in(later) if where in one.where.calls]
                for name in _results(inside, lambda one: one.where.call == where):
                    before = name.removesuffix("()") + "."
                    own = [done for arg, done in self.done.items() if arg.startswith(before)]
                    given = _Evaluation(tuple(one for done in own for one in done.accesses))
                    self.done[name] = given.then(self._all(inside))
            case _:
                pass

    def _is_of_its_step(self, local: Local) -> bool:
        """Whether a local stands for what is done in the step in which it is read; an argument is
        known before the call in which it is."""
        return local.name in self.done and (is_kept(local.name) or local.name.endswith("()"))

    def _all(self, steps: list[Step]) -> _Evaluation:
        """What steps do, one after another."""
        return _Evaluation(tuple(one for step in steps for one in self._step(step).accesses))

    def _group(self, steps: list[Step]) -> _Evaluation:
        found = _Evaluation()
        for step in steps:
            found = found.beside(self._step(step))
        return found

    def _step(self, step: Step) -> _Evaluation:
        """What a step does, those inside it left out."""
        if isinstance(step, Store) and step.operator:
            address = self._beside(expressions_of_place(step.place))
            old = _Evaluation(tuple(self._touch(step.place, step.mark, writes=False)))
            found = self._evaluation(step.value).beside(address.then(old))
        else:
            found = self._beside(expressions_of(step))
        return found.then(_Evaluation(tuple(self._written(step))))

    def _beside(self, expressions: tuple[Expression, ...]) -> _Evaluation:
        """Expressions in no order."""
        found = _Evaluation()
        for expression in expressions:
            found = found.beside(self._evaluation(expression))
        return found

    def _written(self, step: Step) -> Iterator[_Access]:
        match step:
            case Store(place=place, mark=mark):
                yield from self._touch(place, mark, reads=False)
            case Zap(variable=name):
                yield _Access(Holder(("variable", name)), reads=False, writes=True)
            case Free(struct=struct):
                yield from self._fields(struct, reads=False)
            case _:
                pass

    def _evaluation(self, expression: Expression) -> _Evaluation:
        if isinstance(expression, Local):
            return self.done[expression.name] if self._is_of_its_step(expression) else _Evaluation()
        if isinstance(expression, Settled):  # one event, at an instant that has passed
            return _Evaluation()
        if isinstance(expression, Await):  # the load in its condition is the one it makes
            return self._evaluation(expression.load)
        if isinstance(expression, And | Or):
            return self._evaluation(expression.left).then(self._evaluation(expression.right))
        found = self._beside(operands_of(expression))
        own = tuple(self._read(expression))
        return found.then(_Evaluation(own, tuple(combinations(own, 2))))

    def _read(self, expression: Expression) -> Iterator[_Access]:
        """What an expression touches itself, its operands left out."""
        match expression:
            case Load(place=place, mark=mark):
                yield from self._touch(place, mark, writes=False)
            case ReadModifyWrite(place=place, mark=mark):
                yield from self._touch(place, mark)
            case Copy(struct=struct):  # what it writes is the new object's, known to nobody else
                yield from self._fields(struct, writes=False)
            case _:
                pass

    def _touch(
        self, place: Place, mark: Mark, *, reads: bool = True, writes: bool = True
    ) -> Iterator[_Access]:
        """An access; a ghost's is no event."""
        if mark is not Mark.GHOST:
            cache = isinstance(place, Cell) and self.shapes[place.variable] is Shape.CACHE
            yield _Access(place_holder(place), reads, writes, own=cache)

    def _fields(self, struct: str, *, reads: bool = True, writes: bool = True) -> Iterator[_Access]:
        """All fields of an object."""
        for name in self.protocol.struct(struct).fields:
            if name not in self.protocol.struct(struct).ghosts:
                yield _Access(Holder(("struct", struct), name), reads, writes)


def _one_step(step: Step, later: Step) -> bool:
    """Whether two steps stand for one in C: two fields of `copy p into q`, or two arguments."""
    return step.where.number == later.where.number or (
        step.where.place == later.where.place
        and (call := _argument_of(step)) is not None
        and call == _argument_of(later)
    )


def _argument_of(step: Step) -> str | None:
    """The call whose argument the step evaluates; its own steps come after that."""
    if not isinstance(step, SetLocal) or step.name.isidentifier():
        return None
    call, own, _ = step.name.partition(".")
    if own:
        return call
    from smtmodel.language.prelude import prelude

    call, hidden, name = step.name.partition(HIDDEN)
    parameters = prelude()[call.partition("#")[0]].parameters if hidden else ()
    return call if any(one.name == name for one in parameters) else None


def _results(steps: list[Step], own: Callable[[Step], bool]) -> list[str]:
    """The locals of no text that are assigned in such steps for the rest of their step."""
    names = (one.name for one in steps if isinstance(one, SetLocal) and own(one))
    return [name for name in names if is_kept(name) or name.endswith("()")]
