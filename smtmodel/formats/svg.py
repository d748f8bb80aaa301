"""An answer as one SVG document: every run that there is to show, below each other.

On paper of its own, so that it can be read on light and on dark pages alike; follows the
colour scheme of whoever looks. What has no run is told in lines of text.
"""

from collections.abc import Sequence

from smtmodel.documents.report import Evidence, Report, headline, result_line
from smtmodel.formats.human import Style, proof_lines
from smtmodel.formats.layout import wrapped
from smtmodel.formats.markup import Markup, constant, element
from smtmodel.formats.picture import FONT, LETTER, LINE, MARGIN, draw, line, style
from smtmodel.verdict import Verdict

TEXT = Style(width=96, hard=True)


class _Sheet:
    """What is drawn so far, and where the next thing goes."""

    def __init__(self) -> None:
        self.parts: list[Markup] = []
        self.width = 40 * LETTER
        self.y: float = MARGIN

    def lines(self, lines: Sequence[str], kind: str = "") -> None:
        """Lines of text."""
        for text in lines:
            self.parts.append(line(text, MARGIN, self.y + FONT, class_=kind or None))
            self.width = max(self.width, 2 * MARGIN + len(text) * LETTER)
            self.y += LINE

    def finding(self, report: Report, finding: Evidence) -> None:
        """A property and its run."""
        kind = "good" if finding.result.verdict is Verdict.PROVED else "bad"
        self.lines(told(headline(report, finding)), kind)
        self.lines([text for note in finding.notes for text in told(note)])
        if finding.same_as:
            self.lines([f"The run is the one of {finding.same_as}."])
        if finding.scene is not None:
            drawing = draw(finding.scene)
            self.parts.append(element("g", drawing.markup, transform=f"translate(0 {self.y:g})"))
            self.width = max(self.width, drawing.width)
            self.y += drawing.height
        if finding.banner:
            self.lines(told(f"*** {finding.banner} ***"), kind)
        self.lines([text for why in finding.why for text in told(why)])
        self.y += LINE


def told(text: str) -> list[str]:
    """A sentence in lines that fit; none for none."""
    return wrapped(text, "    ", TEXT.width, hard=True, first="") if text else []


def document(reports: Sequence[Report], wrong: Sequence[str]) -> str:
    """The document; `wrong` are the lines about inputs that were refused."""
    sheet = _Sheet()
    sheet.lines(wrong, "bad")
    for report in reports:
        for finding in report.findings:
            sheet.finding(report, finding)
        for proof in report.proofs:
            sheet.lines(proof_lines(report, proof, TEXT))
            sheet.y += LINE
        sheet.lines([result_line(report, number) for number in range(len(report.results))], "dim")
        sheet.lines(told(report.versions), "dim")
        sheet.y += LINE
    width, height = round(sheet.width), round(sheet.y)
    names = ", ".join(report.file for report in reports) or "nothing was decided"
    made = element(
        "svg",
        element("title", f"smtmodel: {names}"),
        element("style", constant(style())),
        element("rect", width=width, height=height, rx=6, class_="paper"),
        element("g", sheet.parts, class_="drawing"),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width} {height}",
        width=width,
        height=height,
    )
    return f"{made}\n"
