"""What a text means: as one protocol, or each of its variants as a protocol of its own.

All variants are checked, whichever is asked for. That something is never used is an error only
where it is so in every variant that has it, and an expectation has to find its property in one
of the variants that it speaks for. What is wrong in several variants is said once.
"""

from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache

from smtmodel.language import ast, codes, families
from smtmodel.language.build import build
from smtmodel.language.check import check, examine, excusing
from smtmodel.language.checked import Checked
from smtmodel.language.parse import derivation
from smtmodel.language.selection import declared, select
from smtmodel.source import Diagnostic, Span, Text
from smtmodel.source.record import parts, record, replace
from smtmodel.source.tree import Node

_SOMEWHERE = (codes.UNUSED, codes.NEVER_READ, codes.UNKNOWN_PROPERTY)
"""What is an error only if every variant that has the place has it."""


@record
class Meaning:
    """A protocol as parsed and as checked; `variant` is empty if its text has no others."""

    variant: str
    parsed: ast.Protocol
    checked: Checked


@record
class _Examined:
    """A variant, the places in it, and what would be wrong with it by itself."""

    name: str
    parsed: ast.Protocol
    places: frozenset[Span]
    checked: Checked
    wrong: tuple[Diagnostic, ...]

    def has(self, one: Diagnostic) -> bool:
        """Whether the same is wrong with it at this place."""
        return any((one.code, one.span) == (other.code, other.span) for other in self.wrong)


@lru_cache(maxsize=32)
def meanings(text: Text) -> tuple[Meaning, ...] | tuple[Diagnostic, ...]:
    """What a text means, the default first, or at least one diagnostic.

    The latest are kept: variants are asked for one by one, and all are checked for each.
    """
    root = derivation(text)
    if isinstance(root, tuple):
        return root
    wrong, names = families.variants(root)
    if wrong:
        return wrong
    if not names:
        parsed = build(root)
        found = check(parsed, text)
        return found if isinstance(found, tuple) else (Meaning("", parsed, found),)
    return _of_variants(root, [_examined(root, text, name) for name in names])


def _examined(root: Node, text: Text, name: str) -> _Examined:
    chosen = select(root, name)
    parsed = build(chosen)
    places = frozenset(one.span for one in parts(chosen) if isinstance(one, Node))
    return _Examined(name, parsed, places, *examine(parsed, text))


def _of_variants(
    root: Node, every: list[_Examined]
) -> tuple[Meaning, ...] | tuple[Diagnostic, ...]:
    """What the variants mean, or what is wrong with them."""
    made: list[Meaning] = []
    wrong: dict[str, tuple[Diagnostic, ...]] = {}
    for one in every:
        excused = [d for d in one.wrong if _is_excused(d, every)]
        found = excusing(one.checked, one.wrong, excused)
        if isinstance(found, tuple):
            wrong[one.name] = found
        else:
            made.append(_meaning(one, found))
    if wrong:
        return _merged(wrong, len(every))
    return _silent(root, made) or tuple(made)


def _meaning(one: _Examined, found: Checked) -> Meaning:
    """A variant without the expectations that are about properties of others."""
    met = {line.span for line in found.expectations}
    items = (i for i in one.parsed.items if not isinstance(i, ast.Expect) or i.span in met)
    parsed = replace(one.parsed, items=tuple(items))
    return Meaning(one.name, parsed, replace(found, variant=one.name))


def _is_excused(one: Diagnostic, every: list[_Examined]) -> bool:
    """Whether it is none in another variant that has the place."""
    return one.code in _SOMEWHERE and any(
        one.span in other.places and not other.has(one) for other in every
    )


def _merged(wrong: Mapping[str, tuple[Diagnostic, ...]], every: int) -> tuple[Diagnostic, ...]:
    """Each error once, with the variants that have it where not all have."""
    first: dict[object, Diagnostic] = {}
    where: defaultdict[object, list[str]] = defaultdict(list)
    for name, found in wrong.items():
        for one in found:
            key = (one.code.name, one.message, one.span)
            first.setdefault(key, one)
            where[key].append(name)
    merged = [
        one
        if len(where[key]) == every
        else replace(one, message=f"{one.message}, in {families.listed(where[key])}")
        for key, one in first.items()
    ]
    return tuple(sorted(merged, key=lambda one: (one.span, one.code.name, one.message)))


def _silent(root: Node, made: list[Meaning]) -> tuple[Diagnostic, ...]:
    """The variants of which nothing is expected, where something is of others."""
    silent = {one.variant for one in made if not one.checked.expectations}
    if len(silent) == len(made):
        return ()
    return tuple(
        Diagnostic(
            codes.NOTHING_EXPECTED,
            f"nothing is expected of `{word.text}`",
            word.span,
            suggestion=f"add `expect NAME proved for {word.text}`",
        )
        for word in (one.words()[0] for one in declared(root))
        if word.text in silent
    )
