"""A document for people: for a terminal, a pipe or, narrower and plainer, a mail.

Takes a `Document`; gives lines. Nothing is said by colour alone.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import assert_never

from smtmodel.documents import document as doc
from smtmodel.documents.document import script_line, spans, text_of
from smtmodel.documents.plain import command, plain
from smtmodel.documents.versions import versions_line
from smtmodel.formats.layout import hung, listing, table_lines, wrapped
from smtmodel.source.record import record, replace
from smtmodel.source.refusal import Refusal
from smtmodel.verdict import Verdict

COLORS = {
    Verdict.PROVED: "\x1b[32m",
    Verdict.REFUTED: "\x1b[31m",
    Verdict.VACUOUS: "\x1b[33m",
    Verdict.UNKNOWN: "\x1b[33m",
}
RESET = "\x1b[0m"
IN = " " * 5
STEP = "  "


@record
class Style:
    """How wide, whether the width is a law (`hard`), and whether there is colour.

    With `whole` the law does not hold for the lines that scripts look for.
    """

    width: int = 100
    hard: bool = False
    color: bool = False
    whole: bool = False

    def lines(self, text: str, indent: str, first: str | None = None) -> list[str]:
        """A text in lines, which are broken only where the width is a law."""
        return wrapped(text, indent, self.width, hard=self.hard, first=first)

    def broken(self, text: str, indent: str, first: str | None = None) -> list[str]:
        """A text in lines that keep to the width in any case."""
        return wrapped(text, indent, self.width, hard=True, first=first)

    def commands(self, words: Sequence[str], indent: str, first: str) -> list[str]:
        """A command in lines that a shell takes as one."""
        text = command(words)
        return wrapped(text, indent, self.width, hard=self.hard, first=first, end=" \\")

    def paint(self, verdict: Verdict) -> str:
        """The word of a verdict."""
        word = verdict.value
        return f"{COLORS[verdict]}{word}{RESET}" if self.color else word


def lines_of(document: doc.Document, style: Style, *, quiet: bool = False) -> list[str]:
    """The whole document; with `quiet` only the lines that scripts look for."""
    if quiet:
        return [line for one in _within(document) for line in _results(one.results, style)]
    lines: list[str] = []
    for block in document.blocks:
        lines += [*block_lines(block, style), ""]
    if document.versions is not None:
        lines += style.broken(versions_line(document.versions), IN)
        lines += [""] if document.results else []
    lines += _results(document.results, style)
    for part in document.parts:
        lines += lines_of(part, style)
        lines += [""] if part.results else []
    return lines


def _within(document: doc.Document) -> Iterator[doc.Document]:
    """The document and all documents in it."""
    yield document
    for part in document.parts:
        yield from _within(part)


def _results(results: Sequence[doc.ScriptLine], style: Style) -> Iterator[str]:
    for line in results:
        hard = style.hard and not style.whole
        first, *rest = wrapped(script_line(line), "  ", style.width, hard=hard, first="")
        yield _painted(first, line.verdict, style) if isinstance(line, doc.ResultLine) else first
        yield from rest


def _painted(line: str, verdict: Verdict, style: Style) -> str:
    """The line with its verdict in colour."""
    return line.replace(f" {verdict.value} ", f" {style.paint(verdict)} ", 1)


def refusal_lines(refusal: Refusal, style: Style) -> list[str]:
    """Why there is no answer about an input, and what tells more about it."""
    lines = wrong_lines(refusal, style)
    if not refusal.diagnostics or refusal.text is None:
        return lines
    return [*lines, "", f"for more: smtmodel explain {refusal.diagnostics[0].code.name}"]


def wrong_lines(refusal: Refusal, style: Style) -> list[str]:
    """What is wrong with an input."""
    if not refusal.diagnostics or refusal.text is None:
        return [f"error: {plain(refusal.message)}"]
    from smtmodel.formats import diagnostics

    return diagnostics.human_lines(
        refusal.text, refusal.diagnostics, style.width, color=style.color
    )


# ---------------------------------------------------------------- blocks


def block_lines(block: doc.Block, style: Style) -> list[str]:
    """One block of a document."""
    match block:
        case doc.Title(word=word, text=text):
            return style.broken(f"{word} {text_of(text)}", IN, "")
        case doc.Say(text=text, label=label):
            first = f"{IN}{label}:  " if label else IN
            return style.broken(text_of(text), " " * len(first), first)
        case doc.Rows(heading=heading, rows=rows):
            return [*_heading(heading, style), *_rows(rows, style)]
        case doc.Grid(heading=heading, heads=heads, rows=cells):
            return [
                *_heading(heading, style),
                *_rows([doc.Row(heads), *map(doc.Row, cells)], style),
            ]
        case doc.Commands(heading=heading, lines=commands):
            begin = IN + STEP
            told = (style.commands(one, begin + STEP, begin) for one in commands)
            return [*_heading(heading, style), *(line for one in told for line in one)]
        case doc.Ordering():
            return _ordering(block, style)
        case doc.Evidence():
            return _finding(block, style)
        case doc.Proof():
            return _proof(block, style)
        case doc.Lines(lines=lines):
            indent = f"{IN}    "
            return [one for line in lines for one in style.lines(text_of(line), indent, IN)]
        case doc.Picture():
            return []
        case doc.Listing(text=text):
            return listing(text, style.width, IN, hard=style.hard)
        case _:
            assert_never(block)


def _heading(text: doc.Spans, style: Style) -> list[str]:
    return style.broken(text_of(text), IN + STEP, IN) if text else []


def _ordering(run: doc.Ordering, style: Style) -> list[str]:
    """A run, and the command that runs it again."""
    lines = [f"{IN}The run is the one of {run.same_as}."]
    if not run.same_as:
        lines = table_lines(run.table, style.width, hard=style.hard)
    indent = f"{IN}    "
    if run.stated:
        lines += style.lines(run.stated, f"{indent}    ", indent)
    if run.banner:
        lines += style.lines(f"*** {run.banner} ***", f"{indent}    ", indent)
    lines += [""] if run.why else []
    for text in run.why:
        lines += style.broken(text_of(text), f"{IN}  ", IN)
    if run.replay:
        lines += ["", *style.commands(run.replay, IN + " " * 11, f"{IN}Replay:  ")]
    return lines


def _rows(rows: Sequence[doc.Row], style: Style) -> Iterator[str]:
    """The rows in columns, or where these do not fit with later cells below the first two."""
    begin = IN + STEP
    table = [[text_of(cell) for cell in row.cells] for row in rows]
    widths = _widths(table)
    beside = len(begin) + sum(widths) + 2 * max(0, len(widths) - 1) <= style.width
    inside = begin + " " * min(4, widths[0] + 2 if widths else 0)
    for row, cells in zip(rows, table, strict=True):
        padded = [f"{cell:{width}}" for cell, width in zip(cells, widths, strict=False)]
        if beside:
            yield f"{begin}{STEP.join(padded)}".rstrip()
        else:
            first = STEP.join([*padded[:1], *cells[1:2]]).rstrip()
            yield from style.broken(first, inside, begin)
            rest = "  ".join(cell for cell in cells[2:] if cell)
            if rest:
                yield from style.broken(rest, inside + STEP + STEP, inside + STEP)
        for text in row.below:
            yield from style.broken(text_of(text), inside + STEP + STEP, inside + STEP)


def _widths(table: Sequence[Sequence[str]]) -> list[int]:
    """The width of each column; a cell that stands alone needs none."""
    widths = [0] * max(map(len, table), default=0)
    for cells in table:
        for place, cell in enumerate(cells if len(cells) > 1 else ()):
            widths[place] = max(widths[place], len(cell))
    return widths


# ---------------------------------------------------------------- blocks of a report


def headline(file: str, verdict: Verdict, names: Sequence[str], scope: doc.Spans) -> str:
    """What is said first of properties."""
    told = spans(doc.VerdictSpan(verdict), f" {file}: {', '.join(names)}", scope)
    return text_of(told)


def _headline(
    file: str, verdict: Verdict, names: Sequence[str], scope: doc.Spans, style: Style
) -> list[str]:
    text = headline(file, verdict, names, scope)
    wrap: Callable[..., list[str]] = style.broken if len(names) > 1 else style.lines
    first, *rest = wrap(text, IN, "")
    return [first.replace(verdict.value, style.paint(verdict), 1), *rest]


def _finding(finding: doc.Evidence, style: Style) -> list[str]:
    """A property, and its run where it has one."""
    lines = _headline(finding.file, finding.verdict, finding.names, finding.scope, style)
    for note in finding.notes:
        lines += style.lines(text_of(note), IN)
    return lines if finding.run is None else [*lines, "", *_ordering(finding.run, style)]


def finding_lines(document: doc.Document, name: str, style: Style) -> list[str]:
    """What there is to show of one property of a report."""
    found = [one for one in document.blocks if isinstance(one, doc.Evidence) and name in one.names]
    return [line for one in found for line in _finding(replace(one, names=(name,)), style)]


def _proof(proof: doc.Proof, style: Style) -> list[str]:
    """What was proved, and what it is worth."""
    lines: list[str] = []
    for head in proof.heads:
        lines += _headline(proof.file, Verdict.PROVED, [head.name], head.scope, style)
    lines.append("")
    column = 1 + max((len(part.aspect.value) for part in proof.parts), default=0)
    for part in proof.parts:
        first = f"{IN}{part.aspect.value + ':':{column}} "
        texts = [_with_place(line) for line in part.lines]
        lines += hung(texts, first, " " * len(first), style.width)
    return lines


def _with_place(line: doc.Spans) -> tuple[str, str]:
    """A line, and the place at its end, which stands in a column of its own."""
    match line:
        case (*rest, doc.PlaceSpan() as place):
            return text_of(tuple(rest)), text_of((place,))
        case _:
            return text_of(line), ""
