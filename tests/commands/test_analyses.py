"""What all analyses have in common: widths, mail, closed pipes, limits, determinism."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.support import processes
from tests.support.lengths import long_but
from tests.support.processes import COMMAND, ROOT, environment, normal
from tests.support.program import run

COMMANDS = {
    "cases": ("cases", "xiao.dsl"),
    "needed": ("needed", "xiao.dsl", "--updates", "1", "--faults", "1"),
    "orders": ("orders", "xiao.dsl", "--updates", "1", "--faults", "1", "--limit", "12"),
    "diff": ("diff", "original.dsl", "paolo.dsl", "--updates", "1", "--faults", "1"),
}
CUT = re.compile(r"^(---|#|diff |Index: |From |>)|-[Bb][Yy]:")
every = pytest.mark.parametrize("name", long_but(("cases",), sorted(COMMANDS)))


@every
def test_sixty_columns_are_enough_for_all_but_tables(name: str) -> None:
    lines = run(*COMMANDS[name], "--width", "60").stdout.splitlines()
    long = [line for line in lines if len(line) > 60 and " -> " not in line]
    ends = ("Result ", "Orders ", "CASES", "NEEDED", "ORDERS")
    assert all(line.startswith(ends) or "smtmodel " in line for line in long), long


@every
def test_the_mail_survives_git(name: str) -> None:
    lines = run(*COMMANDS[name], "--format", "email").stdout.splitlines()
    assert len(lines) > 10
    for line in lines:
        assert line.isascii()
        assert line == line.rstrip()
        assert len(line) <= 68
        assert not CUT.search(line), line
    assert all(line.startswith("  ") for line in lines[1:] if line)


@every
def test_the_same_bytes_whatever_the_seeds(name: str) -> None:
    told = {
        normal(processes.run(*COMMANDS[name], "--seed", seed, PYTHONHASHSEED=seed).stdout)
        for seed in ("1", "7")
    }
    assert len(told) == 1


@every
def test_a_reader_that_has_gone_changes_no_status(name: str) -> None:
    whole = run(*COMMANDS[name]).returncode
    reader, writer = os.pipe()
    process = subprocess.Popen(
        [*COMMAND, *COMMANDS[name]],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=writer,
        stderr=subprocess.PIPE,
        env=environment(),
    )
    os.close(writer)
    os.close(reader)
    _, errors = process.communicate()
    assert process.returncode == whole
    assert errors == b""


@every
def test_quiet_is_the_lines_for_scripts(name: str) -> None:
    lines = run(*COMMANDS[name], "-q").stdout.splitlines()
    assert lines
    assert all(line.startswith(("Result ", "Orders ")) for line in lines)


@every
def test_bad_input_is_refused(name: str) -> None:
    arguments = ["nowhere.dsl" if one.endswith(".dsl") else one for one in COMMANDS[name]]
    process = run(*arguments)
    assert process.returncode == 2
    assert process.stdout == ""
    assert "no such file" in process.stderr
    assert run(*COMMANDS[name], "--out", "junit=x").returncode == 2
    assert run(*COMMANDS[name], "--format", "gcc").returncode == 2


@every
def test_an_answer_can_go_to_files_too(name: str, tmp_path: Path) -> None:
    out = tmp_path / "answer.json"
    process = run(*COMMANDS[name], "-q", "--out", f"json={out}")
    assert process.stdout
    assert f'"kind": "{name}"' in out.read_text()


def test_interrupted_it_says_how_far_it_came() -> None:
    arguments = ("orders", "k5:no_fill_in_flux", "--limit", "1600")
    process = processes.run(*arguments, clock="interrupting")
    assert process.returncode == 130
    assert "of 1620 orders were tried: interrupted." in process.stdout


def test_with_help_nothing_is_decided() -> None:
    for name in COMMANDS:
        process = run(name, "--help")
        assert process.returncode == 0
        assert "Usage: " in process.stdout
