"""State that there is once per element, per lane or per object: what its declarations mean."""

import pytest

from smtmodel.executions.layout import lay_out
from smtmodel.executions.values import EMPTY, PointerValue
from smtmodel.verdict import Verdict
from tests.support.examples import checked, results
from tests.support.front import diagnose

FILLED = """protocol filled "what begins filled has a value"
cache own {{ v }} per t = {{ v: 7 }}
shared cache all {{ v }} = {{ v: 1 }}
thread t {{ x = own.v + all.v
    sum: assert x == 8
    {} }}
bounds t 2
"""


def test_elements_and_caches_begin_with_what_is_written() -> None:
    protocol = checked(
        """protocol initial "values of all sorts"
        struct node { data }
        object a: node = { data: 3 }
        shared h[2]: node = { a, null }
        shared n[3] = { 1, -2, 3, }
        ghost g[2] = { 4, 5 }
        cache own { v } = { v: 7 }
        shared cache all { v, w } = { w: 1, v: 2 }
        shared cache none { v }
        thread t { n[0] = 1 }
        never x: n[0] == 9 always
        bounds t 2"""
    )
    memory = lay_out(protocol, protocol.bounds).initial
    pointer = memory[1]
    assert isinstance(pointer, PointerValue)
    assert memory[pointer] == 3
    assert memory[2:13] == (None, 1, -2, 3, 4, 5, (7,), (7,), (2, 1), EMPTY, 3)


def test_a_null_or_a_negative_number_in_a_list_is_seen() -> None:
    protocol = checked(
        """protocol seen "what can go wrong because of an element"
        struct node { data }
        object a: node = { data: 3 }
        shared h[2]: node = { a, null }
        shared n[2] = { 1, -2 }
        thread t { i = choose 0..1
            p = h[i]
            if (p != null || i > 0)
                ok: assert p.data == 3
            j = choose 0..1
            half = n[j] / 2
            fine: assert half == 0 }
        bounds t 1"""
    )
    _, found = results(protocol)
    assert found["null_dereference"].verdict is Verdict.REFUTED
    assert found["negative_operand"].verdict is Verdict.REFUTED


@pytest.mark.parametrize(("more", "code"), [("own = { v: 9 }", ""), ("zap(own)", "E309")])
def test_a_cache_that_begins_filled_has_a_value_unless_it_is_zapped(more: str, code: str) -> None:
    assert {one.code.name for one in diagnose(FILLED.format(more))} == ({code} if code else set())


def test_a_list_is_no_record() -> None:
    (found,) = diagnose("""protocol record "the fields of an entry are named"
        word w { f } = { 0 }
        thread t { w = { f: 1 } }
        never x: w.f == 2 always
        bounds t 1""")
    assert (found.code.name, found.suggestion) == ("E315", "name each field: `{ field: 0 }`")
