"""Which steps change places: counted, and by what becomes of proofs."""

import pytest

from smtmodel.analysis.moves import BETWEEN, Moves
from smtmodel.analysis.needed import Attempt, Needs, orders, verdicts
from smtmodel.analysis.variants import Variant, variants
from smtmodel.analysis.words import Mutation
from smtmodel.executions.explore import explore
from smtmodel.executions.explore import verdicts as explored_verdicts
from smtmodel.language import ast
from smtmodel.language.check import check
from smtmodel.language.checked import Checked
from smtmodel.language.parse import parse
from smtmodel.models import SC, TSO, Model
from smtmodel.solving.result import Limits, Outcome, Result
from smtmodel.source import Text
from smtmodel.verdict import Verdict
from tests.support.program import run

PASSING = """\
protocol passing
shared data = 0
shared ready = 0
shared other = 0
thread writer {
    data = 1
    smp_wmb()
    ready = 1
}
thread reader {
    r = ready
    smp_rmb()
    d = data
    if (r == 1)
        ok: assert d == 1
}
reach sees: at reader.ok
bounds writer 1, reader 1
"""


def found(text: str, model: Model = SC) -> tuple[Checked, list[Variant]]:
    """A protocol, and its variants that change an order."""
    source = Text("t.dsl", text)
    parsed = parse(source)
    assert isinstance(parsed, ast.Protocol)
    base = check(parsed, source)
    assert isinstance(base, Checked)
    moved = [one for one in variants(parsed, source, base, model) if one.turned]
    return base, moved


def needs_of(text: str, name: str) -> Needs:
    """What becomes of the proof of a property when its orders change."""
    base, moved = found(text)
    attempts = tuple(Attempt(one, decided(one.protocol, name)) for one in moved)
    outcome = Outcome("sc", base.bounds, None, decided(base, name))
    assert [one.verdict for one in outcome.results] == [Verdict.PROVED]
    return Needs(base, outcome, (name,), attempts)


def decided(protocol: Checked | None, name: str) -> tuple[Result, ...]:
    if protocol is None:
        return ()
    asked = verdicts(protocol, SC, protocol.bounds, Limits(), frozenset({name}))
    return tuple(one for one in asked if isinstance(one, Result))


def leaned_on(needs: Needs, name: str) -> list[list[tuple[str, str]]]:
    """The orders that a proof leans on, by the names of the steps."""
    return [sorted((a.name, b.name) for a, b in order) for order, _ in orders(needs.attempts, name)]


def test_an_order_behind_a_barrier_is_seen() -> None:
    needs = needs_of(PASSING, "ok")
    assert leaned_on(needs, "ok") == [[("6", "8")], [("11", "13")]]


def test_barriers_that_order_nothing_are_not_moved_but_others_are() -> None:
    _, under_sc = found(PASSING.replace("smp_wmb", "smp_mb"))
    _, under_tso = found(PASSING.replace("smp_wmb", "smp_mb"), TSO)
    assert [one.names for one in under_sc if one.block == "writer"] == [("6", "8")]
    pairs = [one.names for one in under_tso if one.block == "writer"]
    assert pairs == [("6", "7"), ("6", "8"), ("7", "8"), ("8", "6")]


APART = """\
protocol apart
shared a = 0
shared b = 0
shared c = 0
shared d = 0
shared e = 0
shared f = 0
thread t {
STEPS}
thread u {
    y = READ
    x = a
    if (y == 1)
        ok: assert x == 1
}
reach sees: at u.ok
bounds t 1, u 1
"""


@pytest.mark.parametrize(
    ("between", "seen"), [("", True), ("bc", True), ("bcd", True), ("bcde", False)]
)
def test_steps_apart_are_tried_up_to_a_count(between: str, seen: bool) -> None:
    steps = "".join(f"    {name} = 1\n" for name in f"a{between}f")
    needs = needs_of(APART.replace("STEPS", steps).replace("READ", "f"), "ok")
    last = str(9 + len(between) + 1)
    assert ([("9", last)] in leaned_on(needs, "ok")) is (len(between) <= BETWEEN)


def test_what_a_step_needs_comes_with_it() -> None:
    steps = "    a = 1\n    k = b\n    m = k + 1\n    f = m\n"
    text = APART.replace("STEPS", steps).replace("READ", "f")
    _, moved = found(text)
    told = {(one.change, one.names) for one in moved}
    assert (Mutation.LATER, ("9", "12")) in told
    steps = steps.replace("    k = b\n    m = k + 1\n", "    c = 1\n    d = 1\n")
    _, moved = found(APART.replace("STEPS", steps.replace("m", "a")).replace("READ", "f"))
    assert not [one for one in moved if set(one.names[:2]) == {"9", "12"}]
    needs = needs_of(text, "ok")
    assert [("9", "12")] in leaned_on(needs, "ok")


def test_nothing_passes_what_it_depends_on() -> None:
    steps = "    k = a\n    b = k\n    f = b\n"
    text = APART.replace("STEPS", steps).replace("READ", "f")
    _, moved = found(text.replace("y == 1", "y == 7").replace("reach sees: at u.ok\n", ""))
    assert not [one for one in moved if {"9", "11"} <= set(one.names[:2])]


def test_the_number_of_orders_is_that_of_the_pairs() -> None:
    """Of n steps that nothing orders: n - 1 neighbours, and two for each pair further apart."""
    source = Text("t.dsl", APART.replace("STEPS", "".join(f"    {n} = 1\n" for n in "abcdef")))
    parsed = parse(source)
    assert isinstance(parsed, ast.Protocol)
    block = next(one for one in parsed.items if isinstance(one, ast.Block))
    made = [*Moves(parsed, SC).of(block, block.steps)]
    assert len(made) == 5 + 2 * (4 + 3 + 2)
    assert len({one.order for one in made}) == len(made)


def test_the_explorer_agrees_about_every_order() -> None:
    steps = "    a = 1\n    b = 1\n    k = c\n    d = k\n    f = 1\n"
    base, moved = found(APART.replace("STEPS", steps).replace("READ", "f"))
    refuted = 0
    for variant in moved:
        if variant.protocol is None:
            continue
        walked = explore(variant.protocol, base.bounds, store_buffers=False)
        expected = explored_verdicts(walked, variant.protocol)["ok"]
        (result,) = decided(variant.protocol, "ok")
        assert result.verdict == expected, variant.names
        refuted += result.verdict is Verdict.REFUTED
    assert refuted >= 3


def test_the_order_of_the_title_of_a_shipped_protocol_is_said_first() -> None:
    told = run("needed", "n2.dsl:raised_last").stdout.splitlines()
    assert (
        "lean on 35 `sernum++`; the order 32 before 35, 41 before 44." in told[told.index("") + 1]
    )
