"""An invariant proves what it claims and nothing that some number of updates violates."""

from pathlib import Path

import pytest

from smtmodel.encoding.certificate import ClaimedInvariant, UnreadableError, read
from smtmodel.executions.explore import explore
from smtmodel.executions.terms import Immediate
from smtmodel.executions.values import Value
from smtmodel.language.checked import Checked
from smtmodel.source.record import replace
from smtmodel.systems.arithmetic import FALSE, WHOLE, equal, value_of, variable
from smtmodel.systems.canonical import canon
from smtmodel.systems.classes import classes_of
from smtmodel.systems.close import Closed, _Closing
from smtmodel.systems.groups import Grouping, Shape, part, unbounded
from smtmodel.systems.invariant import claimed
from smtmodel.systems.reduction import Drawn, residual
from tests.support import any_number, certified
from tests.support.abstracted import bounded
from tests.support.examples import checked, shipped
from tests.support.lengths import long_but

SMALL = """\
protocol small
shared n = 0
shared m = 0
cache c { g }
update u {
    n = n + 1
    m = n
    n = n + 1
}
thread r {
    e = c
    v = m
    if (filled(e)) {
        old: assert e.g <= v
        half: assert (v & 1) == 1 || v == 0
    }
    c = { g: v }
}
never behind: m > n always
never odd: (n & 1) == 1 settled
bounds updates 2, r 1
"""

TOKENS = """\
protocol tokens
shared t = 0
shared last = 0
shared b: bits 2 = 0
update u {
    k = fresh
    last = t
    t = k
    b = b + 1
}
thread r {
    v = t
    w = t
    grows: assert v <= w || v == 0
    small: assert b < 4
}
never older: last >= t && t != 0 settled
never small_token: t == 7 always
bounds updates 2, r 1
"""

INPUTS = Path(__file__).parents[3] / "shared" / "inputs" / "unbounded"

HOLD = {
    "a1_deadlock_masked": {"odd", "seen"},
    "a2_deadlock_two_waiters": {"odd"},
    "a17_two_lane_invariant": {"low", "three"},
    "a18_fresh_reader": {"mine", "kept", "unwritten_read", "deadlock"},
    "a23_gp_flags": {"ok", "deadlock", "lock_misuse"},
    "a25_views_trip": {"three", "unwritten_read"},
}
"""What holds with as many coupled lanes as the file says, of those whose properties all seem to."""


def _explored(protocol: Checked, updates: int, rounds: int, limit: int) -> frozenset[str]:
    return explore(
        protocol, bounded(protocol, updates, rounds), store_buffers=False, limit=limit
    ).violated


# ---------------------------------------------------------------- what is proved


@pytest.mark.parametrize(
    "name",
    long_but(
        ["single-dereference", "rcu/g3:kfree_rcu"],
        ["xiao", "paolo", "single-dereference", "rcu/g3:kfree_rcu"],
    ),
)
def test_shipped_protocols_are_proved_for_any_number(name: str) -> None:
    protocol = shipped(name)
    stated = {one.name for one in protocol.expectations if one.verdict == "proved"}
    made, one = certified.system(protocol), certified.claim(protocol)
    assert set(one.names) >= stated - {name for name, _ in made.undecided}
    assert one.names
    assert certified.judged(made, one).proved


def test_a_small_protocol_is_proved_by_two_solvers() -> None:
    known = certified.known(checked(SMALL))
    assert {name for name, one in known.items() if one.proved} == {
        *("old", "half", "behind", "odd"),
    }
    certificate = known["behind"].certificate
    assert certificate is not None
    assert [one.split()[0] for one in certificate.checkers] == ["z3", "cvc5"]
    assert certificate.obligations > 10
    assert certificate.free == ("r",)


def test_tokens_are_larger_than_numbers_and_grow() -> None:
    shown = certified.proved(checked(TOKENS))
    assert {"grows", "older", "small_token", "small"} <= shown


@pytest.mark.skipif(not INPUTS.is_dir(), reason="the folder of attacks is not beside this tree")
def test_attacks_prove_nothing_that_more_updates_refute() -> None:
    seen = 0
    for path in sorted(INPUTS.glob("*.dsl")):
        protocol = checked(path.read_text(), path.name)
        known = certified.proved(protocol)
        if path.stem in HOLD:
            assert known == HOLD[path.stem], path.stem
        assert not known & _explored(protocol, 5, 2, 30_000), path.stem
        assert not known & _explored(protocol, 2, 4, 30_000), path.stem
        seen += 1
    assert seen > 15


@pytest.mark.parametrize("first", long_but(range(1), range(10)))
def test_no_run_violates_what_is_shown_of_random_protocols(first: int) -> None:
    """Every tenth seed, the first of them in every run of the tests."""
    found = [any_number.of_seed(seed) for seed in range(first, 400 if first else 60, 10)]
    compared = [one for one in found if one is not None]
    assert [one for one in compared if one.wrong] == []
    assert sum(bool(one.shown) for one in compared) > (10 if first else 1)


# ---------------------------------------------------------------- what is not


def test_what_is_violated_has_no_certificate() -> None:
    """Not even if it is claimed with the invariant that proves the rest."""
    protocol = shipped("seqcount/g1:no_second_check")
    made, one = certified.system(protocol), certified.claim(protocol)
    assert certified.judged(made, one).proved
    violated = certified.closed(made).violated
    assert violated
    for name in violated:
        assert not certified.judged(
            made, ClaimedInvariant((*one.names, name), one.invariant)
        ).proved


def test_a_group_that_is_left_out_is_noticed() -> None:
    protocol = checked(TOKENS)
    made, one = certified.system(protocol), certified.claim(protocol)
    for shape in list(one.invariant.clauses)[::9]:
        left = {other: kept for other, kept in one.invariant.clauses.items() if other != shape}
        assert not certified.judged(made, certified.changed(one, left)).proved


def test_a_clause_that_is_left_out_is_noticed() -> None:
    """Wherever no other clause of the group says the same."""
    protocol = checked(SMALL)
    made, one = certified.system(protocol), certified.claim(protocol)
    pairs = [(shape, c) for shape, known in one.invariant.clauses.items() for c in known]
    chosen = pairs[:: len(pairs) // 12]
    unnoticed = 0
    for shape, clause in chosen:
        weaker = dict(one.invariant.clauses)
        weaker[shape] = {other: None for other in weaker[shape] if other != clause}
        unnoticed += certified.judged(made, certified.changed(one, weaker)).proved
    assert len(chosen) - unnoticed > 3


def test_an_invariant_of_no_clauses_proves_nothing() -> None:
    protocol = checked(SMALL)
    made, one = certified.system(protocol), certified.claim(protocol)
    empty = {shape: {} for shape in one.invariant.clauses}
    assert not certified.judged(made, certified.changed(one, empty)).proved


def test_clauses_that_never_hold_prove_nothing() -> None:
    """No state of a run is in such groups, the first one neither."""
    protocol = checked(SMALL.replace("m > n", "m == n"))
    made, one = certified.system(protocol), certified.claim(protocol)
    assert "behind" not in one.names
    for false in ({FALSE: None}, {equal(variable((made.fresh, WHOLE)), n): None for n in (0, 1)}):
        none = certified.changed(one, dict.fromkeys(one.invariant.clauses, false))
        known = certified.judged(made, replace(none, names=("behind",)))
        assert (
            known.reason == "the invariant is not shown: the initial state is not in the invariant"
        )


def test_a_system_that_begins_elsewhere_is_noticed() -> None:
    protocol = checked(SMALL)
    made, one = certified.system(protocol), certified.claim(protocol)
    number = [known.name for known in made.quantities].index("n")
    changed = list(made.quantities)
    changed[number] = replace(changed[number], initial=1)
    assert not certified.judged(replace(made, quantities=tuple(changed)), one).proved


# ---------------------------------------------------------------- a translation that is wrong


def test_a_dropped_edge_is_noticed() -> None:
    """Where a lane never waits, it must have a step; what is dropped where it may wait or choose,
    the comparison of closed states with those of the machine notices."""
    protocol = checked(SMALL)
    made, one = certified.system(protocol), certified.claim(protocol)
    steps = certified.grouping(made, certified.closed(made))
    steps.know(one.invariant.clauses)
    moves = [move for shape in one.invariant.clauses for move in steps.moves(shape)]
    taken = dict.fromkeys(move.edge for move in moves)
    # what violates something is no loss: the invariant says that it never happens
    sound = [edge for edge in taken if not edge.violates]
    passing = [edge for edge in sound if (edge.lane, edge.source) in made.passing]
    assert len(passing) > 5
    for edge in passing:
        rest = tuple(other for other in made.edges if other != edge)
        assert not certified.judged(replace(made, edges=rest), one).proved, edge


@pytest.mark.parametrize("name", long_but(["single-dereference"], ["single-dereference", "paolo"]))
def test_a_section_that_is_not_recorded_and_guards_that_are_ignored_fail_the_certificate(
    name: str,
) -> None:
    """The invariant of the right system is none of a wrong one."""
    protocol = shipped(name)
    made, one = certified.system(protocol), certified.claim(protocol)
    flags = [n for n, known in enumerate(made.quantities) if " is inside " in known.name]
    zero = Immediate(0)
    forgetful = tuple(
        replace(edge, updates=tuple((n, t) for n, t in edge.updates if n not in flags or t == zero))
        for edge in made.edges
    )
    free = tuple(replace(edge, guards=()) for edge in made.edges)
    assert flags
    assert not certified.judged(replace(made, edges=forgetful), one).proved
    assert not certified.judged(replace(made, edges=free), one).proved


def test_a_modulus_that_is_halved_proves_nothing_wrong() -> None:
    """The abstraction chooses clauses; whether they prove anything is decided without it."""
    protocol = checked(SMALL)
    made = certified.system(protocol)
    classes = tuple(replace(c, modulus=1, exact=0) for c in classes_of(made))
    found = _Closing(made, canon(made, classes)).run(2_000)
    assert isinstance(found, Closed)
    from smtmodel.solving.strengthen import NotFoundError, Strengthening

    grouping = Grouping(made, unbounded(made, classes, found.states))
    names = claimed(made, found.violated)
    try:
        invariant = Strengthening(grouping, classes, found.states).prove(frozenset(names))
    except NotFoundError:
        return
    known = certified.judged(made, ClaimedInvariant(names, invariant))
    assert not known.proved or not set(names) & _explored(protocol, 4, 2, 10_000)


# ---------------------------------------------------------------- the same step, twice


def _instance(shape: Shape, state: list[Value], cells: frozenset[tuple[int, int]]) -> dict:  # type: ignore[type-arg]
    found = {}
    for cell in cells:
        value = residual(part(state, cell))  # type: ignore[arg-type]
        if isinstance(value, Drawn):
            value = value.number
        if isinstance(value, int):
            found[cell] = value
    return found


def _after(closing: _Closing, grouping: Grouping, state: list[Value]) -> set[object]:
    """The states after one edge, by the enumeration: shape and numbers."""
    found: set[object] = set()
    before = closing.drawing(state)
    for move in closing.able(before):
        after = list(before)
        for number, value in move.updates:
            after[number] = value(before)
        after[closing.system.drawn] = closing.system.quantities[closing.system.drawn].initial
        renamed = closing.canon.renamed(after)
        shape, numbers = grouping._parted([residual(value) for value in renamed])
        found.add((shape, tuple(sorted(numbers.items()))))
    return found


@pytest.mark.parametrize("name", ["", "tokens", "single-dereference"])
def test_terms_reduced_to_formulas_say_what_terms_say(name: str) -> None:
    """Every edge from closed states, once as the enumeration follows it, once by formulas."""
    own = {"": SMALL, "tokens": TOKENS}
    protocol = checked(own[name]) if name in own else shipped(name)
    made = certified.system(protocol)
    classes = classes_of(made)
    closing = _Closing(made, canon(made, classes))
    states = list(certified.closed(made).states)
    grouping = Grouping(made, unbounded(made, classes, states))
    grouping.know(map(grouping.shape, states))
    compared = 0
    for state in states[:: max(1, len(states) // 150)]:
        for values in closing.canon.representatives(state):
            shape = grouping.shape(tuple(values))
            numbers = _instance(shape, values, grouping.cells)
            symbolic = {
                (
                    move.target,
                    tuple(sorted((c, value_of(f, numbers)) for c, f in move.numbers.items())),
                )
                for move in grouping.moves(shape)
                if value_of(move.guard, numbers)
            }
            assert symbolic == _after(closing, grouping, values)
            compared += len(symbolic)
    assert compared > 100


# ---------------------------------------------------------------- reading


def test_an_invariant_is_read_back_as_it_was_written() -> None:
    protocol = checked(SMALL)
    made, one = certified.system(protocol), certified.claim(protocol)
    certificate = certified.judged(made, one).certificate
    assert certificate is not None
    assert read(made, certificate.text) == (one,)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "; something else",
        "; an invariant of smtmodel\n(define-fun",
        '; an invariant of smtmodel\n(set-info :quantities "a|b")',
        '; an invariant of smtmodel\n(set-info :group "zero")',
        '; an invariant of smtmodel\n(set-info :group "")(define-fun f () Bool (mod x0 0))',
        *(
            f'; an invariant of smtmodel\n(set-info :group "")(define-fun f () Bool {clause})'
            for clause in ("(not 0)", "x0", "(and x0)", "(= (< x0 1) 2)", "(ite x0 1 2)", "(not)")
        ),
    ],
)
def test_what_is_no_invariant_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError):
        read(certified.system(checked(SMALL)), text)


@pytest.mark.parametrize(
    "clause", ["(< (mod {} (- 3)) 0)", "(= (div {} (- 3)) (- 1))", "(* {} {})"]
)
def test_clauses_have_no_divisors_but_positive_constants(clause: str) -> None:
    """Of a number that is known, as at the start, the first two could hold; of none that solvers
    are asked about do they."""
    protocol = checked(SMALL)
    made = certified.system(protocol)
    certificate = certified.judged(made, certified.claim(protocol)).certificate
    assert certificate is not None
    number = f"(+ x{made.fresh} 1)"
    forged = f"(define-fun inv0 () Bool {clause.format(number, number)})"
    lines = certificate.text.splitlines()
    texts = [forged if one.startswith("(define-fun inv0 ") else one for one in lines]
    assert forged in texts
    with pytest.raises(UnreadableError):
        read(made, "\n".join(texts))
