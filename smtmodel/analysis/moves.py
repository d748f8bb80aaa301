"""Which steps of a body change places, to see whether a proof leans on their order.

Takes the steps of one body, in a protocol as parsed; gives other orders of them. Steps that
follow each other change places whatever they do; barriers that order nothing under the model
do not count as steps between them. Of two steps that stand further apart, with at most `BETWEEN`
others between them, the later one comes first if no local, no place, no lock and no section orders
them: once the earlier one is put behind it, with what needs that, and once it is put before the
earlier one, with what it needs. No step passes one at which it would have to stay.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from smtmodel.analysis.claims import Claims
from smtmodel.analysis.dependencies import Pairs, dependencies
from smtmodel.analysis.editing import WithSteps
from smtmodel.language import ast
from smtmodel.language.primitives import PRIMITIVES, Fencing
from smtmodel.models import Model
from smtmodel.source.record import record, replace

BETWEEN = 3
"""How many steps may stand between two whose order is tried."""


@record
class Moved:
    """Another order of the steps of a body, as their indices in the text.

    `moved` are those that are put before or behind the others, `past` the one that they are put
    next to. `turned` are the pairs that change places, the step that was first before the other.
    """

    order: tuple[int, ...]
    moved: tuple[int, ...]
    past: int
    turned: Pairs

    @property
    def is_later(self) -> bool:
        """Whether what is moved comes later than it did."""
        return self.moved[0] < self.past


def is_idle(step: ast.Step, model: Model) -> bool:
    """Whether a step is a barrier that orders nothing under the model."""
    match step:
        case ast.Do(call=ast.Call(name=name)):
            return isinstance(PRIMITIVES.get(name), Fencing) and name in model.idle
        case _:
            return False


class Moves:
    """The other orders of the bodies of a protocol under a model."""

    def __init__(self, protocol: ast.Protocol, model: Model) -> None:
        self.protocol = protocol
        self.model = model
        self.claims = Claims(protocol)

    def of(self, block: WithSteps, body: tuple[ast.Step, ...]) -> Iterator[Moved]:
        """The orders of a body of this block, each once; neighbours first."""
        steps = [place for place, step in enumerate(body) if not is_idle(step, self.model)]
        for first, second in pairwise(steps):
            if self._may_swap(body[first], body[second]):
                yield _exchanged(len(body), first, second)
        depends = dependencies(self.protocol, replace(block, steps=body))
        seen: set[tuple[int, ...]] = set()
        for apart in range(2, BETWEEN + 2):
            for first, second in zip(steps, steps[apart:], strict=False):
                span = steps[steps.index(first) : steps.index(second) + 1]
                for moved in _apart(len(body), span, depends):
                    if moved.order not in seen:
                        seen.add(moved.order)
                        yield moved

    def _may_swap(self, first: ast.Step, second: ast.Step) -> bool:
        ends = ast.Return | ast.Yield | ast.Break
        fixed = isinstance(first, ends) or isinstance(second, ends)
        claimed = self.claims.has(first) or self.claims.has(second)
        return not fixed and not claimed and first != second


def _exchanged(size: int, first: int, second: int) -> Moved:
    """Two steps between which nothing has an effect."""
    order = list(range(size))
    order[first], order[second] = second, first
    return Moved(tuple(order), (first,), second, frozenset({(first, second)}))


def _apart(size: int, span: Sequence[int], depends: Pairs) -> Iterator[Moved]:
    """Both ways to put the last of these steps before the first, if nothing orders the two."""
    first, second = span[0], span[-1]
    needing, needed = {first}, {second}
    for step in span[1:]:
        needing |= {step} if any((one, step) in depends for one in needing) else set()
    for step in reversed(span[:-1]):
        needed |= {step} if any((step, one) in depends for one in needed) else set()
    if second in needing:
        return
    yield _parted(size, span, needing, sorted(needing), second)
    yield _parted(size, span, {one for one in span if one not in needed}, sorted(needed), first)


def _parted(
    size: int, span: Sequence[int], later: set[int], moved: Sequence[int], past: int
) -> Moved:
    """The order in which some of these steps come after the rest of them."""
    rest = [one for one in range(span[0], span[-1] + 1) if one not in later]
    middle = [*rest, *sorted(later)]
    order = (*range(span[0]), *middle, *range(span[-1] + 1, size))
    sooner = [one for one in span if one not in later]
    turned = frozenset((a, b) for a in later for b in sooner if a < b)
    return Moved(order, tuple(moved), past, turned)
