"""What there is to say about an outcome, before it is known how it will be shown.

Takes a checked protocol and what was decided about it; gives a `Report` of plain text parts
that every format renders. Knows no widths, colours or files.
"""

from smtmodel.language.checked import DEADLOCK, Bounds, Checked
from smtmodel.reports import assumptions
from smtmodel.reports.table import Table, table_of
from smtmodel.solving.result import Outcome, Result, Run, Sort
from smtmodel.source.record import record
from smtmodel.verdict import Cause, Verdict


@record
class Context:
    """What made the outcome: the tool's and the solver's versions, and the file as given."""

    given: str
    tool: str
    solver: str

    @property
    def file(self) -> str:
        """The file's name without its folders."""
        return self.given.rsplit("/", 1)[-1]


@record
class Finding:
    """One property of which there is something to show.

    `scope` is what stands behind the name in the headline; `same_as` names an earlier finding
    with the same run, whose table is then not repeated.
    """

    result: Result
    scope: str
    notes: tuple[str, ...] = ()
    table: Table | None = None
    same_as: str = ""
    banner: str = ""
    replay: tuple[str, ...] = ()


@record
class Proof:
    """What was proved together, and what it is worth. Each part is (heading, lines)."""

    names: tuple[str, ...]
    scope: str
    parts: tuple[tuple[str, tuple[str, ...]], ...]


@record
class Report:
    """All that is said about one outcome; `endings` has for each result what its line adds."""

    file: str
    findings: tuple[Finding, ...]
    proof: Proof | None
    versions: str
    results: tuple[Result, ...]
    endings: tuple[str, ...]


def view(
    protocol: Checked,
    outcome: Outcome,
    context: Context,
    *,
    expected: tuple[Verdict, ...] | None = None,
    witnesses: bool = False,
) -> Report:
    """The report of an outcome.

    With `expected` (a verdict for each result) it shows what is not as expected and proves
    nothing; else everything, and with `witnesses` also the runs that reach the goals.
    """
    findings: list[Finding] = []
    endings: list[str] = []
    for number, result in enumerate(outcome.results):
        ending = [] if outcome.model == "sc" else [f"under {outcome.model}"]
        if expected is None:
            show = result.verdict is not Verdict.PROVED or (witnesses and result.run is not None)
        else:
            show = result.verdict is not expected[number]
            ending += [f"expected {expected[number].value}"] if show else []
        if show:
            findings.append(_finding(protocol, outcome, context, result, findings))
        endings.append(", ".join(ending))
    proof = _proof(protocol, outcome, context) if expected is None else None
    replayed = any(finding.replay for finding in findings)
    made = versions(protocol, context, replayed=replayed) if findings or proof else ""
    return Report(context.file, tuple(findings), proof, made, outcome.results, tuple(endings))


def versions(protocol: Checked, context: Context, *, replayed: bool) -> str:
    """The line that says what made this report."""
    solver = f", z3 {context.solver}" if context.solver else ""
    made = f"smtmodel {context.tool}{solver}, {context.file} {protocol.text.digest}"
    return made + ("; run checked by replay" if replayed else "")


def result_line(report: Report, number: int) -> str:
    """The line of a result that scripts look for."""
    result, ending = report.results[number], report.endings[number]
    line = f"Result {report.file} {result.name} {result.verdict.value} {result.seconds:.2f}s"
    return f"{line} {ending}" if ending else line


# ---------------------------------------------------------------- bounds


def counted(count: int, name: str) -> str:
    """`1 update`, `2 updates`, `2 vcpu lanes`; a kind called `readers` stays as it is."""
    if name in ("updates", "faults", "rounds", "steps"):
        return f"{count} {name[:-1] if count == 1 else name}"
    lanes = "" if name.endswith("s") else " lane" if count == 1 else " lanes"
    return f"{count} {name}{lanes}"


def bound_list(protocol: Checked, bounds: Bounds) -> list[str]:
    """The bounds in words, in the order of the columns."""
    words = [counted(bounds.count(kind.bound), kind.bound) for kind in protocol.kinds]
    return [*words, counted(bounds.rounds, "rounds")] if bounds.rounds != 1 else words


def bounds_text(protocol: Checked, bounds: Bounds) -> str:
    """`2 updates and 2 faults`."""
    words = bound_list(protocol, bounds)
    if len(words) < 2:
        return "".join(words)
    return ", ".join(words[:-1]) + " and " + words[-1]


def bound_options(protocol: Checked, bounds: Bounds) -> list[str]:
    """The options that ask for these bounds, whatever the file says."""
    options: list[str] = []
    for kind in protocol.kinds:
        count = str(bounds.count(kind.bound))
        if kind.bound in ("updates", "faults"):
            options += [f"--{kind.bound}", count]
        else:
            options += ["--bound", f"{kind.bound}={count}"]
    if bounds.rounds != 1 or protocol.bounds.rounds != 1:
        options += ["--bound", f"rounds={bounds.rounds}"]
    return options


# ---------------------------------------------------------------- findings


def _finding(
    protocol: Checked,
    outcome: Outcome,
    context: Context,
    result: Result,
    earlier: list[Finding],
) -> Finding:
    model = "" if outcome.model == "sc" else f"{outcome.model}, "
    if result.run is None:
        scope = f", for {bounds_text(protocol, outcome.bounds)} ({outcome.model})"
        return Finding(result, scope, _notes(result))
    run = result.run
    size = ", ".join([*bound_list(protocol, run.bounds), counted(run.steps, "steps")])
    scope = f"  ({model}smallest run: {size})"
    if result.verdict is Verdict.PROVED:
        scope = f", reached{scope}"
    table = table_of(run.trace)
    same = next((one.result.name for one in earlier if one.table == table), "")
    replay = replay_command(protocol, context, run, outcome.model)
    return Finding(result, scope, _notes(result), table, same, banner(result), replay)


def _notes(result: Result) -> tuple[str, ...]:
    notes = (f"Reason:  {result.reason}",) if result.reason else ()
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

    words = ["smtmodel", "replay", context.given, *bound_options(protocol, run.bounds)]
    if model != "sc":
        words += ["--model", model]
    return (*words, *format_schedule(run.trace.schedule).split())


# ---------------------------------------------------------------- the proof


def _proof(protocol: Checked, outcome: Outcome, context: Context) -> Proof | None:
    """The block about what was proved, if that is more than built-in properties of a refuted
    protocol."""
    proved = [one for one in outcome.results if one.verdict is Verdict.PROVED]
    stated = tuple(one.name for one in proved if one.sort in (Sort.NEVER, Sort.ASSERT))
    goals = tuple(one for one in proved if one.sort is Sort.REACH)
    built_in = tuple(one.name for one in proved if one.sort is Sort.BUILT_IN)
    rest = outcome.results and all(one.verdict is Verdict.PROVED for one in outcome.results)
    if not stated and not rest:
        return None
    bounds = f"{bounds_text(protocol, outcome.bounds)} ({outcome.model})"
    names = stated or tuple(one.name for one in goals) or built_in
    also = built_in if stated or goals else ()
    parts = [
        ("Scope", (f"every interleaving of {bounds}", *assumptions.cuts(protocol, outcome))),
        ("Trusts", assumptions.trusts(protocol, outcome.model, context.file)),
        ("Leaves out", (assumptions.leaves_out(protocol, outcome.model),)),
        ("Not vacuous", assumptions.evidence(outcome, goals, context.file)),
    ]
    if also:
        parts.append(("Also proved", (", ".join(also),)))
    return Proof(names, f", for {bounds}", tuple(parts))
