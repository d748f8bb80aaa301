"""Whether SPIN's model and the prover say the same about the six protocols.

Takes a protocol's name, a property and bounds; gives both answers. A time is worth nothing
unless both sides answer the same question, so `benchmarks.run` asks here before it measures.
Verdicts must be equal, and so must the number of events of a shortest run, which they are
only if both cut the protocol into the same steps.
"""

from dataclasses import dataclass
from pathlib import Path

from benchmarks import spin
from benchmarks.promela import VARIANTS, Judged, Model, Style, promela
from smtmodel.language.check import check
from smtmodel.language.checked import Bounds, Checked
from smtmodel.language.parse import parse
from smtmodel.models import model
from smtmodel.solving.decide import decide
from smtmodel.solving.result import Limits, Result
from smtmodel.source import Text
from smtmodel.verdict import Verdict

PROTOCOLS = Path(__file__).resolve().parent.parent / "protocols"


@dataclass(frozen=True, slots=True)
class Question:
    """One property of a shipped protocol, at bounds."""

    name: str
    judged: Judged
    updates: int
    faults: int


@dataclass(frozen=True, slots=True)
class Answer:
    """Proved or refuted, and then the number of events of the shortest run."""

    proved: bool
    events: int | None


def by_prover(asked: Question) -> Answer:
    """What smtmodel says."""
    text = Text(asked.name, (PROTOCOLS / f"{asked.name}.dsl").read_text(encoding="utf-8"))
    parsed = parse(text)
    assert not isinstance(parsed, tuple)
    protocol = check(parsed, text)
    assert isinstance(protocol, Checked)
    lanes = tuple((kind.bound, asked.faults) for kind in protocol.kinds if not kind.updates)
    bounds = Bounds(asked.updates, lanes, 1)
    found = decide(protocol, model("sc"), bounds, Limits(), frozenset([asked.judged.value]))
    result = next(one for one in found if isinstance(one, Result))
    assert result.verdict in (Verdict.PROVED, Verdict.REFUTED), result
    return Answer(
        result.verdict is Verdict.PROVED,
        None if result.run is None else len(result.run.trace.moments),
    )


def by_spin(asked: Question, folder: Path, style: Style = Style.CLEARED) -> Answer:
    """What SPIN says, breadth first; `folder` is empty."""
    text = promela(Model(VARIANTS[asked.name], asked.updates, asked.faults, asked.judged, style))
    found = spin.search(spin.build(text, folder, ("-O0", *spin.SHORTEST)))
    assert found.ending in (spin.Ending.HOLDS, spin.Ending.ERROR), found
    return Answer(found.ending is spin.Ending.HOLDS, found.depth)


def agreed(sizes: tuple[tuple[int, int], ...], folder: Path) -> int:
    """How many questions were asked, all with equal answers; SystemExit if two differ."""
    asked = [
        Question(name, judged, *size) for name in VARIANTS for judged in Judged for size in sizes
    ]
    for number, question in enumerate(asked):
        inside = folder / str(number)
        inside.mkdir()
        ours, theirs = by_prover(question), by_spin(question, inside)
        if ours != theirs:
            raise SystemExit(f"{question}: smtmodel says {ours}, SPIN {theirs}")
    return len(asked)
