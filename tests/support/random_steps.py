"""Random single steps."""

from tests.support.random_blocks import COMPARISONS, Block, Vocabulary


class Singles(Vocabulary):
    """Writes one step, or one with the assert that goes with it."""

    def assign(self, block: Block) -> None:
        """`r = …`, one read."""
        expression = self.load(block)
        block.put(f"{block.new('number')} = {expression}")

    def store(self, block: Block) -> None:
        expression = self.value(block)
        place = self.place()
        local = block.have("pointer")
        if local and self.chance(0.3):
            name = self.random.choice(local)
            place = f"{name}.{self.random.choice(self.fields)}"
        self.written.append(place)
        if place == "b":
            expression = f"({expression}) + 0"  # a literal would have to fit
        form = self.pick("{} = {}", "{} = {}", "WRITE_ONCE({}, {})", "smp_store_release({}, {})")
        block.put(form.format(place, expression))

    def increment(self, block: Block) -> None:
        place = self.random.choice(self.numbers)
        self.written.append(place)
        form = self.pick("{}++", "{}--", "{} += 1", "{} += 2", "atomic_inc({})", "atomic_dec({})")
        block.put(form.format(place), 2)

    def add(self, block: Block) -> None:
        """An assignment that reads its place, after what it adds."""
        place, amount = self.place(), self.load(block)
        if self.pointers and self.chance(0.4):
            name = self.random.choice([*self.pointers, *block.have("pointer")])
            place = f"{name}.{self.random.choice(self.fields)}"
        self.written.append(place)
        block.put(f"{place} {self.pick('+=', '-=')} {amount}", 3)

    def grow(self, block: Block) -> None:
        """A number that gets too large, or just not."""
        place, other = self.random.choice(self.numbers), self.simple(block)
        name = block.new("number")
        block.put(f"{name} = {self.random.choice(self.numbers)} << 30")
        block.put(f"{name} = ({name} << 30) << {self.pick('0', '1', '1', '2')}", 0)
        self.written.append(place)
        match self.random.randrange(6):
            case 0:
                line = f"{place} += {name}"
            case 1:
                line = f"{place} = ({name} + {name}) - 1"
            case 2:
                line = f"atomic_add({name}, {place})"
            case 3:
                line = f"{block.new('number')} = atomic_fetch_add({name}, {place})"
            case 4:
                line = f"{block.new('number')} = {name} * {other}"
            case _:
                line = f"assert {name} + {name} > {other} || {place} == {name} - 1"
        block.put(line, 2)

    def modify(self, block: Block) -> None:
        whole = self.weak and self.chance(0.1)  # a block that TSO has: one event
        place = self.random.choice(self.numbers) if whole else self.place()
        self.written.append(place)
        one, two = self.simple(block), self.simple(block)
        call = self.pick(
            f"xchg({place}, {one})",
            f"cmpxchg({place}, {one}, {two})",
            f"cmpxchg({place}, 0, 1)",
            f"atomic_add_return({one}, {place})",
            f"atomic_inc_return({place})",
            f"atomic_dec_return({place})",
        )
        line = f"{block.new('number')} = {call}"
        block.put(f"atomic {{ {line} }}" if whole else line)

    def wait(self, block: Block) -> None:
        """Waits for a value of one place, and perhaps keeps it."""
        place = self.random.choice(self.numbers)
        local = block.have("pointer")
        if local and not self.freeing and self.chance(0.25):
            place = f"{self.random.choice(local)}.{self.random.choice(self.fields)}"
        test = f"{self.random.choice(COMPARISONS)} {self.simple(block)}"
        if "b" in place:
            test = f"+ 0 {test}"
        if self.chance(0.15):
            test = f"% 2 {self.pick('==', '!=')} 0"
        read = self.pick(place, f"READ_ONCE({place})")
        if self.queue and self.chance(0.7):
            return block.put(f"wait_event(wq, {read} {test})", 2)
        if self.chance(0.5):
            return block.put(f"wait until ({read} {test})", 2)
        call = f"{self.pick('smp', 'smp', 'atomic')}_cond_{{}}_{self.pick('acquire', 'relaxed')}"
        call = call.format("load" if call.startswith("smp") else "read")
        test += self.pick("", "", f" {self.pick('&&', '||')} VAL != {self.number()}")
        if "b" in place:
            test = test.replace("VAL !=", "VAL + 0 !=")
        block.put(f"{block.new('number')} = {call}({place}, VAL {test})", 2)

    def wake(self, block: Block) -> None:
        """Sleeps, wakes, or changes what a lane may sleep for and wakes, or the other way round."""
        if self.chance(0.35):
            return self.wait(block)
        call = self.pick("wake_up(wq)", "wake_up(wq)", "wake_up_all(wq)")
        match self.random.randrange(5):
            case 0 | 1:
                self.store(block)
                block.put(call)
            case 2:
                block.put(call)
                self.store(block)
            case _:
                block.put(call)

    def fence(self, block: Block) -> None:
        block.put(self.pick("smp_mb()", "smp_mb()", "smp_wmb()", "smp_rmb()"))

    def choose(self, block: Block) -> None:
        low = self.pick("0", "0", "-1")
        if self.chance(0.3):
            place = self.place()
            self.written.append(place)
            low = "0" if "b" in place else low  # what is chosen has to fit
            call = self.pick("WRITE_ONCE", "smp_store_release", "smp_store_mb")
            return block.put(f"{call}({place}, choose {low}..1)")
        block.put(f"{block.new('number')} = choose {low}..1", 1)

    def tokens(self, block: Block) -> None:
        if not self.token:
            return self.assign(block)
        if self.chance(0.6):
            form = self.pick("k = fresh", "WRITE_ONCE(k, fresh)", "smp_store_release(k, fresh)")
            return block.put(form, 2)
        block.put(f"{block.new('token')} = {self.pick('k', 'k', 'fresh')}")

    def words(self, block: Block) -> None:
        if not self.word:
            return self.store(block)
        local = block.have("entry")
        pick = self.random.randrange(4)
        if pick == 0:
            block.put(f"{block.new('entry')} = w")
        elif pick == 1 and local:
            name = self.random.choice(local)
            block.put(f"{block.new('number')} = {name}.{self.pick('m', 'n')}")
        elif pick == 2:
            block.put(f"{block.new('number')} = w.{self.pick('m', 'n')}")
        else:
            one, two = self.simple(block), self.pick(self.simple(block), self.load(block))
            form = self.pick("w = {}", "w = {}", "WRITE_ONCE(w, {})")
            block.put(form.format(f"{{ m: {one}, n: {two} }}"), 2)
            self.written += ["w.m", "w.n"]

    def pointer(self, block: Block) -> None:
        if not self.pointers:
            return self.assign(block)
        place = self.random.choice(self.pointers)
        local = block.have("pointer")
        pick = self.random.randrange(10)
        if pick < 4 or not local:
            form = self.pick("rcu_dereference({})", "{}")
            block.put(f"{block.new('pointer')} = {form.format(place)}")
            return None
        name = self.random.choice(local)
        if pick == 4:
            block.put(f"{block.new('pointer')} = copy {name}", 2 * len(self.fields))
        elif pick == 5:
            if self.chance(0.3):
                made = self.pick(f"copy {name}", "alloc node")
                call = self.pick("rcu_assign_pointer", "WRITE_ONCE", "rcu_replace_pointer")
                return block.put(f"{call}({place}, {made})", 2 * len(self.fields))
            block.put(f"{block.new('pointer')} = alloc node", 0)
        elif pick == 6 and self.linked:
            block.put(f"{block.new('pointer')} = {name}.next")
        elif pick == 7:
            block.put(f"{block.new('pointer')} = xchg({place}, {self.pick(name, 'null')})")
        elif pick == 8:
            other = self.random.choice(local)
            new = f"{name}.next" if self.linked else other
            block.put(f"{block.new('pointer')} = cmpxchg({place}, {name}, {new})")
        else:
            value = "null" if self.chance(0.2) else name
            form = self.pick("{} = {}", "rcu_assign_pointer({}, {})")
            block.put(form.format(place, value))

    def ghost(self, block: Block) -> None:
        place = self.random.choice(self.numbers)
        if self.pointers and self.chance(0.4):
            place = f"{self.random.choice(self.pointers)}.{self.random.choice(self.fields)}"
        ghost = block.new("ghost")
        block.put(f"{ghost} = settled({place})")
        if self.chance(0.7):
            name = block.new("number")
            block.put(f"{name} = {place}")
        else:
            name = self.simple(block)
        word = "assert" if self.chance(0.85) else "assume"
        self.judge(block, word, f"{name} {self.random.choice(COMPARISONS)} {ghost}")

    def judge(self, block: Block, word: str, condition: str) -> None:
        label = ""
        if word == "assert" and self.chance(0.5):
            self.labels += 1
            label = f"ok{self.labels}: "
        block.put(f"{label}{word} {condition}", 0)

    def check(self, block: Block) -> None:
        word = "assert" if self.chance(0.8) else "assume"
        self.judge(block, word, self.condition(block))

    def cache(self, block: Block) -> None:
        if f"c {block.lane}" not in self.caches:
            return self.assign(block)
        pick = self.random.randrange(5)
        if pick < 3:
            one = self.pick(self.simple(block), self.load(block))
            two = self.pick(self.simple(block), self.load(block))
            block.put(f"c = {{ slot: {one}, tag: {two} }}", 2)
            return None
        if pick == 3:
            block.put(f"if (filled(c) && c.tag == {self.load(block)})", 2)
            name = block.new("number")
            block.put(f"    {name} = c.slot")
            block.sure.discard(name)
            return None
        place = self.random.choice(self.numbers)
        test = self.random.choice(COMPARISONS)
        if "c" in self.zapped:  # what is filled may be emptied at once
            test = self.pick("==", "!=")
        block.put(f"if (filled(c)) assert c.slot {test} {place}", 2)

    def synchronize(self, block: Block) -> None:
        domain = self.pick("d", "rcu")
        if domain in block.open:
            return self.assign(block)
        expedited = "_expedited" if self.chance(0.1) else ""
        arguments = "(d)" if domain == "d" else "()"
        block.put(f"synchronize_{'s' if domain == 'd' else ''}rcu{expedited}{arguments}", 2)
