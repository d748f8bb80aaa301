"""Mails: what `git am` and `git commit` would cut or misread is in none of them."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smtmodel.documents.table import Table, TableRow
from smtmodel.formats.email import STYLE, WIDTH, harmless
from smtmodel.formats.layout import table_lines, wrapped
from tests.support.lengths import long_but
from tests.support.program import run

CUTTERS = ("---", "#", "diff ", "Index: ", "From ", ">")


def check_mail(lines: list[str]) -> None:
    """The rules of a mail."""
    assert not lines[0].startswith(CUTTERS)
    for number, line in enumerate(lines):
        assert line.isascii()
        assert line.isprintable(), "no tabs, no control characters"
        assert len(line) <= WIDTH
        assert line == line.rstrip()
        assert "-by:" not in line.lower()
        if number and line:
            assert line.startswith("  "), "every line but the first is indented"


HOSTILE = """\
// -- >8 -- cut here, or 8< - 8<
// --- a rule, and Signed-off-by: nobody
// diff --git a/x b/x
protocol hostile
shared x = 0
thread t { x = 1 }
never bad: x == 2 always
bounds t 1
"""


def test_a_mail_with_the_text_of_a_protocol_is_not_cut(tmp_path: Path) -> None:
    (tmp_path / "hostile.dsl").write_text(HOSTILE)
    process = run("review", "hostile.dsl", "--format", "email", cwd=tmp_path)
    assert process.returncode == 0
    check_mail(process.stdout.splitlines())
    (tmp_path / "mail").write_text(f"From: A <a@b.c>\nSubject: [PATCH] x\n\n{process.stdout}")
    with (tmp_path / "mail").open() as mail:
        options = ["--scissors", "message", "patch"]
        subprocess.run(["git", "mailinfo", *options], stdin=mail, cwd=tmp_path, check=True)
    kept = (tmp_path / "message").read_text().split("\n")
    assert [line for line in kept if line] == [x for x in process.stdout.split("\n") if x]


@pytest.mark.parametrize("model", ["sc", "tso"])
@pytest.mark.parametrize(
    "name", long_but(["original.dsl"], ["original.dsl", "paolo.dsl", "xiao.dsl"])
)
def test_reports_of_the_shipped_protocols_are_harmless(name: str, model: str) -> None:
    process = run("prove", name, "--model", model, "--format", "email")
    assert process.returncode in (0, 10)
    check_mail(process.stdout.splitlines())


def test_long_names_are_harmless_too(tmp_path: Path) -> None:
    name = "a_name_that_is_much_longer_than_anybody_would_like_to_read_in_a_mail"
    text = f"""protocol {name}
shared {name} = 0
thread {name}_block {{
    local_{name} = {name}
    {name} = local_{name} + 1
}}
never never_{name}: {name} != 2 finally
bounds {name}_block 2
"""
    (tmp_path / f"{name}é.dsl").write_text(text)
    process = run("prove", f"{name}é.dsl", "--format", "email", cwd=tmp_path)
    assert process.returncode == 10
    check_mail(process.stdout.splitlines())


def test_a_commit_keeps_the_whole_report_and_its_trailer(tmp_path: Path) -> None:
    report = run("prove", "original.dsl", "--format", "email").stdout
    message = tmp_path / "message"
    message.write_text(f"mmio: cache less\n\n{report}\nSigned-off-by: A B <a@b.c>\n")
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b.c"]
    for command in (
        ["init", "-q"],
        ["commit", "-q", "--allow-empty", "-F", "message"],
    ):
        subprocess.run([*git, *command], cwd=tmp_path, check=True)
    told = subprocess.run(
        [*git, "log", "-1", "--format=%B%n[%(trailers:only)]"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert report.rstrip() in told
    assert "[Signed-off-by: A B <a@b.c>" in told


LINE = st.text(max_size=120).map(lambda text: " ".join(text.split()))


@settings(max_examples=60)
@given(st.lists(LINE, min_size=1, max_size=5), st.integers(1, 5), LINE)
def test_any_table_is_harmless(texts: list[str], lanes: int, change: str) -> None:
    rows = tuple(
        TableRow(number + 1, number % lanes, text, (change,) if change else ())
        for number, text in enumerate(texts)
    )
    names = tuple(f"lane{number}" for number in range(lanes))
    table = Table(names, tuple(f"{name} block" for name in names), rows)
    lines = table_lines(table, STYLE.width, hard=True)
    lines += wrapped(change, "  ", STYLE.width, hard=True)
    check_mail(harmless(["REFUTED", *lines]))


def two_lanes(text: str) -> list[str]:
    rows = (TableRow(1, 0, text, ("x: 0 -> 1",)), TableRow(2, 1, text, ()))
    return table_lines(Table(("a0", "b0"), ("a0 a", "b0 b"), rows), STYLE.width, hard=True)


def test_lanes_stand_side_by_side_in_a_mail_where_their_words_fit() -> None:
    lines = two_lanes("the_name_of_a_variable = a_name_of_another_variable")
    assert "a0 a" in lines[0]
    assert "b0 b" in lines[0]
    assert max(map(len, lines)) <= STYLE.width
    assert " ".join(" ".join(lines).split()).count("the_name_of_a_variable =") == 2


def test_no_word_is_cut_to_set_lanes_side_by_side() -> None:
    lines = two_lanes("x" * 40)
    assert "b0" not in lines[0]
    assert sum("x" * 40 in line for line in lines) == 2
