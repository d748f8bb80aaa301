"""E4xx: locals and ghosts."""

from smtmodel.source import Code

UNASSIGNED = Code(
    "E401",
    "local may be unassigned",
    """\
On some path through the block the local is read before it is assigned. The verdict
would speak of whatever value the tool gave it.

Wrong:

    if (x == 1)
        a = 2
    y = a

Right:

    a = 0
    if (x == 1)
        a = 2
    y = a
""",
)

NEVER_READ = Code(
    "E402",
    "local never read",
    """\
Nothing reads this local, except perhaps to assign it again. Most often a shared name is
misspelt or `p.` is missing, and the step that the author sees is not in the protocol.
For an access alone, write it without the assignment.

Wrong:

    generation = new.generation + 1

Right:

    new.generation = new.generation + 1
""",
)

SHADOWS = Code(
    "E403",
    "local takes the name of something shared",
    """\
A local must not have the name of a struct, a kind of lanes or a primitive: the reader
would take one for the other.

Wrong:

    memslots = slots

Right:

    old = slots
""",
)

GHOST = Code(
    "E404",
    "ghost value used by the protocol",
    """\
`settled(E)` is known to the proof only. A protocol that branches on it, stores it or
computes with it would not be the code that it stands for; only `assert`, `assume` and
other ghosts read it.

Wrong:

    want = settled(slots.slot)
    if (e.slot == want)
        return

Right:

    want = settled(slots.slot)
    assert e.slot >= want
""",
)

GHOST_DECLARED = Code(
    "E405",
    "wrong declaration of a ghost",
    """\
A ghost is a number without a width: `ghost owner = 0`, an array of such, or a field of a
`struct`. Words, caches and struct variables have no ghost fields.

Wrong:

    word spte { page, ghost owner } = { page: 0, owner: 0 }

Right:

    word spte { page } = { page: 0 }
    ghost owner = 0
""",
)

GHOST_ACCESS = Code(
    "E406",
    "ghost touched like memory",
    """\
Ghosts order nothing and no machine sees them. They are read by their plain names, and
changed by `=`, `+=`, `-=`, `++` and `--` only.

Wrong:

    WRITE_ONCE(owner, 1)

Right:

    owner = 1
""",
)

GHOST_VALUE = Code(
    "E407",
    "ghost assignment that reads memory",
    """\
A ghost changes together with the event before it. If its new value, its index or the
pointer to it read shared memory, there would be an event in between: only locals, ghosts
and literals stand there.

Wrong:

    ghost seen = 0
    …
    seen = slots.generation

Right:

    gen = slots.generation
    seen = gen
""",
)

GHOST_FIRST = Code(
    "E408",
    "ghost before the first event",
    """\
A ghost is read and assigned together with the event before it, so on every path some
event comes first in its block. An update, or a round of an interrupting lane, begins
with one.

Wrong:

    fault f {
        owner = 1
        x = 1
    }

Right:

    fault f {
        x = 1
        owner = 1
    }
""",
)
