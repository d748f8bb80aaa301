"""What there is to say about an outcome, before it is known how it will be shown.

Takes a checked protocol and what was decided about it; gives a `Report` of plain text parts
that every format renders. Knows no widths, colours or files.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from smtmodel.language.checked import DEADLOCK, Checked
from smtmodel.reports import assumptions, beyond, opinions
from smtmodel.reports.plain import one_line
from smtmodel.reports.scope import (
    bound_list,
    bound_options,
    bounds_text,
    by_extents,
    counted,
    lane_lines,
    scope_text,
)
from smtmodel.reports.table import Table, table_of
from smtmodel.reports.why import why_texts
from smtmodel.solving.result import Extent, Outcome, Result, Run, Sort
from smtmodel.source import Text
from smtmodel.source.record import record, replace
from smtmodel.verdict import Cause, Verdict

if TYPE_CHECKING:
    from smtmodel.reports.scene import Scene


@record
class Context:
    """What made the outcome: the tool's and the solver's versions, and the file as given."""

    given: str
    tool: str
    solver: str

    @property
    def file(self) -> str:
        """The file's name without its folders, as it may be printed."""
        return one_line(self.given.rsplit("/", 1)[-1])

    @property
    def words(self) -> tuple[str, ...]:
        """What a command takes to be about it; what begins with `-:` would be an option."""
        file, colon, variant = self.given.partition(":")
        return ("-", "--variant", variant) if colon and file == "-" else (self.given,)


@record
class Evidence:
    """One property of which there is something to show.

    `scope` is what stands behind the name in the headline; `same_as` names an earlier finding
    with the same run, whose table is then not repeated. `scene` is the run as a picture, for
    formats that draw.
    """

    result: Result
    scope: str
    notes: tuple[str, ...] = ()
    table: Table | None = None
    same_as: str = ""
    banner: str = ""
    replay: tuple[str, ...] = ()
    why: tuple[str, ...] = ()
    scene: "Scene | None" = None


@record
class Proof:
    """What was proved together, and what it is worth. Each part is (heading, lines).

    `scopes` has for each name what stands behind it in the headline.
    """

    names: tuple[str, ...]
    scopes: tuple[str, ...]
    parts: tuple[tuple[str, tuple[str, ...]], ...]


@record
class Report:
    """All that is said about one outcome; `endings` has for each result what its line adds.

    There is a proof for each scope: properties of one file may hold for more lanes than others.
    `path` is the file as it was given, `text` what stands in it; `called` has the `variant` too,
    where the file has several. `expected` has for each result
    the verdict that the file expects of it, under `check`.
    """

    file: str
    findings: tuple[Evidence, ...]
    proofs: tuple[Proof, ...]
    versions: str
    results: tuple[Result, ...]
    endings: tuple[str, ...]
    path: str = ""
    text: Text = Text("", "")
    model: str = "sc"
    expected: tuple[Verdict, ...] | None = None
    called: str = ""
    variant: str = ""


def view(
    protocol: Checked,
    outcome: Outcome,
    context: Context,
    *,
    expected: tuple[Verdict, ...] | None = None,
    witnesses: bool = False,
    scenes: bool = False,
) -> Report:
    """The report of an outcome.

    With `expected` (a verdict for each result) it shows what is not as expected and proves
    nothing; else everything, and with `witnesses` also the runs that reach the goals. With
    `scenes` every run is made into a picture.
    """
    findings: list[Evidence] = []
    endings: list[str] = []
    for number, result in enumerate(outcome.results):
        ending = [] if outcome.model == "sc" else [f"under {outcome.model}"]
        if expected is None:
            show = result.verdict is not Verdict.PROVED or (witnesses and result.run is not None)
        else:
            show = result.verdict is not expected[number]
            ending += [f"expected {expected[number].value}"] if show else []
        if show:
            finding = _finding(protocol, outcome, context, result, findings)
            findings.append(_drawn(protocol, outcome, finding) if scenes else finding)
        doubt = "" if result.run is None else result.run.doubt
        ending += [f"run {doubt}"] if doubt else []
        ending += filter(None, (opinions.ending(result), beyond.ending(result)))
        endings.append(", ".join(ending))
    proofs = _proofs(protocol, outcome, context) if expected is None else ()
    replayed = any(finding.replay for finding in findings)
    made = versions(protocol, context, replayed=replayed) if findings or proofs else ""
    return Report(
        context.file,
        tuple(findings),
        proofs,
        made,
        outcome.results,
        tuple(endings),
        protocol.text.name,
        protocol.text,
        outcome.model,
        expected,
        context.given,
        protocol.variant,
    )


def source(protocol: Checked) -> str:
    """The name of the file without its folders, as it stands before the number of a line."""
    return one_line(protocol.text.name.rsplit("/", 1)[-1])


def versions(protocol: Checked, context: Context, *, replayed: bool) -> str:
    """The line that says what made this report."""
    solver = f", z3 {context.solver}" if context.solver else ""
    made = f"smtmodel {context.tool}{solver}, {context.file} {protocol.text.digest}"
    return made + ("; run checked by replay" if replayed else "")


def headline(report: Report, finding: Evidence) -> str:
    """What is said first of a property."""
    result = finding.result
    return f"{result.verdict.value} {report.file}: {result.name}{finding.scope}"


def result_line(report: Report, number: int) -> str:
    """The line of a result that scripts look for."""
    result, ending = report.results[number], report.endings[number]
    line = f"Result {report.file} {result.name} {result.verdict.value} {result.seconds:.2f}s"
    return f"{line} {ending}" if ending else line


def alike(findings: Iterable[Evidence]) -> list[tuple[Evidence, ...]]:
    """The findings; those without a run of which the same is said are together."""
    groups: dict[object, list[Evidence]] = {}
    for number, one in enumerate(findings):
        said = (one.result.verdict, one.scope, one.notes) if one.table is None else number
        groups.setdefault(said, []).append(one)
    return [tuple(group) for group in groups.values()]


# ---------------------------------------------------------------- findings


def _finding(
    protocol: Checked,
    outcome: Outcome,
    context: Context,
    result: Result,
    earlier: list[Evidence],
) -> Evidence:
    model = "" if outcome.model == "sc" else f"{outcome.model}, "
    if result.run is None:
        scope = f", for {bounds_text(protocol, outcome.bounds)} ({outcome.model})"
        return Evidence(result, scope, _notes(result))
    run = result.run
    size = ", ".join([*bound_list(protocol, run.bounds), counted(run.steps, "steps")])
    scope = f"  ({model}{'a run' if run.doubt else 'smallest run'}: {size})"
    if result.verdict is Verdict.PROVED:
        scope = f", reached{scope}"
    table = table_of(run.trace)
    same = next((one.result.name for one in earlier if one.table == table), "")
    replay = replay_command(protocol, context, run, outcome.model)
    why = why_texts(run)
    return Evidence(result, scope, _notes(result), table, same, banner(result), replay, why)


def _drawn(protocol: Checked, outcome: Outcome, finding: Evidence) -> Evidence:
    """The finding with its picture, where it has a run that no earlier one shows."""
    run = finding.result.run
    if run is None or finding.same_as:
        return finding
    from smtmodel.models import model
    from smtmodel.reports.scene import scene_of

    return replace(
        finding, scene=scene_of(protocol, run, buffers=model(outcome.model).store_buffers)
    )


def _notes(result: Result) -> tuple[str, ...]:
    notes = (f"Reason:  {result.reason}",) if result.reason else ()
    if result.run is not None and result.run.doubt:
        notes = (*notes, f"The run is {result.run.doubt}.")
    if result.cause is Cause.CONTRADICTION:
        request = "this is a bug of smtmodel: please report it, with the protocol"
        return (*notes, request)
    return notes


def banner(result: Result) -> str:
    """The facts at the end of a result's run, on one line; nothing without a run."""
    run = result.run
    if run is None:
        return ""
    if result.name == DEADLOCK:
        return ", ".join(f"{lane} waits at {step}" for lane, step in run.facts)
    return run.claim or ", ".join(f"{what} == {value}" for what, value in run.facts)


def replay_command(protocol: Checked, context: Context, run: Run, model: str) -> tuple[str, ...]:
    """The command that runs this very ordering, word by word."""
    from smtmodel.executions.schedule import format_schedule

    words = ["smtmodel", "replay", *context.words, *bound_options(protocol, run.bounds)]
    if model != "sc":
        words += ["--model", model]
    return (*words, *format_schedule(run.trace.schedule).split())


# ---------------------------------------------------------------- the proof


def _proofs(protocol: Checked, outcome: Outcome, context: Context) -> tuple[Proof, ...]:
    """The blocks about what was proved, if that is more than built-in properties of a refuted
    protocol. Those stand below what else was proved."""
    proved = [one for one in outcome.results if one.verdict is Verdict.PROVED]
    stated = [one for one in proved if one.sort in (Sort.NEVER, Sort.ASSERT)]
    goals = [one for one in proved if one.sort is Sort.REACH]
    built_in = [one for one in proved if one.sort is Sort.BUILT_IN]
    rest = outcome.results and all(one.verdict is Verdict.PROVED for one in outcome.results)
    if not stated and not rest:
        return ()
    groups = by_extents(stated or goals or built_in)
    also = by_extents(built_in if stated or goals else [])
    proofs: list[Proof] = []
    for extents, results in groups.items():
        own = also.pop(extents, [])
        lines, told = [", ".join(one.name for one in own)], [*results, *own]
        if len(proofs) == len(groups) - 1:
            lines += [_elsewhere(protocol, outcome, *one) for one in also.items()]
            told += [result for others in also.values() for result in others]
        parts = _parts(protocol, outcome, context, extents, told)
        confirmed = opinions.checked([*results, *(built_in if not proofs else ())])
        if confirmed:
            parts.append(("Checked", confirmed))
        if any(lines):
            parts.append(("Also excluded", tuple(filter(None, lines))))
        scope = f", for {bounds_text(protocol, outcome.bounds, extents)} ({outcome.model})"
        names = tuple(one.name for one in results)
        scopes = tuple("; ".join(filter(None, (scope, beyond.ending(one)))) for one in results)
        proofs.append(Proof(names, scopes, tuple(parts)))
    return tuple(proofs)


def _parts(
    protocol: Checked,
    outcome: Outcome,
    context: Context,
    extents: tuple[Extent, ...],
    results: list[Result],
) -> list[tuple[str, tuple[str, ...]]]:
    """What is said about the properties that were proved for the same numbers of lanes.

    `results` are all those that the block names.
    """
    goals = [
        one for one in outcome.results if one.sort is Sort.REACH and one.verdict is Verdict.PROVED
    ]
    scope = f"every interleaving of {scope_text(protocol, outcome.bounds, extents)}"
    parts = [
        ("Scope", (f"{scope} ({outcome.model})", *assumptions.cuts(protocol, outcome))),
        ("Beyond", _beyond(protocol, outcome, context, results)),
        ("Lanes", lane_lines(outcome.bounds, extents)),
        ("Trusts", assumptions.trusts(protocol, outcome.bounds, outcome.model, source(protocol))),
        ("Leaves out", assumptions.leaves_out(protocol, outcome.model)),
        ("Not vacuous", assumptions.evidence(outcome, goals, source(protocol))),
    ]
    return [part for part in parts if part[1]]


def _beyond(
    protocol: Checked, outcome: Outcome, context: Context, results: list[Result]
) -> tuple[str, ...]:
    """What is known of them with one update more."""
    larger = next((one.beyond.bounds for one in results if one.beyond is not None), None)
    if larger is None:
        return ()
    words = ["smtmodel", "prove", *context.words, *bound_options(protocol, larger)]
    words += [] if outcome.model == "sc" else ["--model", outcome.model]
    return beyond.lines(results, words)


def _elsewhere(
    protocol: Checked, outcome: Outcome, extents: tuple[Extent, ...], results: list[Result]
) -> str:
    """What was proved for other numbers of lanes than the block that it stands in."""
    names = ", ".join(one.name for one in results)
    reasons = dict.fromkeys(one.reason for one in extents if not one.any_number and one.reason)
    why = f" ({', '.join(reasons)})" if reasons else ""
    return f"{names}, for {bounds_text(protocol, outcome.bounds, extents)}{why}"
