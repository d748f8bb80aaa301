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

from tests.support.lengths import long_but
from tests.support.processes import ROOT, environment

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
    "systems",
    "promela",
    "encoding",
    "solving",
    "analysis",
    "documents",
    "formats",
    "pipeline",
    "commands",
    "cli",
    "plugin",
    "__main__",
)
"""Each may import itself and what stands before it. `smtmodel` itself is its version."""


@cache
def _nodes(path: Path) -> tuple[ast.AST, ...]:
    """All imports, classes and calls of a file."""
    kinds = (ast.Import, ast.ImportFrom, ast.ClassDef, ast.Call)
    return tuple(one for one in ast.walk(ast.parse(path.read_text())) if isinstance(one, kinds))


@cache
def _imports(path: Path) -> list[str]:
    """The modules that a file imports anywhere, as dotted names."""
    found: list[str] = []
    for node in _nodes(path):
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


def test_no_two_classes_have_one_name() -> None:
    """What a text says and what it means have the same names, in `ast` and `checked`."""
    places: defaultdict[str, list[str]] = defaultdict(list)
    for path in _files():
        name = path.relative_to(PACKAGE).as_posix()
        for node in _nodes(path):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(name)
    pair = ["ast", "checked"]
    twice = {name: files for name, files in places.items() if len(files) > 1}
    stages = {
        name: [file.split("/")[1].removesuffix(".py") for file in twice[name]] for name in twice
    }
    assert [name for name in twice if stages[name] != pair] == []


def test_only_their_rooms_know_the_solver_the_parser_generator_and_the_terminal() -> None:
    rooms = {
        "z3": ("solving/",),
        "lark": ("language/parse.py", "models/cat/parse.py"),
        "click": ("cli/",),
        "cvc5": ("solving/cvc5_solver.py",),
        "pysat": ("solving/satisfying.py",),
        "msgspec": ("documents/wire/codec.py",),
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
        for node in _nodes(path):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id != "print", f"{name} prints"


def test_executions_know_neither_graphs_nor_formulas() -> None:
    """Two definitions of everything are worth something only while they share nothing."""
    for path in sorted((PACKAGE / "executions").glob("*.py")):
        for name in _imports(path):
            others = ("smtmodel.events", "smtmodel.encoding", "smtmodel.litmus.unroll")
            assert not name.startswith(others), path.name


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


def test_the_parent_process_of_prove_imports_neither_solver_nor_parser_generator() -> None:
    _loaded(["fmt", "paolo.dsl"])  # the tables of the grammar are there from here on
    loaded = _loaded(["prove", "paolo.dsl"])
    assert "smtmodel.language.derive" in loaded
    unwanted = {"z3", "lark", "rich", "jsonschema", "json", "smtmodel.encoding.encode", "difflib"}
    assert loaded & {*unwanted, "msgspec", "smtmodel.documents.wire"} == set()
    assert "smtmodel.executions.explore" not in loaded
    # What is said of texts that are no protocols.
    assert loaded & {"smtmodel.language.recovery", "smtmodel.language.expected"} == set()
    assert _own(loaded) <= MOST


def test_a_worker_is_ready_without_what_its_parent_needs() -> None:
    code = (
        "import sys\n"
        "from smtmodel.solving.question import load\n"
        "from smtmodel.work.worker import Worker\n"
        "load()\n"
        "sys.stderr.write('loaded ' + ' '.join(sys.modules))\n"
    )
    process = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment()
    )
    loaded = set(process.stderr.partition("loaded ")[2].split())
    assert "smtmodel.solving.decide" in loaded
    unwanted = {"click", "lark", "hashlib", "string", "json", "msgspec", "inspect", "subprocess"}
    assert loaded & unwanted == set()
    folders = {name.split(".")[1] for name in loaded if name.startswith("smtmodel.")}
    later = ORDER[ORDER.index("analysis") : ORDER.index("plugin") + 1]
    assert folders.isdisjoint({*later, "systems", "promela"})
    assert _own(loaded) <= MOST


def test_writing_json_needs_no_library() -> None:
    loaded = _loaded(["prove", "paolo.dsl", "--format", "json"])
    assert "smtmodel.documents.wire.codec" in loaded
    assert loaded & {"z3", "msgspec"} == set()


MOST = 140
"""Modules of our own that either process of `prove` may have loaded. Every one takes about half a
millisecond, in the time before anything is decided."""


def _own(loaded: set[str]) -> int:
    return sum(name.startswith("smtmodel") for name in loaded)


GOLDEN = ROOT / "tests" / "golden"
SMALL = (
    ["cases", "paolo.dsl", "-q"],
    ["needed", f"{GOLDEN}/third.dsl", "-q"],
    ["orders", f"{GOLDEN}/buffering.dsl", "-q"],
    ["diff", "original.dsl", "paolo.dsl", "-q"],
    ["review", f"{GOLDEN}/buffering.dsl", "-q"],
)
LARGER = (
    ["needed", "paolo.dsl", "-q", "--updates", "1", "--faults", "1"],
    ["orders", "xiao.dsl", "-q", "--limit", "2"],
    ["review", "xiao.dsl", "-q"],
)


@pytest.mark.parametrize(
    "arguments", long_but(SMALL, [*SMALL, *LARGER]), ids=lambda arguments: arguments[0]
)
def test_the_parent_process_of_an_analysis_never_imports_the_solver(arguments: list[str]) -> None:
    loaded = _loaded(arguments)
    assert "smtmodel.documents.document" in loaded
    assert loaded & {"z3", "jsonschema", "msgspec", "smtmodel.encoding.encode"} == set()


@pytest.mark.parametrize(
    ("arguments", "unwanted"),
    [
        (["explain", "E201"], {"lark", "z3", "smtmodel.language.ast", "smtmodel.commands.sinks"}),
        (["fmt", "--check", "paolo.dsl"], {"lark", "z3", "smtmodel.language.checked"}),
        (["prove", "--help"], {"lark", "z3", "smtmodel.cli.analyses", "smtmodel.cli.texts"}),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_a_command_imports_what_it_needs(arguments: list[str], unwanted: set[str]) -> None:
    code = (
        f"import sys; from smtmodel import cli; cli.run({arguments!r}, None);"
        "sys.stderr.write('loaded ' + ' '.join(sys.modules))"
    )
    process = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env=environment(),
        cwd=ROOT / "protocols",
    )
    loaded = set(process.stderr.partition("loaded ")[2].split())
    assert "smtmodel.cli" in loaded
    assert loaded & unwanted == set()
