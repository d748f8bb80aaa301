"""Measures everything in one run and prints the page: `python -m benchmarks.run`.

To be started in the checkout, with the Python that smtmodel is installed for. A tool of a
peer that is not installed costs its rows, not the run. Any answer but "proved" ends the run:
times of wrong answers mean nothing.
"""

import argparse
import compileall
import json
import os
import platform
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks import spin
from benchmarks.agreement import agreed
from benchmarks.measure import megabytes_of_all, run
from benchmarks.promela import VARIANTS, Model, Style, promela
from benchmarks.report import TARGET, page, page_of_shapes
from benchmarks.results import PROPERTY, Compared, Results, Searched, Size, Timed
from benchmarks.shapes import SHAPES, Counts, Shape, called, command, model
from benchmarks.slow import SLOW, deciding, enumerating

ROOT = Path(__file__).resolve().parent.parent
PROTOCOL = "protocols/paolo.dsl"

PROOFS = tuple(
    Size(u, f) for u, f in ((1, 1), (2, 1), (2, 2), (3, 2), (4, 4), (4, 6), (8, 4), (16, 8))
)
SEARCHES = tuple(Size(u, f) for u, f in ((1, 1), (2, 1), (2, 2), (3, 2), (4, 4)))
BEYOND = (Size(8, 4), Size(4, 6))
"""Searched once, in one style: they take long or do not end."""

IMPORTS = [sys.executable, "-c", "import z3, lark, click"]
PROVE = [sys.executable, "-m", "smtmodel", "prove", PROTOCOL, "--bounded"]
READ = [sys.executable, "-m", "smtmodel", "fmt", "--check", PROTOCOL]


def _only(size: Size) -> list[str]:
    bounds = ["--updates", str(size.updates), "--faults", str(size.faults)]
    return [*PROVE, *bounds, "--only", PROPERTY]


def _process(command: list[str]) -> float:
    found = run(command, ROOT)
    if found.status != 0:
        raise SystemExit(f"status {found.status} from {command}:\n{found.output}")
    return found.seconds


class _Bench:
    """Collects repetitions; each job adds one of its own."""

    def __init__(self, folder: Path, limit: float) -> None:
        self.folder = folder
        self.limit = limit
        self.seconds: dict[str, list[float]] = {}
        self.staged: dict[Size, list[dict[str, float]]] = {}
        self.searches: dict[tuple[Size, Style, str], list[spin.Search]] = {}
        self.built: dict[tuple[Size, Style, str], tuple[Path, float]] = {}
        self.shapes: dict[str, tuple[Path, float]] = {}
        self.shaped: dict[str, list[spin.Search]] = {}

    def process(self, name: str, command: list[str]) -> None:
        self.seconds.setdefault(name, []).append(_process(command))

    def stages(self, size: Size) -> None:
        bounds = [str(size.updates), str(size.faults)]
        command = [sys.executable, "-m", "benchmarks.stages", PROTOCOL, *bounds, PROPERTY]
        found = run(command, ROOT)
        if found.status != 0:
            raise SystemExit(f"the stages at {size} failed:\n{found.output}")
        self.staged.setdefault(size, []).append(json.loads(found.output))

    def build(self, size: Size, style: Style, options: str) -> None:
        folder = self.folder / f"{size}-{style.name}-{options}".replace(" ", "_")
        folder.mkdir()
        model = Model(VARIANTS["paolo"], size.updates, size.faults, style=style)
        started = time.perf_counter()
        pan = spin.build(promela(model), folder, spin.OPTIONS[options])
        self.built[size, style, options] = pan, time.perf_counter() - started

    def search(self, size: Size, style: Style, options: str) -> None:
        pan, _ = self.built[size, style, options]
        found = spin.search(pan, self.limit)
        if found.ending is spin.Ending.ERROR:
            raise SystemExit(f"SPIN finds an error in {size}, {style.value}")
        self.searches.setdefault((size, style, options), []).append(found)

    def build_shape(self, shape: Shape, counts: Counts) -> None:
        name = called(shape, counts)
        folder = self.folder / re.sub(r"\W+", "_", name)
        folder.mkdir()
        started = time.perf_counter()
        pan = spin.build(model(shape, counts), folder, spin.OPTIONS[spin.FASTEST])
        self.shapes[name] = pan, time.perf_counter() - started

    def search_shape(self, shape: Shape, counts: Counts) -> None:
        name = called(shape, counts)
        found = spin.search(self.shapes[name][0], self.limit, "-E")
        if found.ending is spin.Ending.ERROR:
            raise SystemExit(f"SPIN finds an error in {name}")
        self.shaped.setdefault(name, []).append(found)

    def compared(self, shape: Shape, counts: Counts) -> Compared:
        name = called(shape, counts)
        timed = self.timed(name, command(shape, counts))
        built = self.shapes.get(name)
        searches = tuple(self.shaped.get(name, ()))
        return Compared(name, timed, 0 if built is None else built[1], searches)

    def timed(self, name: str, command: list[str]) -> Timed:
        return Timed(tuple(self.seconds[name]), megabytes_of_all(command, ROOT))

    def slow(self, name: str) -> tuple[Timed, Timed, int]:
        """How long it takes to decide and to enumerate a slow protocol, and its states."""
        decided, enumerated = self.seconds[name], self.seconds[f"states of {name}"]
        states = int(run(enumerating(name), ROOT).output)
        return Timed(tuple(decided)), Timed(tuple(enumerated)), states

    def searched(self) -> tuple[Searched, ...]:
        return tuple(
            Searched(*key, self.built[key][1], tuple(found)) for key, found in self.searches.items()
        )

    def staged_medians(self) -> dict[Size, dict[str, float]]:
        return {
            size: {name: median(one[name] for one in found) for name in found[0]}
            for size, found in self.staged.items()
        }


def measure(repeat: int, searches: int, limit: float, beyond: bool) -> Results:
    """Everything, `repeat` times, round robin; SPIN's searches `searches` times."""
    peer = spin.missing()
    load = os.getloadavg()[0]
    _compile()
    with tempfile.TemporaryDirectory() as folder:
        bench = _Bench(Path(folder), limit)
        ways = [
            (size, style, name)
            for size in SEARCHES
            for style in Style
            for name in (spin.OPTIONS if size == TARGET else (spin.FASTEST,))
        ]
        far = [(size, Style.CLEARED, name) for size in BEYOND for name in spin.EXHAUSTING]
        compared = 0 if peer else _agreed(bench.folder)
        _say(peer or "making SPIN's searchers")
        for way in [*ways, *(far if beyond else [])] if not peer else []:
            bench.build(*way)
        for turn in range(repeat):
            _say(f"repetition {turn + 1} of {repeat}")
            bench.process("imports", IMPORTS)
            bench.process("default", PROVE)
            bench.process("reading", READ)
            for name in SLOW:
                bench.process(name, deciding(name))
                bench.process(f"states of {name}", enumerating(name))
            for size in PROOFS:
                bench.process(str(size), _only(size))
                bench.stages(size)
            for way in ways if turn < searches and not peer else []:
                bench.search(*way)
        for way in far if beyond and not peer else []:
            _say(f"SPIN at {way[0]}, {way[2]}")
            bench.search(*way)
        return Results(
            machine=_machine(repeat, searches, load),
            imports=bench.timed("imports", IMPORTS),
            default=bench.timed("default", PROVE),
            reading=bench.timed("reading", READ),
            proofs={size: bench.timed(str(size), _only(size)) for size in PROOFS},
            stages=bench.staged_medians(),
            searched=bench.searched(),
            peer=peer,
            compared=compared,
            limit=limit,
            slow={name: bench.slow(name) for name in SLOW},
            shapes=_shapes(bench, repeat, searches, peer),
        )


def shapes_alone(repeat: int, searches: int, limit: float) -> str:
    """The table of the shapes, and the machine, as lines of a page."""
    peer = spin.missing()
    load = os.getloadavg()[0]
    _compile()
    with tempfile.TemporaryDirectory() as folder:
        found = _shapes(_Bench(Path(folder), limit), repeat, searches, peer)
    return page_of_shapes(found, peer, _machine(repeat, searches, load))


def _shapes(bench: _Bench, repeat: int, searches: int, peer: str) -> tuple[Compared, ...]:
    """smtmodel and SPIN on the shapes, round robin."""
    shapes = [(shape, counts) for shape in SHAPES for counts in shape.sizes]
    for shape in shapes if not peer else []:
        _say(f"making SPIN's searcher: {called(*shape)}")
        bench.build_shape(*shape)
    for turn in range(repeat):
        _say(f"shapes, repetition {turn + 1} of {repeat}")
        for shape in shapes:
            bench.process(called(*shape), command(*shape))
        for shape in shapes if turn < searches and not peer else []:
            bench.search_shape(*shape)
    return tuple(bench.compared(*shape) for shape in shapes)


def _compile() -> None:
    """What an installation has compiled is not to be compiled in each process that is timed, as
    where Python may write no bytecode."""
    compileall.compile_dir(ROOT / "smtmodel", quiet=1)
    run(READ, ROOT)


def _agreed(folder: Path) -> int:
    _say("comparing verdicts")
    inside = folder / "agreement"
    inside.mkdir()
    return agreed(((1, 1), (2, 1), (2, 2)), inside)


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def _machine(repeat: int, searches: int, load: float) -> tuple[tuple[str, str], ...]:
    import click
    import lark
    import z3

    from smtmodel import __version__

    system = f"{platform.system()} {platform.machine()}"
    return (
        ("cores", str(os.cpu_count())),
        ("processor", _found("/proc/cpuinfo", "model name") or platform.processor()),
        ("system", system),
        ("load before the run", f"{load:.1f}"),
        ("smtmodel", __version__),
        ("Python", platform.python_version()),
        ("z3, lark, click", f"{z3.get_version_string()}, {lark.__version__}, {_version(click)}"),
        ("SPIN", _output(["spin", "-V"])),
        ("C compiler", _output(["gcc", "--version"])),
        ("repetitions", f"{repeat}; SPIN's searches {searches}, beyond 4x4 once"),
    )


def _version(package: object) -> str:
    from importlib.metadata import version

    return version(getattr(package, "__name__", ""))


def _found(path: str, name: str) -> str:
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "")


def _output(command: list[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return "not installed"
    return (done.stdout or done.stderr).splitlines()[0]


def main() -> None:
    """Parse the options, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    add = parser.add_argument
    add("--repeat", type=int, default=7, help="repetitions (default: 7)")
    add("--searches", type=int, default=3, help="repetitions of SPIN's searches (default: 3)")
    add("--limit", type=float, default=60, help="seconds for one search (default: 60)")
    add("--beyond", action="store_true", help="search where SPIN may not end, too")
    add("--shapes", action="store_true", help="measure the exported models alone")
    add("--out", type=Path, help="write the page here (default: standard output)")
    given = parser.parse_args()
    # Ended from outside, it must still end its searches and remove its folder.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    if given.shapes:
        text = shapes_alone(given.repeat, given.searches, given.limit)
    else:
        text = page(measure(given.repeat, given.searches, given.limit, given.beyond))
    if given.out is None:
        print(text, end="")
    else:
        given.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
