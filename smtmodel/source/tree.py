"""The derivation of a text by the grammar, free of the parser that found it.

`Node` and `Word` mirror the rules and terminals of a grammar: `smtmodel.language.build` makes the
protocol of `smtmodel.language.ast` from those of grammar/protocol.lark, `smtmodel.models.cat` a
memory model from those of grammar/cat.lark. Equality ignores places: two texts with one tree have
the same words.
"""

from smtmodel.source.record import field, record
from smtmodel.source.text import Span


@record
class Word:
    """A terminal that the grammar keeps."""

    text: str
    span: Span = field(compare=False)


@record
class Node:
    """A rule with the parts that the grammar keeps."""

    rule: str
    parts: tuple["Node | Word", ...]
    span: Span = field(compare=False)

    def words(self) -> tuple[Word, ...]:
        """The terminals among the parts."""
        return tuple(part for part in self.parts if isinstance(part, Word))

    def nodes(self) -> tuple["Node", ...]:
        """The rules among the parts."""
        return tuple(part for part in self.parts if isinstance(part, Node))
