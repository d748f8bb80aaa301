"""Exported models: that a wrong one is noticed, what is refused, how the command behaves, and what
SPIN and a parser of Promela say."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from smtmodel.cli import run
from smtmodel.language.checked import DEADLOCK, Checked
from smtmodel.promela.export import promela_of
from smtmodel.systems.close import Closed, close
from smtmodel.systems.system import NotCovered, System
from smtmodel.systems.translate import system_of
from smtmodel.verdict import Status
from tests.promela.test_agreement import asserted, compared, small
from tests.support import promela
from tests.support.examples import FOUNDING, checked, shipped
from tests.support.lengths import long_but
from tests.support.processes import PROTOCOLS

LOCKED = """protocol counter
shared x = 0
spinlock l
rwlock rw
thread adder {
    spin_lock(l)
    v = x
    write_lock(rw)
    x = -1
    x = v + 1
    write_unlock(rw)
    spin_unlock(l)
}
thread looker {
    read_lock(rw)
    one = x
    two = x
    read_unlock(rw)
    same: assert one == two
}
bounds adder 2, looker 1
never lost: x == 1 finally
"""

RETRIED = """protocol retried
shared seq = 0
shared x = 0
shared y = 0
update write {
    seq++
    x = 1
    y = 1
    seq++
}
thread reader {
    retry 2 {
        wait until (READ_ONCE(seq) % 2 == 0)
        s = seq
        a = x
        b = y
    } until (s == seq)
    if (s == 0) {
        old: assert a == b
    }
}
bounds updates 1, reader 1
"""

ROWS = """protocol rows
shared row[2] { a, b } = { { a: 1, b: 2 }, { a: 3, b: 4 } }
thread t {
    row[1].a = row[0].b
    x = row[1].a
    moved: assert x == 2
    kept: assert x == 3
}
bounds t 1
"""

FAULTS = [
    ("paolo", "srcu_awaited_update[me] == 0", "true"),
    ("paolo", "srcu_open = srcu_open | (1 << me)", "skip"),
    ("paolo", "slots = new", "skip"),
    ("original", "INSTANT", "skip"),
    (LOCKED, "l == 0 ->", "true ->"),
    (LOCKED, "rw_reading == 0", "true"),
    (RETRIED, "s == t4", "true"),
]
"""Faults put into models."""


def model_of(protocol: Checked) -> str:
    text = promela_of(protocol)
    assert isinstance(text, str)
    return text


def _known(name: str) -> Checked:
    return checked(name) if "\n" in name else small(name)


AWAITED = """protocol awaited
shared y = -1
thread waiter {
    wait until (READ_ONCE(y) % 2 == 0)
    y = 4
}
thread other {
    y = 2
}
bounds waiter 1, other 1
"""


@pytest.mark.parametrize("name", [LOCKED, RETRIED, AWAITED], ids=["locks", "a retry", "a wait"])
def test_locks_and_loops(name: str) -> None:
    assert compared(checked(name), 10_000)


@pytest.mark.parametrize(("name", "old", "new"), FAULTS, ids=range(len(FAULTS)))
def test_a_wrong_model_is_noticed(name: str, old: str, new: str) -> None:
    protocol = _known(name)
    text = model_of(protocol)
    head, processes = text.split("proctype", 1)
    assert old in processes
    wrong = f"{head}proctype{processes.replace(old, new)}"
    assert asserted(wrong, protocol) != asserted(text, protocol)


NAMED = """protocol names
shared init = 0
shared me = 0
shared round = 1
thread run {
    byte = round
    init = byte + 1
    me = byte
}
bounds run 2, rounds 2
never bad: init == 2 always
"""


def test_names_that_mean_something_in_promela_are_changed() -> None:
    assert compared(checked(NAMED), 1_000)
    assert "int init_;" in model_of(checked(NAMED))


LARGE = """protocol large
shared x = 1000000
thread a {
    v = x
    x = v * v
}
bounds a 1
never bad: x == 0 always
"""


def test_a_number_that_a_model_has_no_room_for_is_no_answer() -> None:
    with pytest.raises(promela.Outgrown):
        asserted(model_of(checked(LARGE)), checked(LARGE))


TWICE = """protocol twice
shared x = 0
srcu d
thread reader {
    one = srcu_read_lock(d)
    two = srcu_read_lock(d)
    x = 2
    srcu_read_unlock(d, one)
    srcu_read_unlock(d, two)
}
thread writer {
    x = 1
    synchronize_srcu(d)
}
bounds reader 1, writer 1
never bad: x == 2 always
"""


def test_what_cannot_be_exported_is_refused_with_its_step() -> None:
    twice = promela_of(checked(TWICE))
    assert isinstance(twice, NotCovered)
    assert twice.where is not None
    assert (twice.where.span.line, twice.reason) == (
        6,
        "a lane is inside two sections of d at once",
    )


# ---------------------------------------------------------------- the command


def test_the_model_goes_to_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, file = tmp_path / "paolo.pml", str(PROTOCOLS / "paolo.dsl")
    assert run(["promela", file, "--updates", "1", "--out", str(path)], None) == Status.GOOD
    assert capsys.readouterr().out == ""
    assert "updates 1, faults 2" in path.read_text()
    assert run(["promela", file, "--updates", "1"], None) == Status.GOOD
    assert capsys.readouterr().out == path.read_text()
    before = Path(file).read_text()
    assert run(["promela", file, "--out", file], None) == Status.BAD_INPUT
    assert Path(file).read_text() == before


def test_a_refusal_names_the_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "twice.dsl"
    file.write_text(TWICE)
    assert run(["promela", str(file)], None) == Status.BAD_INPUT
    refused = "twice.dsl:6: `two = srcu_read_lock(d)`: no model for SPIN: a lane is inside two"
    assert refused in capsys.readouterr().err
    assert (
        run(["promela", str(PROTOCOLS / "rcu/g3.dsl"), "--variant", "all"], None)
        == Status.BAD_INPUT
    )
    assert "a model is of one protocol" in capsys.readouterr().err


# ---------------------------------------------------------------- others who read models

ABSENT = [name for name in ("spin", "gcc") if shutil.which(name) is None]
OTHERS = ("seqcount/g1:seqcount", "slub/m9:freelist_pop", "rcu/g3:kfree_rcu")


@pytest.mark.skipif(bool(ABSENT), reason=f"not installed: {', '.join(ABSENT)}")
@pytest.mark.parametrize("name", long_but(("paolo", "seqcount/g1:seqcount"), (*FOUNDING, *OTHERS)))
def test_spin_says_the_same(name: str, tmp_path: Path) -> None:
    protocol = small(name) if name in FOUNDING else shipped(name)
    text = model_of(protocol)
    expected = asserted(text, protocol)
    for number, prop in enumerate(protocol.properties, 1):
        if prop.name != DEADLOCK:
            folder = tmp_path / str(number)
            folder.mkdir()
            assert _errs(text, number, folder) == (prop.name in expected), prop.name


def _errs(text: str, number: int, folder: Path) -> bool:
    """Whether SPIN finds an error of a property, every state visited otherwise."""
    (folder / "model.pml").write_text(text)
    for command in (
        ["spin", f"-DPROPERTY={number}", "-a", "model.pml"],
        ["gcc", "-O0", "-w", "-DSAFETY", "-DNOREDUCE", "-o", "pan", "pan.c"],
    ):
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
    done = subprocess.run(["./pan", "-E"], cwd=folder, check=True, capture_output=True, text=True)
    assert "max search depth" not in done.stdout
    errors = re.search(r"errors: (\d+)", done.stdout)
    assert errors
    return errors[1] != "0"


@pytest.mark.parametrize("name", [*FOUNDING, *OTHERS])
def test_a_parser_of_promela_reads_models(name: str) -> None:
    yacc = pytest.importorskip("promela.yacc", reason="the package promela is not installed")
    protocol = shipped(name)
    words = [
        "1" if word == "PROPERTY" else word for word in promela.preprocessed(model_of(protocol))
    ]
    units = yacc.Parser().parse(" ".join(words))
    assert [one.name for one in units if type(one).__name__ == "Proctype"][-1:] != []


LEFT = """protocol left
shared n = 0
thread t {
    x = 0
    while 3 (1 == 1) {
        x = n
        if (x == 1)
            break
        n = x + 1
    }
    over: assert x == 0
    n = 2
}
bounds t 1
"""


@pytest.mark.parametrize("text", [ROWS, LEFT])
def test_what_the_protocol_has_no_name_for_has_one_that_promela_knows(text: str) -> None:
    assert compared(checked(text), 100)


def test_sleeping_with_interrupts_off_is_refused() -> None:
    """A model does not know that the lane has switched them off; a system does."""
    text = """protocol masked
shared x = 0
mutex m
update u {
    local_irq_disable()
    mutex_lock(m)
    x++
    mutex_unlock(m)
    local_irq_enable()
}
bounds updates 2
never bad: x == 9 always
"""
    protocol = checked(text)
    found, system = promela_of(protocol), system_of(protocol)
    assert isinstance(found, NotCovered)
    assert found.reason == "interrupts are off where a lane may sleep"
    assert isinstance(system, System)
    closed = close(system)
    assert isinstance(closed, Closed)
    assert "lock_misuse" in closed.violated


@pytest.mark.parametrize(
    ("condition", "reason"),
    [
        ("x >> x == 5", "a property shifts by a number that is no literal"),
        ("p == o", "a property names an object"),
        ("k[lane] == 5", "a property says `lane`"),
    ],
)
def test_properties_that_are_refused(condition: str, reason: str) -> None:
    """C has no value for a shift by as many places as an `int` has."""
    text = f"""protocol refused
struct node {{ data }}
object o: node = {{ data: 1 }}
shared p: node = null
shared k[t] = 0
shared x = 5
thread t {{ x = 32 }}
bounds t 1
never bad: {condition} always
"""
    refused = promela_of(checked(text))
    assert isinstance(refused, NotCovered)
    assert refused.reason == reason


def test_objects_that_keep_their_memory_are_refused() -> None:
    """A model would take a read of a freed object for one after its memory is gone."""
    found = promela_of(
        checked("""protocol kept
typesafe struct node { v }
object first: node = { v: 1 }
rcu p: node = first
update u {
    old = p
    rcu_assign_pointer(p, null)
    kfree(old)
}
thread r {
    rcu_read_lock()
    q = rcu_dereference(p)
    if (q != null)
        WRITE_ONCE(q->v, 2)
    rcu_read_unlock()
}
bounds updates 1, r 1
""")
    )
    assert isinstance(found, NotCovered)
    assert found.reason == "freed objects of a `typesafe` struct keep their memory"
