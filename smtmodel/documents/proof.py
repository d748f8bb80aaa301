"""What was proved, and what it is worth.

Takes what was found out about a protocol, and in a review also what is known of the proofs
besides the verdicts; gives a `Proof` for each scope, because properties of one file may hold
for more lanes than others. Asks nothing and decides nothing.
"""

from collections.abc import Iterator, Sequence

from smtmodel.documents import assumptions, beyond, opinions, options, unbounded
from smtmodel.documents import document as doc
from smtmodel.documents.answer import ReportPart, source
from smtmodel.documents.document import spans
from smtmodel.documents.scope import bounds_text, lane_lines
from smtmodel.models import KERNEL
from smtmodel.solving.result import Extent, Outcome, Result, Sort
from smtmodel.source.record import record, replace
from smtmodel.verdict import Verdict

REPLAYED = "every run that this rests on was replayed by the interpreter"
REPEATED = (
    "every execution that this rests on was repeated lane by lane and judged by another reading of"
    " the model; there are no second judges"
)
MEANING = (
    "memory is looked at where it stands at a cut of what is executed before what, and as a CPU"
    " with full barriers sees it; a CPU without them may see older values"
)
NOT_JUDGED = "not asked: cvc5 and the explorer (--cross-check)"
NOT_JUDGED_AGAIN = "not asked: cvc5 (--cross-check)"
MORE = ", beyond the bounds above"

Reach = tuple[Extent, ...]


@record
class Proved:
    """Properties that are proved for the same numbers of lanes, and head one proof.

    `own` are built-in ones that reach as far as all of these; `others`, below the last proof only,
    are built-in ones that reach as far as each other.
    """

    extents: Reach
    results: tuple[Result, ...]
    own: tuple[Result, ...]
    others: tuple[tuple[Result, ...], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The properties in the headlines."""
        return tuple(one.name for one in self.results)

    @property
    def every(self) -> list[Result]:
        """All properties that the proof speaks of."""
        more = [result for results in self.others for result in results]
        return [*self.results, *self.own, *more]


def proved(outcome: Outcome) -> list[Proved]:
    """What heads the proofs of an outcome, if that is more than built-in properties of a refuted
    protocol. Those stand below what else was proved."""
    found = [one for one in outcome.results if one.verdict is Verdict.PROVED]
    stated = [one for one in found if one.sort in (Sort.NEVER, Sort.ASSERT)]
    goals = _goals(outcome)
    built_in = _built_in(outcome)
    rest = outcome.results and len(found) == len(outcome.results)
    if not stated and not rest:
        return []
    groups: dict[Reach, list[Result]] = {}
    for one in stated or goals or built_in:
        groups.setdefault(one.extents, []).append(one)
    also = by_reach(built_in if stated or goals else [])
    made: list[Proved] = []
    for extents, results in groups.items():
        reach, *more = by_reach(results)
        own = () if more else tuple(also.pop(reach, ()))
        made.append(Proved(extents, tuple(results), own, ()))
    if made:
        others = tuple(map(tuple, also.values()))
        made[-1] = replace(made[-1], others=others)
    return made


def by_reach(results: Sequence[Result]) -> dict[tuple[Reach, unbounded.Reached], list[Result]]:
    """The results that reach equally far, together, in the order of the first of them."""
    groups: dict[tuple[Reach, unbounded.Reached], list[Result]] = {}
    for one in results:
        groups.setdefault((one.extents, unbounded.reached(one)), []).append(one)
    return groups


def _goals(outcome: Outcome) -> list[Result]:
    return [
        one for one in outcome.results if one.sort is Sort.REACH and one.verdict is Verdict.PROVED
    ]


def _built_in(outcome: Outcome) -> list[Result]:
    return [
        one
        for one in outcome.results
        if one.sort is Sort.BUILT_IN and one.verdict is Verdict.PROVED
    ]


def proofs(part: ReportPart, *, words: bool) -> list[doc.Proof]:
    """The proofs of a part; with `words` and what invariants say in the names of the protocol."""
    groups = proved(part.outcome)
    told = part.told
    if part.page is not None:
        from smtmodel.documents.proof_page import page_text

        told = page_text(part.page, part.context.file, [one.names for one in groups])
    made: list[doc.Proof] = []
    for number, group in enumerate(groups):
        lines = dict(_lines(part, group, first=number == 0, words=words))
        if told is not None:
            lines |= {one.aspect: one.lines for one in told.parts[number]}
            known = lines.get(doc.Aspect.CHECKED, ())
            weak = part.outcome.model == KERNEL
            checked = (spans(REPEATED),) if weak else _checked(known, judged=told.judged)
            lines[doc.Aspect.CHECKED] = checked
        parts = [doc.ProofPart(aspect, lines[aspect]) for aspect in doc.Aspect if lines.get(aspect)]
        heads = tuple(_head(part, one) for one in group.results)
        made.append(doc.Proof(part.context.file, heads, tuple(parts)))
    return made


def _head(part: ReportPart, result: Result) -> doc.ProofHead:
    """What is said at once, before it is asked whether it holds for any number of updates."""
    bounds = bounds_text(part.protocol, part.outcome.bounds, result.extents)
    scope = spans(f", for {bounds} ({part.outcome.model})")
    beyond_ = beyond.ending_spans(result)
    return doc.ProofHead(result.name, spans(scope, "; ", beyond_) if beyond_ else scope)


def _checked(opinions_: tuple[doc.Spans, ...], *, judged: bool) -> tuple[doc.Spans, ...]:
    asked = () if judged else (spans(NOT_JUDGED_AGAIN if opinions_ else NOT_JUDGED),)
    return (spans(REPLAYED), *opinions_, *asked)


def _lines(
    part: ReportPart, group: Proved, *, first: bool, words: bool
) -> Iterator[tuple[doc.Aspect, tuple[doc.Spans, ...]]]:
    """What is said of the properties that were proved for the same numbers of lanes."""
    protocol, outcome, file = part.protocol, part.outcome, source(part.protocol)
    kernel = outcome.model == KERNEL
    cuts = (spans(MEANING),) if kernel else assumptions.cuts(protocol, outcome)
    yield doc.Aspect.SCOPE, (*_scopes(part, group), *cuts)
    yield doc.Aspect.ANY_NUMBER, unbounded.lines(group.every, words=words)
    yield doc.Aspect.INVARIANT, unbounded.invariant(group.every) if first and words else ()
    yield doc.Aspect.BEYOND, _beyond(part, group.every)
    yield doc.Aspect.LANES, lane_lines(outcome.bounds, _limiting(group))
    yield doc.Aspect.TRUSTS, assumptions.trusts(protocol, outcome.bounds, outcome.model, file)
    yield doc.Aspect.LEAVES_OUT, tuple(map(spans, assumptions.leaves_out(protocol, outcome.model)))
    yield doc.Aspect.NOT_VACUOUS, assumptions.evidence(outcome, _goals(outcome), file)
    judged = [*group.results, *(_built_in(outcome) if first else ())]
    yield doc.Aspect.CHECKED, opinions.checked(judged)
    yield doc.Aspect.ALSO_EXCLUDED, tuple(_also_excluded(part, group))


def _limiting(group: Proved) -> Iterator[tuple[Extent, str]]:
    """The extents without those of coupled lanes that invariants say any number of, each with what
    holds for no more lanes."""
    for extent in group.extents:
        free = [not extent.any_number and extent.bound in unbounded.free(x) for x in group.results]
        names = [one.name for one, more in zip(group.results, free, strict=True) if not more]
        if not any(free):
            yield extent, "this holds"
        elif names:
            yield extent, f"{', '.join(names)} {'hold' if names[1:] else 'holds'}"


def _scopes(part: ReportPart, group: Proved) -> Iterator[doc.Spans]:
    """How far the properties are proved, which of them where they do not reach equally far."""
    outcome = part.outcome
    what = "execution that the kernel's model allows" if outcome.model == KERNEL else "interleaving"
    reaches = by_reach(group.results).values()
    for results in reaches:
        whose = f"{', '.join(one.name for one in results)}: " if len(reaches) > 1 else ""
        lanes = unbounded.scope_of(part.protocol, outcome.bounds, results[0])
        shown = unbounded.ending(results[0])
        more = MORE if shown else unbounded.why_not_more(outcome.model, results[0])
        yield spans(f"{whose}every {what} of {lanes} ({outcome.model}){more}")


def _beyond(part: ReportPart, results: list[Result]) -> tuple[doc.Spans, ...]:
    """What is known with one update more of those that are not known to hold for any number."""
    results = [one for one in results if one.unbounded is None or not one.unbounded.proved]
    larger = next((one.beyond.bounds for one in results if one.beyond is not None), None)
    if larger is None:
        return ()
    bounds = options.bounds_options(part.protocol, larger)
    model = options.under(part.outcome.model)
    return beyond.lines(results, options.asking("prove", part.context.words, bounds, model))


def _also_excluded(part: ReportPart, group: Proved) -> Iterator[doc.Spans]:
    """What else was proved, and for which lanes where they are others."""
    if group.own:
        yield spans(", ".join(one.name for one in group.own))
    for results in group.others:
        names, extents = ", ".join(one.name for one in results), results[0].extents
        reasons = dict.fromkeys(one.reason for one in extents if not one.any_number and one.reason)
        why = f" ({', '.join(reasons)})" if reasons else ""
        bounds = unbounded.bounds_text(part.protocol, part.outcome.bounds, results[0])
        more = unbounded.why_not_more(part.outcome.model, results[0])
        yield spans(f"{names}, for {bounds}{why}{more}")
