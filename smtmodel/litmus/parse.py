"""From a text to a litmus test, or to what is wrong with it; raises nothing whatever the text is.

Read is what herd7 reads of a test in C: the name, an initial state, lanes, a condition on the end.
"""

from smtmodel.language import codes
from smtmodel.litmus.conditions import condition
from smtmodel.litmus.instructions import Instructions
from smtmodel.litmus.program import (
    AddressOf,
    AllHold,
    Condition,
    Equals,
    FinalValue,
    Integer,
    LitmusTest,
    Negated,
    Quantifier,
    RegisterOf,
    SomeHolds,
    Thread,
)
from smtmodel.litmus.scan import Tokens, Wrong
from smtmodel.litmus.statements import Body, skip_type
from smtmodel.source import Diagnostic, Span, Text
from smtmodel.source.codes import EMPTY

Initial = Integer | AddressOf


def parse(text: Text, instructions: Instructions) -> LitmusTest | tuple[Diagnostic, ...]:
    """The test that a text says, or at least one diagnostic."""
    try:
        return _Parser(text, instructions).test()
    except Wrong as wrong:
        return (wrong.diagnostic,)


class _Parser:
    """The variables and the registers' first values, in order of appearance."""

    def __init__(self, text: Text, instructions: Instructions) -> None:
        self.tokens = Tokens(text)
        self.instructions = instructions
        self.variables: dict[str, Initial] = {}
        self.registers: dict[int, dict[str, Initial]] = {}
        self.places: dict[int, Span] = {}

    def test(self) -> LitmusTest:
        name = self._name()
        self.tokens.expect("{")
        self._state()
        threads: list[Thread] = []
        while self.tokens.text == f"P{len(threads)}":
            threads.append(self._thread(len(threads)))
        if not threads:
            self.tokens.unexpected("`P0`, the first lane,")
        required, quantifier, final = self._question(len(threads))
        for part in (required, final):
            if part is not None:
                self._mention(part)
        variables = tuple(self.variables.items())
        return LitmusTest(name, variables, tuple(threads), required, quantifier, final)

    def _name(self) -> str:
        """The rest of the first line after `C`; then to the initial state."""
        tokens = self.tokens
        tokens.advance()
        if tokens.kind == "end":
            tokens.refuse(EMPTY, "the text has no litmus test", Span(1, 1, 1, 1))
        if not tokens.at("C"):
            tokens.unexpected("`C`, as every litmus test in C begins,")
        line_end = (tokens.content + "\n").find("\n", tokens.end)
        name = tokens.content[tokens.end : line_end].strip()
        tokens.first_brace(line_end)
        return name

    # ------------------------------------------------------------ initial state

    def _state(self) -> None:
        """The items of the initial state, and its closing brace."""
        tokens = self.tokens
        while not tokens.skip("}"):
            if not tokens.skip(";"):
                self._item()
                if not tokens.at("}"):
                    tokens.expect(";")

    def _item(self) -> None:
        tokens = self.tokens
        skip_type(tokens)
        while tokens.skip("*"):
            pass
        if tokens.kind == "number":
            span, thread = tokens.span(), tokens.number()
            self.places[thread] = span
            tokens.expect(":")
            name = tokens.word("the name of a register")
            self.registers.setdefault(thread, {})[name] = self._first_value()
            return
        bracket = tokens.skip("[")
        name = tokens.word("the name of a variable")
        if bracket:
            tokens.expect("]")
        elif tokens.at("["):
            tokens.refuse(codes.LITMUS_SUBSET, "arrays are not read in litmus tests")
        self.variables[name] = self._first_value()

    def _first_value(self) -> Initial:
        """What follows the name: `= value`, or nothing for 0."""
        tokens = self.tokens
        if not tokens.skip("="):
            return Integer(0)
        if tokens.skip("("):
            if not skip_type(tokens):
                tokens.unexpected("a type")
            while tokens.skip("*"):
                pass
            tokens.expect(")")
        if tokens.skip("ATOMIC_INIT"):
            tokens.expect("(")
            value = self._value()
            tokens.expect(")")
            return value
        return self._value()

    def _value(self) -> Initial:
        tokens = self.tokens
        if tokens.skip("-"):
            return Integer(-tokens.number())
        if tokens.kind == "number":
            return Integer(tokens.number())
        tokens.skip("&")
        name = tokens.word("a number or a variable")
        self.variables.setdefault(name, Integer(0))
        return AddressOf(name)

    # ------------------------------------------------------------ lanes

    def _thread(self, number: int) -> Thread:
        tokens = self.tokens
        name = tokens.advance()
        tokens.expect("(")
        parameters = self._parameters()
        tokens.expect(")")
        if not tokens.at("{"):
            tokens.unexpected("`{`")
        tokens.inside = True
        tokens.advance()
        body = Body(tokens, self.instructions, frozenset(parameters))
        statements = body.block()
        for variable in body.addressed:
            self.variables.setdefault(variable, Integer(0))
        tokens.inside = False
        tokens.expect("}")
        registers: dict[str, Initial] = {name: AddressOf(name) for name in parameters}
        registers |= self.registers.pop(number, {})
        return Thread(name, tuple(registers.items()), statements)

    def _parameters(self) -> list[str]:
        names: list[str] = []
        while not self.tokens.at(")"):
            skip_type(self.tokens)
            start = self.tokens.start
            while self.tokens.skip("*"):
                pass
            if self.tokens.start == start:
                self.tokens.unexpected("a pointer to a shared variable, as in `int *x`,")
            name = self.tokens.word("the name of a variable")
            self.variables.setdefault(name, Integer(0))
            names.append(name)
            if not self.tokens.at(")"):
                self.tokens.expect(",")
        return names

    # ------------------------------------------------------------ the question

    def _question(self, threads: int) -> tuple[Condition | None, Quantifier, Condition]:
        tokens = self.tokens
        required = None
        while True:
            if tokens.skip("locations"):
                self._locations()
            elif tokens.skip("filter"):
                required = condition(tokens, threads)
            else:
                break
        if self.registers:
            thread = min(self.registers)
            message = f"there is no lane P{thread}"
            tokens.refuse(codes.LITMUS_NAME, message, self.places[thread])
        quantifier = self._quantifier()
        final = condition(tokens, threads)
        tokens.skip(";")
        if tokens.kind != "end":
            tokens.unexpected("the end of the text")
        return required, quantifier, final

    def _locations(self) -> None:
        """What to print besides: without effect on the answer."""
        self.tokens.expect("[")
        while not self.tokens.skip("]"):
            if self.tokens.kind == "end":
                self.tokens.unexpected("`]`")
            self.tokens.advance()

    def _quantifier(self) -> Quantifier:
        negated = self.tokens.skip("~")
        if self.tokens.skip("exists"):
            return Quantifier.NEVER if negated else Quantifier.EXISTS
        if not negated and self.tokens.skip("forall"):
            return Quantifier.ALWAYS
        self.tokens.unexpected("`exists`, `~exists` or `forall`")

    def _mention(self, part: Condition) -> None:
        """Takes note of the variables of a condition."""
        match part:
            case AllHold(conditions) | SomeHolds(conditions):
                for one in conditions:
                    self._mention(one)
            case Negated(inner):
                self._mention(inner)
            case Equals(left, right):
                for side in (left, right):
                    match side:
                        case FinalValue(name) | AddressOf(name):
                            self.variables.setdefault(name, Integer(0))
                        case RegisterOf() | Integer():
                            pass
