"""One protocol out of a file that holds several: of each branch what a variant has of it.

Takes the neutral tree of a text; gives that of one of its variants, in which nothing speaks of
variants any more. What is wrong with the variants of a text is found in
`smtmodel.language.families`; here an unknown name is one that nobody holds.
"""

from collections.abc import Iterable, Iterator

from smtmodel.source.record import record, replace
from smtmodel.source.tree import Node, Word

ONLY = ("only_items", "only_steps")
"""The rules of what stands in some variants only."""

AROUND = frozenset(
    (
        *("start", "block", "define", "body", "step", "single", *ONLY),
        *("if", "while", "retry", "each", "either", "atomic"),
    )
)
"""The rules below which there can be such a part."""


@record
class Family:
    """The variants of a text: `held` has what each holds, its own name included; the first is
    the default."""

    held: dict[str, frozenset[str]]

    @property
    def names(self) -> tuple[str, ...]:
        """The variants in the order of the text; none if it is one protocol."""
        return tuple(self.held)


def family(root: Node) -> Family:
    """The variants of a text; what a name stands for that is not declared above is left out."""
    held: dict[str, frozenset[str]] = {}
    for one in declared(root):
        own = one.words()[0].text
        others = (held.get(text, frozenset()) for text in names(one))
        held.setdefault(own, frozenset((own,)).union(*others))
    return Family(held)


def declared(root: Node) -> Iterator[Node]:
    """The declarations of variants."""
    return (one for one in root.nodes() if one.rule == "variant")


def named(node: Node) -> tuple[Word, ...]:
    """Where a declaration, a part or a `for` names variants."""
    return tuple(one.words()[0] for one in node.nodes() if one.rule == "name")


def names(node: Node) -> tuple[str, ...]:
    """The variants that it names."""
    return tuple(one.text for one in named(node))


def content(part: Node) -> tuple[Node, ...]:
    """What stands in a part that only some variants have."""
    return tuple(one for one in part.nodes() if one.rule != "name")


def has(part: Node, held: frozenset[str]) -> bool:
    """Whether who holds these names has the part."""
    return held.isdisjoint(names(part)) == bool(part.words())


def select(root: Node, variant: str) -> Node:
    """The tree of one variant; its title is that of the variant, where it has one."""
    held = family(root).held[variant]
    own = next(one for one in declared(root) if one.words()[0].text == variant)
    title = own.words()[1:] or root.words()[1:]
    items = _judged(kept(root, held), variant, held)
    return replace(root, parts=(root.words()[0], *title, *items))


def kept(root: Node, held: frozenset[str]) -> list[Node]:
    """The items that who holds these names has, with all expectations among them."""
    return [one for one in _all(root.nodes(), held) if one.rule != "variant"]


def _all(nodes: Iterable[Node], held: frozenset[str]) -> Iterator[Node]:
    """The nodes as who holds these names has them."""
    for one in nodes:
        if one.rule in ONLY:
            yield from _all(content(one), held) if has(one, held) else ()
        elif one.rule in AROUND:
            yield _below(one, held)
        else:
            yield one


def _below(node: Node, held: frozenset[str]) -> Node:
    inside = (tuple(_all((one,), held)) if isinstance(one, Node) else (one,) for one in node.parts)
    return replace(node, parts=tuple(part for parts in inside for part in parts))


# ---------------------------------------------------------------- what is expected


def claim(line: Node) -> tuple[str, str | None]:
    """The property and the model that an expectation is about."""
    under = [one.words()[0].text for one in line.nodes() if one.rule == "under"]
    return line.words()[0].text, under[0] if under else None


def for_any_number(line: Node) -> bool:
    """Whether an expectation is about any number of updates and rounds."""
    return any(one.rule == "any_number" for one in line.nodes())


FOR_ALL = 2
"""The rank of a line that names no variants."""


def rank(line: Node, variant: str, held: frozenset[str]) -> int | None:
    """How near an expectation is to a variant; None if it does not speak for it."""
    spoken = [names(one) for one in line.nodes() if one.rule == "for"]
    if not spoken:
        return FOR_ALL
    if variant in spoken[0]:
        return 0
    return None if held.isdisjoint(spoken[0]) else 1


def _judged(items: list[Node], variant: str, held: frozenset[str]) -> Iterator[Node]:
    """The items with what is expected of one variant."""
    instead = deciding(items, variant, held)
    for one in items:
        if one.rule != "expect":
            yield one
        elif id(one) in instead:
            yield instead[id(one)]


def deciding(items: Iterable[Node], variant: str, held: frozenset[str]) -> dict[int, Node]:
    """The lines that are left of one variant, by their identity, as it would have them by itself.

    Of every property under every model the nearest line decides, and of equally near ones that
    which names the model.
    """
    lines = [(rank(one, variant, held), one) for one in items if one.rule == "expect"]
    speaking = [(place, one) for place, one in lines if place is not None]
    first: dict[tuple[str, str | None], tuple[int, Node]] = {}
    for place, line in sorted(speaking, key=lambda one: one[0]):
        first.setdefault(claim(line), (place, line))
    instead: dict[int, Node] = {}
    for (name, _), own in first.items():
        nearest = min(own, first.get((name, None), own), key=lambda one: one[0])
        instead[id(own[1])] = _plain(own[1], nearest[1])
    return instead


def _plain(line: Node, nearest: Node) -> Node:
    """The expectation without the variants, with the verdict of the line that decides it. What that
    says of any number is about sc, and no part of a line about another model."""
    under = [one for one in line.nodes() if one.rule == "under"]
    able = claim(line)[1] in (None, "sc")
    more = [one for one in nearest.nodes() if able and one.rule == "any_number"]
    return Node("expect", (line.words()[0], nearest.words()[1], *more, *under), nearest.span)
