"""From the files of a memory model to the model.

Takes paths of `.bell` and `.cat` files, read one after the other as one text, with the files that
they include. Gives a `Model` with its definitions, axioms and flags, or the first thing that is not
read, with its file and line. Files that compute coherence, or reads-from of locks, execution by
execution are recognised by that and not read further: here both are the solver's.
"""

import os
from collections.abc import Mapping, Sequence

from smtmodel.models.cat import codes, library
from smtmodel.models.cat.expressions import DEPTH, Expressions
from smtmodel.models.cat.library import Term, Unread, Value
from smtmodel.models.cat.parse import parse
from smtmodel.models.cat.recursion import nested, sorts
from smtmodel.models.cat.refused import Refused
from smtmodel.models.terms import (
    Axiom,
    AxiomForm,
    Defined,
    Events,
    EventSet,
    Flag,
    Group,
    Identity,
    Model,
    Named,
    NamedSet,
    Recursion,
    Relation,
)
from smtmodel.source import Diagnostic, Text
from smtmodel.source.read import read
from smtmodel.source.refusal import Refusal
from smtmodel.source.tree import Node, Word

OPPOSITE = {
    AxiomForm.ACYCLIC: AxiomForm.CYCLIC,
    AxiomForm.IRREFLEXIVE: AxiomForm.REFLEXIVE,
    AxiomForm.EMPTY: AxiomForm.INHABITED,
}


def read_model(*paths: str) -> Model | Refusal:
    """The model of files that are read in this order."""
    reader = _Reading()
    for path in paths:
        text = read(path)
        if isinstance(text, Diagnostic):
            return Refusal(path, diagnostics=(text,), text=Text(path, ""))
        try:
            reader.file(text)
        except Refused as refused:
            return refused.refusal()
    return reader.model(paths[-1])


class _Reading:
    """What has been read so far."""

    def __init__(self) -> None:
        self.names = library.beginning()
        self.definitions: list[Group] = []
        self.axioms: list[Axiom] = []
        self.flags: list[Flag] = []
        self.title = ""
        self._taken = set(self.names)
        self._open: list[Text] = []
        self._recursing = False
        self._expressions = Expressions(self._recursion)

    def model(self, path: str) -> Model:
        """All of it, called after the file."""
        name = os.path.splitext(os.path.basename(path))[0]
        return Model(
            name=name,
            title=self.title or name,
            axioms=tuple(self.axioms),
            instants=None,
            machine=None,
            causal=False,
            idle=(),
            trusts=(),
            leaves_out=f"what {os.path.basename(path)} does not say",
            definitions=tuple(self.definitions),
            flags=tuple(self.flags),
        )

    # ------------------------------------------------------------ files

    def file(self, text: Text) -> None:
        """Reads a file to its end; `Refused` names the file that it is about."""
        self._open.append(text)
        try:
            for statement in self._statements(text):
                self._statement(statement)
        except Refused as refused:
            refused.text = refused.text or text
            raise
        finally:
            self._open.pop()

    def _statements(self, text: Text) -> Sequence[Node]:
        root = parse(text)
        if isinstance(root, Diagnostic):
            raise Refused(root.code, root.message, root.span)
        return root.nodes()

    def _include(self, path: Word) -> None:
        name = path.text[1:-1]
        place = os.path.normpath(os.path.join(os.path.dirname(self._open[-1].name), name))
        if os.path.realpath(place) in (os.path.realpath(text.name) for text in self._open):
            raise Refused(codes.INCLUDE, f"{name} includes itself", path.span)
        if len(self._open) == DEPTH:
            message = f"files include each other more than {DEPTH} deep"
            raise Refused(codes.DEPTH, message, path.span)
        text = read(place)
        if isinstance(text, Diagnostic):
            raise Refused(codes.INCLUDE, f"{name}: {text.message}", path.span)
        root = parse(text)
        if isinstance(root, Node) and any(one.rule == "generated" for one in root.nodes()):
            self._replaced(name, root, path)
        else:
            self.file(text)

    def _replaced(self, name: str, root: Node, path: Word) -> None:
        """A file that goes through possible relations: what stands here in its place."""
        defined = _defined(root)
        if {"rf", "co", "lk-rmw"} <= defined:
            self.names |= library.locks()
            self.flags += library.lock_flags()
        elif "co" not in defined or any(one.rule == "check" for one in root.nodes()):
            message = f"{name} goes through possible relations, and not only coherence"
            raise Refused(codes.UNSUPPORTED, message, path.span)

    # ------------------------------------------------------------ statements

    def _statement(self, node: Node) -> None:
        match node.rule, node.parts:
            case "let", bindings:
                for name, value in self._expressions.bound(bindings, self.names).items():
                    self.names[name] = self._kept(name, value, node)
            case "recursion", _:
                self.names |= self._recursion(node.nodes(), self.names)
            case "check", _:
                self.axioms.append(self._axiom(node))
            case "flag", (Node() as check,):
                self.flags.append(self._flag(check, opposite=False))
            case "undefined", (Node() as check,):
                self.flags.append(self._flag(check, opposite=True))
            case "include", (Word() as path,):
                self._include(path)
            case "title", (Word() as word,):
                self.title = self.title or word.text[1:-1]
            case "enumeration", (_, *tags):
                self._tags([tag for tag in tags if isinstance(tag, Word)])
            case "shown" | "instructions", _:
                pass
            case "procedure", (Word() as word, *_):
                self.names[word.text] = Unread("procedures have no meaning here")
            case _:
                what = "with … from" if node.rule == "generated" else node.rule
                raise Refused(codes.UNSUPPORTED, f"`{what}` has no meaning here", node.span)

    def _tags(self, tags: Sequence[Word]) -> None:
        """A tag makes a set, whose name begins with a capital."""
        for tag in tags:
            name = tag.text[1].upper() + tag.text[2:]
            self.names.setdefault(name, Events(name))

    def _kept(self, name: str, value: Value, node: Node) -> Value:
        """What the name stands for from now on: terms become definitions of the model."""
        if not isinstance(value, Term):
            return value
        known = self._free(name)
        self.definitions.append(Defined(known, value, source=self._source(node)))
        return NamedSet(known) if isinstance(value, EventSet) else Named(known)

    def _free(self, name: str) -> str:
        """The name, with a number where something has it already."""
        free, number = name, 1
        while free in self._taken:
            number += 1
            free = f"{name}#{number}"
        self._taken.add(free)
        return free

    def _source(self, node: Node) -> str:
        return f"{os.path.basename(self._open[-1].name)}, line {node.span.line}"

    def _recursion(self, bindings: Sequence[Node], names: Mapping[str, Value]) -> dict[str, Value]:
        """What `let rec` defines."""
        if any(binding.rule == "function" for binding in bindings):
            unread = Unread("a function that calls itself has no meaning here")
            return {binding.words()[0].text: unread for binding in bindings}
        if self._recursing:
            message = "`let rec` inside of `let rec` has no meaning here"
            raise Refused(codes.UNSUPPORTED, message, bindings[0].span)
        found: dict[str, Value] = {}
        for name, is_set in sorts(bindings, names).items():
            free = self._free(name)
            found[name] = NamedSet(free) if is_set else Named(free)
        self._recursing = True
        try:
            group = Recursion(tuple(self._defined(one, {**names, **found}) for one in bindings))
        finally:
            self._recursing = False
        if group.monotone:
            self.definitions.append(group)
            return found
        return self._sections(group, found, bindings[0])

    def _defined(self, binding: Node, names: Mapping[str, Value]) -> Defined:
        word, body = binding.words()[0], binding.parts[-1]
        named = names[word.text]
        assert isinstance(named, Named | NamedSet)
        is_set = isinstance(named, NamedSet)
        read_as = self._expressions.set if is_set else self._expressions.relation
        return Defined(named.name, read_as(body, names), source=self._source(binding))

    def _sections(
        self, group: Recursion, found: Mapping[str, Value], binding: Node
    ) -> dict[str, Value]:
        """A recursion that is not monotone: pairs of nested sections, or refused."""
        pairs = nested(group)
        if pairs is None:
            message = "this recursion takes away what it adds: it has no least solution"
            raise Refused(codes.NEGATED, message, binding.span)
        unread = Unread("of this recursion only the pairs have a meaning here")
        return {
            name: pairs[1] if value == Named(pairs[0]) else unread for name, value in found.items()
        }

    # ------------------------------------------------------------ axioms and flags

    def _axiom(self, node: Node) -> Axiom:
        form, relation, name = self._check(node)
        count = sum(axiom.name.partition("#")[0] == name for axiom in self.axioms)
        name = f"{name}#{count + 1}" if count else name
        return Axiom(name, form, relation, "", self._source(node))

    def _flag(self, node: Node, *, opposite: bool) -> Flag:
        form, relation, name = self._check(node)
        if opposite:
            both = OPPOSITE | {second: first for first, second in OPPOSITE.items()}
            form = both[form]
        return Flag(name, form, relation, "", self._source(node))

    def _check(self, node: Node) -> tuple[AxiomForm, Relation, str]:
        """What is said of which relation, and its name: the line where the file gives none."""
        negated = any(word.text == "~" for word in node.words())
        form, expression = node.nodes()
        term = self._expressions.term(expression, self.names)
        word = form.words()[0].text
        stated = AxiomForm(f"~{word}" if negated else word)
        names = [word.text for word in node.words() if word.text != "~"]
        name = names[0] if names else f"line-{node.span.line}"
        return stated, Identity(term) if isinstance(term, EventSet) else term, name


def _defined(root: Node) -> set[str]:
    """The names that a file defines outside of its expressions."""
    names: set[str] = set()
    for statement in root.nodes():
        if statement.rule == "generated":
            names.add(statement.words()[0].text)
        elif statement.rule in ("let", "recursion"):
            names |= {binding.words()[0].text for binding in statement.nodes()}
    return names
