"""Two versions of a protocol: verdicts, steps, and where the old run stops."""

import json

from smtmodel.analysis.comparison import Followed, corresponding, follow
from smtmodel.language.checked import Checked
from smtmodel.verdict import Verdict
from tests.examples import checked, results, shipped
from tests.processes import run


def followed(old: Checked, new: Checked, name: str) -> Followed:
    """The old counterexample of a property in the new version."""
    _, found = results(old)
    one = found[name].run
    assert one is not None
    steps = corresponding(old, new)
    return follow(one.trace, one.bounds, new, name, steps, store_buffers=False)


def texts(old: str, new: str) -> set[tuple[str | None, str | None]]:
    """The steps that differ."""
    steps = corresponding(shipped(old), shipped(new))
    return {
        (one.old.text if one.old else None, one.new.text if one.new else None)
        for one in steps.changed
    }


def test_steps_that_were_added_and_changed() -> None:
    assert texts("original", "paolo") == {
        (None, "new.generation = new.generation + 1"),
        (None, "if (gen % 2 == 0)"),
    }
    assert texts("original", "single-dereference") == {
        (None, "version = rcu_dereference(slots)"),
        ("slot = rcu_dereference(slots).slot", "slot = version.slot"),
        ("gen = rcu_dereference(slots).generation", "gen = version.generation"),
    }
    assert texts("paolo", "paolo") == set()


def test_the_old_race_stops_at_the_low_bit() -> None:
    found = followed(shipped("original"), shipped("paolo"), "stale_after_return")
    assert found.stopped.endswith("because of `if (gen % 2 == 0)`")
    assert found.stopped.startswith("fault0 does not come to `mmio = ")
    assert found.run is not None
    assert found.run.step_count == 8


def test_the_old_race_has_to_wait_for_the_reader() -> None:
    found = followed(shipped("paolo-no-grace-period"), shipped("paolo"), "stale_after_return")
    assert found.stopped == "update0 must wait at `synchronize_srcu(srcu)`"
    assert [where.text for where in found.added] == ["synchronize_srcu(srcu)"]


def test_the_old_race_goes_through_to_no_harm() -> None:
    found = followed(shipped("original"), shipped("single-dereference"), "stale_after_return")
    assert (found.stopped, found.violated) == ("", False)
    assert dict(found.facts)["mmio.generation"] == "0"
    assert dict(found.facts)["slots.generation"] == "1"


def test_the_old_race_goes_wrong_in_what_is_the_same() -> None:
    original = shipped("original")
    found = followed(original, original, "stale_after_return")
    assert found.violated
    assert found.run is not None
    assert found.run.violated[0] == "stale_after_return"


def test_a_run_whose_lane_is_gone_is_not_followed() -> None:
    new = checked(
        "protocol p\nshared x = 0\nthread t {\n x = 1\n}\nnever n: x == 2 always\nbounds t 1"
    )
    found = followed(shipped("original"), new, "stale_after_return")
    assert found.run is None
    assert found.stopped.startswith("there is no lane")


def test_the_status_is_that_of_the_new_version() -> None:
    mended = run("diff", "original.dsl", "paolo.dsl")
    assert mended.returncode == 0
    assert "REFUTED -> PROVED  mended" in mended.stdout
    assert "here it stops" in mended.stdout
    broken = run("diff", "paolo.dsl", "paolo-no-low-bit-test.dsl")
    assert broken.returncode == 10
    assert "newly refuted" in broken.stdout
    assert "Newly refuted: stale_at_any_time, in 9 steps." in broken.stdout
    last = broken.stdout.splitlines()[-4:]
    assert last[1].startswith("Result paolo-no-low-bit-test.dsl stale_at_any_time REFUTED ")
    assert last[1].endswith(" was PROVED")


def test_the_document_says_what_became_of_each_property() -> None:
    process = run("diff", "xiao.dsl", "paolo.dsl", "--format", "json")
    (found,) = json.loads(process.stdout)["analyses"]
    assert {one["name"]: one["change"] for one in found["verdicts"]} == {
        "stale_after_return": "as before",
        "stale_at_any_time": "mended",
        "caches": "as before",
        "deadlock": "as before",
    }
    (one,) = found["followed"]
    assert one["name"] == "stale_at_any_time"
    assert not one["violated"]


def test_a_property_that_neither_version_has_is_refused() -> None:
    process = run("diff", "original.dsl", "paolo.dsl", "--only", "stale_after_retrun")
    assert process.returncode == 2
    assert "did you mean `stale_after_return`?" in process.stderr
    assert run("diff", "original.dsl", "nowhere.dsl").returncode == 2


def test_unknown_stays_unknown() -> None:
    process = run("diff", "original.dsl", "paolo.dsl", "--budget", "1")
    assert process.returncode == 5
    assert Verdict.PROVED.value not in process.stdout
    assert "not known" in process.stdout
