"""An interpreter of the part of Promela that exported models use, from Promela's own documents.

It shares nothing with the package. A model is read into automata, one for each process: nodes, and
edges that are single statements. `if` unites the first edges of its options, `else` is there where
none of them can be taken, what follows the first statement of an `atomic` happens before anything
of other processes, a `d_step` is one edge. `explore` follows every interleaving.

Stricter than SPIN: a value that its type has no room for, an index outside its array, a process
that blocks inside of an `atomic` or a `d_step`, and a choice inside of a `d_step` are errors.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

ROOM = {
    "bit": (0, 1),
    "byte": (0, 255),
    "short": (-(2**15), 2**15 - 1),
    "int": (-(2**31), 2**31 - 1),
}
TOKEN = re.compile(
    r"\s+|(?P<one>[A-Za-z_]\w*|\d+|::|->|\+\+|--|&&|\|\||[<>=!]=|<<|>>|[-+*/%&|~!<>=(){}\[\];:,])"
)

State = list[int]


class Blocked(Exception):
    """A statement cannot be executed where it must be."""


class Outgrown(Exception):
    """An assertion fails that is there for every property: the model has no such numbers."""


def preprocessed(text: str) -> list[str]:
    """The words of a model without comments and with its macros written out, but for PROPERTY."""
    text = re.sub(r"/\*.*?\*/", " ", text, flags=re.DOTALL).replace("\\\n", " ")
    macros: dict[str, list[str]] = {}
    words: list[str] = []
    for line in text.splitlines():
        if line.startswith("#define"):
            _, name, *rest = line.split(None, 2)
            macros[name] = _words(rest[0] if rest else "")
        elif not line.startswith("#"):
            words += _words(line)
    macros.pop("PROPERTY")
    while any(word in macros for word in words):
        words = [inner for word in words for inner in macros.get(word, [word])]
    return words


def _words(line: str) -> list[str]:
    found, at = [], 0
    while at < len(line):
        match = TOKEN.match(line, at)
        assert match, line[at:]
        at = match.end()
        found += [match["one"]] if match["one"] else []
    return found


# ---------------------------------------------------------------- the tree


@dataclass
class Declared:
    type: str
    name: str
    length: int
    initial: list[str]


@dataclass
class Simple:
    """An expression, `else`, an assignment, an assertion, or a process that is started."""

    word: str
    target: list[str] = field(default_factory=list)
    value: list[str] = field(default_factory=list)


@dataclass
class Goto:
    label: str


@dataclass
class If:
    options: list[list["Statement"]]


@dataclass
class Together:
    """`atomic` or `d_step`."""

    word: str
    body: list["Statement"]


@dataclass
class Labelled:
    label: str


Statement = Simple | Goto | If | Together | Labelled


@dataclass
class Model:
    shared: list[Declared]
    processes: dict[str, tuple[list[Declared], list[Statement]]]
    start: list[Statement]


class Reader:
    """Reads the words of a model from the first to the last."""

    def __init__(self, words: list[str]) -> None:
        self.words = words
        self.at = 0

    def peek(self, ahead: int = 0) -> str:
        place = self.at + ahead
        return self.words[place] if place < len(self.words) else ""

    def next(self, *wanted: str) -> str:
        word = self.peek()
        assert word, "the model ends too early"
        assert not wanted or word in wanted, (wanted, self.words[self.at - 5 : self.at + 5])
        self.at += 1
        return word

    def model(self) -> Model:
        shared = self.declarations()
        processes = {}
        while self.peek() == "proctype":
            self.next()
            name = self.next()
            for word in ("(", "byte", "me", ")", "{"):
                self.next(word)
            processes[name] = self.declarations(), self.sequence("}")
            self.next("}")
        self.next("init")
        self.next("{")
        start = self.sequence("}")
        self.next("}")
        assert not self.peek()
        return Model(shared, processes, start)

    def declarations(self) -> list[Declared]:
        found = []
        while self.peek() in ROOM:
            type_, name, length, initial = self.next(), self.next(), 0, ["0"]
            if self.peek() == "[":
                self.next()
                length = int(self.next())
                self.next("]")
            if self.peek() == "=":
                self.next()
                initial = self.until(";")
            self.next(";")
            found.append(Declared(type_, name, length, initial))
        return found

    def until(self, *ends: str) -> list[str]:
        """The words of an expression, brackets and all."""
        found: list[str] = []
        depth = 0
        while depth or self.peek() not in ends:
            word = self.next()
            depth += (word in ("(", "[")) - (word in (")", "]"))
            found.append(word)
        return found

    def sequence(self, *ends: str) -> list[Statement]:
        found: list[Statement] = []
        while self.peek() not in ends:
            found.append(self.statement(ends))
            if not isinstance(found[-1], Labelled) and self.peek() not in ends:
                self.next(";", "->")
        return found

    def statement(self, ends: tuple[str, ...]) -> Statement:
        word = self.peek()
        if word == "if":
            return self.choice()
        if word in ("atomic", "d_step"):
            self.next()
            self.next("{")
            body = self.sequence("}")
            self.next("}")
            return Together(word, body)
        if word == "goto":
            self.next()
            return Goto(self.next())
        if self.peek(1) == ":":
            self.next()
            self.next()
            return Labelled(word)
        return self.simple((*ends, ";", "->"))

    def choice(self) -> If:
        self.next("if")
        options = []
        while self.peek() == "::":
            self.next()
            options.append(self.sequence("::", "fi"))
        self.next("fi")
        return If(options)

    def simple(self, ends: tuple[str, ...]) -> Simple:
        words = self.until(*ends)
        if words[0] in ("assert", "run"):
            return Simple(words[0], words[1:2], words[1:])
        if words in (["else"], ["skip"]):
            return Simple(words[0])
        if words[-1] in ("++", "--"):
            return Simple("=", words[:-1], [*words[:-1], words[-1][0], "1"])
        depth = 0
        for place, word in enumerate(words):
            depth += (word in ("(", "[")) - (word in (")", "]"))
            if word == "=" and not depth:
                return Simple("=", words[:place], words[place + 1 :])
        return Simple("expression", [], words)


# ---------------------------------------------------------------- expressions


class Expression:
    """An expression of Promela as one of Python over the state `s`; `p` is PROPERTY."""

    LEVELS = (
        ("||",),
        ("&&",),
        ("|",),
        ("&",),
        ("==", "!="),
        ("<", "<=", ">", ">="),
        ("<<", ">>"),
        ("+", "-"),
        ("*", "/", "%"),
    )

    def __init__(self, words: list[str], places: dict[str, tuple[int, int, str]], me: int) -> None:
        self.reader, self.places, self.me = Reader(words), places, me

    def text(self) -> str:
        made = self.level(0)
        assert not self.reader.peek(), self.reader.words
        return made

    def level(self, depth: int) -> str:
        if depth == len(self.LEVELS):
            return self.unary()
        left = self.level(depth + 1)
        while self.reader.peek() in self.LEVELS[depth]:
            word = self.reader.next()
            right = self.level(depth + 1)
            python = {"||": "or", "&&": "and", "/": "//"}.get(word, word)
            left = f"({left} {python} {right})"
            left = f"bool{left}" if word in ("||", "&&") else left
        return left

    def unary(self) -> str:
        word = self.reader.next()
        match word:
            case "!":
                return f"(not {self.unary()})"
            case "-" | "~":
                return f"({word}{self.unary()})"
            case "(":
                made = self.level(0)
                if self.reader.peek() == "->":
                    self.reader.next()
                    yes = self.level(0)
                    self.reader.next(":")
                    made = f"({yes} if {made} else {self.level(0)})"
                self.reader.next(")")
                return made
            case "me":
                return str(self.me)
            case "PROPERTY":
                return "p"
            case "true" | "false":
                return str(int(word == "true"))
        return word if word.isdigit() else self.variable(word)

    def variable(self, name: str) -> str:
        first, length, _ = self.places[name]
        if not length:
            return f"s[{first}]"
        self.reader.next("[")
        index = self.level(0)
        self.reader.next("]")
        return f"s[{first} + inside({index}, {length})]"


def _inside(index: int, length: int) -> int:
    assert 0 <= index < length, "an index is outside of its array"
    return index


def _fits(value: int, type_: str) -> int:
    low, high = ROOM[type_]
    assert low <= value <= high, f"{value} does not fit into a {type_}"
    return int(value)


def compiled(parameters: str, body: str) -> Callable[..., object]:
    made: dict[str, Callable[..., object]] = {"inside": _inside, "fits": _fits}  # type: ignore[dict-item]
    exec(f"def made({parameters}):\n  {body}", made)
    return made["made"]


# ---------------------------------------------------------------- automata


@dataclass
class Edge:
    """A statement: whether it can be executed, what it does, and the node behind it. `otherwise`:
    it is an `else`."""

    ready: Callable[[State], object] | None
    effect: Callable[[State], object] | None
    target: "Node"
    otherwise: bool = False


@dataclass
class Node:
    """A place of a process; `inside`: in the midst of an `atomic`."""

    inside: bool = False
    edges: list[Edge] = field(default_factory=list)


class Automaton:
    """A process, made of its statements. `failed` collects the properties of failed assertions."""

    def __init__(
        self, places: dict[str, tuple[int, int, str]], me: int, properties: range, failed: set[int]
    ) -> None:
        self.places, self.me, self.properties, self.failed = places, me, properties, failed
        self.labels: dict[str, Node] = {}
        self.end = Node()

    def start(self, body: list[Statement]) -> Node:
        for one in self.all_labels(body, inside=False):
            self.labels[one[0]] = Node(one[1])
        return self.sequence(body, self.end, first=False, inside=False)

    def all_labels(self, body: list[Statement], *, inside: bool) -> Iterator[tuple[str, bool]]:
        for one in body:
            match one:
                case Labelled(label=label):
                    yield label, inside
                case Together(word="atomic", body=inner):
                    yield from self.all_labels(inner, inside=True)
                case If(options=options):
                    for option in options:
                        yield from self.all_labels(option, inside=inside)

    def sequence(self, body: list[Statement], after: Node, *, first: bool, inside: bool) -> Node:
        """The node at which a sequence begins; `first`: it begins an atomic."""
        if not body:
            return after
        one, rest = body[0], body[1:]
        if isinstance(one, Labelled):
            node = self.labels[one.label]
            node.edges += self.sequence(rest, after, first=first, inside=inside).edges
            return node
        if isinstance(one, Goto):
            return self.labels[one.label]
        behind = self.sequence(rest, after, first=False, inside=inside)
        node = Node(inside and not first)
        match one:
            case If(options=options):
                for option in options:
                    node.edges += self.sequence(option, behind, first=first, inside=inside).edges
            case Together(word="atomic", body=inner):
                node.edges += self.sequence(inner, behind, first=True, inside=True).edges
            case Together(body=inner):
                node.edges.append(Edge(self.ready(inner), self.at_once(inner), behind))
            case Simple(word="else"):
                node.edges.append(Edge(None, None, behind, otherwise=True))
            case Simple():
                node.edges.append(Edge(self.ready([one]), self.effect(one), behind))
        return node

    def text(self, words: list[str]) -> str:
        return Expression(words, self.places, self.me).text()

    def ready(self, body: list[Statement]) -> Callable[[State], object] | None:
        """Whether a sequence can begin; None if it always can."""
        match body[0]:
            case Simple(word="expression", value=value):
                return compiled("s", f"return {self.text(value)}")
            case If(options=options):
                assert any(option[0] == Simple("else") for option in options)
        return None

    def effect(self, one: Simple) -> Callable[[State], object] | None:
        match one:
            case Simple(word="=", target=target, value=value):
                type_ = self.places[target[0]][2]
                made = f"fits({self.text(value)}, {type_!r})"
                return compiled("s", f"{self.text(target)} = {made}")
            case Simple(word="assert", value=value):
                holds = compiled("s, p", f"return {self.text(value)}")
                if "PROPERTY" not in value:
                    return lambda s: _fitting(holds(s, 0))
                return lambda s: self.failed.update(p for p in self.properties if not holds(s, p))
        return None

    def at_once(self, body: list[Statement]) -> Callable[[State], object]:
        """What a d_step does, from its first statement to its last."""
        steps = [self.inner(one) for one in body]

        def run(s: State) -> None:
            for step in steps:
                step(s)

        return run

    def inner(self, one: Statement) -> Callable[[State], object]:
        match one:
            case If(options=options):
                ways = [
                    (
                        self.ready(way) if way[0] != Simple("else") else None,
                        self.at_once(way[1:] if way[0] == Simple("else") else way),
                        way[0] == Simple("else"),
                    )
                    for way in options
                ]
                return lambda s: _taken(s, ways)
            case Simple(word="expression"):
                ready = self.ready([one])
                assert ready
                return lambda s: _held(ready(s))
            case Simple():
                return self.effect(one) or (lambda s: None)
        raise AssertionError(one)


def _fitting(holds: object) -> None:
    if not holds:
        raise Outgrown


def _held(ready: object) -> None:
    if not ready:
        raise Blocked


def _taken(
    s: State, ways: list[tuple[Callable[[State], object] | None, Callable[[State], object], bool]]
) -> None:
    open_ = [run for ready, run, otherwise in ways if not otherwise and (ready is None or ready(s))]
    assert len(open_) < 2, "a choice inside of a d_step"
    open_ = open_ or [run for _, run, otherwise in ways if otherwise]
    if not open_:
        raise Blocked
    open_[0](s)


# ---------------------------------------------------------------- exploring


@dataclass(frozen=True)
class Explored:
    """`failed`: the values of PROPERTY for which some assertion fails. `states` are those that SPIN
    keeps: not in the midst of an atomic."""

    failed: frozenset[int]
    states: int
    finished: bool


def explore(text: str, properties: int, limit: int = 200_000) -> Explored:
    """Every interleaving of a model, with PROPERTY from 1 on."""
    model = Reader(preprocessed(text)).model()
    failed: set[int] = set()
    asked = range(1, properties + 1)
    places: dict[str, tuple[int, int, str]] = {}
    state: State = []
    _declare(model.shared, places, state)
    [together] = model.start
    assert isinstance(together, Together)
    assert together.word == "atomic"
    opening = Automaton(places, -1, asked, failed)
    nodes: list[Node] = []
    for one in together.body:
        assert isinstance(one, Simple)
        if one.word == "run":
            name, _, me, _ = one.value
            own, body = model.processes[name]
            known = dict(places)
            _declare(own, known, state)
            nodes.append(Automaton(known, int(me), asked, failed).start(body))
        else:
            effect = opening.effect(one)
            if effect:
                effect(state)
    return _search(state, nodes, failed, limit)


def _declare(
    declared: list[Declared], places: dict[str, tuple[int, int, str]], state: State
) -> None:
    for one in declared:
        assert one.name not in places, one.name
        value = eval(Expression(one.initial, {}, -1).text())
        places[one.name] = len(state), one.length, one.type
        state += [_fits(value, one.type)] * (one.length or 1)


def _search(state: State, nodes: list[Node], failed: set[int], limit: int) -> Explored:
    start = tuple(state), tuple(map(id, nodes)), -1
    known = {id(node): node for node in nodes}
    visited, waiting, kept = {start}, [start], 1
    while waiting:
        values, at, alone = waiting.pop()
        moved = False
        for index in range(len(at)) if alone < 0 else (alone,):
            for edge in _open(known[at[index]], values):
                moved = True
                after = list(values)
                if edge.effect:
                    edge.effect(after)
                target = edge.target
                known[id(target)] = target
                new = (
                    tuple(after),
                    (*at[:index], id(target), *at[index + 1 :]),
                    index if target.inside else -1,
                )
                if new not in visited:
                    kept += not target.inside
                    if kept > limit:
                        return Explored(frozenset(failed), kept, finished=False)
                    visited.add(new)
                    waiting.append(new)
        assert moved or alone < 0, "a process blocks inside of an atomic"
    return Explored(frozenset(failed), kept, finished=True)


def _open(node: Node, values: tuple[int, ...]) -> list[Edge]:
    state = list(values)
    found = [e for e in node.edges if not e.otherwise and (e.ready is None or e.ready(state))]
    return found or [edge for edge in node.edges if edge.otherwise]
