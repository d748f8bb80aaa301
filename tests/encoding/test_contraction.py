"""What is left out of a clock changes nothing: on random graphs, for every choice of conditions."""

import random
from itertools import product

import pytest

from smtmodel.encoding.components import components
from smtmodel.encoding.contraction import Step, contracted, reduced

VARIABLES = (2, 3)


def random_steps(seed: int) -> list[Step]:
    """Edges between three events and five points, some of them on a condition."""
    choose = random.Random(seed)
    nodes = [*range(3), *(f"point_{n}" for n in range(5))]
    literals = [1, 1, *VARIABLES, *(-one for one in VARIABLES)]
    found: list[Step] = []
    for _ in range(choose.randint(4, 14)):
        first, second = choose.sample(nodes, 2)
        condition = frozenset(choose.choices(literals, k=choose.randint(0, 2)))
        found.append((first, second, condition))
    return found


def acyclic(steps: list[Step], true: set[int]) -> bool:
    edges = [(a, b) for a, b, condition in steps if condition <= true]
    number = components(edges)
    return len(set(number.values())) == len(number) and all(a != b for a, b in edges)


@pytest.mark.parametrize("seed", range(100))
def test_the_same_choices_are_acyclic(seed: int) -> None:
    steps = random_steps(seed)
    fewer = contracted(reduced(steps))
    assert len(fewer) <= len(steps)
    for signs in product((1, -1), repeat=len(VARIABLES)):
        true = {1, *(sign * one for sign, one in zip(signs, VARIABLES, strict=True))}
        assert acyclic(fewer, true) == acyclic(steps, true)


def test_points_that_save_no_edge_are_left_out() -> None:
    nothing = frozenset[int]()
    steps: list[Step] = [(0, "a", frozenset({2})), ("a", "b", nothing), ("b", 1, nothing)]
    assert contracted([*steps, (0, 1, frozenset({3}))]) == [
        (0, 1, frozenset({3})),
        (0, 1, frozenset({2})),
    ]
    assert reduced([(0, 1, nothing), (1, 2, nothing), (0, 2, frozenset({2}))]) == [
        (0, 1, nothing),
        (1, 2, nothing),
    ]
