"""An execution without a machine as a picture: a column for each lane, arrows for how they
communicate.

Takes what was found; gives a scene. Rows of different lanes are in no order.
"""

from collections.abc import Iterable, Sequence

from smtmodel.documents.document import Picture
from smtmodel.documents.scene import Arrow, ArrowKind, Scene
from smtmodel.documents.table import Table, TableRow
from smtmodel.litmus.shown import ShownExecution, ShownLink
from smtmodel.solving.result import Account

KINDS = {"rf": ArrowKind.READS, "co": ArrowKind.NEXT, "fr": ArrowKind.PAST}
WORDS = {
    "rf": "rf: read by step {}",
    "co": "co: overwritten by step {}",
    "fr": "fr: what it reads is overwritten by step {}",
}
LEGEND = (
    "Steps of different lanes are in no order. Solid arrows: from a write to what reads it (rf), or"
    " to the next write there (co); dashed: from a read to the next write there (fr)."
)
CYCLE = (
    "Solid arrows: from a write to what reads it (rf), and from step to step what the axiom does"
    " not allow: the filled dots, round and round."
)


def pictured_account(account: Account) -> Picture:
    """The execution of a protocol."""
    rows = [(one.lane, one.text, one.effects, one.line) for one in account.steps]
    return Picture(_scene(rows, account.links), LEGEND)


def pictured_execution(found: ShownExecution) -> Picture:
    """The execution of a test, or what an axiom forbids of it."""
    rows = [(one.lane, one.text, (), one.line) for one in found.events]
    if not found.cycle:
        return Picture(_scene(rows, found.links), LEGEND)
    around = {(one.source, one.target) for one in found.cycle}
    reads = [x for x in found.links if x.relation == "rf" and (x.source, x.target) not in around]
    named = frozenset(number for pair in around for number in pair)
    return Picture(_scene(rows, [*reads, *found.cycle], named), CYCLE)


def _scene(
    rows: Sequence[tuple[str, str, tuple[str, ...], int | None]],
    links: Iterable[ShownLink],
    named: frozenset[int] = frozenset(),
) -> Scene:
    found = [one for one in links if one.source != one.target]
    lanes = tuple(dict.fromkeys(lane for lane, *_ in rows))
    shown = tuple(
        TableRow(number + 1, lanes.index(lane), text, (*effects, *_told(number, found)), line)
        for number, (lane, text, effects, line) in enumerate(rows)
    )
    arrows = (Arrow(_kind(x), x.source, x.target, x.what or x.relation) for x in found)
    return Scene(Table(lanes, lanes, shown), (), ((),) * len(shown), tuple(arrows), named)


def _kind(link: ShownLink) -> ArrowKind:
    return KINDS.get(link.relation, ArrowKind.AROUND)


def _told(number: int, links: list[ShownLink]) -> list[str]:
    """To which steps a step leads."""
    return [
        WORDS.get(one.relation, one.relation + ": before step {}").format(one.target + 1)
        for one in links
        if one.source == number
    ]
