"""All orders of a block's steps: which there are, and what becomes of them."""

import json
from itertools import permutations
from unittest.mock import patch

import pytest

from smtmodel.analysis.orders import Ordered, in_common, orders, satisfies
from smtmodel.analysis.orders import ordered as looked_at
from smtmodel.analysis.precedents import Precedent, first_refutation, more, violated
from smtmodel.executions.explore import explore, verdicts
from smtmodel.language.ast import Protocol
from smtmodel.language.check import check
from smtmodel.language.checked import Bounds, Checked, Reach, ReachStep
from smtmodel.language.parse import parse
from smtmodel.models import SC
from smtmodel.solving import decide as deciding
from smtmodel.solving.result import Limits, Result
from smtmodel.source import Text
from smtmodel.verdict import Verdict
from tests.support import processes
from tests.support.examples import ROOT, at
from tests.support.lengths import long, long_but
from tests.support.program import run
from tests.support.random_protocols import text as text_of

UPDATE = "set_memory_region"


def of(name: str, block: str = UPDATE) -> tuple[Protocol, Text, Checked, Ordered]:
    """A shipped protocol and what there is to know about a block's orders."""
    text = Text(name, (ROOT / "protocols" / f"{name}.dsl").read_text())
    parsed = parse(text)
    assert isinstance(parsed, Protocol)
    base = check(parsed, text)
    assert isinstance(base, Checked)
    return parsed, text, base, looked_at(parsed, text, base, block)


def test_the_orders_are_all_permutations_that_keep_what_depends_on_each_other() -> None:
    parsed, text, base, about = of("paolo")
    places = {line: place for place, line in enumerate(about.lines)}
    depends = {(a, b) for a, b in about.depends}
    for earlier, later in ((20, 21), (21, 22), (21, 24), (23, 26)):
        assert (places[earlier], places[later]) in depends
    for free in (22, 23, 24):  # the grace period uses nothing of what they write
        assert (places[free], places[25]) not in depends
    found = [one.steps for one in orders(parsed, text, base, about, 10_000)]
    wanted = [one for one in permutations(range(7)) if satisfies(one, frozenset(depends))]
    assert found == wanted
    assert about.count == len(found) == 84


def test_at_most_so_many_are_made() -> None:
    parsed, text, base, about = of("paolo")
    some = list(orders(parsed, text, base, about, 5))
    assert len(some) == 5
    assert some[0].steps == tuple(range(7))
    assert some[0].protocol == base


def test_what_orders_have_in_common() -> None:
    found = [(0, 1, 2), (1, 0, 2)]
    assert in_common(found, frozenset()) == {(0, 2), (1, 2)}
    assert in_common(found, frozenset({(0, 2)})) == {(1, 2)}
    assert in_common([], frozenset()) == frozenset()


def answer(*arguments: str) -> dict[str, list[list[int]]]:
    """The orders by sort, as lines."""
    process = run("orders", *arguments, "--format", "json")
    (found,) = json.loads(process.stdout)["analyses"]
    sorts: dict[str, list[list[int]]] = {}
    for one in found["orders"]:
        sorts.setdefault(one["sort"], []).append(one["lines"])
    return sorts


@long
def test_the_publish_comes_before_the_grace_period_and_the_second_increment_after_it() -> None:
    sorts = answer("paolo.dsl", "--only", "stale_after_return")
    for lines in sorts["safe"]:
        assert lines.index(24) < lines.index(25) < lines.index(26)
    assert len(sorts["safe"]) + len(sorts["racy"]) == 84


@pytest.mark.parametrize("name", long_but(["xiao"], ["xiao", "original"]))
def test_the_explorer_agrees_about_every_order(name: str) -> None:
    parsed, text, base, about = of(name)
    bounds = at(base, 1, 1)
    options = ("--updates", "1", "--faults", "1", "--only", "stale_after_return")
    sorts = answer(f"{name}.dsl", *options)
    sort_of = {tuple(lines): sort for sort, found in sorts.items() for lines in found}
    words = {Verdict.PROVED: "safe", Verdict.REFUTED: "racy", Verdict.VACUOUS: "useless"}
    for order in orders(parsed, text, base, about, 10_000):
        assert order.protocol is not None
        walked = explore(order.protocol, bounds, store_buffers=False)
        verdict = verdicts(walked, order.protocol)["stale_after_return"]
        lines = tuple(about.lines[place] for place in order.steps)
        assert sort_of[lines] == words[verdict], lines


def test_the_answer_says_what_makes_orders_safe_and_how_many_there_are() -> None:
    process = run("orders", "xiao.dsl", "--only", "stale_after_return")
    assert process.returncode == 0
    assert "22 before 23, 23 before 24; and every order with these is safe" in process.stdout
    assert "These are all 36 orders" in process.stdout
    assert process.stdout.splitlines()[-2].startswith("Orders xiao.dsl set_memory_region: ")


def test_a_bound_is_said() -> None:
    process = run("orders", "paolo.dsl", "--limit", "3")
    assert "3 of 84 orders were tried: `--limit N` tries more." in process.stdout
    assert "81 not tried" in process.stdout
    assert "In all of these" not in process.stdout


def test_a_limit_of_time_is_said() -> None:
    path = str(ROOT / "protocols/mmu-notifier/k12.dsl:retry")
    process = processes.run("orders", path, "--timeout", "3", clock="questions")
    assert process.returncode == 124
    assert "of 75600 orders were tried: the time limit of 3 s was reached." in process.stdout
    assert "In all of these" not in process.stdout
    assert "not known" not in process.stdout


def single(text: str) -> tuple[Protocol, Text, Checked]:
    """A protocol as parsed and checked."""
    source = Text("test.dsl", text)
    parsed = parse(source)
    assert isinstance(parsed, Protocol)
    base = check(parsed, source)
    assert isinstance(base, Checked)
    return parsed, source, base


def count(steps: str, *, more: str = "") -> int:
    """How many orders of these steps there are."""
    text = f"""\
protocol some
struct node {{ data, next: node }}
shared p: node = {{ data: 0, next: null }}
shared q: node = {{ data: 0, next: null }}
shared a[2] = 0
shared out = 0
{more}
thread t {{
{steps}
}}
never bad: out == 7 finally
bounds t 1
"""
    parsed, source, base = single(text)
    return looked_at(parsed, source, base, "t").count


def kept(size: int, *pairs: tuple[int, int]) -> int:
    """How many orders of so many steps keep these pairs."""
    return sum(satisfies(one, frozenset(pairs)) for one in permutations(range(size)))


def test_pointers_may_be_the_same_unless_one_is_new() -> None:
    either = count("b = p; c = q; b.data = 1; out = c.data")
    assert either == kept(4, (0, 2), (1, 3), (2, 3))
    new = count("b = p; c = alloc node; b.data = 1; c.data = 1; c.next = null; p = c")
    assert new == kept(6, (0, 2), (0, 5), (1, 3), (1, 4), (1, 5))
    freed = count("b = p; kfree(b); c = alloc node; c.data = 1; c.next = null; p = c")
    assert freed == kept(6, (0, 1), (1, 2), (2, 3), (2, 4), (2, 5))


def test_elements_of_an_array_are_places_of_their_own() -> None:
    assert count("a[0] = 1; a[1] = 1") == 2
    assert count("a[0] = 1; a[0] = 2") == 1
    assert count("i = out; a[i] = 1; a[1] = 2") == 1


def test_what_is_published_may_be_read_through_the_pointer() -> None:
    steps = "p = null; b = alloc node; b.next = null; b.data = 1; rcu_assign_pointer(p, b)"
    pairs = ((0, 4), (1, 2), (1, 3), (1, 4), (3, 5), (4, 5))
    assert count(f"{steps}; out = p.data") == kept(6, *pairs)


def test_a_loop_that_may_be_used_up_stays_where_it_is() -> None:
    assert count("retry 1 { b = out } until (b == 1)  a[0] = 1") == 1


def test_elements_of_an_array_may_be_the_same_pointer() -> None:
    array = "shared both[2]: node = null"
    steps = "b = p; both[0] = b; both[1] = b; both[0].data = 1; both[1].data = 2"
    pairs = ((0, 1), (0, 2), (1, 3), (2, 4), (3, 4))
    assert count(steps, more=array) == kept(5, *pairs)


RETURNS = """\
protocol returns
shared x = 0
shared y = 0
shared seen = 0
update u {
    x = 1
    y = 1
    seen = x + y
}
thread w {
    y = 2
}
never short: seen == 2 finally
never bad: y == 1 when x == 0 always
bounds updates 1, w 1
"""


def test_a_run_with_fewer_lanes_says_nothing_about_how_all_lanes_end() -> None:
    parsed, source, base = single(RETURNS)
    few = Bounds(1, (("w", 0),), 1)
    about = looked_at(parsed, source, base, "u")
    every = [one.protocol for one in orders(parsed, source, base, about, 100)]
    only = frozenset({"short"})
    (alone,) = (r for r in first_refutation(base, SC, few, Limits(), only) if _is_result(r))
    assert isinstance(alone, Result)
    assert alone.run is not None
    tried = more((), alone.run)
    assert violated(base, tried[0], store_buffers=False) == ("short",)
    with patch.object(deciding, "decide", side_effect=AssertionError("asked")):
        for protocol in filter(None, every):
            with pytest.raises(AssertionError, match="asked"):
                list(first_refutation(protocol, SC, base.bounds, Limits(), only, tried))


def test_what_the_prelude_only_reads_is_read() -> None:
    steps = "s = read_seqcount_begin(out); a[0] = s; u = read_seqcount_begin(out); a[1] = u"
    assert count(steps) == 6
    assert count("write_seqcount_begin(out); a[0] = 1; write_seqcount_end(out)") == 3


@long
def test_a_block_does_the_same_in_every_order_when_it_runs_alone() -> None:
    """The interpreter knows nothing of what depends on what."""
    compared = 0
    for seed in range(24):
        parsed, source, base = single(text_of(seed, weak=False))
        if any(kind.interrupts for kind in base.kinds):
            continue
        for kind in base.kinds:
            alone = Bounds(
                1 if kind.updates else 0,
                tuple((name, int(name == kind.bound)) for name, _ in base.bounds.lanes),
                1,
            )
            for block in kind.blocks:
                about = looked_at(parsed, source, base, block)
                found = orders(parsed, source, base, about, 12)
                ends = {
                    explore(one.protocol, alone, store_buffers=False).finals
                    for one in found
                    if one.protocol is not None
                }
                assert len(ends) <= 1, (seed, block)
                compared += about.count > 1
    assert compared > 24


def test_steps_on_one_line_have_letters() -> None:
    parsed, source, base = single(
        "protocol p\nshared x = 0\nshared y = 0\n"
        "thread t { x = 1; y = 1\n x = 2 }\nnever bad: x == 3 always\nbounds t 1\n"
    )
    assert looked_at(parsed, source, base, "t").names == ("4a", "4b", "5")


def test_a_run_that_went_wrong_is_tried_before_the_solver_is_asked() -> None:
    parsed, text, base, about = of("paolo")
    found = list(orders(parsed, text, base, about, 10_000))
    bounds, only = base.bounds, frozenset({"stale_after_return"})
    racy = next(one.protocol for one in found if one.steps == (0, 1, 2, 3, 4, 6, 5))
    assert racy is not None
    (first,) = (r for r in first_refutation(racy, SC, bounds, Limits(), only) if _is_result(r))
    assert isinstance(first, Result)
    assert first.run is not None
    precedents = more((), first.run)
    assert violated(racy, precedents[0], store_buffers=False)[0] == "stale_after_return"
    assert violated(base, precedents[0], store_buffers=False) == ()
    with patch.object(deciding, "decide", side_effect=AssertionError("asked")):
        (again,) = first_refutation(racy, SC, bounds, Limits(), only, precedents)
    assert isinstance(again, Result)
    assert (again.name, again.verdict, again.run) == (first.name, Verdict.REFUTED, None)
    with (
        patch.object(deciding, "decide", side_effect=AssertionError("asked")),
        pytest.raises(AssertionError, match="asked"),
    ):
        list(first_refutation(base, SC, bounds, Limits(), only, precedents))


@long
def test_what_a_run_refutes_the_explorer_finds_violated() -> None:
    """Where a wrong verdict could hide: beyond the orders that are shown, only a run says it."""
    hits = 0
    for seed in range(16):
        parsed, source, base = single(text_of(seed, weak=False))
        only = frozenset(p.name for p in base.properties if not isinstance(p, Reach | ReachStep))
        for block in base.blocks:
            tried: tuple[Precedent, ...] = ()
            about = looked_at(parsed, source, base, block.name)
            for order in orders(parsed, source, base, about, 6):
                if order.protocol is None:
                    continue
                asked = (order.protocol, SC, base.bounds, Limits(), only)
                found = [r for r in first_refutation(*asked, tried) if isinstance(r, Result)]
                if not found or found[-1].verdict is not Verdict.REFUTED:
                    continue
                if found[-1].run is not None:
                    tried = more(tried, found[-1].run)
                    continue
                walked = explore(order.protocol, base.bounds, store_buffers=False, limit=3_000)
                if walked.finished:
                    assert found[-1].name in walked.violated, (seed, block.name, order.steps)
                    hits += 1
    assert hits > 8


def _is_result(found: object) -> bool:
    return isinstance(found, Result)


def test_a_block_that_is_not_there() -> None:
    process = run("orders", "paolo.dsl", "--block", "page_faul")
    assert process.returncode == 2
    assert "did you mean `page_fault`?" in process.stderr
