"""What is wrong is marked at its place, however wide the characters before it are."""

import re

import pytest

from smtmodel.formats.diagnostics import human_lines
from smtmodel.source import Code, Diagnostic, Span, Text

WIDTH = 60


def shown(line: str, at: str) -> list[str]:
    """The source line and the caret line for a mark under the text `at`."""
    start = line.index(at) + 1
    span = Span(1, start, 1, start + len(at))
    found = Diagnostic(Code("E000", "made"), "wrong", span)
    return human_lines(Text("t", line), [found], WIDTH)[-2:]


def test_a_caret_stands_under_its_character_behind_wide_ones() -> None:
    assert shown('protocol p "變數" §', "§") == [
        ' 1 | protocol p "變數" §',
        "   |                   ^",
    ]


def test_wide_characters_are_marked_in_both_columns() -> None:
    assert shown("shared 變數 = 0", "變數") == [
        " 1 | shared 變數 = 0",
        "   |        ^^^^",
    ]


def test_a_character_without_a_column_of_its_own_is_a_question_mark() -> None:
    assert shown('protocol p "o\u0308" §', "§") == [
        ' 1 | protocol p "o?" §',
        "   |                 ^",
    ]


@pytest.mark.parametrize("lead", range(40, 44))
def test_a_long_line_of_wide_characters_keeps_the_width(lead: int) -> None:
    source, caret = shown("x" * lead + "變" * 60 + "§" + "數" * 60, "§")
    columns = [char for char in source for _ in range(2 if char in "變數" else 1)]
    assert len(columns) <= WIDTH
    assert columns[caret.index("^")] == "§"


def test_caret_and_help_have_the_colour_of_the_diagnostic() -> None:
    found = Diagnostic(Code("E000", "made"), "wrong", Span(1, 1, 1, 2), suggestion="like this")
    painted = human_lines(Text("t", "x"), [found], WIDTH, color=True)
    assert painted[-1] == "   | \x1b[31m^ like this\x1b[0m"
    plain = human_lines(Text("t", "x"), [found], WIDTH)
    assert [re.sub("\x1b\\[[0-9]*m", "", line) for line in painted] == plain
