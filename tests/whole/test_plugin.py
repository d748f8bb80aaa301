"""The plugin for pytest, the GitHub Action and the pre-commit hooks."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.processes import COMMAND, PROTOCOLS, ROOT, environment

FOREIGN = 'workspace "a model of something else" {\n}\n'
RACE = """\
protocol race
shared x = 0
thread t { y = x x = y + 1 }
never lost: x != 2 finally
reach both: x == 2 finally
bounds t 2
"""


def _pytest(folder: Path, *arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
    """pytest in a folder that knows nothing of this project but the plugin, nor other plugins."""
    (folder / "pytest.ini").touch()
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "smtmodel.plugin"]  # noqa: RUF005
        + ["-p", "no:smtmodel", *arguments],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=environment(PYTEST_DISABLE_PLUGIN_AUTOLOAD="1", **more),
    )


def test_every_expectation_is_a_test(tmp_path: Path) -> None:
    folder = tmp_path / "protocols"
    folder.mkdir()
    (folder / "race.dsl").write_text(
        RACE + "expect lost refuted\nexpect lost refuted under tso\nexpect both proved\n"
    )
    (folder / "foreign.dsl").write_text(FOREIGN)
    found = _pytest(tmp_path, "protocols", "--collect-only", "-q").stdout
    assert [line for line in found.splitlines() if "::" in line] == [
        "protocols/race.dsl::lost",
        "protocols/race.dsl::both",
        "protocols/race.dsl::lost[tso]",
        "protocols/race.dsl::both[tso]",
    ]
    process = _pytest(tmp_path, "protocols", "-q")
    assert process.returncode == 0, process.stdout + process.stderr
    assert "4 passed" in process.stdout


def test_a_variant_has_its_own_tests(tmp_path: Path) -> None:
    split = RACE.replace("shared x", "variant after\nvariant before\nshared x").replace(
        "{ y = x x = y + 1 }", "{ in before { y = x x = y + 1 } not in before: atomic_inc(x) }"
    )
    (tmp_path / "race.dsl").write_text(split + "expect lost proved\nexpect both proved under tso\n")
    process = _pytest(tmp_path, "-v")
    assert re.findall(r"::(\w+)::(\S+) (PASSED|FAILED)", process.stdout) == [
        ("after", "lost", "PASSED"),
        ("after", "both", "PASSED"),
        ("after", "lost[tso]", "PASSED"),
        ("after", "both[tso]", "PASSED"),
        ("before", "lost", "FAILED"),
        ("before", "both", "PASSED"),
        ("before", "lost[tso]", "FAILED"),
        ("before", "both[tso]", "PASSED"),
    ]
    assert "REFUTED race.dsl:before: lost" in process.stdout


def test_the_failure_is_the_counterexample(tmp_path: Path) -> None:
    (tmp_path / "race.dsl").write_text(RACE + "expect lost proved\n")
    process = _pytest(tmp_path)
    assert process.returncode == 1
    assert "race.dsl: lost" in process.stdout
    assert "REFUTED race.dsl: lost  (smallest run: 2 t lanes, 4 steps)" in process.stdout
    assert "     Replay:  smtmodel replay race.dsl --bound t=2 " in process.stdout
    assert "expected PROVED" in process.stdout
    assert "Traceback" not in process.stdout
    assert "1 failed, 1 passed" in process.stdout
    assert "1 passed" in _pytest(tmp_path, "-k", "both").stdout


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        ("protocol p\nshared x = \n", "readable", "error[E1"),
        (RACE, "expectations", "it expects nothing; add `expect NAME proved`"),
    ],
)
def test_what_cannot_be_judged_fails(text: str, name: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "p.dsl").write_text(text)
    process = _pytest(tmp_path)
    assert process.returncode == 1
    assert f"p.dsl::{name}" in process.stdout
    assert said in process.stdout


def test_unknown_is_no_pass_and_options_are_handed_on(tmp_path: Path) -> None:
    shutil.copy(PROTOCOLS / "paolo.dsl", tmp_path)
    (tmp_path / "pytest.ini").write_text("[pytest]\nsmtmodel_options = --budget 50\n")
    process = _pytest(tmp_path, "paolo.dsl", "-k", "stale_after_return and not tso")
    assert process.returncode == 1
    assert "UNKNOWN paolo.dsl: stale_after_return" in process.stdout
    (tmp_path / "pytest.ini").write_text("[pytest]\nsmtmodel_options = --nonsense\n")
    process = _pytest(tmp_path, "paolo.dsl", "-k", "hits_new and not tso")
    assert process.returncode == 1
    assert "smtmodel ended with status 2" in process.stdout
    assert "No such option" in process.stdout


def test_the_solver_never_meets_pytest(tmp_path: Path) -> None:
    (tmp_path / "race.dsl").write_text(RACE + "expect lost refuted\n")
    (tmp_path / "conftest.py").write_text(
        "import sys\n"
        "def pytest_collection_finish(session):\n"
        "    print('collected', len(session.items), 'z3' in sys.modules)\n"
        "def pytest_sessionfinish(session):\n"
        "    print('finished', 'z3' in sys.modules)\n"
    )
    found = _pytest(tmp_path, "-s").stdout
    assert "collected 2 False" in found
    assert "finished False" in found


def test_the_package_offers_the_plugin_and_this_project_does_without() -> None:
    import tomllib

    table = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert table["project"]["entry-points"]["pytest11"] == {"smtmodel": "smtmodel.plugin"}
    assert "--disable-plugin-autoload" in table["tool"]["pytest"]["ini_options"]["addopts"]
    assert "smtmodel.plugin" not in sys.modules


def test_the_page_shows_what_pytest_says(tmp_path: Path, promote: bool) -> None:
    page = ROOT / "docs" / "ci.md"
    text = page.read_text()
    block = re.search(r"^```console\n\$ pytest (.*)\n((?:.*\n)*?)```$", text, re.MULTILINE)
    assert block is not None
    shutil.copytree(PROTOCOLS, tmp_path / "protocols")
    told = _seconds(_pytest(tmp_path, *shlex.split(block[1])).stdout)
    if promote:
        page.write_text(text[: block.start(2)] + told + text[block.end(2) :])
        return
    assert told == block[2]


def _seconds(text: str) -> str:
    return re.sub(r"in [\d.]+s(?: \([\d:]+\))?", "in 0.00s", text)


# ---------------------------------------------------------------- the action and the hooks


def _yaml(name: str) -> Any:
    return pytest.importorskip("yaml").safe_load((ROOT / name).read_text())


def _step(number: int, tmp_path: Path, **inputs: str) -> "subprocess.CompletedProcess[str]":
    """A step of the action, as GitHub runs it, with the inputs given or the defaults."""
    action = _yaml("action.yml")
    step = action["runs"]["steps"][number]
    assert step["shell"] == "bash"
    values = {name: one["default"] for name, one in action["inputs"].items()} | inputs
    more = {
        name: re.sub(r"\$\{\{ inputs\.(\w+) \}\}", lambda m: values[m[1]], value)
        for name, value in step["env"].items()
    }
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env=environment(RUNNER_TEMP=str(tmp_path), GITHUB_ACTION_PATH="/action", **more),
    )


@pytest.fixture
def runner(tmp_path: Path) -> Path:
    """A folder with what the first step of the action would have installed."""
    binaries = tmp_path / "smtmodel" / "bin"
    binaries.mkdir(parents=True)
    program = binaries / "smtmodel"
    program.write_text(f'#!/bin/sh\nexec {shlex.join(COMMAND)} "$@"\n')
    program.chmod(0o755)
    (tmp_path / "protocols").mkdir()
    (tmp_path / "protocols" / "race.dsl").write_text(RACE + "expect lost proved\n")
    return tmp_path


def test_the_action_annotates_and_fails_with_the_status_of_check(runner: Path) -> None:
    process = _step(1, runner)
    assert process.returncode == 10, process.stderr
    assert re.search(r"^::error file=protocols/race.dsl,line=4,", process.stdout, re.MULTILINE)
    process = _step(1, runner, options="--timeout 60 -v", paths="protocols/race.dsl")
    assert process.returncode == 10
    assert "lost REFUTED" in process.stderr


def test_the_inputs_of_the_action_are_no_script(runner: Path) -> None:
    for name in ("options", "paths"):
        process = _step(1, runner, **{name: "$(touch made) ; touch made"})
        assert process.returncode == 2
    assert not (runner / "made").exists()


@pytest.mark.parametrize(
    ("options", "package"),
    [("", "/action"), ("--timeout 9 --cross-check", "/action[cross-check]")],
)
def test_the_action_installs_what_the_options_need(
    options: str, package: str, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    shim = tmp_path / "shims" / "python"
    shim.parent.mkdir()
    shim.write_text(
        "#!/bin/sh\n"
        f'echo "$@" >> {log}\n'
        'if [ "$2" = venv ]; then mkdir -p "$3/bin" && cp "$0" "$3/bin/python"; fi\n'
    )
    shim.chmod(0o755)
    path = f"{shim.parent}{os.pathsep}{os.environ['PATH']}"
    action = _yaml("action.yml")["runs"]["steps"][0]["run"]
    subprocess.run(
        ["bash", "-eo", "pipefail", "-c", action],
        check=True,
        env=os.environ
        | {"PATH": path, "RUNNER_TEMP": str(tmp_path), "GITHUB_ACTION_PATH": "/action"}
        | {"OPTIONS": options},
    )
    assert log.read_text().splitlines()[-1] == f"-m pip install --quiet {package}"


def test_the_hooks_call_check_and_fmt(tmp_path: Path) -> None:
    hooks = {one["id"]: one for one in _yaml(".pre-commit-hooks.yaml")}
    assert set(hooks) == {"smtmodel-check", "smtmodel-fmt"}
    (tmp_path / "race.dsl").write_text(RACE + "expect lost refuted\n")
    for one in hooks.values():
        assert one["language"] == "python"
        assert re.search(one["files"], "protocols/race.dsl")
        program, *arguments = shlex.split(one["entry"])
        assert program == "smtmodel"
        process = subprocess.run(
            [sys.executable, "-m", "smtmodel", *arguments, "race.dsl"],
            cwd=tmp_path,
            capture_output=True,
            env=environment(),
        )
        assert process.returncode == 0, process.stderr
