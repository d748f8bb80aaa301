"""The derivation of a text by the grammar, free of the parser that found it.

`Node` and `Word` mirror the rules and terminals of grammar/protocol.lark;
`smtmodel.language.build` makes the protocol of `smtmodel.language.ast` from them.
"""

from smtmodel.source import Span
from smtmodel.source.record import record


@record
class Word:
    """A terminal that the grammar keeps."""

    text: str
    span: Span


@record
class Node:
    """A rule with the parts that the grammar keeps."""

    rule: str
    parts: tuple["Node | Word", ...]
    span: Span

    def words(self) -> tuple[Word, ...]:
        """The terminals among the parts."""
        return tuple(part for part in self.parts if isinstance(part, Word))

    def nodes(self) -> tuple["Node", ...]:
        """The rules among the parts."""
        return tuple(part for part in self.parts if isinstance(part, Node))
