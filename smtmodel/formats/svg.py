"""An answer as one SVG document: every run that there is to show, below each other.

On paper of its own, so that it can be read on light and on dark pages alike; follows the
colour scheme of whoever looks. What has no run is told in lines of text.
"""

from collections.abc import Sequence

from smtmodel.documents.answer import Answer
from smtmodel.documents.document import (
    Block,
    Document,
    Evidence,
    Picture,
    script_line,
    text_of,
)
from smtmodel.documents.report import documents_of
from smtmodel.documents.scene import Scene
from smtmodel.documents.table import before_rows
from smtmodel.documents.versions import versions_line
from smtmodel.formats import human
from smtmodel.formats.human import Style, block_lines, headline
from smtmodel.formats.layout import wrapped
from smtmodel.formats.markup import Markup, constant, element
from smtmodel.formats.picture import FONT, LETTER, LINE, MARGIN, draw, line, style
from smtmodel.verdict import Verdict

TEXT = Style(width=96, hard=True)


class _Drawn:
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

    def document(self, document: Document) -> None:
        """Everything about one protocol."""
        for block in document.blocks:
            self.block(block)
        self.lines([script_line(one) for one in document.results], "dim")
        if document.versions is not None:
            self.lines(told(versions_line(document.versions)), "dim")
        self.y += LINE

    def block(self, block: Block) -> None:
        """A property and its run; another block as text."""
        if isinstance(block, Evidence):
            self.finding(block)
        elif isinstance(block, Picture):
            self.lines(told(block.legend), "dim")
            self.scene(block.scene)
        else:
            self.lines(block_lines(block, TEXT))
        self.y += LINE

    def scene(self, scene: Scene) -> None:
        """A picture."""
        drawing = draw(scene)
        self.parts.append(element("g", drawing.markup, transform=f"translate(0 {self.y:g})"))
        self.width = max(self.width, drawing.width)
        self.y += drawing.height

    def finding(self, finding: Evidence) -> None:
        """A property and its run."""
        kind = "good" if finding.verdict is Verdict.PROVED else "bad"
        head = headline(finding.file, finding.verdict, finding.names, finding.scope)
        self.lines(told(head), kind)
        self.lines([text for note in finding.notes for text in told(text_of(note))])
        run = finding.run
        if run is not None and run.same_as:
            self.lines([f"The run is the one of {run.same_as}."])
        if finding.scene is not None:
            self.lines(told(before_rows(finding.scene.table)))
            self.scene(finding.scene)
        if run is not None:
            self.lines(told(run.stated), kind)
            self.lines(told(f"*** {run.banner} ***" if run.banner else ""), kind)
            self.lines([text for why in run.why for text in told(text_of(why))])


def told(text: str) -> list[str]:
    """A sentence in lines that fit; none for none."""
    return wrapped(text, "    ", TEXT.width, hard=True, first="") if text else []


def rendered(answer: Answer) -> str:
    """The document."""
    documents = documents_of(answer, witnesses=True, scenes=True)
    files = [one.about.file for one in documents if one.about is not None]
    wrong = [human.wrong_lines(refusal, Style()) for refusal in answer.refusals]
    return drawn(documents, ", ".join(files) or "nothing was decided", wrong)


def drawn(documents: Sequence[Document], names: str, wrong: Sequence[Sequence[str]] = ()) -> str:
    """The documents below each other, below what is wrong."""
    made = _Drawn()
    for lines in wrong:
        made.lines(lines, "bad")
    for document in documents:
        made.document(document)
    width, height = round(made.width), round(made.y)
    root = element(
        "svg",
        element("title", f"smtmodel: {names}"),
        element("style", constant(style())),
        element("rect", width=width, height=height, rx=6, class_="paper"),
        element("g", made.parts, class_="drawing"),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width} {height}",
        width=width,
        height=height,
    )
    return f"{root}\n"
