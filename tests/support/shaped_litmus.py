"""Random litmus tests in C around a cycle: each lane leads from one variable to the next.

Where `random_litmus` mixes statements, these tests have the shape of those that models are told
apart by, so that what orders the two accesses of a lane mostly decides: read sections of RCU and of
two domains of SRCU, critical sections, plain accesses under a condition, values that
read-modify-writes return, branches that both lead to a store. A variable is 1 at the start: where
nobody could write a 1 but for a plain read of it, an execution in which that 1 justifies itself
satisfies the model's axioms, and only the solver finds it.
"""

import random

READS = ("READ_ONCE(*{p})", "READ_ONCE(*{p})", "smp_load_acquire({p})", "*{p}")
MODIFIES = (
    "xchg({p}, 2)",
    "xchg_acquire({p}, 2)",
    "xchg_relaxed({p}, 2)",
    "xchg_release({p}, 2)",
    "atomic_fetch_add_relaxed(1, {p})",
    "atomic_add_return_release(1, {p})",
    "cmpxchg({p}, 0, 2)",
    "cmpxchg_acquire({p}, 1, 2)",
    "atomic_add_unless({p}, 1, 1)",
)
WRITES = (
    "WRITE_ONCE(*{p}, {v});",
    "WRITE_ONCE(*{p}, {v});",
    "smp_store_release({p}, {v});",
    "*{p} = {v};",
    "atomic_inc({p});",
)
BETWEEN = (
    *("", "", "smp_mb();", "smp_wmb();", "smp_rmb();", "barrier();"),
    *("synchronize_rcu();", "synchronize_srcu(s);", "synchronize_srcu(t);"),
    *("smp_mb__before_atomic();", "smp_mb__after_atomic();"),
    "spin_lock(l); smp_mb__after_spinlock(); spin_unlock(l);",
    "spin_unlock(l); spin_lock(l);",
)
"""What stands between the two; the last of these only where the lock is held."""
AROUND = (
    *("{all}", "{all}"),
    *("rcu_read_lock(); {all} rcu_read_unlock();",) * 2,
    *("{c} = srcu_read_lock({d}); {all} srcu_read_unlock({d}, {c});",) * 3,
    *("spin_lock(l); {all} spin_unlock(l);",) * 2,
    "spin_lock(l); {first} spin_unlock(l); {rest}",
    "{first} rcu_read_lock(); {rest} rcu_read_unlock();",
    "if (spin_trylock(l)) {{ {all} spin_unlock(l); }}",
)
BRANCHES = (
    "if ({r}) {{ {second} }}",
    "if ({r} == 1) {{ {second} }} else {{ {other} }}",
    "if ({r}) {{ {other} {second} }} else {{ {second} }}",
    "if ({r}) {{ {other} }} {second}",
)


class _Lane:
    """A lane that leads from one variable to another."""

    def __init__(self, choose: random.Random) -> None:
        self.choose = choose
        self.registers = 0

    def body(self, start: str, end: str) -> str:
        around = self.choose.choice(AROUND)
        first, read = self.access(start, "")
        between = self.between(around)
        second, _ = self.access(end, read)
        other, _ = self.access(self.choose.choice((start, end)), read)
        if read and self.choose.random() < 0.4:
            second = self.choose.choice(BRANCHES).format(r=read, second=second, other=other)
        rest = f"{between} {second}"
        names = {"first": first, "rest": rest, "all": f"{first} {rest}"}
        return around.format(**names, c="r9", d=self.choose.choice("st"))

    def between(self, around: str) -> str:
        """What stands between two accesses; the lock is not taken twice."""
        held = "spin_lock(l); {all}" in around
        found = self.choose.choice(BETWEEN if held else BETWEEN[:-1])
        inside = "spin" in around and "{all}" in around
        return "" if inside and "after_spinlock" in found else found

    def access(self, place: str, read: str) -> tuple[str, str]:
        """An access, and the register that has its value if it is a read."""
        kind = self.choose.random()
        if kind < 0.45:
            computed = (read, f"{read} - {read} + 1", f"({read} & 1)") if read else ()
            value = self.choose.choice(("1", "2", *computed))
            return self.choose.choice(WRITES).format(p=place, v=value), ""
        name = f"r{self.registers}"
        self.registers += 1
        value = self.choose.choice(READS if kind < 0.85 else MODIFIES).format(p=place)
        return f"{name} = {value};", name


def shaped_test(seed: int) -> str:
    """The text of a test of two or three lanes."""
    choose = random.Random(seed)
    places = choose.choice(("xy", "xy", "xyz"))
    lanes = [
        f"P{number}(int *x, int *y, int *z, spinlock_t *l, struct srcu_struct *s,"
        f" struct srcu_struct *t)\n{{\n    {_Lane(choose).body(place, after)}\n}}\n"
        for number, (place, after) in enumerate(zip(places, places[1:] + places[0], strict=True))
    ]
    return f"C shaped-{seed}\n\n{{ y = 1; }}\n\n" + "\n".join(lanes) + "\nexists (x=1)\n"
