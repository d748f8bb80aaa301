"""Runs in words that `replay` takes: they make the very run, and name its steps."""

import pytest

from smtmodel.executions.replay import Impossible, Replayed, replay
from smtmodel.executions.schedule import BadStep, Plan, format_schedule, parse_schedule
from smtmodel.executions.shorthand import shorthand
from smtmodel.language.checked import Checked
from smtmodel.language.step_names import StepNames
from smtmodel.language.walk import steps_in
from smtmodel.models import SC, TSO, Model
from smtmodel.solving.decide import decide
from smtmodel.solving.result import Limits, Result, Run
from tests.support.examples import checked, shipped
from tests.support.lengths import long_but

NAMES = ("original", "xiao", "fuse/f7:raised_early", "kvm/k8:two_steps", "rcu/g3:kfree_rcu")

LINE = """\
protocol line
shared x = 0
shared y = 0
update u { x = 1; y = 1
    x = 2 }
thread t { if (x == 2) y = 2; else y = 3 }
never bad: y == 2 && x == 2 always
bounds updates 1, t 1
"""


def runs(protocol: Checked, model: Model) -> list[Run]:
    asked = decide(protocol, model, protocol.bounds, Limits(), None, survey=False)
    return [one.run for one in asked if isinstance(one, Result) and one.run is not None]


@pytest.mark.parametrize("model", [SC, TSO], ids=lambda model: model.name)
@pytest.mark.parametrize("name", long_but([n for n in NAMES if "k8" not in n], NAMES))
def test_the_words_make_the_run(name: str, model: Model) -> None:
    protocol = shipped(name)
    named = 0
    for run in runs(protocol, model):
        buffers = model.store_buffers
        words = shorthand(protocol, run.bounds, run.trace, store_buffers=buffers)
        plan = parse_schedule(words, protocol, run.bounds)
        assert isinstance(plan, Plan)
        made = replay(protocol, run.bounds, store_buffers=buffers, schedule=plan)
        assert isinstance(made, Replayed)
        assert made.trace == run.trace
        named += " ".join(words) != format_schedule(run.trace.schedule)
    assert named


def test_a_run_says_which_steps_it_takes() -> None:
    protocol = shipped("original")
    (run, *_) = runs(protocol, SC)
    words = shorthand(protocol, run.bounds, run.trace, store_buffers=False)
    assert any("-" in word for word in words)


def played(words: str) -> Replayed | Impossible | BadStep:
    protocol = checked(LINE)
    plan = parse_schedule([words], protocol, protocol.bounds)
    if isinstance(plan, BadStep):
        return plan
    return replay(protocol, protocol.bounds, store_buffers=False, schedule=plan)


def test_steps_on_one_line_have_names_and_are_found_by_them() -> None:
    protocol = checked(LINE)
    names = StepNames(protocol)
    steps = [s for block in protocol.blocks for s in steps_in(block.steps)]
    assert [names.at(s.where.span) for s in steps] == ["4a", "4b", "5", "6a", "6b", "6c"]
    first = played("update0@4a")
    assert isinstance(first, Replayed)
    assert [m.detail for m in first.trace.moments if m.where] == ["x -> 1"] or first.step_count == 1
    both = played("update0@4")
    assert isinstance(both, Replayed)
    assert both.step_count == 2


def test_a_lane_runs_to_its_end() -> None:
    whole = played("update0/* t0/*")
    assert isinstance(whole, Replayed)
    assert whole.complete
    assert whole.returned == 1
    same = played("update0@4a,4b,5/* t0/*")
    assert isinstance(same, Replayed)
    assert same.trace == whole.trace
    again = played("update0/* update0/*")
    assert isinstance(again, Impossible)
    assert "has run to its end" in again.reason


def test_a_range_is_what_the_lane_does() -> None:
    assert isinstance(played("update0@4-5"), Replayed)
    outside = played("update0@5-5")
    assert isinstance(outside, Impossible)
    assert outside.reason == "update0 takes the step on line 4, which is not among 5-5"


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("update0@a-5", "`a-5` is no range of lines"),
        ("update0@4,9", "no step of u has the label or line `9`"),
        ("update0@4/2", "a word with `@` takes no number of moves"),
        ("update0.flush/*", "`/*` stands behind the name of a lane, which runs to its end"),
    ],
)
def test_what_is_not_understood_is_said(word: str, message: str) -> None:
    found = played(word)
    assert isinstance(found, BadStep)
    assert message in found.message
