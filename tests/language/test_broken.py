"""The corpus of broken inputs: each file says which codes it expects, and in which lines."""

import re
from collections import Counter
from pathlib import Path

import pytest

from smtmodel.language.checked import Checked
from smtmodel.language.checks.outside_sc import outside_sc
from smtmodel.language.codes import TABLE
from smtmodel.language.meanings import meanings
from smtmodel.litmus.written.supported import supported
from smtmodel.models import KERNEL
from smtmodel.source import Diagnostic, Text
from smtmodel.source.read import LIMIT, read

CORPUS = sorted((Path(__file__).parents[1] / "broken").glob("*.dsl"))
LEAST = 70


def diagnose(text: Text) -> tuple[Diagnostic, ...]:
    """Everything that is wrong with a text."""
    wrong: list[Diagnostic] = []
    for one in meanings(text):
        wrong += (one,) if isinstance(one, Diagnostic) else _outside(one.checked)
    return tuple(wrong)


def _outside(protocol: Checked) -> tuple[Diagnostic, ...]:
    """What is wrong with a protocol for the models that it names, sc apart."""
    if all(one.model != KERNEL for one in protocol.expectations):
        return outside_sc(protocol)
    found = supported(protocol)
    return (found,) if isinstance(found, Diagnostic) else ()


def expected(content: str) -> Counter[tuple[str, int]]:
    """The codes and lines that the first line of a file names."""
    first = content.partition("\n")[0]
    assert first.startswith("// expect ")
    return Counter((code, int(line)) for code, line in re.findall(r"(E\d+) at (\d+)", first))


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_each_broken_file_is_refused_where_it_says(path: Path) -> None:
    text = read(str(path))
    assert isinstance(text, Text)
    found = diagnose(text)
    assert Counter((one.code.name, one.span.line) for one in found) == expected(text.content)
    for one in found:
        assert one.message[0] != one.message[0].upper() or not one.message[0].isalpha()
        assert not one.message.endswith(".")
        assert one.span.line <= len(text.lines)


def test_the_corpus_is_large_enough() -> None:
    assert len(CORPUS) >= LEAST


# ---------------------------------------------------------------- inputs that are no files


def _read(tmp_path: Path, content: bytes) -> Text | Diagnostic:
    path = tmp_path / "made.dsl"
    path.write_bytes(content)
    return read(str(path))


def _code(found: Text | Diagnostic) -> str:
    if isinstance(found, Diagnostic):
        return found.code.name
    wrong = diagnose(found)
    return wrong[0].code.name if wrong else "none"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "E004"),
        (b"  \n\t\n", "E004"),
        (b"\x7fELF\0\0\0", "E003"),
        (b"protocol p\nshared x = 0 // \xff\n", "E002"),
        (b"a" * (LIMIT + 1), "E005"),
        (b"a" * 1_000_000, "E101"),
        (b"protocol " + b"a" * 1_000_000, "E608"),
        (b"protocol p\nthread t { x = " + b"(" * 10_000, "E105"),
        (b"protocol p\nthread t { x = " + b"1+" * 5_000 + b"1 }", "E105"),
        (b"protocol p\nthread t { x = a" + b".b" * 5_000 + b" }", "E105"),
        (b"protocol p\nthread t { x = " + b"-" * 3_000 + b"a }", "E105"),
        (b"protocol p\nthread t { " + b"if (a) " * 3_000 + b"b = 1 }", "E105"),
        (b"protocol p\nthread t { " + b"atomic { " * 3_000 + b"}" * 3_000 + b"}", "E105"),
        (b'protocol p "' + b"a" * 1_000_000, "E104"),
        (b"protocol p /*" + b"*" * 1_000_000, "E103"),
        (b"protocol p\n" + b"\x01" * 100_000, "E102"),
    ],
    ids=lambda value: value[:12].decode("latin-1") if isinstance(value, bytes) else value,
)
def test_hostile_inputs_get_one_code(tmp_path: Path, content: bytes, code: str) -> None:
    assert _code(_read(tmp_path, content)) == code


def test_a_folder_and_a_missing_file_cannot_be_read(tmp_path: Path) -> None:
    assert _code(read(str(tmp_path))) == "E001"
    assert _code(read(str(tmp_path / "missing.dsl"))) == "E001"
    assert _code(read("no\0name")) == "E001"


def test_the_place_of_a_bad_byte_is_given(tmp_path: Path) -> None:
    found = _read(tmp_path, b"protocol p\n// \xc3\xa9 \xff\n")
    assert isinstance(found, Diagnostic)
    assert (found.span.line, found.span.column) == (2, 6)


def test_every_code_is_produced_by_some_input() -> None:
    """Those of memory models (E9xx) and litmus tests (E8xx) by the tests of their readers."""
    named = {code for path in CORPUS for code, _ in expected(path.read_text())}
    tested = named | set(re.findall(r'"(E\d{3})"', Path(__file__).read_text()))
    assert {one.name for one in TABLE if one.name[:2] not in ("E8", "E9")} == tested
