"""E7xx: properties and expectations."""

from smtmodel.source import Code

NOT_SNAPSHOT = Code(
    "E701",
    "not a snapshot expression",
    """\
A property or goal, and the E of `settled(E)`, looks at shared memory at one instant:
plain names, fields and operators. Accesses with a mark, steps and locals have no
meaning there, and `settled` does not see private caches.

Wrong:

    never bad: READ_ONCE(x) == 1 always

Right:

    never bad: x == 1 always
""",
)

TWO_OWNERS = Code(
    "E702",
    "caches of two kinds of lanes",
    """\
A property that reads caches is judged for each lane of the kind that owns them. It
cannot speak of caches of two kinds at once.

Wrong:

    cache c { a } per f
    cache d { a } per g
    …
    never bad: c.a == d.a always

Right:

    never bad: c.a == x always
    never worse: d.a == x always
""",
)

LANE_LOCAL = Code(
    "E703",
    "lane's local outside a final state",
    """\
`reader[0].r` is the value that a local had when its block ended. Only a `finally`
property or goal can name it.

Wrong:

    never bad: reader[0].r == 1 always

Right:

    never bad: reader[0].r == 1 finally
""",
)

LANE_INDEX = Code(
    "E704",
    "no such lane",
    """\
Lanes of a block are counted from 0 to one less than the bound of their kind, and named
by a number.

Wrong:

    never bad: reader[2].r == 1 finally
    bounds reader 2

Right:

    never bad: reader[1].r == 1 finally
    bounds reader 2
""",
)

UNKNOWN_PROPERTY = Code(
    "E705",
    "unknown property",
    """\
The expectation names no property, goal or labelled assert of this file, nor a built-in
property that applies to it. It would never be judged.

Wrong:

    never stale: …
    expect stael proved

Right:

    never stale: …
    expect stale proved
""",
)

UNKNOWN_VERDICT = Code(
    "E706",
    "unknown verdict",
    """\
One can expect `proved`, `refuted` or `vacuous`. `unknown` depends on the time that was
given and is nothing to expect.

Wrong:

    expect stale holds

Right:

    expect stale proved
""",
)

UNKNOWN_MODEL = Code(
    "E707",
    "unknown memory model",
    """\
The memory models are `sc` and `tso`. An expectation without `under` speaks for sc and
for every model that the file names.

Wrong:

    expect stale proved under x86

Right:

    expect stale proved under tso
""",
)

EXPECT_TWICE = Code(
    "E708",
    "two expectations of one property",
    """\
A property has one expectation, or one for each memory model.

Wrong:

    expect stale proved
    expect stale refuted

Right:

    expect stale proved
    expect stale refuted under tso
""",
)

REACH_SETTLED = Code(
    "E709",
    "goal with a wrong instant",
    """\
A goal is reached at any instant, or, with `finally`, in a complete final state.
`settled` belongs to `never`.

Wrong:

    reach hit: filled(mmio) settled

Right:

    reach hit: filled(mmio)
""",
)

NO_PROPERTY = Code(
    "E710",
    "nothing to decide",
    """\
The protocol claims nothing, and no built-in property applies to it. A file with nothing
to decide is never a pass.

Wrong:

    protocol p
    shared x = 0
    thread t { x = 1 }
    bounds t 1

Right:

    never bad: x == 2 always
""",
)
