"""What is observed of a litmus test, in the form in which herd7 says it.

Differences: `Witnesses` and `Observation` count final states, not executions, and without all
states one of each sort; there is neither a `Time` nor a `Hash` line; `Forbidden` lines, where they
are asked for, are this tool's own.
"""

from smtmodel.litmus.ends import End, Ends, Forbidden, observed
from smtmodel.litmus.program import (
    AddressOf,
    AllHold,
    Condition,
    Equals,
    FinalValue,
    Integer,
    IsTrue,
    Negated,
    Quantifier,
    RegisterOf,
    SomeHolds,
    ThinAir,
)

KINDS = {
    Quantifier.EXISTS: "Allowed",
    Quantifier.NEVER: "Forbidden",
    Quantifier.ALWAYS: "Required",
}


def herd_lines(ends: Ends) -> list[str]:
    """The answer about one test."""
    test = ends.test
    lines = [f"Test {test.name} {KINDS[test.quantifier]}"]
    if ends.all:
        states = sorted(_state(ends, end) for end in (*ends.holding, *ends.failing))
        lines += [f"States {len(states)}", *states]
    numbers = len(ends.holding), len(ends.failing)
    return [
        *lines,
        "Ok" if ends.validated else "No",
        "Witnesses",
        "Positive: {} Negative: {}".format(*numbers),
        *(f"Flag {flag}" for flag in ends.flags),
        f"Condition {test.quantifier.value} ({condition_text(test.condition)})",
        "Observation {} {} {} {}".format(test.name, ends.frequency.value, *numbers),
        *(line for forbidden in ends.forbidding for line in _forbidden(forbidden)),
    ]


def _forbidden(forbidden: Forbidden) -> list[str]:
    """The axiom, and the steps that it does not allow: each leads to the next, the last to the
    first."""
    widths = [max((len(x) for x in column), default=0) for column in _columns(forbidden)]
    rows = [
        f"  {step.event.ljust(widths[0])}  {step.relation.ljust(widths[1])}  {step.meaning}"
        for step in forbidden.cycle
    ]
    return [f"Forbidden {forbidden.why}", *map(str.rstrip, rows)]


def _columns(forbidden: Forbidden) -> tuple[list[str], list[str]]:
    return [one.event for one in forbidden.cycle], [one.relation for one in forbidden.cycle]


def _state(ends: Ends, end: End) -> str:
    """`0:r0=1; [x]=2;`"""
    return " ".join(f"{place}={value};" for place, value in final_state(ends, end).items())


def final_state(ends: Ends, end: End) -> dict[str, str]:
    """For each register and variable of the condition the value that it has at an end."""
    places = observed(ends.test)
    return {_text(place): _value(value) for place, value in zip(places, end, strict=True)}


def _value(value: int | AddressOf | ThinAir) -> str:
    match value:
        case AddressOf(variable):
            return variable
        case ThinAir():
            return "thin-air"
        case _:
            return str(value)


def condition_text(condition: Condition) -> str:
    r"""The condition as a test writes it."""
    match condition:
        case IsTrue():
            raise AssertionError("no test in C computes with values at the end")
        case AllHold(()):
            return "true"
        case SomeHolds(()):
            return "false"
        case AllHold(parts):
            return " /\\ ".join(map(_inner, parts))
        case SomeHolds(parts):
            return " \\/ ".join(map(_inner, parts))
        case Negated(Equals() as inner):
            return f"not ({condition_text(inner)})"
        case Negated(inner):
            return f"not {_inner(inner)}"
        case Equals(left, right):
            return f"{_text(left)}={_text(right)}"


def _inner(condition: Condition) -> str:
    text = condition_text(condition)
    several = isinstance(condition, AllHold | SomeHolds) and condition.conditions
    return f"({text})" if several else text


def _text(place: RegisterOf | FinalValue | Integer | AddressOf) -> str:
    match place:
        case RegisterOf(thread, name):
            return f"{thread}:{name}"
        case FinalValue(name):
            return f"[{name}]"
        case Integer(value):
            return str(value)
        case AddressOf(variable):
            return variable
