"""One document about a series of protocols: the answer of `review`.

Takes for each file its parts and what was asked besides; says which files and verdicts these are,
what was not asked, and the commands that give every part again. The texts of reports and
analyses are theirs.
"""

import platform
from collections.abc import Iterator, Sequence

from smtmodel import __version__
from smtmodel.analysis.closest import Closest
from smtmodel.documents import document as doc
from smtmodel.documents import options
from smtmodel.documents.answer import Analysis, Chapter, Page, ReportPart, Review
from smtmodel.documents.cases import Enumerated, cases_document
from smtmodel.documents.changes import done
from smtmodel.documents.diff import Comparison, diff_document
from smtmodel.documents.document import joined, spans, text_of
from smtmodel.documents.json import saved_file, saved_sheet
from smtmodel.documents.needed import call_words, needed_document
from smtmodel.documents.proof import proved
from smtmodel.documents.proof_page import page_text
from smtmodel.documents.scope import in_words
from smtmodel.documents.wire import analyses as wire
from smtmodel.language.checked import BuiltIn, Checked
from smtmodel.language.quote import quotes
from smtmodel.models import KERNEL
from smtmodel.solving.result import Outcome, Run, Sort
from smtmodel.source import Text
from smtmodel.source.header import field
from smtmodel.source.record import record, replace
from smtmodel.source.refusal import Refusal
from smtmodel.verdict import Verdict

Words = tuple[str, ...]

EXECUTED = (
    f"Every execution under {KERNEL} was repeated lane by lane, and judged by another reading of"
    " the model, before it was told; there are no second judges."
)

WIDTH = 56
"""Columns of a matrix that fit into a mail."""


def review_of(review: Review, reports: Sequence[doc.Document]) -> doc.Document:
    """The document, with the reports that its chapters are about.

    A text is listed once for all variants in it.
    """
    chapters: list[doc.Document] = []
    listed: tuple[Text, ...] = ()
    for one in review.chapters:
        texts = reports[one.outcomes[0]].sources
        chapters.append(_chapter(one, reports, texts if texts != listed else ()))
        listed = texts
    return replace(review.front, parts=(*chapters, review.end))


def _chapter(
    chapter: Chapter, reports: Sequence[doc.Document], texts: tuple[Text, ...]
) -> doc.Document:
    """A chapter, which lists these texts."""
    own = [reports[number] for number in chapter.outcomes]
    blocks = (*chapter.front.blocks, *map(doc.Listing, texts))
    return replace(chapter.front, blocks=blocks, parts=(*own, *chapter.analyses, chapter.end))


@record
class Reviewed:
    """One file: its parts, one for each model; its text; verdicts that it does not expect; what it
    changes about the file that it is compared with; its cases, None where they
    were not asked; and what was not asked, or not answered."""

    parts: tuple[ReportPart, ...]
    text: Text
    unmet: tuple[str, ...]
    change: Comparison | None
    cases: tuple[Enumerated, ...] | None
    silent: tuple[str, ...]

    @property
    def calls(self) -> tuple[Closest, ...]:
        """The closest calls of its proofs."""
        page = self.parts[0].page
        return () if page is None else page.calls


def pieces(
    files: Sequence[Reviewed], wrong: Sequence[Refusal], given: Words, again: Words, *, judged: bool
) -> tuple[Review, list[Analysis]]:
    """The pieces of the document, and its analyses for programs. `wrong` are files that it is not
    about, `given` the options of every command; `again` is the command that makes all of it.
    """
    chapters: list[Chapter] = []
    analyses: list[Analysis] = []
    values: list[wire.SavedChapter] = []
    place = 0
    for number, one in enumerate(files, 1):
        own = _analyses(one)
        analyses += [*own, *_for_programs(one)]
        places = tuple(range(place, place + len(one.parts)))
        place += len(one.parts)
        commands = list(_commands(one, given, judged=judged))
        shown = tuple(replace(made.document, results=(), versions=None, sources=()) for made in own)
        chapter = Chapter(_front(number, one), places, shown, _end(one, commands))
        chapters.append(chapter)
        values.append(_value(one, chapter, commands))
    front, end = _overview(files, wrong), _made(files, again, judged=judged)
    value = wire.SavedReview(tuple(values), again, saved_sheet(front), saved_sheet(end))
    return Review(front, tuple(chapters), end, value), analyses


def _piece(*blocks: doc.Block) -> doc.Document:
    return doc.Document("review", blocks)


def _analyses(one: Reviewed) -> list[Analysis]:
    """The analyses that are shown; versions and results stand elsewhere."""
    part = one.parts[0]
    protocol, context = part.protocol, part.context
    model, results = part.outcome.model, part.outcome.results
    found: list[Analysis] = []
    if one.change is not None:
        # The old run stands in the chapter before, as far as it goes.
        found.append(diff_document(one.change, runs=False))
    if one.cases:
        found.append(cases_document(protocol, model, context, one.cases, results, tables=False))
    return found


def _for_programs(one: Reviewed) -> list[Analysis]:
    """What is needed, of which people see what the page of the proof says."""
    part = one.parts[0]
    needs = part.page.needs if part.page is not None else None
    return [] if needs is None else [needed_document(needs, part.context)]


# ---------------------------------------------------------------- the front


def _overview(files: Sequence[Reviewed], wrong: Sequence[Refusal]) -> doc.Document:
    outcomes = [(n, p.outcome) for n, one in enumerate(files, 1) for p in one.parts]
    count = f"{len(files)} protocol" + ("" if len(files) == 1 else "s")
    rows = [(spans(f"[{n}]"), *_named(one)) for n, one in enumerate(files, 1)]
    heads = tuple(map(spans, ("", "file", "patch", "claims")))
    unmet = [f"[{n}] {text}" for n, one in enumerate(files, 1) for text in one.unmet]
    return _piece(
        doc.Title("REVIEW", spans(f"of {count}")),
        *(doc.say(one, label="Not reviewed") for refusal in wrong for one in refusal.sentences),
        doc.Grid((), heads, tuple(rows)),
        *_matrices(outcomes),
        doc.say(_LEGEND),
        *(doc.say(text, label="Not as its file expects") for text in unmet),
    )


_LEGEND = (
    "A property is PROVED if no execution within the bounds violates it, and REFUTED by one that"
    " does; a goal (`reach`) is PROVED by an execution that reaches it. What is VACUOUS is not"
    " violated only because it is never put to the test."
)


_NOTATION = (
    "update0, fault0 are lanes: what runs concurrently. `fault0@30-32 update0@20/*` are the lines"
    " of the steps that they take, in their order; `/*` is what is left up to the lane's end."
    " In a run, A, B are objects in the order in which it meets them, fresh1, fresh2 values never"
    " used before, and `- -> 0` is a first value."
)


def _named(one: Reviewed) -> tuple[doc.Spans, doc.Spans, doc.Spans]:
    patch = field(one.text, "Patch") or "-"
    return spans(one.parts[0].context.file), spans(patch), _claims(one)


def _claims(one: Reviewed) -> doc.Spans:
    """The verdicts of what the file claims, under each model that has others than the first."""
    counts = [(part.outcome.model, _counted(part.outcome)) for part in one.parts]
    first = counts[0][1]
    others = [spans(f"; under {model} ", told) for model, told in counts[1:] if told != first]
    return spans(first, *others)


def _counted(outcome: Outcome) -> doc.Spans:
    """`4 PROVED, 2 REFUTED`: of what is stated, and what else is not proved."""
    verdicts = [
        one.verdict
        for one in outcome.results
        if one.sort in (Sort.NEVER, Sort.ASSERT) or one.verdict is not Verdict.PROVED
    ]
    return joined(
        ", ",
        (
            spans(f"{verdicts.count(one)} ", doc.VerdictSpan(one))
            for one in Verdict
            if one in verdicts
        ),
    )


def _front(number: int, one: Reviewed) -> doc.Document:
    protocol = one.parts[0].protocol
    about = f": {protocol.title}" if protocol.title else ""
    said = [(name, field(one.text, name)) for name in ("Patch", "Source")]
    return _piece(
        doc.Title(f"[{number}]", spans(f"{one.parts[0].context.file}{about}")),
        *(doc.say(text, label=name) for name, text in said if text),
        doc.say(one.text.sha256, label="SHA-256"),
        *_stated(protocol),
    )


def _stated(protocol: Checked) -> list[doc.Block]:
    """What the file claims, in its own words."""
    quoted = quotes(protocol.text)
    own = [item for item in protocol.properties if not isinstance(item, BuiltIn)]
    rows = tuple(
        doc.Row((spans(str(item.span.line)), spans(doc.StepSpan(quoted.at(item.span)))))
        for item in own
    )
    built_in = [item.name for item in protocol.properties if isinstance(item, BuiltIn)]
    found: list[doc.Block] = (
        [doc.Rows(spans("what it claims, by its lines:"), rows)] if rows else []
    )
    return [*found, doc.say(", ".join(built_in), label="Looked for too")] if built_in else found


# ---------------------------------------------------------------- the matrix


def _matrices(outcomes: Sequence[tuple[int, Outcome]]) -> list[doc.Grid]:
    """The verdicts, a table for each memory model: a row for each property, a column for each
    file, by its number; as many tables as a mail is too narrow for."""
    grids: list[doc.Grid] = []
    for model in dict.fromkeys(outcome.model for _, outcome in outcomes):
        own = [(number, one) for number, one in outcomes if one.model == model]
        names = list(dict.fromkeys(r.name for _, one in own for r in one.results))
        most = max(1, (WIDTH - max(map(len, names), default=0)) // 9)
        for start in range(0, len(own), most):
            grids.append(_matrix(model, own[start : start + most], names))
    return grids


def _matrix(model: str, own: Sequence[tuple[int, Outcome]], names: Sequence[str]) -> doc.Grid:
    columns = [{r.name: doc.VerdictSpan(r.verdict) for r in one.results} for _, one in own]
    heads = (model, *(f"[{number}]" for number, _ in own))
    rows = tuple(
        (spans(name), *(spans(column.get(name, "-")) for column in columns))
        for name in names
        if any(name in column for column in columns)
    )
    return doc.Grid(spans(f"Verdicts under {model}:"), tuple(map(spans, heads)), rows)


# ---------------------------------------------------------------- commands


def _commands(one: Reviewed, given: Words, *, judged: bool) -> Iterator[Words]:
    """The command for every part of what is said about a file."""
    about = one.parts[0].context.words
    cross = ("--cross-check",) if judged else ()
    for part in one.parts:
        under = options.under(part.outcome.model)
        yield options.asking("prove", about, under, given, cross)
    model = options.under(one.parts[0].outcome.model)
    if one.change is not None and len(about) == 1:  # standard input is read once
        yield options.asking("diff", one.change.old.context.words, about, model, given)
    if one.cases:
        yield options.asking("cases", about, model, given)
    page = one.parts[0].page
    if page is not None and page.needs is not None:
        yield options.asking("needed", ("-v",), about, model, given)
    replays = [_replay(one, call) for call in one.calls]
    yield from dict.fromkeys(words for words in replays if words)


def _replay(one: Reviewed, call: Closest) -> Words:
    """The command that runs the closest call as far as it goes."""
    run, part = call.followed.run, one.parts[0]
    if run is None or not run.trace.moments:
        return ()
    made = Run(call.followed.bounds, call.made, run.trace, (), "")
    return options.replaying(part.protocol, part.context.words, made, part.outcome.model)


def _end(one: Reviewed, commands: Sequence[Words]) -> doc.Document:
    blocks: list[doc.Block] = [doc.Commands(spans("To see it again:"), tuple(commands))]
    if one.silent:
        blocks.insert(0, doc.say("; ".join(one.silent), label="Not asked"))
    return _piece(*blocks)


def _made(files: Sequence[Reviewed], again: Words, *, judged: bool) -> doc.Document:
    solvers = dict.fromkeys(p.context.solver for one in files for p in one.parts)
    tools = [f"smtmodel {__version__}", *(f"z3 {one}" for one in solvers if one)]
    tools.append(f"Python {platform.python_version()}")
    second = (
        "what cvc5 and the explorer say stands with every proof"
        if judged
        else "cvc5 and the explorer were not asked (--cross-check)"
    )
    replayed = f"Every run was made by the interpreter before it was told; {second}."
    models = {part.outcome.model for one in files for part in one.parts}
    executed = (doc.say(EXECUTED),) if KERNEL in models else ()
    if models == {KERNEL}:
        replayed, executed = EXECUTED, ()
    return _piece(
        doc.Title("MADE", spans(f"with {', '.join(tools)}")),
        doc.say(replayed, label="Checked"),
        *executed,
        doc.say(_NOTATION, label="Notation"),
        doc.Commands(spans("All of this again:"), (again,)),
    )


# ---------------------------------------------------------------- for programs


def _value(one: Reviewed, chapter: Chapter, commands: Sequence[Words]) -> wire.SavedChapter:
    return wire.SavedChapter(
        saved_file(one.parts[0].protocol),
        one.text.sha256,
        field(one.text, "Patch") or None,
        field(one.text, "Source") or None,
        chapter.outcomes,
        one.unmet,
        one.silent,
        tuple(_call(one, call) for call in one.calls),
        tuple(commands),
        saved_sheet(chapter.front),
        tuple(_page(part) for part in one.parts),
        tuple(map(saved_sheet, chapter.analyses)),
        saved_sheet(chapter.end),
    )


def _page(part: ReportPart) -> wire.SavedPage:
    """What the pages of the proofs of one outcome say besides."""
    heads = [one.names for one in proved(part.outcome)]
    told = page_text(part.page or Page(None, (), judged=False), part.context.file, heads)
    proofs = tuple(map(wire.SavedProof, heads, told.parts))
    return wire.SavedPage(told.judged, proofs)


def _call(one: Reviewed, call: Closest) -> wire.SavedCall:
    run, bounds = call.followed.run, call.followed.bounds
    protocol = one.parts[0].protocol
    return wire.SavedCall(
        call.name,
        call.without.lines[0],
        call.without.texts[0],
        text_of(done(call.without)),
        call.run.steps,
        call_words(call),
        call.made,
        None if run is None else in_words(protocol, bounds, run.trace, call.model),
        call.followed.stopped or None,
        _replay(one, call),
    )
