"""E6xx: lanes and bounds."""

from smtmodel.source import Code

NO_BOUNDS = Code(
    "E601",
    "no bounds",
    """\
A verdict holds for some numbers of updates and lanes, and the file says which. There is
no default: a bound that nobody chose would be read as a proof of more.

Wrong:

    expect stale proved

Right:

    bounds updates 2, faults 2
    expect stale proved
""",
)

NO_BOUND = Code(
    "E602",
    "bound missing",
    """\
Every kind of lanes has a bound: `updates`, `faults`, and the name of each further kind.

Wrong:

    bounds updates 2

Right:

    bounds updates 2, faults 2
""",
)

UNKNOWN_BOUND = Code(
    "E603",
    "unknown bound",
    """\
No kind of lanes has this name. Updates are counted by `updates`, faults by `faults`,
other kinds by their own name; `rounds` says how many blocks each of the other lanes
runs.

Wrong:

    bounds updates 2, page_fault 2

Right:

    bounds updates 2, faults 2
""",
)

BOUND_TWICE = Code(
    "E604",
    "bound given twice",
    """\
Each bound is given once.

Wrong:

    bounds updates 2, updates 3

Right:

    bounds updates 3
""",
)

BOUND_RANGE = Code(
    "E605",
    "bound out of range",
    """\
Bounds are from 1 to 100. With 0 there would be nothing to check, and far fewer than 100
are decided in reasonable time.

Wrong:

    bounds updates 0, faults 2

Right:

    bounds updates 1, faults 2
""",
)

LANES = Code(
    "E606",
    "block cannot be in these lanes",
    """\
A block runs in the lanes of one kind. Updates run in lanes of their own, because
`settled` speaks of them.

Wrong:

    lanes vcpu: page_fault, set_memory_region

Right:

    lanes vcpu: page_fault, access
""",
)

UPDATERS = Code(
    "E607",
    "updaters clause misused",
    """\
`updaters N` says that the updates run in N lanes and take their own locks. It stands
once, needs an update block, and N is from 1 to 100.

Wrong:

    updaters 0

Right:

    updaters 2
""",
)

NO_STEPS = Code(
    "E608",
    "nothing to run",
    """\
A protocol has at least one block with at least one step. A property of a protocol that
does nothing would always hold.

Wrong:

    thread reader { }

Right:

    thread reader {
        a = READ_ONCE(x)
        assert a == 0
    }
""",
)

LOOP_BOUND = Code(
    "E609",
    "loop bound out of range",
    """\
The number after `while` and `retry` is the greatest number of rounds, from 1 to 100. A
lane that has used them up goes no further; the report says whether that happens.

Wrong:

    retry 0 { seq = x } until (seq == x)

Right:

    retry 3 { seq = x } until (seq == x)
""",
)

INTERRUPTS = Code(
    "E610",
    "nothing to interrupt",
    """\
`thread irq on KIND` runs each of its rounds inside a lane of another kind, named by the
kind or by one of its blocks. Only a `thread` interrupts; it has lanes of its own, and
nothing interrupts it.

Wrong:

    thread irq on irq { … }

Right:

    thread irq on vcpu { … }
""",
)
