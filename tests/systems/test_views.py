"""What one lane of a kind sees: shown for any number of lanes, compared with three of them."""

from functools import cache
from typing import Any
from unittest.mock import patch

import pytest

from smtmodel.encoding.certificate import HEAD, SEEN, ClaimedInvariant, UnreadableError
from smtmodel.executions.explore import explore
from smtmodel.language.checked import Checked
from smtmodel.solving.effort import LARGE, Effort
from smtmodel.solving.result import Unbounded
from smtmodel.solving.strengthen import NotFoundError, Strengthening
from smtmodel.solving.unbounded import claim_checked, decided, shown
from smtmodel.source.record import replace
from smtmodel.systems import interference, views
from smtmodel.systems.arithmetic import WHOLE, equal, variable
from smtmodel.systems.canonical import canon
from smtmodel.systems.classes import classes_of
from smtmodel.systems.close import Closed, close
from smtmodel.systems.groups import Grouping, unbounded
from smtmodel.systems.invariant import Invariant, claimed
from smtmodel.systems.system import System
from smtmodel.systems.views import NotSeen, Views, views_of
from tests.support import certified
from tests.support.examples import checked, shipped
from tests.support.lengths import long_but
from tests.support.random_coupled import text
from tests.support.seen_lanes import ACCOUNT, TRIED, viewed

FEW = replace(LARGE, states=4_000)

DRAWN = """\
protocol drawn
shared x = 0
thread w {
    t = fresh
    x = t
}
thread r {
    o = x
    t = fresh
    newer: assert o < t || o == 0
}
bounds w 1, r 1
"""

CROWD = """\
protocol crowd
shared inside = 0
thread r {
    atomic { inside++ }
    n = inside
    few: assert n <= 2
    atomic { inside-- }
}
never crowded: inside > 2 always
bounds r 2
"""

ROLES = """\
protocol roles
spinlock first
spinlock second
shared a = 0
shared b = 0
thread r {
    role = choose 0..2
    if (role == 0) {
        spin_lock(first)
        a = 1
        a = 0
        spin_unlock(first)
    } else if (role == 1) {
        spin_lock(second)
        b = 1
        b = 0
        spin_unlock(second)
    } else {
        atomic {
            p = a
            q = b
        }
        never_both: assert p == 0 || q == 0
    }
}
bounds r 2
"""


@cache
def _known(protocol: Checked, effort: Effort = FEW) -> dict[str, Unbounded]:
    return dict(shown(protocol, frozenset(one.name for one in protocol.properties), effort))


def _for_any(protocol: Checked, effort: Effort = FEW) -> set[str]:
    """What is shown for any number of lanes of every kind that does not update."""
    bounds = {kind.bound for kind in protocol.kinds if not kind.updates}
    certificates = {name: one.certificate for name, one in _known(protocol, effort).items()}
    return {name for name, one in certificates.items() if one and bounds <= set(one.free)}


def _with_lanes(protocol: Checked, count: int) -> Checked:
    lanes = tuple((name, count) for name, _ in protocol.bounds.lanes)
    return replace(protocol, bounds=replace(protocol.bounds, lanes=lanes))


def _violated(protocol: Checked, lanes: int) -> frozenset[str]:
    many = _with_lanes(protocol, lanes)
    return explore(many, many.bounds, store_buffers=False).violated


def test_coupled_lanes_are_shown_for_any_number() -> None:
    """By views; what is about all of them at once, for as many as there are."""
    known = _known(checked(ACCOUNT))
    assert all(one.proved for one in known.values())
    assert _for_any(checked(ACCOUNT)) == {"more", "kept", "ahead"}
    assert not _violated(checked(ACCOUNT), 3)


def test_tokens_of_lanes_that_meet_are_compared() -> None:
    """The token of the other lane is none that the view of this one shows."""
    assert certified.proved(checked(DRAWN)) == {"newer"}


@pytest.mark.parametrize("content", [CROWD, ROLES, TRIED], ids=["crowd", "roles", "tried"])
def test_what_only_three_lanes_violate_is_shown_for_two(content: str) -> None:
    protocol = checked(content)
    asked = {one.name for one in protocol.properties} - {"deadlock"}
    known = _known(protocol)
    assert all(known[name].proved for name in asked)
    assert not _for_any(protocol)
    assert not _violated(protocol, 2) & asked
    assert _violated(protocol, 3) >= asked


@pytest.mark.parametrize(
    "name",
    long_but(
        (), ["fuse/f7:attr_version", "mmu-notifier/k12:retry", "mmu-notifier/k12b:no_read_barrier"]
    ),
)
def test_shipped_protocols_are_shown_for_any_number(name: str) -> None:
    asked = {"not_older", "older_after_write", "freed_page_mapped", "freed_page_stays"}
    names = {one.name for one in shipped(name).properties}
    assert _for_any(shipped(name), LARGE) == asked & names


# ---------------------------------------------------------------- what is refused

SIDES = """\
protocol sides
rwlock l
shared x = 0
thread r {
    read_lock(l)
    v = x
    read_unlock(l)
    write_lock(l)
    x = 1
    write_unlock(l)
    ok: assert v <= 1
}
bounds r 2
"""

POINTERS = """\
protocol pointers
struct node { data }
shared p: node = { data: 0 }
thread r {
    q = p
    d = q.data
    q.data = 1
    ok: assert d <= 1
}
bounds r 2
"""

ZAPPED = """\
protocol zapped
cache c { g } per r
shared x = 0
thread r {
    e = c
    if (filled(e))
        ok: assert e.g <= x
    c = { g: x }
    x = x + 1
}
update u {
    zap(c)
}
bounds updates 1, r 2
"""

INTERRUPTED = """\
protocol interrupted
shared x = 0
thread r {
    v = x
    x = 1
    ok: assert v <= 1
}
thread irq on r {
    x = 1
}
bounds r 2, irq 1
"""

NUMBERED = """\
protocol numbered
shared x = 0
thread r {
    x = lane
    v = x
    ok: assert v <= 1
}
bounds r 2
"""


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (SIDES, "r lanes take sides of locks"),
        (POINTERS, "r lanes hold pointers"),
        (ZAPPED, "r lanes do not change places"),
        (INTERRUPTED, "r lanes do not change places"),
        (NUMBERED, "nothing but their numbers couples lanes"),
    ],
    ids=["sides", "pointers", "zapped", "interrupted", "numbered"],
)
def test_lanes_that_cannot_be_seen_one_by_one_are_refused(content: str, reason: str) -> None:
    """To empty the caches of all lanes takes an event for each."""
    assert views_of(checked(content)) == NotSeen(reason)


def test_a_step_that_only_a_third_lane_makes_is_noticed() -> None:
    """The systems with two and with three lanes are compared edge by edge."""
    whole = views._system

    def fewer(protocol: Checked) -> System:
        made = whole(protocol)
        lanes = dict(protocol.bounds.lanes)["pay"]
        lost = [one for one in made.edges if lanes == 2 and one.source > 0]
        return replace(
            made,
            edges=tuple(
                one for one in made.edges if one.source not in {edge.source for edge in lost[:1]}
            ),
        )

    with patch.object(views, "_system", fewer):
        known = views_of(checked(ACCOUNT))
    assert known == NotSeen("a step depends on how many lanes there are")


# ---------------------------------------------------------------- what is proved


@pytest.mark.parametrize("seed", long_but(range(4), range(300)))
def test_three_random_lanes_violate_nothing_that_is_shown(seed: int) -> None:
    protocol = checked(text(seed))
    known = {name for name in _for_any(protocol) if name != "deadlock"}
    assert not known & _violated(protocol, 3)


def _search(seen: Views, found: Closed, states: Any) -> Strengthening:
    classes = classes_of(seen.pair)
    cells = (
        one for one in unbounded(seen.pair, classes, found.states) if one[0] not in seen.hidden
    )
    grouping = Grouping(seen.system, frozenset(cells))
    return Strengthening(grouping, classes, states, views=seen)


def _claim(protocol: Checked) -> tuple[Views, Grouping, ClaimedInvariant]:
    seen = viewed(protocol)
    found = close(seen.pair)
    assert isinstance(found, Closed)
    state = canon(seen.system, classes_of(seen.pair)).state
    search = _search(seen, found, dict.fromkeys(map(state, map(list, seen.of(found.states)))))
    names = claimed(seen.system, found.violated)
    return seen, search.grouping, ClaimedInvariant(names, search.prove(frozenset(names)), True)


def test_what_a_lane_sees_that_is_alone_is_not_enough() -> None:
    """What it sees is kept by all that it does itself, and not by what others do."""
    seen = viewed(checked(ACCOUNT))
    alone, both = close(seen.system), close(seen.pair)
    assert isinstance(alone, Closed)
    assert isinstance(both, Closed)
    with pytest.raises(NotFoundError):
        _search(seen, both, alone.states).prove(frozenset({"ahead"}))
    search = _search(seen, both, alone.states)
    search.goals = [one for one in search.goals if one.other is None]
    search.incoming = {
        shape: [one for one in known if one.other is None]
        for shape, known in search.incoming.items()
    }
    claim = ClaimedInvariant(("ahead",), search.prove(frozenset({"ahead"})), True)
    assert decided(search.grouping, claim).proved
    assert not decided(search.grouping, claim, seen).proved


def test_a_clause_that_is_dropped_is_missed() -> None:
    seen, grouping, claim = _claim(checked(ACCOUNT))
    assert decided(grouping, claim, seen).proved
    groups, missed, tried = claim.invariant.clauses, 0, 0
    for shape in groups:
        for clause in list(groups[shape])[:1]:
            rest = {one: None for one in groups[shape] if one != clause}
            weaker = Invariant(claim.invariant.cells, {**groups, shape: rest})
            tried += 1
            missed += not decided(grouping, replace(claim, invariant=weaker), seen).proved
    assert tried > missed > tried // 2  # some follow from others


def test_a_group_that_is_dropped_is_missed() -> None:
    seen, grouping, claim = _claim(checked(ACCOUNT))
    groups = claim.invariant.clauses
    for shape in groups:
        rest = {one: known for one, known in groups.items() if one != shape}
        fewer = replace(claim, invariant=Invariant(claim.invariant.cells, rest))
        assert not decided(grouping, fewer, seen).proved


# ---------------------------------------------------------------- files


def _file(protocol: Checked, name: str) -> str:
    certificate = _known(protocol)[name].certificate
    assert certificate is not None
    return certificate.text


def test_a_file_is_judged_by_the_form_that_it_says() -> None:
    """An invariant of two lanes is none of views, and an invariant of views none of two lanes."""
    crowd, account = checked(CROWD), checked(ACCOUNT)
    two = _file(crowd, "few")
    assert SEEN not in two
    assert all(one.proved for _, one in claim_checked(crowd, two))
    forged = two.replace("(set-logic QF_LIA)", f"(set-logic QF_LIA)\n{SEEN}")
    assert not any(one.proved for _, one in claim_checked(crowd, forged))
    many = _file(account, "ahead")
    assert SEEN in many
    known = dict(claim_checked(account, many))
    assert all("pay" in one.certificate.free for one in known.values() if one.certificate)
    assert all(one.proved for one in known.values())
    plain = dict(claim_checked(account, many.replace(f"{SEEN}\n", "")))
    assert not any(one.certificate and "pay" in one.certificate.free for one in plain.values())


def test_what_a_file_says_of_lanes_that_are_not_seen_is_not_believed() -> None:
    """It would be taken for what is known of another lane, be it only that there is no state."""
    account = checked(ACCOUNT)
    seen = viewed(account)
    number = next(n for n in sorted(seen.hidden) if "now" in seen.system.quantities[n].name)
    lines = _file(account, "ahead").split("\n")
    at = next(n for n, line in enumerate(lines) if line.startswith("(define-fun inv"))
    name, _, body = lines[at].partition(" () Bool ")
    why = "the invariant is not shown: a group says something of lanes that are not seen"
    for more in (body[:-1], f"false {body[:-1]}"):
        lines[at] = f"{name} () Bool (and (= x{number} 0) {more}))"
        known = dict(claim_checked(account, "\n".join(lines)))
        assert {one.reason for one in known.values()} == {why}
    _, grouping, claim = _claim(account)
    (shape, *_), clause = claim.invariant.clauses, equal(variable((number, WHOLE)), 0)
    forged = Invariant(claim.invariant.cells, {shape: {clause: None}})
    reasons = {one.what for one in interference.demands(seen, grouping, forged)}
    assert "a group says something of lanes that are not seen" in reasons


def test_a_file_about_views_of_a_protocol_that_has_none_is_refused() -> None:
    with pytest.raises(UnreadableError):
        list(claim_checked(checked(NUMBERED), f"{HEAD}\n{SEEN}\n"))


def test_views_do_not_decide_what_is_about_all_lanes() -> None:
    assert "deadlock" in dict(viewed(checked(ACCOUNT)).system.undecided)
    ends = ACCOUNT.replace("bounds", "never left: booked != paid finally\nbounds")
    assert "left" in dict(viewed(checked(ends)).system.undecided)
    assert "left" not in _for_any(checked(ends))
