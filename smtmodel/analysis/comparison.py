"""Two versions of a protocol: what they share, and what differs.

Takes two checked protocols; gives the differences of their steps, block by block, of what they
declare and of what they state, and the bounds at which both can be decided. Decides nothing.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher

from smtmodel.executions.trace import numbers
from smtmodel.language import ast
from smtmodel.language.checked import (
    Assert,
    Asserted,
    Block,
    Bounds,
    BuiltIn,
    Checked,
    Property,
    ReachStep,
    Step,
    Where,
)
from smtmodel.language.quote import quotes
from smtmodel.language.walk import steps_in
from smtmodel.solving.result import Place, Run
from smtmodel.source import Span, Text
from smtmodel.source.record import parts, record, replace


@record
class Changed:
    """A step of one version or of both: `old` is None where it was added, `new` where it was
    removed; both are given where its text changed."""

    block: str
    old: Where | None
    new: Where | None


@record
class Steps:
    """How the steps of two versions correspond: `same` has the numbers of those of the old
    version and of the new one, changed ones included; `blocks` the names of the blocks."""

    same: tuple[tuple[int, int], ...]
    changed: tuple[Changed, ...]
    blocks: tuple[tuple[str, str], ...] = ()


def corresponding(old: Checked, new: Checked) -> Steps:
    """Which steps are the same in both; blocks of one name correspond, or the only ones left.

    Of two variants of one text the steps that stand at one place are the same, and only what is
    between them is compared by what it says.
    """
    one_text = old.text == new.text
    same: list[tuple[int, int]] = []
    changed: list[Changed] = []
    blocks: list[tuple[str, str]] = []
    for before, after in _blocks(old, new):
        own, more = _pairs(before, after, one_text=one_text)
        same += own
        changed += more
        if before is not None and after is not None:
            blocks.append((before.name, after.name))
    return Steps(tuple(same), _written(changed), tuple(blocks))


def _written(changed: list[Changed]) -> tuple[Changed, ...]:
    """The changes as they are written: the steps that one call stands for are one change."""
    found: dict[object, Changed] = {}
    for one in changed:
        found.setdefault((one.old and one.old.span, one.new and one.new.span), one)
    return tuple(found.values())


def _blocks(old: Checked, new: Checked) -> list[tuple[Block | None, Block | None]]:
    names = {block.name for block in new.blocks}
    left = [block for block in old.blocks if block.name not in names]
    kept = {block.name: block for block in old.blocks if block.name in names}
    found: list[tuple[Block | None, Block | None]] = []
    for block in new.blocks:
        partner = kept.get(block.name)
        alike = [one for one in left if one.kind is block.kind]
        if partner is None and len(alike) == 1:
            partner = alike[0]
            left.remove(partner)
        found.append((partner, block))
    return found + [(block, None) for block in left]


def _steps(block: Block | None) -> list[Where]:
    """The steps of a block in the order of the text, each once."""
    found = {part.number: part for part in parts(block) if isinstance(part, Where)}
    return [found[number] for number in sorted(found)]


def _pairs(
    before: Block | None, after: Block | None, *, one_text: bool
) -> tuple[list[tuple[int, int]], list[Changed]]:
    old, new = _steps(before), _steps(after)
    name = after.name if after is not None else before.name if before is not None else ""
    anchors = _anchors(old, new) if one_text else []
    same: list[tuple[int, int]] = []
    changed: list[Changed] = []
    begin = 0, 0
    for a, b in [*anchors, (len(old), len(new))]:
        own, more = _matched(old[begin[0] : a], new[begin[1] : b], name)
        same += own
        changed += more
        same += [(old[a].number, new[b].number)] if a < len(old) else []
        begin = a + 1, b + 1
    return same, changed


def _anchors(old: list[Where], new: list[Where]) -> list[tuple[int, int]]:
    """Where the steps that stand at one place of a text are among those of its variants."""
    there = {place: number for number, place in enumerate(_places(new))}
    return [(n, there[place]) for n, place in enumerate(_places(old)) if place in there]


def _places(steps: list[Where]) -> Iterator[object]:
    """Where the steps stand, and of those that one call makes also which it is."""
    count: Counter[Span] = Counter()
    for step in steps:
        yield step.span, count[step.span]
        count[step.span] += 1


def _matched(
    old: list[Where], new: list[Where], name: str
) -> tuple[list[tuple[int, int]], list[Changed]]:
    """Which steps of a block, or of a part of it, are the same by their texts."""
    same: list[tuple[int, int]] = []
    changed: list[Changed] = []
    matcher = SequenceMatcher(None, [w.text for w in old], [w.text for w in new], autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            same += [(x.number, y.number) for x, y in zip(old[a:b], new[c:d], strict=True)]
        else:
            partners = _alike(old[a:b], new[c:d])
            same += [(x.number, y.number) for x, y in partners]
            kept = {y.number for _, y in partners}
            changed += [Changed(name, x, dict(partners).get(x)) for x in old[a:b]]
            changed += [Changed(name, None, y) for y in new[c:d] if y.number not in kept]
    return same, changed


def _alike(old: list[Where], new: list[Where]) -> list[tuple[Where, Where]]:
    """The steps that took each other's place: all of as many, else those that assign the same."""
    if len(old) == len(new):
        return list(zip(old, new, strict=True))
    found: list[tuple[Where, Where]] = []
    left = list(new)
    for step in old:
        for place, other in enumerate(left):
            target = step.text.partition(" = ")[0]
            if target != step.text and target == other.text.partition(" = ")[0]:
                found.append((step, other))
                left = left[place + 1 :]
                break
    return found


# ---------------------------------------------------------------- what is declared and stated


@record
class Line:
    """A declaration or a property on one line, and the line of the text where it begins."""

    line: int
    text: str


@record
class Restated:
    """A property of one name in both versions that does not say the same in both."""

    name: str
    old: Line
    new: Line


def declarations(
    old: ast.Protocol, before: Text, new: ast.Protocol, after: Text
) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """What only the old version declares, and what only the new one does; no steps, properties,
    bounds and expectations."""
    lines = [_declared(*one) for one in ((old, before), (new, after))]
    texts = [{one.text for one in found} for found in lines]
    return (
        tuple(one for one in lines[0] if one.text not in texts[1]),
        tuple(one for one in lines[1] if one.text not in texts[0]),
    )


def _declared(protocol: ast.Protocol, text: Text) -> list[Line]:
    spoken = quotes(text)
    others = (ast.Block, ast.Never, ast.Reach, ast.Bounds, ast.Expect)
    items = [item for item in protocol.items if not isinstance(item, others)]
    return [Line(item.span.line, spoken.at(item.span)) for item in items]


def restated(old: Checked, new: Checked) -> tuple[Restated, ...]:
    """The properties of which only the name is the same; those of the language never change."""
    before = {one.name: one for one in old.properties}
    found: list[Restated] = []
    for item in new.properties:
        other = before.get(item.name)
        if other is None or isinstance(item, BuiltIn):
            continue
        if _says(old, other) != _says(new, item):
            found.append(Restated(item.name, _stated(old, other), _stated(new, item)))
    return tuple(found)


def renamed(old: Checked, new: Checked) -> tuple[tuple[str, str], ...]:
    """The properties of which only the name is another: that of the old version, and the new."""
    names = [{one.name for one in version.properties} for version in (old, new)]
    left = [one for one in old.properties if one.name not in names[1]]
    found: list[tuple[str, str]] = []
    for item in new.properties:
        same = [one for one in left if _says(old, one) == _says(new, item)]
        if item.name not in names[0] and same:
            found.append((same[0].name, item.name))
            left.remove(same[0])
    return tuple(found)


def _says(protocol: Checked, item: Property) -> object:
    """What a property says: the same for two that differ in their names and places alone."""
    if isinstance(item, Asserted):
        return next(
            one.condition
            for one in steps_of(protocol)
            if isinstance(one, Assert) and one.where.number in item.steps
        )
    if isinstance(item, ReachStep):
        where = next(one.where for one in steps_of(protocol) if one.where.number in item.steps)
        return where.block, where.label, where.text
    return replace(item, name="")


def _stated(protocol: Checked, item: Property) -> Line:
    if isinstance(item, Asserted):
        where = next(one.where for one in steps_of(protocol) if one.where.number in item.steps)
        return Line(where.span.line, where.text)
    return Line(item.span.line, quotes(protocol.text).at(item.span))


def steps_of(protocol: Checked) -> Iterator[Step]:
    """All steps of all blocks."""
    for block in protocol.blocks:
        yield from steps_in(block.steps)


# ---------------------------------------------------------------- bounds


def common_bounds(old: Checked, new: Checked) -> tuple[Bounds, Bounds]:
    """The bounds of both versions made the same, of each kind of lanes that both have the larger
    number; a kind that only one has keeps its own."""
    rounds = max(old.bounds.rounds, new.bounds.rounds)
    both = _updating(old) and _updating(new)
    most = max(old.bounds.updates, new.bounds.updates)
    counts = dict(old.bounds.lanes)
    for bound, count in new.bounds.lanes:
        counts[bound] = max(count, counts.get(bound, 0))

    def made(own: Bounds) -> Bounds:
        lanes = tuple((bound, counts[bound]) for bound, _ in own.lanes)
        return Bounds(most if both else own.updates, lanes, rounds)

    return made(old.bounds), made(new.bounds)


def only_lanes(one: Checked, other: Checked) -> tuple[str, ...]:
    """The kinds of lanes, by their bounds, that one version has and the other has not."""
    known = {kind.bound for kind in other.kinds}
    return tuple(
        kind.bound
        for kind in one.kinds
        if kind.bound not in known and one.bounds.count(kind.bound) > 0
    )


def _updating(protocol: Checked) -> bool:
    return any(kind.updates for kind in protocol.kinds)


Side = tuple[int | None, str]
"""Of an order the number of the step, and words for one of its events; None for the begin and the
return of an update."""


def orders_at_fault(
    run: Run, renumbered: Mapping[int, int] | None = None
) -> frozenset[tuple[Side, Side]] | None:
    """The orders that force a run, lanes apart; None if they are not known.

    With `renumbered` the steps have the numbers of another version, and those that are not there
    have negative ones.
    """
    if run.why is None or run.why.paths:
        return None

    def side(place: Place) -> Side:
        number = _step_of(run, place)
        if number is None or renumbered is None:
            return number, place.part
        return renumbered.get(number, -1 - number), place.part

    return frozenset((side(first), side(second)) for first, second in run.why.facts)


def _step_of(run: Run, place: Place) -> int | None:
    """The number of the step that a place in a run is; None if it is none."""
    rows = zip(run.trace.moments, numbers(run.trace.moments), strict=True)
    for moment, row in rows:
        step = moment.where
        if step is None or moment.lane != place.lane:
            continue
        if row == place.number if place.number is not None else step.text == place.text:
            return step.number
    return None
