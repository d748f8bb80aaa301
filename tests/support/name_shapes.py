"""Shapes of the small protocols that tell of a name what it means (`name_litmus`).

A case says of a protocol how `outcome` and the built-in properties come out under each model, or
with which code it is refused. Nothing here looks at the table of names.
"""

from dataclasses import dataclass

PROVED, REFUTED = "proved", "refuted"


@dataclass(frozen=True, slots=True)
class Case:
    """A protocol for a name. `verdicts`: of a property, under sc and tso; None: it has none.
    `refused`: the code of the error, if the protocol is to be one."""

    name: str
    what: str
    text: str
    verdicts: tuple[tuple[str, tuple[str | None, str | None]], ...] = ()
    refused: str = ""
    weak: bool = True


def both(verdict: str) -> tuple[str, str]:
    """The same under sc and tso."""
    return verdict, verdict


def outcome(
    verdicts: tuple[str | None, str | None],
) -> tuple[tuple[str, tuple[str | None, str | None]], ...]:
    """The verdicts of `outcome`, as a case has them."""
    return (("outcome", verdicts),)


# ---------------------------------------------------------------- protocols

STATE = """\
protocol name
struct s {{ f }}
object first: s = {{ f: 1 }}
object second: s = {{ f: 2 }}
shared x = {x}
shared y = 0
shared z = {z}
shared g: bits 2 = 3
shared h: bits 4 = {h}
shared p: s = first
shared q: s = second
word w {{ a, b }} = {{ a: 1, b: 2 }}
shared cache c {{ a, b }}
srcu d
srcu e
mutex m
spinlock l
rwlock k
rwsem sem
waitqueue wq
waitqueue other
"""


def text(lanes: str, bad: str, bounds: str, *, x: int = 0, z: int = 0, h: int = 5) -> str:
    """A protocol with the state above, these lanes, and what must not be at the end."""
    bounded = ", ".join(f"{name} 1" for name in bounds.split())
    return f"{STATE.format(x=x, z=z, h=h)}{lanes}\nnever outcome: {bad} finally\nbounds {bounded}\n"


def single(steps: str, good: str, *, x: int = 0, z: int = 0, h: int = 5) -> str:
    """One lane; at the end something holds."""
    return text(f"thread t {{\n{steps}\n}}", f"!({good})", "t", x=x, z=z, h=h)


def buffering(steps: str, *, seen: str = "1", z: int = 0, more: str = "", names: str = "") -> str:
    """Store buffering: one lane runs the steps, which write x, do something and read y into r,
    the other has a full barrier. `seen` holds where the case is the one that is meant."""
    lanes = f"thread t {{\n{steps}\n}}\nthread u {{\ny = 1\nsmp_mb()\nr = x\n}}\n"
    return text(lanes + more, f"t[0].r == 0 && u[0].r == 0 && {seen}", f"t u {names}".strip(), z=z)


def drains(name: str, between: str, *, does: bool, what: str = "", **more: str | int) -> Case:
    """Whether a step between a write and a read waits for the store buffer."""
    protocol = buffering(f"x = 1\n{between}\nr = y", **more)
    verdicts = both(PROVED) if does else (PROVED, REFUTED)
    return Case(name, what or "between a write and a read", protocol, outcome(verdicts))


def refused(name: str, steps: str, code: str) -> Case:
    """What the name is not for."""
    return Case(name, f"refused: {steps}", single(steps, "1"), refused=code)
