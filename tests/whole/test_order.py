"""One order for the accesses of a step, in both definitions; and where C leaves it open."""

import pytest

from smtmodel.documents.assumptions import trusted
from smtmodel.documents.document import PlaceSpan, text_of
from smtmodel.events.graph import Kind
from smtmodel.events.unroll import unroll
from smtmodel.executions.replay import Replayed, replay
from smtmodel.executions.schedule import Plan, parse_schedule
from smtmodel.language.checked import Checked
from smtmodel.language.unordered import unordered_steps
from tests.support.front import accepted, block

FORMS = (
    ("y = READ_ONCE(x) >= READ_ONCE(a[0])", "x a[0] y"),
    ("assert READ_ONCE(a[0]) <= READ_ONCE(x)", "a[0] x"),
    ("assume x > y || a[0] < 1", "x y a[0]"),
    ("if (x == a[0] - y) return", "x a[0] y"),
    ("a[y] = x", "x y a[0]"),
    ("WRITE_ONCE(a[y], x)", "y x a[0]"),
    ("smp_store_release(a[y], x)", "y x a[0]"),
    ("smp_store_mb(a[y], x)", "y x a[0]"),
    ("y += x", "x y y"),
    ("y -= x + a[0]", "x a[0] y y"),
    ("p->data += x", "x p one.data one.data"),
    ("a[y]++", "y a[0] a[0]"),
    ("p->data--", "p one.data one.data"),
    ("w = { gen: x, busy: y }", "x y w"),
    ("xchg(&p->data, x)", "p x one.data"),
    ("cmpxchg(&p->data, x, y)", "p x y one.data"),
    ("atomic_add(x, &p->data)", "x p one.data"),
    ("atomic_sub(x + y, &a[y])", "x y y a[0]"),
    ("rcu_assign_pointer(p->next, p)", "p p one.next"),
    ("y = a[x] + p->data", "x a[0] p one.data y"),
    ("retry 1 { y = 1 } until (y + x > a[0])", "y y x a[0]"),
)


@pytest.mark.parametrize(("step", "expected"), FORMS)
def test_both_definitions_make_the_accesses_of_a_step_in_one_order(
    step: str, expected: str
) -> None:
    protocol = accepted(block(step))
    assert _unrolled(protocol) == expected.split()
    assert _run(protocol) == expected.split()


def _unrolled(protocol: Checked) -> list[str]:
    """The places of the accesses in the event graph; of those behind a pointer or an index the
    one that is there at the start."""
    graph = unroll(protocol, protocol.bounds)
    names = {"": "a[0]", "data": "one.data", "next": "one.next"}
    return [
        graph.locations[event.address.location].name
        if hasattr(event.address, "location")
        else names[getattr(event.address, "field", "")]
        for event in graph.events
        if event.kind in (Kind.READ, Kind.WRITE, Kind.RMW)
    ]


def _run(protocol: Checked) -> list[str]:
    events = [e for e in unroll(protocol, protocol.bounds).events if not e.is_local]
    plan = parse_schedule(["t0"] * len(events), protocol, protocol.bounds)
    assert isinstance(plan, Plan), plan
    found = replay(protocol, protocol.bounds, store_buffers=False, schedule=plan)
    assert isinstance(found, Replayed), found
    return [one.location.replace("p.", "one.") for one in found.trace.moments if one.location]


def test_the_two_ways_to_write_a_comparison_differ_in_order_alone() -> None:
    """What C leaves open decides here: the verdicts differ, and the report must say so."""
    text = """
        protocol test
        shared x = 0
        shared y = 0
        thread writer {{ x = 1 y = 1 }}
        thread reader {{ assert {condition} }}
        bounds writer 1, reader 1
    """
    for condition in ("READ_ONCE(y) <= READ_ONCE(x)", "READ_ONCE(x) >= READ_ONCE(y)"):
        assert _listed(accepted(text.format(condition=condition))) == [f"assert {condition}"]


# ---------------------------------------------------------------- what C leaves open


def _listed(protocol: Checked) -> list[str]:
    return [where.text for where in unordered_steps(protocol, protocol.bounds)]


def written(step: str, others: str, *, lanes: int = 1) -> Checked:
    """A protocol in which one lane does this step and another lane those."""
    return accepted(f"""
        protocol test
        struct node {{ f, g }}
        object one: node = {{ f: 0, g: 0 }}
        object two: node = {{ f: 0, g: 0 }}
        shared p: node = one
        shared q: node = two
        shared x = 0
        shared y = 0
        shared z = 0
        shared a[2] = 0
        word w {{ m, n }} = {{ m: 0, n: 0 }}
        cache c {{ m, n }} per t
        mutex l
        thread t {{ {step} }}
        thread other {{ {others} }}
        never bad: z == 99 always
        bounds t {lanes}, other 1
    """)


@pytest.mark.parametrize(
    ("step", "others"),
    [
        ("z = x + y", "x = 1 y = 1"),
        ("z = x - x", "x = 1"),
        ("x += y", "x = 1 y = 1"),
        ("p->f = y", "p = q y = 1"),
        ("if (x < y) z = 1", "x = 1 y = 1"),
        ("assert x == 1 || x < y", "x = 1 y = 1"),
        ("xchg(&a[x], y)", "x = 1 y = 1"),
        ("z = p->f + q->g", "p = q r = p r.g = 1"),
        ("w = { m: x, n: y }", "x = 1 y = 1"),
        ("z = atomic_inc_return(&x) + y", "y = 1 z = x"),
        ("smp_store_mb(a[x], y)", "x = 1 y = 1"),
        ("r = p s = copy r q = s", "r = p r.f = 1 r.g = 1"),
        ("r = p s = q copy r into s", "r = p r.f = 1 r.g = 1"),
        ("while 2 (x > y) { z = 1 }", "x = 1 y = 1"),
        ("z = x + a[0]", "x = 1 a[1] = 1"),
        ("r = p z = r.f + x", "r = p kfree(r) x = 1"),
        ("r = p z = r.f + r.g", "n = alloc node p = n n.f = 1 n.g = 1"),
        ("r = p z = r.f + r.g", "n = alloc node n.f = 1 n.g = 1 p = n n.f = 2 n.g = 2"),
    ],
)
def test_a_step_is_listed_whose_order_other_lanes_can_tell(step: str, others: str) -> None:
    assert len(_listed(written(step, others))) == 1


@pytest.mark.parametrize(
    ("step", "others"),
    [
        ("z = x + y", "x = 1"),
        ("z = x + y", "y = 1"),
        ("x += y", "y = 1"),
        ("x++", "x = 1"),
        ("x += 2", "x = 1 y = 1"),
        ("z = p->f", "p = q r = p r.f = 1"),
        ("z = a[x]", "x = 1 a[0] = 1"),
        ("if (x == 1 && y == 1) z = 1", "x = 1 y = 1"),
        ("z = x z = y", "x = 1 y = 1"),
        ("r = x if (r < y) z = 1", "x = 1 y = 1"),
        ("atomic_add(y, &x)", "x = 1 y = 1"),
        ("c = { m: x, n: 0 } z = x", "x = 1 y = 1"),
        ("smp_store_mb(x, y)", "x = 1 y = 1"),
        ("z = atomic_inc_return(&x) + y", "x = 1"),
        ("r = p s = copy r q = s", "r = p r.f = 1"),
        ("r = p z = r.f + r.g", "n = alloc node n.f = 1 n.g = 1 p = n"),
        ("r = p z = r.f + r.g", "r = p n = copy r n.f = r.f + 1 n.g++ p = n n.g = 2"),
    ],
)
def test_a_step_is_not_listed_whose_order_nobody_can_tell(step: str, others: str) -> None:
    assert _listed(written(step, others)) == []


def test_lanes_of_the_same_kind_are_others_if_there_are_several() -> None:
    assert _listed(written("x += y y = 2", "z = 1", lanes=1)) == []
    assert _listed(written("x += y y = 2", "z = 1", lanes=2)) == ["x += y"]


def test_updates_that_run_one_after_another_are_no_others() -> None:
    text = """
        protocol test
        shared x = 0
        shared y = 0
        {how}
        update u {{ x += y y = 2 }}
        never bad: x == 99 always
        bounds updates 2
    """
    assert _listed(accepted(text.format(how=""))) == []
    assert _listed(accepted(text.format(how="updaters 2"))) == ["x += y"]


def test_a_proof_names_the_lines_once_in_what_it_trusts() -> None:
    protocol = written("z = x + y x += y z = x", "x = 1 y = 1")
    places = [
        one.place
        for one in trusted(protocol, protocol.bounds, "sc", "test.dsl")
        if text_of(one.text) == "accesses that C leaves unordered go in one order"
    ]
    assert places == [PlaceSpan("test.dsl", (15,))]
