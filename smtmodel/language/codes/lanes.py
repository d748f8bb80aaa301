"""E6xx: lanes and bounds."""

from smtmodel.source import Code

NO_BOUNDS = Code("E601", "no bounds", "")
NO_BOUND = Code("E602", "bound missing", "")
UNKNOWN_BOUND = Code("E603", "unknown bound", "")
BOUND_TWICE = Code("E604", "bound given twice", "")
BOUND_RANGE = Code("E605", "bound out of range", "")
LANES = Code("E606", "block cannot be in these lanes", "")
UPDATERS = Code("E607", "updaters clause misused", "")
NO_STEPS = Code("E608", "nothing to run", "")
LOOP_BOUND = Code("E609", "loop bound out of range", "")
