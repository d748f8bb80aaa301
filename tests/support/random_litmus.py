"""Random litmus tests in C, as texts."""

import random

LOADS = ("READ_ONCE(*{x})", "smp_load_acquire({x})", "*{x}", "rcu_dereference(*{x})")
STORES = ("WRITE_ONCE(*{x}, {v});", "smp_store_release({x}, {v});", "*{x} = {v};")
MODIFIES = (
    "xchg({x}, {v})",
    "xchg_relaxed({x}, {v})",
    "atomic_fetch_add_acquire({w}, {x})",
    "atomic_add_return_release(1, {x})",
    "cmpxchg({x}, {w}, {v})",
    "cmpxchg_relaxed({x}, {w}, {v})",
    "atomic_add_unless({x}, 1, {w})",
)
OTHERS = ("smp_mb();", "smp_wmb();", "smp_rmb();", "atomic_inc({x});", "synchronize_rcu();")

ORDERING = (
    "synchronize_rcu();",
    "synchronize_srcu(s);",
    "smp_mb__before_atomic(); atomic_inc({x});",
    "atomic_inc({x}); smp_mb__after_atomic();",
    "spin_lock(l); smp_mb__after_spinlock(); spin_unlock(l);",
    "barrier();",
)
"""What only the kernel's model knows."""


class _Writer:
    """One test; `left` is how many accesses it may still have; `sections`: with those of RCU."""

    def __init__(self, choose: random.Random, accesses: int, sections: bool) -> None:
        self.choose = choose
        self.left = accesses
        self.sections = sections
        self.registers = 0

    def variable(self) -> str:
        return self.choose.choice(("x", "y"))

    def value(self) -> str:
        if self.registers and self.choose.random() < 0.4:
            register = f"r{self.choose.randrange(self.registers)}"
            form = self.choose.choice(("{r}", "({r} & 1)", "{r} - {r} + 1", "({r} == 1)"))
            return form.format(r=register)
        return str(self.choose.randint(1, 2))

    def statement(self, depth: int = 0) -> str:
        self.left -= 1
        names = {"x": self.variable(), "v": self.value(), "w": self.choose.randint(0, 1)}
        if self.sections and depth == 0 and self.choose.random() < 0.3:
            return self.ordering(names)
        kind = self.choose.random()
        if kind < 0.3:
            return self.assigned(self.choose.choice(LOADS).format(**names))
        if kind < 0.6:
            return self.choose.choice(STORES).format(**names)
        if kind < 0.75:
            return self.assigned(self.choose.choice(MODIFIES).format(**names))
        if kind < 0.82 or depth > 0 or not self.registers:
            return self.choose.choice(OTHERS).format(**names)
        if kind < 0.87:
            return f"spin_lock(l); {self.statement(1)} spin_unlock(l);"
        if kind < 0.9:
            return f"if (spin_trylock(l)) {{ {self.statement(1)} spin_unlock(l); }}"
        if kind < 0.92:
            return self.assigned("spin_is_locked(l)")
        then, otherwise = self.statement(1), self.statement(1)
        return f"if ({self.value()}) {{ {then} }} else {{ {otherwise} }}"

    def ordering(self, names: dict[str, object]) -> str:
        """A read section, or something else that orders."""
        if self.choose.random() < 0.4:
            return self.choose.choice(ORDERING).format(**names)
        inside = f"{self.statement(1)} {self.statement(1)}"
        if self.choose.random() < 0.6:
            return f"rcu_read_lock(); {inside} rcu_read_unlock();"
        cookie = f"r{self.registers}"
        self.registers += 1
        return f"{cookie} = srcu_read_lock(s); {inside} srcu_read_unlock(s, {cookie});"

    def assigned(self, value: str) -> str:
        name = f"r{self.registers}"
        self.registers += 1
        return f"{name} = {value};"


def random_test(seed: int, accesses: int = 8, *, sections: bool = False) -> str:
    """The text of a test of two or three lanes with about so many accesses."""
    choose = random.Random(seed)
    count = choose.choice((2, 2, 3))
    lanes = []
    for number in range(count):
        writer = _Writer(choose, accesses // count, sections)
        body = ""
        while writer.left > 0:
            body += f"    {writer.statement()}\n"
        domain = ", struct srcu_struct *s" if sections else ""
        lanes.append(f"P{number}(int *x, int *y, spinlock_t *l{domain})\n{{\n{body}}}\n")
    return f"C random-{seed}\n\n{{ y = 1; }}\n\n" + "\n".join(lanes) + "\nexists (x=1)\n"
