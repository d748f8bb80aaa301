"""Conditions on the end of an execution, from tokens."""

from smtmodel.language import codes
from smtmodel.litmus.program import (
    AddressOf,
    AllHold,
    Condition,
    Equals,
    FinalValue,
    Integer,
    Negated,
    RegisterOf,
    SomeHolds,
)
from smtmodel.litmus.scan import Tokens


def condition(tokens: Tokens, threads: int) -> Condition:
    r"""A condition about so many lanes; `/\` binds closer than `\/`."""
    parts = [_conjunction(tokens, threads)]
    while tokens.skip("\\/"):
        parts.append(_conjunction(tokens, threads))
    return parts[0] if len(parts) == 1 else SomeHolds(tuple(parts))


def _conjunction(tokens: Tokens, threads: int) -> Condition:
    parts = [_factor(tokens, threads)]
    while tokens.skip("/\\"):
        parts.append(_factor(tokens, threads))
    return parts[0] if len(parts) == 1 else AllHold(tuple(parts))


def _factor(tokens: Tokens, threads: int) -> Condition:
    tokens.deeper()
    if tokens.skip("~") or tokens.skip("not"):
        found: Condition = Negated(_factor(tokens, threads))
    elif tokens.skip("true"):
        found = AllHold(())
    elif tokens.skip("false"):
        found = SomeHolds(())
    elif tokens.skip("("):
        found = condition(tokens, threads)
        tokens.expect(")")
    else:
        found = _comparison(tokens, threads)
    tokens.depth -= 1
    return found


def _comparison(tokens: Tokens, threads: int) -> Condition:
    left = _register(tokens, threads) if tokens.kind == "number" else _variable(tokens)
    if not (tokens.at("=") or tokens.at("==") or tokens.at("!=")):
        tokens.unexpected("`=` or `!=`")
    negated = tokens.advance() == "!="
    equals = Equals(left, _right(tokens, threads))
    return Negated(equals) if negated else equals


def _variable(tokens: Tokens) -> FinalValue:
    """`x`, `[x]` or `*x`."""
    bracket = tokens.skip("[")
    if not bracket:
        tokens.skip("*")
    name = tokens.word("a register or a variable")
    if bracket:
        tokens.expect("]")
    elif tokens.at("["):
        tokens.refuse(codes.LITMUS_SUBSET, "arrays are not read in litmus tests")
    return FinalValue(name)


def _register(tokens: Tokens, threads: int) -> RegisterOf:
    span = tokens.span()
    thread = tokens.number()
    if thread >= threads:
        tokens.refuse(codes.LITMUS_NAME, f"there is no lane P{thread}", span)
    tokens.expect(":")
    return RegisterOf(thread, tokens.word("the name of a register"))


def _right(tokens: Tokens, threads: int) -> RegisterOf | Integer | AddressOf:
    if tokens.skip("-"):
        return Integer(-tokens.number())
    if tokens.kind != "number":
        tokens.skip("&")
        return AddressOf(tokens.word("a number, a register or a variable"))
    span, value = tokens.span(), tokens.number()
    if not tokens.at(":"):
        return Integer(value)
    if value >= threads:
        tokens.refuse(codes.LITMUS_NAME, f"there is no lane P{value}", span)
    tokens.advance()
    return RegisterOf(value, tokens.word("the name of a register"))
