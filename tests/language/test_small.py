"""What the language has for single steps of real patches, and what it says where it has nothing."""

from pathlib import Path

import pytest

from smtmodel.language.checked import Checked, NamedObject
from smtmodel.models import SC
from smtmodel.source.record import parts
from smtmodel.systems.system import NotCovered
from smtmodel.systems.translate import system_of
from tests.support.differential import checked, compare
from tests.support.front import diagnose

HEAD = """\
protocol small
struct node { data, next: node }
object first: node = { data: 1, next: null }
object second: node = { data: 2, next: first }
shared list: node = null
shared x = 0
shared b: bits 4 = 5
ghost g = 0
"""
TAIL = "\nnever bad: x == 99 always\nbounds t 2\n"


def text(steps: str, more: str = "") -> str:
    return f"{HEAD}thread t {{\n{steps}\n}}\n{more}{TAIL}"


ALIKE = {
    "an object by its name": (
        "list = second\np = list\nif (p != second) x = p.data\nassert p.data + first.data < 4",
        "never null: list == null finally\nnever one: list == first always\n",
    ),
    "exchanged objects": (
        "p = cmpxchg(&list, null, first)\nq = xchg(&list, second)\nassert p != second || q != null",
        "never left: list != second finally\n",
    ),
    "a ghost before anything": (
        "smp_rmb()\nwas = g\nx = 1\ng = 1\nassert x == 1 || was == 0",
        "never late: g != 1 finally\n",
    ),
    "an access for its own sake": ("list = second\np = list\nREAD_ONCE(p.data)\n_d = p.data", ""),
    "bits": (
        "k = b ^ 3\nb = ~k\natomic_or(1 << k % 2, &b)\nif (test_and_clear_bit(0, &b)) x = b & ~k",
        "never high: b >> 2 == 1 finally\n",
    ),
    "looking first": (
        "r = atomic_add_unless(&x, 2, 4)\nn = atomic_dec_if_positive(&x)\nassert n + 1 >= r",
        "never gone: x < 0 always\nnever two: x == 2 finally\n",
    ),
    "a choice": ("x = b > 4 && x == 0 ? 2 : x ? x + 1 : 7", "never three: x == 3 finally\n"),
}


@pytest.mark.parametrize("what", ALIKE)
def test_prover_and_explorer_say_the_same(what: str) -> None:
    protocol = checked(text(*ALIKE[what]))
    assert isinstance(protocol, Checked), protocol
    found = compare(protocol, SC, 3_000, shrinks=False)
    assert found.finished
    assert not found.differences


REFUSED = {
    "x = ~x": ("E321", "no width whose bits", "`a & ~b` leaves out bits"),
    "atomic_or(1, &x)": ("E301", "a number without a width has none", "`: bits N`"),
    "set_bit(x, &b)": ("E321", "from 0 to 3, as a literal", "`atomic_or(1 << n, &x)`"),
    "x = test_bit(0, &x)": ("E301", "`test_bit` works on bits, and this is a number", "bits N"),
    "if (b & 1 == 1) x = 1": ("E321", "a comparison is no mask", "`==` binds tighter than `&`"),
    "d = x": ("E402", "`d` is assigned but never read", "write `READ_ONCE(…)` alone, or `_d`"),
    "was = g\nx = 1\nassert was == 0": ("E408", "no event of this block", "`smp_rmb()`"),
    "s = get_state_synchronize_rcu()\nx = s": ("E206", "unknown", "grace periods are not polled"),
    "p = list\ncall_rcu(kfree(p))": ("E312", "`kfree` has no value", "wait for one, then free"),
    "wait_event(x == 1)": ("E307", "takes 2 arguments, not 1", "`wait until (…)`"),
    "wait until (x ? b : x)": ("E312", "several steps", "`if` and `else`"),
}


@pytest.mark.parametrize("steps", REFUSED)
def test_what_there_is_not_is_refused_with_the_way_to_say_it(steps: str) -> None:
    (found,) = diagnose(text(steps))
    code, message, hint = REFUSED[steps]
    assert found.code.name == code
    assert message in found.message
    assert hint in found.suggestion


def test_a_choice_is_no_part_of_a_property() -> None:
    (found,) = diagnose(text("x = 1", "never c: (x ? 1 : b) == 1 always\n"))
    assert (found.code.name, "`&&` and `||`" in found.suggestion) == ("E701", True)


def test_no_system_has_objects_by_their_names() -> None:
    protocol = checked(text(*ALIKE["an object by its name"]))
    assert isinstance(protocol, Checked)
    assert any(isinstance(one, NamedObject) for one in parts(protocol.blocks))
    assert isinstance(system_of(protocol), NotCovered)


@pytest.mark.parametrize("steps", ["x = x ^ 1", "x = x & x", "x = 1 << x", "n = x\nx = b | n"])
def test_no_system_has_bits_of_numbers_without_end(steps: str) -> None:
    protocol = checked(text(f"{steps}\nx = x + 1"))
    assert isinstance(protocol, Checked)
    from smtmodel.systems.close import close
    from smtmodel.systems.system import System

    system = system_of(protocol)
    assert isinstance(system, System)
    assert isinstance(close(system), NotCovered)


# ---------------------------------------------------------------- examples beside the project

GAPS = Path(__file__).parents[3] / "shared" / "inputs" / "gaps"
SAID = {"g08": "", "g10": "", "g11": "", "g13": ""} | {
    "g05": "E408",
    "g06": "E402",
    "g09": "E206",
    "g12": "E312",
}
"""What is said of each: accepted, or the code with which it is refused."""


@pytest.mark.skipif(not GAPS.exists(), reason="there is no ../shared/inputs/gaps here")
@pytest.mark.parametrize("name", SAID)
def test_an_example_of_what_could_not_be_said(name: str) -> None:
    found = checked((GAPS / f"{name}.dsl").read_text())
    codes = set() if isinstance(found, Checked) else {one.code.name for one in found}
    assert codes == ({SAID[name]} if SAID[name] else set())
