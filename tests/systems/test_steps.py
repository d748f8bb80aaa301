"""What may be one step of a lane: protocols at which a rule that is too generous loses something.

What a text expects to be refuted is what runs violate, and what closed states violate, whether
events happen together or not.
"""

import pytest

from smtmodel.systems.invariant import claimed
from tests.support import certified, steps
from tests.support.lengths import long, long_but

SOME = list(steps.STEPS)[::4]
"""Those that every run of the tests looks at."""


@pytest.mark.parametrize("title", long_but(SOME, steps.STEPS))
def test_what_runs_violate_is_violated_where_events_happen_together(title: str) -> None:
    protocol = steps.protocol(title)
    wrong = steps.refuted(protocol)
    assert steps.violated(protocol) == wrong
    assert steps.violated(protocol, together=False) == wrong
    assert steps.violated_in_parts(protocol) == wrong
    assert steps.run(protocol) == wrong


@long
@pytest.mark.parametrize("title", list(steps.STEPS)[::2])
def test_what_no_run_violates_is_proved_by_two_solvers(title: str) -> None:
    protocol = steps.protocol(title)
    wanted = claimed(certified.system(protocol), steps.refuted(protocol))
    assert certified.proved(protocol) == set(wanted)
