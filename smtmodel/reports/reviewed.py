"""What a review says, as sheets: which files, which verdicts, what was not asked, and the
commands that give every part again.

Takes for each file its parts and what was asked besides; gives the document and its analyses
for programs. The texts of other reports are theirs.
"""

import platform
from collections.abc import Iterator, Sequence

from smtmodel import __version__
from smtmodel.analysis.closest import Closest
from smtmodel.language.checked import BuiltIn, Checked
from smtmodel.language.quote import quotes
from smtmodel.reports.answer import ReportPart
from smtmodel.reports.cases import Enumerated, cases_sheet
from smtmodel.reports.diff import Comparison, diff_sheet
from smtmodel.reports.json import Value, file_value
from smtmodel.reports.needed import done, needed_sheet
from smtmodel.reports.proof import Page, told_of
from smtmodel.reports.review import Chapter, Review, matrices
from smtmodel.reports.sheet import (
    Block,
    Commands,
    Grid,
    Ordering,
    Row,
    Rows,
    Say,
    Sheet,
    Title,
    in_lines,
)
from smtmodel.reports.sheet_json import sheet_value
from smtmodel.reports.view import replay_command, view
from smtmodel.solving.result import Outcome, Run, Sort
from smtmodel.source import Text
from smtmodel.source.header import field
from smtmodel.source.record import record, replace
from smtmodel.source.refusal import Refusal
from smtmodel.verdict import Verdict

Words = tuple[str, ...]


@record
class Reviewed:
    """One file: its parts, one for each model; its text; verdicts that it does not expect; what it
    changes about the file before it, if that is another version of it; its cases, None where they
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


def review_of(
    files: Sequence[Reviewed],
    wrong: Sequence[Refusal],
    options: Words,
    again: Words,
    *,
    judged: bool,
) -> tuple[Review, list[Sheet]]:
    """The document, and its analyses for programs. `wrong` are files that it is not about,
    `options` those of every command that was given; `again` is the command that makes all of it.
    """
    chapters: list[Chapter] = []
    analyses: list[Sheet] = []
    values: list[Value] = []
    place = 0
    for number, one in enumerate(files, 1):
        own = _analyses(one)
        analyses += [*own, *_for_programs(one)]
        places = tuple(range(place, place + len(one.parts)))
        place += len(one.parts)
        commands = list(_commands(one, options, judged=judged))
        chapter = Chapter(_front(number, one), places, own, _end(one, commands))
        chapters.append(chapter)
        values.append(_value(one, chapter, commands))
    front, end = _overview(files, wrong), _made(files, again, judged=judged)
    value: Value = {
        "kind": "review",
        "files": values,
        "command": list(again),
        "front": sheet_value(front),
        "end": sheet_value(end),
    }
    return Review(front, tuple(chapters), end, value), analyses


def _sheet(*blocks: Block) -> Sheet:
    return Sheet("review", blocks, (), None)


def _analyses(one: Reviewed) -> tuple[Sheet, ...]:
    """The sheets that are shown, without the versions, which stand elsewhere."""
    part = one.parts[0]
    model, context = part.outcome.model, part.context
    found: list[Sheet] = []
    if one.change is not None:
        made = diff_sheet(one.change)
        # The old run stands in the chapter before, as far as it goes.
        blocks = tuple(block for block in made.blocks[:-1] if not isinstance(block, Ordering))
        found.append(replace(made, results=(), blocks=blocks))
    if one.cases:
        made = cases_sheet(part.protocol, model, context, one.cases, tables=False)
        found.append(replace(made, results=(), blocks=made.blocks[:-1]))
    return tuple(found)


def _for_programs(one: Reviewed) -> tuple[Sheet, ...]:
    """What is needed, of which people see what the page of the proof says."""
    part = one.parts[0]
    needs = part.page.needs if part.page is not None else None
    return () if needs is None else (needed_sheet(needs, part.context),)


# ---------------------------------------------------------------- the front


def _overview(files: Sequence[Reviewed], wrong: Sequence[Refusal]) -> Sheet:
    outcomes = [(n, p.outcome) for n, one in enumerate(files, 1) for p in one.parts]
    count = f"{len(files)} protocol" + ("" if len(files) == 1 else "s")
    rows = [(f"[{n}]", *_named(one)) for n, one in enumerate(files, 1)]
    unmet = [f"[{n}] {text}" for n, one in enumerate(files, 1) for text in one.unmet]
    return _sheet(
        Title("REVIEW", f"of {count}"),
        *(Say(one, "Not reviewed") for refusal in wrong for one in refusal.sentences),
        Grid("", ("", "file", "patch", "claims"), tuple(rows)),
        *matrices(outcomes),
        Say(_LEGEND),
        *(Say(text, "Not as its file expects") for text in unmet),
    )


_LEGEND = (
    "A property is PROVED if no execution within the bounds violates it, and REFUTED by one that"
    " does; a goal (`reach`) is PROVED by an execution that reaches it. What is VACUOUS is not"
    " violated only because it is never put to the test."
)


_NOTATION = (
    "update0, fault0 are lanes: what runs concurrently; `fault0 30-32, update0 20` are the lines"
    " of the steps that they take, in their order. In a run, A, B are objects in the order in which"
    " it meets them, fresh1, fresh2 values that nobody had before, and `- -> 0` is a first value."
)


def _named(one: Reviewed) -> tuple[str, str, str]:
    return one.parts[0].context.file, field(one.text, "Patch") or "-", _claims(one)


def _claims(one: Reviewed) -> str:
    """The verdicts of what the file claims, under each model that has others than the first."""
    counts = [(part.outcome.model, _counted(part.outcome)) for part in one.parts]
    first = counts[0][1]
    others = [f"; under {model} {told}" for model, told in counts[1:] if told != first]
    return first + "".join(others)


def _counted(outcome: Outcome) -> str:
    """`4 PROVED, 2 REFUTED`: of what is stated, and what else is not proved."""
    verdicts = [
        one.verdict
        for one in outcome.results
        if one.sort in (Sort.NEVER, Sort.ASSERT) or one.verdict is not Verdict.PROVED
    ]
    return ", ".join(f"{verdicts.count(one)} {one.value}" for one in Verdict if one in verdicts)


def _front(number: int, one: Reviewed) -> Sheet:
    protocol = one.parts[0].protocol
    about = f": {protocol.title}" if protocol.title else ""
    said = [(name, field(one.text, name)) for name in ("Patch", "Source")]
    return _sheet(
        Title(f"[{number}]", f"{one.parts[0].context.file}{about}"),
        *(Say(text, name) for name, text in said if text),
        Say(one.text.sha256, "SHA-256"),
        *_stated(protocol),
    )


def _stated(protocol: Checked) -> list[Block]:
    """What the file claims, in its own words."""
    quoted = quotes(protocol.text)
    own = [item for item in protocol.properties if not isinstance(item, BuiltIn)]
    rows = tuple(Row((str(item.span.line), quoted.at(item.span))) for item in own)
    built_in = [item.name for item in protocol.properties if isinstance(item, BuiltIn)]
    found: list[Block] = [Rows("what it claims, by its lines:", rows)] if rows else []
    return [*found, Say(", ".join(built_in), "Looked for too")] if built_in else found


# ---------------------------------------------------------------- commands


def _commands(one: Reviewed, options: Words, *, judged: bool) -> Iterator[Words]:
    """The command for every part of what is said about a file."""
    context = one.parts[0].context
    cross = ("--cross-check",) if judged else ()
    for part in one.parts:
        model = part.outcome.model
        under = () if model == "sc" else ("--model", model)
        yield ("smtmodel", "prove", *context.words, *under, *options, *cross)
    model = one.parts[0].outcome.model
    under = () if model == "sc" else ("--model", model)
    if one.change is not None and len(context.words) == 1:  # standard input is read once
        yield ("smtmodel", "diff", one.change.old.context.given, context.given, *under, *options)
    if one.cases:
        yield ("smtmodel", "cases", *context.words, *under, *options)
    page = one.parts[0].page
    if page is not None and page.needs is not None:
        yield ("smtmodel", "needed", "-v", *context.words, *under, *options)
    replays = [_replay(one, call) for call in one.calls]
    yield from dict.fromkeys(words for words in replays if words)


def _replay(one: Reviewed, call: Closest) -> Words:
    """The command that runs the closest call as far as it goes."""
    run, part = call.followed.run, one.parts[0]
    if run is None or not run.trace.moments:
        return ()
    made = Run(call.followed.bounds, call.made, run.trace, (), "")
    return replay_command(part.protocol, part.context, made, part.outcome.model)


def _end(one: Reviewed, commands: Sequence[Words]) -> Sheet:
    blocks: list[Block] = [Commands("To see it again:", tuple(commands))]
    if one.silent:
        blocks.insert(0, Say("; ".join(one.silent), "Not asked"))
    return _sheet(*blocks)


def _made(files: Sequence[Reviewed], again: Words, *, judged: bool) -> Sheet:
    solvers = dict.fromkeys(p.context.solver for one in files for p in one.parts)
    tools = [f"smtmodel {__version__}", *(f"z3 {one}" for one in solvers if one)]
    tools.append(f"Python {platform.python_version()}")
    second = (
        "what cvc5 and the explorer say stands with every proof"
        if judged
        else "cvc5 and the explorer were not asked (--cross-check)"
    )
    return _sheet(
        Title("MADE", f"with {', '.join(tools)}"),
        Say(f"Every run was made by the interpreter before it was told; {second}.", "Checked"),
        Say(_NOTATION, "Notation"),
        Commands("All of this again:", (again,)),
    )


# ---------------------------------------------------------------- for programs


def _value(one: Reviewed, chapter: Chapter, commands: Sequence[Words]) -> Value:
    part = one.parts[0]
    return {
        "file": file_value(part.protocol),
        "sha256": one.text.sha256,
        "patch": field(one.text, "Patch") or None,
        "source": field(one.text, "Source") or None,
        "outcomes": list(chapter.outcomes),
        "not_as_expected": list(one.unmet),
        "not_asked": list(one.silent),
        "closest": [_call(one, call) for call in one.calls],
        "commands": [list(words) for words in commands],
        "front": sheet_value(chapter.front),
        "pages": [_page(part) for part in one.parts],
        "sheets": [sheet_value(sheet) for sheet in chapter.sheets],
        "end": sheet_value(chapter.end),
    }


def _page(part: ReportPart) -> Value:
    """What the pages of the proofs of one outcome say besides."""
    report = view(part.protocol, part.outcome, part.context)
    told = told_of(report, part.page or Page(None, (), judged=False))
    return {
        "judged": told.judged,
        "proofs": [
            {
                "names": list(proof.names),
                "parts": [{"heading": name, "lines": list(lines)} for name, lines in parts],
            }
            for proof, parts in zip(report.proofs, told.parts, strict=True)
        ],
    }


def _call(one: Reviewed, call: Closest) -> Value:
    run = call.followed.run
    return {
        "name": call.name,
        "line": call.without.lines[0],
        "step": call.without.texts[0],
        "change": done(call.without),
        "steps": call.run.steps,
        "ordering": in_lines(call.run.trace),
        "made": call.made,
        "followed": None if run is None else in_lines(run.trace),
        "stopped": call.followed.stopped or None,
        "replay": list(_replay(one, call)),
    }
