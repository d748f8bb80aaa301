"""What an expression of a model's file means: a term over base relations, sets and definitions.

Takes nodes of grammar/cat.lark and the names that are known there. Functions and `let … in` are
expanded. Sets and relations are told apart here, for the language writes both alike.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from smtmodel.models import terms
from smtmodel.models.cat import codes, library
from smtmodel.models.cat.library import Function, Term, Unread, Value
from smtmodel.models.cat.refused import Refused
from smtmodel.models.terms import EventSet, Relation
from smtmodel.source import Span
from smtmodel.source.tree import Node, Word

DEPTH = 60
"""How deeply expressions nest at most, calls of functions included."""
SIZE = 10_000
"""How many operators a term has at most, once functions are expanded."""

Names = Mapping[str, Value]
T = TypeVar("T")

UNSUPPORTED = {
    "list": "`++`",
    "tuple": "a tuple",
    "fun": "`fun`",
    "match": "`match`",
    "set": "a set of single events",
    "tag": "a tag outside of `enum` and `instructions`",
}


class Expressions:
    """Translates expressions; what they define with `let rec` goes to `recursion`."""

    def __init__(self, recursion: Callable[[Sequence[Node], Names], dict[str, Value]]) -> None:
        self._recursion = recursion
        self._depth = 0
        self._sizes: dict[int, tuple[Term, int]] = {}

    def term(self, node: Node | Word, names: Names) -> Term:
        """A set or a relation."""
        self._depth += 1
        if self._depth > DEPTH:
            raise Refused(codes.DEPTH, f"nested more than {DEPTH} levels deep", node.span)
        try:
            found = self._term(node, names)
        finally:
            self._depth -= 1
        if self._size(found) > SIZE:
            message = f"more than {SIZE} operators, once functions are expanded"
            raise Refused(codes.DEPTH, message, node.span)
        return found

    def _size(self, term: Term) -> int:
        """The operators of a term. What a function has expanded twice counts twice, and is
        looked at once."""
        if id(term) not in self._sizes:
            fields = [getattr(term, name) for name in type(term).__record__]  # type: ignore[union-attr]
            inner = [x for one in fields for x in (one if isinstance(one, tuple) else (one,))]
            size = 1 + sum(self._size(x) for x in inner if isinstance(x, Term))
            self._sizes[id(term)] = term, size
        return self._sizes[id(term)][1]

    def set(self, node: Node | Word, names: Names) -> EventSet:
        """The expression as a set."""
        return _as_set(self.term(node, names), node.span)

    def relation(self, node: Node | Word, names: Names) -> Relation:
        """The expression as a relation."""
        return _as_relation(self.term(node, names), node.span)

    def _term(self, node: Node | Word, names: Names) -> Term:
        if isinstance(node, Word):
            return self._word(node, names)
        match node.rule, node.parts:
            case "name", (Word() as word,):
                return self._word(word, names)
            case ("nothing", _) | ("set", ()):
                return library.NOTHING
            case "everything", _:
                return terms.Events("All")
            case "on", (inner,):
                return terms.Identity(self.set(inner, names))
            case "union" | "both" | "minus", operands:
                return self._alike(node.rule, operands, names)
            case "complement", (_, inner):
                term = self.term(inner, names)
                if isinstance(term, EventSet):
                    return terms.Outside(term)
                return terms.Complement(term)
            case "sequence", operands:
                return _balanced(terms.Sequence, [self.relation(one, names) for one in operands])
            case "product", (left, right):
                return terms.Product(self.set(left, names), self.set(right, names))
            case "optional", (inner,):
                return terms.Optional(self.relation(inner, names))
            case "inverse", (inner,):
                return terms.Inverse(self.relation(inner, names))
            case "closure", (inner,):
                return terms.Closure(self.relation(inner, names))
            case "star", (inner,):
                return terms.Star(self.relation(inner, names))
            case "application", (Word() as function, *arguments):
                return self._application(function, arguments, names)
            case "local", (*bindings, body):
                return self.term(body, {**names, **self.bound(bindings, names)})
            case "local_recursion", (*bindings, body):
                found = self._recursion([b for b in bindings if isinstance(b, Node)], names)
                return self.term(body, {**names, **found})
            case "attempt", (first, second):
                return self._attempt(first, second, names)
        what = UNSUPPORTED.get(node.rule, node.rule)
        raise Refused(codes.UNSUPPORTED, f"{what} has no meaning here", node.span)

    def _word(self, word: Word, names: Names) -> Term:
        if word.text == "0":
            return library.NOTHING
        match names.get(word.text):
            case None:
                message = f"`{word.text}` is neither defined nor a set or relation of this tool"
                raise Refused(codes.UNKNOWN, message, word.span)
            case Function():
                message = f"`{word.text}` is a function: it needs arguments"
                raise Refused(codes.ARGUMENTS, message, word.span)
            case Unread(reason):
                raise Refused(codes.UNSUPPORTED, reason, word.span)
            case term:
                return term

    def _alike(self, rule: str, operands: Sequence[Node | Word], names: Names) -> Term:
        """What has operands of one sort, be they sets or relations."""
        found = [self.term(one, names) for one in operands]
        if any(isinstance(term, EventSet) for term in found):
            sets = [_as_set(x, node.span) for x, node in zip(found, operands, strict=True)]
            match rule:
                case "union":
                    return terms.AnyIn(tuple(sets))
                case "both":
                    return terms.AllIn(tuple(sets))
                case _:
                    return terms.Except(*sets)
        pairs = [_as_relation(x, node.span) for x, node in zip(found, operands, strict=True)]
        match rule:
            case "union":
                return terms.Union(tuple(pairs))
            case "both":
                return _balanced(terms.Intersection, pairs)
            case _:
                return terms.Difference(*pairs)

    def _attempt(self, first: Node | Word, second: Node | Word, names: Names) -> Term:
        """The first expression, or the second where the first has a name that nobody knows."""
        try:
            return self.term(first, names)
        except Refused as refused:
            if refused.diagnostic.code is not codes.UNKNOWN:
                raise
            return self.term(second, names)

    # ------------------------------------------------------------ functions

    def bound(self, bindings: Sequence[Node | Word], names: Names) -> dict[str, Value]:
        """What bindings that do not see each other define."""
        return dict(self._binding(one, names) for one in bindings if isinstance(one, Node))

    def _binding(self, node: Node, names: Names) -> tuple[str, Value]:
        name = node.words()[0].text
        body = node.parts[-1]
        if node.rule == "function":
            assert isinstance(body, Node)
            parameters = tuple(word.text for word in node.nodes()[0].words())
            return name, Function(parameters, body, dict(names))
        return name, self.term(body, names)

    def _application(self, word: Word, arguments: Sequence[Node | Word], names: Names) -> Term:
        given = [part for one in arguments if isinstance(one, Node) for part in one.parts]
        function = names.get(word.text)
        if isinstance(function, Function):
            return self._expanded(word, function, [self.term(one, names) for one in given])
        of_sets = library.OF_SETS.get(word.text)
        of_relations = library.OF_RELATIONS.get(word.text)
        if function is None and (of_sets or of_relations):
            if len(given) != 1:
                message = f"`{word.text}` takes one argument, not {len(given)}"
                raise Refused(codes.ARGUMENTS, message, word.span)
            if of_sets:
                return of_sets(self.set(given[0], names))
            assert of_relations
            return of_relations(self.relation(given[0], names))
        if isinstance(function, Unread):
            raise Refused(codes.UNSUPPORTED, function.reason, word.span)
        message = f"`{word.text}` is no function of this tool or of the file"
        raise Refused(codes.UNKNOWN if function is None else codes.ARGUMENTS, message, word.span)

    def _expanded(self, word: Word, function: Function, given: list[Term]) -> Term:
        """The body with the arguments; what is wrong in it is said of the call."""
        if len(given) != len(function.parameters):
            count = len(function.parameters)
            message = f"`{word.text}` takes {count} argument{'s' * (count != 1)}, not {len(given)}"
            raise Refused(codes.ARGUMENTS, message, word.span)
        arguments = zip(function.parameters, given, strict=True)
        try:
            return self.term(function.body, {**function.names, **dict(arguments)})
        except Refused as refused:
            inner = refused.diagnostic
            raise Refused(inner.code, f"in `{word.text}`: {inner.message}", word.span) from refused


def _as_set(term: Term, span: Span) -> EventSet:
    if term == library.NOTHING:
        return terms.AnyIn(())
    if not isinstance(term, EventSet):
        raise Refused(codes.KIND, "this is a relation where a set of events is needed", span)
    return term


def _as_relation(term: Term, span: Span) -> Relation:
    if isinstance(term, EventSet):
        suggestion = "write `[S]` for the identity on a set"
        message = "this is a set of events where a relation is needed"
        raise Refused(codes.KIND, message, span, suggestion)
    return term


def _balanced(make: Callable[[T, T], T], operands: Sequence[T]) -> T:
    """An associative operator over many operands, nested as little as can be."""
    if len(operands) == 1:
        return operands[0]
    middle = len(operands) // 2
    return make(_balanced(make, operands[:middle]), _balanced(make, operands[middle:]))
