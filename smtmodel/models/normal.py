"""Terms in normal form: two models mean the same where their terms have the same.

Takes terms and definitions; gives numbers, equal for equal terms whatever their definitions are
called and however they are grouped. Knows that `|` and `&` have no order and swallow repetition,
that `;` needs no brackets, that to take away is to meet the complement, one after the other if
it is a union. It knows no other law: terms with different numbers may mean the same still.
"""

from collections.abc import Iterable, Mapping

from smtmodel.models import terms
from smtmodel.models.terms import Axiom, Defined, EventSet, Flag, Group, Model, Recursion, Relation

Key = tuple[str | int, ...]
Stated = tuple[str, str, int]
"""The name of an axiom or a flag, its form, the number of its relation."""


class Normal:
    """Numbers for terms; only those of one table can be compared."""

    def __init__(self) -> None:
        self._numbers: dict[Key, int] = {}
        self._keys: list[Key] = []

    def stated(self, model: Model, what: Iterable[Axiom | Flag]) -> frozenset[Stated]:
        """What axioms or flags of a model say."""
        names = self.definitions(model.definitions)
        return frozenset((x.name, x.form.value, self.term(x.relation, names)) for x in what)

    def definitions(self, groups: Iterable[Group]) -> dict[str, int]:
        """The numbers of definitions by their names."""
        names: dict[str, int] = {}
        for group in groups:
            if isinstance(group, Defined):
                names[group.name] = self.term(group.term, names)
            else:
                names |= self._least(group, names)
        return names

    def _least(self, group: Recursion, outside: Mapping[str, int]) -> dict[str, int]:
        """Of a recursion: the terms with numbered places for what is defined in it."""
        inner = dict(outside)
        for place, definition in enumerate(group.definitions):
            inner[definition.name] = self._number("place", place)
        bodies = [self.term(definition.term, inner) for definition in group.definitions]
        return {
            definition.name: self._number("least", place, *bodies)
            for place, definition in enumerate(group.definitions)
        }

    def term(self, term: Relation | EventSet, names: Mapping[str, int]) -> int:
        """The number of a term, with those of what it names."""

        def of(*inner: Relation | EventSet) -> list[int]:
            return [self.term(one, names) for one in inner]

        match term:
            case terms.Events(name):
                return self._number("events", name)
            case terms.Base(name):
                return self._number("base", name)
            case terms.Named(name) | terms.NamedSet(name):
                return names[name]
            case terms.AnyIn(several) | terms.Union(several):
                return self._any(of(*several))
            case terms.AllIn(several):
                return self._all(of(*several))
            case terms.Intersection(left, right):
                return self._all(of(left, right))
            case terms.Except(left, right) | terms.Difference(left, right):
                kept, taken = of(left, right)
                return self._all([kept, *map(self._not, self._spliced("any", [taken]))])
            case terms.Outside(inner) | terms.Complement(inner):
                return self._not(*of(inner))
            case terms.Sequence(left, right):
                return self._number("then", *self._spliced("then", of(left, right)))
            case terms.Star(inner):
                return self._number("optional", self._number("closure", *of(inner)))
            case terms.Product(left, right):
                return self._number("product", *of(left, right))
            case terms.Nested(opening, closing):
                return self._number("nested", *of(opening, closing))
            case (
                terms.Domain(inner)
                | terms.Range(inner)
                | terms.Inverse(inner)
                | terms.Closure(inner)
                | terms.Optional(inner)
                | terms.Identity(inner)
            ):
                return self._number(type(term).__name__.lower(), *of(inner))

    def _any(self, parts: list[int]) -> int:
        kept = sorted(set(self._spliced("any", parts)))
        return kept[0] if len(kept) == 1 else self._number("any", *kept)

    def _all(self, parts: list[int]) -> int:
        kept = sorted(set(self._spliced("all", parts)))
        return kept[0] if len(kept) == 1 else self._number("all", *kept)

    def _not(self, part: int) -> int:
        operator, *inner = self._keys[part]
        if operator == "not":
            return self._inner(inner)[0]
        return self._number("not", part)

    def _spliced(self, operator: str, parts: list[int]) -> list[int]:
        """The parts, and in the place of those that are made with the operator their own."""
        found: list[int] = []
        for part in parts:
            made_with, *inner = self._keys[part]
            found += self._inner(inner) if made_with == operator else [part]
        return found

    def _inner(self, numbers: list[str | int]) -> list[int]:
        return [number for number in numbers if isinstance(number, int)]

    def _number(self, *key: str | int) -> int:
        number = self._numbers.setdefault(key, len(self._keys))
        if number == len(self._keys):
            self._keys.append(key)
        return number
