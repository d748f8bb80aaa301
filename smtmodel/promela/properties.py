"""Which properties a model asks about, and the assertions that ask.

Each property has a number, its place among those of the protocol. The model is compiled for one of
them, `PROPERTY`, and the assertions of all others hold.
"""

from smtmodel.language.ast import When
from smtmodel.language.checked import (
    DEADLOCK,
    BuiltIn,
    Checked,
    Constant,
    Expression,
    Never,
    Property,
    Reach,
    ReachStep,
    Where,
)
from smtmodel.promela.conditions import both, either, negation
from smtmodel.promela.memory import ModelMemory
from smtmodel.promela.snapshots import Snapshots
from smtmodel.source.record import record

LEFT_OUT = "not asked: SPIN's own search for invalid end states is no answer to it"


@record
class Numbered:
    """The properties by their numbers; `steps` the numbers of the goals that are steps."""

    numbers: dict[str, int]
    steps: dict[int, tuple[int, ...]]

    def violated(self, name: str, unless: str = "") -> tuple[str, ...]:
        """The assertion that a property is violated here, unless a condition holds; none where the
        protocol has no such property."""
        number = self.numbers.get(name)
        if number is None:
            return ()
        return (f"assert({either(f'PROPERTY != {number}', unless)})",)

    def reached(self, step: Where | None) -> tuple[str, ...]:
        """The assertions that a step is never begun."""
        goals = () if step is None else self.steps.get(step.number, ())
        return tuple(f"assert(PROPERTY != {number})" for number in goals)


def asked(protocol: Checked) -> Numbered:
    """The properties that are asked about."""
    numbers: dict[str, int] = {}
    steps: dict[int, tuple[int, ...]] = {}
    for number, prop in enumerate(protocol.properties, 1):
        if is_asked(prop):
            numbers[prop.name] = number
        if isinstance(prop, ReachStep):
            for step in prop.steps:
                steps[step] = (*steps.get(step, ()), number)
    return Numbered(numbers, steps)


def is_asked(prop: Property) -> bool:
    return not (isinstance(prop, BuiltIn) and prop.name == DEADLOCK)


def at_instants(memory: ModelMemory, known: Numbered) -> list[str]:
    """What must hold at every instant: conditions, one for each property."""
    return _judged(memory, known, ends=False)


def at_ends(memory: ModelMemory, known: Numbered) -> list[str]:
    """What must hold when every lane has run to its end."""
    return _judged(memory, known, ends=True)


def _judged(memory: ModelMemory, known: Numbered, *, ends: bool) -> list[str]:
    found: list[str] = []
    for prop in memory.layout.protocol.properties:
        if isinstance(prop, Never | Reach) and (prop.when is When.FINALLY) == ends:
            number = known.numbers[prop.name]
            shown = negation(_shown(memory, prop, ends))
            found.append(either(f"PROPERTY != {number}", _elsewhere(memory, prop.when), shown))
    return found


def _elsewhere(memory: ModelMemory, when: When) -> str:
    """That an instant is none at which a property is judged."""
    match when:
        case When.ALWAYS:
            return ""
        case When.SETTLED:
            return "progress != 0" if memory.counted else ""
        case When.FINALLY:
            return f"ended != {len(memory.layout.lanes)}"


def _shown(memory: ModelMemory, prop: Never | Reach, ends: bool) -> str:
    """That a property is violated, or its goal met."""
    bad: Expression = prop.bad if isinstance(prop, Never) else prop.goal
    given = prop.condition if isinstance(prop, Never) else None
    cases: list[str] = []
    for lane in range(memory.width(prop.lanes)) if prop.lanes else (0,):
        snapshots = Snapshots(memory, lane, ends)
        when = snapshots.seen(Constant(1) if given is None else given)
        cases.append(both(when.holds() if given else "", snapshots.seen(bad).holds()))
    return either(*cases) or "false"
