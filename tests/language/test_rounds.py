"""A kind of lanes may have rounds of its own; the others have those of all."""

from smtmodel.language.checked import lanes
from smtmodel.solving.bounds import told
from smtmodel.verdict import Verdict
from tests.support.examples import results
from tests.support.front import accepted

TEXT = """protocol rounds

shared x = 0

thread often {
    x++
}

thread once {
    assert x < 9
}

never three: x == 3 finally
bounds often 1 rounds 3, once 2
"""


def test_each_lane_runs_as_often_as_its_kind_says() -> None:
    for text, expected in (
        (TEXT, {"often0": 3, "once0": 1, "once1": 1}),
        (TEXT.replace("once 2", "once 1, rounds 2"), {"often0": 3, "once0": 2}),
        (TEXT.replace(" rounds 3", ""), {"often0": 1, "once0": 1, "once1": 1}),
    ):
        protocol = accepted(text)
        assert {one.name: one.rounds for one in lanes(protocol, protocol.bounds)} == expected


def test_all_of_them_count() -> None:
    _, found = results(accepted(TEXT))
    assert found["three"].verdict is Verdict.REFUTED
    _, found = results(accepted(TEXT.replace("rounds 3", "rounds 2")))
    assert found["three"].verdict is Verdict.PROVED


def test_bounds_are_told_as_a_file_has_them() -> None:
    protocol = accepted(TEXT)
    assert told(protocol, protocol.bounds) == "often 1 rounds 3, once 2"
