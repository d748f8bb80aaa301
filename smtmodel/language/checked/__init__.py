"""A protocol whose every name is looked up: what the later stages take.

Produced by `smtmodel.language.check`; nothing else makes one. Expressions say which accesses
to shared state they make, in the order in which they happen: a `Load`, a `ReadModifyWrite`
or a `TryLock` is one event each, operands from left to right, `And` and `Or` stop
early as in C. What executes them is `docs/semantics.md`.

The same expressions serve as *snapshot expressions* in properties and in `settled(E)`:
there every `Load` reads memory at one instant.
"""

from smtmodel.language.checked.expressions import *
from smtmodel.language.checked.protocol import *
from smtmodel.language.checked.state import *
from smtmodel.language.checked.steps import *
