"""What a second version of a protocol changes, as a sheet."""

from collections.abc import Sequence

from smtmodel.analysis.comparison import (
    Changed,
    Line,
    Steps,
    only_lanes,
    renamed,
    restated,
)
from smtmodel.analysis.following import Followed
from smtmodel.executions.replay import Replayed
from smtmodel.language.checked import Bounds, Checked
from smtmodel.reports.json import Value, bounds_value, file_value
from smtmodel.reports.scope import bounds_text, counted, size_text
from smtmodel.reports.sheet import Block, Ordering, Row, Rows, Say, Sheet, Title, in_lines
from smtmodel.reports.table import table_of
from smtmodel.reports.view import Context, banner, replay_command
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
    """Two versions, their steps, and each old counterexample followed in the new version.

    `own` are the bounds of their files, `declared` what only the one and only the other declares.
    """

    old: Version
    new: Version
    steps: Steps
    followed: tuple[tuple[str, Followed], ...]
    own: tuple[Bounds, Bounds]
    declared: tuple[tuple[Line, ...], tuple[Line, ...]]


def diff_sheet(found: Comparison) -> Sheet:
    """The sheet about what was found."""
    old, new = found.old, found.new
    scope = f"{bounds_text(new.protocol, new.outcome.bounds)} ({new.outcome.model})"
    blocks: list[Block] = [
        Title("DIFF", f"{_file(found, old)} -> {_file(found, new)}, for {scope}"),
        *_bounds(found),
        Rows("verdicts:", tuple(_verdict(found, *one) for one in pairs(found))),
        *_stated(found),
        *_lines("declarations:", *found.declared),
        _steps(found),
    ]
    shown: list[Replayed] = []
    for name, followed in found.followed:
        blocks += _followed(found, name, followed, shown)
    blocks += _not_followed(found)
    for before, after in pairs(found):
        known = before is not None and before.verdict is Verdict.REFUTED
        if after is not None and after.run is not None and after.verdict is Verdict.REFUTED:
            blocks += [] if known else _newly(new, after)
    blocks.append(_made(found, replayed=any(isinstance(one, Ordering) for one in blocks)))
    lines = tuple(
        f"Result {new.context.file} {one.name} {one.verdict.value} {one.seconds:.2f}s"
        f"{_was(found, one.name)}"
        for one in new.outcome.results
    )
    texts = (old.protocol.text, new.protocol.text)
    return Sheet("diff", tuple(blocks), lines, _value(found), texts)


def _file(found: Comparison, version: Version) -> str:
    """What a version is called: by its path where both files have the same name."""
    same = found.old.context.file == found.new.context.file
    return version.context.given if same else version.context.file


def _made(found: Comparison, *, replayed: bool) -> Say:
    """The line that says what made this, of which files."""
    context = found.new.context
    solver = f", z3 {context.solver}" if context.solver else ""
    files = [f"{_file(found, one)} {one.protocol.text.digest}" for one in (found.old, found.new)]
    checked = "; runs checked by replay" if replayed else ""
    return Say(f"smtmodel {context.tool}{solver}, {files[0]} and {files[1]}{checked}")


def pairs(found: Comparison) -> list[tuple[Result | None, Result | None]]:
    """The results of both versions for each property, those of the new version first."""
    before = {one.name: one for one in found.old.outcome.results}
    after = {one.name: one for one in found.new.outcome.results}
    names = dict.fromkeys((*after, *before))
    return [(before.get(name), after.get(name)) for name in names]


def change(found: Comparison, before: Result | None, after: Result | None) -> str:
    """What became of a property, in words."""
    if after is None:
        return "no longer stated"
    if before is None:
        return "new, and refuted" if after.verdict is Verdict.REFUTED else "new"
    if after.name in {one.name for one in restated(found.old.protocol, found.new.protocol)}:
        return "the property changed"
    if Verdict.UNKNOWN in (before.verdict, after.verdict):
        return "not known"
    if before.verdict is after.verdict:
        return "as before"
    if before.verdict is Verdict.REFUTED:
        if only_lanes(found.old.protocol, found.new.protocol):
            return "not comparable"
        if any(name == after.name and one.violated for name, one in found.followed):
            return "not mended: the old run goes wrong there too"
    words = {
        Verdict.PROVED: "mended" if before.verdict is Verdict.REFUTED else "proved now",
        Verdict.REFUTED: "newly refuted",
        Verdict.VACUOUS: "says nothing any more",
    }
    return words[after.verdict]


def _verdict(found: Comparison, before: Result | None, after: Result | None) -> Row:
    name = after.name if after is not None else before.name if before is not None else ""
    words = [one.verdict.value if one is not None else "-" for one in (before, after)]
    return Row((name, f"{words[0]} -> {words[1]}", change(found, before, after)))


def _was(found: Comparison, name: str) -> str:
    before = next((one for one in found.old.outcome.results if one.name == name), None)
    return f" was {before.verdict.value}" if before is not None else " is new"


def _bounds(found: Comparison) -> list[Block]:
    """What is said first where the files do not speak of the same lanes."""
    old, new = found.old.protocol, found.new.protocol
    blocks: list[Block] = []
    if found.own != (old.bounds, new.bounds):
        files = [bounds_text(one, own) for one, own in zip((old, new), found.own, strict=True)]
        blocks.append(
            Say(
                f"The bounds of the files differ: {files[0]} in the old one, {files[1]} in the "
                "new one. Both are decided for the larger of each."
            )
        )
    for word, one, other in (("old", old, new), ("new", new, old)):
        names = only_lanes(one, other)
        if names:
            told = ", ".join(counted(one.bounds.count(name), name) for name in names)
            blocks.append(Say(f"Only the {word} version has {told}."))
    return blocks


def _stated(found: Comparison) -> list[Block]:
    """The properties that say something else under the same name, and the same under another."""
    old, new = found.old.protocol, found.new.protocol
    names = {one.name for version in (found.old, found.new) for one in version.outcome.results}
    own = [one for one in restated(old, new) if one.name in names]
    blocks = _lines("properties:", [one.old for one in own], [one.new for one in own])
    for before, after in renamed(old, new):
        if names & {before, after}:
            blocks.append(Say(f"`{after}` says what `{before}` said; they are not compared."))
    return blocks


def _lines(heading: str, old: Sequence[Line], new: Sequence[Line]) -> list[Block]:
    rows = [Row(("-", f"old {one.line}", one.text)) for one in old]
    rows += [Row(("+", f"new {one.line}", one.text)) for one in new]
    return [Rows(heading, tuple(rows))] if rows else []


def _steps(found: Comparison) -> Block:
    steps = found.steps
    blocks = [f"`{old}` is compared with `{new}`" for old, new in steps.blocks if old != new]
    variants = {(one.protocol.text.digest, one.protocol.variant) for one in (found.old, found.new)}
    if len(variants) == 1:
        return Say("The files are the same.")
    if not steps.changed:
        return Say(". ".join(["The steps are the same", *blocks]) + ".")
    heading = f"steps ({', '.join(blocks)}):" if blocks else "steps:"
    return Rows(heading, tuple(row for one in steps.changed for row in _step_rows(one)))


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
    size = size_text(before.run)
    text = f"The old run of {name} ({size}: {in_lines(before.run.trace)})"
    text += f"{stop_text(followed, found.new.context.file)}."
    if name in {one.name for one in restated(found.old.protocol, found.new.protocol)}:
        text += " What goes wrong is judged by the new version's property."
    blocks: list[Block] = [Say(text)]
    if followed.added:
        lines = ", ".join(f"{one.span.line} `{one.text}`" for one in followed.added)
        blocks.append(Say(f"On the way it makes the new steps {lines}."))
    if followed.chosen:
        choices = ", ".join(
            f"{text} at {one.span.line} `{one.text}`" for one, text in followed.chosen
        )
        text = "It says nothing of what new steps choose; the first that is offered was taken"
        blocks.append(Say(f"{text}: {choices}."))
    run = followed.run
    if run is not None and all(run.trace != one.trace for one in shown):
        shown.append(run)
        blocks += followed_run(followed)
    return blocks


def followed_run(followed: Followed) -> list[Block]:
    """The run as far as the new version makes it; nothing where it does not begin."""
    if followed.run is None or not followed.run.trace.moments:
        return []
    end = "here it stops" if followed.stopped else "here it ends"
    end = "here it goes wrong" if followed.violated else end
    return [Ordering(table_of(followed.run.trace), end, ())]


def _not_followed(found: Comparison) -> list[Block]:
    """The old runs of properties that the new version does not state."""
    stated = {one.name for one in found.new.protocol.properties}
    names = [
        one.name
        for one in found.old.outcome.results
        if one.verdict is Verdict.REFUTED and one.name not in stated
    ]
    if not names:
        return []
    return [Say(f"Not followed, because the new version does not state it: {', '.join(names)}.")]


def stop_text(followed: Followed, file: str) -> str:
    """What becomes of a run in another version, which is in that file; begins with a blank."""
    if followed.violated and followed.stopped:
        return f" goes wrong in {file} too, before it stops there: {followed.stopped}"
    if followed.violated:
        return f" goes through in {file}, and goes wrong there too"
    if followed.stopped:
        return f" stops in {file}: {followed.stopped}"
    facts = ", ".join(f"{what} {value}" for what, value in followed.facts)
    return f" goes through in {file}, but nothing goes wrong" + (f": {facts}" if facts else "")


def _newly(new: Version, result: Result) -> list[Block]:
    """The counterexample of a property that the old version did not refute."""
    assert result.run is not None
    size = size_text(result.run)
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
                "change": change(found, before, after),
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


def _version(version: Version) -> Value:
    return {
        "file": file_value(version.protocol),
        "model": version.outcome.model,
        "bounds": bounds_value(version.outcome.bounds),
    }
