"""The rest of a proof's page: what it needs, who checked it, and the closest call.

Takes a report, and what is known of its proofs besides the verdicts; gives the same report with
more parts to each proof. Asks nothing and decides nothing.
"""

from smtmodel.analysis.closest import LEAVES_OUT, Closest, absence
from smtmodel.analysis.needed import Attempt, Necessity, Needs, effect
from smtmodel.analysis.variants import Mutation
from smtmodel.documents.needed import call_texts, changed
from smtmodel.documents.report import Proof, Report
from smtmodel.documents.scope import size_text
from smtmodel.solving.result import Result
from smtmodel.source.record import record, replace

CHECKED = "Checked"
Lines = tuple[str, ...]


@record
class Page:
    """What is known of the proofs of one protocol. `needs` is None where it was not asked;
    `judged`: second judges were asked."""

    needs: Needs | None
    calls: tuple[Closest, ...]
    judged: bool


@record
class PageText:
    """The same in words: for each proof of a report the parts that the page adds."""

    parts: tuple[tuple[tuple[str, Lines], ...], ...]
    judged: bool


def told_of(report: Report, page: Page) -> PageText:
    """What the page says of each proof of a report."""
    found: list[tuple[tuple[str, Lines], ...]] = []
    for proof in report.proofs:
        parts: list[tuple[str, Lines]] = []
        if page.needs is not None:
            parts += _needs(page.needs, proof.names, _asked(report, proof, page.needs))
            parts.append(("Closest call", _calls(report, proof, page)))
        found.append(tuple(part for part in parts if part[1]))
    return PageText(tuple(found), page.judged)


def completed(report: Report, told: PageText) -> Report:
    """The report with all parts of its proofs."""
    pairs = zip(report.proofs, told.parts, strict=True)
    return replace(report, proofs=tuple(_completed(*one, judged=told.judged) for one in pairs))


def _asked(report: Report, proof: Proof, needs: Needs) -> Lines:
    """The properties that a proof's page speaks of: its own, and those that are also proved."""
    headed = {name for one in report.proofs for name in one.names}
    return (*proof.names, *(name for name in needs.names if name not in headed))


def _completed(proof: Proof, more: tuple[tuple[str, Lines], ...], *, judged: bool) -> Proof:
    own = dict(proof.parts)
    checked = own.pop(CHECKED, ())
    also = own.pop("Also excluded", ())
    parts = [*own.items(), *more]
    checked = ("every run that this rests on was replayed by the interpreter", *checked)
    asked = () if judged else ("not asked: cvc5 and the explorer (--cross-check)",)
    parts += [(CHECKED, (*checked, *asked)), ("Also excluded", also)]
    return replace(proof, parts=tuple(part for part in parts if part[1]))


# ---------------------------------------------------------------- needed


def _needs(needs: Needs, headed: Lines, names: Lines) -> list[tuple[str, Lines]]:
    """What is needed for one of these properties, or for none of them; `headed` are those that
    the page is about."""
    stated = [name for name in names if name in needs.names]
    found: dict[Necessity, list[tuple[Attempt, list[Result]]]] = {one: [] for one in Necessity}
    for attempt in needs.attempts:
        results = [one for name in stated if (one := attempt.of(name)) is not None]
        lost = any(attempt.of(name) is None for name in headed if name in needs.names)
        if lost and attempt.results and not any(effect(r) is Necessity.NEEDED for r in results):
            found[Necessity.USELESS].append((attempt, results))
            continue
        for sort in (Necessity.NEEDED, Necessity.UNKNOWN, Necessity.USELESS, Necessity.NOT_NEEDED):
            there = [one for one in results if effect(one) is sort]
            if there:
                found[sort].append((attempt, there))
                break
    unknown = [results[0] for _, results in found[Necessity.UNKNOWN]]
    spare = _without(found[Necessity.NOT_NEEDED])
    bounds = ("at these bounds; with more updates or lanes more may be needed",) if spare else ()
    lacks = (*_needed(found[Necessity.NEEDED], headed, stated), *_orders(found[Necessity.NEEDED]))
    if not lacks and spare and not unknown:
        lacks = ("none of what was changed",)
    return [
        ("Needed", lacks),
        ("Vacuous without", _without(found[Necessity.USELESS])),
        ("Not needed", (*spare, *bounds)),
        ("Not known", _unknown(unknown)),
    ]


def _needed(found: list[tuple[Attempt, list[Result]]], headed: Lines, stated: list[str]) -> Lines:
    """What is missed where it is left out, with the size of the smallest violation."""
    return tuple(
        f"{changed(attempt.variant)}: refuted{_whose(attempt, results, headed, stated)}"
        for attempt, results in found
        if attempt.variant.change in LEAVES_OUT
    )


def _whose(attempt: Attempt, results: list[Result], headed: Lines, stated: list[str]) -> str:
    """In how many steps; and which properties, where not all that the page is about, or not in
    as many."""
    sizes: dict[str, list[str]] = {}
    for one in results:
        size = "" if one.run is None else f" in {size_text(one.run)}"
        sizes.setdefault(size, []).append(one.name)
    names = [one.name for one in results]
    if len(sizes) == 1 and set(headed) <= set(names):
        return next(iter(sizes))
    told = ",".join(f" for {', '.join(own)}{size}" for size, own in sizes.items())
    others = [found for name in stated if name not in names and (found := attempt.of(name))]
    unknown = [found.name for found in others if effect(found) is Necessity.UNKNOWN]
    return told + (f"; not known for {', '.join(unknown)}" if unknown else "")


def _orders(found: list[tuple[Attempt, list[Result]]]) -> Lines:
    """The pairs of neighbours whose order matters, and the steps that must not be done twice."""
    variants = [attempt.variant for attempt, _ in found]
    pairs = [f"{v.lines[0]} before {v.lines[1]}" for v in variants if v.change is Mutation.SWAP]
    twice = [str(v.lines[0]) for v in variants if v.change is Mutation.TWICE]
    lines = [f"the order {', '.join(pairs)}"] if pairs else []
    return (*lines, *([f"once only, not twice: {', '.join(twice)}"] if twice else []))


def _without(found: list[tuple[Attempt, list[Result]]]) -> Lines:
    return tuple(changed(one.variant) for one, _ in found if one.variant.change in LEAVES_OUT)


def _unknown(results: list[Result]) -> Lines:
    reasons = dict.fromkeys(one.reason for one in results)
    return tuple(
        f"{sum(one.reason == reason for one in results)} changes: {reason}" for reason in reasons
    )


# ---------------------------------------------------------------- the closest call


def _calls(report: Report, proof: Proof, page: Page) -> Lines:
    lines: list[str] = []
    for call in page.calls:
        if call.name in proof.names:
            lines += call_texts(call, report.file)
    known = {call.name for call in page.calls}
    none = [name for name in proof.names if name not in known]
    if page.needs is not None:
        reasons = [(name, absence(page.needs, name)) for name in none]
        lines += [f"{name}: {why.value}" for name, why in reasons if why is not None]
    return tuple(lines)
