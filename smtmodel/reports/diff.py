"""What a second version of a protocol changes, as a sheet."""

from smtmodel.analysis.comparison import Changed, Followed, Steps
from smtmodel.executions.replay import Replayed
from smtmodel.language.checked import Checked, Where
from smtmodel.reports.json import Value, bounds_value
from smtmodel.reports.scope import bounds_text, counted
from smtmodel.reports.sheet import Block, Ordering, Row, Rows, Say, Sheet, Title, in_lines
from smtmodel.reports.table import table_of
from smtmodel.reports.view import Context, banner, replay_command, versions
from smtmodel.solving.result import Outcome, Result
from smtmodel.source.record import record
from smtmodel.verdict import Verdict


@record
class Version:
    """One version, and what was decided about it."""

    protocol: Checked
    outcome: Outcome
    context: Context


@record
class Comparison:
    """Two versions, their steps, and each old counterexample followed in the new version."""

    old: Version
    new: Version
    steps: Steps
    followed: tuple[tuple[str, Followed], ...]


def diff_sheet(found: Comparison) -> Sheet:
    """The sheet about what was found."""
    old, new = found.old, found.new
    scope = f"{bounds_text(new.protocol, new.outcome.bounds)} ({new.outcome.model})"
    blocks: list[Block] = [
        Title("DIFF", f"{old.context.file} -> {new.context.file}, for {scope}"),
        *_bounds(found),
        Rows("verdicts:", tuple(_verdict(*one) for one in pairs(found))),
        _steps(found.steps),
    ]
    shown: list[Replayed] = []
    for name, followed in found.followed:
        blocks += _followed(found, name, followed, shown)
    for before, after in pairs(found):
        known = before is not None and before.verdict is Verdict.REFUTED
        if after is not None and after.run is not None and after.verdict is Verdict.REFUTED:
            blocks += [] if known else _newly(new, after)
    replayed = any(isinstance(one, Ordering) for one in blocks)
    for version in (old, new):
        blocks.append(Say(versions(version.protocol, version.context, replayed=replayed)))
    lines = tuple(
        f"Result {new.context.file} {one.name} {one.verdict.value} {one.seconds:.2f}s"
        f"{_was(found, one.name)}"
        for one in new.outcome.results
    )
    return Sheet("diff", tuple(blocks), lines, _value(found))


def pairs(found: Comparison) -> list[tuple[Result | None, Result | None]]:
    """The results of both versions for each property, those of the new version first."""
    before = {one.name: one for one in found.old.outcome.results}
    after = {one.name: one for one in found.new.outcome.results}
    names = dict.fromkeys((*after, *before))
    return [(before.get(name), after.get(name)) for name in names]


def change(before: Result | None, after: Result | None) -> str:
    """What became of a property, in words."""
    if after is None:
        return "no longer stated"
    if before is None:
        return "new, and refuted" if after.verdict is Verdict.REFUTED else "new"
    if Verdict.UNKNOWN in (before.verdict, after.verdict):
        return "not known"
    if before.verdict is after.verdict:
        return "as before"
    words = {
        Verdict.PROVED: "mended" if before.verdict is Verdict.REFUTED else "proved now",
        Verdict.REFUTED: "newly refuted",
        Verdict.VACUOUS: "says nothing any more",
    }
    return words[after.verdict]


def _verdict(before: Result | None, after: Result | None) -> Row:
    name = after.name if after is not None else before.name if before is not None else ""
    words = [one.verdict.value if one is not None else "-" for one in (before, after)]
    return Row((name, f"{words[0]} -> {words[1]}", change(before, after)))


def _was(found: Comparison, name: str) -> str:
    before = next((one for one in found.old.outcome.results if one.name == name), None)
    return f" was {before.verdict.value}" if before is not None else " is new"


def _bounds(found: Comparison) -> list[Block]:
    before = bounds_text(found.old.protocol, found.old.outcome.bounds)
    after = bounds_text(found.new.protocol, found.new.outcome.bounds)
    return [] if before == after else [Say(f"The old version was decided for {before}.")]


def _steps(steps: Steps) -> Block:
    if not steps.changed:
        return Say("The steps are the same.")
    return Rows("steps:", tuple(row for one in steps.changed for row in _step_rows(one)))


def _step_rows(one: Changed) -> list[Row]:
    rows = []
    if one.old is not None:
        rows.append(Row(("-", f"old {one.old.span.line}", one.block, one.old.text)))
    if one.new is not None:
        rows.append(Row(("+", f"new {one.new.span.line}", one.block, one.new.text)))
    return rows


def _followed(
    found: Comparison, name: str, followed: Followed, shown: list[Replayed]
) -> list[Block]:
    """Where an old run stops in the new version; `shown` are the runs that were shown before."""
    before = next(one for one in found.old.outcome.results if one.name == name)
    assert before.run is not None
    size = counted(before.run.steps, "steps")
    text = f"The old run of {name} ({size}: {in_lines(before.run.trace)})"
    text += f"{stop_text(followed, found.new.context.file)}."
    blocks: list[Block] = [Say(text)]
    if followed.added:
        lines = ", ".join(f"{one.span.line} `{one.text}`" for one in followed.added)
        blocks.append(Say(f"On the way it makes the new steps {lines}."))
    run = followed.run
    if run is not None and run.trace.moments and all(run.trace != o.trace for o in shown):
        shown.append(run)
        end = "here it stops" if followed.stopped else "here it ends"
        blocks.append(Ordering(table_of(run.trace), end, ()))
    return blocks


def stop_text(followed: Followed, file: str) -> str:
    """What becomes of a run in another version, which is in that file; begins with a blank."""
    if followed.stopped:
        return f" stops in {file}: {followed.stopped}"
    if followed.violated:
        return f" goes through in {file}, and goes wrong there too"
    facts = ", ".join(f"{what} {value}" for what, value in followed.facts)
    return f" goes through in {file}, but nothing goes wrong" + (f": {facts}" if facts else "")


def _newly(new: Version, result: Result) -> list[Block]:
    """The counterexample of a property that the old version did not refute."""
    assert result.run is not None
    size = counted(result.run.steps, "steps")
    replay = replay_command(new.protocol, new.context, result.run, new.outcome.model)
    return [
        Say(f"Newly refuted: {result.name}, in {size}."),
        Ordering(table_of(result.run.trace), banner(result), replay),
    ]


# ---------------------------------------------------------------- for programs


def _value(found: Comparison) -> Value:
    return {
        "kind": "diff",
        "old": _version(found.old),
        "new": _version(found.new),
        "verdicts": [
            {
                "name": (after or before).name,  # type: ignore[union-attr]
                "old": None if before is None else before.verdict.value,
                "new": None if after is None else after.verdict.value,
                "change": change(before, after),
            }
            for before, after in pairs(found)
        ],
        "steps": [
            {
                "block": one.block,
                "old": None
                if one.old is None
                else {"line": one.old.span.line, "text": one.old.text},
                "new": None
                if one.new is None
                else {"line": one.new.span.line, "text": one.new.text},
            }
            for one in found.steps.changed
        ],
        "followed": [
            {
                "name": name,
                "stopped": one.stopped or None,
                "violated": one.violated,
                "ordering": in_lines(one.run.trace) if one.run is not None else None,
                "added": [where.span.line for where in one.added],
                "facts": [{"what": what, "value": value} for what, value in one.facts],
            }
            for name, one in found.followed
        ],
    }


def _step(where: Where) -> Value:
    return {"line": where.span.line, "text": where.text}


def _version(version: Version) -> Value:
    return {
        "file": {"name": version.context.given, "digest": version.protocol.text.digest},
        "model": version.outcome.model,
        "bounds": bounds_value(version.outcome.bounds),
    }
