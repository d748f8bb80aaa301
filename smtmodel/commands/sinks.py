"""Where an answer goes: standard output and files, and what is said meanwhile.

Takes a function that writes, and gives it text: nothing here prints by itself.
"""

import os
import sys
from collections.abc import Callable
from typing import IO

from smtmodel import __version__, work
from smtmodel.documents.answer import Analysis, Answer, ReportPart, Review, not_tried
from smtmodel.documents.document import Document
from smtmodel.documents.plain import one_line, plain
from smtmodel.documents.report import beginning, report_of
from smtmodel.formats import FORMATS
from smtmodel.formats.human import Style
from smtmodel.solving.result import Early, Result, Started
from smtmodel.source.record import record
from smtmodel.source.refusal import Refusal
from smtmodel.verdict import Status, Verdict
from smtmodel.work.session import Counted

PIPE_WIDTH = 100
"""The width that tables try to keep to where no terminal says another. Lines are broken only for
a width that was asked for."""

Put = Callable[[str, IO[str]], None]
"""Writes a text to a stream as it is; raises nothing."""


@record
class Show:
    """How answers are to look, as the options said; `out` holds `FORMAT=PATH`, or `PATH`."""

    form: str = "human"
    out: tuple[str, ...] = ()
    width: int | None = None
    color: str = "auto"
    quiet: bool = False
    verbose: int = 0

    @property
    def terminal(self) -> bool:
        """Whether standard output is one."""
        return sys.stdout.isatty()

    def style(self, *, terminal: bool) -> Style:
        """The style of what goes to a terminal, or elsewhere."""
        width = self.width or (columns() if terminal else PIPE_WIDTH)
        auto = terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        color = auto if self.color == "auto" else self.color == "always"
        return Style(width, hard=self.width is not None, color=color, whole=True)


def columns() -> int:
    """How wide the terminal is."""
    from shutil import get_terminal_size

    return get_terminal_size((PIPE_WIDTH, 24)).columns


class Sink:
    """A place that the answer of a command goes to, in one format; `incomplete` if a part of it
    could not even begin to be written. The lines `begun` of the next report are said already."""

    def __init__(self, put: Put, form: str, stream: IO[str] | None, show: Show) -> None:
        self.put = put
        self.format = FORMATS[form]
        # What a format needs is loaded here: nothing can be missing once there is a verdict.
        self.make = self.format.function("rendered" if self.format.whole else "lines_of")
        self.stream = sys.stdout if stream is None else stream
        self.aside = stream is None and self.format.aside
        self.style = show.style(terminal=stream is None and sys.stdout.isatty())
        self.show = show
        self.incomplete = False
        self.begun: list[str] = []
        self.parts: list[ReportPart] = []
        self.refusals: list[Refusal] = []
        self.analyses: list[Analysis] = []
        self.review: Review | None = None

    def refuse(self, refusal: Refusal) -> None:
        """Say why there is no answer; people read that on standard error, whatever the format."""
        self.refusals.append(refusal)
        if not self.format.whole:
            lines = self.format.function("refusal_lines")(refusal, self.style)
            self._lines(lines, sys.stderr if self.aside else self.stream)
        twice = self.stream is sys.stdout and not (self.aside or self.show.terminal)
        if twice and not self.format.editors:
            self._lines([f"error: {one_line(one)}" for one in refusal.sentences], sys.stderr)

    def begin(self, part: ReportPart) -> None:
        """Say of a report what cannot change any more, while the rest is found out."""
        if self.format.begins and not self.show.quiet:
            self.begun = self.make(beginning(self._report(part)), self.style)
            while self.begun and not self.begun[-1]:
                self.begun.pop()
            self._lines(self.begun, self.stream)

    def add(self, part: ReportPart) -> None:
        """Say what was found out about one protocol; one that was not tried is only counted."""
        self.parts.append(part)
        if not self.format.whole and part.context.given not in not_tried(self.parts):
            self._say(self._report(part))

    def _report(self, part: ReportPart) -> Document:
        verbose = self.show.verbose > 0
        folds = self.format.analyses and not verbose
        return report_of(part, witnesses=verbose, folds=folds, words=verbose)

    def tell(self, analysis: Analysis) -> None:
        """Say the answer of an analysis."""
        self.analyses.append(analysis)
        if not self.format.whole:
            self._say(analysis.document)

    def tell_review(
        self, review: Review, parts: list[ReportPart], analyses: list[Analysis]
    ) -> None:
        """Say a whole review; `analyses` are those of it, for programs."""
        self.review, self.parts, self.analyses = review, parts, analyses
        if not self.format.whole:
            from smtmodel.documents.review import review_of

            self._say(review_of(review, [report_of(part, words=True) for part in parts]))

    def add_plainly(self, part: ReportPart) -> None:
        """Say the verdicts and nothing else, where a report could not be made."""
        name = part.context.file
        results = part.outcome.results
        self._lines(
            [f"Result {name} {one.name} {one.verdict.value}" for one in results], sys.stderr
        )

    def end(self, command: str, status: Status, summary: str = "", tool: str = __version__) -> None:
        """Say what can only be said when everything is known; `tool` is the version that found
        it out."""
        if self.format.whole:
            made = Answer(
                command,
                tool,
                int(status),
                tuple(self.parts),
                tuple(self.refusals),
                summary,
                tuple(self.analyses),
                self.review,
            )
            self._lines([self.make(made).rstrip("\n")], self.stream)
        elif summary and self.format.summary and not self.show.quiet:
            self._lines([summary.replace("\n", self.format.summary)], self.stream)
        elif not_tried(self.parts) and self.stream is sys.stdout:
            self._lines([summary], sys.stderr)

    def _say(self, document: Document) -> None:
        """Say a document; all of it again if what is said already is not how it begins."""
        lines = self.make(document, self.style, quiet=self.show.quiet)
        said = len(self.begun)
        self._lines(lines[said:] if lines[:said] == self.begun else lines, self.stream)
        self.begun = []

    def _lines(self, lines: list[str], stream: IO[str]) -> None:
        if not (self.style.color or self.format.whole):
            lines = [plain(line) for line in lines]
        if lines:
            self.put("\n".join(lines) + "\n", stream)


@record
class Turn:
    """Which file a command has come to, and what it does with it."""

    verb: str
    name: str
    number: int
    of: int


SILENT = 10.0
"""Seconds after which something is said where the line cannot be rewritten."""


class Progress:
    """Says on standard error what is being decided.

    On a terminal a line that is rewritten, after a second; elsewhere a line whenever ten seconds
    have passed; with `-v` a line for everything that is finished.
    """

    def __init__(self, put: Put, show: Show) -> None:
        self.put = put
        able = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self.quiet = show.quiet
        self.terminal = able and not show.quiet
        self.lines = show.verbose > 0
        self.start = work.now()
        self.turn = ""
        self.doing = "what can happen"
        self.shown = False
        self.said = 0.0
        self.violated: set[str] = set()

    @property
    def wanted(self) -> bool:
        """Whether anybody looks."""
        return self.lines or not self.quiet

    def __call__(self, notice: object) -> None:
        """Take what a `Session` tells."""
        passed = work.now() - self.start
        if isinstance(notice, Turn):
            self.turn = f"{notice.verb} {one_line(notice.name)} ({notice.number} of {notice.of})"
            self.doing = ""
        if isinstance(notice, Started):
            self.doing = notice.what
        if isinstance(notice, Counted):
            self.doing = f"{notice.done} of {notice.of} questions"
        if isinstance(notice, Result) and self.lines:
            self.clear()
            self.put(f"{passed:6.2f}s  {notice.name} {notice.verdict.value}\n", sys.stderr)
        if isinstance(notice, Early) and self.lines:
            self._early(passed, notice.result)
        if self.terminal and passed >= 1:
            text = f"{self._at_work()}  {passed:.0f}s"
            self.put(f"\r{text[: columns() - 1]}\x1b[K", sys.stderr)
            self.shown = True
        elif not self.quiet and passed >= self.said + SILENT:
            self.said = passed
            self.put(f"{passed:.0f}s: {self._at_work()}\n", sys.stderr)

    def _at_work(self) -> str:
        if not self.turn:
            return f"deciding {self.doing}"
        return f"{self.turn}: {self.doing}" if self.doing else self.turn

    def _early(self, passed: float, result: Result) -> None:
        """Say once that there is a violation, whatever becomes of the time."""
        if result.verdict is Verdict.REFUTED and result.name not in self.violated:
            self.violated.add(result.name)
            self.clear()
            self.put(f"{passed:6.2f}s  {result.name} is violated\n", sys.stderr)

    def clear(self) -> None:
        """Take the line away."""
        if self.shown:
            self.put("\r\x1b[K", sys.stderr)
            self.shown = False
