"""A document: all that an answer says, before it is known how it will be shown.

A document is blocks, and the sentences in blocks are spans, each of which says what it is: our
words, code, a step, a verdict, a place. So no format has to guess. The messages of the stages
below quote code between backticks; `spans` is the one place that reads that.
"""

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import TYPE_CHECKING

from smtmodel.documents.table import Table
from smtmodel.documents.versions import Versions
from smtmodel.models import unless_default
from smtmodel.solving.result import Obligation
from smtmodel.source import Severity, Span, Text
from smtmodel.source.record import record
from smtmodel.verdict import Cause, Verdict

if TYPE_CHECKING:
    from smtmodel.documents.scene import Scene


# ---------------------------------------------------------------- spans


@record
class TextSpan:
    """Words of a sentence. They may hold a name of the protocol, so no format trusts them."""

    text: str


@record
class CodeSpan:
    """Code inside a sentence: plain text sets it between backticks."""

    text: str


@record
class StepSpan:
    """A step as it was written, or a value of a run: plain text shows it bare."""

    text: str


@record
class VerdictSpan:
    """The word of a verdict."""

    verdict: Verdict


@record
class PlaceSpan:
    """Lines of a file, or what is built in where there is no file."""

    file: str
    lines: tuple[int, ...]


Inline = TextSpan | CodeSpan | StepSpan | VerdictSpan | PlaceSpan
Spans = tuple[Inline, ...]


def spans(*parts: str | Inline | Spans) -> Spans:
    """A sentence of several parts.

    A `str` is in the notation of messages: what it quotes between backticks is code.
    """
    made: list[Inline] = []
    for part in parts:
        if isinstance(part, str):
            made += _quoted(part)
        elif isinstance(part, tuple):
            made += part
        else:
            made.append(part)
    return tuple(made)


def joined(between: str, parts: Iterable[str | Spans]) -> Spans:
    """Several sentences as one."""
    made: list[str | Spans] = []
    for part in parts:
        made += [between, part] if made else [part]
    return spans(*made)


def _quoted(text: str) -> Iterator[Inline]:
    """The parts of a message; a backtick without a second one is text."""
    pieces = text.split("`")
    if len(pieces) % 2 == 0:
        pieces[-2:] = ["`".join(pieces[-2:])]
    for number, piece in enumerate(pieces):
        if piece:
            yield CodeSpan(piece) if number % 2 else TextSpan(piece)


def text_of(parts: Spans) -> str:
    """The sentence as plain text."""
    return "".join(map(_text, parts))


def _text(part: Inline) -> str:
    match part:
        case TextSpan(text=text) | StepSpan(text=text):
            return text
        case CodeSpan(text=text):
            return f"`{text}`"
        case VerdictSpan(verdict=verdict):
            return verdict.value
        case PlaceSpan(file=file, lines=lines):
            return f"{file}:{', '.join(map(str, lines))}" if file else "(built in)"


# ---------------------------------------------------------------- blocks of an analysis


@record
class Title:
    """The first line of a document: a word for scripts and eyes, and what it is about."""

    word: str
    text: Spans


@record
class Say:
    """A paragraph; `label` stands before it where a document has several."""

    text: Spans
    label: str = ""


def say(*parts: str | Inline | Spans, label: str = "") -> Say:
    """A paragraph of these parts."""
    return Say(spans(*parts), label)


@record
class Row:
    """Cells side by side, and what stands below them."""

    cells: tuple[Spans, ...]
    below: tuple[Spans, ...] = ()


def row(*cells: str | Inline | Spans) -> Row:
    """Cells, each of one part."""
    return Row(tuple(map(spans, cells)))


@record
class Rows:
    """Rows under a heading."""

    heading: Spans
    rows: tuple[Row, ...]


@record
class Grid:
    """A table with a head, under a heading."""

    heading: Spans
    heads: tuple[Spans, ...]
    rows: tuple[tuple[Spans, ...], ...]


@record
class Commands:
    """Command lines, each word by word, under a heading."""

    heading: Spans
    lines: tuple[tuple[str, ...], ...]


@record
class Ordering:
    """A run: its table, the facts at its end, why it goes wrong, the command that runs it.

    `stated` is the property that it violates or reaches, as its text has it;
    `same_as` names an earlier finding with this very run, whose table is then not shown again.
    """

    table: Table
    banner: str
    replay: tuple[str, ...]
    why: tuple[Spans, ...] = ()
    same_as: str = ""
    stated: str = ""


AnalysisBlock = Title | Say | Rows | Grid | Commands | Ordering
"""The blocks that answers of analyses consist of, which are saved as they are."""


# ---------------------------------------------------------------- blocks of a report


@record
class Evidence:
    """A property of which there is something to show, or several of which the same is said.

    `scope` is what stands behind the names in the headline. `scene` is the run as a picture,
    for formats that draw; there is none where an earlier finding has the same run.
    """

    verdict: Verdict
    file: str
    names: tuple[str, ...]
    scope: Spans
    notes: tuple[Spans, ...] = ()
    run: Ordering | None = None
    scene: "Scene | None" = None


class Aspect(Enum):
    """What is said of a proof, in the order in which it is said."""

    SCOPE = "Scope"
    ANY_NUMBER = "Any number"
    INVARIANT = "Invariant"
    BEYOND = "Beyond"
    LANES = "Lanes"
    TRUSTS = "Trusts"
    LEAVES_OUT = "Leaves out"
    NOT_VACUOUS = "Not vacuous"
    NEEDED = "Needed"
    VACUOUS_WITHOUT = "Vacuous without"
    NOT_NEEDED = "Not needed"
    NOT_KNOWN = "Not known"
    CLOSEST_CALL = "Closest call"
    CHECKED = "Checked"
    ALSO_EXCLUDED = "Also excluded"


@record
class ProofPart:
    """One aspect of a proof. A place that ends a line stands in a column of its own."""

    aspect: Aspect
    lines: tuple[Spans, ...]


@record
class ProofHead:
    """A property that was proved, and what stands behind its name in the headline."""

    name: str
    scope: Spans


@record
class Proof:
    """What was proved together, and what it is worth."""

    file: str
    heads: tuple[ProofHead, ...]
    parts: tuple[ProofPart, ...]


@record
class Lines:
    """Sentences below each other."""

    lines: tuple[Spans, ...]


@record
class Listing:
    """The text of a protocol with the numbers of its lines."""

    text: Text


@record
class Picture:
    """A picture for formats that draw, and what its arrows mean. Others say the same in words."""

    scene: "Scene"
    legend: str


Block = AnalysisBlock | Evidence | Proof | Lines | Listing | Picture


# ---------------------------------------------------------------- what stands around the blocks


@record
class ResultLine:
    """The line about a property that scripts look for; `ending` is what it adds.

    `expected`: the file expects this very verdict, and was asked whether it is so.
    """

    file: str
    name: str
    verdict: Verdict
    seconds: float
    ending: str = ""
    expected: bool = False


@record
class TallyLine:
    """The line about several executions or orders that scripts look for."""

    word: str
    file: str
    name: str
    text: str


ScriptLine = ResultLine | TallyLine


def script_line(line: ScriptLine) -> str:
    """The line as scripts find it."""
    match line:
        case ResultLine(file=file, name=name, verdict=verdict, seconds=seconds, ending=ending):
            told = f"Result {file} {name} {verdict.value} {seconds:.2f}s"
            return f"{told} {ending}" if ending else told
        case TallyLine(word=word, file=file, name=name, text=text):
            return f"{word} {file} {name}{text}"


@record
class Annotation:
    """What deserves a mark at the place of a property; `sentence` begins with the verdict.

    It is a failure, unless it is what is known `further`, beyond the bounds of a proof.
    """

    name: str
    verdict: Verdict
    cause: Cause
    span: Span
    severity: Severity
    sentence: str
    further: str = ""


@record
class About:
    """The protocol that a report is about, its `title`, and the memory model.

    `path` is the file as it was given, `called` has its `variant` too, where it has several, and
    `file` is that without folders.
    """

    path: str
    called: str
    file: str
    protocol: str
    variant: str
    model: str
    title: str = ""

    @property
    def under(self) -> str:
        """The model, unless it is the one that need not be named."""
        return unless_default(self.model, f"under {self.model}")


@record
class Document:
    """One answer.

    `results` are the lines that scripts look for, `sources` the texts that it is about. A
    report, which says `about` what, has also its annotations and the questions behind its
    proofs. `parts` are the documents inside of a review.
    """

    command: str
    blocks: tuple[Block, ...]
    results: tuple[ScriptLine, ...] = ()
    versions: Versions | None = None
    sources: tuple[Text, ...] = ()
    about: About | None = None
    annotations: tuple[Annotation, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    parts: tuple["Document", ...] = ()

    @property
    def runs(self) -> dict[str, Ordering | None]:
        """The run of each property of which there is something to show; None where it has none."""
        shown = [block for block in self.blocks if isinstance(block, Evidence)]
        return {name: block.run for block in shown for name in block.names}
