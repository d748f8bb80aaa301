"""Names that mean a little more or less than they do: the tests of names must notice each.

`python -m tests.support.name_mutations` prints what notices each mutant. One is another entry of
the table of names, or another definition of the prelude. Most change a verdict of a litmus test of
the name (`name_litmus`). Sequential consistency and x86 cannot tell an acquire from a release, nor
`smp_wmb` from `smp_rmb`: those are held by what is written down by hand of the kernel
(`kernel_names`).
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from smtmodel.executions.explore import explore, verdicts
from smtmodel.language import ast
from smtmodel.language import prelude as preludes
from smtmodel.language.ast import GuardKind
from smtmodel.language.checked import ADDS, BITS, Checked, FenceKind, Mark, Rmw, Yields
from smtmodel.language.prelude import prelude
from smtmodel.language.primitives import (
    PRIMITIVES,
    Awaiting,
    Masking,
    Modifying,
    Primitive,
    Reading,
    Sleeping,
    Unmasking,
    Waking,
    Writing,
)
from smtmodel.models import MODELS
from smtmodel.source.record import replace, rewritten
from tests.support import differential
from tests.support.name_litmus import cases
from tests.support.name_shapes import Case
from tools.kernel_names import differs, facts

STATES = 100_000
FACTS = {fact.name: fact for fact in facts()}
DEFINITIONS = prelude()
CASES: dict[str, list[Case]] = {}
for case in cases():
    CASES.setdefault(case.name, []).append(case)

Meaning = Primitive | ast.Definition


@dataclass(frozen=True, slots=True)
class Mutant:
    """A name with another meaning."""

    name: str
    change: str
    meaning: Meaning

    def in_place(self) -> AbstractContextManager[Any]:
        """While this lasts the name has the other meaning."""
        if not isinstance(self.meaning, ast.Definition):
            return patch.dict(PRIMITIVES, {self.name: self.meaning})
        known = {**DEFINITIONS, self.name: self.meaning}
        return patch.object(preludes, "prelude", lambda: known)


# ---------------------------------------------------------------- another meaning

CHOICES: dict[str, tuple[Any, ...]] = {
    "mark": tuple(mark for mark in Mark if mark is not Mark.GHOST),
    "yields": tuple(Yields),
    "operation": tuple(Rmw),
    "masks": (None, Masking(saves=False), Masking(saves=True)),
    "unmasks": (None, Unmasking(restores=False), Unmasking(restores=True)),
}
NEIGHBOURS = {
    "amount": lambda value: (value - 1, value + 1),
    "sign": lambda value: (-value,),
    "arity": lambda value: (value - 1, value + 1),
    "less": lambda value: (1 - value,),
    "place": lambda value: (value + 1,) if value == 0 else (value - 1,),
}


def others(field: str, value: object) -> tuple[Any, ...]:
    """The other values of a field of an entry."""
    if isinstance(value, bool):
        return (not value,)
    if isinstance(value, GuardKind | FenceKind):
        return tuple(one for one in type(value) if one is not value)
    if field in CHOICES:
        return tuple(one for one in CHOICES[field] if one != value)
    return tuple(NEIGHBOURS[field](value))


def of_table() -> Iterator[Mutant]:
    """Every entry with every field changed, and reads and writes for one another."""
    for name, meaning in PRIMITIVES.items():
        for field in type(meaning).__annotations__:
            value = getattr(meaning, field)
            for other in others(field, value):
                if _matters(meaning, field):
                    change = f"{field} {value} -> {other}"
                    yield Mutant(name, change, replace(meaning, **{field: other}))
        match meaning:
            case Reading(mark, pointer):
                yield Mutant(name, "writes", Writing(mark, pointer))
                yield Mutant(name, "locked", Modifying(Rmw.ADD, 1, 0, mark=mark))
            case Awaiting(mark):
                yield Mutant(name, "does not wait", Reading(mark))
            case Writing(mark, pointer):
                yield Mutant(name, "reads", Reading(mark, pointer))
                yield Mutant(name, "locked", Modifying(Rmw.EXCHANGE, 2, 0, value=False, mark=mark))
            case Masking(saves):
                yield Mutant(name, "switches on", Unmasking(saves))
            case Unmasking(restores):
                yield Mutant(name, "switches off", Masking(restores))
            case Sleeping():
                yield Mutant(name, "wakes", Waking())
            case Waking():
                yield Mutant(name, "sleeps", Sleeping())
            case _:
                pass


def _matters(meaning: Primitive, field: str) -> bool:
    """Whether the field says anything at all of such an entry."""
    if not isinstance(meaning, Modifying):
        return True
    counts = meaning.operation in (*ADDS, *BITS)
    match field:
        case "amount":
            return meaning.operation in ADDS and meaning.arity == 1
        case "sign":
            return meaning.operation in ADDS and meaning.arity == 2
        case "yields" | "zero":
            return meaning.value
        case "less":
            return meaning.value and not meaning.bit and not meaning.zero
        case "bit":
            return meaning.operation in BITS
        case "entries":
            return not counts
        case _:
            return True


def of_prelude() -> Iterator[Mutant]:
    """Every definition without one of its steps, with two changed round, with other numbers."""
    for name, one in DEFINITIONS.items():
        steps = [step for step in one.steps if not isinstance(step, ast.Yield)]
        for place, _ in enumerate(steps):
            less = (*one.steps[:place], *one.steps[place + 1 :])
            if _assigned(one, less):
                yield Mutant(name, f"without step {place + 1}", replace(one, steps=less))
            if place:
                round_ = (*one.steps[: place - 1], one.steps[place], one.steps[place - 1])
                turned = (*round_, *one.steps[place + 1 :])
                yield Mutant(name, f"steps {place} and {place + 1}", replace(one, steps=turned))
        for number in (0, 1, 2):
            other = rewritten(one, _instead(ast.Number(number), ast.Number(number + 1)))
            if other != one:
                yield Mutant(name, f"{number} -> {number + 1}", other)
        for old, new in (("!=", "=="), ("==", "!="), ("+=", "-=")):
            other = rewritten(one, _operator(old, new))
            if other != one:
                yield Mutant(name, f"{old} -> {new}", other)
        late = tuple(replace(p, late=not p.late) for p in one.parameters if not p.location)
        if any(p.late for p in one.parameters):
            kept = tuple(p for p in one.parameters if p.location)
            yield Mutant(name, "early", replace(one, parameters=(*kept, *late)))


def _assigned(one: ast.Definition, steps: tuple[ast.Step, ...]) -> bool:
    """Whether a definition with these steps still has its value."""
    targets = {step.target for step in steps if isinstance(step, ast.Assign)}
    return any(not isinstance(step, ast.Yield) for step in steps) and all(
        not isinstance(step, ast.Assign) or step.target in targets or _is_place(one, step)
        for step in one.steps
    )


def _is_place(one: ast.Definition, step: ast.Assign) -> bool:
    return any(p.location and step.target == ast.Name(p.name) for p in one.parameters)


def _instead(old: object, new: object) -> Any:
    return lambda part: new if part == old else None


def _operator(old: str, new: str) -> Any:
    def instead(part: object) -> object | None:
        if isinstance(part, ast.Binary | ast.Assign) and part.operator == old:
            return replace(part, operator=new)
        return None

    return instead


def mutants() -> tuple[Mutant, ...]:
    """Every mutant of the table and of the prelude."""
    return (*of_table(), *of_prelude())


# ---------------------------------------------------------------- what notices


def judged(case: Case) -> str:
    """How a case comes out otherwise than it says, by the explorer; nothing if it does not."""
    found = differential.checked(case.text)
    if not isinstance(found, Checked):
        codes = sorted({one.code.name for one in found})
        return "" if codes == [case.refused] else f"refused: {', '.join(codes)}"
    if case.refused:
        return "accepted"
    for model in MODELS:
        if model.store_buffers and not case.weak:
            continue
        seen = explore(found, found.bounds, store_buffers=model.store_buffers, limit=STATES)
        told = {name: one.value.lower() for name, one in verdicts(seen, found).items()}
        for name, verdict in case.verdicts:
            wanted = verdict[model.store_buffers]
            if told.get(name) != wanted:
                return f"{name} under {model.name}: {told.get(name)}, not {wanted}"
    return ""


def shown(mutant: Mutant) -> str:
    """The litmus test that comes out otherwise; nothing if none does."""
    with mutant.in_place():
        for one in CASES[mutant.name]:
            try:
                found = judged(one)
            except Exception as error:
                found = type(error).__name__
            if found:
                return f"{one.what.splitlines()[0]}: {found}"
    return ""


def noticed(mutant: Mutant) -> bool:
    """Whether anything notices the mutant, what takes no time being asked first."""
    return bool(differs(FACTS[mutant.name], mutant.meaning) or shown(mutant))


def main() -> None:
    """Prints the table."""
    for mutant in mutants():
        told = shown(mutant)
        if not told:
            by_hand = differs(FACTS[mutant.name], mutant.meaning)
            told = f"by hand: {by_hand}" if by_hand else "NOT NOTICED"
        print(f"{mutant.name:34} {mutant.change:46} {told}", flush=True)


if __name__ == "__main__":
    main()
