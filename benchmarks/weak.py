"""How long protocols take under the kernel's model: `python -m benchmarks.weak [REPETITIONS]`.

CPU seconds. `prove protocols/paolo.dsl` is a process of its own, with its worker, under sc and
lkmm in turn, so that their ratio is of one run whatever else the machine does. Larger questions are
asked in this process, one after another: of protocols that are proved, with start-up and parsing
left out.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import process_time

from smtmodel import pipeline
from smtmodel.language.checked import Bounds, Checked
from smtmodel.models import KERNEL, model
from smtmodel.solving.result import Limits, Result
from smtmodel.solving.weakly import decide_weakly
from smtmodel.source.refusal import Refusal
from smtmodel.verdict import Verdict

ROOT = Path(__file__).resolve().parent.parent
PROVE = [sys.executable, "-m", "smtmodel", "prove", "protocols/paolo.dsl", "--quiet"]
WAYS = {"sc": PROVE, "lkmm": [*PROVE, "--model", "lkmm"]}
QUESTIONS = (
    ("docs/weak/paolo-marked.dsl", "", 2, 2),
    ("docs/weak/paolo-marked.dsl", "", 8, 4),
    ("docs/weak/retry.dsl", "barriers", 1, 1),
    ("docs/weak/retry.dsl", "barriers", 2, 2),
)
"""The KVM shape, and the retry of `mmu_invalidate_retry`: file, variant, updates and faults."""


def _process(command: list[str]) -> float:
    """The CPU seconds of a process and all that it started."""
    before = os.times()
    subprocess.run(command, cwd=ROOT, check=False, stdout=subprocess.DEVNULL)
    after = os.times()
    spent = after.children_user + after.children_system
    return spent - before.children_user - before.children_system


def protocol(file: str, variant: str) -> Checked:
    """A protocol of this repository, as it is asked about under the kernel's model."""
    found = pipeline.load(str(ROOT / file))
    assert not isinstance(found, Refusal), file
    (known,) = (one.checked for one in found if variant in ("", one.variant))
    able = pipeline.for_model(known, KERNEL)
    assert isinstance(able, Checked), able
    return able


def asked(known: Checked, updates: int, faults: int) -> Iterator[tuple[str, float]]:
    """Each property, and how long it took; a question that an earlier one answers takes nothing."""
    bounds = Bounds(updates, tuple((name, faults) for name, _ in known.bounds.lanes), 1)
    begun = process_time()
    for told in decide_weakly(known, model(KERNEL), bounds, Limits(), None):
        if isinstance(told, Result):
            assert told.verdict is Verdict.PROVED, told
            yield told.name, process_time() - begun
            begun = process_time()


def main() -> None:
    repetitions = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    spent: dict[str, list[float]] = {name: [] for name in WAYS}
    for _ in range(repetitions):
        for name, command in WAYS.items():
            spent[name].append(_process(command))
    for name, found in spent.items():
        print(f"prove paolo.dsl, {name:24} {median(found):6.2f}")
    print(f"{'lkmm over sc':41} {median(spent['lkmm']) / median(spent['sc']):6.2f}")
    for file, variant, updates, faults in QUESTIONS:
        known = protocol(file, variant)
        for name, seconds in asked(known, updates, faults):
            what = f"{known.name} {updates}x{faults}, {name}"
            print(f"{what:41} {seconds:6.2f}")


if __name__ == "__main__":
    main()
