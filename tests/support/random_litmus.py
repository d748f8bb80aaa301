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


class _Writer:
    """One test; `left` is how many accesses it may still have."""

    def __init__(self, choose: random.Random, accesses: int) -> None:
        self.choose = choose
        self.left = accesses
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

    def assigned(self, value: str) -> str:
        name = f"r{self.registers}"
        self.registers += 1
        return f"{name} = {value};"


def random_test(seed: int, accesses: int = 8) -> str:
    """The text of a test of two or three lanes with about so many accesses."""
    choose = random.Random(seed)
    count = choose.choice((2, 2, 3))
    lanes = []
    for number in range(count):
        writer = _Writer(choose, accesses // count)
        body = ""
        while writer.left > 0:
            body += f"    {writer.statement()}\n"
        lanes.append(f"P{number}(int *x, int *y, spinlock_t *l)\n{{\n{body}}}\n")
    return f"C random-{seed}\n\n{{ y = 1; }}\n\n" + "\n".join(lanes) + "\nexists (x=1)\n"
