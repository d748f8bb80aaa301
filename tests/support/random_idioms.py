"""Random idioms and steps with steps inside.

An idiom is what a kernel developer would write (publish and wait, read in a section, count
under a lock, cache under a generation) with lines left out or in another order.
"""

from tests.support.random_blocks import COMPARISONS, Block
from tests.support.random_objects import Objects


class Steps(Objects):
    """Writes whole pieces of blocks."""

    # ------------------------------------------------------------ idioms

    def publish(self, block: Block) -> None:
        """Copy or allocate, fill, publish, wait, spoil the old version."""
        if not self.pointers:
            return self.store(block)
        place = self.random.choice(self.pointers)
        old = block.new("pointer")
        block.put(f"{old} = {place}")
        new = block.new("pointer")
        if self.chance(0.6):
            block.put(f"{new} = copy {old}", 2 * len(self.fields))
        else:
            block.put(f"{new} = alloc node", 0)
        amount = self.pick("1", "2", f"{old}.{self.fields[0]} + 1")
        stores = [f"{new}.{name} = {amount}" for name in self.fields]
        if self.linked:
            stores.append(f"{new}.next = {self.pick('null', old)}")
        stores = [line for line in stores if self.chance(0.85)]
        form = self.pick("rcu_assign_pointer({}, {})", "rcu_assign_pointer({}, {})", "{} = {}")
        lines = [*stores, form.format(place, new)]
        if self.chance(0.15):
            self.random.shuffle(lines)
        for line in lines:
            block.put(line)
        if self.chance(0.65):
            self.synchronize(block)
        if self.chance(0.6):
            block.put(f"{old}.{self.fields[-1]} = {self.pick('9', '-1', '0')}")
        self.written += [f"{place}.{name}" for name in self.fields]

    def dereference(self, block: Block) -> None:
        """A read section that reads the fields of the published version."""
        if not self.pointers:
            return self.assign(block)
        place = self.random.choice(self.pointers)
        srcu = self.chance(0.5)
        wrapped = self.chance(0.85) and ("d" if srcu else "rcu") not in block.open
        if wrapped:
            block.put("srcu_read_lock(d)" if srcu else "rcu_read_lock()")
        pointer = block.new("pointer")
        block.put(f"{pointer} = rcu_dereference({place})")
        names = []
        for part in self.fields:
            names.append(block.new("number"))
            twice = self.chance(0.2)
            base = f"rcu_dereference({place})" if twice else pointer
            block.put(f"{names[-1]} = {base}.{part}", 2 if twice else 1)
        if wrapped:
            block.put("srcu_read_unlock(d)" if srcu else "rcu_read_unlock()")
        claim = self.pick(f"{names[0]} != {self.pick('9', '-1')}", f"{names[0]} == {names[-1]}")
        self.judge(block, "assert", f"{names[-1]} != 9" if self.chance(0.4) else claim)

    def counted(self, block: Block) -> None:
        """Two counters that move together under a lock."""
        lock, word = self.random.choice((("m", "mutex"), ("m", "mutex"), ("l", "spin")))
        take = lock not in block.held and self.chance(0.8)
        if take:
            block.put(f"{word}_lock({lock})")
        one, two = self.random.sample(self.numbers, 2)
        if self.chance(0.5):
            name = block.new("number")
            block.put(f"{name} = {one}")
            block.put(f"{one} = {name} + 1")
            block.put(f"{two} = {name} + 1")
        else:
            block.put(f"{one}++", 2)
            block.put(f"{two}++", 2)
        self.written += [one, two]
        if take:
            block.put(f"{word}_unlock({lock})")

    def fill(self, block: Block) -> None:
        """Caches a number with the generation it was read under."""
        if f"c {block.lane}" not in self.caches:
            return self.dereference(block)
        one, two = self.random.sample(self.numbers, 2)
        if self.pointers and self.chance(0.6):
            place = self.random.choice(self.pointers)
            one, two = f"{place}.{self.fields[0]}", f"{place}.{self.fields[-1]}"
        first, second = block.new("number"), block.new("number")
        block.put(f"{first} = {one}", 2)
        if self.chance(0.4):
            self.fence(block)
        block.put(f"{second} = {two}", 2)
        guard = f"if ({second} % 2 == 0) " if self.chance(0.2) else ""
        block.put(f"{guard}c = {{ slot: {first}, tag: {second} }}")

    def message(self, block: Block) -> None:
        """One half of a litmus test: two accesses with perhaps a fence between them."""
        one, two = self.random.sample(self.numbers, 2)
        for index, place in enumerate((one, two)):
            if self.chance(0.5):
                self.written.append(place)
                block.put(f"{place} = {self.pick('1', '2')}")
            else:
                block.put(f"{block.new('number')} = {place}")
            if index == 0 and self.chance(0.5):
                self.fence(block)

    # ------------------------------------------------------------ compound steps

    def inner(self, block: Block, count: int, *, sections: bool = True) -> None:
        """Some steps one level deeper; sections and locks stay as they are."""
        block.depth += 1
        for _ in range(count):
            self.step(block, nested=not sections)
        block.depth -= 1

    def branch(self, block: Block) -> None:
        block.put(f"if ({self.condition(block)}) {{", 1)
        if self.chance(0.2):
            block.put("    unreachable", 0)
        before = set(block.sure)
        self.inner(block, 1, sections=False)
        if self.chance(0.12) and not block.held and not block.open and not block.off:
            block.put("    return", 0)
            block.put("}", 0)
            block.sure = before
            return
        first = set(block.sure)
        block.sure = set(before)
        if self.chance(0.4):
            block.put("} else {", 0)
            self.inner(block, 1, sections=False)
        block.put("}", 0)
        block.sure &= first

    def either(self, block: Block) -> None:
        block.put("either {", 0)
        before = set(block.sure)
        self.inner(block, 1, sections=False)
        first, block.sure = set(block.sure), set(before)
        block.put("} or {", 0)
        if self.chance(0.6):
            self.inner(block, 1, sections=False)
        block.put("}", 0)
        block.sure &= first

    def loop(self, block: Block) -> None:
        bound = self.random.choice((1, 1, 2))
        if self.chance(0.5):
            block.put(f"while {bound} ({self.condition(block)}) {{", bound)
            before = set(block.sure)
            self.inner(block, 1, sections=False)
            block.put("}", 0)
            block.sure = before
        else:
            block.put(f"retry {bound} {{", bound)
            self.inner(block, 1, sections=False)
            block.put(f"}} until ({self.condition(block)})", 1)

    def locked(self, block: Block) -> None:
        lock, word = self.random.choice((("m", "mutex"), ("l", "spin")))
        if lock in block.held:
            return self.store(block)
        if self.chance(0.25):
            negated = self.chance(0.3)
            block.put(f"if ({'!' if negated else ''}{word}_trylock({lock})) {{")
            before = set(block.sure)
            if negated:
                if self.chance(0.5):
                    self.inner(block, 1, sections=False)
                block.put("} else {", 0)
            block.sure = set(before)
            block.held.append(lock)
            self.inner(block, 1)
            block.put(f"    {word}_unlock({lock})")
            block.held.pop()
            block.put("}", 0)
            block.sure = before
            return None
        block.put(f"{word}_lock({lock})")
        block.held.append(lock)
        for _ in range(self.random.choice((1, 2))):
            self.step(block, nested=False)
        block.held.pop()
        block.put(f"{word}_unlock({lock})")

    def nested_locks(self, block: Block) -> None:
        """Two locks, in an order that other lanes may take the other way round."""
        names = [("m", "mutex"), ("l", "spin")]
        if block.held:
            return self.increment(block)
        self.random.shuffle(names)
        for lock, word in names:
            block.put(f"{word}_lock({lock})")
            block.held.append(lock)
        self.step(block, nested=True)
        for lock, word in names if self.chance(0.3) else reversed(names):
            block.put(f"{word}_unlock({lock})")
            block.held.remove(lock)

    def masked(self, block: Block) -> None:
        """Interrupts off, alone or with a spinlock that another lane may take with them on."""
        flags = f"f{len(block.types)}_{len(block.lines)}"
        saves = block.off or bool(block.on) or self.chance(0.4)
        lock = "l" not in block.held and self.chance(0.6)
        around = (
            (f"_irqsave(l, {flags})", f"_irqrestore(l, {flags})") if saves else ("_irq(l)",) * 2
        )
        begin, end = f"spin_lock{around[0]}", f"spin_unlock{around[1]}"
        mask = f"local_irq_save({flags})" if saves else "local_irq_disable()"
        unmask = f"local_irq_restore({flags})" if saves else "local_irq_enable()"
        if not lock or self.chance(0.15):
            begin, end = (
                (f"{mask} spin_lock(l)", f"spin_unlock(l) {unmask}") if lock else (mask, unmask)
            )
        before, block.off = block.off, True
        block.held += ["l"] if lock else []
        block.put(begin, 1 + lock)
        for _ in range(self.random.choice((1, 2))):
            self.step(block, nested=False)
        if not lock and not block.on and self.chance(0.2):
            block.put("local_irq_enable()")
            self.step(block, nested=True)
            block.put(self.pick("local_irq_disable()", f"local_irq_save({flags}x)"))
        block.put(end, 0)
        block.held = block.held[:-1] if lock else block.held
        block.off = before

    def section(self, block: Block) -> None:
        srcu = self.chance(0.5)
        domain = "d" if srcu else "rcu"
        cookie = ""
        if not srcu:
            block.put("rcu_read_lock()")
        elif self.chance(0.4):
            cookie = f"i{len(block.types)}_{len(block.lines)}"
            block.put(f"{cookie} = srcu_read_lock(d)")
        else:
            block.put("srcu_read_lock(d)")
        block.open.append(domain)
        for _ in range(self.random.choice((1, 2))):
            self.step(block, nested=False)
        block.open.pop()
        leave = "rcu_read_unlock()" if not srcu else "srcu_read_unlock(d)"
        block.put(f"srcu_read_unlock(d, {cookie})" if cookie else leave)

    def atomic(self, block: Block) -> None:
        block.put("atomic {", 0)
        if self.chance(0.35):
            self.branches(block)
        elif self.weak or self.chance(0.4):
            for _ in range(2):
                block.put(f"    {block.new('number')} = {self.random.choice(self.numbers)}")
        else:
            block.put(f"    {block.new('number')} = {self.random.choice(self.numbers)}")
            place = self.random.choice(self.numbers)
            block.put(f"    {place} = {self.simple(block)}")
            self.written.append(place)
        block.put("}", 0)

    def branches(self, block: Block) -> None:
        """Branches inside an atomic block; perhaps nothing comes before them."""
        known = block.have("number")
        if not known or self.chance(0.5):
            known = [block.new("number")]
            block.put(f"    {known[0]} = {self.random.choice(self.numbers)}")
        test = f"{self.random.choice(known)} {self.random.choice(COMPARISONS)} {self.number()}"
        free = self.chance(0.25)
        ways = [self.way(block) for _ in range(2 if free else self.random.choice((1, 2)))]
        word = " or " if free else " else "
        block.put(f"    {'either' if free else f'if ({test})'} {word.join(ways)}", len(ways))
        if not self.weak and self.chance(0.4):
            block.put(f"    {self.random.choice(self.numbers)} = {self.simple(block)}")

    def way(self, block: Block) -> str:
        """What one branch of an atomic block does, in braces."""
        place = self.random.choice(self.numbers)
        if self.weak:
            name = block.new("number")
            block.sure.discard(name)
            return f"{{ {name} = {place} }}"
        self.written.append(place)
        return f"{{ {place} = {self.simple(block)} }}"

    def step(self, block: Block, *, nested: bool) -> None:
        """One step or idiom; `nested` ones leave sections and locks alone."""
        plain = (
            (self.assign, 6),
            (self.store, 7),
            (self.increment, 3),
            (self.add, 2),
            (self.modify, 3),
            (self.fence, 3),
            (self.wait, 2),
            (self.choose, 1),
            (self.tokens, 2),
            (self.words, 2),
            (self.pointer, 4),
            (self.ghost, 2),
            (self.check, 2),
            (self.cache, 2),
            (self.message, 3),
            (self.release, 6 * self.freeing),
            (self.overwrite, 4),
            (self.entry, 8 * self.entries),
            (self.zap, 3 * bool(self.zapped)),
            (self.double, 5 * self.word),
            (self.spectre, 8 * bool(self.ghosts)),
            (self.grow, 10 * self.large),
        )
        more = (
            (self.branch, 3),
            (self.either, 2),
            (self.loop, 2),
            (self.locked, 4),
            (self.nested_locks, 1),
            (self.section, 3),
            (self.synchronize, 3),
            (self.atomic, 2),
            (self.publish, 6),
            (self.dereference, 6),
            (self.counted, 4),
            (self.fill, 4),
            (self.retire, 16 * self.freeing),
            (self.readers, 12 * self.rwlock),
            (self.wake, 20 * self.queue),
            (self.masked, 14 * self.masking),
        )
        deep = nested or block.depth > 2 or block.budget < 2
        found = plain if deep else plain + more
        weights = [weight for _, weight in found]
        self.random.choices(found, weights)[0][0](block)
