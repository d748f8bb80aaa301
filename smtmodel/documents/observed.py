"""What is observed of a litmus test, for programs and for pages: a record, and a document of it."""

from collections.abc import Sequence

from smtmodel.documents.communication import pictured_execution
from smtmodel.documents.document import Block, Document, Grid, Say, TextSpan, Title, row, spans
from smtmodel.documents.herd import condition_text, final_state
from smtmodel.litmus.ends import Ends, Forbidden
from smtmodel.litmus.shown import ShownExecution
from smtmodel.source.record import record


@record
class SavedObservation:
    """What is said of one test.

    `frequency` is Never, Sometimes, Always, or Unknown for a `reason`. `claim`: whether what the
    test says is true. `holding` and `failing` are final states at which the condition holds or
    does not: all of them with `states`, else one of each sort. `remark`: how the answer compares
    with the test's own.
    """

    file: str
    name: str
    frequency: str
    reason: str
    condition: str
    claim: bool | None
    holding: tuple[dict[str, str], ...]
    failing: tuple[dict[str, str], ...]
    states: bool
    flags: tuple[str, ...]
    forbidden: tuple[Forbidden, ...]
    remark: str
    shown: ShownExecution | None = None


def observation(file: str, ends: Ends, remark: str = "") -> SavedObservation:
    """The answer about one test."""
    return SavedObservation(
        file,
        ends.test.name,
        ends.frequency.value,
        "",
        f"{ends.test.quantifier.value} ({condition_text(ends.test.condition)})",
        ends.validated,
        tuple(final_state(ends, end) for end in ends.holding),
        tuple(final_state(ends, end) for end in ends.failing),
        ends.all,
        ends.flags,
        ends.forbidding,
        remark,
        ends.shown,
    )


def unknown(file: str, name: str, reason: str) -> SavedObservation:
    """That nothing is known of one."""
    return SavedObservation(file, name, "Unknown", reason, "", None, (), (), False, (), (), "")


def document_of(found: SavedObservation) -> Document:
    """The answer as a page shows it."""
    blocks: list[Block] = [Title(found.frequency, spans(TextSpan(found.name)))]
    blocks += [
        Say(spans(TextSpan(text)), label)
        for label, text in (
            ("Why", found.reason),
            ("Condition", found.condition),
            ("Flags", ", ".join(found.flags)),
            ("Result", found.remark),
        )
        if text
    ]
    if found.states:
        blocks.append(_states(found))
    for one in found.forbidden:
        heading = spans(TextSpan(f"Forbidden {one.why}"))
        rows = [row(*map(TextSpan, (x.event, x.relation, x.meaning))).cells for x in one.cycle]
        heads = tuple(map(spans, ("event", "leads to the next by", "which means")))
        blocks.append(Grid(heading, heads, tuple(rows)) if rows else Say(heading))
        if one.shown is not None and one.cycle:
            blocks.append(pictured_execution(one.shown))
    if found.shown is not None:
        blocks.append(Say(spans(TextSpan("An execution at whose end the condition holds:"))))
        blocks.append(pictured_execution(found.shown))
    return Document("litmus", tuple(blocks))


def _states(found: SavedObservation) -> Grid:
    """The final states, each with whether the condition holds at it."""
    states: Sequence[tuple[dict[str, str], str]] = [
        *((one, "yes") for one in found.holding),
        *((one, "no") for one in found.failing),
    ]
    names = list(states[0][0]) if states else []
    heads = tuple(spans(TextSpan(name)) for name in (*names, "condition"))
    rows = [row(*map(TextSpan, (*one.values(), holds))).cells for one, holds in states]
    return Grid(spans("Final states"), heads, tuple(rows))
