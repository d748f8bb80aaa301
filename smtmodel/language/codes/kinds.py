"""E3xx: things used as what they are not."""

from smtmodel.source import Code

OPERAND = Code("E301", "wrong operand", "")
MISMATCH = Code("E302", "wrong type of value", "")
WRONG_KIND = Code("E303", "wrong kind of thing", "")
WHOLE_STRUCT = Code("E304", "struct variable used as a whole", "")
ENTRY_FIELD = Code("E305", "field of an entry written", "")
RECORD = Code("E306", "record does not fit", "")
ARITY = Code("E307", "wrong number of arguments", "")
TOKEN = Code("E308", "arithmetic on a token", "")
EMPTY_ENTRY = Code("E309", "possibly empty entry", "")
DIVISOR = Code("E310", "divisor is not a positive literal", "")
FOREIGN_CACHE = Code("E311", "private cache of another kind of lane", "")
OUT_OF_PLACE = Code("E312", "out of place", "")
ARRAY = Code("E313", "array misused", "")
INDEX = Code("E314", "index outside the array", "")
INITIAL = Code("E315", "wrong initial value", "")
NOT_SHARED = Code("E316", "not a shared location", "")
CACHE_OWNER = Code("E317", "cache without an owner", "")
CHOICE = Code("E318", "nothing to choose from", "")
