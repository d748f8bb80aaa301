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
