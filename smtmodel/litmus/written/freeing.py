"""Objects that are freed, and what must not be done with them for a proof to mean something.

Here a freed object is not had again. Where nothing uses an object after it is freed that makes no
difference: whoever has it next is alone with it, as with a new one. It would make one to who
compares pointers, for the next owner's is equal to the last one's.
"""

from collections.abc import Iterator

from smtmodel.language import checked as lang
from smtmodel.language.checked import Checked, Expression, Place
from smtmodel.language.types import Entry, Pointer, Type
from smtmodel.litmus.written.refused import NotWritten
from smtmodel.source import Span
from smtmodel.source.record import parts

COMPARED = "comparing pointers to objects that are freed and had again"


def check(protocol: Checked) -> None:
    """Raises NotWritten where freed objects have no meaning here."""
    freed = {one.struct for one in parts(protocol.blocks) if isinstance(one, lang.Free)}
    for struct in protocol.structs:
        if struct.typesafe and struct.name in freed:
            span = protocol.blocks[0].span
            raise NotWritten(span, "an object whose memory stays for a grace period")
    made = (one for one in parts(protocol.blocks) if isinstance(one, lang.Copy | lang.Allocate))
    again = freed & {one.struct for one in made}
    for block in protocol.blocks:
        _check(protocol, block, parts(block), again)
    for item in protocol.properties:
        _check(protocol, None, parts(item), again)


def _check(
    protocol: Checked, block: lang.Block | None, found: Iterator[object], again: set[str]
) -> None:
    types = _Types(protocol, block)
    for one in found:
        for compared, span in _compared(one):
            if _struct(types.of(compared)) in again:
                raise NotWritten(span, COMPARED)


def _compared(one: object) -> Iterator[tuple[Expression, Span]]:
    """What is compared, if with more than null, and where."""
    match one:
        case lang.Operation("==" | "!=", operands, span) if lang.NullPointer() not in operands:
            yield from ((operand, span) for operand in operands)
        case lang.ReadModifyWrite(lang.Rmw.COMPARE_EXCHANGE, span=span):
            yield one, span


def _struct(held: Type | None) -> str | None:
    return held.struct if isinstance(held, Pointer) else None


class _Types:
    """The types of expressions; of those that no pointer can come from there is none."""

    def __init__(self, protocol: Checked, block: lang.Block | None) -> None:
        self.protocol = protocol
        self.block = block

    def of(self, expression: Expression) -> Type | None:
        match expression:
            case lang.Local(name) if self.block is not None:
                return dict(self.block.locals)[name]
            case lang.LaneLocal(block, _, name):
                return dict(self.protocol.block(block).locals)[name]
            case lang.Load(place) | lang.ReadModifyWrite(place=place):
                return self._held(place)
            case lang.Part(entry, field):
                whole = self.of(entry)
                return whole.type_of(field) if isinstance(whole, Entry) else None
            case lang.NamedObject(index):
                return Pointer(self.protocol.objects[index].struct)
            case _:
                return None

    def _held(self, place: Place) -> Type | None:
        match place:
            case lang.Through(_, struct, field):
                known = self.protocol.struct(struct)
                return known.types[known.fields.index(field)]
            case lang.Member(name, field):
                variable = self.protocol.variable(name)
                return variable.types[variable.fields.index(field)]
            case lang.Cell(name) | lang.Element(name, _) if (
                variable := self.protocol.variable(name)
            ).fields:
                return Entry(variable.fields, variable.types)
            case lang.Cell(name) | lang.Element(name, _):
                return self.protocol.variable(name).types[0]
