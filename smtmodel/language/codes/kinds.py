"""E3xx: things used as what they are not."""

from smtmodel.source import Code

OPERAND = Code(
    "E301",
    "wrong operand",
    """\
The operator or primitive does not work on this type. Numbers are computed with and
ordered; pointers are compared with `==` and `!=`, with pointers to the same struct or
`null`; entries are compared field by field.

Wrong:

    if (p == 0)
        return

Right:

    if (p == null)
        return
""",
)

MISMATCH = Code(
    "E302",
    "wrong type of value",
    """\
A place or local holds values of one type: numbers, pointers to one struct, or entries
with the same fields.

Wrong:

    rcu_assign_pointer(slots, 0)

Right:

    rcu_assign_pointer(slots, null)
""",
)

WRONG_KIND = Code(
    "E303",
    "wrong kind of thing",
    """\
The name is declared, but as something else than is needed here: mutexes and spinlocks
have primitives of their own, and locks, domains, objects and blocks are no values.

Wrong:

    mutex m
    …
    spin_lock(m)

Right:

    spinlock l
    …
    spin_lock(l)
""",
)

WHOLE_STRUCT = Code(
    "E304",
    "struct variable used as a whole",
    """\
A `shared` variable with fields has one location per field; no machine reads or writes
several locations at once. If the protocol relies on one access for all fields, say so
with `word`: the choice changes verdicts.

Wrong:

    shared entry { a, b } = { a: 0, b: 0 }
    …
    e = entry

Right:

    word entry { a, b } = { a: 0, b: 0 }
    …
    e = entry
""",
)

ENTRY_FIELD = Code(
    "E305",
    "field of an entry written",
    """\
A word or cache is one location, written as a whole. Writing a field alone would be a
read and a write of the whole with room for others between; write that out if it is
meant.

Wrong:

    mmio.generation = gen

Right:

    mmio = { slot: slot, generation: gen }
""",
)

RECORD = Code(
    "E306",
    "record does not fit",
    """\
A record gives every field of the entry a value. Values that read shared state are
written in the order of the declared fields, because that is the order in which they are
read.

Wrong:

    word w { a, b } = { a: 0, b: 0 }
    …
    w = { a: 1 }

Right:

    w = { a: 1, b: 0 }
""",
)

ARITY = Code(
    "E307",
    "wrong number of arguments",
    """\
The primitive takes another number of arguments. The order is that of the kernel:
`atomic_add(n, v)`, `cmpxchg(v, old, new)`.

Wrong:

    old = cmpxchg(flag, 1)

Right:

    old = cmpxchg(flag, 0, 1)
""",
)

TOKEN = Code(
    "E308",
    "arithmetic on a token",
    """\
A `fresh` value is a token: it differs from every other value, and later tokens are
larger, but it is no number. A sum with it would depend on how tokens are numbered.

Wrong:

    slots.slot = fresh
    …
    x = slots.slot + 1

Right:

    slots.slot = fresh
    …
    x = slots.slot
""",
)

EMPTY_ENTRY = Code(
    "E309",
    "possibly empty entry",
    """\
A cache is empty until it is assigned, and the fields of an empty entry equal nothing.
Before one is ordered, computed with or stored, the path must have asked `filled(e)`,
found a field equal to something, or assigned the entry.

Wrong:

    e = mmio
    if (e.generation < gen)
        return

Right:

    e = mmio
    if (filled(e) && e.generation < gen)
        return
""",
)

DIVISOR = Code(
    "E310",
    "divisor is not a positive literal",
    """\
The right side of `/` and `%` is a positive literal: nothing else has a meaning that
kernel code and mathematics agree on.

Wrong:

    x = a % b

Right:

    x = a % 2
""",
)

FOREIGN_CACHE = Code(
    "E311",
    "private cache of another kind of lane",
    """\
A cache belongs to the lanes of one kind; nobody else can read or write their entries. A
cache that one lane fills and another uses is shared state: declare a `word`.

Wrong:

    cache mmio { slot }
    …
    update u {
        mmio = { slot: 0 }
    }

Right:

    fault page_fault {
        mmio = { slot: 0 }
    }
""",
)

OUT_OF_PLACE = Code(
    "E312",
    "out of place",
    """\
`fresh`, `choose`, `copy`, `alloc`, records and `settled` are the whole right side of an
assignment; barriers, locks and sections are steps and have no value. `&` does not stand before
what a `try_cmpxchg` compares with: the kernel's stores there what it found, this one does not.

Wrong:

    x = smp_mb()

Right:

    smp_mb()
""",
)

ARRAY = Code(
    "E313",
    "array misused",
    """\
An array is used one element at a time, has from 1 to 64 elements, and only arrays have
elements.

Wrong:

    shared a[3] = 0
    …
    x = a

Right:

    x = a[0]
""",
)

INDEX = Code(
    "E314",
    "index outside the array",
    """\
The elements of an array are counted from 0. An index that is computed is judged in the
run, by the property `out_of_bounds`.

Wrong:

    shared a[3] = 0
    …
    x = a[3]

Right:

    x = a[2]
""",
)

INITIAL = Code(
    "E315",
    "wrong initial value",
    """\
Every shared variable has an initial value that fits its declaration: a number; for a
pointer an object, `null` or a record; for fields a record.

Wrong:

    rcu slots = 0

Right:

    rcu slots: memslots = null
""",
)

NOT_SHARED = Code(
    "E316",
    "not a shared location",
    """\
The primitive reads or writes a location that other lanes see. Locals and computed
values are none.

Wrong:

    a = x
    b = READ_ONCE(a)

Right:

    b = READ_ONCE(x)
""",
)

CACHE_OWNER = Code(
    "E317",
    "cache without an owner",
    """\
A cache has one entry per lane of some kind: of the faults, or of the only other kind.
Where that is not clear, `per KIND` says it.

Wrong:

    thread a { … }
    thread b { … }
    cache c { v }

Right:

    cache c { v } per a
""",
)

CHOICE = Code(
    "E318",
    "nothing, or too much, to choose from",
    """\
`choose LOW..HIGH` yields any value from LOW to HIGH, both included; at most 256 of them.

Wrong:

    x = choose 3..0

Right:

    x = choose 0..3
""",
)

WIDTH = Code(
    "E319",
    "width out of range",
    """\
`bits N` gives a number N bits, from 1 to 16: what is stored is taken modulo 2^N.

Wrong:

    shared generation: bits 64 = 0

Right:

    shared generation: bits 3 = 0
""",
)

FITS = Code(
    "E320",
    "value that the width cannot hold",
    """\
A place of `bits N` holds the numbers from 0 to 2^N - 1. What is computed and stored there
wraps; a literal that does not fit is a mistake, and a comparison with one never holds. A
`fresh` value fits in no width.

Wrong:

    shared generation: bits 3 = 0
    …
    if (generation == 8)
        return

Right:

    if (generation == 7)
        return
""",
)

LITERAL = Code(
    "E321",
    "mask or shift is not a literal",
    """\
The right side of `&`, `<<` and `>>` is a literal: a mask, or from 0 to 30 places. As in
C, `==` binds tighter than `&`.

Wrong:

    if (gen & 1 == 0)
        return

Right:

    if ((gen & 1) == 0)
        return
""",
)

OVERWRITE = Code(
    "E322",
    "copy into something else than an object",
    """\
`copy p into q` overwrites the fields of the object that `q` points to, one by one. Both
are locals, so that reading the pointers is a step of its own.

Wrong:

    copy slots into spare

Right:

    p = slots
    q = spare
    copy p into q
""",
)
