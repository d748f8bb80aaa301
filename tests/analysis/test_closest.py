"""The closest call of a proof, for whatever is proved, and why there is none."""

import pytest

from smtmodel.analysis.closest import Absence, absence, closest
from smtmodel.analysis.needed import Attempt, Needs, proved, verdicts
from smtmodel.analysis.variants import variants
from smtmodel.language.check import check
from smtmodel.language.checked import Checked
from smtmodel.language.parse import parse
from smtmodel.models import SC
from smtmodel.solving.result import Limits, Outcome, Result
from smtmodel.source import Text
from smtmodel.source.record import replace
from smtmodel.verdict import Verdict

TEXT = """protocol pair
shared x = 0
shared y = 0
spinlock l
struct node { f }
rcu p: node = { f: 0 }
thread t {
    spin_lock(l)
    x = 1
    y = 1
    spin_unlock(l)
    old = p
    rcu_assign_pointer(p, null)
    synchronize_rcu()
    kfree(old)
}
thread u {
    spin_lock(l)
    a = x
    b = y
    same: assert a == b
    spin_unlock(l)
    rcu_read_lock()
    q = rcu_dereference(p)
    if (q != null)
        z = q.f
    rcu_read_unlock()
}
never seen: u[0].z == 9 finally
never far: x == 5 always
bounds t 1, u 1
"""


@pytest.fixture(scope="module")
def needs() -> Needs:
    text = Text("pair.dsl", TEXT)
    parsed = parse(text)
    assert not isinstance(parsed, tuple)
    base = check(parsed, text)
    assert isinstance(base, Checked)

    def found(protocol: Checked | None) -> tuple[Result, ...]:
        if protocol is None:
            return ()
        made = verdicts(protocol, SC, protocol.bounds, Limits(), None)
        return tuple(one for one in made if isinstance(one, Result))

    outcome = Outcome("sc", base.bounds, None, found(base))
    attempts = tuple(Attempt(one, found(one.protocol)) for one in variants(parsed, text, base, SC))
    return Needs(base, outcome, proved(outcome.results), attempts)


def test_an_assertion_has_a_closest_call(needs: Needs) -> None:
    call = closest(needs, "same")
    assert call is not None
    assert call.without.texts[0] == "spin_lock(l)"
    assert call.followed.stopped.endswith("must wait at `spin_lock(l)`")
    assert not call.followed.violated
    assert absence(needs, "same") is None


def test_a_use_after_free_has_a_closest_call(needs: Needs) -> None:
    call = closest(needs, "use_after_free")
    assert call is not None
    assert not call.followed.violated
    assert absence(needs, "use_after_free") is None


def test_that_nothing_is_needed_is_told_from_what_is_not_known(needs: Needs) -> None:
    assert closest(needs, "far") is None
    assert absence(needs, "far") is Absence.NONE_NEEDED
    assert absence(needs, "deadlock") is Absence.NOT_FOLLOWED
    assert absence(needs, "nobody") is Absence.NOT_ASKED
    first, *rest = needs.attempts
    unknown = tuple(replace(one, verdict=Verdict.UNKNOWN) for one in first.results)
    partly = replace(needs, attempts=(replace(first, results=unknown), *rest))
    assert absence(partly, "far") is Absence.NOT_KNOWN
