"""`settled(E)` under the kernel's memory model: what lanes are told of updates that are over."""

from unittest.mock import patch

import pytest

from smtmodel.litmus.written.lanes import LaneWriter
from smtmodel.litmus.written.supported import supported
from smtmodel.source import Diagnostic
from tests.support import weak_sc
from tests.support.differential import checked
from tests.support.lengths import long_but
from tests.support.random_told import told
from tests.support.weak import results, verdicts

STATES = 3_000

LOOKED = """protocol looked
shared x = 0
shared y = 0
update u {{
    WRITE_ONCE(x, fresh)
    {update}
}}
thread reader {{
    {reader}
    ok: assert a >= want
}}
bounds updates 2, reader 1
"""


@pytest.mark.parametrize(
    ("reader", "verdict"),
    [
        ("want = settled(x)\na = READ_ONCE(x)", "PROVED"),
        ("a = READ_ONCE(x)\nwant = settled(x)", "REFUTED"),
        ("a = READ_ONCE(x)\nsmp_mb()\nwant = settled(x)", "REFUTED"),
    ],
)
def test_a_lane_reads_nothing_older_than_what_it_was_told_of(reader: str, verdict: str) -> None:
    found = verdicts(LOOKED.format(update="WRITE_ONCE(y, 1)", reader=reader))
    assert found == {"ok": verdict, "data_race": "PROVED"}


def _without(mark: str) -> object:
    """What is written, with a message that is no release, or no acquire."""
    name = "store" if mark == "release" else "load"
    whole = getattr(LaneWriter, name)

    def weaker(self: LaneWriter, location: object, tag: str, *rest: object) -> object:
        return whole(self, location, "once" if tag == mark else tag, *rest)

    return patch.object(LaneWriter, name, weaker)


@pytest.mark.parametrize("mark", ["release", "acquire"])
def test_the_message_is_a_release_and_an_acquire(mark: str) -> None:
    text = LOOKED.format(update="", reader="want = settled(x)\na = READ_ONCE(x)")
    with _without(mark):  # type: ignore[attr-defined]
        found = verdicts(text)
    assert not isinstance(found, str)
    assert found["ok"] == "REFUTED"


def test_a_lane_is_told_what_the_update_wrote_last() -> None:
    found = results(
        LOOKED.format(
            update="WRITE_ONCE(x, fresh)",
            reader="""want = settled(x)
    a = READ_ONCE(y)""",
        )
    )
    assert not isinstance(found, str)
    assert found["ok"].verdict.value == "REFUTED"
    assert found["ok"].account is not None
    told_of = [effect for step in found["ok"].account.steps for effect in step.effects]
    assert "is told of fresh2, from update0:6" in told_of


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("assume want == 0", "a greater one does not only refute"),
        ("here: assert want >= a", "a greater one does not only refute"),
        ("here: assert !(a >= want)", "a greater one does not only refute"),
        ("here: assert want == a || a != want", "a greater one does not only refute"),
        ("never_settled = settled(z)\nhere: assert a >= never_settled", "other lanes than updates"),
        ("both = settled(x + 1)\nhere: assert a >= both", "more than what one place holds"),
    ],
)
def test_what_a_lane_was_told_of_is_used_where_more_can_only_refute(line: str, reason: str) -> None:
    reader = f"want = settled(x)\na = READ_ONCE(z)\nWRITE_ONCE(z, 1)\n{line}"
    text = LOOKED.format(update="", reader=reader).replace("shared y", "shared z = 0\nshared y")
    found = verdicts(text.replace("fresh", "1"))
    assert isinstance(found, str)
    assert reason in found


@pytest.mark.parametrize("chunk", long_but((0,), range(20)))
def test_under_sc_a_lane_is_told_what_the_explorer_says(chunk: int) -> None:
    compared = 0
    for seed in range(chunk * 10, chunk * 10 + 10):
        able = supported(checked(told(seed)))  # type: ignore[arg-type]
        assert not isinstance(able, Diagnostic), able
        found = weak_sc.differences(able, STATES)
        if found is not None:
            assert list(found) == [], f"seed {seed}\n{told(seed)}"
            compared += 1
    assert compared


@pytest.mark.parametrize("seed", long_but((0,), range(20)))
def test_asking_changes_nothing_else(seed: int) -> None:
    """What is told is memory of its own: no other verdict depends on it."""
    text = told(seed)
    silent = "\n".join(line for line in text.splitlines() if "want" not in line)
    claims = ("never zero: x == 0 when y != 0 settled", "never torn: x != y always")
    for claim in claims:
        found = [verdicts(one.replace(claims[0], claim)) for one in (text, silent)]
        assert all(isinstance(one, dict) for one in found), found
        kept = [{k: v for k, v in one.items() if k != "ok"} for one in found]  # type: ignore[union-attr]
        assert kept[0] == kept[1], text
