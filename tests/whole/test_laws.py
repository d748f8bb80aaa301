"""Laws that the prover's answers keep, on random protocols."""

import re

import pytest

from smtmodel.executions.final_states import FinalState
from smtmodel.language.checked import Checked
from smtmodel.models import SC, TSO, Model
from smtmodel.solving.decide import decide
from smtmodel.solving.result import Limits, Result
from smtmodel.verdict import Verdict
from tests.support.differential import checked, crowded, prover_finals
from tests.support.lengths import long_but
from tests.support.random_protocols import text

SEEDS = range(20)


def small(seed: int) -> str:
    """The protocol of a seed, or a simple one where that takes long."""
    written = text(seed, weak=True)
    protocol = checked(written, weak=True)
    assert isinstance(protocol, Checked)
    return written if not crowded(protocol, TSO) else text(1, weak=True)


def finals(written: str, model: Model) -> frozenset[FinalState]:
    protocol = checked(written, weak=model is TSO)
    assert isinstance(protocol, Checked), (protocol, written)
    return prover_finals(protocol, model, protocol.bounds)


def results(written: str, model: Model) -> dict[str, Verdict]:
    protocol = checked(written, weak=model is TSO)
    assert isinstance(protocol, Checked), (protocol, written)
    found = decide(protocol, model, protocol.bounds, Limits(), None)
    return {one.name: one.verdict for one in found if isinstance(one, Result)}


def fenced(written: str) -> str:
    """The text with a full barrier after every step."""
    lines, inside, atomic = [], False, False
    for line in written.splitlines():
        lines.append(line)
        if re.match(r"(update|fault|thread) \w+ \{$", line):
            inside = True
        elif line == "}":
            inside = False
        atomic = line.endswith("atomic {") or (atomic and line.strip() != "}")
        opens = line.endswith("{") or line.strip() in ("return", "} or {")
        if inside and not atomic and not opens:
            lines.append("smp_mb()")
    return "\n".join(lines) + "\n"


def under_one_lock(written: str) -> str:
    """The text with the body of every block in one critical section."""
    written = re.sub(
        r"^((?:update|fault|thread) \w+ \{)$", r"\1\nmutex_lock(all)", written, flags=re.M
    )
    written = re.sub(r"^\}$", "mutex_unlock(all)\n}", written, flags=re.M)
    return written.replace("protocol random", "protocol random\nmutex all")


@pytest.mark.parametrize("seed", long_but((0, 1), SEEDS))
def test_what_sc_allows_tso_allows(seed: int) -> None:
    written = small(seed)
    assert finals(written, SC) <= finals(written, TSO), written


@pytest.mark.parametrize("seed", long_but((0, 1), SEEDS))
def test_barriers_everywhere_make_tso_sc(seed: int) -> None:
    written = small(seed)
    assert finals(fenced(written), TSO) == finals(written, SC), written


@pytest.mark.parametrize("seed", long_but((0, 1), SEEDS))
def test_a_barrier_adds_no_outcome(seed: int) -> None:
    written = small(seed)
    whole = fenced(written).splitlines()
    barriers = [n for n, line in enumerate(whole) if line == "smp_mb()"]
    kept = barriers[seed % len(barriers)] if barriers else -1
    one = [line for n, line in enumerate(whole) if line != "smp_mb()" or n == kept]
    assert finals("\n".join(one), TSO) <= finals(written, TSO), written


@pytest.mark.parametrize("seed", long_but((0, 1), SEEDS))
def test_a_lock_adds_no_outcome(seed: int) -> None:
    written = small(seed)
    if "return" not in written:
        assert finals(under_one_lock(written), TSO) <= finals(written, TSO), written


@pytest.mark.parametrize("seed", long_but((0, 1), SEEDS))
def test_never_true_is_refuted_and_never_false_is_not(seed: int) -> None:
    added = "never yes: 1 == 1 always\nnever no: 1 == 0 always\n"
    for model in (SC, TSO):
        found = results(small(seed) + added, model)
        assert found["yes"] is Verdict.REFUTED
        assert found["no"] is not Verdict.REFUTED


@pytest.mark.parametrize("seed", long_but((0, 1), SEEDS))
def test_names_change_nothing(seed: int) -> None:
    written = small(seed)
    renamed = written
    for number, name in enumerate(("change0", "change1", "look", "fill", "use", "t0", "t1", "x")):
        renamed = re.sub(rf"\b{name}\b", f"{'zyxwvuts'[number]}_{number}", renamed)
    assert results(renamed, TSO) == results(written, TSO), written
