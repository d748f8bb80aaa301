"""What the cases of a protocol are about, and the work of a job that finds them.

Takes a protocol; gives the properties that judge the same thing, or the cases of each such
subject. The solver is imported only where the cases are found.
"""

from collections.abc import Iterator

from smtmodel.analysis.cases import About, Assertions, Found, assertions, one_of_each
from smtmodel.language.ast import When
from smtmodel.language.checked import Asserted, Bounds, Checked, Never
from smtmodel.language.numbered import numbers_lanes
from smtmodel.models import Model
from smtmodel.solving.result import Limits, Started
from smtmodel.source.record import replace


def cases(
    protocol: Checked, model: Model, bounds: Bounds, limits: Limits, only: frozenset[str] | None
) -> Iterator[Found]:
    """For each subject of the properties (or of `only`): it, its cases, and its end."""
    from smtmodel.analysis.enumeration import Finder

    for names, about in subjects(protocol, only).items():
        yield Started(names[0])
        yield from Finder(protocol, model, bounds, limits, names, about).run()


def beyond(protocol: Checked, only: frozenset[str] | None) -> tuple[str, ...]:
    """The properties that are judged in cases, where there are more executions at the bounds of
    the protocol than cases are about: more lanes or rounds, or kinds that the cases leave out."""
    from smtmodel.analysis.outcomes import fault, narrowed

    def is_less(names: tuple[str, ...], about: About) -> bool:
        cases = narrowed(protocol, about, fault(protocol, about), names)
        return one_of_each(cases, protocol.bounds) != protocol.bounds

    every = subjects(protocol, only).items()
    return tuple(name for names, about in every if is_less(names, about) for name in names)


def subjects(protocol: Checked, only: frozenset[str] | None) -> dict[tuple[str, ...], About]:
    """The properties that judge the same thing, together, and what they say.

    One of `finally` is one only where the bounds of the file are those of the cases: at smaller
    ones it says something else. There is none where lanes have numbers: a case is about one lane of
    each kind, which stands for the others.
    """
    if numbers_lanes(protocol):
        return {}
    found: list[tuple[list[str], About]] = []
    for item in protocol.properties:
        if not isinstance(item, Never) or (only is not None and item.name not in only):
            continue
        ending = item.when is When.FINALLY
        if ending and one_of_each(protocol, protocol.bounds) != protocol.bounds:
            continue
        same = replace(item, name="", when=item.when if ending else When.ALWAYS)
        known = next((names for names, other in found if other == same), None)
        if known is None:
            found.append(([item.name], same))
        else:
            known.append(item.name)
    asserted = _asserted(protocol, only)
    if asserted:
        found.append(([item.name for item in asserted], Assertions(asserted)))
    return {tuple(names): about for names, about in found}


def _asserted(protocol: Checked, only: frozenset[str] | None) -> tuple[Asserted, ...]:
    """The assertions of the blocks that are not updates."""
    blocks = [block for kind in protocol.kinds if not kind.updates for block in kind.blocks]
    names = {name for block in blocks for name in assertions(protocol.block(block))}
    return tuple(
        item
        for item in protocol.properties
        if isinstance(item, Asserted) and item.name in names and (only is None or item.name in only)
    )
