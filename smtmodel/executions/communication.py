"""How the accesses of an execution communicate: each read, and the next write after each access.

Takes a candidate; gives pairs of its acts. Initial writes are no acts.
"""

from collections.abc import Iterator
from itertools import pairwise

from smtmodel.executions.candidates import Candidate
from smtmodel.source.record import record

RF, CO, FR = "rf", "co", "fr"


@record
class Communication:
    """From an act to another, by `rf`, `co` or `fr`, at a location."""

    relation: str
    source: int
    target: int
    location: str


def communications(candidate: Candidate) -> Iterator[Communication]:
    """Of `co` and `fr` the next write only: the others follow."""
    acts = candidate.happenings
    following = {
        first: second for order in candidate.orders.values() for first, second in pairwise(order)
    }
    for read, write in candidate.sources.items():
        location = acts[read].act.location or ""
        if write < len(acts):
            yield Communication(RF, write, read, location)
        if write in following:
            yield Communication(FR, read, following[write], location)
    for first, second in following.items():
        if first < len(acts):
            yield Communication(CO, first, second, acts[first].act.location or "")
