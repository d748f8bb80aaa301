"""What a shell is offered, by click's own interface; and that it costs nobody else anything."""

import subprocess
import sys

import pytest
from click.shell_completion import ShellComplete

from smtmodel.cli import root
from smtmodel.formats import FORMATS
from smtmodel.language.codes import TABLE
from smtmodel.models import NAMES
from smtmodel.verdict import Verdict
from tests.support.processes import ROOT, environment

PROPERTIES = ["stale_after_return", "stale_at_any_time", "hits_new", "deadlock"]


def _offered(words: str, begun: str = "") -> list[str]:
    shell = ShellComplete(root, {}, "smtmodel", "_SMTMODEL_COMPLETE")
    return [one.value for one in shell.get_completions(words.split(), begun)]


@pytest.mark.parametrize(
    ("words", "begun", "values"),
    [
        ("prove paolo.dsl --only", "", PROPERTIES),
        ("prove paolo.dsl", "--only=h", ["hits_new"]),
        ("diff original.dsl paolo.dsl --only", "stale_at", ["stale_at_any_time"]),
        ("review paolo.dsl xiao.dsl --only", "", PROPERTIES),
        ("check paolo.dsl --only", "", PROPERTIES),
        ("prove k8 --variant", "no_z", ["no_zap", "no_zap_two_steps"]),
        ("prove k8 --variant", "a", ["after", "all"]),
        ("prove --only", "", []),
        ("prove nowhere.dsl --only", "", []),
        ("prove - --only", "", []),
        ("prove --model", "", list(NAMES)),
        ("review --model", "t", ["tso"]),
        ("needed --model", "l", ["lkmm"]),
        ("cases --model", "l", []),
        ("prove paolo.dsl --format", "", list(FORMATS)),
        ("explain", "", [*(one.name for one in TABLE), "all", *(one.value for one in Verdict)]),
        ("explain", "e707", ["E707"]),
        ("", "rev", ["review"]),
        ("prove", "paolo.", ["paolo.dsl"]),
    ],
)
def test_a_shell_is_offered(words: str, begun: str, values: list[str]) -> None:
    assert _offered(words, begun) == values


@pytest.mark.parametrize("words", ["prove", "check", "fmt", "show"])
def test_paths_are_left_to_the_shell(words: str) -> None:
    shell = ShellComplete(root, {}, "smtmodel", "_SMTMODEL_COMPLETE")
    assert [one.type for one in shell.get_completions([words], "protocols/p")] == ["file"]


def test_nobody_else_imports_what_completes() -> None:
    code = "import sys, smtmodel.cli.verdicts; print('click.shell_completion' in sys.modules)"
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment(), capture_output=True, text=True
    )
    assert told.stdout == "False\n"
