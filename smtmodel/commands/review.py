"""`review`: one document about a series of protocols.

Takes the names of files and what may be left out; every file is decided as `prove` does, and
then asked about as `cases` and `needed` do. A limit of time or Ctrl-C ends the asking, not the
document: it has what is there and says what is not.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from smtmodel import __version__, pipeline
from smtmodel.analysis.comparison import common_bounds
from smtmodel.analysis.needed import Needs, proved
from smtmodel.analysis.strengths import Strengths
from smtmodel.analysis.variants import variants
from smtmodel.commands import barriers, cases, needed
from smtmodel.commands.analysing import Analysing
from smtmodel.commands.diff import compared
from smtmodel.commands.expectations import expected, models_of
from smtmodel.commands.needed import Tried
from smtmodel.commands.prove import Ask, Deciding
from smtmodel.documents import options
from smtmodel.documents.answer import Context, Page, ReportPart
from smtmodel.documents.cases import Enumerated
from smtmodel.documents.diff import Comparison, Version
from smtmodel.documents.proof import proved as headed
from smtmodel.documents.review import Reviewed, pieces
from smtmodel.models import KERNEL, model
from smtmodel.pipeline import Subject
from smtmodel.solving.effort import LARGE
from smtmodel.solving.result import Sort
from smtmodel.source.record import field, record, replace
from smtmodel.source.refusal import Refusal
from smtmodel.verdict import Status, Verdict, worst
from smtmodel.work.session import Answered

if TYPE_CHECKING:
    from smtmodel.language.meanings import Meaning

SMALL = 120
"""Changes to a protocol up to which `needed` is asked unless it was asked for or left out."""


@record
class Extras:
    """What is asked besides the verdicts; `needed` is None where the size of the file says."""

    cases: bool = True
    needed: bool | None = None


@record(frozen=False)
class _File:
    """One file at work; `found` has it for each model, the first of which the questions are
    about."""

    found: list[tuple[Ask, Subject]]
    parts: list[ReportPart] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    cases: Answered | None = None
    tried: Tried | None = None
    strengths: Strengths | None = None
    names: tuple[str, ...] = ()
    page: Page | None = None
    enumerated: tuple[Enumerated, ...] | None = None


def answer(
    deciding: Deciding, names: Sequence[str], ask: Ask, model: str | None, extras: Extras
) -> Status:
    """Write the document, about the files that can be read; gives the status of proving every
    file, or if it is worse, that of what stayed unknown of what was asked besides. `model` is
    None for those that each file expects something under."""
    files: list[_File] = []
    wrong: list[Refusal] = []
    left: list[Refusal] = []
    for name in dict.fromkeys(names):
        loaded = pipeline.load(name)
        having = loaded if isinstance(loaded, Refusal) else pipeline.having(name, loaded, ask.only)
        if isinstance(having, Refusal):
            wrong.append(having)
            continue
        if having.others:
            left.append(Refusal(name, having.left_out(ask.only)))
        for meaning in having.able:
            found = _found(meaning, ask, model)
            if isinstance(found, Refusal):
                wrong.append(found)
            else:
                files.append(_File(found))
    statuses = [deciding.refuse(one) for one in wrong]
    if not files:
        return deciding.finish("review", statuses)
    for file in files:
        for own, one in file.found:
            decision = deciding.decide(one.checked, own.model, own.limits, one.only)
            decision = deciding.further(one.name, one.checked, decision, own.limits)
            context = Context(one.name, __version__, decision.solver)
            file.parts.append(ReportPart(one.checked, decision.outcome, context))
    statuses += [r.status for file in files for p in file.parts for r in p.outcome.results]
    statuses += _asked(deciding, files, extras)
    status = worst([*statuses, Status.CONTRADICTION] if deciding.bugs else statuses)
    given = (
        *options.bound_options(ask.bounds),
        *options.only(ask.only),
        *options.limit_options(ask.limits),
    )
    under = () if model is None else ("--model", model)
    extra = _words(deciding, extras)
    again = options.asking("review", tuple(dict.fromkeys(names)), under, given, extra)
    return _told(deciding, files, [*wrong, *left], given, again, status)


def _words(deciding: Deciding, extras: Extras) -> tuple[str, ...]:
    """The options that only a review takes."""
    asked = {
        "--no-cases": not extras.cases,
        "--needed": extras.needed is True,
        "--no-needed": extras.needed is False,
        "--cross-check": deciding.cross_check,
        "--unbounded": deciding.effort == LARGE,
        "--bounded": deciding.effort is None,
    }
    return tuple(word for word, given in asked.items() if given)


def _found(loaded: "Meaning", ask: Ask, model: str | None) -> list[tuple[Ask, Subject]] | Refusal:
    """The protocol under each model that it is to be decided under."""
    found: list[tuple[Ask, Subject]] = []
    for one in (model,) if model is not None else models_of(loaded.checked):
        own = replace(ask, model=one)
        there = pipeline.asked(loaded, own.model, own.bounds, own.only, machine=False)
        if isinstance(there, Refusal):
            return there
        found.append((own, there))
    return found


# ---------------------------------------------------------------- what is asked besides


def _asked(deciding: Deciding, files: Sequence[_File], extras: Extras) -> list[Status]:
    """Ask about every file; gives the statuses of what stayed unknown."""
    session = deciding.session
    if session.stopped is not None:
        for file in files:
            file.silent.append(f"cases, needed: {session.stopped.reason}")
        return []
    analysing = Analysing(session, deciding.sinks, deciding.progress, deciding.bugs)
    judged = deciding.cross_check
    with session.interrupts:
        for file in files:
            _submit_cases(analysing, file, extras)
            _submit_needed(analysing, file, extras)
        session.gather()
        statuses = [one for file in files for one in _gather(analysing, file, cross_check=judged)]
    deciding.progress.clear()
    return statuses


def _submit_cases(analysing: Analysing, file: _File, extras: Extras) -> None:
    ask, found = file.found[0]
    if not extras.cases:
        file.silent.append("cases (--no-cases)")
    elif ask.model == KERNEL:
        file.silent.append(f"cases: {KERNEL} has no machine, whose runs they are")
    elif reason := cases.without_cases(found.checked, found.only):
        file.silent.append(f"cases: it {reason}")
    else:
        file.cases = cases.submitted(analysing, found, ask)
        file.silent += [f"cases under {one.model}" for one, _ in file.found[1:]]


def _submit_needed(analysing: Analysing, file: _File, extras: Extras) -> None:
    ask, found = file.found[0]
    part = file.parts[0]
    known = proved(part.outcome.results)
    stated = [name for one in headed(part.outcome) for name in one.names if name in known]
    # A part that only a built-in property needs is needed too.
    names = (*stated, *(name for name in known if name not in stated))
    if extras.needed is False:
        file.silent.append("needed (--no-needed)")
    elif not stated:
        file.silent.append("needed: no property that it states is proved")
    elif ask.model == KERNEL and extras.needed is None and barriers.changes(found) > SMALL:
        file.silent.append(f"needed: more than {SMALL} changes (--needed)")
    elif ask.model == KERNEL:
        file.names = names
        file.strengths = barriers.asked(analysing, found, ask, names)
    elif extras.needed is None and (count := _changes(found, ask.model)) > SMALL:
        file.silent.append(f"needed: {count} changes are more than {SMALL} (--needed)")
    else:
        file.names = names
        file.tried = needed.submitted(analysing, found, ask, frozenset(names))
        file.silent += [f"needed under {one.model}" for one, _ in file.found[1:]]


def _changes(found: Subject, under: str) -> int:
    made = variants(found.parsed, found.text, found.checked, model(under))
    return sum(one.protocol is not None for one in made)


def _gather(analysing: Analysing, file: _File, *, cross_check: bool) -> list[Status]:
    """Take the answers about a file."""
    ask, found = file.found[0]
    statuses: list[Status] = []
    if file.cases is not None:
        enumerated, own = cases.gathered(analysing, found, file.cases)
        file.enumerated = tuple(enumerated)
        # That a case is refuted is what the verdicts say; here only what is not known counts.
        statuses += [one for one in own if one is not Status.REFUTED]
    if file.strengths is not None:
        outcome = file.parts[0].outcome
        needs = Needs(found.checked, outcome, file.names, file.strengths.attempts)
        statuses += barriers.unknown(file.strengths)
        file.page = Page(needs, (), judged=False)
    elif file.tried is not None:
        outcome = file.parts[0].outcome
        needs = needed.gathered(analysing, found, ask, outcome, file.tried, file.names)
        statuses += needed.unknown(needs)
        file.page = Page(needs, needed.closest_calls(analysing, needs), judged=cross_check)
    return statuses


# ---------------------------------------------------------------- the document


def _told(
    deciding: Deciding,
    files: Sequence[_File],
    wrong: Sequence[Refusal],
    given: tuple[str, ...],
    again: tuple[str, ...],
    status: Status,
) -> Status:
    """Put the document into every sink."""
    reviewed = []
    for place, file in enumerate(files):
        first, *others = file.parts
        page = file.page or _bare(deciding, first)
        rest = (replace(one, page=_bare(deciding, one)) for one in others)
        parts = (replace(first, page=page), *rest)
        change = _change(_base(files, place), file) if place else None
        text, silent = file.found[0][1].text, tuple(file.silent)
        reviewed.append(Reviewed(parts, text, _unmet(file), change, file.enumerated, silent))
    judged = deciding.cross_check
    review, analyses = pieces(reviewed, wrong, given, again, judged=judged)
    told = [part for one in reviewed for part in one.parts]
    return deciding.tell_review(review, told, analyses, status)


def _bare(deciding: Deciding, part: ReportPart) -> Page:
    """A page on which nothing is said of what is needed; under lkmm there are no judges."""
    judged = deciding.cross_check and part.outcome.model != KERNEL
    return Page(None, (), judged=judged)


def _base(files: Sequence[_File], place: int) -> _File:
    """What a file is compared with: a variant with the first of its text, since others may be
    mutants; a text with the one before it."""
    text = files[place].found[0][1].text
    return next((one for one in files[:place] if one.found[0][1].text == text), files[place - 1])


def _change(before: _File, after: _File) -> Comparison | None:
    """What a file changes about another; None if they are not versions of each other:
    they claim nothing of the same name, have no step in common, or other bounds."""
    versions = [
        Version(one.parts[0].protocol, one.parts[0].outcome, one.parts[0].context)
        for one in (before, after)
    ]
    old, new = versions
    names = [
        {r.name for r in one.outcome.results if r.sort is not Sort.BUILT_IN} for one in versions
    ]
    own = old.protocol.bounds, new.protocol.bounds
    if not names[0] & names[1] or old.outcome.model != new.outcome.model:
        return None
    if common_bounds(old.protocol, new.protocol) != own:
        after.silent.append(f"diff with {old.context.file}, which has other bounds")
        return None
    found = compared(old, new, [one.found[0][1] for one in (before, after)])
    return found if found.steps.same else None


def _unmet(file: _File) -> tuple[str, ...]:
    """The verdicts that are not those that the file expects, in words."""
    found: list[str] = []
    for part in file.parts:
        model = part.outcome.model
        for one in part.outcome.results:
            wanted = expected(part.protocol, one.name, model)
            known = one.verdict is not Verdict.UNKNOWN
            if part.protocol.expectations and known and one.verdict is not wanted:
                found.append(f"{one.name} is {one.verdict.value} under {model}, not {wanted.value}")
    return tuple(found)
