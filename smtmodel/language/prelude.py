"""The definitions of grammar/prelude.dsl, by name.

Read only for a protocol that calls something that is no primitive; the import of the parser
and the file wait until then.
"""

from functools import cache

from smtmodel.language.ast import Definition
from smtmodel.source import Text


def prelude() -> dict[str, Definition]:
    """The definitions in the order of the file; OSError if the installation has lost it."""
    from smtmodel.language.grammar import prelude_text

    return _read(prelude_text())


@cache
def _read(content: str) -> dict[str, Definition]:
    from smtmodel.language.grammar import PRELUDE
    from smtmodel.language.parse import parse_prelude

    return {one.name: one for one in parse_prelude(Text(PRELUDE, content))}
