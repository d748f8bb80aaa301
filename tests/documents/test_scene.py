"""Pictures of runs: the state after each row, and where arrows lead."""

import pytest

from smtmodel.documents.scene import ArrowKind, Scene, scene_of
from smtmodel.formats.picture import draw, told
from smtmodel.language.checked import Checked
from tests.support.answers import part, replayed
from tests.support.examples import ROOT, checked, shipped

BUFFERS = checked("""protocol buffers
shared x = 0
shared y = 0
thread left {
    x = 1
    a = x
    b = y
    y = a + b
}
thread right {
    y = 1
    c = x
    x = c
}
never both: x == 2 always
bounds left 1, right 1
""")


def scene(protocol: Checked, words: str, model: str = "sc") -> Scene:
    run, _ = replayed(protocol, words, model)
    return scene_of(protocol, run, buffers=model == "tso")


def arrows(found: Scene) -> list[tuple[ArrowKind, str, str, str]]:
    """Each arrow with the texts of its rows."""
    rows = found.table.rows
    return [(a.sort, rows[a.source].text, rows[a.target].text, a.what) for a in found.arrows]


def test_a_read_points_back_to_another_lanes_write() -> None:
    found = scene(BUFFERS, "left0 right0/2 left0/2")
    assert arrows(found) == [
        (ArrowKind.READS, "x = 1", "c = x", "x"),
        (ArrowKind.READS, "y = 1", "b = y", "y"),
    ]


def test_a_write_in_a_store_buffer_is_read_by_nobody_else() -> None:
    early = scene(BUFFERS, "left0 right0/2 left0/2", "tso")
    assert arrows(early) == []
    late = scene(BUFFERS, "left0 right0 left0.flush right0", "tso")
    assert [(sort, target) for sort, _, target, _ in arrows(late)] == [(ArrowKind.READS, "c = x")]
    assert "takes effect" in arrows(late)[0][1]


WAIT = "synchronize_srcu(srcu)"
UNLOCK = "srcu_read_unlock(srcu)"


def test_a_grace_period_waits_for_the_section_that_was_open() -> None:
    found = scene(shipped("original"), "fault0 update0/12 fault0/6 update0")
    assert [one for one in arrows(found) if one[0] is not ArrowKind.READS] == [
        (
            ArrowKind.GRACE,
            f"{WAIT}   [grace period begins]",
            f"{WAIT}   [grace period ends]",
            "srcu",
        ),
        (ArrowKind.WAITS, UNLOCK, f"{WAIT}   [grace period ends]", "srcu"),
    ]


def test_under_tso_it_waits_until_the_leave_takes_effect() -> None:
    words = "fault0 update0/11" + 5 * " update0.flush" + " update0 fault0/6"
    words += " fault0.flush fault0.flush update0"
    found = scene(shipped("original"), words, "tso")
    waits = [one for one in arrows(found) if one[0] is ArrowKind.WAITS]
    assert [(source, what) for _, source, _, what in waits] == [("(takes effect: leave)", "srcu")]


def test_a_deferred_free_ends_its_grace_period() -> None:
    path = ROOT / "tests" / "targets" / "deferred-free.dsl"
    found = scene(checked(path.read_text()), "asks0/6 asks0.free0")
    assert (ArrowKind.GRACE, "kfree_rcu(old)", "(A is freed)", "A") in arrows(found)


def test_a_section_left_before_is_not_waited_for() -> None:
    found = scene(shipped("original"), "fault0/7 update0/13")
    assert {sort for sort, *_ in arrows(found)} <= {ArrowKind.READS}


def test_the_state_is_what_the_changes_make_it() -> None:
    protocol = shipped("original")
    run, _ = replayed(protocol, "fault0/3 update0/11 fault0/4 update0/3")
    found = scene_of(protocol, run, buffers=False)
    assert len(found.sets) == len(found.table.rows)
    now = {number: item.start for number, item in enumerate(found.items)}
    for sets, row in zip(found.sets, found.table.rows, strict=True):
        changed = {found.items[number].name: (now[number], value) for number, value in sets}
        said = {f"{name}: {a} -> {b}" for name, (a, b) in changed.items()}
        assert said == set(row.changes)
        now |= dict(sets)
    ends = {(found.items[n].column, found.items[n].name): value for n, value in now.items()}
    assert ends[None, "slots"] == "B"
    assert ends[1, "mmio"] == "{ slot: 0, generation: 1 }"


def test_entries_of_lanes_are_kept_apart() -> None:
    found = scene(shipped("original"), "fault0/5 fault1/5")
    entries = [(one.column, one.start) for one in found.items if one.name == "mmio"]
    assert entries == [(0, "empty"), (1, "empty")]


@pytest.mark.parametrize("name", ["original", "xiao", "paolo-no-grace-period"])
@pytest.mark.parametrize("model", ["sc", "tso"])
def test_arrows_lead_forward_and_are_told_in_words(name: str, model: str) -> None:
    found = part(name, model)
    for result in found.outcome.results:
        if result.run is None:
            continue
        made = scene_of(found.protocol, result.run, buffers=model == "tso")
        for arrow in made.arrows:
            assert arrow.source < arrow.target
            assert told(made, arrow) in draw(made).markup.replace("&#x27;", "'")
