"""What a review says, as sheets: which files, which verdicts, what was not asked, and the
commands that give every part again.

Takes for each file its parts and what was asked besides; gives the document and its analyses
for programs. The texts of other reports are theirs.
"""

import platform
from collections.abc import Iterator, Sequence

from smtmodel import __version__
from smtmodel.analysis.closest import Closest
from smtmodel.reports.answer import Part
from smtmodel.reports.cases import Enumerated, cases_sheet
from smtmodel.reports.json import Value
from smtmodel.reports.needed import done, needed_sheet
from smtmodel.reports.review import Chapter, Review, matrices
from smtmodel.reports.sheet import Block, Commands, Grid, Say, Sheet, Title, in_lines
from smtmodel.reports.view import replay_command
from smtmodel.solving.result import Run
from smtmodel.source import Text
from smtmodel.source.header import field
from smtmodel.source.record import record, replace
from smtmodel.verdict import Verdict

Words = tuple[str, ...]


@record
class Reviewed:
    """One file: its parts, one for each model; its text; verdicts that it does not expect; its
    cases, None where they were not asked; and what was not asked, or not answered."""

    parts: tuple[Part, ...]
    text: Text
    unmet: tuple[str, ...]
    cases: tuple[Enumerated, ...] | None
    silent: tuple[str, ...]

    @property
    def calls(self) -> tuple[Closest, ...]:
        """The closest calls of its proofs."""
        page = self.parts[0].page
        return () if page is None else page.calls


def review_of(
    files: Sequence[Reviewed], options: Words, again: Words, *, judged: bool
) -> tuple[Review, list[Sheet]]:
    """The document, and its analyses for programs. `options` are those of every command that was
    given, `again` is the command that makes all of it."""
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
        chapters.append(Chapter(_front(number, one), places, own, _end(one, commands)))
        values.append(_value(one, places, commands))
    value: Value = {"kind": "review", "files": values, "command": list(again)}
    made = Review(_overview(files), tuple(chapters), _made(files, again, judged=judged), value)
    return made, analyses


def _sheet(*blocks: Block) -> Sheet:
    return Sheet("review", blocks, (), None)


def _analyses(one: Reviewed) -> tuple[Sheet, ...]:
    """The sheets that are shown."""
    part = one.parts[0]
    if not one.cases:
        return ()
    made = cases_sheet(part.protocol, part.outcome.model, part.context, one.cases, tables=False)
    return (replace(made, results=(), blocks=made.blocks[:-1]),)  # the versions stand elsewhere


def _for_programs(one: Reviewed) -> tuple[Sheet, ...]:
    """What is needed, of which people see what the page of the proof says."""
    part = one.parts[0]
    needs = part.page.needs if part.page is not None else None
    return () if needs is None else (needed_sheet(needs, part.context),)


# ---------------------------------------------------------------- the front


def _overview(files: Sequence[Reviewed]) -> Sheet:
    outcomes = [(n, p.outcome) for n, one in enumerate(files, 1) for p in one.parts]
    verdicts = [r.verdict for _, outcome in outcomes for r in outcome.results]
    counts = [f"{verdicts.count(one)} {one.value}" for one in Verdict if one in verdicts]
    count = f"{len(files)} protocol" + ("" if len(files) == 1 else "s")
    rows = [(f"[{n}]", *_named(one)) for n, one in enumerate(files, 1)]
    unmet = [f"[{n}] {text}" for n, one in enumerate(files, 1) for text in one.unmet]
    return _sheet(
        Title("REVIEW", f"of {count}: {', '.join(counts)}"),
        Grid("", ("", "file", "digest", "patch"), tuple(rows)),
        *matrices(outcomes),
        *(Say(text, "Not as its file expects") for text in unmet),
    )


def _named(one: Reviewed) -> tuple[str, str, str]:
    return one.parts[0].context.file, one.text.digest, field(one.text, "Patch") or "-"


def _front(number: int, one: Reviewed) -> Sheet:
    protocol = one.parts[0].protocol
    about = f": {protocol.title}" if protocol.title else ""
    said = [(name, field(one.text, name)) for name in ("Patch", "Source")]
    return _sheet(
        Title(f"[{number}]", f"{one.parts[0].context.file}{about}"),
        *(Say(text, name) for name, text in said if text),
        Say(one.text.sha256, "SHA-256"),
    )


# ---------------------------------------------------------------- commands


def _commands(one: Reviewed, options: Words, *, judged: bool) -> Iterator[Words]:
    """The command for every part of what is said about a file."""
    name = one.parts[0].context.given
    cross = ("--cross-check",) if judged else ()
    for part in one.parts:
        model = part.outcome.model
        under = () if model == "sc" else ("--model", model)
        yield ("smtmodel", "prove", name, *under, *options, *cross)
    model = one.parts[0].outcome.model
    under = () if model == "sc" else ("--model", model)
    if one.cases:
        yield ("smtmodel", "cases", name, *under, *options)
    page = one.parts[0].page
    if page is not None and page.needs is not None:
        yield ("smtmodel", "needed", "-v", name, *under, *options)
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
        "cvc5 and the explorer were asked about every proof"
        if judged
        else "cvc5 and the explorer were not asked (--cross-check)"
    )
    return _sheet(
        Title("MADE", f"with {', '.join(tools)}"),
        Say(f"Every run was made by the interpreter before it was told; {second}.", "Checked"),
        Commands("All of this again:", (again,)),
    )


# ---------------------------------------------------------------- for programs


def _value(one: Reviewed, places: Sequence[int], commands: Sequence[Words]) -> Value:
    part = one.parts[0]
    return {
        "file": {"name": part.context.given, "digest": one.text.digest},
        "sha256": one.text.sha256,
        "patch": field(one.text, "Patch") or None,
        "source": field(one.text, "Source") or None,
        "outcomes": list(places),
        "not_as_expected": list(one.unmet),
        "not_asked": list(one.silent),
        "closest": [_call(one, call) for call in one.calls],
        "commands": [list(words) for words in commands],
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
