"""Compares the third reading with the explorer, and with the prover, on random programs.

A program gets a property for each of its final states and one for all others, so that the
comparison needs nothing of the explorer or the prover but verdicts.
`python -m tests.support.third_differential FIRST LAST` compares the seeds from FIRST up to LAST.
"""

import sys
from collections import Counter
from dataclasses import dataclass

from smtmodel.executions.explore import explore
from smtmodel.language.checked import Checked
from smtmodel.models import Model, model
from smtmodel.solving.bounds import with_one_lane
from smtmodel.solving.decide import decide
from smtmodel.solving.explored import STATES
from smtmodel.solving.result import EXPLORER, Limits, Result
from smtmodel.verdict import Verdict
from tests.support.differential import checked, crowded
from tests.support.third_machine import Found, third
from tests.support.third_programs import text

MANY = 40
"""More final states than this are not told one by one."""


@dataclass(frozen=True, slots=True)
class Compared:
    """How a comparison ended, in a word and, where the readings differ, in sentences."""

    how: str
    differences: tuple[str, ...] = ()


def finals(found: Found, names: list[str]) -> set[str]:
    """The final states as conditions of the language."""
    states = set()
    for memory, lanes in found.finals:
        values = dict(zip(found.locations, memory, strict=True))
        told: list[str] = []
        for location, value in values.items():
            if location[0] == "object":
                continue
            if value is None or isinstance(value, tuple):
                name = _name(location)
                told.append(f"{name} == null" if value is None else f"{name} != null")
                fields = ("data", "more") if value else ()
                told += [f"{name}->{part} == {values[(*value, part)]}" for part in fields]
            else:
                told.append(f"{_name(location)} == {value}")
        for name, kept in zip(names, lanes, strict=True):
            told += [f"{name}.{local} == {v}" for local, v in kept if local in "rtn"]
        states.add(" && ".join(told))
    return states


def _name(location: tuple[str | int, ...]) -> str:
    name, *rest = location
    match rest:
        case [int(index)]:
            return f"{name}[{index}]"
        case [int(index), part]:
            return f"{name}[{index}].{part}"
        case [part]:
            return f"{name}.{part}"
    return str(name)


def lane_names(written: str) -> list[str]:
    """The lanes that the last line of a program names."""
    counts = [part.split() for part in written.splitlines()[-1].removeprefix("bounds ").split(",")]
    return [f"{kind}[{lane}]" for kind, count in counts for lane in range(int(count))]


def with_properties(written: str, states: list[str]) -> str:
    """The program with a claim that there is no state but these, and one against each."""
    claims = [f"never is_{number}: {state} finally" for number, state in enumerate(states)]
    others = " && ".join(f"!({state})" for state in states)
    if not states:
        names = ("r", "t", "n") if "n = 0" in written else ("r", "t")
        lanes = lane_names(written)[:-1]
        others = " + ".join(["x", *(f"{lane}.{one}" for lane in lanes for one in names)]) + " != 0"
    return "\n".join([written, *claims, f"never other: {others} finally\n"])


def compare(seed: int, used: Model, limit: int, *, prover: bool = False) -> Compared:
    """What the third reading and the explorer, or also the prover, say of a seed."""
    return compare_text(text(seed, weak=used.store_buffers), used, limit, prover=prover)


def compare_text(written: str, used: Model, limit: int, *, prover: bool = False) -> Compared:
    """The same of a program."""
    found = third(written, store_buffers=used.store_buffers, limit=limit)
    if not found.finished:
        return Compared("too many steps")
    states = sorted(finals(found, lane_names(written)))
    if len(states) > MANY:
        return Compared("too many final states")
    protocol = checked(with_properties(written, states), weak=used.store_buffers)
    if not isinstance(protocol, Checked):
        return Compared("refused", tuple(f"{one.code.name} {one.message}" for one in protocol))
    explored = explore(
        protocol, protocol.bounds, store_buffers=used.store_buffers, limit=20 * limit
    )
    if not explored.finished:
        return Compared("too many steps")
    differences = []
    if explored.complete != bool(states):
        differences.append(f"complete: explorer {explored.complete}, third {bool(states)}")
    for number, state in enumerate(states):
        if f"is_{number}" not in explored.violated:
            differences.append(f"only in the third reading: {state}")
    if states and "other" in explored.violated:
        differences.append("the explorer has other final states")
    claims = {"other", "deadlock", *(f"is_{number}" for number in range(len(states)))}
    violated = explored.violated - claims
    if violated != found.violated:
        differences.append(f"violated: explorer {set(violated)}, third {set(found.violated)}")
    if prover and not differences and not crowded(protocol, used):
        differences += _asked(protocol, used, states, explored.states)
    return Compared("different" if differences else "alike", tuple(differences))


def _asked(protocol: Checked, used: Model, states: list[str], visited: int) -> list[str]:
    """What the prover says of a state that there is and of all that there are not, if it is
    wrong: the solver alone, then with the explorer beside it. It has to agree on a proof where it
    can visit so many states, and does not look at one lane that stands for others."""
    wanted = {"other": Verdict.PROVED if states else Verdict.VACUOUS}
    if states:
        wanted[f"is_{len(states) // 2}"] = Verdict.REFUTED
    differences = []
    for both in (False, True):
        told = _decided(protocol, used, frozenset(wanted), both=both)
        for name, verdict in wanted.items():
            if told[name].verdict is not verdict:
                said = f"{told[name].verdict.value} ({told[name].reason})"
                differences.append(f"{name}: prover {said}, third {verdict.value}")
    judges = [one.judge for one in told["other"].opinions if one.agrees]
    looks = visited <= STATES and with_one_lane(protocol, protocol.bounds) == protocol.bounds
    if looks and EXPLORER not in judges:
        differences.append("the explorer was not compared")
    return differences


def _decided(
    protocol: Checked, used: Model, names: frozenset[str], *, both: bool
) -> dict[str, Result]:
    """The results of the solver, or of both engines."""
    asked = protocol, used, protocol.bounds, Limits(), names
    told = decide(*asked, survey=both, shrink=False)
    return {one.name: one for one in told if isinstance(one, Result)}


def main(first: int, last: int) -> int:
    """Compares seeds under both models; whether all are alike, as an exit status."""
    for name in ("sc", "tso"):
        counts: Counter[str] = Counter()
        for seed in range(first, last):
            found = compare(seed, model(name), 3_000)
            counts[found.how] += 1
            if found.differences:
                print(f"seed {seed} under {name}: {found.how}", *found.differences, sep="\n    ")
        print(name, dict(counts), flush=True)
        if counts["different"] or counts["refused"]:
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
