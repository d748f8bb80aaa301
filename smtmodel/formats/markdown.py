"""A document that can be pasted into GitHub or GitLab.

Text of the protocol stands in code only, in spans and fences that are longer than any run of
backticks in it: there nothing is a link, a mention or markup. In tables `|` is escaped too. Of
a sentence the words that no renderer makes anything of stand as they are; the others are code
too, because nothing else keeps a renderer from making links of them.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import assert_never

from smtmodel.documents import document as doc
from smtmodel.documents.document import joined, script_line, spans, text_of
from smtmodel.documents.plain import command, one_line, plain
from smtmodel.documents.versions import versions_line
from smtmodel.formats import human
from smtmodel.formats.human import Style
from smtmodel.formats.layout import listing, table_lines
from smtmodel.source.refusal import Refusal
from smtmodel.verdict import Verdict

WIDTH = 100
STANDALONE = 3
"""The level of the title of a document that stands alone."""
HARMLESS = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9.,;/'-]*[A-Za-z0-9'])?%?|<|->)?")
"""Words that no renderer makes anything of; others, a name with `_` for one, are set as code."""
LINKED = re.compile(r"(?i)www\.|[a-z]-[0-9]|(?<![a-z0-9])[0-9a-f]{7,64}(?![a-z0-9])")
"""What a renderer may make a link of in a word without signs: an address, the number of an
issue, a commit."""


def lines_of(
    document: doc.Document, style: Style | None = None, *, quiet: bool = False
) -> list[str]:
    """The document with headings, lists and tables, however wide; with `quiet` only its results."""
    return _lines(document, STANDALONE if not document.parts else 1, quiet=quiet)


def _lines(document: doc.Document, level: int, *, quiet: bool) -> list[str]:
    lines = [] if quiet else [line for one in document.blocks for line in _block(one, level)]
    lines += _results(document, quiet=quiet)
    for part in document.parts:
        lines += _lines(part, level + 1, quiet=quiet)
    return lines


def _results(document: doc.Document, *, quiet: bool) -> list[str]:
    """The results and what made them: of a report a table with the versions below, of an
    analysis the versions and the lines that scripts look for."""
    made = "" if quiet or document.versions is None else versions_line(document.versions)
    if document.about is None:
        lines = fenced(map(script_line, document.results)) if document.results else []
        return [*((prose(spans(doc.TextSpan(made))), "") if made else ()), *lines]
    lines = [f"| {code(document.about.file, cell=True)} | verdict | time |", "| --- | --- | ---: |"]
    for one in document.results:
        assert isinstance(one, doc.ResultLine)
        told = f"**{one.verdict.value}**" + (f" {one.ending}" if one.ending else "")
        lines.append(f"| {code(one.name, cell=True)} | {told} | {one.seconds:.2f}s |")
    return [*lines, "", *((code(made), "") if made else ())]


def refusal_lines(refusal: Refusal, style: Style) -> list[str]:
    """Why there is no answer about an input."""
    return fenced(human.wrong_lines(refusal, style))


# ---------------------------------------------------------------- code and sentences


def fenced(lines: Iterable[str], language: str = "text") -> list[str]:
    """Lines of code, with a blank line after them."""
    texts = [line for one in lines for line in plain(one).split("\n")]
    fence = "`" * max(3, 1 + _longest(texts))
    return [f"{fence}{language}", *texts, fence, ""]


def code(text: str, *, cell: bool = False) -> str:
    """A span of code, also inside a `cell` of a table."""
    shown = one_line(text)
    if cell:
        shown = shown.replace("\\|", "\\ |").replace("|", "\\|")
    ticks = "`" * (1 + _longest([shown]))
    blank = " " if shown[:1] in ("`", " ") or shown[-1:] in ("`", " ") or not shown else ""
    return f"{ticks}{blank}{shown}{blank}{ticks}"


def _longest(texts: list[str]) -> int:
    """The length of the longest run of backticks."""
    return max((len(run) for text in texts for run in re.findall("`+", text)), default=0)


def prose(text: doc.Spans, *, cell: bool = False) -> str:
    """A sentence; also inside a `cell` of a table."""
    told = ""
    for one in text:
        shown = _span(one, cell=cell, first=not told)
        # Two spans of code need something between them.
        told += f" {shown}" if told.endswith("`") and shown.startswith("`") else shown
    return told.strip()


def _span(span: doc.Inline, *, cell: bool, first: bool) -> str:
    match span:
        case doc.TextSpan(text=text):
            return _words(plain(text), cell=cell, first=first)
        case doc.CodeSpan(text=text) | doc.StepSpan(text=text):
            return code(text, cell=cell) if text.strip() else ""
        case doc.VerdictSpan(verdict=verdict):
            return verdict.value
        case doc.PlaceSpan(file=file):
            place = text_of((span,))
            return f" {code(place, cell=cell)}" if file else f" {place}"


def _words(text: str, *, cell: bool, first: bool) -> str:
    """Words with one blank between them, and where there are blanks around them."""
    told = [
        _word(word, cell=cell, first=first and not number)
        for number, word in enumerate(text.split())
    ]
    before = " " if told and text[0].isspace() else ""
    after = " " if text and text[-1].isspace() else ""
    return f"{before}{' '.join(told)}{after}"


def _word(text: str, *, cell: bool, first: bool) -> str:
    """A word with the brackets, quotes and punctuation around it; as code if it is not harmless."""
    core, before, after = text, "", ""
    while core:
        if core[-1] in '.,;:"' or (core[-1] == ")" and core.count("(") < core.count(")")):
            core, after = core[:-1], core[-1] + after
        elif core[0] in '("':
            before, core = before + core[0], core[1:]
        else:
            break
    begins_list = first and core.isdecimal() and after
    if HARMLESS.fullmatch(core) and not LINKED.search(core) and not begins_list:
        return text
    return f"{before}{code(core, cell=cell)}{after}"


# ---------------------------------------------------------------- blocks


def _block(block: doc.Block, level: int) -> list[str]:
    match block:
        case doc.Title(word=word, text=text):
            return [f"{'#' * level} {prose(spans(doc.TextSpan(f'{word} '), text))}", ""]
        case doc.Say(text=text, label=label):
            before = f"**{label}:** " if label else ""
            return [f"{before}{prose(text)}", ""]
        case doc.Rows(heading=heading, rows=rows):
            return [*_heading(heading), *_rows(rows)]
        case doc.Grid(heading=heading, heads=heads, rows=cells):
            return [*_heading(heading), *_table(cells, heads)]
        case doc.Commands(heading=heading, lines=commands):
            return [*_heading(heading), *fenced(map(command, commands), "sh")]
        case doc.Ordering():
            return _ordering(block)
        case doc.Evidence():
            return _finding(block)
        case doc.Proof():
            return list(_proof(block))
        case doc.Lines(lines=lines):
            return [*map(item, lines), ""]
        case doc.Picture():
            return []
        case doc.Listing(text=text):
            return fenced(listing(text, WIDTH, "", hard=False))
        case _:
            assert_never(block)


def item(line: doc.Spans) -> str:
    """An item of a list; a line that is indented is one of a list below the item before it."""
    first = line[0].text if line and isinstance(line[0], doc.TextSpan) else ""
    deeper = (len(first) - len(first.lstrip(" "))) // 4
    return f"{'  ' * deeper}- {prose(line).lstrip(' ')}"


def _heading(text: doc.Spans) -> list[str]:
    return [prose(text), ""] if text else []


def _rows(rows: Sequence[doc.Row]) -> list[str]:
    """A table, with what stands below a row in a last column; rows of one cell that end the
    table are sentences."""
    columns = max((len(row.cells) for row in rows), default=0)
    count = len(rows)
    while columns > 1 and count and len(rows[count - 1].cells) == 1 and not rows[count - 1].below:
        count -= 1
    told = [_cells(row, columns) for row in rows[:count]]
    after = [line for row in rows[count:] for line in (prose(row.cells[0]), "")]
    return [*(_table(told) if told else []), *after]


def _cells(row: doc.Row, columns: int) -> list[doc.Spans]:
    if not row.below:
        return list(row.cells)
    return [*row.cells, *[()] * (columns - len(row.cells)), joined("; ", row.below)]


def _table(rows: Iterable[Sequence[doc.Spans]], heads: Sequence[doc.Spans] = ()) -> list[str]:
    """A table, without heads with an empty first row, and a blank line after it."""
    body = [[prose(one, cell=True) for one in row] for row in rows]
    columns = max((len(heads), *map(len, body)), default=0)
    first = [prose(one, cell=True) for one in heads]
    lines = [
        f"| {' | '.join([*cells, *[''] * (columns - len(cells))])} |" for cells in (first, *body)
    ]
    return [lines[0], f"|{' --- |' * columns}", *lines[1:], ""]


def _ordering(run: doc.Ordering) -> list[str]:
    """A run as a fence, why it goes wrong, and the command that runs it again."""
    lines = [f"The run is the one of {code(run.same_as)}.", ""] if run.same_as else []
    shown = [] if run.same_as else table_lines(run.table, WIDTH, hard=False)
    end = [run.stated, f"*** {run.banner} ***" if run.banner else ""]
    shown += ["", *filter(None, end)] if any(end) else []
    lines += fenced(shown) if shown else []
    for text in run.why:
        lines += [prose(text), ""]
    return [*lines, *(fenced([command(run.replay)], "sh") if run.replay else [])]


def _headline(file: str, verdict: Verdict, names: Sequence[str], scope: doc.Spans) -> list[str]:
    about = prose(scope)
    between = "" if about.startswith(",") else " "
    named = ", ".join(map(code, names))
    return [f"### {verdict.value} {code(file)}: {named}{between}{about}".rstrip(), ""]


def _finding(finding: doc.Evidence) -> list[str]:
    lines = _headline(finding.file, finding.verdict, finding.names, finding.scope)
    for note in finding.notes:
        lines += [prose(note), ""]
    return lines if finding.run is None else [*lines, *_ordering(finding.run)]


def _proof(proof: doc.Proof) -> Iterator[str]:
    for head in proof.heads:
        yield from _headline(proof.file, Verdict.PROVED, [head.name], head.scope)
    for part in proof.parts:
        first = f"- **{part.aspect.value}:**"
        if len(part.lines) == 1:
            yield f"{first} {prose(part.lines[0])}"
        else:
            yield first
            yield from (f"  {item(line)}" for line in part.lines)
    yield ""
