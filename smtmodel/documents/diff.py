"""What a second version of a protocol changes: the answer of `diff`."""

from collections.abc import Sequence

from smtmodel.analysis.comparison import (
    Changed,
    Line,
    Steps,
    only_lanes,
    orders_at_fault,
    renamed,
    restated,
)
from smtmodel.analysis.following import Followed
from smtmodel.documents import document as doc
from smtmodel.documents import options, versions
from smtmodel.documents.account import blocks_of
from smtmodel.documents.answer import Analysis, Context
from smtmodel.documents.document import joined, spans
from smtmodel.documents.json import saved_bounds, saved_file
from smtmodel.documents.scope import bounds_text, counted, in_words, size_text
from smtmodel.documents.table import table_of
from smtmodel.documents.why import banner, stated, why_texts
from smtmodel.documents.wire import analyses as wire
from smtmodel.documents.wire.outcomes import SavedFact
from smtmodel.language.checked import Bounds, Checked, Where
from smtmodel.solving.result import Outcome, Result, Run
from smtmodel.source.record import record
from smtmodel.verdict import Verdict

UNFOLLOWED = (
    "Executions of the old version are not followed in the new one: they have no order of steps"
    " that it could repeat."
)


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


def diff_document(found: Comparison, *, runs: bool = True) -> Analysis:
    """The answer about what was found; without `runs` no ordering is shown as a table."""
    old, new = found.old, found.new
    scope = f"{bounds_text(new.protocol, new.outcome.bounds)} ({new.outcome.model})"
    blocks: list[doc.Block] = [
        doc.Title("DIFF", spans(f"{_file(found, old)} -> {_file(found, new)}, for {scope}")),
        *_bounds(found),
        doc.Rows(spans("verdicts:"), tuple(_verdict(found, *one) for one in pairs(found))),
        *_stated(found),
        *_lines("declarations:", *found.declared),
        _steps(found),
    ]
    refuted = [one for one in pairs(found) if one[1] is not None and _is_refuted(one[1])]
    shown = [one.run.trace for _, one in refuted if one is not None and one.run is not None]
    for name, followed in found.followed:
        blocks += _followed(found, name, followed)
        run = followed.run
        if runs and run is not None and run.trace not in shown:
            shown.append(run.trace)
            blocks += followed_run(followed)
    blocks += _not_followed(found)
    for before, after in refuted:
        assert after is not None
        blocks += _refuted(found, before, after, runs=runs)
    blocks += _executions(found, runs=runs)
    executed = any(one is not None and one.account is not None for _, one in pairs(found))
    replayed = any(isinstance(one, doc.Ordering) for one in blocks)
    made = _versions(found, replayed=replayed, repeated=executed)
    file = new.context.file
    lines = tuple(
        doc.ResultLine(file, one.name, one.verdict, one.seconds, _was(found, one.name))
        for one in new.outcome.results
    )
    texts = (old.protocol.text, new.protocol.text)
    document = doc.Document("diff", tuple(blocks), lines, made, texts)
    return Analysis(document, _value(found))


def _file(found: Comparison, version: Version) -> str:
    """What a version is called: by its path where both files have the same name."""
    same = found.old.context.file == found.new.context.file
    return version.context.given if same else version.context.file


def _versions(found: Comparison, *, replayed: bool, repeated: bool) -> versions.Versions:
    """What made this, of which files."""
    context = found.new.context
    files = tuple(
        versions.SourceFile(_file(found, one), one.protocol.text.digest)
        for one in (found.old, found.new)
    )
    return versions.Versions(context.tool, context.solver, files, replayed, repeated)


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


def _verdict(found: Comparison, before: Result | None, after: Result | None) -> doc.Row:
    name = after.name if after is not None else before.name if before is not None else ""
    old, new = ("-" if one is None else doc.VerdictSpan(one.verdict) for one in (before, after))
    return doc.row(name, spans(old, " -> ", new), change(found, before, after))


def _was(found: Comparison, name: str) -> str:
    before = next((one for one in found.old.outcome.results if one.name == name), None)
    return f"was {before.verdict.value}" if before is not None else "is new"


def _bounds(found: Comparison) -> list[doc.Block]:
    """What is said first where the files do not speak of the same lanes."""
    old, new = found.old.protocol, found.new.protocol
    blocks: list[doc.Block] = []
    if found.own != (old.bounds, new.bounds):
        files = [bounds_text(one, own) for one, own in zip((old, new), found.own, strict=True)]
        differ = f"The bounds of the files differ: {files[0]} in the old one, {files[1]} in the"
        both = "new one. Both are decided for the larger of each."
        blocks.append(doc.say(f"{differ} {both}"))
    for word, one, other in (("old", old, new), ("new", new, old)):
        names = only_lanes(one, other)
        if names:
            told = ", ".join(counted(one.bounds.count(name), name) for name in names)
            blocks.append(doc.say(f"Only the {word} version has {told}."))
    return blocks


def _stated(found: Comparison) -> list[doc.Block]:
    """The properties that say something else under the same name, and the same under another."""
    old, new = found.old.protocol, found.new.protocol
    names = {one.name for version in (found.old, found.new) for one in version.outcome.results}
    own = [one for one in restated(old, new) if one.name in names]
    blocks = _lines("properties:", [one.old for one in own], [one.new for one in own])
    for before, after in renamed(old, new):
        if names & {before, after}:
            blocks.append(doc.say(f"`{after}` says what `{before}` said; they are not compared."))
    return blocks


def _lines(heading: str, old: Sequence[Line], new: Sequence[Line]) -> list[doc.Block]:
    rows = [doc.row("-", f"old {one.line}", doc.StepSpan(one.text)) for one in old]
    rows += [doc.row("+", f"new {one.line}", doc.StepSpan(one.text)) for one in new]
    return [doc.Rows(spans(heading), tuple(rows))] if rows else []


def _steps(found: Comparison) -> doc.Block:
    steps = found.steps
    blocks = [f"`{old}` is compared with `{new}`" for old, new in steps.blocks if old != new]
    variants = {(one.protocol.text.digest, one.protocol.variant) for one in (found.old, found.new)}
    if len(variants) == 1:
        return doc.say("The files are the same.")
    if not steps.changed:
        return doc.say(". ".join(["The steps are the same", *blocks]) + ".")
    heading = spans(f"steps ({', '.join(blocks)}):" if blocks else "steps:")
    return doc.Rows(heading, tuple(row for one in steps.changed for row in _step_rows(one)))


def _step_rows(one: Changed) -> list[doc.Row]:
    rows = []
    if one.old is not None:
        rows.append(doc.row("-", f"old {one.old.span.line}", one.block, doc.StepSpan(one.old.text)))
    if one.new is not None:
        rows.append(doc.row("+", f"new {one.new.span.line}", one.block, doc.StepSpan(one.new.text)))
    return rows


def _followed(found: Comparison, name: str, followed: Followed) -> list[doc.Block]:
    """Where an old run stops in the new version."""
    before = next(one for one in found.old.outcome.results if one.name == name)
    assert before.run is not None
    size, old = size_text(before.run), found.old
    words = in_words(old.protocol, before.run.bounds, before.run.trace, old.outcome.model)
    run = f"The old run of {name} ({size}: {words})"
    again = name in {one.name for one in restated(found.old.protocol, found.new.protocol)}
    judged = " What goes wrong is judged by the new version's property." if again else ""
    stop = stop_text(followed, found.new.context.file)
    blocks: list[doc.Block] = [doc.say(run, stop, ".", judged)]
    if followed.added:
        lines = joined(", ", (_where(one) for one in followed.added))
        blocks.append(doc.say("On the way it makes the new steps ", lines, "."))
    if followed.chosen:
        choices = joined(", ", (spans(f"{text} at ", _where(one)) for one, text in followed.chosen))
        taken = "It says nothing of what new steps choose; the first that is offered was taken: "
        blocks.append(doc.say(taken, choices, "."))
    return blocks


def _where(step: Where) -> doc.Spans:
    return spans(f"{step.span.line} ", doc.CodeSpan(step.text))


def followed_run(followed: Followed) -> list[doc.Block]:
    """The run as far as the new version makes it; nothing where it does not begin."""
    if followed.run is None or not followed.run.trace.moments:
        return []
    end = "here it stops" if followed.stopped else "here it ends"
    end = "here it goes wrong" if followed.violated else end
    return [doc.Ordering(table_of(followed.run.trace), end, ())]


def _not_followed(found: Comparison) -> list[doc.Block]:
    """The old runs of properties that the new version does not state."""
    stated = {one.name for one in found.new.protocol.properties}
    names = [
        one.name
        for one in found.old.outcome.results
        if one.verdict is Verdict.REFUTED and one.name not in stated
    ]
    if not names:
        return []
    listed = ", ".join(names)
    return [doc.say(f"Not followed, because the new version does not state it: {listed}.")]


def stop_text(followed: Followed, file: str) -> doc.Spans:
    """What becomes of a run in another version, which is in that file; begins with a blank."""
    if followed.violated and followed.stopped:
        return spans(f" goes wrong in {file} too, before it stops there: {followed.stopped}")
    if followed.violated:
        return spans(f" goes through in {file}, and goes wrong there too")
    if followed.stopped:
        return spans(f" stops in {file}: {followed.stopped}")
    through = f" goes through in {file}, but nothing goes wrong"
    facts = [doc.StepSpan(f"{what} {value}") for what, value in followed.facts]
    return spans(through, ": " if facts else "", joined(", ", map(spans, facts)))


def _is_refuted(result: Result) -> bool:
    return result.verdict is Verdict.REFUTED and result.run is not None


def _refuted(
    found: Comparison, before: Result | None, after: Result, *, runs: bool
) -> list[doc.Block]:
    """The counterexample of the new version; where there was one before, whether the same orders
    are at fault."""
    assert after.run is not None
    new, size = found.new, size_text(after.run)
    known = before is not None and before.verdict is Verdict.REFUTED
    sentence = f"{'Still' if known else 'Newly'} refuted: {after.name}, in {size}."
    fault = _fault(found, before.run, after.run) if before is not None and before.run else ""
    replay = options.replaying(new.protocol, new.context.words, after.run, new.outcome.model)
    table, why = table_of(after.run.trace), why_texts(after.run)
    text = stated(new.protocol, after.name)
    ordering = doc.Ordering(table, banner(after), replay, why, stated=text)
    return [doc.say(sentence, fault if known else ""), *([ordering] if runs else [])]


def _executions(found: Comparison, *, runs: bool) -> list[doc.Block]:
    """Under a model without a machine: an execution of what is refuted in the new version."""
    blocks: list[doc.Block] = []
    every = pairs(found)
    old = [one for one, _ in every if one is not None and one.verdict is Verdict.REFUTED]
    if any(one.account is not None for one in old):
        blocks.append(doc.say(UNFOLLOWED))
    for before, after in every:
        if after is not None and after.account is not None and after.verdict is Verdict.REFUTED:
            known = before is not None and before.verdict is Verdict.REFUTED
            because = f": {after.reason}" if after.reason else ""
            blocks.append(
                doc.say(f"{'Still' if known else 'Newly'} refuted: {after.name}{because}.")
            )
            blocks += blocks_of(after.account, scenes=False) if runs else ()
    return blocks


def _fault(found: Comparison, before: Run, after: Run) -> str:
    """Whether the orders that force the new run are those that forced the old one; begins with a
    blank."""
    old, new = orders_at_fault(before, dict(found.steps.same)), orders_at_fault(after)
    if old is None or new is None:
        return " Why is not known of both versions, so that it is not compared."
    if not old and not new:
        return " As before, no order of the lanes is at fault."
    if old == new:
        return " The same orders are at fault as before."
    if old & new:
        return " Some of the orders that are at fault are those of before, and some differ."
    return " Other orders are at fault than before."


# ---------------------------------------------------------------- for programs


def _value(found: Comparison) -> wire.SavedDiff:
    return wire.SavedDiff(
        _saved_version(found.old),
        _saved_version(found.new),
        tuple(_saved_pair(found, *one) for one in pairs(found)),
        tuple(_difference(one) for one in found.steps.changed),
        tuple(_saved_followed(found.new, *one) for one in found.followed),
    )


def _saved_version(version: Version) -> wire.SavedVersion:
    return wire.SavedVersion(
        saved_file(version.protocol),
        version.outcome.model,
        saved_bounds(version.outcome.bounds),
    )


def _saved_pair(found: Comparison, before: Result | None, after: Result | None) -> wire.SavedPair:
    return wire.SavedPair(
        after.name if after is not None else before.name if before is not None else "",
        None if before is None else before.verdict,
        None if after is None else after.verdict,
        change(found, before, after),
    )


def _difference(one: Changed) -> wire.SavedDifference:
    def line(where: Where | None) -> wire.SavedLine | None:
        return None if where is None else wire.SavedLine(where.span.line, where.text)

    return wire.SavedDifference(one.block, line(one.old), line(one.new))


def _saved_followed(new: Version, name: str, one: Followed) -> wire.SavedFollowed:
    words = None
    if one.run is not None:
        words = in_words(new.protocol, one.bounds, one.run.trace, new.outcome.model)
    return wire.SavedFollowed(
        name,
        one.stopped or None,
        one.violated,
        words,
        tuple(where.span.line for where in one.added),
        tuple(SavedFact(*fact) for fact in one.facts),
    )
