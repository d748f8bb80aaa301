"""Every code of every diagnostic: one table, one file per family.

E0xx inputs that cannot be read, E1xx syntax, E2xx names, E3xx kinds and types, E4xx locals,
E5xx sections, locks and atomic blocks, E6xx lanes and bounds, E7xx properties.
"""

from types import ModuleType

from smtmodel.language.codes import kinds, lanes, locals, names, properties, sections, syntax
from smtmodel.source import Code
from smtmodel.source import codes as inputs

_FAMILIES = (inputs, syntax, names, kinds, locals, sections, lanes, properties)


def _codes(family: ModuleType) -> tuple[Code, ...]:
    return tuple(one for one in vars(family).values() if isinstance(one, Code))


TABLE: tuple[Code, ...] = tuple(code for family in _FAMILIES for code in _codes(family))
"""All codes in the order of their names."""


def lookup(name: str) -> Code | None:
    """The code of that name, in either case; None if there is none."""
    return {code.name: code for code in TABLE}.get(name.upper())
