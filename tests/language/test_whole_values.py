"""`fresh`, `choose`, `copy`, `alloc` and records as the value that a call writes."""

import pytest

from smtmodel.executions.explore import explore
from smtmodel.language.checked import Checked, Store
from smtmodel.language.walk import steps_in
from smtmodel.models import SC, TSO, Model
from tests.support.differential import prover_finals
from tests.support.front import accepted, block, diagnose

VALUES = {
    "WRITE_ONCE(x, fresh)": "v = fresh\nWRITE_ONCE(x, v)",
    "smp_store_release(x, choose 0..2)": "v = choose 0..2\nsmp_store_release(x, v)",
    "WRITE_ONCE(p->data, choose 3..N)": "v = choose 3..N\nWRITE_ONCE(p->data, v)",
    "WRITE_ONCE(w, { gen: x, busy: y })": "v = { gen: x, busy: y }\nWRITE_ONCE(w, v)",
    "q = p\nrcu_assign_pointer(p, copy q)": "q = p\nv = copy q\nrcu_assign_pointer(p, v)",
    "rcu_assign_pointer(p->next, copy p)": "v = copy p\nrcu_assign_pointer(p->next, v)",
    "rcu_assign_pointer(p, alloc node)": "v = alloc node\nrcu_assign_pointer(p, v)",
    "smp_store_mb(x, fresh)": "v = fresh\nsmp_store_mb(x, v)",
    "q = rcu_replace_pointer(p, alloc node)\nx = q.data": (
        "q = rcu_dereference_protected(p)\nv = alloc node\nrcu_assign_pointer(p, v)\nx = q.data"
    ),
}
OTHER = """
const N = 4
fault other {
    x = 7
    q = p
    q.data = 8
    p = copy q
}
bounds faults 1
never unused: x == N always
"""


def _protocol(steps: str) -> Checked:
    return accepted(block(steps, more=OTHER))


@pytest.mark.parametrize("model", [SC, TSO], ids=["sc", "tso"])
@pytest.mark.parametrize("steps", VALUES)
def test_it_means_that_the_value_is_kept_first(steps: str, model: Model) -> None:
    weak = model is TSO
    one, two = (_protocol(text) for text in (steps, VALUES[steps]))
    finals = [explore(each, each.bounds, store_buffers=weak, limit=50_000) for each in (one, two)]
    assert all(each.finished for each in finals)
    assert finals[0].finals == finals[1].finals
    assert prover_finals(one, TSO if weak else SC, one.bounds) == finals[0].finals


@pytest.mark.parametrize("steps", VALUES)
def test_the_report_shows_what_was_written(steps: str) -> None:
    texts = {step.where.text for step in steps_in(_protocol(steps).blocks[0].steps)}
    assert all(text in steps for text in texts)


def test_the_mark_is_that_of_the_call() -> None:
    (step,) = _protocol("WRITE_ONCE(x, fresh)").blocks[0].steps
    assert isinstance(step, Store)
    assert step.mark.value == "once"


REFUSED = {
    "x = xchg(y, fresh)": ("E312", "assign it to a local first"),
    "atomic_add(choose 0..1, x)": ("E312", "assign it to a local first"),
    "WRITE_ONCE(x, alloc node)": ("E302", ""),
    "rcu_assign_pointer(p, fresh)": ("E302", ""),
    "WRITE_ONCE(x, { gen: 1 })": ("E302", ""),
    "WRITE_ONCE(x, alloc nood)": ("E205", "did you mean `node`?"),
    "WRITE_ONCE(x, choose 3..1)": ("E318", ""),
    "WRITE_ONCE(x, srcu_read_lock(d))": ("E509", ""),
    "WRITE_ONCE(x, settled(y))": ("E404", "assign it to a local"),
}


@pytest.mark.parametrize("steps", REFUSED)
def test_what_is_refused_says_why(steps: str) -> None:
    found = [(one.code.name, one.suggestion) for one in diagnose(block(steps))]
    assert found == [REFUSED[steps]]
