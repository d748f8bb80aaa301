"""Random steps on objects that are freed, shared entries, whole words, readers and ghosts."""

from tests.support.random_blocks import COMPARISONS, Block
from tests.support.random_steps import Singles


class Objects(Singles):
    """Writes one step, or a few that belong together."""

    # ------------------------------------------------------------ objects

    def release(self, block: Block) -> None:
        """Frees what a local points to, now or later."""
        local = block.have("pointer")
        if not local or not self.freeing:
            return self.assign(block)
        name = self.random.choice(local)
        test = f"if ({name}) " if self.chance(0.1) else ""
        call = self.pick(f"kfree({name})", f"kfree_rcu({name})", f"call_srcu(d, {name})")
        block.put(f"{test}{call}", 2)

    def retire(self, block: Block) -> None:
        """Unpublishes a version, waits perhaps, frees it, and perhaps has another."""
        if not self.pointers or not self.freeing:
            return self.store(block)
        place = self.random.choice(self.pointers)
        old = block.new("pointer")
        block.put(f"{old} = {self.pick(place, f'xchg({place}, null)', place)}")
        new = block.new("pointer")
        block.put(f"{new} = {self.pick(f'copy {old}', 'alloc node')}", 1 + len(self.fields))
        for name in self.fields:
            block.put(f"{new}.{name} = {self.pick('1', '2')}")
        if self.linked and self.chance(0.9):
            block.put(f"{new}.next = {self.pick('null', old)}")
        if self.chance(0.9):
            block.put(f"{place} = {new}")
        if self.chance(0.4):
            self.synchronize(block)
        if self.chance(0.8):
            block.put(self.pick(f"kfree({old})", f"kfree_rcu({old})", f"call_srcu(d, {old})"))
        if self.chance(0.4):
            again = block.new("pointer")
            block.put(f"{again} = alloc node")
            block.put(f"{again}.{self.fields[0]} = {self.pick('2', '3')}")
        self.written += [f"{place}.{name}" for name in self.fields]

    def overwrite(self, block: Block) -> None:
        """Copies one object into another."""
        local = block.have("pointer")
        if len(local) < 2:
            return self.pointer(block)
        one, two = self.random.sample(local, 2)
        block.put(f"copy {one} into {two}", 2 * len(self.fields))
        return None

    # ------------------------------------------------------------ entries

    def entry(self, block: Block) -> None:
        """The one entry of all lanes: filled, read whole, zapped."""
        if not self.entries:
            return self.words(block)
        pick = self.random.randrange(6)
        if pick < 2:
            one, two = self.simple(block), self.pick(self.simple(block), self.load(block))
            block.put(f"e = {{ one: {one}, two: {two} }}", 2)
            self.written += ["e.one", "e.two"]
        elif pick == 2:
            block.put("zap(e)")
        elif pick == 3:
            whole, name = block.new("pair"), block.new("number")
            block.put(f"{whole} = e")
            block.put(f"if (filled({whole})) {name} = {whole}.one + {whole}.two", 0)
            block.sure.discard(name)
        elif pick == 4:
            block.put(f"if (e.one {self.pick('==', '!=')} {self.simple(block)}) zap(e)", 2)
        else:
            whole = block.new("pair")
            block.put(f"{whole} = e")
            new = f"{{ one: {self.simple(block)}, two: 1 }}"
            block.put(f"{block.new('number')} = cmpxchg_double(e, {whole}, {new})")
            self.written += ["e.one", "e.two"]
        return None

    def zap(self, block: Block) -> None:
        """Empties the entries of all lanes of a kind."""
        if not self.zapped:
            return self.entry(block)
        block.put(f"zap({self.random.choice(sorted(self.zapped))})")
        return None

    def double(self, block: Block) -> None:
        """Exchanges a word whole."""
        if not self.word:
            return self.modify(block)
        local = block.have("entry")
        new = f"{{ m: {self.simple(block)}, n: {self.simple(block)} }}"
        if local and self.chance(0.7):
            name = self.random.choice(local)
            call = self.pick("cmpxchg_double", "try_cmpxchg", "cmpxchg")
            type_ = "entry" if call == "cmpxchg" else "number"
            found = block.new(type_)
            block.put(f"{found} = {call}(w, {name}, {new})")
        else:
            found = block.new("entry")
            block.put(f"{found} = {self.pick('w', f'xchg(w, {new})')}")
        self.written += ["w.m", "w.n"]
        return None

    # ------------------------------------------------------------ readers

    def readers(self, block: Block) -> None:
        """A side of the reader/writer lock."""
        if not self.rwlock or "rw" in block.held:
            return self.store(block)
        side = self.pick("read", "read", "write")
        attempt = self.chance(0.25)
        before = set(block.sure)
        lock, try_, unlock = (f"{side}_lock", f"{side}_trylock", f"{side}_unlock")
        if self.rwsem:
            lock, try_, unlock = (f"down_{side}", f"down_{side}_trylock", f"up_{side}")
        block.put(f"if ({try_}(rw)) {{" if attempt else f"{lock}(rw)")
        block.held.append("rw")
        block.depth += attempt
        for _ in range(self.random.choice((1, 2))):
            self.pick_plain(block)
        if side == "read" and self.chance(0.3):
            block.put(f"{lock}(rw)")
            self.pick_plain(block)
            block.put(f"{unlock}(rw)")
        block.put(f"{unlock}(rw)")
        block.depth -= attempt
        block.held.pop()
        if attempt:
            block.put("}", 0)
            block.sure = before
        return None

    def pick_plain(self, block: Block) -> None:
        """One step that leaves locks alone."""
        self.random.choice((self.assign, self.store, self.increment))(block)

    # ------------------------------------------------------------ ghosts

    def spectre(self, block: Block) -> None:
        """A ghost, after an event, and perhaps what is claimed of it."""
        if not self.ghosts or self.weak:
            return self.check(block)
        if self.chance(0.4):
            place = self.random.choice([*self.numbers, *self.ghosts])
            block.put(f"{block.new('ghost')} = settled({place})")
        self.pick_plain(block)
        ghost = self.random.choice(self.ghosts)
        local = block.have("pointer")
        if self.ghost_field and local and self.chance(0.4):
            ghost = f"{self.random.choice(local)}.t"
        pick = self.random.randrange(4)
        if pick == 0:
            block.put(f"{ghost}{self.pick('++', ' += 2')}", 0)
        elif pick < 3:
            value = self.pick(self.simple(block), f"{self.ghosts[0]} + {self.simple(block)}")
            if block.have("ghost") and self.chance(0.6):
                value = self.random.choice(block.have("ghost"))
            block.put(f"{ghost} = {value}", 0)
        if pick > 1:
            claim = f"{ghost} {self.random.choice(COMPARISONS)} {self.simple(block)}"
            self.judge(block, self.pick("assert", "assert", "assume"), claim)
        return None
