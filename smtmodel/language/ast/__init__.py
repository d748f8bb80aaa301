"""What a protocol text says, node by node, before any name is looked up.

Equality ignores places, so that `parse(format(p)) == p` can hold. Nodes carry no types and
no resolution: those are in `smtmodel.language.checked`.
"""

from smtmodel.language.ast.expressions import *
from smtmodel.language.ast.protocol import *
from smtmodel.language.ast.steps import *
