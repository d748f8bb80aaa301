"""The kernel's memory model on executions with answers that its documents give.

The fundamental law of RCU, which says how many grace periods hold how many sections, is checked
on rings and chains of lanes.
"""

from itertools import product

import pytest

from smtmodel.executions.evaluate import Evaluation
from smtmodel.models.lkmm import LKMM
from smtmodel.models.terms import Defined, Model, Recursion, Union
from smtmodel.source.record import parts, replace, rewritten
from tests.support.model_documented import ALLOWED, FORBIDDEN, RAISED
from tests.support.model_lanes import execution


def answer(model: Model, lanes: str) -> tuple[str | None, tuple[str, ...]]:
    """The axiom that forbids it, or the flags that it raises."""
    evaluation = Evaluation(model, execution(lanes))
    axiom = evaluation.broken()
    return axiom, () if axiom else evaluation.flags()


def broken(model: Model, lanes: str) -> str | None:
    return Evaluation(model, execution(lanes)).broken()


@pytest.mark.parametrize("name", FORBIDDEN)
def test_what_the_documents_forbid(name: str) -> None:
    axiom, lanes = FORBIDDEN[name]
    assert broken(LKMM, lanes) == axiom


@pytest.mark.parametrize("name", ALLOWED)
def test_what_the_documents_allow(name: str) -> None:
    assert broken(LKMM, ALLOWED[name]) is None


@pytest.mark.parametrize("axiom", LKMM.axioms, ids=lambda axiom: axiom.name)
def test_every_axiom_forbids_what_no_other_does(axiom: object) -> None:
    without = replace(LKMM, axioms=tuple(a for a in LKMM.axioms if a is not axiom))
    assert any(broken(without, lanes) is None for _, lanes in FORBIDDEN.values())


# ---------------------------------------------------------------- the law of RCU

LANES = {
    "G": "W.once {} 1; F.sync-rcu; R.once {} 0",
    "S": "F.rcu-lock; W.once {} 1; R.once {} 0; F.rcu-unlock",
    "g": "W.once {} 1; G.sync-srcu d; R.once {} 0",
    "s": "a=R.srcu-lock d; W.once {} 1; R.once {} 0; W.srcu-unlock d data:a",
    "F": "W.once {} 1; F.mb; R.once {} 0",
}


def ring(kinds: tuple[str, ...]) -> str:
    """Each lane writes a location and reads that of the next as it was before."""
    places = [f"x{number}" for number in range(len(kinds))]
    nexts = [*places[1:], places[0]]
    lanes = zip(kinds, places, nexts, strict=True)
    return " || ".join(LANES[kind].format(mine, other) for kind, mine, other in lanes)


def lawful(kinds: tuple[str, ...]) -> bool:
    """At least as many grace periods as sections cannot all overtake each other."""
    return sum(kind in "Ss" for kind in kinds) > sum(kind in "Gg" for kind in kinds)


RINGS = [
    kinds
    for length in (2, 3, 4)
    for domain in ("GSF", "gsF")
    for kinds in product(domain, repeat=length)
]


def test_grace_periods_and_sections_are_counted() -> None:
    for kinds in RINGS:
        assert (broken(LKMM, ring(kinds)) is None) == lawful(kinds), kinds


def test_a_domain_counts_for_itself() -> None:
    for kinds in (("G", "s"), ("g", "S"), ("G", "s", "G"), ("g", "s", "S")):
        assert broken(LKMM, ring(kinds)) is None
    for kinds in (("G", "g", "s", "S"), ("g", "s", "G", "S"), ("G", "g")):
        assert broken(LKMM, ring(kinds)) is not None


LINKS = {
    "G": "{} F.sync-rcu; {}",
    "S": "F.rcu-lock; {} {} F.rcu-unlock",
    "g": "{} G.sync-srcu d; {}",
    "s": "a=R.srcu-lock d; {} {} W.srcu-unlock d data:a",
}


def chain(kinds: str, before: str = "W plain 1;", after: str = "R plain 1;") -> str:
    """Each lane reads what the next writes as it was before; the ends access a plain value."""
    lanes = []
    for place, kind in enumerate(kinds):
        first = f"W.once x{place} 1;" if place else before
        last = f"R.once x{place + 1} 0;" if place + 1 < len(kinds) else after
        lanes.append(LINKS[kind].format(first, last))
    return " || ".join(lanes)


CHAINS = [
    *("GS", "SG", "GGS", "GGSS", "SSGG", "GSSG"),
    *("gs", "sg", "ggs", "ggss", "ssgg", "gssg"),
]


@pytest.mark.parametrize("kinds", CHAINS)
def test_grace_periods_order_plain_accesses_over_sections(kinds: str) -> None:
    assert answer(LKMM, chain(kinds)) == (None, ())
    assert answer(LKMM, chain(kinds, after="W plain 2;")) == (None, ())
    assert answer(LKMM, chain(kinds, "R plain 0;", "W plain 1;")) == (None, ())


@pytest.mark.parametrize("kinds", ["SS", "GSS", "SSG", "SGS", "sGs", "gS"])
def test_too_few_grace_periods_order_nothing(kinds: str) -> None:
    assert answer(LKMM, chain(kinds)) == (None, ("data-race",))


# ---------------------------------------------------------------- flags


@pytest.mark.parametrize("lanes", RAISED)
def test_flags(lanes: str) -> None:
    assert answer(LKMM, lanes) == (None, RAISED[lanes])


def test_every_flag_is_raised_by_some_execution() -> None:
    assert {name for names in RAISED.values() for name in names} == {f.name for f in LKMM.flags}


# ---------------------------------------------------------------- each line earns its keep

EVERYTHING = [
    *(lanes for _, lanes in FORBIDDEN.values()),
    *ALLOWED.values(),
    *RAISED,
    *map(chain, CHAINS),
    *(chain(kinds, after="W plain 2;") for kinds in CHAINS),
    *(chain(kinds, "R plain 0;", "W plain 1;") for kinds in CHAINS),
]
LINES = (
    *("mb", "to-w", "to-r", "ppo", "cumul-fence", "rcu-order", "po-unlock-lock-po"),
    *("strong-fence", "nonrw-fence", "fence", "vis", "ww-vis", "wr-vis", "rw-xbstar"),
)
FOLLOWS = {
    ("mb", 1): "what is written over after the read is, as one, after the write",
    ("ppo", 3): "cumul-fence has the same pairs, and prop inside a lane is in hb",
    ("rcu-order", 0): "a grace period is a full barrier too, and pb in rcu-link passes over it",
    ("rcu-order", 1): "likewise",
}
"""Alternatives without which the others say the same, and why."""


def _alternatives(name: str) -> list[tuple[str, int, Union, int]]:
    """The alternatives of a definition, counted through its unions."""
    groups = (d.definitions if isinstance(d, Recursion) else (d,) for d in LKMM.definitions)
    (definition,) = (d for group in groups for d in group if d.name == name)
    unions = [part for part in parts(definition) if isinstance(part, Union)]
    places = [(union, place) for union in unions for place in range(len(union.terms))]
    return [(name, number, *one) for number, one in enumerate(places)]


def _without(name: str, union: Union, place: int) -> Model:
    less = Union((*union.terms[:place], *union.terms[place + 1 :]))

    def changed(part: object) -> object:
        if isinstance(part, Defined):
            mine = part.name == name
            return rewritten(part, lambda x: less if x is union else None) if mine else part
        return None

    return replace(LKMM, definitions=rewritten(LKMM.definitions, changed))


@pytest.fixture(scope="module")
def answers() -> list[tuple[str, object]]:
    return [(lanes, answer(LKMM, lanes)) for lanes in EVERYTHING]


@pytest.mark.parametrize("name", LINES)
def test_every_alternative_earns_its_keep(name: str, answers: list[tuple[str, object]]) -> None:
    idle = [
        (name, number)
        for name, number, union, place in _alternatives(name)
        if all(answer(_without(name, union, place), lanes) == known for lanes, known in answers)
    ]
    assert idle == [one for one in FOLLOWS if one[0] == name]
