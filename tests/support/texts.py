"""Random texts that the grammar allows, for laws of the parser and the formatter.

Names are looked up nowhere, so most of these protocols would not pass the checks.
"""

import random
from collections.abc import Callable

NAMES = ("a", "b", "mmio", "slots", "srcu", "new_value", "update", "word", "x1", "or", "at")
SAFE = ("a", "b", "mmio", "slots", "new_value", "x1")
BLANKS = (" ", " ", "  ", "\n", "\n\n", "\n\n\n", "\t", " // note\n", "\n// own\n", " /* in */ ")
MORE = ("\n/* two\n   lines */\n", "\n\n// apart\n\n", " /* a */ /* b */\n", " //\n")


class Writer:
    """Writes one text from one seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.words: list[str] = []

    def put(self, *words: str) -> None:
        self.words += words

    def name(self) -> str:
        return self.random.choice(SAFE)

    def chance(self, part: float) -> bool:
        return self.random.random() < part

    # ------------------------------------------------------------ expressions

    def expression(self, depth: int) -> None:
        pick = self.random.randrange(12 if depth > 0 else 3)
        if pick == 0:
            self.put(str(self.random.randrange(20)))
        elif pick == 1:
            self.put(self.name())
        elif pick == 2:
            self.put("null")
        elif pick == 3:
            self.place(depth - 1)
        elif pick == 4:
            self.call(depth - 1)
        elif pick == 5:
            self.put("(")
            self.expression(depth - 1)
            self.put(")")
        elif pick in (6, 7):
            self.put(self.random.choice(("!", "-")))
            self.expression(0)
        else:
            operators = (
                "+",
                "-",
                "*",
                "/",
                "%",
                "&",
                "|",
                "<<",
                ">>",
                "==",
                "!=",
                "<",
                "<=",
                ">",
                ">=",
                "&&",
                "||",
            )
            self.expression(depth - 1)
            self.put(self.random.choice(operators))
            self.expression(depth - 1)

    def place(self, depth: int) -> None:
        self.put(self.name())
        for _ in range(self.random.randrange(3)):
            if depth > 0 and self.chance(0.4):
                self.put("[")
                self.expression(depth - 1)
                self.put("]")
            else:
                self.put(self.random.choice((".", "->")), self.name())

    def call(self, depth: int) -> None:
        self.put(self.random.choice(("READ_ONCE", "smp_mb", "filled", "f")), "(")
        for place in range(self.random.randrange(3)):
            if place:
                self.put(",")
            if self.chance(0.1):
                self.record()
                continue
            if self.chance(0.2):
                self.put("&")
            self.expression(depth - 1)
        self.put(")")

    def record(self) -> None:
        self.put("{")
        for place in range(self.random.randrange(1, 4)):
            if place:
                self.put(",")
            self.put(self.name(), ":")
            self.expression(1)
        if self.chance(0.2):
            self.put(",")
        self.put("}")

    # ------------------------------------------------------------ steps

    def body(self, depth: int) -> None:
        self.put("{")
        for _ in range(self.random.randrange(4)):
            self.step(depth - 1)
        self.put("}")

    def branch(self, depth: int) -> None:
        if self.chance(0.5):
            self.body(depth)
        else:
            self.step(depth - 1)

    def step(self, depth: int) -> None:
        if self.chance(0.15):
            self.put(self.name(), ":")
        pick = self.random.randrange(12 if depth > 0 else 7)
        if pick in (0, 1):
            self.place(1)
            self.put(self.random.choice(("=", "+=", "-=")))
            self.expression(2)
        elif pick == 2:
            self.right()
        elif pick == 3:
            self.place(1)
            self.put(self.random.choice(("++", "--")))
        elif pick == 4:
            self.call(1)
        elif pick == 5:
            self.put(self.random.choice(("assert", "assume")))
            self.expression(2)
        elif pick == 6:
            self.put("return")
        elif pick in (7, 8):
            self.if_(depth)
            return
        else:
            self.nested(pick, depth)
        if self.chance(0.1):
            self.put(";")

    def right(self) -> None:
        pick = self.random.randrange(6)
        if pick == 5:
            self.overwrite()
            return
        self.put(self.name(), "=")
        if pick == 0:
            self.put("fresh")
        elif pick == 1:
            self.put("choose", self.random.choice(("0", "-3", "a")), "..", "4")
        elif pick == 2:
            self.put("copy")
            self.place(1)
        elif pick == 3:
            self.put("alloc", self.name())
        else:
            self.record()

    def overwrite(self) -> None:
        self.put("copy")
        self.place(1)
        self.put("into")
        self.place(1)

    def if_(self, depth: int) -> None:
        self.put("if", "(")
        self.expression(2)
        self.put(")")
        self.branch(depth)
        if self.chance(0.5):
            self.put("else")
            self.branch(depth)

    def nested(self, pick: int, depth: int) -> None:
        if pick == 9:
            self.put("while", "3", "(")
            self.expression(1)
            self.put(")")
            self.body(depth)
        elif pick == 10:
            self.put("retry", "2")
            self.body(depth)
            self.put("until", "(")
            self.expression(1)
            self.put(")")
        elif self.chance(0.5):
            self.put("atomic")
            self.body(depth)
        else:
            self.put("either")
            self.body(depth)
            self.put("or")
            self.body(depth)

    # ------------------------------------------------------------ items

    def fields(self) -> None:
        self.put("{")
        for place in range(self.random.randrange(1, 4)):
            if place:
                self.put(",")
            if self.chance(0.1):
                self.put("ghost", self.name())
                continue
            self.put(self.name())
            if self.chance(0.4):
                self.put(":", *self.random.choice(((self.name(),), ("bits", "3"))))
        self.put("}")

    def item(self) -> None:
        pick = self.random.randrange(14)
        name = self.random.choice(NAMES)
        if pick == 11:
            self.put(self.random.choice(("shared", "ghost")), name)
            self.put("[", self.random.choice(("2", "x1")), "]")
            self.put(":", "bits", "4", "=", "0")
        elif pick == 13:
            self.put("const", name, "=", *self.random.choice((("3",), ("-", "3"))))
        elif pick == 12:
            self.put("shared", "cache", name)
            self.fields()
        elif pick == 0:
            self.put("struct", name)
            self.fields()
        elif pick == 1:
            self.put("shared", name, "=", "-", "3")
        elif pick == 2:
            self.put("rcu", name, "[", "3", "]", ":", "a", "=", "null")
        elif pick == 3:
            self.put("word", name)
            self.fields()
            self.put("=")
            self.record()
        elif pick == 4:
            self.put(self.random.choice(("mutex", "rwlock", "srcu")), name)
        elif pick == 5:
            self.put("cache", name)
            self.fields()
            if self.chance(0.5):
                self.put("per", "a")
        elif pick in (6, 7):
            self.put(self.random.choice(("update", "fault", "thread")), name)
            if self.chance(0.2):
                self.put("on", self.name())
            self.body(3)
        elif pick == 8:
            self.put("never", name, ":")
            self.expression(3)
            if self.chance(0.5):
                self.put("when")
                self.expression(2)
            self.put(self.random.choice(("always", "settled", "finally")))
        elif pick == 9:
            self.put("bounds", "updates", "2", ",", "rounds", "3")
        else:
            self.put("expect", name, "proved")
            if self.chance(0.5):
                self.put("under", "tso")

    def variants(self) -> None:
        """Declare them, where there are some."""

    def blanks(self) -> str:
        if self.chance(0.04):
            return self.random.choice(MORE)
        return self.random.choice(BLANKS) if self.chance(0.4) else " "

    def text(self) -> str:
        self.put("protocol", "p")
        if self.chance(0.5):
            self.put('"a title"')
        self.variants()
        for _ in range(self.random.randrange(6)):
            self.item()
            if self.chance(0.1):
                self.put(";")
        tokens = self.words
        joined = [self.blanks() if self.chance(0.2) else ""]
        for token, after in zip(tokens, [*tokens[1:], ""], strict=True):
            joined.append(token)
            # `choose -3` is one word of the grammar, and so is `..`
            joined.append(" " if token == "choose" or after == ".." else self.blanks())
        return "".join(joined)


def text(seed: int) -> str:
    """The text of a seed."""
    return Writer(seed).text()


# ---------------------------------------------------------------- several in one text


HELD = {"one": ("one",), "two": ("two",), "three": ("three", "one"), "four": ("four", "two", "one")}
"""The variants, and what each holds."""


class FamilyWriter(Writer):
    """Writes one text with variants, and beside it what each of them would be by itself."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.alone: dict[str, list[str]] = {name: [] for name in HELD}
        self.able = set(HELD)

    def put(self, *words: str) -> None:
        super().put(*words)
        meant = [one for one in words if one != ";"]
        for name in self.able:
            self.alone[name] += meant

    def variants(self) -> None:
        for name, (_, *held) in HELD.items():
            self.words += ["variant", name]
            others = [word for one in held for word in (one, ",")]
            self.words += ["=", *others[:-1]] if held else []
            self.words += [";"] if self.chance(0.1) else []

    def item(self) -> None:
        self.perhaps(super().item)

    def body(self, depth: int) -> None:
        self.put("{")
        for _ in range(self.random.randrange(4)):
            self.perhaps(lambda: self.step(depth - 1))
        self.put("}")

    def perhaps(self, write: Callable[[], None]) -> None:
        """Something, perhaps for some variants only, perhaps in braces with more of its kind."""
        if not self.chance(0.4):
            write()
            return
        named = self.random.sample(list(HELD), self.random.randrange(1, 3))
        without = self.chance(0.4)
        self.words += [*(["not"] if without else []), "in", named[0]]
        self.words += [word for one in named[1:] for word in (",", one)]
        around = self.able
        self.able = {one for one in around if set(named).isdisjoint(HELD[one]) == without}
        if self.chance(0.5):
            self.words.append(":")
            write()
        else:
            self.words.append("{")
            for _ in range(self.random.randrange(3)):
                self.perhaps(write)
            self.words.append("}")
        self.able = around


def family(seed: int) -> tuple[str, dict[str, str]]:
    """A text with variants, and the texts of each by itself."""
    writer = FamilyWriter(seed)
    whole = writer.text()
    return whole, {name: " ".join(words) for name, words in writer.alone.items()}
