"""What is known of proofs for any number of updates and rounds, in words.

Takes results; gives texts. What is shown is said with what it does not reach.
"""

from collections.abc import Sequence

from smtmodel.documents import scope
from smtmodel.documents.document import Spans, spans
from smtmodel.documents.scope import counted, several
from smtmodel.language.checked import Bounds, Checked
from smtmodel.solving.result import Certificate, Result, Sort
from smtmodel.verdict import Cause

TRUSTED = (
    "trusts the translation to a transition system, in which what nobody can tell the instant of "
    "belongs to another step, lanes change places and what nothing names is forgotten, as is what "
    "no property that is shown depends on; and that no number without `bits` overflows"
)
BRIEFLY_TRUSTED = (
    "trusts the translation to a transition system, and that no number without `bits` overflows"
)
OF_COUPLED_LANES = "; of coupled lanes also, that a fourth adds no more than a third does"


def ending(result: Result) -> str:
    """What stands behind the verdict where it holds for any number of updates and rounds."""
    shown = result.unbounded is not None and result.unbounded.proved
    return "and beyond these bounds" if shown else ""


def lacking(result: Result) -> str:
    """Why it is not known that it holds for any number of updates; nothing if that is known."""
    known = result.unbounded
    if known is None or known.proved:
        return ""
    return known.reason if known.contradicts else f"not shown beyond the bounds: {known.reason}"


Reached = tuple[str, ...]
"""What results have in common that hold for as many updates, or are not shown for one reason."""


def reached(result: Result) -> Reached:
    """How far an answer reaches beyond its bounds."""
    known = result.unbounded
    if known is None:
        return ()
    if known.certificate is None:
        return ("not", known.reason)
    return ("any", *known.certificate.free)


def _brief(known: Certificate) -> str:
    size = f"{known.clauses:,} clauses" if known.clauses else f"{known.groups:,} groups of states"
    return f"by an invariant ({size}; -v shows it)"


def free(result: Result) -> tuple[str, ...]:
    """The bounds of which an invariant says that the result holds for any number of lanes."""
    known = result.unbounded
    return () if known is None or known.certificate is None else known.certificate.free


def bounds_text(protocol: Checked, bounds: Bounds, result: Result) -> str:
    """How many lanes a result is about: any number, or as many as the bounds say."""
    known = result.unbounded
    if known is not None and known.certificate is not None:
        return scope_text(protocol, bounds, known.certificate)
    return scope.bounds_text(protocol, bounds, result.extents)


def scope_of(protocol: Checked, bounds: Bounds, result: Result) -> str:
    """The same with the rounds of each lane."""
    known = result.unbounded
    if known is not None and known.certificate is not None:
        return scope_text(protocol, bounds, known.certificate)
    return scope.scope_text(protocol, bounds, result.extents)


def why_not_more(model: str, result: Result) -> str:
    """The end of the line about the scope: why a result is about no more than the bounds, or how to
    ask; nothing of goals, which more updates reach as well, and of what is known to fall."""
    known = result.unbounded
    falls = result.beyond is not None and result.beyond.run is not None
    if falls or result.sort is Sort.REACH or (known is not None and known.proved):
        return ""
    if model != "sc":
        return f"; why not more: not asked under {model}"
    more = "; more: `--unbounded`"
    if known is None:
        return more
    return f"; why not more: {known.reason}{more if known.cause is Cause.BUDGET else ''}"


def lines(results: Sequence[Result], *, words: bool) -> tuple[Spans, ...]:
    """By what it is shown that some of the results hold for any number of updates and rounds, with
    `words` as exactly as is known."""
    groups: dict[Certificate, list[str]] = {}
    for one in results:
        if one.unbounded is not None and one.unbounded.certificate is not None:
            groups.setdefault(one.unbounded.certificate, []).append(one.name)
    said = certificate_text if words else _brief
    found = [spans(f"{', '.join(names)}: {said(one)}") for one, names in groups.items()]
    if groups:
        coupled = OF_COUPLED_LANES if any(map(_is_of_coupled_lanes, results)) else ""
        found.append(spans((TRUSTED if words else BRIEFLY_TRUSTED) + coupled))
    cuts = dict.fromkeys(cut for one in groups for cut in one.cuts)
    return (*found, spans(f"retries stay bounded: {', '.join(cuts)}")) if cuts else tuple(found)


def _is_of_coupled_lanes(result: Result) -> bool:
    """Whether it holds for any number of lanes though something couples them."""
    known = free(result)
    return any(one.couplings and one.bound in known for one in result.extents)


GROUPS = (
    "a group is all states that are alike in where lanes stand, who holds which lock, and what "
    "points where; what is done on the way from one place to the next counts as one step"
)


def invariant(results: Sequence[Result]) -> tuple[Spans, ...]:
    """What the invariants say that show some of the results, in the names of the protocol."""
    shown = [one.unbounded.certificate for one in results if one.unbounded is not None]
    words = dict.fromkeys(one.words for one in shown if one is not None and one.words)
    said = [spans(line) for one in words for line in one]
    return (spans(GROUPS), *said) if said else ()


def scope_text(protocol: Checked, bounds: Bounds, known: Certificate) -> str:
    """`any number of updates, faults and rounds`, or `2 getattr lanes, any number of …`."""
    kinds = [kind for kind in protocol.kinds if not kind.updates]
    others = dict.fromkeys(kind.bound for kind in kinds if kind.bound not in known.free)
    free = [several(one) for one in known.free]
    updates = ["updates"] if any(kind.updates for kind in protocol.kinds) else []
    *most, last = [*updates, *free, "rounds"]
    any_number = f"{', '.join(most)} and {last}" if most else last
    counts = [counted(bounds.count(one), one) for one in others]
    at_once = protocol.updaters or 1
    limit = f" (at most {at_once} updates at once)" if at_once > 1 else ""
    return ", ".join([*counts, f"any number of {any_number}{limit}"])


def certificate_text(known: Certificate) -> str:
    """How large an invariant is, and who has checked it."""
    who = f"are decided by {' and by '.join(known.checkers)}"
    checked = f"{known.obligations:,} obligations {who}" if known.obligations else _FINITE
    return (
        f"an invariant of {known.clauses:,} clauses in {known.groups:,} groups of states; {checked}"
    )


_FINITE = "all of them are finite, so that no obligation is left for a solver"
