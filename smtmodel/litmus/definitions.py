"""A table of functions from a file in the form of the kernel's tools/memory-model/linux-kernel.def.

Each definition gives a function's name and parameters and what it stands for: elementary
operations, whose names begin with `__`, or a function defined before. Raises nothing whatever the
text is.
"""

from smtmodel.language import codes
from smtmodel.litmus.instructions import (
    BUILT_IN,
    Argument,
    Elementary,
    Instruction,
    Instructions,
    Use,
    kernel,
)
from smtmodel.litmus.scan import Tokens, Wrong
from smtmodel.source import Diagnostic, Text
from smtmodel.source.record import record, replace

_ELEMENTARY = {f"__{one.value}": one for one in Elementary}
_LVALUES = (Elementary.LOAD, Elementary.STORE)
_COUNTING = (Elementary.MODIFY, Elementary.MODIFY_RETURN, Elementary.MODIFY_FETCH)
_TAGS = {Elementary.MODIFY: "noreturn", Elementary.ADD_UNLESS: "mb"}
"""The tags of those that may come without one."""

_OPERANDS = {
    Elementary.LOAD: 0,
    Elementary.STORE: 1,
    Elementary.EXCHANGE: 1,
    Elementary.COMPARE: 2,
    Elementary.ADD_UNLESS: 2,
}
"""How many operands follow the location; of the others in `_COUNTING` one, of the rest none."""


@record
class _Given:
    """An argument as a definition writes it: a parameter or a number; `pointed` with a `*`."""

    value: Argument | int
    pointed: bool


def definitions(text: Text) -> Instructions | tuple[Diagnostic, ...]:
    """The functions that a text defines and those that herd7 knows without."""
    try:
        found = _Definitions(text).found()
    except Wrong as wrong:
        return (wrong.diagnostic,)
    own = kernel()
    return {name: own[name] for name in BUILT_IN} | found


class _Definitions:
    """The definitions up to here; a function may stand for one of them."""

    def __init__(self, text: Text) -> None:
        self.tokens = Tokens(text)
        self.tokens.inside = True
        self.known: Instructions = {}

    def found(self) -> Instructions:
        self.tokens.advance()
        while self.tokens.kind != "end":
            instruction = self._definition()
            self.known[instruction.name] = instruction
        return self.known

    def _definition(self) -> Instruction:
        tokens = self.tokens
        name = tokens.word("the name of a function")
        parameters = self._parameters()
        if tokens.skip("{"):
            uses: list[Use] = []
            while not tokens.skip("}"):
                uses += self._call(parameters)
                tokens.expect(";")
            return Instruction(name, len(parameters), tuple(uses))
        uses = self._call(parameters)
        compared = None
        if tokens.kind == "symbol":
            operator = tokens.advance()
            compared = (operator, tokens.number())
        return Instruction(name, len(parameters), tuple(uses), compared)

    def _parameters(self) -> list[str]:
        tokens = self.tokens
        tokens.expect("(")
        names: list[str] = []
        while not tokens.skip(")"):
            names.append(tokens.word("a parameter"))
            if not tokens.at(")"):
                tokens.expect(",")
        return names

    # ------------------------------------------------------------ calls

    def _call(self, parameters: list[str]) -> list[Use]:
        span = self.tokens.span()
        name = self.tokens.word("a function")
        if name in self.known:
            return self._restated(self.known[name], self._arguments(parameters)[0])
        elementary = _ELEMENTARY.get(name)
        if elementary is None:
            self.tokens.refuse(codes.LITMUS_NAME, f"`{name}` is no function known here", span)
        tag = self._tag() if self.tokens.at("{") else _TAGS.get(elementary, "")
        if elementary is Elementary.FENCE and self.tokens.at(";"):
            return [Use(elementary, tag)]
        given, operator = self._arguments(parameters)
        wanted = 1 + _OPERANDS.get(elementary, int(elementary in _COUNTING))
        if len(given) != wanted or bool(operator) != (elementary in _COUNTING):
            message = f"`{name}` is not used as herd7 has it"
            self.tokens.refuse(codes.LITMUS_SYNTAX, message, span)
        location, *operands = given
        if not isinstance(location.value, Argument):
            self.tokens.refuse(codes.LITMUS_SYNTAX, "a number is no place in memory", span)
        if elementary is Elementary.ADD_UNLESS:
            operator = "+"
        pointer = location.pointed or elementary not in _LVALUES
        values = tuple(one.value for one in operands)
        return [Use(elementary, tag, location.value.number, pointer, operator, values)]

    def _restated(self, instruction: Instruction, given: list[_Given]) -> list[Use]:
        """What a function defined before does with other arguments."""
        if len(given) != instruction.arguments:
            message = f"`{instruction.name}` takes {instruction.arguments} arguments"
            self.tokens.refuse(codes.LITMUS_SYNTAX, message)
        return [self._renumbered(use, given) for use in instruction.uses]

    def _renumbered(self, use: Use, given: list[_Given]) -> Use:
        operands = tuple(
            given[one.number].value if isinstance(one, Argument) else one for one in use.operands
        )
        if use.location is None:
            return replace(use, operands=operands)
        place = given[use.location]
        if not isinstance(place.value, Argument):
            self.tokens.refuse(codes.LITMUS_SYNTAX, "a number is no place in memory")
        pointer = use.pointer or place.pointed
        return replace(use, operands=operands, location=place.value.number, pointer=pointer)

    def _tag(self) -> str:
        """A tag in braces; herd7 reads capitals and small letters alike."""
        tokens, parts = self.tokens, []
        tokens.expect("{")
        while not tokens.at("}"):
            if tokens.kind != "word" and not tokens.at("-"):
                tokens.unexpected("a tag")
            parts.append(tokens.advance())
        tokens.advance()
        return "".join(parts).lower()

    def _arguments(self, parameters: list[str]) -> tuple[list[_Given], str]:
        """The arguments, and the operator that stands among them."""
        tokens, given, operator = self.tokens, list[_Given](), ""
        tokens.expect("(")
        while not tokens.skip(")"):
            pointed = tokens.skip("*")
            if tokens.kind == "number":
                given.append(_Given(tokens.number(), pointed))
            elif tokens.kind == "symbol" and not pointed:
                operator = tokens.advance() + ("~" if tokens.skip("~") else "")
            else:
                span = tokens.span()
                name = tokens.word("a parameter")
                if name not in parameters:
                    tokens.refuse(codes.LITMUS_NAME, f"`{name}` is no parameter", span)
                given.append(_Given(Argument(parameters.index(name)), pointed))
            if not tokens.at(")"):
                tokens.expect(",")
        return given, operator
