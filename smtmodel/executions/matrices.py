"""Finite relations as Boolean matrices, each one integer: the pair (a, b) is bit a * width + b.

Union, intersection and difference are then those of bits, and a relation is joined to another by
multiplying: the bits of a column, one in each row, times a row put that row wherever the column has
a bit. Rows are whole bytes, and at least two bits wider than they need be: so a column can be
gathered by a remainder.
"""

from collections.abc import Iterable

from smtmodel.source.bits import bits

Pair = tuple[int, int]
Rows = tuple[int, ...]


def members(events: Iterable[int]) -> int:
    """The set of these events, a bit for each."""
    return sum(1 << event for event in set(events))


def rows(pairs: Iterable[Pair], size: int) -> Rows:
    """For each event below `size` the set of those it is related to."""
    made = [0] * size
    for first, second in pairs:
        made[first] |= 1 << second
    return tuple(made)


class Matrices:
    """All relations over the events below `size`."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._bytes = (size + 9) // 8
        self.width = 8 * self._bytes
        self._row = (1 << size) - 1
        self._starts: dict[int, int] = {}
        self._column = sum(1 << event * self.width for event in range(size))
        self._diagonal = sum(1 << event * (self.width + 1) for event in range(size))

    def joined(self, found: Rows) -> int:
        """The relation of these rows."""
        content = b"".join([row.to_bytes(self._bytes, "little") for row in found])
        return int.from_bytes(content, "little")

    def rows(self, relation: int) -> Rows:
        """The rows of a relation."""
        content = relation.to_bytes(self.size * self._bytes, "little")
        starts = range(0, len(content), self._bytes)
        return tuple([int.from_bytes(content[n : n + self._bytes], "little") for n in starts])

    def identity(self, inside: int) -> int:
        """Each event of a set with itself."""
        return inside * self._column & self._diagonal

    def product(self, firsts: int, seconds: int) -> int:
        """Each event of a set with each of another."""
        starts = self._starts.get(firsts)
        if starts is None:
            starts = sum(1 << event * self.width for event in bits(firsts))
            self._starts[firsts] = starts
        return starts * seconds

    def ending_in(self, inside: int) -> int:
        """Any event with each event of a set."""
        return self._column * inside

    def domain(self, relation: int) -> int:
        """The events from which a pair starts."""
        return sum(1 << event for event, row in enumerate(self.rows(relation)) if row)

    def range(self, relation: int) -> int:
        """The events at which a pair ends."""
        found = 0
        for row in self.rows(relation):
            found |= row
        return found

    def sequence(self, left: int, right: int) -> int:
        """Pairs of the one followed by pairs of the other."""
        found, column, whole, width = 0, self._column, self._row, self.width
        while right:
            row = right & whole
            if row:
                found |= (left & column) * row
            left >>= 1
            right >>= width
        return found

    def closed(self, relation: int) -> int:
        """The transitive closure, by Warshall: through each event in turn."""
        for middle in range(self.size):
            row = relation >> middle * self.width & self._row
            if row:
                relation |= (relation >> middle & self._column) * row
        return relation

    def inverse(self, relation: int) -> int:
        """The pairs the other way round."""
        # To this modulus 2 ** width is 2, so bit a * width of a column becomes bit a.
        modulus = (1 << self.width - 1) - 1
        found = 0
        for event in range(self.size):
            column = relation >> event & self._column
            found |= column % modulus << event * self.width
        return found

    def column(self, relation: int, event: int) -> int:
        """The events from which a relation leads to one."""
        return (relation >> event & self._column) % ((1 << self.width - 1) - 1)

    def irreflexive(self, relation: int) -> bool:
        """Whether no event is related to itself."""
        return not relation & self._diagonal
