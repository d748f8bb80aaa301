"""What properties depend on goes on as the whole system does, as far as they can tell."""

from unittest.mock import patch

import pytest

from smtmodel.language.checked import DEADLOCK, USE_AFTER_FREE, Checked
from smtmodel.solving import unbounded
from smtmodel.solving.effort import LARGE
from smtmodel.solving.unbounded import claim_checked, shown
from smtmodel.source.record import replace
from smtmodel.systems import slicing
from smtmodel.systems.close import Closed, TooManyStates, close
from smtmodel.systems.invariant import claimed
from smtmodel.systems.slicing import sliced
from smtmodel.systems.system import System
from smtmodel.systems.translate import system_of
from tests.support import certified, random_frees, random_lanes, random_protocols
from tests.support.examples import checked, shipped

FEW = 400
"""Up to how many states are followed."""

SHIPPED = ("xiao", "rcu/g3:no_grace_period")

WIDE = """\
protocol wide
struct array { generation }
rcu array: array = { generation: 0 }
shared cache entry { tag }
update u {
    old = array
    new = alloc array
    g = old.generation
    new.generation = (g & 4095) + 2
    rcu_assign_pointer(array, new)
    synchronize_rcu()
    kfree(old)
}
thread r {
    e = entry
    rcu_read_lock()
    p = rcu_dereference(array)
    now = p.generation
    if (filled(e))
        fits: assert e.tag != (now & 4095) || e.tag >= 0
    entry = { tag: now & 4095 }
    rcu_read_unlock()
}
bounds updates 2, r 1
"""
"""Its numbers have thousands of residues, its objects do not care."""


def _system(protocol: Checked) -> System | None:
    system = system_of(protocol)
    return system if isinstance(system, System) else None


def _compared(protocol: Checked) -> int:
    """How many properties say the same of the whole system and of their own part."""
    system = _system(protocol)
    whole = None if system is None else close(system, limit=FEW)
    if system is None or not isinstance(whole, Closed):
        return 0
    names = claimed(system, ())
    for name in names:
        part = close(sliced(system, [name]), limit=FEW)
        assert isinstance(part, Closed)
        assert part.violated == whole.violated & {name}, name
        assert len(part.states) <= len(whole.states)
    return len(names)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_part_violates_its_property_where_the_whole_does(name: str) -> None:
    assert _compared(shipped(name)) > 1


@pytest.mark.parametrize("texts", [random_protocols.text, random_lanes.text])
def test_so_it_is_with_random_protocols(texts: object) -> None:
    assert callable(texts)
    assert sum(_compared(checked(texts(seed, weak=False))) for seed in range(6)) > 8


def test_so_it_is_where_objects_are_freed() -> None:
    assert sum(_compared(checked(random_frees.text(seed))) for seed in range(3)) > 7


# ---------------------------------------------------------------- broken on purpose


def test_a_guard_that_matters_is_not_to_be_left_out() -> None:
    """Were any guard left out of which one side is an edge, the reader would not look twice."""
    weakest = patch.object(slicing, "_weakest", lambda known: dict.fromkeys(() for _ in known))
    with weakest, pytest.raises(AssertionError):
        _compared(shipped("xiao"))


def test_a_quantity_that_guards_read_is_not_to_be_forgotten() -> None:
    reads = slicing._read

    def fewer(system: System) -> list[int]:
        """What only places and properties read."""
        return list(reads(slicing.replace(system, edges=())))

    with patch.object(slicing, "_read", fewer), pytest.raises(AssertionError):
        _compared(shipped("xiao"))


def test_the_last_token_is_needed_for_the_next() -> None:
    """Nothing in a step says that the token drawn is the one after the last."""
    system = certified.system(shipped("single-dereference"))
    part = sliced(system, claimed(system, ()))
    assert part.fresh in slicing._needed(part)
    assert any(part.fresh in dict(edge.updates) for edge in part.edges)


UNREAD = """\
protocol unread
struct pair { a, b }
rcu list: pair = { a: 0, b: 0 }
update u {
    old = list
    new = alloc pair
    n = old.a
    new.a = n + 1
    new.b = n
    rcu_assign_pointer(list, new)
    synchronize_rcu()
    kfree(old)
}
thread r {
    rcu_read_lock()
    p = rcu_dereference(list)
    x = p.a
    y = p.a
    same: assert x == y
    rcu_read_unlock()
}
bounds updates 2, r 1
"""


def test_an_invariant_is_read_with_what_is_forgotten_for_its_properties() -> None:
    protocol = checked(UNREAD)
    system = certified.system(protocol)
    assert sliced(system, ["same"]).quantities != system.quantities
    known = _known(protocol, FEW)["same"]
    assert known.certificate is not None
    again = dict(claim_checked(protocol, known.certificate.text))
    assert again["same"].proved


# ---------------------------------------------------------------- too many states


def _known(protocol: Checked, states: int) -> dict[str, unbounded.Unbounded]:
    return dict(
        shown(
            protocol,
            frozenset(one.name for one in protocol.properties),
            replace(LARGE, states=states),
        )
    )


def test_what_needs_no_numbers_is_shown_where_residues_are_too_many() -> None:
    protocol = checked(WIDE)
    system = certified.system(protocol)
    assert isinstance(close(system, limit=300), TooManyStates)
    known = _known(protocol, 300)
    assert known[DEADLOCK].proved
    assert known[USE_AFTER_FREE].proved
    assert known["fits"].reason == "there are more than 300 states"
    certificate = known[USE_AFTER_FREE].certificate
    assert certificate is not None
    assert certificate.clauses == 0
    assert dict(claim_checked(protocol, certificate.text))[USE_AFTER_FREE].proved


def test_what_was_met_before_there_were_too_many_states_is_said() -> None:
    known = _known(shipped("xiao"), 40)
    assert known["stale_at_any_time"].violated
    assert not known["stale_after_return"].violated


def test_a_shape_that_is_left_out_is_noticed() -> None:
    every = unbounded.reached

    def fewer(grouping: object) -> dict[object, None]:
        shapes = dict(every(grouping) or {})  # type: ignore[arg-type]
        shapes.popitem()
        return shapes

    system = certified.system(checked(WIDE))
    part = sliced(system, [USE_AFTER_FREE])
    known = unbounded._whatever_numbers(part, USE_AFTER_FREE)
    assert known is not None
    assert known.proved
    with patch.object(unbounded, "reached", fewer):
        assert unbounded._whatever_numbers(part, USE_AFTER_FREE) is None


def test_what_depends_on_numbers_is_not_shown_without_them() -> None:
    system = certified.system(checked(WIDE))
    assert unbounded._whatever_numbers(sliced(system, ["fits"]), "fits") is None
