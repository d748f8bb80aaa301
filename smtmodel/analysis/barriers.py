"""What orders accesses in a protocol, and what is weaker than that.

Takes a protocol as parsed and its text; gives its barriers, grace periods, read sections and marked
accesses, each with what could stand in its place, and protocols with some of that in place. What
calls of the prelude are made of is left as it is. Decides nothing.
"""

from collections.abc import Iterator, Sequence

from smtmodel.analysis.claims import Claims
from smtmodel.analysis.editing import Path, Spot, WithSteps, edited, spots
from smtmodel.analysis.pairs import begun, ends_of
from smtmodel.analysis.variants import Rechecking, Variant, Written, refusal
from smtmodel.analysis.words import Mutation
from smtmodel.language import ast
from smtmodel.language.checked import Checked, FenceKind, Mark
from smtmodel.language.names_in import reads_of
from smtmodel.language.primitives import (
    PRIMITIVES,
    Awaiting,
    Entering,
    Fencing,
    Modifying,
    Reading,
    Waiting,
    Writing,
)
from smtmodel.litmus.written.supported import supported
from smtmodel.source import Diagnostic, Span, Text
from smtmodel.source.record import parts, record, replace, rewritten

Levels = tuple[tuple[Mark, ...], ...]
"""Marks that are weaker, weakest first; those of one level are not weaker than each other."""

_ACCESSED: dict[Mark, Levels] = {
    Mark.ONCE: ((Mark.PLAIN,),),
    Mark.DEREFERENCE: ((Mark.PLAIN,),),  # the same as ONCE to the kernel's model
    Mark.ACQUIRE: ((Mark.PLAIN,), (Mark.ONCE,)),
    Mark.RELEASE: ((Mark.PLAIN,), (Mark.ONCE,)),
}
_MODIFIED: dict[Mark, Levels] = {
    Mark.ACQUIRE: ((Mark.RELAXED,),),
    Mark.RELEASE: ((Mark.RELAXED,),),
    Mark.FULL: ((Mark.RELAXED,), (Mark.ACQUIRE, Mark.RELEASE)),
}
_FENCES = FenceKind.READ.value, FenceKind.WRITE.value
_ENDINGS = "_acquire", "_release", "_relaxed"
_ONCE = "READ_ONCE", "WRITE_ONCE", "RCU_INIT_POINTER"
_ALWAYS_MARKED = "atomic_", "refcount_"
"""Beginnings of names that access what has no plain access."""


@record
class Weaker:
    """What stands in the place of something, as text; nothing where that is left out.

    `dropped` are steps, by block and path; `renamed` calls, each with its other name, which is
    empty for a plain access.
    """

    text: str
    dropped: tuple[tuple[str, Path], ...] = ()
    renamed: tuple[tuple[Span, str], ...] = ()


@record
class Orderer:
    """A step or an access that orders, and what could stand in its place, weakest first.

    `ends` are the ends of a read section.
    """

    block: str
    place: Written
    levels: tuple[tuple[Weaker, ...], ...]
    ends: tuple[Written, ...] = ()
    is_mark: bool = False


class Weakening(Rechecking):
    """Finds what orders in a protocol, and makes protocols in which it is weaker."""

    def __init__(self, protocol: ast.Protocol, text: Text, base: Checked) -> None:
        super().__init__(protocol, text, base)
        self.claims = Claims(self.protocol)

    def checked(self, protocol: ast.Protocol) -> Checked | tuple[Diagnostic, ...]:
        """What it means with the properties that are judged under the kernel's model."""
        found = super().checked(protocol)
        able = found if isinstance(found, tuple) else supported(found)
        return (able,) if isinstance(able, Diagnostic) else able

    def orderings(self) -> Iterator[Orderer]:
        """All that orders, in the order of the file."""
        for item in self.protocol.items:
            if isinstance(item, WithSteps):
                found = list(spots(item))
                for place, spot in enumerate(found):
                    yield from self._steps(spot, found[place + 1 :])
                    yield from self._accesses(spot)

    def variant(self, ordering: Orderer, weaker: Weaker) -> Variant:
        """The protocol with that in its place."""
        change = Mutation.PAIR if ordering.ends else Mutation.DROP
        steps = ordering.place, *ordering.ends
        made = self.weakened([weaker])
        return Variant(
            Mutation.WEAKER if weaker.text else change,
            ordering.block,
            steps,
            weaker.text,
            (),
            frozenset(),
            made if isinstance(made, Checked) else None,
            "" if isinstance(made, Checked) else refusal(made),
        )

    def weakened(self, changes: Sequence[Weaker]) -> Checked | tuple[Diagnostic, ...]:
        """The protocol with all of that in place."""
        names = {span: name for one in changes for span, name in one.renamed}

        def instead(part: object) -> object:
            match part:
                case ast.Do(call=ast.Call(span=span, arguments=(place, value))) if (
                    names.get(span) == ""
                ):
                    (inside,) = rewritten((value,), instead)
                    return ast.Assign(place, "=", inside, part.label, part.span)
                case ast.Call(span=span) if span in names:
                    operands = rewritten(part.arguments, instead)
                    name = names[span]
                    return replace(part, name=name, arguments=operands) if name else operands[0]
                case _:
                    return None

        steps = {place: () for one in changes for place in one.dropped}
        protocol = edited(self.protocol, steps)
        return self.checked(replace(protocol, items=rewritten(protocol.items, instead)))

    # ------------------------------------------------------------ steps

    def _steps(self, spot: Spot, later: list[Spot]) -> Iterator[Orderer]:
        match spot.step:
            case ast.Do(call=call) | ast.Assign(value=ast.Call() as call):
                primitive = PRIMITIVES.get(call.name)
            case _:
                return
        here = spot.block, spot.path
        match primitive:
            case Fencing(FenceKind.FULL):
                others = tuple(Weaker(f"{name}()", (), ((call.span, name),)) for name in _FENCES)
                yield self._step(spot, ((Weaker("", (here,)),), others))
            case Fencing() | Waiting():
                yield self._step(spot, ((Weaker("", (here,)),),))
            case Entering():
                subject = begun(spot.step)
                assert subject is not None
                ends = ends_of(later, subject)
                dropped = here, *((one.block, one.path) for one in ends)
                written = tuple(map(self.written, ends))
                yield self._step(spot, ((Weaker("", dropped),),), written)
            case _:
                pass

    def _step(
        self, spot: Spot, levels: tuple[tuple[Weaker, ...], ...], ends: tuple[Written, ...] = ()
    ) -> Orderer:
        return Orderer(spot.block, self.written(spot), levels, ends)

    # ------------------------------------------------------------ accesses

    def _accesses(self, spot: Spot) -> Iterator[Orderer]:
        """The marked accesses that a step makes, without those of the steps inside it."""
        if self.claims.has(spot.step):
            return
        for part in parts(reads_of(spot.step)):
            if isinstance(part, ast.Call) and (levels := self._levels(part)):
                line = part.span.line
                name = self.names.at(spot.step.span)
                place = Written(line, name, self.quotes.at(part.span))
                yield Orderer(spot.block, place, levels, is_mark=True)

    def _levels(self, call: ast.Call) -> tuple[tuple[Weaker, ...], ...]:
        levels = (
            tuple(self._renamed(call, name) for name in _names(call.name, marks))
            for marks in _marks(call.name)
        )
        return tuple(filter(None, levels))

    def _renamed(self, call: ast.Call, name: str) -> Weaker:
        """The call by another name, or as a plain access."""
        if name:
            text = name + self.quotes.at(call.span).removeprefix(call.name)
        else:
            place, *value = (self.quotes.at(one.span) for one in call.arguments)
            text = " = ".join((place, *value))
        return Weaker(text, (), ((call.span, name),))


def _marks(name: str) -> Levels:
    """The marks that are weaker than that of a call."""
    match PRIMITIVES.get(name):
        case Reading(mark=mark, bit=False) | Writing(mark=mark):
            return _ACCESSED.get(mark, ())
        case Reading(mark=Mark.ACQUIRE) | Awaiting(mark=Mark.ACQUIRE):
            return ((Mark.ONCE,),)
        case Modifying(mark=mark):
            return _MODIFIED.get(mark, ())
        case _:
            return ()


def _names(name: str, marks: tuple[Mark, ...]) -> Iterator[str]:
    """What the same access is called with other marks; empty where it is plain."""
    primitive = PRIMITIVES[name]
    assert isinstance(primitive, Reading | Writing | Awaiting | Modifying)
    stem = name
    for ending in _ENDINGS:
        stem = stem.removesuffix(ending)
    for mark in marks:
        if mark is Mark.PLAIN:
            if not name.startswith(_ALWAYS_MARKED):
                yield ""
            continue
        wanted = replace(primitive, mark=mark)
        known = (stem, f"{stem}_{mark.value}", f"{stem}_relaxed", *_ONCE)
        yield from [one for one in known if PRIMITIVES.get(one) == wanted][:1]
