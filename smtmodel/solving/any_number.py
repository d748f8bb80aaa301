"""What holds for any number of updates and rounds: the question, for those who must not import
the solver.

`any_number` is the work of a job; what it does is in `smtmodel.solving.unbounded`.
"""

from collections.abc import Iterator

from smtmodel.language.checked import Bounds, Checked
from smtmodel.models import Model
from smtmodel.solving.effort import Effort
from smtmodel.solving.result import Limits, Started, Unbounded
from smtmodel.source.record import record


@record
class KnownBeyond:
    """What is known of the property of that name."""

    name: str
    known: Unbounded


def any_number(
    protocol: Checked,
    model: Model,
    bounds: Bounds,
    limits: Limits,
    only: frozenset[str],
    *,
    effort: Effort,
) -> Iterator[Started | KnownBeyond]:
    """What is known of each property of these names; models and bounds do not matter."""
    from smtmodel.solving.unbounded import shown

    yield Started("the same for any number of updates and rounds")
    for name, known in shown(protocol, only, effort):
        yield KnownBeyond(name, known)


def checked_again(
    protocol: Checked,
    model: Model,
    bounds: Bounds,
    limits: Limits,
    only: frozenset[str] | None,
    *,
    text: str,
) -> Iterator[KnownBeyond | str]:
    """What an invariant in a text shows of each property that it claims; a sentence where the text
    has none."""
    from smtmodel.encoding.certificate import UnreadableError
    from smtmodel.solving.unbounded import claim_checked

    try:
        for name, known in claim_checked(protocol, text):
            yield KnownBeyond(name, known)
    except UnreadableError as error:
        yield str(error)
