"""Terms as functions of the registers.

Takes a term or an address of `smtmodel.executions.terms`; gives a function that the machine calls
at every move. Made once for each place in a program.
"""

from collections.abc import Callable
from operator import itemgetter

from smtmodel.executions.frame import Pure
from smtmodel.executions.layout import Layout
from smtmodel.executions.terms import (
    Absolute,
    Address,
    Component,
    Computed,
    Conjunction,
    Disjunction,
    Immediate,
    Indexed,
    InObject,
    IsFilled,
    Register,
    Term,
    WholeEntry,
)
from smtmodel.executions.values import (
    EMPTY,
    NOTHING,
    PARTIAL,
    Value,
    binary,
    holds,
    too_large,
    unary,
)
from smtmodel.language.checked import GROWING, NEGATIVE_OPERAND, OVERFLOW

Locate = Callable[[list[Value]], int]
"""The location that an address is at."""


class NoValueError(Exception):
    """An operator has no value; `name` is the built-in property that this violates, `what` the
    operand or the result that is to blame, and `value` its value."""

    def __init__(self, name: str, what: str, value: Value) -> None:
        super().__init__(name)
        self.name = name
        self.what = what
        self.value = value


def locate(address: Address, layout: Layout) -> Locate:
    """The location of an address."""
    match address:
        case Absolute(location=location):
            return lambda registers: location
        case Indexed(variable=variable, index=index):
            return _beyond(index.number, layout.variables[variable])
        case InObject(pointer=pointer, struct=struct, field=field):
            return _beyond(pointer.number, layout.offset(struct, field))


def _beyond(register: int, distance: int) -> Locate:
    def location(registers: list[Value]) -> int:
        start = registers[register]
        assert isinstance(start, int)
        return start + distance

    return location


def evaluate(term: Term) -> Pure:
    """The value of a term; the function raises `NoValueError` where there is none."""
    match term:
        case Register(number=number):
            return itemgetter(number)
        case Immediate(value=value):
            return lambda registers: value
        case Computed(operator=operator, operands=(operand,)):
            inner, single = evaluate(operand), unary(operator)
            return lambda registers: single(inner(registers))
        case Computed(operator=operator, operands=(left, right)):
            if operator in PARTIAL or operator in GROWING:
                return _partial(operator, evaluate(left), evaluate(right))
            return _total(operator, evaluate(left), right)
        case Component(entry=entry, place=place):
            return _component(evaluate(entry), place)
        case IsFilled(entry=entry):
            return _filled(evaluate(entry))
        case Conjunction(left=left, right=right):
            first, second = evaluate(left), evaluate(right)
            return lambda registers: int(holds(first(registers)) and holds(second(registers)))
        case Disjunction(left=left, right=right):
            first, second = evaluate(left), evaluate(right)
            return lambda registers: int(holds(first(registers)) or holds(second(registers)))
        case WholeEntry(values=values):
            fields = tuple(map(evaluate, values))
            return lambda registers: tuple([field(registers) for field in fields])
        case _:
            raise TypeError(f"not a term: {term}")


def _total(operator: str, first: Pure, right: Term) -> Pure:
    double = binary(operator)
    if isinstance(right, Immediate):  # as most are: a call less
        known = right.value
        return lambda registers: double(first(registers), known)
    second = evaluate(right)
    return lambda registers: double(first(registers), second(registers))


def _partial(operator: str, first: Pure, second: Pure) -> Pure:
    double, natural = binary(operator), operator in PARTIAL

    def value(registers: list[Value]) -> Value:
        left = first(registers)
        if natural and isinstance(left, int) and left < 0:
            raise NoValueError(NEGATIVE_OPERAND, f"left side of {operator}", left)
        made = double(left, second(registers))
        if too_large(made):
            raise NoValueError(OVERFLOW, f"result of {operator}", made)
        return made

    return value


def _component(entry: Pure, place: int) -> Pure:
    def value(registers: list[Value]) -> Value:
        whole = entry(registers)
        return whole[place] if isinstance(whole, tuple) else NOTHING

    return value


def _filled(entry: Pure) -> Pure:
    def value(registers: list[Value]) -> Value:
        whole = entry(registers)
        return 0 if whole is EMPTY or whole is NOTHING else 1

    return value
