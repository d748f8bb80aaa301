"""How many lanes an answer is about and how long its runs are, in words.

Takes bounds and what a result says about more lanes than they allow; gives text.
"""

from collections.abc import Iterable, Sequence

from smtmodel.documents.document import CodeSpan, Spans, spans
from smtmodel.executions.trace import Trace
from smtmodel.language.checked import Bounds, Checked, LaneKind
from smtmodel.solving.result import Extent, Run
from smtmodel.source.record import replace


def size_text(run: Run) -> str:
    """How many steps a run takes; and that there may be a shorter one, if there may."""
    size = counted(run.steps, "steps")
    return f"{size} ({run.doubt})" if run.doubt else size


def counted(count: int, name: str) -> str:
    """`1 update`, `2 updates`, `2 vcpu lanes`; a kind called `readers` stays as it is."""
    if count != 1 or name.endswith("s"):
        singular = count == 1 and name in ("updates", "faults", "rounds", "steps")
        return f"{count} {name[:-1] if singular else several(name)}"
    return f"{count} {name} lane"


def ranges(numbers: Sequence[int]) -> list[str]:
    """Numbers in their order, those that follow each other directly as `20-25`; what is there
    twice in a row stands once."""
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        elif not found or found[-1][1] != number:
            found.append([number, number])
    return [str(first) if first == last else f"{first}-{last}" for first, last in found]


def in_words(protocol: Checked, bounds: Bounds, trace: Trace, model: str) -> str:
    """A run as `replay` takes it: `fault0@31 update0@20-25/* fault0@32,34`."""
    from smtmodel import models
    from smtmodel.executions.shorthand import shorthand

    buffers = models.model(model).store_buffers
    lanes = dict(protocol.bounds.lanes) | dict(bounds.lanes)  # some do not run, and are not named
    whole = replace(bounds, lanes=tuple(lanes.items()))
    return " ".join(shorthand(protocol, whole, trace, store_buffers=buffers))


def several(name: str) -> str:
    """`faults`, `vcpu lanes`."""
    return name if name.endswith("s") else f"{name} lanes"


def bound_list(protocol: Checked, bounds: Bounds, extents: tuple[Extent, ...] = ()) -> list[str]:
    """The bounds in words, in the order of the columns."""
    words = _lane_counts(protocol, bounds, extents)
    return [*words, _rounds(protocol, bounds)] if bounds.rounds != 1 else words


def _rounds(protocol: Checked, bounds: Bounds) -> str:
    """The rounds of the lanes that have none of their own."""
    others = any(kind.rounds is not None for kind in running(protocol, bounds))
    return counted(bounds.rounds, "rounds") + (" of the others" if others else "")


def bounds_text(protocol: Checked, bounds: Bounds, extents: tuple[Extent, ...] = ()) -> str:
    """`2 updates and 2 faults`, or where the extents allow it `2 updates and any number of …`."""
    return _joined(bound_list(protocol, bounds, extents))


def scope_text(protocol: Checked, bounds: Bounds, extents: tuple[Extent, ...]) -> str:
    """The same with the rounds of each lane wherever it speaks of any number of lanes."""
    if not any(one.any_number for one in extents):
        return bounds_text(protocol, bounds)
    lanes = _joined(_lane_counts(protocol, bounds, extents))
    own = any(kind.rounds is not None for kind in running(protocol, bounds))
    each = _rounds(protocol, bounds) if own else f"{counted(bounds.rounds, 'rounds')} each"
    return f"{lanes}, {each}"


def _lane_counts(protocol: Checked, bounds: Bounds, extents: tuple[Extent, ...]) -> list[str]:
    free = {one.bound for one in extents if one.any_number}
    return [
        (
            f"any number of {several(kind.bound)}"
            if kind.bound in free
            else counted(bounds.count(kind.bound), kind.bound)
        )
        + ("" if kind.rounds is None else f" of {counted(kind.rounds, 'rounds')}")
        for kind in running(protocol, bounds)
    ]


def running(protocol: Checked, bounds: Bounds) -> list[LaneKind]:
    """The kinds that bounds speak of; those of cases leave out the ones that do not run."""
    names = {name for name, _ in bounds.lanes}
    return [kind for kind in protocol.kinds if kind.updates or kind.bound in names]


def _joined(words: list[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return ", ".join(words[:-1]) + " and " + words[-1]


# ---------------------------------------------------------------- more lanes than the bounds


def lane_lines(bounds: Bounds, extents: Iterable[tuple[Extent, str]]) -> tuple[Spans, ...]:
    """For each kind of lanes, why a proof holds for any number of them, or what couples them; then
    what it is that holds for no more."""
    return tuple(_lane_line(bounds, extent, holding) for extent, holding in extents)


def _lane_line(bounds: Bounds, extent: Extent, holding: str) -> Spans:
    lanes = several(extent.bound)
    if extent.any_number:
        return spans(f"{lanes} are independent: {extent.reason}")
    count = counted(bounds.count(extent.bound), extent.bound)
    if not extent.couplings:
        return spans(
            f"{lanes} are independent, but this is {extent.reason}, so it holds for {count}"
        )
    holds = f"so {holding} for {count}"
    first, *rest = extent.couplings
    more = f" and {counted(len(rest), 'steps')} more" if rest else ""
    if first.where is None:
        return spans(f"{lanes} are coupled: {first.sentence}, {holds}")
    place = f"{first.where.block}:{first.where.span.line}"
    step = CodeSpan(first.where.text)
    return spans(f"{lanes} are coupled by ", step, f" ({place}){more}, {holds}")
