"""E5xx: read sections, grace periods, locks and atomic blocks."""

from smtmodel.source import Code

SECTION_OPEN = Code(
    "E501",
    "read section left open",
    """\
A read section that is entered is left again on every path, early `return` included.
Otherwise grace periods wait for ever, and what comes after them is never checked.

Wrong:

    rcu_read_lock()
    if (x == 1)
        return
    rcu_read_unlock()

Right:

    rcu_read_lock()
    if (x == 1) {
        rcu_read_unlock()
        return
    }
    rcu_read_unlock()
""",
)

SECTION_CLOSED = Code(
    "E502",
    "no read section to leave",
    """\
No section of this domain (or with this cookie) is open here.

Wrong:

    x = 1
    rcu_read_unlock()

Right:

    rcu_read_lock()
    x = 1
    rcu_read_unlock()
""",
)

OWN_SECTION = Code(
    "E503",
    "grace period inside its own section",
    """\
`synchronize_*` waits for the sections that are open when it begins. Inside a section of
the same domain it waits for itself.

Wrong:

    srcu_read_lock(d)
    synchronize_srcu(d)
    srcu_read_unlock(d)

Right:

    srcu_read_lock(d)
    srcu_read_unlock(d)
    synchronize_srcu(d)
""",
)

LOCK_HELD = Code(
    "E504",
    "lock left held",
    """\
A lock that is taken is released on every path, early `return` included. Otherwise other
lanes wait for ever, and what they would do is never checked.

Wrong:

    mutex_lock(m)
    x = 1

Right:

    mutex_lock(m)
    x = 1
    mutex_unlock(m)
""",
)

LOCK_TWICE = Code(
    "E505",
    "lock taken twice",
    """\
A lane that takes a lock which it holds waits for itself, and a trylock of it never succeeds.
Only a reader may take its side of a reader/writer lock again.

Wrong:

    mutex_lock(m)
    mutex_lock(m)

Right:

    mutex_lock(m)
    x = 1
    mutex_unlock(m)
""",
)

LOCK_FREE = Code(
    "E506",
    "lock not held",
    """\
The lane releases a lock that it does not hold here.

Wrong:

    x = 1
    mutex_unlock(m)

Right:

    mutex_lock(m)
    x = 1
    mutex_unlock(m)
""",
)

BRANCHES = Code(
    "E507",
    "branches leave different sections or locks",
    """\
After an `if` or `either` the same sections are open and the same locks held whichever
branch ran; else no later step could be checked. A branch that ends in `return` does not
count.

Wrong:

    if (mutex_trylock(m))
        x = 1

Right:

    if (mutex_trylock(m)) {
        x = 1
        mutex_unlock(m)
    }
""",
)

LOOP = Code(
    "E508",
    "loop changes sections or locks",
    """\
A round of a loop leaves sections and locks as it found them, because the number of
rounds is not known.

Wrong:

    while 3 (x > 0) {
        rcu_read_lock()
    }

Right:

    while 3 (x > 0) {
        rcu_read_lock()
        rcu_read_unlock()
    }
""",
)

COOKIE = Code(
    "E509",
    "cookie misused",
    """\
What `srcu_read_lock(d)` returns stands for one open section of `d`: it is kept in a
local, given to `srcu_read_unlock(d, i)`, and has no other use. A local that stands for
an open section is not assigned again.

Wrong:

    i = srcu_read_lock(d)
    x = i

Right:

    i = srcu_read_lock(d)
    srcu_read_unlock(d, i)
""",
)

TRYLOCK = Code(
    "E510",
    "trylock out of place",
    """\
A trylock is the whole condition of an `if`, negated at most once, so that each path
knows whether the lock is held.

Wrong:

    if (x == 0 && mutex_trylock(m))
        …

Right:

    if (x == 0) {
        if (mutex_trylock(m)) {
            …
            mutex_unlock(m)
        }
    }
""",
)

ATOMIC = Code(
    "E511",
    "step not allowed in an atomic block",
    """\
No other lane acts inside an atomic block, so a step in it cannot wait for one; and it
is straight, without branches, loops and `return`. No instant lies inside, so `settled`
has no meaning there.

Wrong:

    atomic {
        mutex_lock(m)
        x = 1
    }

Right:

    mutex_lock(m)
    atomic {
        x = 1
        y = 1
    }
    mutex_unlock(m)
""",
)

ATOMIC_EMPTY = Code(
    "E512",
    "empty atomic block",
    """\
An atomic block without steps says nothing; most likely its steps were removed by
mistake.

Wrong:

    atomic {
    }

Right:

    atomic {
        x = 1
        y = 1
    }
""",
)

ATOMIC_MODEL = Code(
    "E513",
    "atomic block that no weak memory machine has",
    """\
Outside sequential consistency an atomic block must be something that a machine does at
one instant: some reads, or one read-modify-write. Several writes take effect one by one
whatever the block says.

Wrong:

    atomic {
        x = 1
        y = 1
    }

Right:

    atomic {
        a = x
        b = y
    }
""",
)

LOCK_SIDE = Code(
    "E514",
    "other side of the lock held",
    """\
A reader/writer lock that was taken by `read_lock` is released by `read_unlock`, and one
that was taken by `write_lock` by `write_unlock`.

Wrong:

    read_lock(l)
    write_unlock(l)

Right:

    read_lock(l)
    read_unlock(l)
""",
)

GHOST_MODEL = Code(
    "E515",
    "ghost where there are store buffers",
    """\
A ghost changes together with the event before it. A store that waits in a buffer takes
effect later than its step, and which of the two is meant nobody has said: ghosts have a
meaning under `sc` only.

Wrong:

    expect stale proved under tso

Right:

    expect stale proved under sc
""",
)

INTERRUPT_MODEL = Code(
    "E516",
    "interrupting lane where there are store buffers",
    """\
An interrupt runs on the processor that it interrupts and shares its store buffer. That
is not modelled: interrupting lanes have a meaning under `sc` only.

Wrong:

    expect stale proved under tso

Right:

    expect stale proved under sc
""",
)

WAIT = Code(
    "E517",
    "wait without one shared read",
    """\
A lane waits for the value of one location: the condition of `wait until (…)` or `wait_event`
reads shared state exactly once, in every case, and does nothing else. In the condition of
`smp_cond_load_acquire` and its like `VAL` is what was read, and nothing else is shared. A field
of objects that some step frees is not waited for: whether the object is still there would have
to be asked in each round.

Wrong:

    wait until (x == 1 && y == 1)

Right:

    wait until (x == 1)
    wait until (y == 1)
""",
)

BARRIER = Code(
    "E518",
    "barrier beside no atomic",
    """\
`smp_mb__before_atomic()` and `smp_mb__after_atomic()` give an atomic read-modify-write the
order of `smp_mb()`, one towards what comes before it, one towards what comes after. They
order nothing else: on x86 neither is an instruction. `atomic_set` and `atomic_read` are a
store and a load.

Wrong:

    atomic_set(x, 1)
    smp_mb__after_atomic()
    r = y

Right:

    atomic_set(x, 1)
    smp_mb()
    r = y
""",
)
