"""Lanes that stop for good inside a read section: no later grace period ends."""

import pytest

from smtmodel import pipeline
from smtmodel.encoding.forms import EncodingForm
from smtmodel.executions.enumerated import enumerated
from smtmodel.litmus.unroll import unroll
from smtmodel.litmus.written.protocol import WrittenProtocol
from smtmodel.litmus.written.supported import supported
from smtmodel.solving.ends import LitmusQuestions
from smtmodel.solving.result import Limits
from smtmodel.solving.weakly import MODELS
from smtmodel.source import Diagnostic, Text
from smtmodel.source.record import replace
from smtmodel.source.refusal import Refusal
from tests.support.weak import verdicts

READER = """protocol stops
{domain}
shared x = 0
shared z = 0
shared w = 0
thread a {{
    {enter}
    s = READ_ONCE(x)
    smp_rmb()
    r = READ_ONCE(z)
    if (s == 0 && r == 1)
        WRITE_ONCE(w, 1)
    {stop}
    {leave}
}}
thread b {{
    {before}
    WRITE_ONCE(x, 1)
    {wait}
    WRITE_ONCE(z, 1)
    {after}
}}
never late: w == 1 always
bounds a 1, b 1
"""
RCU = {
    "domain": "",
    "enter": "rcu_read_lock()",
    "leave": "rcu_read_unlock()",
    "wait": "synchronize_rcu()",
}
SRCU = {
    "domain": "srcu d\nsrcu other",
    "enter": "cookie = srcu_read_lock(d)",
    "leave": "srcu_read_unlock(d, cookie)",
    "wait": "synchronize_srcu(d)",
}
NESTED = {
    **RCU,
    "enter": "rcu_read_lock()\nrcu_read_lock()",
    "leave": "rcu_read_unlock()\nrcu_read_unlock()",
}
NONE = {"before": "", "after": ""}


@pytest.mark.parametrize("stop", ["", "assume s == 1"])
@pytest.mark.parametrize("words", [RCU, SRCU, NESTED], ids=["rcu", "srcu", "nested"])
def test_a_grace_period_waits_for_a_section_that_is_never_left(
    words: dict[str, str], stop: str
) -> None:
    found = verdicts(READER.format(stop=stop, **words, **NONE))
    assert not isinstance(found, str)
    assert (found["late"], found["data_race"]) == ("PROVED", "PROVED")


def test_a_grace_period_of_another_domain_does_not() -> None:
    words = {**SRCU, "wait": "synchronize_srcu(other)"}
    found = verdicts(READER.format(stop="assume s == 1", **words, **NONE))
    assert not isinstance(found, str)
    assert found["late"] == "REFUTED"


def test_without_what_stands_for_the_end_of_the_section_too_much_would_be_possible(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(WrittenProtocol, "_left_open", lambda written: ())
    found = verdicts(READER.format(stop="assume s == 1", **RCU, **NONE))
    assert not isinstance(found, str)
    assert found["late"] == "REFUTED"


@pytest.mark.parametrize(
    ("words", "late"),
    [(RCU, False), (SRCU, False), ({**SRCU, "wait": "synchronize_srcu(other)"}, True)],
    ids=["rcu", "srcu", "other"],
)
def test_both_forms_and_the_enumeration_say_the_same_of_a_section_that_is_never_left(
    words: dict[str, str], late: bool
) -> None:
    found = pipeline.checked(Text("made.dsl", READER.format(stop="assume s == 1", **words, **NONE)))
    assert not isinstance(found, Refusal), found
    able = supported(found)
    assert not isinstance(able, Diagnostic), able
    written = WrittenProtocol(able)
    for asked in written.violations(able.properties[0]):
        model = replace(MODELS[asked.view], flags=())
        graph = unroll(asked.test)
        for form in EncodingForm:
            questions = LitmusQuestions(asked.test, graph, model, Limits(), form)
            assert (questions.violating() is not None) == late, form
        assert bool(enumerated(asked.test, model, every=False).holding) == late


def test_a_section_may_begin_when_the_grace_period_is_over() -> None:
    found = verdicts("""protocol behind
shared x = 0
shared w = 0
thread a {
    rcu_read_lock()
    r = READ_ONCE(x)
    WRITE_ONCE(w, r)
    assume r == 2
    rcu_read_unlock()
}
thread b {
    synchronize_rcu()
    WRITE_ONCE(x, 1)
}
never seen: w == 1 always
bounds a 1, b 1
""")
    assert not isinstance(found, str)
    assert found["seen"] == "REFUTED"


def test_a_null_pointer_inside_a_section_is_found() -> None:
    found = verdicts("""protocol null
struct s { f }
object o: s = { f: 1 }
rcu p: s = o
thread a {
    rcu_read_lock()
    q = rcu_dereference(p)
    _v = READ_ONCE(q.f)
    rcu_read_unlock()
}
thread b {
    rcu_assign_pointer(p, null)
    synchronize_rcu()
}
reach gone: p == null
bounds a 1, b 1
""")
    assert not isinstance(found, str)
    assert found["null_dereference"] == "REFUTED"
