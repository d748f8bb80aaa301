"""`let rec` in a model's file.

Takes a group of definitions over each other; tells sets from relations before any of them is
translated, and recognises one recursion that is not monotone: pairing the ends of sections that
nest, as the kernel's `.bell` file writes it.
"""

from collections.abc import Mapping, Sequence

from smtmodel.models.cat.library import OF_RELATIONS, Function, Value
from smtmodel.models.normal import Normal
from smtmodel.models.terms import (
    PO,
    AnyIn,
    Base,
    Defined,
    Difference,
    Domain,
    EventSet,
    Except,
    Named,
    NamedSet,
    Nested,
    Range,
    Recursion,
    Relation,
    Union,
    then,
)
from smtmodel.source.record import parts, rewritten
from smtmodel.source.tree import Node, Word

Sorts = dict[str, bool | None]
"""By name whether it is a set; None where that is not known yet."""


def sorts(bindings: Sequence[Node], names: Mapping[str, Value]) -> dict[str, bool]:
    """Which of the names that a group defines are sets; what nothing tells is a relation."""
    bodies = {node.words()[0].text: node.parts[-1] for node in bindings}
    known: Sorts = dict.fromkeys(bodies)
    for _ in bodies:
        for name, body in bodies.items():
            if known[name] is None:
                known[name] = _is_set(body, known, names)
    return {name: bool(is_set) for name, is_set in known.items()}


def _is_set(node: Node | Word, known: Sorts, names: Mapping[str, Value]) -> bool | None:
    if isinstance(node, Word):
        return _name_is_set(node.text, known, names)
    match node.rule:
        case "name":
            return _name_is_set(node.words()[0].text, known, names)
        case "everything":
            return True
        case "nothing" | "set":
            return None
        case "union" | "both" | "minus" | "complement" | "attempt":
            operands = [part for part in node.parts if part not in node.words()]
            found = (_is_set(one, known, names) for one in operands)
            return next((is_set for is_set in found if is_set is not None), None)
        case "local" | "local_recursion":
            return _is_set(node.parts[-1], known, names)
        case "application":
            return _result_is_set(node, known, names)
        case _:
            return False


def _name_is_set(name: str, known: Sorts, names: Mapping[str, Value]) -> bool | None:
    return known[name] if name in known else isinstance(names.get(name), EventSet)


def _result_is_set(node: Node, known: Sorts, names: Mapping[str, Value]) -> bool | None:
    name = node.words()[0].text
    match names.get(name):
        case Function(parameters, body, inner):
            given = [part for one in node.nodes() for part in one.parts]
            arguments = [_is_set(part, known, names) for part in given]
            return _is_set(body, dict(zip(parameters, arguments, strict=False)), inner)
    return name in OF_RELATIONS and name != "different-values"


# ---------------------------------------------------------------- sections that nest


def nested(group: Recursion) -> tuple[str, Nested] | None:
    """The name that stands for pairs of nested sections, and those pairs; None if none does."""
    whole = _whole(group)
    if whole is None:
        return None
    name, term = whole
    for opening in _kept(term, Domain(Named(name))):
        for closing in _kept(term, Range(Named(name))):
            if _same(term, _pairing(Named(name), opening, closing), name):
                return name, Nested(opening, closing)
    return None


def _whole(group: Recursion) -> tuple[str, Relation] | None:
    """The one definition that grows by itself, with the others in the place of their names."""
    terms = {definition.name: definition.term for definition in group.definitions}
    growing = [name for name, term in terms.items() if Named(name) in parts(term)]
    if len(growing) != 1:
        return None
    (name,) = growing
    term = terms.pop(name)
    for _ in terms:
        term = rewritten(
            term,
            lambda part: terms.get(part.name) if isinstance(part, Named | NamedSet) else None,
        )
    open_still = any(isinstance(x, Named | NamedSet) and x.name in terms for x in parts(term))
    return None if open_still or isinstance(term, EventSet) else (name, term)


def _kept(term: Relation, removed: Domain | Range) -> list[EventSet]:
    """The sets from which a term takes away the events at an end of a relation."""
    return [
        part.kept for part in parts(term) if isinstance(part, Except) and part.removed == removed
    ]


def _pairing(matched: Named, opening: EventSet, closing: EventSet) -> Relation:
    """What is paired, and ends that are not yet and have no such end between them."""
    begin, end = Except(opening, Domain(matched)), Except(closing, Range(matched))
    among = then(AnyIn((begin, end)), PO, AnyIn((begin, end)))
    return Union((matched, Difference(then(begin, PO, end), then(among, among))))


def _same(first: Relation, second: Relation, name: str) -> bool:
    """Whether two terms over what is named, and nothing else that is, are equal."""
    table = Normal()
    names = table.definitions([Recursion((Defined(name, Base(name)),))])
    return table.term(first, names) == table.term(second, names)
