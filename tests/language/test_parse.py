"""From texts to syntax trees, and from texts that are none to one good sentence."""

import os
import re
import stat
from pathlib import Path

import pytest

from smtmodel.language import ast
from smtmodel.language import grammar as grammars
from smtmodel.language import parse as parsing
from smtmodel.language.ast import Protocol
from smtmodel.language.parse import parse
from smtmodel.source import Diagnostic, Span, Text

ROOT = Path(__file__).parents[2]


def parsed(content: str) -> Protocol:
    found = parse(Text("test", content))
    assert isinstance(found, Protocol), found
    return found


def refused(content: str) -> Diagnostic:
    found = parse(Text("test", content))
    assert isinstance(found, tuple)
    return found[0]


def steps(content: str) -> tuple[ast.Step, ...]:
    (block,) = parsed(f"protocol p\nthread t {{ {content} }}").items
    assert isinstance(block, ast.Block)
    return block.steps


def value(content: str) -> ast.Expression:
    (step,) = steps(f"x = {content}")
    assert isinstance(step, ast.Assign)
    return step.value


A, B, C = (ast.Name(name) for name in "abc")


# ---------------------------------------------------------------- expressions and steps


@pytest.mark.parametrize(
    ("content", "tree"),
    [
        ("a + b * c", ast.Binary("+", A, ast.Binary("*", B, C))),
        ("a - b - c", ast.Binary("-", ast.Binary("-", A, B), C)),
        ("a || b && c", ast.Binary("||", A, ast.Binary("&&", B, C))),
        ("!a == b", ast.Binary("==", ast.Unary("!", A), B)),
        ("a < b == c", ast.Binary("==", ast.Binary("<", A, B), C)),
        ("(a + b) * c", ast.Binary("*", ast.Binary("+", A, B), C)),
        ("-3", ast.Number(-3)),
        ("-a", ast.Unary("-", A)),
        ("a & b == c", ast.Binary("&", A, ast.Binary("==", B, C))),
        ("a & b && c", ast.Binary("&&", ast.Binary("&", A, B), C)),
        ("a | b & c", ast.Binary("|", A, ast.Binary("&", B, C))),
        ("a && b | c", ast.Binary("&&", A, ast.Binary("|", B, C))),
        ("a | b || c", ast.Binary("||", ast.Binary("|", A, B), C)),
        ("a << b + c", ast.Binary("<<", A, ast.Binary("+", B, C))),
        ("a >> b < c", ast.Binary("<", ast.Binary(">>", A, B), C)),
        ("f({ a: b }, &c)", ast.Call("f", (ast.Record((("a", B),)), C))),
        ("a - -3", ast.Binary("-", A, ast.Number(-3))),
        ("a->b.c", ast.Field(ast.Field(A, "b"), "c")),
        ("a[b]", ast.Index(A, B)),
        ("f(&a, b)", ast.Call("f", (A, B))),
        ("fresh", ast.Fresh()),
        ("choose -1..3", ast.Choose(ast.Number(-1), ast.Number(3))),
        ("copy a", ast.Copy(A)),
        ("alloc node", ast.Alloc("node")),
        ("{ a: b, c: 1, }", ast.Record((("a", B), ("c", ast.Number(1))))),
    ],
)
def test_right_sides(content: str, tree: ast.Expression) -> None:
    assert value(content) == tree


def test_declarations_of_state() -> None:
    items = parsed(
        "protocol p\nstruct s { n: s, w: bits 3, ghost g }\nshared a: bits 2 = 1\n"
        "shared b[2]: bits 2 = 1\nghost c[3] = 0\nshared cache d { v }\nrwlock l\n"
        "thread irq on t { }"
    ).items
    number = ast.Number(1)
    assert items == (
        ast.Struct(
            "s",
            (
                ast.FieldDeclaration("n", "s"),
                ast.FieldDeclaration("w", width=3),
                ast.FieldDeclaration("g", ghost=True),
            ),
        ),
        ast.Variable(ast.Form.SHARED, "a", number, width=2),
        ast.Variable(ast.Form.SHARED, "b", number, length=ast.Number(2), width=2),
        ast.Variable(ast.Form.GHOST, "c", ast.Number(0), length=ast.Number(3)),
        ast.Cache("d", (ast.FieldDeclaration("v"),), shared=True),
        ast.GuardDeclaration(ast.GuardKind.RWLOCK, "l"),
        ast.Block(ast.BlockKind.THREAD, "irq", (), ast.Name("t")),
    )


def test_the_fields_of_an_object_are_copied_by_a_step() -> None:
    first, second = steps("x = copy a copy b into c")
    assert isinstance(first, ast.Assign)
    assert first.value == ast.Copy(A)
    assert second == ast.Overwrite(B, C)


def test_a_step_ends_where_the_next_begins() -> None:
    found = steps("a = b c = a; b++ f(a)\nhere: a.b -= 1 return")
    assert [type(one).__name__ for one in found] == [
        *("Assign", "Assign", "Assign", "Do", "Assign", "Return")
    ]
    assert found[4].label == "here"


def test_an_else_belongs_to_the_nearest_if() -> None:
    (outer,) = steps("if (a) if (b) c = 1; else c = 2")
    assert isinstance(outer, ast.If)
    (inner,) = outer.then
    assert isinstance(inner, ast.If)
    assert inner.otherwise
    assert not outer.otherwise


def test_keywords_are_names_where_no_keyword_can_stand() -> None:
    found = parsed("protocol update\nsrcu srcu\nshared word = 0\nstruct cache { lanes, per }")
    names = [item.name for item in found.items if not isinstance(item, ast.Bounds)]
    assert names == ["srcu", "word", "cache"]


def test_spans_cover_what_they_name() -> None:
    text = Text("test", "protocol p\nthread t {\n    here: x = rcu_dereference(q)->f + (1)\n}")
    found = parse(text)
    assert isinstance(found, Protocol)
    (block,) = found.items
    assert isinstance(block, ast.Block)
    (step,) = block.steps
    assert isinstance(step, ast.Assign)
    assert text.at(step.span) == "x = rcu_dereference(q)->f + (1)"
    assert isinstance(step.value, ast.Binary)
    assert text.at(step.value.left.span) == "rcu_dereference(q)->f"


# ---------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("content", "line", "suggestion"),
    [
        ("protocol p\nudpate foo {\n}", 2, "`update`"),
        ("protocol p\nupdate u {\nretyr 3 {\n} until (a)\n}", 3, "`retry`"),
        ("protocol p\nupdate u {\nwhlie 3 (a) {\n}\n}", 3, "`while`"),
        ("protocol p\nupdate u {\neihter { } or { }\n}", 3, "`either`"),
        ("protocol p\nshraed x = 0", 2, "`shared`"),
        ("protocol p\nnever a: b == 1 setled", 2, "`settled`"),
        ("protocol p\nupdate u {\nif (a = 1)\nb = 2\n}", 3, "`==`"),
        ("protocol p\nupdate u {\na = 1\nfault f {\n}", 4, "`}`"),
        ("protocol p\nshared a: bist 3 = 0", 2, "`bits`"),
        ("protocol p\nstruct s { a: bots 3 }", 2, "`bits`"),
        ("protocol p\nghots a = 0", 2, "`ghost`"),
        ("protocol p\nstruct s { ghots a }", 2, "`ghost`"),
        ("protocol p\nshared cahce c { a }", 2, "`cache`"),
        ("protocol p\nrwlok l", 2, "`rwlock`"),
        ("protocol p\nthread t onn u {\n}", 2, "`on`"),
        ("protocol p\nupdate u {\ncopy a inot b\n}", 3, "`into`"),
        ("protocol p\nupdate u {\ncoyp a into b\n}", 3, "`copy`"),
        ("protocol p\nvaraint a", 2, "`variant`"),
        ("protocol p\nshared x = 0\nvariant a", 3, "declared first"),
        ("protocol p\nvariant a\nupdate u {\nif (x) in a: x = 1\n}", 4, "into braces"),
        ("protocol p\nvariant a\nupdate u {\nin a: in a: x = 1\n}", 4, "into braces"),
        ("protocol p\nupdate u {\nin: x = 1\n}", 3, "called otherwise"),
        ("protocol p\nupdate u {\nnot = 1\n}", 3, "called otherwise"),
    ],
)
def test_what_was_meant_is_suggested(content: str, line: int, suggestion: str) -> None:
    found = refused(content)
    assert found.span.line == line
    assert suggestion in found.suggestion


@pytest.mark.parametrize(
    ("content", "phrase"),
    [
        ("protocol p\nupdate u {\n)", "a step or `}`"),
        ("protocol p\nupdate u {\nx = )", "an expression"),
        ("protocol p\nupdate u {\nif x", "expected `(`"),
        ("protocol p\n3", "a declaration, a block of steps, a property"),
        ("protocol p\nstruct s { 3 }", "expected a name"),
        ("protocol p\nnever a: b\nbounds t 1", "one of `always`, `settled`, `finally`"),
    ],
)
def test_what_could_stand_there_is_said_in_words(content: str, phrase: str) -> None:
    assert phrase in refused(content).message


def test_messages_never_name_terminals_and_at_most_four_things() -> None:
    starts = ["protocol p\n", "protocol p\nupdate u {\n", "protocol p\nupdate u {\nx = a "]
    starts += ["protocol p\nnever n: a ", "protocol p\nexpect a ", "protocol p\nstruct s { a "]
    starts += ["protocol p\nupdate u {\nx = ", "protocol p\nreach r: ", "", "protocol "]
    for start in starts:
        for word in ("3", "{", "}", ")", "==", "=", "..", "a", "else", ",", '"t"', ":", "."):
            found = parse(Text("test", f"{start}{word} ]"))
            if isinstance(found, Protocol):
                continue
            message = re.sub(r"`[^`]*`", "it", found[0].message)
            assert not re.search(r"[A-Z]{2}|__|\$", message), message
            expected = message.partition("expected ")[2].replace("one of it, it, it", "it")
            assert len(re.split(r", | or ", expected)) <= 4, message


def test_the_bracket_that_stays_open_is_shown() -> None:
    found = refused("protocol p\nupdate u {\n    x = f(1")
    assert found.code.name == "E108"
    assert found.span == Span(3, 10, 3, 11)


# ---------------------------------------------------------------- grammar and its cache


def test_the_grammar_is_found_and_only_parse_imports_its_reader() -> None:
    assert grammars.grammar_text() == (ROOT / "grammar" / "protocol.lark").read_text()
    importers = [
        path.parent.name
        for path in sorted((ROOT / "smtmodel").rglob("parse.py"))
        if re.search(r"^\s*(import|from) lark", path.read_text(), re.MULTILINE)
    ]
    assert importers == ["language", "cat"]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "smtmodel"


def read_by_a_new_process(content: str) -> Protocol:
    """The protocol of a text, as the first that is read."""
    parsing._deriver.cache_clear()
    return parsed(content)


def test_tables_are_kept_for_the_owner_only_and_used_again(cache: Path) -> None:
    read_by_a_new_process("protocol p")
    (file,) = cache.iterdir()
    assert stat.S_IMODE(cache.stat().st_mode) == 0o700
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.stat().st_mtime_ns
    read_by_a_new_process("protocol p")
    assert file.stat().st_mtime_ns == before


@pytest.mark.parametrize("damage", [slice(0, None), slice(40, None), slice(100, 101)])
def test_damaged_tables_are_made_again(cache: Path, damage: slice) -> None:
    read_by_a_new_process("protocol p")
    (file,) = cache.iterdir()
    content = bytearray(file.read_bytes())
    del content[damage]
    file.write_bytes(content)
    assert read_by_a_new_process("protocol p").name == "p"
    assert grammars.load(str(file)) is not None


def test_tables_that_others_could_have_written_are_not_read(cache: Path) -> None:
    read_by_a_new_process("protocol p")
    (file,) = cache.iterdir()
    assert grammars.load(str(file)) is not None
    file.chmod(0o622)
    assert grammars.load(str(file)) is None


def test_no_place_for_a_cache_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", os.devnull)
    assert read_by_a_new_process("protocol p").name == "p"


def test_tables_of_another_grammar_or_generator_are_others(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_by_a_new_process("protocol p")
    grammar = grammars.grammar_text()
    monkeypatch.setattr(parsing, "grammar_text", lambda: f"{grammar}\n")
    read_by_a_new_process("protocol p")
    assert "__version__" in grammars.generator()
    monkeypatch.setattr(parsing, "generator", lambda: "")
    read_by_a_new_process("protocol p")
    assert len(list(cache.iterdir())) == 3
