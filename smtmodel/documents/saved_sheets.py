"""Analyses and reviews of a saved answer, for `show`. Needs no solver.

Takes an answer; gives the documents in it, or raises `Unfit`. What an analysis says is the file's
word, as is the value for programs beside it: nothing of it is decided or replayed again. The
outcomes of a review are those that `smtmodel.documents.saved` reads, and of the pages of its
proofs only what they need and how close a run comes is the file's word.
"""

from collections.abc import Sequence

from smtmodel.documents.answer import Analysis, Chapter, PageText, ReportPart, Review
from smtmodel.documents.document import Aspect, Document, Ordering
from smtmodel.documents.proof import proved
from smtmodel.documents.saved import Unfit, source
from smtmodel.documents.wire import analyses as wire
from smtmodel.documents.wire.answer import SavedAnswer
from smtmodel.documents.wire.codec import kind_of
from smtmodel.source.record import replace

ADDED = (
    Aspect.NEEDED,
    Aspect.VACUOUS_WITHOUT,
    Aspect.NOT_NEEDED,
    Aspect.NOT_KNOWN,
    Aspect.CLOSEST_CALL,
)
"""What a page says of a proof besides what the outcome says."""


def analyses(answer: SavedAnswer) -> tuple[Analysis, ...]:
    """The analyses of an answer that is no review: one, or one for each variant of a file."""
    values = answer.analyses
    foreign = any(kind_of(type(one)) != answer.command for one in values)
    if answer.outcomes or foreign or not (len(values) == 1 or _of_variants(values)):
        raise Unfit(f"it is no answer of `smtmodel {answer.command}`")
    return tuple(_analysis(answer, one) for one in values)


def _of_variants(values: Sequence[wire.SavedAnalysis]) -> bool:
    """Whether each is about another variant of one file."""
    about = [file for one in values for file in wire.files(one)]
    variants = {file.variant for file in about}
    texts = {(file.name, file.digest) for file in about}
    return None not in variants and len(variants) == len(values) == len(about) and len(texts) == 1


def _analysis(answer: SavedAnswer, value: wire.SavedAnalysis) -> Analysis:
    if isinstance(value, wire.SavedReview) or value.sheet is None:
        raise Unfit("the sheet of its analysis is not in it")
    texts = tuple(source(answer, file) for file in wire.files(value))
    document = replace(_document(value.sheet, answer.command), sources=texts)
    return Analysis(document, replace(value, sheet=None))


def _document(saved: wire.SavedSheet, command: str = "review") -> Document:
    for block in saved.blocks:
        if isinstance(block, Ordering):
            lanes = range(len(block.table.heads))
            if len(block.table.lanes) != len(lanes):
                raise Unfit("a lane of an ordering has no title")
            if any(row.lane not in lanes for row in block.table.rows):
                raise Unfit("a step of an ordering is in no lane")
    return Document(command, saved.blocks, saved.results, saved.versions)


# ---------------------------------------------------------------- reviews


def review(answer: SavedAnswer) -> tuple[Review, tuple[Analysis, ...]]:
    """The pieces of a review, and its analyses for programs."""
    value, *others = answer.analyses
    several = any(isinstance(one, wire.SavedReview) for one in others)
    if answer.command != "review" or several or not isinstance(value, wire.SavedReview):
        raise Unfit(f"it is no answer of `smtmodel {answer.command}`")
    places = [place for file in value.files for place in file.outcomes]
    if places != list(range(len(answer.outcomes))):
        raise Unfit("its files are not those of its outcomes")
    chapters = tuple(_chapter(answer, file) for file in value.files)
    made = Review(_document(value.front), chapters, _document(value.end), value)
    return made, tuple(Analysis(Document(kind_of(type(one)), ()), one) for one in others)


def _chapter(answer: SavedAnswer, saved: wire.SavedChapter) -> Chapter:
    if any(answer.outcomes[place].file != saved.file for place in saved.outcomes):
        raise Unfit(f"its outcomes about {saved.file.name} are about another file")
    analyses = tuple(map(_document, saved.sheets))
    return Chapter(_document(saved.front), saved.outcomes, analyses, _document(saved.end))


def pages(saved: wire.SavedReview, parts: Sequence[ReportPart]) -> list[PageText]:
    """For each part of a review what its proofs' pages say besides."""
    found: list[PageText] = []
    for file in saved.files:
        if len(file.pages) != len(file.outcomes):
            raise Unfit("the pages of its proofs are not those of its outcomes")
        pairs = zip(file.pages, file.outcomes, strict=True)
        found += [_page(page, parts[place]) for page, place in pairs]
    return found


def _page(saved: wire.SavedPage, part: ReportPart) -> PageText:
    if [one.names for one in saved.proofs] != [one.names for one in proved(part.outcome)]:
        raise Unfit(f"the pages of its proofs are not those of {part.context.file}")
    strange = [one for proof in saved.proofs for one in proof.parts if one.aspect not in ADDED]
    if strange:
        raise Unfit(f"a page of its proofs says for itself: {strange[0].aspect.value}")
    return PageText(tuple(proof.parts for proof in saved.proofs), saved.judged)
