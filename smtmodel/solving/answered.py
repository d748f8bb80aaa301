"""What a worker's answers amount to where it may not have come to the end.

Takes what was found about a protocol, early and for good, and why there is no more; gives the
outcome, with one result for each property. Whatever verdict was found is kept, and says what its
run lacks.
"""

from collections.abc import Sequence

from smtmodel.language.checked import Checked, Property
from smtmodel.solving.result import (
    Coverage,
    Early,
    Missing,
    Obligation,
    Outcome,
    Result,
    Started,
    Unfinished,
    sort_of,
)
from smtmodel.source.record import record, replace
from smtmodel.verdict import Cause, Verdict
from smtmodel.work.session import Answered


@record
class Ending:
    """Why no more was found, in a sentence; `seconds` is how long it was worked for in all,
    `where` a few words on what was being done."""

    cause: Cause
    reason: str
    seconds: float = 0.0
    where: str = ""


NOTHING_SAID = Ending(Cause.CONTRADICTION, "no answer")
"""A property without an answer must not look like one without a problem."""


def outcome(
    protocol: Checked,
    model: str,
    only: frozenset[str] | None,
    answered: Answered,
    where: str = "",
) -> Outcome:
    """What was found about the properties (or those of `only`); the obligations in their order."""
    found, trouble = answered.found, answered.trouble
    ending = None
    if trouble is not None:
        ending = Ending(trouble.cause, trouble.reason, answered.seconds, where)
    results = settled(protocol, only, found, ending)
    coverage = [one for one in found if isinstance(one, Coverage)]
    place = {one.name: number for number, one in enumerate(results)}
    obligations = [one for one in found if isinstance(one, Obligation)]
    return Outcome(
        model,
        protocol.bounds,
        coverage[-1] if coverage else None,
        results,
        tuple(sorted(obligations, key=lambda one: place[one.result])),
    )


def settled(
    protocol: Checked, only: frozenset[str] | None, found: Sequence[object], ending: Ending | None
) -> tuple[Result, ...]:
    """A result for each property (or those of `only`), in the order of the file."""
    known: dict[str, Result] = {}
    early: dict[str, Result] = {}
    doing = ""
    for one in found:
        match one:
            case Result():
                known[one.name] = one
            case Early(result=result):
                early[result.name] = result
            case Started(what=what):
                doing = what
    ending = ending or NOTHING_SAID
    wanted = [one for one in protocol.properties if only is None or one.name in only]
    open_ = [one for one in wanted if one.name not in known]
    results = {one.name: _cut(one, early.get(one.name), ending) for one in open_}
    spent = sum(one.seconds for one in (*known.values(), *results.values()))
    if open_:
        at_work = results.get(doing, results[open_[0].name])
        left = max(0.0, ending.seconds - spent)
        results[at_work.name] = replace(at_work, seconds=at_work.seconds + left)
    return tuple(known.get(one.name) or results[one.name] for one in wanted)


def _cut(item: Property, early: Result | None, ending: Ending) -> Result:
    """The result of a property that was not finished with."""
    if early is not None and early.run is not None:
        found = early.run.unfinished
        missing = Missing.SMALLEST if found is None else found.missing
        lacks = Unfinished(missing, ending.cause, _words(ending))
        return replace(early, run=replace(early.run, unfinished=lacks))
    reason = f"{ending.reason}{ending.where}"
    if early is not None:
        return replace(early, reason=f"{early.reason}, but {reason}", cause=ending.cause)
    return Result(item.name, sort_of(item), Verdict.UNKNOWN, item.span, reason, ending.cause)


def _words(ending: Ending) -> str:
    """The ending in a few words; which limit it was stands where something is not known."""
    return "the limit was reached" if ending.cause is Cause.TIMEOUT else ending.reason
