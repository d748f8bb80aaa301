"""Statements and values of a lane, from tokens.

C as far as herd7's tests need it: declarations, assignments to registers and to memory, calls of
the kernel's functions, `if`. Types and casts mean nothing here; loops are refused.
"""

from smtmodel.language import codes
from smtmodel.litmus.instructions import Argument, Elementary, Instruction, Instructions, Use
from smtmodel.litmus.program import (
    AddressOf,
    Arithmetic,
    Assigns,
    Conditional,
    Expression,
    Integer,
    Performed,
    Performs,
    Statement,
    ThreadRegister,
)
from smtmodel.litmus.scan import Tokens
from smtmodel.source import Span

PLAIN = "plain"
"""The tag of an access that is written without a function."""

_TYPES = frozenset(
    (
        *("void", "bool", "char", "short", "int", "long", "signed", "unsigned"),
        *("const", "volatile", "struct", "union", "enum", "_Bool", "uint", "ulong"),
        *("u8", "u16", "u32", "u64", "s8", "s16", "s32", "s64"),
    )
)
_REFUSED = frozenset(
    (
        *("while", "for", "do", "goto", "switch", "case"),
        *("break", "return", "asm", "typedef", "static"),
    )
)
_BINARY = {
    symbol: level
    for level, symbols in enumerate(
        ("||", "&&", "|", "^", "&", "== !=", "< > <= >=", "<< >>", "+ -", "* / %"), start=1
    )
    for symbol in symbols.split()
}
"""The operators on two values, those that bind closer with higher numbers."""

_UNARY = {"!": "!", "~": "~", "-": "negate"}


def is_type(word: str) -> bool:
    """Whether a word belongs to a type: C's own, the kernel's, and names that end as types do."""
    return word in _TYPES or word.endswith("_t")


def skip_type(tokens: Tokens) -> bool:
    """Goes past a type; whether there was one."""
    if tokens.kind != "word" or not is_type(tokens.text):
        return False
    while tokens.kind == "word" and is_type(tokens.text):
        if tokens.advance() in ("struct", "union", "enum"):
            tokens.word("the name of a type")
    return True


class Body:
    """A lane's body; `parameters` are the names that hold addresses of variables.

    `addressed` are other variables whose address the body takes.
    """

    def __init__(
        self, tokens: Tokens, instructions: Instructions, parameters: frozenset[str]
    ) -> None:
        self.tokens = tokens
        self.instructions = instructions
        self.parameters = parameters
        self.addressed: list[str] = []

    # ------------------------------------------------------------ statements

    def block(self) -> tuple[Statement, ...]:
        """The statements up to the closing brace, which stays."""
        statements: list[Statement] = []
        while not self.tokens.at("}"):
            if self.tokens.kind == "end":
                self.tokens.unexpected("`}`")
            statements += self.statement()
        return tuple(statements)

    def statement(self) -> tuple[Statement, ...]:
        tokens = self.tokens
        tokens.deeper()
        found: tuple[Statement, ...]
        if tokens.skip(";"):
            found = ()
        elif tokens.skip("{"):
            found = self.block()
            tokens.expect("}")
        elif tokens.at("if"):
            found = (self._conditional(),)
        elif tokens.kind == "word" and tokens.text in _REFUSED:
            tokens.refuse(codes.LITMUS_SUBSET, f"`{tokens.text}` is not read in litmus tests")
        elif skip_type(tokens):
            found = self._declaration()
        else:
            found = self._simple()
        tokens.depth -= 1
        return found

    def _conditional(self) -> Conditional:
        self.tokens.advance()
        self.tokens.expect("(")
        condition = self.expression()
        self.tokens.expect(")")
        then = self.statement()
        otherwise = self.statement() if self.tokens.skip("else") else ()
        return Conditional(condition, then, otherwise)

    def _declaration(self) -> tuple[Statement, ...]:
        """What follows the type: names, some of them with a first value."""
        made: list[Statement] = []
        while True:
            while self.tokens.skip("*"):
                pass
            name = self.tokens.word("the name of a register")
            if self.tokens.at("["):
                self.tokens.refuse(codes.LITMUS_SUBSET, "arrays are not read in litmus tests")
            if self.tokens.skip("="):
                made.append(Assigns(name, self.expression()))
            if not self.tokens.skip(","):
                break
        self.tokens.expect(";")
        return tuple(made)

    def _simple(self) -> tuple[Statement, ...]:
        """A call that yields nothing, an assignment, or an expression for what it does."""
        start = self.tokens.start
        instruction = self.instructions.get(self.tokens.text)
        if instruction is not None and not instruction.valued:
            performed = self._call(instruction)
            self.tokens.expect(";")
            return tuple(map(Performs, performed))
        target = self.expression()
        span = self.tokens.span(start)
        if self.tokens.skip("="):
            value = self.expression()
            self.tokens.expect(";")
            return (self._assignment(target, value, span),)
        self.tokens.expect(";")
        return (Performs(target),)

    def _assignment(self, target: Expression, value: Expression, span: Span) -> Statement:
        match target:
            case ThreadRegister(name):
                return Assigns(name, value)
            case Performed(Elementary.LOAD, "plain", location, _, _, _):
                return Performs(Performed(Elementary.STORE, PLAIN, location, "", (value,), span))
        self.tokens.refuse(codes.LITMUS_SYNTAX, "nothing can be assigned to this", span)

    # ------------------------------------------------------------ expressions

    def expression(self, level: int = 1) -> Expression:
        """A value of operators that bind at least so close; a long one is a deep tree too."""
        left, depth = self._unary(), self.tokens.depth
        while (bound := _BINARY.get(self.tokens.text, 0)) >= level:
            self.tokens.deeper()
            operator = self.tokens.advance()
            left = Arithmetic(operator, (left, self.expression(bound + 1)))
        self.tokens.depth = depth
        return left

    def _unary(self) -> Expression:
        tokens = self.tokens
        tokens.deeper()
        start = tokens.start
        found: Expression
        if tokens.at("-") or tokens.at("!") or tokens.at("~"):
            operator = _UNARY[tokens.advance()]
            operand = self._unary()
            found = Arithmetic(operator, (operand,))
            if operator == "negate" and isinstance(operand, Integer):
                found = Integer(-operand.value)
        elif tokens.skip("*"):
            span = tokens.span(start)
            found = Performed(Elementary.LOAD, PLAIN, self._unary(), "", (), span)
        elif tokens.skip("&"):
            found = self._address()
        else:
            found = self._primary()
        tokens.depth -= 1
        return found

    def _address(self) -> Expression:
        """What follows `&`: a shared variable, or an access whose address is meant."""
        span = self.tokens.span()
        match self._unary():
            case Performed(Elementary.LOAD, "plain", location, _, _, _) if location is not None:
                return location
            case ThreadRegister(name) if name not in self.parameters:
                self.addressed.append(name)
                return AddressOf(name)
        self.tokens.refuse(codes.LITMUS_SUBSET, "only variables have an address here", span)

    def _primary(self) -> Expression:
        tokens = self.tokens
        if tokens.kind == "number":
            return Integer(tokens.number())
        if tokens.skip("("):
            if self._cast():
                return self._unary()
            inner = self.expression()
            tokens.expect(")")
            return inner
        span = tokens.span()
        name = tokens.word("a value")
        if not tokens.at("("):
            return ThreadRegister(name)
        instruction = self.instructions.get(name)
        if instruction is None:
            tokens.refuse(codes.LITMUS_NAME, f"`{name}` is no function known here", span)
        if not instruction.valued:
            tokens.refuse(codes.LITMUS_SYNTAX, f"`{name}` yields no value", span)
        (performed,) = self._arguments(instruction, span)
        if instruction.compared is None:
            return performed
        operator, number = instruction.compared
        return Arithmetic(operator, (performed, Integer(number)))

    def _cast(self) -> bool:
        """Goes past the rest of a cast whose bracket has been opened; whether it is one."""
        if not skip_type(self.tokens):
            return False
        while self.tokens.skip("*"):
            pass
        self.tokens.expect(")")
        return True

    # ------------------------------------------------------------ calls

    def _call(self, instruction: Instruction) -> tuple[Performed, ...]:
        span = self.tokens.span()
        self.tokens.advance()
        return self._arguments(instruction, span)

    def _arguments(self, instruction: Instruction, span: Span) -> tuple[Performed, ...]:
        """What a call does, from its brackets on; `span` is the function's name."""
        tokens = self.tokens
        tokens.expect("(")
        arguments: list[Expression] = []
        if not tokens.at(")"):
            arguments.append(self.expression())
            while tokens.skip(","):
                arguments.append(self.expression())
        tokens.expect(")")
        if len(arguments) != instruction.arguments:
            wanted, given = instruction.arguments, len(arguments)
            message = f"`{instruction.name}` takes {wanted} arguments, not {given}"
            tokens.refuse(codes.LITMUS_SYNTAX, message, span)
        return tuple(self._used(use, arguments, span) for use in instruction.uses)

    def _used(self, use: Use, arguments: list[Expression], span: Span) -> Performed:
        location = None
        if use.location is not None:
            location = arguments[use.location]
            if not use.pointer:
                location = self._pointed(location, span)
        operands = tuple(
            arguments[one.number] if isinstance(one, Argument) else Integer(one)
            for one in use.operands
        )
        return Performed(use.elementary, use.tag, location, use.operator, operands, span)

    def _pointed(self, argument: Expression, span: Span) -> Expression:
        """The address of an lvalue."""
        match argument:
            case Performed(Elementary.LOAD, "plain", location, _, _, _) if location is not None:
                return location
        self.tokens.refuse(codes.LITMUS_SYNTAX, "the argument is no place in memory: `*x`", span)
