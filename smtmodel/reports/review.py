"""One document about a series of protocols: what was decided, and all that was asked besides.

Takes parts and sheets that were made elsewhere; puts them in their order and gives the lines of
the document in a format for people. The page is `smtmodel.reports.review_page`.
"""

from collections.abc import Callable, Sequence

from smtmodel.reports import markdown
from smtmodel.reports.email import STYLE, harmless
from smtmodel.reports.human import IN, Style
from smtmodel.reports.human import lines_of as human_lines
from smtmodel.reports.json import Value
from smtmodel.reports.layout import wrapped
from smtmodel.reports.plain import plain
from smtmodel.reports.sheet import Grid, Sheet, sheet_lines
from smtmodel.reports.view import Report
from smtmodel.solving.result import Outcome
from smtmodel.source import Text
from smtmodel.source.record import record

WIDTH = 56
"""Columns of a matrix that fit into a mail."""


@record
class Chapter:
    """What is said about one file: who it is, its reports, and what else was asked about it.

    `outcomes` are the places of its reports among those of the whole answer.
    """

    front: Sheet
    outcomes: tuple[int, ...]
    sheets: tuple[Sheet, ...]
    end: Sheet


@record
class Review:
    """The document. `value` says of it what the parts and sheets themselves do not."""

    front: Sheet
    chapters: tuple[Chapter, ...]
    end: Sheet
    value: Value


def lines_of(
    review: Review, reports: Sequence[Report], form: str, style: Style, *, quiet: bool
) -> list[str]:
    """The whole document; with `quiet` the results of the reports alone."""
    match form:
        case "markdown":
            return _markdown(review, reports, quiet=quiet)
        case "email":
            return harmless(_plain(review, reports, STYLE, quiet=quiet))
        case _:
            return _plain(review, reports, style, quiet=quiet)


def _plain(review: Review, reports: Sequence[Report], style: Style, *, quiet: bool) -> list[str]:
    if quiet:
        return [line for one in reports for line in human_lines(one, style, quiet=True)]
    return _document(
        review,
        reports,
        lambda sheet, _: sheet_lines(sheet, style),
        lambda one: [*human_lines(one, style), ""],
        lambda text: [*_listing(text, style), ""],
    )


def _markdown(review: Review, reports: Sequence[Report], *, quiet: bool) -> list[str]:
    if quiet:
        return [line for one in reports for line in markdown.lines_of(one, quiet=True)]
    return _document(
        review,
        reports,
        lambda sheet, level: markdown.sheet_lines(sheet, "#" * level),
        markdown.lines_of,
        lambda text: markdown.fenced(_listing(text, Style(markdown.WIDTH), "")),
    )


def _document(
    review: Review,
    reports: Sequence[Report],
    sheet: Callable[[Sheet, int], list[str]],
    report: Callable[[Report], list[str]],
    listing: Callable[[Text], list[str]],
) -> list[str]:
    """The lines of all parts; a text is listed once for all variants in it."""
    lines = sheet(review.front, 1)
    listed: Text | None = None
    for chapter in review.chapters:
        text = reports[chapter.outcomes[0]].text
        lines += sheet(chapter.front, 2)
        lines += listing(text) if text != listed else []
        listed = text
        for number in chapter.outcomes:
            lines += report(reports[number])
        for one in chapter.sheets:
            lines += sheet(one, 3)
        lines += sheet(chapter.end, 3)
    return lines + sheet(review.end, 2)


def _listing(text: Text, style: Style, margin: str = IN) -> list[str]:
    """The text with the numbers of its lines."""
    found: list[str] = []
    for number, line in enumerate(text.content.rstrip("\n").split("\n"), 1):
        told = plain(line).rstrip()
        blanks = len(told) - len(told.lstrip())
        first = f"{margin}{number:>3}  {' ' * blanks}" if told else f"{margin}{number:>3}"
        if len(first) + len(told) - blanks <= style.width or not style.hard:
            found.append(f"{first}{told[blanks:]}")
        else:
            indent = " " * (len(first) + 4)
            found += wrapped(told[blanks:], indent, style.width, hard=True, first=first)
    return found


# ---------------------------------------------------------------- the matrix


def matrices(outcomes: Sequence[tuple[int, Outcome]]) -> list[Grid]:
    """The verdicts, a table for each memory model: a row for each property, a column for each
    file, by its number; as many tables as a mail is too narrow for."""
    grids: list[Grid] = []
    for model in dict.fromkeys(outcome.model for _, outcome in outcomes):
        own = [(number, one) for number, one in outcomes if one.model == model]
        names = list(dict.fromkeys(r.name for _, one in own for r in one.results))
        most = max(1, (WIDTH - max(map(len, names), default=0)) // 9)
        for start in range(0, len(own), most):
            grids.append(_matrix(model, own[start : start + most], names))
    return grids


def _matrix(model: str, own: Sequence[tuple[int, Outcome]], names: Sequence[str]) -> Grid:
    columns = [{r.name: r.verdict.value for r in one.results} for _, one in own]
    heads = (model, *(f"[{number}]" for number, _ in own))
    rows = [(name, *(column.get(name, "-") for column in columns)) for name in names]
    rows = [row for row in rows if any(cell != "-" for cell in row[1:])]
    return Grid(f"Verdicts under {model}:", heads, tuple(rows))
