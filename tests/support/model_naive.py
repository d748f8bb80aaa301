"""The terms of models once more, over plain sets of pairs and by their definitions alone."""

import random
from itertools import product

from smtmodel.executions.evaluate import Execution
from smtmodel.models import terms
from smtmodel.models.terms import Base, Events, EventSet, Relation

Pairs = set[tuple[int, int]]
NAMES = ("R", "W", "F")
RELATIONS = ("po", "rf", "loc")


class Naive:
    """A small execution; `po` is that of two lanes, the other relations are any."""

    def __init__(self, chance: random.Random) -> None:
        size = chance.choice((3, 4, 5))
        left_out = chance.randrange(size + 2)
        self.events = {event for event in range(size) if event != left_out}
        numbers = sorted(self.events)
        self.sets = {name: {e for e in numbers if chance.random() < 0.5} for name in NAMES}
        self.relations: dict[str, Pairs] = {
            name: {pair for pair in product(numbers, repeat=2) if chance.random() < 0.3}
            for name in RELATIONS
        }
        lane = {event: chance.randrange(2) for event in numbers}
        every = product(numbers, repeat=2)
        self.relations["po"] = {(a, b) for a, b in every if lane[a] == lane[b] and a < b}

    def execution(self) -> Execution:
        return Execution.of(self.events, self.sets, self.relations)

    def members(self, term: EventSet) -> set[int]:
        match term:
            case Events("All"):
                return self.events
            case Events(name):
                return self.sets[name]
            case terms.AnyIn(sets):
                return {e for e in self.events if any(e in self.members(one) for one in sets)}
            case terms.AllIn(sets):
                return {e for e in self.events if all(e in self.members(one) for one in sets)}
            case terms.Except(kept, removed):
                return {e for e in self.members(kept) if e not in self.members(removed)}
            case terms.Outside(inner):
                return {e for e in self.events if e not in self.members(inner)}
            case terms.Domain(relation):
                return {a for a, _ in self.pairs(relation)}
            case terms.Range(relation):
                return {b for _, b in self.pairs(relation)}
        raise ValueError(term)

    def pairs(self, term: Relation) -> Pairs:
        every = set(product(self.events, repeat=2))
        identity = {(e, e) for e in self.events}
        match term:
            case Base("id"):
                return identity
            case Base(name):
                return self.relations[name]
            case terms.Union(several):
                return {pair for one in several for pair in self.pairs(one)}
            case terms.Intersection(left, right):
                return self.pairs(left) & self.pairs(right)
            case terms.Difference(left, right):
                return self.pairs(left) - self.pairs(right)
            case terms.Sequence(left, right):
                return joined(self.pairs(left), self.pairs(right))
            case terms.Inverse(inner):
                return {(b, a) for a, b in self.pairs(inner)}
            case terms.Closure(inner):
                return closed(self.pairs(inner))
            case terms.Optional(inner):
                return self.pairs(inner) | identity
            case terms.Star(inner):
                return closed(self.pairs(inner)) | identity
            case terms.Complement(inner):
                return every - self.pairs(inner)
            case terms.Identity(inside):
                return {(e, e) for e in self.members(inside)}
            case terms.Product(left_set, right_set):
                return set(product(self.members(left_set), self.members(right_set)))
            case terms.Nested(opening, closing):
                return self.nested(self.members(opening), self.members(closing))
        raise ValueError(term)

    def nested(self, opening: set[int], closing: set[int]) -> Pairs:
        """As the kernel's linux-kernel.bell has it: what is next to each other, again and again."""
        found: Pairs = set()
        po = self.relations["po"]
        while True:
            begins = opening - {a for a, _ in found}
            ends = closing - {b for _, b in found}
            among = {(a, b) for a, b in po if {a, b} <= begins | ends}
            new = {(a, b) for a, b in po if a in begins and b in ends} - joined(among, among)
            if not new:
                return found
            found |= new


def joined(left: Pairs, right: Pairs) -> Pairs:
    return {(a, d) for a, b in left for c, d in right if b == c}


def closed(found: Pairs) -> Pairs:
    while not (longer := joined(found, found)) <= found:
        found = found | longer
    return found


def random_set(chance: random.Random, depth: int) -> EventSet:
    if not depth:
        return Events(chance.choice((*NAMES, "All")))

    def inner() -> EventSet:
        return random_set(chance, depth - 1)

    return chance.choice(
        (
            lambda: terms.AnyIn((inner(), inner())),
            lambda: terms.AllIn((inner(), inner())),
            lambda: terms.Except(inner(), inner()),
            lambda: terms.Outside(inner()),
            lambda: terms.Domain(random_relation(chance, depth - 1)),
            lambda: terms.Range(random_relation(chance, depth - 1)),
        )
    )()


def random_relation(chance: random.Random, depth: int) -> Relation:
    if not depth:
        return Base(chance.choice((*RELATIONS, "id")))

    def inner() -> Relation:
        return random_relation(chance, depth - 1)

    def inside() -> EventSet:
        return random_set(chance, depth - 1)

    return chance.choice(
        (
            lambda: terms.Union((inner(), inner())),
            lambda: terms.Intersection(inner(), inner()),
            lambda: terms.Difference(inner(), inner()),
            lambda: terms.Sequence(inner(), inner()),
            lambda: terms.Sequence(terms.Identity(inside()), inner()),
            lambda: terms.Inverse(inner()),
            lambda: terms.Closure(inner()),
            lambda: terms.Optional(inner()),
            lambda: terms.Star(inner()),
            lambda: terms.Complement(inner()),
            lambda: terms.Identity(inside()),
            lambda: terms.Product(inside(), inside()),
            lambda: terms.Nested(Events("R"), terms.Except(Events("W"), Events("R"))),
        )
    )()
