"""A report or a sheet that can be pasted into GitHub or GitLab.

Text of the protocol stands in code only, in spans and fences that are longer than any run of
backticks in it: there nothing is a link, a mention or markup. In tables `|` is escaped too. Of
a sentence the words that no renderer makes anything of stand as they are.
"""

import re
from collections.abc import Iterable, Sequence
from typing import assert_never

from smtmodel.documents.plain import command, one_line, plain
from smtmodel.documents.report import Evidence, Proof, Report, alike
from smtmodel.documents.sheet import (
    Block,
    Commands,
    Grid,
    Ordering,
    Row,
    Rows,
    Say,
    Sheet,
    Title,
    block_lines,
    is_step,
)
from smtmodel.formats.human import Style
from smtmodel.formats.layout import table_lines
from smtmodel.source.record import record
from smtmodel.verdict import Verdict

WIDTH = 100
HARMLESS = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.,;/'-]*[A-Za-z0-9'])?%?")
"""Words that no renderer makes anything of; others, a name with `_` for one, are set as code."""
LINKED = re.compile(r"(?i)www\.|[a-z]-[0-9]|(?<![a-z0-9])[0-9a-f]{7,64}(?![a-z0-9])")
"""What a renderer may make a link of in a word without signs: an address, the number of an
issue, a commit."""


@record
class _Unit:
    """Part of a sentence that is set in one piece, with the signs around it."""

    core: str
    before: str = ""
    after: str = ""
    code: bool = False


def lines_of(report: Report, *, quiet: bool = False) -> list[str]:
    """The report; with `quiet` only the table of results."""
    lines: list[str] = []
    if not quiet:
        for findings in alike(report.findings):
            lines += _finding(report, *findings)
        for proof in report.proofs:
            lines += _proof(report, proof)
    lines += [f"| {code(report.file, cell=True)} | verdict | time |", "| --- | --- | ---: |"]
    for result, ending in zip(report.results, report.endings, strict=True):
        told = f"**{result.verdict.value}**" + (f" {ending}" if ending else "")
        lines.append(f"| {code(result.name, cell=True)} | {told} | {result.seconds:.2f}s |")
    lines.append("")
    return [*lines, code(report.versions), ""] if report.versions and not quiet else lines


def cell(text: str) -> str:
    """A text in a table: a step is code as a whole."""
    return code(text, cell=True) if is_step(text) else prose(text, cell=True)


def _table(rows: Iterable[Sequence[str]], heads: Sequence[str] = ()) -> list[str]:
    """A table, without heads with an empty first row, and a blank line after it."""
    body = [[cell(one) for one in row] for row in rows]
    columns = max((len(heads), *map(len, body)), default=0)
    first = [cell(one) for one in heads]
    lines = [
        f"| {' | '.join([*cells, *[''] * (columns - len(cells))])} |" for cells in (first, *body)
    ]
    return [lines[0], f"|{' --- |' * columns}", *lines[1:], ""]


def fenced(lines: list[str], language: str = "text") -> list[str]:
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


def prose(text: str, *, cell: bool = False) -> str:
    """A sentence, its harmless words and its punctuation as they are and the others as code, as
    is what stands between backticks; also inside a `cell` of a table."""
    told: list[str] = []
    for unit in _units(plain(text)):
        first_number = not told and unit.core.isdecimal() and unit.after  # begins a list
        spared = HARMLESS.fullmatch(unit.core) and not LINKED.search(unit.core)
        bare = not unit.core or (spared and not unit.code and not first_number)
        core = unit.core if bare else code(unit.core, cell=cell)
        told.append(f"{unit.before}{core}{unit.after}")
    return " ".join(told)


def _units(text: str) -> list[_Unit]:
    """The parts of a sentence. What stands between backticks is one; signs next to it are its."""
    units: list[_Unit] = []
    before = ""
    for number, part in enumerate(text.split("`")):
        if number % 2:
            if part.strip():
                units.append(_Unit(part, before, code=True))
                before = ""
            continue
        rest = part
        if units and units[-1].code:
            sign = re.match(r"[.,;:)]*(?= |$)", rest)
            if sign is not None:
                units[-1] = _Unit(units[-1].core, units[-1].before, sign[0], code=True)
                rest = rest[sign.end() :]
        words = rest.split()
        opened = bool(words) and words[-1].strip("(") == "" and not rest[-1].isspace()
        after = words.pop() if opened else ""
        if words and before:
            units.append(_Unit("", before))
            before = ""
        units += [_unit(" ".join(group)) for group in _groups(words)]
        before += after
    return [*units, _Unit("", before)] if before else units


def _groups(words: list[str]) -> list[list[str]]:
    """Words that belong together: from a bracket to where it closes, and beside an operator."""
    groups: list[list[str]] = []
    place = 0
    while place < len(words):
        end = _closed(words, place)
        group = words[place:end]
        last = groups[-1][-1] if groups else ""
        if last and last[-1] not in ".,;:" and (_operator(last) or _operator(group[0])):
            groups[-1] += group
        else:
            groups.append(group)
        place = end
    return groups


def _closed(words: list[str], place: int) -> int:
    """One past the word in which the brackets of the word at `place` are closed."""
    depth = 0
    for number in range(place, len(words)):
        word = words[number].lstrip("(") if number == place else words[number]
        depth += sum((one in "([{") - (one in ")]}") for one in word)
        if depth <= 0:
            return number + 1
    return place + 1


def _operator(word: str) -> bool:
    return not any(one.isalnum() for one in word) and word.strip("(.,;:)") != ""


def _unit(text: str) -> _Unit:
    """A word or a group without the brackets and the punctuation around it."""
    core, before, after = text, "", ""
    while core:
        missing = core.count("(") - core.count(")")
        if core[-1] in ".,;:" or (core[-1] == ")" and missing < 0):
            core, after = core[:-1], core[-1] + after
        elif core[0] == "(" and (missing > 0 or _enclosed(core)):
            before, core = before + core[0], core[1:]
        else:
            break
    return _Unit(core, before, after)


def _enclosed(text: str) -> bool:
    """Whether the bracket that a text begins with is closed by its last sign."""
    depth = 0
    for place, one in enumerate(text):
        depth += (one == "(") - (one == ")")
        if depth == 0:
            return place == len(text) - 1
    return False


def _longest(texts: list[str]) -> int:
    """The length of the longest run of backticks."""
    return max((len(run) for text in texts for run in re.findall("`+", text)), default=0)


def _headline(report: Report, verdict: Verdict, names: Sequence[str], scope: str) -> list[str]:
    comma = "," if scope.startswith(",") else ""
    about = prose(scope.removeprefix(","))
    named = ", ".join(map(code, names))
    return [f"### {verdict.value} {code(report.file)}: {named}{comma} {about}".rstrip(), ""]


def _finding(report: Report, finding: Evidence, *others: Evidence) -> list[str]:
    names = [one.result.name for one in (finding, *others)]
    lines = _headline(report, finding.result.verdict, names, finding.scope)
    for note in finding.notes:
        lines += [prose(note), ""]
    if finding.same_as:
        lines += [f"The run is the one of {code(finding.same_as)}.", ""]
    table = finding.table if not finding.same_as else None
    shown = table_lines(table, WIDTH, hard=False) if table is not None else []
    shown += ["", f"*** {finding.banner} ***"] if finding.banner else []
    lines += fenced(shown) if shown else []
    for why in finding.why:
        lines += [prose(why), ""]
    return [*lines, *(fenced([command(finding.replay)], "sh") if finding.replay else [])]


def _proof(report: Report, proof: Proof) -> list[str]:
    lines: list[str] = []
    for name, scope in zip(proof.names, proof.scopes, strict=True):
        lines += _headline(report, Verdict.PROVED, (name,), scope)
    for heading, texts in proof.parts:
        first = f"- **{heading}:**"
        if len(texts) == 1:
            lines.append(f"{first} {prose(texts[0])}")
        else:
            lines += [first, *(f"  - {prose(text)}" for text in texts)]
    return [*lines, ""]


# ---------------------------------------------------------------- sheets


def sheet_lines(sheet: Sheet, level: str = "###", *, quiet: bool = False) -> list[str]:
    """A sheet with headings, lists and tables; `level` are the signs of its title. With `quiet`
    only the lines that scripts look for, which stand below it."""
    lines = [] if quiet else [line for block in sheet.blocks for line in _block(block, level)]
    return [*lines, *(fenced(list(sheet.results)) if sheet.results else [])]


def _block(block: Block, level: str) -> list[str]:
    match block:
        case Title(word=word, text=text):
            return [f"{level} {prose(f'{word} {text}')}", ""]
        case Say(text=text, label=label):
            before = f"**{label}:** " if label else ""
            return [f"{before}{prose(text)}", ""]
        case Rows(heading=heading, rows=rows):
            return [*_heading(heading), *_rows(rows)]
        case Grid(heading=heading, heads=heads, rows=cells):
            return [*_heading(heading), *_table(cells, heads)]
        case Commands(heading=heading, lines=commands):
            told = [line.strip() for line in block_lines(Commands("", commands), Style(WIDTH))]
            return [*_heading(heading), *fenced(told, "sh")]
        case Ordering(table=table, banner=banner, replay=replay):
            shown = table_lines(table, WIDTH, hard=False)
            lines = fenced([*shown, *(["", f"*** {banner} ***"] if banner else [])])
            return [*lines, *(fenced([command(replay)], "sh") if replay else [])]
        case _:
            assert_never(block)


def _heading(text: str) -> list[str]:
    return [prose(text), ""] if text else []


def _rows(rows: Sequence[Row]) -> list[str]:
    """A table, with what stands below a row in a last column; rows of one cell that end the
    table are sentences."""
    columns = max((len(row.cells) for row in rows), default=0)
    count = len(rows)
    while columns > 1 and count and len(rows[count - 1].cells) == 1 and not rows[count - 1].below:
        count -= 1
    told = [
        (*row.cells, *[""] * (columns - len(row.cells)), "; ".join(row.below))
        if row.below
        else row.cells
        for row in rows[:count]
    ]
    after = [line for row in rows[count:] for line in (prose(row.cells[0]), "")]
    return [*(_table(told) if told else []), *after]
