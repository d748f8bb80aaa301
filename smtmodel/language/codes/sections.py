"""E5xx: read sections, grace periods, locks and atomic blocks."""

from smtmodel.source import Code

SECTION_OPEN = Code("E501", "read section left open", "")
SECTION_CLOSED = Code("E502", "no read section to leave", "")
OWN_SECTION = Code("E503", "grace period inside its own section", "")
LOCK_HELD = Code("E504", "lock left held", "")
LOCK_TWICE = Code("E505", "lock taken twice", "")
LOCK_FREE = Code("E506", "lock not held", "")
BRANCHES = Code("E507", "branches leave different sections or locks", "")
LOOP = Code("E508", "loop changes sections or locks", "")
COOKIE = Code("E509", "cookie misused", "")
TRYLOCK = Code("E510", "trylock out of place", "")
ATOMIC = Code("E511", "step not allowed in an atomic block", "")
ATOMIC_EMPTY = Code("E512", "empty atomic block", "")
ATOMIC_MODEL = Code("E513", "atomic block that no weak memory machine has", "")
