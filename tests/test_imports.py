"""The import law: who may import whom, and who never meets the solver or the parser.

And two habits of a package in which one finds one's way: no files that import each other, no two
classes of one name.
"""

import ast
import subprocess
import sys
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

from tests.processes import ROOT, environment

PACKAGE = ROOT / "smtmodel"
ORDER = (
    "source",
    "models",
    "language",
    "events",
    "litmus",
    "verdict",
    "work",
    "executions",
    "encoding",
    "solving",
    "analysis",
    "reports",
    "pipeline",
    "commands",
    "cli",
    "plugin",
    "__main__",
)
"""Each may import itself and what stands before it. `smtmodel` itself is its version."""


@cache
def _imports(path: Path) -> list[str]:
    """The modules that a file imports anywhere, as dotted names."""
    found: list[str] = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: imports are absolute"
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    return found


def _layer(name: str) -> int | None:
    parts = name.split(".")
    return ORDER.index(parts[1]) if len(parts) > 1 and parts[1] in ORDER else None


def _files() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def test_nobody_imports_upwards() -> None:
    wrong: list[str] = []
    for path in _files():
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        if parts == ("__init__",):
            continue
        own = ORDER.index(parts[0])
        for name in _imports(path):
            if name.startswith("smtmodel."):
                layer = _layer(name)
                if layer is None and name != "smtmodel.__version__":
                    layer = ORDER.index(name.split(".")[1])
                if layer is not None and layer > own:
                    wrong.append(f"{'/'.join(parts)} imports {name}")
    assert wrong == []


CIRCLE = {"expressions", "misuse", "modify", "places", "records", "waits"}
"""The files of `language/` that still import each other."""


def _module(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


def _graph() -> dict[str, set[str]]:
    """For each module the modules that it imports anywhere, also inside of functions."""
    known = {_module(path): path for path in _files()}
    return {
        module: {
            name if name in known else name.rpartition(".")[0]
            for name in _imports(path)
            if name.startswith("smtmodel.")
        }
        for module, path in known.items()
    }


def _reached(graph: dict[str, set[str]], start: str) -> set[str]:
    """What a module imports, directly or through others."""
    reached: set[str] = set()
    waiting = set(graph[start])
    while waiting:
        module = waiting.pop()
        reached.add(module)
        waiting |= graph[module] - reached
    return reached


def test_no_files_import_each_other() -> None:
    graph = _graph()
    circles = {module for module in graph if module in _reached(graph, module)}
    assert circles == {f"smtmodel.language.{name}" for name in CIRCLE}


TWICE = {"At", "Both", "Builder", "Form", "Kind", "Object", "Pointer", "Problem", "Wait"}
"""Names of classes that still stand in two files."""


def test_no_two_classes_have_one_name() -> None:
    """What a text says and what it means have the same names, in `ast.py` and `checked.py`."""
    places: defaultdict[str, list[str]] = defaultdict(list)
    for path in _files():
        name = path.relative_to(PACKAGE).as_posix()
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(name)
    pair = ["language/ast.py", "language/checked.py"]
    assert {name for name, files in places.items() if len(files) > 1 and files != pair} == TWICE


def test_only_their_rooms_know_the_solver_the_parser_generator_and_the_terminal() -> None:
    rooms = {
        "z3": ("encoding/", "solving/"),
        "lark": ("language/parse.py", "models/cat/parse.py"),
        "click": ("cli/",),
        "cvc5": ("solving/second_solver.py",),
        "pytest": ("plugin.py",),
    }
    for library, allowed in rooms.items():
        for path in _files():
            name = path.relative_to(PACKAGE).as_posix()
            if any(one.split(".")[0] == library for one in _imports(path)):
                assert name.startswith(allowed), f"{name} imports {library}"


def test_work_for_other_processes_knows_nothing_of_protocols() -> None:
    known = ("smtmodel.work", "smtmodel.source.record", "smtmodel.verdict")
    for path in sorted((PACKAGE / "work").glob("*.py")):
        for name in _imports(path):
            assert not name.startswith("smtmodel") or name.startswith(known), path.name


def test_only_the_command_line_prints() -> None:
    for path in _files():
        name = path.relative_to(PACKAGE).as_posix()
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id != "print", f"{name} prints"


ALONE = ("replay.py", "machine.py", "explore.py", "program.py", "paths.py", "candidates.py")
"""What runs and enumerates, which knows no event graph either."""


def test_executions_know_neither_graphs_nor_formulas() -> None:
    """Two definitions of everything are worth something only while they share nothing."""
    for path in sorted((PACKAGE / "executions").glob("*.py")):
        for name in _imports(path):
            assert not name.startswith(("smtmodel.encoding", "smtmodel.solving")), path.name
            if path.name in ALONE:
                graphs = ("smtmodel.events", "smtmodel.litmus.unroll")
                assert not name.startswith(graphs), path.name


def _loaded(arguments: list[str]) -> set[str]:
    """The modules that the parent process of a command has loaded at its end."""
    code = (
        "import sys, atexit\n"
        "from smtmodel.solving.question import load\n"
        "from smtmodel.work.worker import Worker\n"
        "from smtmodel import cli\n"
        f"cli.run({arguments!r}, Worker(load))\n"
        "sys.stderr.write('loaded ' + ' '.join(sys.modules))\n"
    )
    process = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env=environment(),
    )
    return set(process.stderr.partition("loaded ")[2].split())


def test_the_parent_process_of_prove_never_imports_the_solver() -> None:
    loaded = _loaded(["prove", "paolo.dsl"])
    assert "lark" in loaded
    unwanted = {"z3", "rich", "jsonschema", "json", "smtmodel.encoding.encode", "difflib"}
    assert loaded & unwanted == set()
    assert "smtmodel.executions.explore" not in loaded


@pytest.mark.parametrize(
    "arguments",
    [
        ["cases", "paolo.dsl", "-q"],
        ["needed", "paolo.dsl", "-q", "--updates", "1", "--faults", "1"],
        ["orders", "xiao.dsl", "-q", "--limit", "2"],
        ["diff", "original.dsl", "paolo.dsl", "-q"],
        ["review", "xiao.dsl", "-q"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_the_parent_process_of_an_analysis_never_imports_the_solver(arguments: list[str]) -> None:
    loaded = _loaded(arguments)
    assert "smtmodel.reports.sheet" in loaded
    assert loaded & {"z3", "jsonschema", "smtmodel.encoding.encode"} == set()


def test_explain_needs_neither_parser_nor_solver() -> None:
    code = (
        "import sys; from smtmodel import cli; cli.run(['explain', 'E201'], None);"
        "print('lark' in sys.modules, 'z3' in sys.modules)"
    )
    process = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment()
    )
    assert process.stdout.splitlines()[-1] == "False False"
