"""The smallest run of a property is the same whatever was asked before about others."""

import pytest

from smtmodel.executions.shortest import NOWHERE, Shortest
from smtmodel.executions.trace import Schedule
from smtmodel.language.checked import Checked
from tests.support.differential import checked
from tests.support.examples import at, shipped
from tests.support.random_protocols import text

LIMITS = (1, 8, 40, 200, 1_000)


def _alone(protocol: Checked, limit: int, *, weak: bool) -> list[Schedule | None]:
    """The runs of all properties, of which each is the first that is asked about."""
    return [
        Shortest(protocol, protocol.bounds, store_buffers=weak).run(item, limit, limit)
        for item in protocol.properties
    ]


def _together(protocol: Checked, limit: int, *, weak: bool) -> list[Schedule | None]:
    """The same, asked from the last to the first, after all of them without that limit."""
    shared = Shortest(protocol, protocol.bounds, store_buffers=weak)
    for item in protocol.properties:
        shared.run(item, LIMITS[-1], LIMITS[-1])
    return [shared.run(item, limit, limit) for item in reversed(protocol.properties)][::-1]


@pytest.mark.parametrize("weak", [False, True], ids=["sc", "tso"])
def test_what_was_asked_before_makes_no_difference(weak: bool) -> None:
    ends: set[type[Schedule] | None] = set()
    for seed in range(4):
        protocol = checked(text(seed, weak=weak), weak=weak)
        assert isinstance(protocol, Checked)
        for limit in LIMITS:
            runs = _alone(protocol, limit, weak=weak)
            assert _together(protocol, limit, weak=weak) == runs, (seed, limit)
            ends |= {None if run is None else type(run) for run in runs if run is not NOWHERE}
    assert ends == {None, Schedule}


def test_no_run_is_known_to_be_none_only_if_all_states_were_looked_at() -> None:
    protocol = shipped("paolo")
    shortest = Shortest(protocol, at(protocol, 1, 1), store_buffers=False)
    (item,) = [one for one in protocol.properties if one.name == "stale_at_any_time"]
    assert shortest.run(item, 50, 50) is None
    assert shortest.run(item, 5_000, 50) is NOWHERE
    assert shortest.run(item, 50, 50) is None
