"""The Promela model that smtmodel is timed against is a model of the same protocols."""

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from benchmarks import litmus, spin, weak
from benchmarks.agreement import PROTOCOLS, Answer, Question, by_prover, by_spin
from benchmarks.measure import run
from benchmarks.promela import VARIANTS, Judged, Model, Style, promela
from benchmarks.report import page, page_of_shapes
from benchmarks.results import Compared, Results, Searched, Size, Timed
from benchmarks.shapes import SHAPES, model
from benchmarks.slow import SLOW, deciding, enumerating
from smtmodel import pipeline
from smtmodel.source.refusal import Refusal
from tests.litmus.test_parts import SHOWN
from tests.support.processes import ROOT, wait_until_it_has_ended

needs_spin = pytest.mark.skipif(bool(spin.missing()), reason=spin.missing() or "installed")
FOR_EVER = "tail -f /dev/null"


def test_every_shipped_protocol_has_a_variant() -> None:
    shipped = {path.stem for path in PROTOCOLS.glob("*.dsl")}
    assert set(VARIANTS) == shipped


@pytest.mark.parametrize("style", Style)
def test_text_has_its_bounds_and_variant(style: Style) -> None:
    text = promela(Model(VARIANTS["paolo"], 3, 2, style=style))
    assert "#define UPDATES 3\n" in text
    assert "#define ALL_FRESH (FRESH(0) && FRESH(1))" in text
    assert "awaited == 0;" in text
    assert "awaited == 0;" not in promela(Model(VARIANTS["paolo-no-grace-period"], 3, 2))
    assert "g % 2" not in promela(Model(VARIANTS["xiao"], 3, 2, style=style))


@needs_spin
@pytest.mark.parametrize(
    ("name", "judged"),
    [
        ("original", Judged.SETTLED),
        ("original", Judged.ALWAYS),
        ("xiao", Judged.ALWAYS),
        ("paolo", Judged.SETTLED),
    ],
)
def test_spin_and_prover_agree(tmp_path: Path, name: str, judged: Judged) -> None:
    """Verdict, and number of events of a shortest run: the granularity is the same."""
    asked = Question(name, judged, 1, 1)
    assert by_spin(asked, tmp_path) == by_prover(asked)


@needs_spin
def test_verdicts_agree_at_more_than_one_lane(tmp_path: Path) -> None:
    for name, style in (("original", Style.PLAIN), ("paolo", Style.CLEARED)):
        folder = tmp_path / name
        folder.mkdir()
        asked = Question(name, Judged.SETTLED, 2, 2)
        assert by_spin(asked, folder, style) == by_prover(asked)


@needs_spin
def test_merging_private_steps_changes_the_number_of_events_only(tmp_path: Path) -> None:
    asked = Question("original", Judged.SETTLED, 1, 1)
    stepwise, merged = by_prover(asked), by_spin(asked, tmp_path, Style.MERGED)
    assert stepwise.events is not None
    assert merged == Answer(False, stepwise.events - 7)  # 8 private accesses become 1


def test_what_runs_too_long_is_ended_with_its_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limit is reached as soon as there is a child."""
    child = tmp_path / "child"

    class Timer(threading.Timer):
        def run(self) -> None:
            while not (child.exists() and child.read_text().strip()):
                time.sleep(0.02)
            self.function(*self.args, **self.kwargs)

    monkeypatch.setattr(threading, "Timer", Timer)
    found = run(["sh", "-c", f"{FOR_EVER} & echo $! > child; wait"], tmp_path, limit=1)
    assert not found.in_time
    wait_until_it_has_ended(int(child.read_text()))


def test_a_benchmark_that_is_ended_ends_what_it_runs(tmp_path: Path) -> None:
    script = (
        "import signal, sys; from pathlib import Path; from benchmarks.measure import run\n"
        "signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))\n"
        f"run(['sh', '-c', 'echo $$ > pid; exec {FOR_EVER}'], Path(sys.argv[1]))"
    )
    root = PROTOCOLS.parent
    with subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], cwd=root) as process:
        while not ((tmp_path / "pid").exists() and (tmp_path / "pid").read_text().strip()):
            assert process.poll() is None
            time.sleep(0.02)
        process.terminate()
        assert process.wait() == 128 + signal.SIGTERM
    wait_until_it_has_ended(int((tmp_path / "pid").read_text()))


def test_what_is_not_installed_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert spin.missing() == "spin and gcc not installed"


def test_page_says_what_is_missing_and_what_is_not_met() -> None:
    quick, slow = Timed((0.1, 0.1, 0.2)), Timed((0.9, 0.9), 600.0)
    results = Results(
        (), quick, slow, quick, {Size(8, 4): slow}, {}, (), "spin not installed", 0, 60
    )
    text = page(results)
    assert "No rows for SPIN: spin not installed." in text
    assert "| default bounds, all properties : imports | 1.7x | 9.0x | **no** |" in text
    assert (
        "| `fmt --check protocols/paolo.dsl` (reading only) | 0.10 | 0.10 to 0.20 | 1.0x |" in text
    )
    assert "| 8x4, seconds | 1 | 0.90 | yes |" in text
    assert "| memory, MB | 500 | 600 | **no** |" in text


def test_every_shape_has_a_model_that_asks_about_its_property() -> None:
    for shape in SHAPES:
        for counts in shape.sizes:
            text = model(shape, counts)
            number = text.splitlines()[0].removeprefix("#define PROPERTY ")
            assert f" * {shape.prop}: -DPROPERTY={number}\n" in text
            assert all(f"{name} {count}" in text.split("*/")[0] for name, count in counts)


def test_shapes_have_a_row_with_and_without_spin() -> None:
    search = spin.Search(spin.Ending.HOLDS, 2.0, 100.0, 12345)
    late = spin.Search(spin.Ending.OUT_OF_TIME, 30.0, 100.0, 0)
    rows = (
        Compared("locks, 2 writer", Timed((0.5,)), 1.0, (search,)),
        Compared("locks, 9 writer", Timed((0.5,)), 1.0, (late,)),
    )
    text = page_of_shapes(rows, "", ())
    assert "| locks, 2 writer | 0.50 | 2.00 | 1.00 | 6.0x | 12,345 |" in text
    assert "| locks, 9 writer | 0.50 | out of time after 30 s | 1.00 | over 62x | - |" in text
    text = page_of_shapes((Compared("locks", Timed((0.5,))),), "spin not installed", ())
    assert "No figures for SPIN: spin not installed." in text
    assert "| locks | 0.50 | - | - | - | - |" in text


def test_page_takes_the_fastest_options_and_tells_a_search_that_did_not_end() -> None:
    def one(options: str, ending: spin.Ending, seconds: float) -> Searched:
        search = spin.Search(ending, seconds, 100.0, 5)
        return Searched(Size(4, 4), Style.PLAIN, options, 1.0, (search,))

    spent = one("a", spin.Ending.OUT_OF_MEMORY, 1.0)
    good, better = one("b", spin.Ending.HOLDS, 9.0), one("c", spin.Ending.HOLDS, 4.0)
    proof = {Size(4, 4): Timed((0.1,))}
    quick = Timed((0.1,))

    def told(*searches: Searched) -> str:
        return page(Results((), quick, quick, quick, proof, {}, searches, "", 36, 60))

    assert "| 4x4 plain | 0.10 | 4.00 | 40x |" in told(spent, good, better)
    assert "| 4x4 plain | 0.10 | out of memory after 1 s | over 10x |" in told(spent)


def test_page_compares_deciding_with_enumerating() -> None:
    quick, slow = Timed((0.1,)), Timed((0.5,))
    results = Results(
        (), quick, quick, quick, {}, {}, (), "no peer", 0, 60, {"a": (quick, slow, 9)}
    )
    assert "| `a` | 0.10 | 0.50 | 5.0x | 9 |" in page(results)


def test_the_slow_protocols_are_there() -> None:
    for name in SLOW:
        loaded = pipeline.load(name)
        assert not isinstance(loaded, Refusal)
        assert loaded[0].checked.expectations


def test_a_slow_protocol_is_decided_and_enumerated() -> None:
    name = "tests/slow/tlb-order.dsl"
    assert run(deciding(name), ROOT).status == 0
    assert int(run(enumerating(name), ROOT).output) > 100


def test_protocols_are_measured_under_the_kernels_model() -> None:
    for file, variant, updates, faults in weak.QUESTIONS[::2]:
        protocol = weak.protocol(file, variant)
        names = [name for name, _ in weak.asked(protocol, min(updates, 1), min(faults, 1))]
        assert names == [one.name for one in protocol.properties]


def test_litmus_tests_are_measured_in_both_forms() -> None:
    found = list(litmus.lines([SHOWN[name].test for name in ("mp rel", "rcu")], None))
    assert found[0] == "2 tests, CPU seconds"
    heads = [line.split()[0] for line in found[1:]]
    assert heads == [*["fast:"] * 3, *["literal:"] * 3, "literal"]
