"""An execution of a model without a machine as blocks: what each lane does, and what it reads."""

from smtmodel.documents import document as doc
from smtmodel.documents.communication import pictured_account
from smtmodel.documents.document import StepSpan, say, spans
from smtmodel.solving.result import Account, ExecutedStep

HEADING = "The execution, lane by lane; there is no order of all its steps:"


def blocks_of(account: Account, *, scenes: bool) -> tuple[doc.Block, ...]:
    """The steps, and the order of the writes to a location where lanes leave it open; with `scenes`
    a picture too."""
    rows = tuple(map(_row, account.steps))
    told: list[doc.Block] = [doc.Rows(spans(HEADING), rows), *map(say, account.orders)]
    return (*told, pictured_account(account)) if scenes else tuple(told)


def _row(step: ExecutedStep) -> doc.Row:
    cells = (spans(f"{step.lane}:{step.line}"), spans(StepSpan(step.text)))
    return doc.Row(cells, tuple(map(spans, step.effects)))
