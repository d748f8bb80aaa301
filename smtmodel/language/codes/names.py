"""E2xx: names that are not declared, declared twice, or not to be had."""

from smtmodel.source import Code

UNKNOWN_NAME = Code(
    "E201",
    "unknown name",
    """\
The name is neither declared nor assigned in this block. Locals belong to one block and
one round; properties see only what is declared, and in `finally` the locals of a lane
as `block[0].local`.

Wrong:

    new.generation = gne + 1

Right:

    gen = old.generation
    new.generation = gen + 1
""",
)

TWICE = Code(
    "E202",
    "declared twice",
    """\
Variables, constants, locks, domains, objects, caches and blocks share one family of
names, kinds of lanes and structs have theirs: with two things of one name, a report
could not say which is meant.

Wrong:

    shared x = 0
    mutex x

Right:

    shared x = 0
    mutex x_lock
""",
)

UNKNOWN_FIELD = Code(
    "E203",
    "unknown field",
    """\
The struct, word or cache has no field of this name. A misspelt field would otherwise be
a location of its own that nothing reads.

Wrong:

    new.generaton = 1

Right:

    new.generation = 1
""",
)

FIELD_TWICE = Code(
    "E204",
    "field named twice",
    """\
A field is declared once, and a record gives each field one value.

Wrong:

    struct node { next, next }

Right:

    struct node { next, data }
""",
)

UNKNOWN_STRUCT = Code(
    "E205",
    "unknown struct",
    """\
No struct of this name is declared. A pointer variable and a pointer field name the
struct that they point to after a colon.

Wrong:

    rcu slots: memslot = null

Right:

    struct memslots { slot, generation }
    rcu slots: memslots = null
""",
)

UNKNOWN_CALL = Code(
    "E206",
    "unknown primitive",
    """\
Only the kernel primitives of the language can be called, and the names that its prelude
makes of them, such as `read_seqcount_begin`; a protocol defines no functions.
`docs/language.md` lists them all.

Wrong:

    x = READ_ONEC(flag)

Right:

    x = READ_ONCE(flag)
""",
)

UNKNOWN_BLOCK = Code(
    "E207",
    "unknown block",
    """\
There is no `update`, `fault` or `thread` block of this name.

Wrong:

    reach hit: at acess.hit

Right:

    reach hit: at access.hit
""",
)

UNKNOWN_LABEL = Code(
    "E208",
    "unknown label",
    """\
The block has no step with this label. A label stands before a step, with a colon.

Wrong:

    reach hit: at access.hti

Right:

    hit: slot = e.slot

    reach hit: at access.hit
""",
)

LABEL_TWICE = Code(
    "E209",
    "label used twice",
    """\
A label names one step of its block; reports, case tables and replays find steps by
their labels.

Wrong:

    publish: x = 1
    publish: y = 1

Right:

    publish: x = 1
    announce: y = 1
""",
)

RESERVED_NAME = Code(
    "E210",
    "reserved name",
    """\
The name has a meaning already: a primitive of the language, the RCU domain, a built-in
property such as `deadlock`, or `new`: what a replay calls an object that `alloc` or
`copy` makes, so that none that exists at the start is called so.

Wrong:

    never deadlock: x == 1 always

Right:

    never stuck: x == 1 always
""",
)

PROPERTY_TWICE = Code(
    "E211",
    "two properties of one name",
    """\
Results, expectations and `--only` find properties by name. An `assert` with a label is
a property of that name; one without is called `assert_1`, `assert_2`, and so on.

Wrong:

    never bad: x == 1 always
    never bad: x == 2 always

Right:

    never one: x == 1 always
    never two: x == 2 always
""",
)

UNUSED = Code(
    "E212",
    "constant never used",
    """\
Nothing uses this constant. Most often its name is misspelt where it should stand, or a
number was left there, and the declaration claims what the protocol does not do.

Wrong:

    const FLAG = 64
    shared gen = 0
    thread t { gen = gen | 32 }

Right:

    const FLAG = 64
    shared gen = 0
    thread t { gen = gen | FLAG }
""",
)
