"""Executions of which the kernel's documents say whether its memory model allows them.

Those are the litmus tests of tools/memory-model/litmus-tests, explanation.txt, recipes.txt,
Documentation/atomic_t.txt and memory-barriers.txt. Each is written as `lanes.py` reads it.
"""

from smtmodel.models.lkmm import LKMM

COHERENCE, ATOMIC, HB, PB, RCU, PLAIN = (axiom.name for axiom in LKMM.axioms)

FORBIDDEN = {
    # coherence
    "CoRR": (COHERENCE, "W.once x 1 || R.once x 1; R.once x 0"),
    "CoRW": (COHERENCE, "R.once x 1; W.once x 1"),
    "CoWR": (COHERENCE, "W.once x 1; R.once x 2 || W.once x 2; R.once x 1"),
    "CoWW": (COHERENCE, "W.once x 2; W.once x 1"),
    "two increments of one value": (ATOMIC, "U.once x 0 1 || U.once x 0 2"),
    # messages
    "MP+wmb+rmb": (HB, "W.once x 1; F.wmb; W.once y 1 || R.once y 1; F.rmb; R.once x 0"),
    "MP+release+acquire": (HB, "W.once x 1; W.release y 1 || R.acquire y 1; R.once x 0"),
    "MP+mb+mb": (HB, "W.once x 1; F.mb; W.once y 1 || R.once y 1; F.mb; R.once x 0"),
    "MP+wmb+addr": (HB, "W.once x 1; F.wmb; W.once y 1 || a=R.once y 1; R.once x 0 addr:a"),
    "MP+release+addr, through a plain register": (
        HB,
        "W.once x 1; W.release y 1 || a=R.once y 1; W z 1 data:a; b=R z 1; R.once x 0 addr:b",
    ),
    "MP+release+data, forwarded": (
        HB,
        "W.once x 1; W.release y 1 || a=R.once y 1; W.once z 1 data:a; R.acquire z 1; R.once x 0",
    ),
    "MP+polocks": (
        HB,
        "W.once x 1; lock l 0; W.once y 1; unlock l 2"
        " || lock l 2; R.once y 1; unlock l 4; R.once x 0",
    ),
    "MP, unlock then lock of another": (
        HB,
        "W.once x 1; unlock l 1; lock m 0; W.once y 1 || R.acquire y 1; R.once x 0",
    ),
    "MP, read after unlock and lock": (
        HB,
        "W.once x 1; W.release y 1 || R.once y 1; unlock l 1; lock m 0; R.once x 0",
    ),
    "MP, an atomic as a link of the message": (
        HB,
        "W.once x 1; W.release y 1 || U.once y 1 2 || R.acquire y 2; R.once x 0",
    ),
    "S+wmb+acquire": (HB, "W.once x 2; F.wmb; W.once y 1 || R.acquire y 1; W.once x 1"),
    "S+wmb+data": (HB, "W.once x 2; F.wmb; W.once y 1 || a=R.once y 1; W.once x 1 data:a"),
    "S+wmb+ctrl": (HB, "W.once x 2; F.wmb; W.once y 1 || a=R.once y 1; W.once x 1 ctrl:a"),
    "S+wmb+addr to plain, wmb": (
        HB,
        "W.once x 2; F.wmb; W.once y 1 || a=R.once y 1; W z 1 addr:a; F.wmb; W.once x 1",
    ),
    "LB+datas": (HB, "a=R.once x 1; W.once y 1 data:a || b=R.once y 1; W.once x 1 data:b"),
    "LB+ctrl+addr": (HB, "a=R.once x 1; W.once y 1 ctrl:a || b=R.once y 1; W.once x 1 addr:b"),
    "LB+acquire+release": (HB, "R.acquire x 1; W.once y 1 || R.once y 1; W.release x 1"),
    "LB+data, overwritten": (
        HB,
        "a=R.once y 1; W.once x 1 data:a; W.once x 2 || b=R.once x 2; W.once y 1 data:b",
    ),
    "MP, a lock handed on": (
        HB,
        "lock l 0; W.once x 1; unlock l 2 || lock l 2; W.once y 1; unlock l 4"
        " || R.acquire y 1; R.once x 0",
    ),
    "LB, coherence inside a lane": (
        HB,
        "a=R.once x 2; W.once y 1 data:a || R.once y 1; W.once z 1; W.release x 2",
    ),
    "Z6.U, overwritten inside a lane": (
        HB,
        "R.once x 1; W.once x 2; F.wmb; W.once y 1 || a=R.once y 1; W.once x 1 data:a",
    ),
    "WRC+release+rmb": (
        HB,
        "W.once x 1 || R.once x 1; W.release y 1 || R.once y 1; F.rmb; R.once x 0",
    ),
    "ISA2+releases+acquires": (
        HB,
        "W.once x 1; W.release y 1 || R.acquire y 1; W.release z 1 || R.acquire z 1; R.once x 0",
    ),
    # full barriers
    "SB+mbs": (PB, "W.once x 1; F.mb; R.once y 0 || W.once y 1; F.mb; R.once x 0"),
    "R+mbs": (PB, "W.once x 1; F.mb; W.once y 1 || W.once y 2; F.mb; R.once x 0"),
    "2+2W+mbs": (PB, "W.once x 2; F.mb; W.once y 1 || W.once y 2; F.mb; W.once x 1"),
    "IRIW+mbs": (
        PB,
        "W.once x 1 || R.once x 1; F.mb; R.once y 0 || W.once y 1 || R.once y 1; F.mb; R.once x 0",
    ),
    "SB+xchgs": (
        PB,
        "W.once x 1; U.mb a 0 1; R.once y 0 || W.once y 1; U.mb b 0 1; R.once x 0",
    ),
    "SB, xchg of what is read elsewhere": (PB, "U.mb x 0 1; R.once y 0 || U.mb y 0 1; R.once x 0"),
    "SB, xchg as the last": (
        PB,
        "W.once x 1; U.mb y 0 2 || W.once y 3; F.mb; R.once x 0",
    ),
    "SB+before_atomic": (
        PB,
        "W.once x 1; F.before-atomic; U.once a 0 1; R.once y 0 || W.once y 1; F.mb; R.once x 0",
    ),
    "SB+before_atomic, compare-exchange fails": (
        PB,
        "W.once x 1; F.before-atomic; U.once a 0; R.once y 0 || W.once y 1; F.mb; R.once x 0",
    ),
    "SB+after_atomic": (
        PB,
        "W.once x 1; U.noreturn a 0 1; F.after-atomic; R.once y 0 || W.once y 1; F.mb; R.once x 0",
    ),
    "SB+after_spinlock": (
        PB,
        "W.once x 1; lock l 0; F.after-spinlock; R.once y 0 || W.once y 1; F.mb; R.once x 0",
    ),
    "SB+after_unlock_lock": (
        PB,
        "W.once x 1; unlock l 1; lock m 0; F.after-unlock-lock; R.once y 0"
        " || W.once y 1; F.mb; R.once x 0",
    ),
    "SB+after_srcu_read_unlock": (
        PB,
        "a=R.srcu-lock d; W.once x 1; W.srcu-unlock d data:a; F.after-srcu-read-unlock;"
        " R.once y 0 || W.once y 1; F.mb; R.once x 0",
    ),
    "SB+sync+mb": (PB, "W.once x 1; F.sync-rcu; R.once y 0 || W.once y 1; F.mb; R.once x 0"),
    "Z6.0+locks+after_spinlock": (
        PB,
        "lock l 0; W.once x 1; W.once y 1; unlock l 2"
        " || lock l 2; F.after-spinlock; R.once y 1; W.once z 1; unlock l 4"
        " || W.once z 2; F.mb; R.once x 0",
    ),
    # read sections
    "RCU+sync+read": (
        RCU,
        "F.rcu-lock; R.once y 1; R.once x 0; F.rcu-unlock || W.once x 1; F.sync-rcu; W.once y 1",
    ),
    "RCU, the section is not ended inside": (
        RCU,
        "F.rcu-lock; F.rcu-lock; R.once y 1; F.rcu-unlock; R.once x 0; F.rcu-unlock"
        " || W.once x 1; F.sync-rcu; W.once y 1",
    ),
    "SRCU+sync+read": (
        RCU,
        "a=R.srcu-lock d; R.once y 1; R.once x 0; W.srcu-unlock d data:a"
        " || W.once x 1; G.sync-srcu d; W.once y 1",
    ),
    # plain accesses
    "MP of a plain value": (PLAIN, "W x 1; W.release y 1 || R.acquire y 1; R x 0"),
    "MP of a plain value, read as a whole": (
        PLAIN,
        "W x 1; F.wmb; W.once y 1 || R.acquire y 1; R.once x 0",
    ),
    "S of plain values": (PLAIN, "W x 2; W.release y 1 || R.acquire y 1; W x 1"),
    "LB of a plain value": (PLAIN, "R x 1; W.release y 1 || R.acquire y 1; W x 1"),
    "RCU, a plain value": (
        PLAIN,
        "F.rcu-lock; R.once y 1; R x 0; F.rcu-unlock || W x 1; F.sync-rcu; W.once y 1",
    ),
}

ALLOWED = {
    "MP": "W.once x 1; W.once y 1 || R.once y 1; R.once x 0",
    "MP+release": "W.once x 1; W.release y 1 || R.once y 1; R.once x 0",
    "MP+acquire": "W.once x 1; W.once y 1 || R.acquire y 1; R.once x 0",
    "MP+wmb+ctrl": "W.once x 1; F.wmb; W.once y 1 || a=R.once y 1; R.once x 0 ctrl:a",
    "MP+rmb+rmb": "W.once x 1; F.rmb; W.once y 1 || R.once y 1; F.rmb; R.once x 0",
    "MP, an increment whose value nobody gets": (
        "W.once x 1; W.release y 1 || U.noreturn y 1 2; F.rmb; R.once x 0"
    ),
    "MP, an increment whose value is dropped, is forbidden only with rmb": (
        "W.once x 1; W.release y 1 || U.once y 1 2; R.once x 0"
    ),
    "MP+barrier": "W.once x 1; F.barrier; W.once y 1 || R.once y 1; F.barrier; R.once x 0",
    "MP, the atomic in the middle is in a third lane's read": (
        "W.once x 1; W.release y 1 || R.once y 1; W.once y 2 || R.acquire y 2; R.once x 0"
    ),
    "S": "W.once x 2; W.once y 1 || R.once y 1; W.once x 1",
    "LB": "R.once x 1; W.once y 1 || R.once y 1; W.once x 1",
    "LB+data": "a=R.once x 1; W.once y 1 data:a || R.once y 1; W.once x 1",
    "SB": "W.once x 1; R.once y 0 || W.once y 1; R.once x 0",
    "SB+release+acquire": "W.release x 1; R.acquire y 0 || W.release y 1; R.acquire x 0",
    "SB+wmb+rmb": "W.once x 1; F.wmb; R.once y 0 || W.once y 1; F.rmb; R.once x 0",
    "SB+mb": "W.once x 1; F.mb; R.once y 0 || W.once y 1; R.once x 0",
    "SB, compare-exchange fails": (
        "W.once x 1; U.mb a 0; R.once y 0 || W.once y 1; F.mb; R.once x 0"
    ),
    "SB+xchg_acquire": ("W.once x 1; U.acquire a 0 1; R.once y 0 || W.once y 1; F.mb; R.once x 0"),
    "SB, lock": "W.once x 1; lock l 0; R.once y 0 || W.once y 1; F.mb; R.once x 0",
    "SB, unlock and lock": (
        "W.once x 1; unlock l 1; lock m 0; R.once y 0 || W.once y 1; F.mb; R.once x 0"
    ),
    "SB, read sections": (
        "F.rcu-lock; W.once x 1; R.once y 0; F.rcu-unlock"
        " || F.rcu-lock; W.once y 1; R.once x 0; F.rcu-unlock"
    ),
    "WRC": "W.once x 1 || R.once x 1; W.once y 1 || R.once y 1; F.rmb; R.once x 0",
    "IRIW+acquires": (
        "W.once x 1 || R.acquire x 1; R.once y 0 || W.once y 1 || R.acquire y 1; R.once x 0"
    ),
    "R": "W.once x 1; W.once y 1 || W.once y 2; R.once x 0",
    "R+wmb+mb": "W.once x 1; F.wmb; W.once y 1 || W.once y 2; F.mb; R.once x 0",
    "2+2W+wmbs": "W.once x 2; F.wmb; W.once y 1 || W.once y 2; F.wmb; W.once x 1",
    "Z6.0+locks": (
        "lock l 0; W.once x 1; W.once y 1; unlock l 2"
        " || lock l 2; R.once y 1; W.once z 1; unlock l 4 || W.once z 2; F.mb; R.once x 0"
    ),
    "RCU, the section ends before": (
        "F.rcu-lock; F.rcu-unlock; R.once y 1; R.once x 0 || W.once x 1; F.sync-rcu; W.once y 1"
    ),
    "RCU, the section begins after": (
        "R.once y 1; R.once x 0; F.rcu-lock; F.rcu-unlock || W.once x 1; F.sync-rcu; W.once y 1"
    ),
    "SRCU, another domain": (
        "a=R.srcu-lock d; R.once y 1; R.once x 0; W.srcu-unlock d data:a"
        " || W.once x 1; G.sync-srcu e; W.once y 1"
    ),
    "SRCU, no cookie": (
        "R.srcu-lock d; R.once y 1; R.once x 0; W.srcu-unlock d"
        " || W.once x 1; G.sync-srcu d; W.once y 1"
    ),
    "MP of a plain value, nothing orders it": "W x 1; W.once y 1 || R.once y 1; R x 0",
}

RAISED = {
    "W x 1 || R.once x 1": ("data-race",),
    "W.once x 1 || R x 0": ("data-race",),
    "W x 1 || W.once x 2": ("data-race",),
    "W x 1; W.release y 1 || R.acquire y 1; R x 1": (),
    "W x 1; W.release y 1 || R.acquire y 1; W x 2": (),
    "R x 0; W.release y 1 || R.acquire y 1; W x 1": (),
    "W x 1; W.release y 1 || R.once y 1; W x 2": ("data-race",),
    "lock l 0; W x 1; unlock l 2 || lock l 2; R x 1; unlock l 4": (),
    "W x 1; W.release y 1 || R.once y 1; F.sync-rcu; R x 1": (),
    "W x 1; F.mb; R.once y 0 || W.once y 1; F.mb; R.once z 0; F.mb; R x 1": (),
    "W x 1; F.mb; R.once y 0 || W.once y 1; F.mb; R.once z 0; F.mb; W x 2": (),
    "W x 1; W.release y 1 || R.once y 1; F.mb; R.once z 0"
    " || W.once z 1; F.mb; R.once w 0; F.mb; R x 1": (),
    "a=R.once y 0; W x 1 ctrl:a || W.once y 1": (),
    "W x 1; W.once x 2": ("mixed-accesses",),
    "W x 1; F.barrier; W.once x 2": (),
    "F.rcu-lock; R.once x 0": ("unmatched-rcu-lock",),
    "F.rcu-lock; F.rcu-lock; F.rcu-unlock; F.rcu-unlock; F.rcu-unlock": ("unmatched-rcu-unlock",),
    "R.srcu-lock d": ("unmatched-srcu-lock",),
    "W.srcu-unlock d": ("unmatched-srcu-unlock",),
    "a=R.srcu-lock d; W.srcu-unlock d data:a; W.srcu-unlock d data:a": ("multiple-srcu-matches",),
    "F.rcu-lock; G.sync-srcu d; F.rcu-unlock": ("invalid-sleep",),
    "a=R.srcu-lock d 0; W.srcu-unlock d 1 data:a": ("srcu-bad-value-match",),
    "a=R.srcu-lock d; W.srcu-unlock d data:a; R.once x 0 ctrl:a": ("illegal-srcu-cookie-ctrl",),
    "a=R.srcu-lock d; W.srcu-unlock d data:a; R.once x 0 addr:a": ("illegal-srcu-cookie-addr",),
    "a=R.srcu-lock d; W.once x 1 data:a; W.srcu-unlock d data:a; R.once x 1": (
        "suspicious-srcu-cookie-use",
    ),
    "W.once l 1; lock l 1; unlock l 3": ("mixed-lock-accesses",),
    "lock l 0; unlock l 2; unlock l 3": ("unmatched-unlock",),
}
"""The flags of executions that are allowed."""
