"""Two versions of a protocol: verdicts, steps, and where the old run stops."""

import json
from pathlib import Path

import pytest

from smtmodel.analysis.comparison import corresponding
from smtmodel.analysis.following import Followed, follow
from smtmodel.language.checked import Checked
from smtmodel.verdict import Verdict
from tests.support.examples import CHECK_THEN_ACT, ROOT, checked, results, shipped
from tests.support.lengths import long_but
from tests.support.program import run
from tests.support.random_small import small


def followed(old: Checked, new: Checked, name: str) -> Followed:
    """The old counterexample of a property in the new version."""
    _, found = results(old)
    one = found[name].run
    assert one is not None
    steps = corresponding(old, new)
    return follow(old, one.trace, one.bounds, new, name, steps, store_buffers=False)


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
        "hits_new": "as before",
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


# ---------------------------------------------------------------- small pairs of versions


def protocol(body: str, rest: str) -> Checked:
    return checked(f"protocol p\nshared x = 0\nshared y = 0\nshared z = 0\n{body}\n{rest}\n")


TWO_CHOICES = "thread t { a = choose 0..1  x = a  b = choose 0..1  y = b }"
ONE_CHOICE = "thread t { b = choose 0..1  y = b }"
Y_AT_END = "never bad: y == 1 finally\nbounds t 1"


def test_a_choice_stays_with_its_step() -> None:
    found = followed(protocol(TWO_CHOICES, Y_AT_END), protocol(ONE_CHOICE, Y_AT_END), "bad")
    assert (found.stopped, found.violated, found.chosen) == ("", True, ())
    before, after = protocol(ONE_CHOICE, Y_AT_END), protocol(TWO_CHOICES, Y_AT_END)
    found = followed(before, after, "bad")
    assert (found.stopped, found.violated) == ("", True)
    assert [(where.text, text) for where, text in found.chosen] == [("a = choose 0..1", "0")]


def test_a_choice_that_is_gone_stops_the_run() -> None:
    other = protocol("thread t { b = choose 2..3  y = b }", Y_AT_END)
    found = followed(protocol(ONE_CHOICE, Y_AT_END), other, "bad")
    assert found.stopped == "t0 cannot choose at `y = b` what it chose"


Y_ALWAYS = "never bad: y == 1 always\nbounds o 1"
PLAIN = protocol("thread o { r = x  z = r  y = 1 }", Y_ALWAYS)


def test_where_a_lane_stands_is_said_as_it_is() -> None:
    def stops(body: str) -> str:
        return followed(PLAIN, protocol(body, Y_ALWAYS), "bad").stopped

    assert stops("thread o { r = x  z = r  assume r == 5  if (r == 0) y = 1 }") == (
        "o0 does not come to `y = 1`: it stands at `assume r == 5`, which is false"
    )
    null = "thread o { r = x  z = r  s = p.f  if (r == 0 || s == 1) y = 1 }"
    assert stops(f"struct n {{ f }}\nshared p: n = null\n{null}") == (
        "o0 does not come to `y = 1`: it has stopped at `s = p.f`: null_dereference"
    )
    assert stops("thread o { r = x  z = r  while 1 (r == 0) { r = x } y = 1 }") == (
        "o0 does not come to `y = 1`: it stands at `while 1 (r == 0)`, whose bound is used up"
    )
    assert stops("thread o { r = x  z = r  if (r == 1) y = 1 }") == (
        "o0 does not come to `y = 1`: it has run to its end, because of `if (r == 1)`"
    )
    nested = "thread o { r = x  z = r  if (r == 0) { if (r == 1) { y = 1 } } }"
    assert stops(nested).endswith("it has run to its end, because of `if (r == 1)`")
    early = "thread o { r = x  z = r  if (r == 0) return  y = 1 }"
    assert stops(early) == "o0 does not come to `y = 1`: it has run to its end"


def test_new_steps_after_the_last_old_one_are_made_before_the_end_is_judged() -> None:
    rest = "never bad: x == 1 finally\nbounds t 1"
    old = protocol("thread t { x = 1 }", rest)
    found = followed(old, protocol("thread t { x = 1  y = 2 }", rest), "bad")
    assert (found.stopped, found.violated) == ("", True)
    found = followed(old, protocol("thread t { x = 1  x = 2 }", rest), "bad")
    assert (found.stopped, found.violated) == ("", False)


def test_a_branch_is_the_one_with_the_same_steps() -> None:
    rest = "never bad: y == 1 always\nbounds w 1"
    old = protocol("thread w { either { x = 1 } or { y = 1 } }", rest)
    more = protocol("thread w { either { x = 2 } or { x = 1 } or { y = 1 } }", rest)
    assert followed(old, more, "bad").violated


def test_how_all_lanes_end_is_not_said_of_a_run_without_some() -> None:
    old = protocol("thread t { atomic_inc(x) }", "never short: x < 2 finally\nbounds t 1")
    rest = "never short: x < 2 finally\nbounds t 1, w 1"
    new = protocol("thread t { atomic_inc(x) } thread w { atomic_inc(x) }", rest)
    found = followed(old, new, "short")
    assert not found.violated
    assert found.stopped == "there are lanes that it says nothing of"
    assert followed(old, old, "short").violated


def test_what_goes_wrong_on_the_way_goes_wrong() -> None:
    rest = "never bad: x == 1 && y == 1 always\nbounds t 1"
    old = protocol("thread t { x = 1  y = 1  z = 1  z = 2 }", rest.replace("always", "finally"))
    new = protocol("thread t { x = 1  y = 1  x = 2  z = 1  z = 2 }", rest)
    found = followed(old, new, "bad")
    assert found.violated
    assert found.run is not None
    assert found.run.step_count == 2


def test_stores_that_take_effect_are_followed() -> None:
    text = (ROOT / "tests" / "litmus" / "SB.dsl").read_text()
    old = checked(text)
    _, found = results(old, None, "tso")
    ((name, one),) = [(n, r.run) for n, r in found.items() if r.verdict is Verdict.REFUTED]
    assert one is not None

    def there(new: Checked) -> Followed:
        steps = corresponding(old, new)
        return follow(old, one.trace, one.bounds, new, name, steps, store_buffers=True)

    assert there(old).violated
    fenced = checked(text.replace("x = 1\n", "x = 1\n    smp_mb()\n", 1))
    assert there(fenced).stopped == "p00 must wait at `smp_mb()` until its stores have taken effect"


FREED = """protocol p
struct node { f }
rcu p: node = { f: 0 }
thread t { old = p  new = alloc node  new.f = 1  rcu_assign_pointer(p, new)  kfree_rcu(old) }
thread u { %s r = p  s = r.f  %s }
never seen: u[0].s == 9 finally
bounds t 1, u 1
"""


def test_deferred_frees_are_followed() -> None:
    old = checked(FREED % ("", ""))
    _, found = results(old)
    one = found["use_after_free"].run
    assert one is not None
    new = checked(FREED % ("rcu_read_lock()", "rcu_read_unlock()"))
    there = followed(old, new, "use_after_free")
    assert there.stopped == "the grace period of `kfree_rcu(old)` of t0 goes on"
    assert followed(old, old, "use_after_free").violated


def test_lanes_whose_block_has_another_name_are_followed() -> None:
    old = protocol("thread t { x = 1 }", "never bad: x == 1 always\nbounds t 1")
    new = protocol("thread u { x = 1 }", "never bad: x == 1 always\nbounds u 1")
    assert followed(old, new, "bad").violated


def told(tmp_path: Path, old: str, new: str) -> str:
    """What `diff` says of two texts, on one line."""
    names = []
    for name, text in (("old", old), ("new", new)):
        (tmp_path / f"{name}.dsl").write_text(text)
        names.append(str(tmp_path / f"{name}.dsl"))
    return " ".join(run("diff", *names).stdout.split())


COUNTER = "protocol c\nshared x = 0\nupdate u { x = x + 1 }\n"


def test_versions_are_decided_at_the_same_bounds(tmp_path: Path) -> None:
    rest = "never bad: x >= 2 settled\nbounds updates "
    text = told(tmp_path, f"{COUNTER}{rest}2", f"{COUNTER}{rest}1")
    assert "The bounds of the files differ: 2 updates in the old one, 1 update in the new" in text
    assert "REFUTED -> REFUTED as before" in text
    assert "mended" not in text


def test_a_property_that_says_less_mends_nothing(tmp_path: Path) -> None:
    old, new = "never bad: x >= 2 settled", "never bad: x > 9 settled"
    text = told(tmp_path, f"{COUNTER}{old}\nbounds updates 2", f"{COUNTER}{new}\nbounds updates 2")
    assert "REFUTED -> PROVED the property changed" in text
    assert f"- old 4 {old} + new 4 {new}" in text
    assert "mended" not in text


def test_lanes_that_only_one_version_has_are_named(tmp_path: Path) -> None:
    base = "protocol c\nshared x = 0\nthread t { x = 1 }\n"
    old = f"{base}thread w {{ x = 2 }}\nnever bad: x == 2 always\nbounds t 1, w 1"
    text = told(tmp_path, old, f"{base}never bad: x == 2 always\nbounds t 1")
    assert "Only the old version has 1 w lane." in text
    assert "REFUTED -> PROVED not comparable" in text


def test_other_names_and_declarations_are_told(tmp_path: Path) -> None:
    rest = "settled\nbounds updates 2"
    old = f"{COUNTER}never bad: x >= 2 {rest}"
    new = f"{COUNTER}never worse: x >= 2 {rest}".replace("x = 0", "x = 1", 1)
    text = told(tmp_path, old, new.replace("update u", "update v"))
    assert "`worse` says what `bad` said; they are not compared." in text
    assert "declarations: - old 2 shared x = 0 + new 2 shared x = 1" in text
    assert "`u` is compared with `v`" in text
    assert "Not followed, because the new version does not state it: bad." in text


COUNTED = """\
protocol counted
shared seq = 0
shared x = 0
thread writer { write_seqcount_begin(&seq)  x = 1  write_seqcount_end(&seq) }
thread reader { a = x  bad: assert a == 0 }
bounds writer 1, reader 1
"""


def test_a_call_of_several_steps_is_one_new_step(tmp_path: Path) -> None:
    before = COUNTED.replace("write_seqcount_begin(&seq)", "").replace(
        "write_seqcount_end(&seq)", "seq = 2"
    )
    text = told(tmp_path, before, COUNTED)
    assert text.count("+ new 4 writer write_seqcount_begin(&seq)") == 1
    assert "it makes the new steps 4 `write_seqcount_begin(&seq)`." in text


def test_a_file_compared_with_itself() -> None:
    process = run("diff", "original.dsl", "original.dsl", "--only", "stale_after_return")
    assert process.returncode == 10
    assert "The files are the same." in process.stdout
    assert process.stdout.count("smtmodel 0") == 1


def test_a_lane_can_wait_at_its_first_step() -> None:
    rest = "spinlock l\nnever bad: y == 1 always\nbounds t 1, u 1"
    old = protocol("thread t { x = 1  z = 1 }\nthread u { if (x == 1 && z == 0) y = 1 }", rest)
    locked = "thread t { spin_lock(l)  x = 1  z = 1  spin_unlock(l) }"
    other = "thread u { spin_lock(l)  if (x == 1 && z == 0) y = 1  spin_unlock(l) }"
    found = followed(old, protocol(f"{locked}\n{other}", rest), "bad")
    assert found.stopped == "u0 must wait at `spin_lock(l)`"


@pytest.mark.parametrize("memory_model", long_but(["sc"], ["sc", "tso"]))
def test_a_run_goes_through_in_its_own_protocol(memory_model: str) -> None:
    names = ["original", "xiao", "kvm/k4-as-merged", "rcu/g3:no_grace_period"]
    protocols = [*map(shipped, names), *(checked(small(seed)) for seed in (5, 8, 13))]
    followed_ones = 0
    for one in protocols:
        _, found = results(one, None, memory_model)
        for result in found.values():
            if result.verdict is Verdict.REFUTED and result.run is not None:
                run, steps = result.run, corresponding(one, one)
                buffers = memory_model == "tso"
                there = follow(
                    one, run.trace, run.bounds, one, result.name, steps, store_buffers=buffers
                )
                assert (there.stopped, there.violated) == ("", True), (one.name, result.name)
                followed_ones += 1
    assert followed_ones > 5


# ---------------------------------------------------------------- what is still refuted

FENCED = CHECK_THEN_ACT.replace("        return\n", "        return\n    smp_rmb()\n")
ONE_LOOK = CHECK_THEN_ACT.replace("    if (flag == 1)\n        return\n", "")
MORE = (
    CHECK_THEN_ACT.replace("x = 1", "x = 1\n    x = 0")
    .replace("v = x", "w = x\n    v = x")
    .replace("assert v == 0", "assert w == 0 || v == w")
)
BACK = CHECK_THEN_ACT.replace(
    "    v = x\n    ok: assert v == 0", "    w = flag\n    ok: assert w == 0"
)


@pytest.mark.parametrize(
    ("second", "fault"),
    [
        (FENCED, "The same orders are at fault as before."),
        (ONE_LOOK, "Some of the orders that are at fault are those of before, and some differ."),
        (MORE, "Some of the orders that are at fault are those of before, and some differ."),
        (BACK, "Some of the orders that are at fault are those of before, and some differ."),
        (CHECK_THEN_ACT.replace("v = x", "v = 1"), "Other orders are at fault than before."),
    ],
)
def test_the_new_run_of_what_is_still_refuted_is_shown(
    second: str, fault: str, tmp_path: Path
) -> None:
    (tmp_path / "old.dsl").write_text(CHECK_THEN_ACT)
    (tmp_path / "new.dsl").write_text(second)
    told = run("diff", str(tmp_path / "old.dsl"), str(tmp_path / "new.dsl")).stdout
    assert "Still refuted: ok, in " in told
    assert fault in " ".join(told.split())
    assert "Why: " in told
    assert "Replay:  smtmodel replay " in told
    proved = run("prove", str(tmp_path / "new.dsl"), "--only", "ok").stdout
    table = proved.split("\n\n")[1]
    assert told.count(table) == 1
