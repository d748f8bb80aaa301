"""Every code of every diagnostic, with its title.

What a code means, with a wrong and a right example, is the code's page in `docs/diagnostics/`.
"""

from smtmodel.models.cat import codes as of_models
from smtmodel.source import Code
from smtmodel.source import codes as inputs
from smtmodel.source.installed import installed

# ---------------- E1xx: texts that are not protocols

UNEXPECTED = Code("E101", "syntax error")
CHARACTER = Code("E102", "unexpected character")
OPEN_COMMENT = Code("E103", "comment not closed")
OPEN_STRING = Code("E104", "title not closed")
TOO_DEEP = Code("E105", "nested too deeply")
TOO_LARGE = Code("E106", "number too large")
MALFORMED = Code("E107", "malformed number")
UNCLOSED = Code("E108", "bracket not closed")
HIDING = Code("E109", "character that hides what the text says")

# ---------------- E2xx: names that are not declared, declared twice, or not available

UNKNOWN_NAME = Code("E201", "unknown name")
TWICE = Code("E202", "declared twice")
UNKNOWN_FIELD = Code("E203", "unknown field")
FIELD_TWICE = Code("E204", "field named twice")
UNKNOWN_STRUCT = Code("E205", "unknown struct")
UNKNOWN_CALL = Code("E206", "unknown primitive")
UNKNOWN_BLOCK = Code("E207", "unknown block")
UNKNOWN_LABEL = Code("E208", "unknown label")
LABEL_TWICE = Code("E209", "label used twice")
RESERVED_NAME = Code("E210", "reserved name")
PROPERTY_TWICE = Code("E211", "two properties of one name")
UNUSED = Code("E212", "constant or definition never used")
UNKNOWN_VARIANT = Code("E213", "unknown variant")
VARIANT_TWICE = Code("E214", "variant named twice")
NOWHERE = Code("E215", "in no variant")
ALIKE = Code("E216", "variants that nothing tells apart")
RECURSIVE = Code("E217", "definition that calls itself")
ENDS = Code("E218", "call that ends in the wrong place")
TOO_LONG = Code("E219", "more steps than are looked at")

# ---------------- E3xx: things used as what they are not

OPERAND = Code("E301", "wrong operand")
MISMATCH = Code("E302", "wrong type of value")
WRONG_KIND = Code("E303", "wrong kind of thing")
WHOLE_STRUCT = Code("E304", "struct variable used as a whole")
ENTRY_FIELD = Code("E305", "field of an entry written")
RECORD = Code("E306", "record does not fit")
ARITY = Code("E307", "wrong number of arguments")
TOKEN = Code("E308", "arithmetic on a token")
EMPTY_ENTRY = Code("E309", "possibly empty entry")
DIVISOR = Code("E310", "divisor is not a positive literal")
FOREIGN_CACHE = Code("E311", "private cache of another kind of lane")
OUT_OF_PLACE = Code("E312", "out of place")
ARRAY = Code("E313", "array misused")
INDEX = Code("E314", "index outside the array")
INITIAL = Code("E315", "wrong initial value")
NOT_SHARED = Code("E316", "not a shared location")
CACHE_OWNER = Code("E317", "cache without an owner")
CHOICE = Code("E318", "nothing, or too much, to choose from")
WIDTH = Code("E319", "width out of range")
FITS = Code("E320", "value that the width cannot hold")
LITERAL = Code("E321", "mask or shift without a meaning")
OVERWRITE = Code("E322", "copy into something else than an object")

# ---------------- E4xx: locals and ghosts

UNASSIGNED = Code("E401", "local may be unassigned")
NEVER_READ = Code("E402", "local never read")
SHADOWS = Code("E403", "local takes the name of something shared")
GHOST = Code("E404", "ghost value used by the protocol")
GHOST_DECLARED = Code("E405", "wrong declaration of a ghost")
GHOST_ACCESS = Code("E406", "ghost touched like memory")
GHOST_VALUE = Code("E407", "ghost assignment that reads memory")
GHOST_FIRST = Code("E408", "ghost before the first event")

# ---------------- E5xx: read sections, grace periods, locks and atomic blocks

SECTION_OPEN = Code("E501", "read section left open")
SECTION_CLOSED = Code("E502", "no read section to leave")
OWN_SECTION = Code("E503", "grace period inside its own section")
LOCK_HELD = Code("E504", "lock left held")
LOCK_TWICE = Code("E505", "lock taken twice")
LOCK_FREE = Code("E506", "lock not held")
BRANCHES = Code("E507", "branches leave different sections or locks")
LOOP = Code("E508", "loop changes sections or locks")
COOKIE = Code("E509", "cookie misused")
TRYLOCK = Code("E510", "trylock out of place")
ATOMIC = Code("E511", "step not allowed in an atomic block")
ATOMIC_EMPTY = Code("E512", "empty atomic block")
ATOMIC_MODEL = Code("E513", "atomic block that no weak memory machine has")
LOCK_SIDE = Code("E514", "other side of the lock held")
GHOST_MODEL = Code("E515", "ghost where there are store buffers")
INTERRUPT_MODEL = Code("E516", "interrupting lane where there are store buffers")
WAIT = Code("E517", "wait without one shared read")
BARRIER = Code("E518", "barrier beside no atomic")
KERNEL_MODEL = Code("E519", "what the kernel's memory model gives no meaning yet")
MASKED = Code("E521", "interrupts not as the block found them")
FLAGS = Code("E522", "saved flags misused")

# ---------------- E6xx: lanes and bounds

NO_BOUNDS = Code("E601", "no bounds")
NO_BOUND = Code("E602", "bound missing")
UNKNOWN_BOUND = Code("E603", "unknown bound")
BOUND_TWICE = Code("E604", "bound given twice")
BOUND_RANGE = Code("E605", "bound out of range")
LANES = Code("E606", "block cannot be in these lanes")
UPDATERS = Code("E607", "updaters clause misused")
NO_STEPS = Code("E608", "nothing to run")
LOOP_BOUND = Code("E609", "loop bound out of range")
INTERRUPTS = Code("E610", "nothing to interrupt")

# ---------------- E7xx: properties and expectations

NOT_SNAPSHOT = Code("E701", "not a snapshot expression")
TWO_OWNERS = Code("E702", "two kinds of lanes at once")
LANE_LOCAL = Code("E703", "lane's local outside a final state")
LANE_INDEX = Code("E704", "no such lane")
UNKNOWN_PROPERTY = Code("E705", "unknown property")
UNKNOWN_VERDICT = Code("E706", "unknown verdict")
UNKNOWN_MODEL = Code("E707", "unknown memory model")
EXPECT_TWICE = Code("E708", "two expectations of one property")
REACH_SETTLED = Code("E709", "goal with a wrong instant")
NO_PROPERTY = Code("E710", "nothing to decide")
DECIDES_NOTHING = Code("E711", "expectation that decides nothing")
NOTHING_EXPECTED = Code("E712", "variant of which nothing is expected")
ANY_NUMBER = Code("E713", "nothing to expect for any number")

# ---------------- E8xx: litmus tests

LITMUS_SYNTAX = Code("E801", "not a litmus test")
LITMUS_SUBSET = Code("E802", "more C than is read in litmus tests")
LITMUS_NAME = Code("E803", "unknown name in a litmus test")

# ---------------- all of them, E0xx and E9xx included

TABLE: tuple[Code, ...] = tuple(
    one
    for one in (*vars(inputs).values(), *globals().values(), *vars(of_models).values())
    if isinstance(one, Code)
)
"""All codes in the order of their names."""


def lookup(name: str) -> Code | None:
    """The code of that name, in either case; None if there is none."""
    return {code.name: code for code in TABLE}.get(name.upper())


def page(code: Code) -> str:
    """What `smtmodel explain` says of a code: its page without the mark of its heading.

    OSError if the installation has lost the page.
    """
    return installed("docs", "diagnostics", f"{code.name}.md").removeprefix("# ")
