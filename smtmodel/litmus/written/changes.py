"""What lanes write: stores, whole entries, and read-modify-writes."""

from smtmodel.language import checked as lang
from smtmodel.language.checked import Mark, Rmw, Yields
from smtmodel.litmus.instructions import Elementary
from smtmodel.litmus.program import AddressOf, Arithmetic, ThreadRegister
from smtmodel.litmus.program import Expression as Value
from smtmodel.litmus.written.guards import ZERO
from smtmodel.litmus.written.locking import Locking
from smtmodel.litmus.written.memory import EMPTY
from smtmodel.litmus.written.refused import NotWritten
from smtmodel.litmus.written.values import TAGS, wrapped


class Changing(Locking):
    """One lane of a protocol, as far as it changes memory."""

    # ------------------------------------------------------------ entries

    def _entry(self, value: lang.Expression) -> list[Value]:
        """The fields of a whole entry, in their order."""
        if isinstance(value, lang.EntryValue):
            return [self.value(one) for one in value.values]
        return list(self.fields(value).values())

    def fields(self, entry: lang.Expression) -> dict[str, Value]:
        if isinstance(entry, lang.Local):
            held, names = self.register(entry.name), self.protocol.block(self.block)
            return {x: ThreadRegister(f"{held}.{x}") for x in names.fields(entry.name)}
        return super().fields(entry)

    # ------------------------------------------------------------ stores

    def _store(self, step: lang.Store) -> None:
        if isinstance(step.place, lang.Cell | lang.Element):
            variable = self.protocol.variable(step.place.variable)
            if variable.fields:
                values = self._entry(step.value)
                owned = self.memory.owned(variable) and step.mark is Mark.PLAIN
                tag = "own" if owned else self.tag(step.mark, self.span)
                self.store(self.address(step.place, self.span), tag, self.span, *values)
                return
        if step.place_first:
            location = self.address(step.place, self.span)
            value = self.value(step.value)
        else:
            value = self.value(step.value)
            location = self.address(step.place, self.span)
        tag = self.tag(step.mark, self.span)
        if step.operator:
            old = self.load(location, self.tag(Mark.PLAIN, self.span), self.span)
            if isinstance(step.place, lang.Through):
                self.received(old.name)
            value = self._computed(step.operator, Arithmetic(step.operator, (old, value)))
            value = value if step.width is None else wrapped(value, 2**step.width)
        self.store(location, tag, self.span, value)

    def _zap(self, step: lang.Zap) -> None:
        variable = self.protocol.variable(step.variable)
        entries = self.memory.entries(variable)
        if step.index is not None:
            entries = [self.element(variable.name, step.index, variable.length, self.span)]
        nothing = [EMPTY] * len(variable.fields)
        for entry in entries:
            self.store(AddressOf(entry), self.tag(Mark.PLAIN, self.span), self.span, *nothing)

    # ------------------------------------------------------------ read-modify-writes

    def _modified(self, call: lang.ReadModifyWrite, *, noreturn: bool) -> Value:
        place = call.place
        whole = isinstance(place, lang.Cell | lang.Element) and self._has_fields(place.variable)
        if whole or (call.width is not None and call.operation in lang.ADDS):
            raise NotWritten(self.span, "an atomic on an entry, or an addition that wraps")
        if call.operation in lang.ADDS and lang.OVERFLOW in self.how.errors:
            raise NotWritten(self.span, "an atomic addition where a number may get too large")
        operands = [self.value(one) for one in call.operands]
        location = self.address(call.place, self.span)
        tag = "noreturn" if noreturn else TAGS[call.mark]
        match call.operation:
            case Rmw.EXCHANGE:
                return self.modified(Elementary.EXCHANGE, tag, location, operands)
            case Rmw.COMPARE_EXCHANGE:
                expected = self.kept(operands[0])
                operands = [expected, operands[1]]
                old = self.modified(Elementary.COMPARE, tag, location, operands)
                succeeds = call.yields is Yields.SUCCESS
                return Arithmetic("==", (old, expected)) if succeeds else old
            case Rmw.ADD_NOT_ZERO:
                operands = [*operands, ZERO]
                return self.modified(Elementary.ADD_UNLESS, tag, location, operands, "+")
            case Rmw.ADD:
                return self._changed(call, tag, location, operands, "+", noreturn=noreturn)
            case operation if operation in lang.BITS and call.width is not None:
                bits = [wrapped(one, 2**call.width) for one in operands]
                return self._changed(call, tag, location, bits, operation.value, noreturn=noreturn)
            case operation:
                raise NotWritten(self.span, f"the atomic operation `{operation.value}`")

    def _changed(
        self,
        call: lang.ReadModifyWrite,
        tag: str,
        location: Value,
        operands: list[Value],
        operator: str,
        *,
        noreturn: bool,
    ) -> Value:
        """An atomic operator on what a place holds."""
        after = call.yields is Yields.AFTER
        kind = Elementary.MODIFY_RETURN if after else Elementary.MODIFY_FETCH
        return self.modified(
            Elementary.MODIFY if noreturn else kind, tag, location, operands, operator
        )

    def _has_fields(self, variable: str) -> bool:
        return bool(self.protocol.variable(variable).fields)
