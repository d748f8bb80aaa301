"""All orders of a block's steps: which there are, and what becomes of them."""

import json
from itertools import permutations

import pytest

from smtmodel.analysis.orders import Ordered, in_common, orders, satisfies
from smtmodel.analysis.orders import ordered as looked_at
from smtmodel.executions.explore import explore, verdicts
from smtmodel.language.ast import Protocol
from smtmodel.language.check import check
from smtmodel.language.checked import Checked
from smtmodel.language.parse import parse
from smtmodel.source import Text
from smtmodel.verdict import Verdict
from tests.examples import ROOT, at
from tests.processes import run

UPDATE = "set_memory_region"


def of(name: str, block: str = UPDATE) -> tuple[Protocol, Text, Checked, Ordered]:
    """A shipped protocol and what there is to know about a block's orders."""
    text = Text(name, (ROOT / "protocols" / f"{name}.dsl").read_text())
    parsed = parse(text)
    assert isinstance(parsed, Protocol)
    base = check(parsed, text)
    assert isinstance(base, Checked)
    return parsed, text, base, looked_at(parsed, text, block)


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


def test_the_publish_comes_before_the_grace_period_and_the_second_increment_after_it() -> None:
    sorts = answer("paolo.dsl", "--only", "stale_after_return")
    for lines in sorts["safe"]:
        assert lines.index(24) < lines.index(25) < lines.index(26)
    assert len(sorts["safe"]) + len(sorts["racy"]) == 84


@pytest.mark.parametrize("name", ["xiao", "original"])
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
    assert "3 of 84 orders were tried" in process.stdout


def test_a_block_that_is_not_there() -> None:
    process = run("orders", "paolo.dsl", "--block", "page_faul")
    assert process.returncode == 2
    assert "did you mean `page_fault`?" in process.stderr
