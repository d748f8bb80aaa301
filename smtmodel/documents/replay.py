"""A run of the interpreter that somebody asked for: its table, and what it shows.

Takes what `smtmodel.executions.replay` gives; gives lines.
"""

from smtmodel.documents.scope import bounds_text, counted
from smtmodel.documents.table import table_of
from smtmodel.executions.replay import Replayed
from smtmodel.formats.human import IN, Style
from smtmodel.formats.layout import table_lines, wrapped
from smtmodel.language.checked import Checked
from smtmodel.source.record import record


@record
class Shown:
    """What was run: the file's name, the tool's version, the model, the protocol."""

    file: str
    tool: str
    model: str
    protocol: Checked


def run_lines(shown: Shown, run: Replayed, style: Style) -> list[str]:
    """The report about a run."""
    bounds = bounds_text(shown.protocol, shown.protocol.bounds)
    size = counted(run.step_count, "steps")
    head = f"Replay of {shown.file} at {bounds} ({shown.model}): {size}"
    lines = [*wrapped(head, IN, style.width, hard=style.hard, first=""), ""]
    if run.trace.moments:
        lines += [*table_lines(table_of(run.trace), style.width, hard=style.hard), ""]
    told = [_told("violates", name, run) for name in run.violated]
    told += [_told("reaches", name, run) for name in run.reached]
    told.append(_ending(run))
    for text in told:
        lines += wrapped(text, f"{IN}    ", style.width, hard=style.hard, first=IN)
    made = f"smtmodel {shown.tool}, {shown.file} {shown.protocol.text.digest}"
    return [*lines, "", *wrapped(made, IN, style.width, hard=style.hard)]


def _told(verb: str, name: str, run: Replayed) -> str:
    facts = ", ".join(f"{what} == {value}" for what, value in run.facts(name))
    return f"{verb} {name}: {facts}" if facts else f"{verb} {name}"


def _ending(run: Replayed) -> str:
    """How the run ends."""
    if run.complete:
        return "every lane has run to its end"
    return "nothing can go on" if run.over else "the run could go on"
