"""Properties of protocols as the text of litmus tests: read again, they say the same."""

from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest

from smtmodel import pipeline
from smtmodel.language.checked import Checked, Property
from smtmodel.litmus.instructions import kernel
from smtmodel.litmus.parse import parse
from smtmodel.litmus.program import Assigns, Condition, Integer, LitmusTest, Performed
from smtmodel.litmus.text import text_lines
from smtmodel.litmus.unroll import unroll
from smtmodel.litmus.written import in_c
from smtmodel.litmus.written.exported import exported
from smtmodel.litmus.written.protocol import WrittenProtocol
from smtmodel.litmus.written.refused import NotWritten
from smtmodel.litmus.written.supported import supported
from smtmodel.models.lkmm import LKMM
from smtmodel.solving.ends import LitmusQuestions
from smtmodel.solving.result import Limits
from smtmodel.solving.weakly import MODELS
from smtmodel.source import Diagnostic, Span, Text
from smtmodel.source.record import replace, rewritten
from smtmodel.source.refusal import Refusal
from tests.support.differential import checked
from tests.support.lengths import long_but
from tests.support.litmus_corpus import litmus_files, needs_corpus, text_of
from tests.support.random_protocols import text
from tests.support.random_small import small

ROOT = Path(__file__).parents[2]
EACH = 25
FOLDERS = ("docs/weak", "tests/litmus", "tests/targets", "protocols")
PLACE = Span(1, 1, 1, 1)


def able(protocol: Checked) -> Checked | None:
    found = supported(protocol)
    return None if isinstance(found, Diagnostic) else found


def texts_of(protocol: Checked) -> Iterator[tuple[Property, str]]:
    """The properties that have a text."""
    for item in protocol.properties:
        try:
            yield item, exported(protocol, item)
        except NotWritten:
            continue


def read(written: str) -> LitmusTest:
    found = parse(Text("exported.litmus", written), kernel())
    assert isinstance(found, LitmusTest), f"{found}\n{written}"
    return found


def observed(test: LitmusTest) -> bool:
    """Whether some execution ends as the test says."""
    model = replace(LKMM, flags=())
    return LitmusQuestions(test, unroll(test), model, Limits()).possible(True) is not None


def violated(protocol: Checked, item: Property) -> bool:
    """Whether `prove` finds an execution that violates a property, or meets a goal."""
    return any(
        LitmusQuestions(
            x.test, unroll(x.test), replace(MODELS[x.view], flags=()), Limits()
        ).violating()
        is not None
        for x in WrittenProtocol(protocol).violations(item)
    )


def compare(protocol: Checked, told: str) -> int:
    """How many texts say the same; there is none that does not."""
    compared = 0
    for item, written in texts_of(protocol):
        same = observed(read(written)) == violated(protocol, item)
        assert same, f"{item.name}\n{told}\n{written}"
        compared += 1
    return compared


# ---------------------------------------------------------------- round trips

SHIPPED = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.dsl"))]


@pytest.mark.parametrize("chunk", long_but((0,), range(8)))
def test_what_is_shipped_is_read_again_with_the_same_verdict(chunk: int) -> None:
    compared = 0
    for path in SHIPPED[chunk::4]:
        for found in loaded(path):
            compared += compare(found, str(path))
    assert compared


def loaded(path: Path) -> Iterator[Checked]:
    """The protocols of a file that can be asked under lkmm."""
    found = pipeline.load(str(path))
    assert not isinstance(found, Refusal)
    for one in found:
        protocol = able(one.checked)
        if protocol is not None:
            yield protocol


@pytest.mark.parametrize("chunk", long_but((0,), range(16)))
def test_random_protocols_are_read_again_with_the_same_verdict(chunk: int) -> None:
    compared = 0
    for seed in range(chunk * EACH, (chunk + 1) * EACH):
        for written in (small(seed), text(seed, weak=False)):
            made = checked(written)
            assert isinstance(made, Checked)
            protocol = able(made)
            if protocol is not None:
                compared += compare(protocol, written)
    assert compared


@needs_corpus
def test_public_tests_are_written_as_they_were_read() -> None:
    for path in litmus_files()[::8]:
        test = read(text_of(path).content)
        again = read("\n".join((*text_lines(test), "")))
        assert plain(again) == plain(test), path


def plain(test: LitmusTest) -> LitmusTest:
    """A test without places in its text, nor what says that a register holds 0 at the start."""

    def instead(part: object) -> object:
        if isinstance(part, Performed) and part.span != PLACE:
            return rewritten(replace(part, span=PLACE), instead)
        return None

    threads = tuple(
        replace(
            one,
            registers=tuple(sorted(one.registers, key=str)),
            statements=tuple(
                rewritten(x, instead)
                for x in one.statements
                if not (isinstance(x, Assigns) and x.value == Integer(0))
            ),
        )
        for one in test.threads
    )
    return replace(test, variables=tuple(sorted(test.variables, key=str)), threads=threads)


# ---------------------------------------------------------------- what is written


def protocol_of(
    steps: str, property_: str = "never odd: x == 9 finally", before: str = ""
) -> Checked:
    made = checked(f"""protocol one
{before}
shared x = 0
shared y = 0
mutex m
thread t {{
    x = 0
    {steps}
    WRITE_ONCE(y, 1)
}}
{property_}
bounds t 2
""")
    assert isinstance(made, Checked), made
    found = able(made)
    assert found is not None
    return found


def test_a_test_says_what_its_protocol_says() -> None:
    steps = """a = smp_load_acquire(x)
    if (a == 1 && READ_ONCE(y) == 1) smp_store_release(x, 2)
    assert a != 2"""
    made = protocol_of(steps)
    asserted = next(one for one in made.properties if "assert" in one.name)
    assert exported(made, asserted).expandtabs(4) == WANTED


LANE = """\
{
    int a = 0;
    int r2 = 0;
    int r3 = 0;
    int failed_assert_1 = 0;

    *x = 0;
    a = smp_load_acquire(x);
    r2 = (a == 1) != 0;
    if (r2) {
        r3 = READ_ONCE(*y);
        r2 = (r3 == 1) != 0;
    }
    if (r2) {
        smp_store_release(x, 2);
    }
    failed_assert_1 = (a != 2) == 0;
    WRITE_ONCE(*y, 1);
}
"""
WANTED = f"""C one-assert-1

{{}}

P0(int *x, int *y)
{LANE}
P1(int *x, int *y)
{LANE}
exists (0:failed_assert_1=1 \\/ 1:failed_assert_1=1)
"""

REFUSED = {
    "an object that is copied or allocated": ("q = copy p\n    q.f = 1", "rcu p: s = { f: 0 }"),
    "a free choice": ("a = choose 0..1\n    x = a", ""),
    "an object with several fields": ("a = p.f\n    x = a", "rcu p: s2 = { f: 0, g: 0 }"),
    "a plain access to what atomics change": ("atomic_inc(x)", ""),
    "an entry that may be empty": ("e = { f: 0 }", "shared cache e { f }"),
    "the operator `%`": ("a = READ_ONCE(x)\n    y = a % 2", ""),
}


@pytest.mark.parametrize("reason", REFUSED)
def test_what_a_test_in_c_cannot_say_is_refused(reason: str) -> None:
    steps, before = REFUSED[reason]
    structs = "struct s { f }\nstruct s2 { f, g }\n" if "rcu" in before else ""
    made = protocol_of(steps, before=structs + before)
    (item,) = (one for one in made.properties if one.name == "odd")
    with pytest.raises(NotWritten, match=reason):
        exported(made, item)


PROPERTIES = {
    "never odd: x == 9 always": "`always`: memory at an instant is no final state",
    "never odd: x == y finally": "two values compared in a final state",
    "never odd: x > 1 finally": "this in a final state",
}


@pytest.mark.parametrize("property_", PROPERTIES)
def test_what_no_final_state_tells_is_refused(property_: str) -> None:
    made = protocol_of("x = 1", property_)
    (item,) = (one for one in made.properties if one.name == "odd")
    with pytest.raises(NotWritten, match=PROPERTIES[property_]):
        exported(made, item)


ENDS = {
    "never odd: x != 2 finally": False,
    "never odd: x != 1 finally": True,
    "never odd: !(x == 2) finally": False,
    "never odd: x == 1 || x == 0 finally": False,
    "never odd: x == 2 && y == 0 finally": True,
    "never odd: x == 2 when y != 0 finally": False,
    "never odd: t[0].r == t[1].r && 0 == 1 finally": None,
    "never odd: t[0].r == 0 && t[1].r == 0 finally": False,
    "never odd: t[1].r == 1 && t[0].r == 0 finally": True,
    "reach odd: x == 2 finally": True,
    "reach odd: x == 3 finally": False,
}


@pytest.mark.parametrize("claim", ENDS)
def test_conditions_on_the_end_are_those_of_the_property(claim: str) -> None:
    made = checked(f"""protocol ends
shared x = 0
shared y = 0
mutex m
thread t {{
    mutex_lock(m)
    r = READ_ONCE(x)
    WRITE_ONCE(x, r + 1)
    mutex_unlock(m)
    if (r == 7) WRITE_ONCE(y, 1)
}}
{claim}
bounds t 2
""")
    assert isinstance(made, Checked)
    protocol = able(made)
    assert protocol is not None
    found = [observed(read(told)) for item, told in texts_of(protocol) if item.name == "odd"]
    wanted = ENDS[claim]
    assert found == ([] if wanted is None else [wanted])


def test_registers_and_variables_have_names_of_their_own() -> None:
    steps = "a = READ_ONCE(r1) + READ_ONCE(int_t)\n    assert a == 0"
    made = protocol_of(steps, before="shared r1 = 0\nshared int_t = 0")
    (item,) = (one for one in made.properties if "assert" in one.name)
    told = exported(made, item)
    assert "r1_2 = READ_ONCE(*r1);" in told
    assert "READ_ONCE(*int_t_2)" in told
    assert not observed(read(told))


# ---------------------------------------------------------------- faults

PASSING = """protocol passing
shared data = 0
shared flag = 0
thread a {
    WRITE_ONCE(data, 2)
    smp_wmb()
    WRITE_ONCE(flag, 1)
}
thread b {
    seen = READ_ONCE(flag)
    smp_rmb()
    value = READ_ONCE(data)
    assert seen == 0 || value != 0 && seen
}
bounds a 1, b 1
"""
EXCLUDING = """protocol excluding
shared x = 0
mutex m
thread t {
    mutex_lock(m)
    r = READ_ONCE(x)
    WRITE_ONCE(x, r + 1)
    mutex_unlock(m)
}
never lost: x == 1 finally
bounds t 2
"""


def same(written: str) -> bool:
    made = checked(written)
    assert isinstance(made, Checked)
    protocol = able(made)
    assert protocol is not None
    return all(
        observed(read(told)) == violated(protocol, item) for item, told in texts_of(protocol)
    )


def unfiltered(test: in_c.RewrittenTest, condition: Condition) -> LitmusTest:
    return replace(TEST(test, condition), required=None)


TEST = in_c.RewrittenTest.test
FAULTS = {
    "nothing is required": (EXCLUDING, in_c.RewrittenTest, "test", unfiltered),
    "a barrier is lost": (PASSING, in_c, "UNTOLD", (*in_c.UNTOLD, "wmb")),
    "not is forgotten": (PASSING, in_c, "_not", lambda value: value),
    "and without truth": (
        PASSING.replace("value != 0 &&", "value &&"),
        in_c,
        "_truth",
        lambda x: x,
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_text_that_says_another_thing_is_noticed(fault: str) -> None:
    written, where, name, instead = FAULTS[fault]
    assert same(written)
    with patch.object(where, name, instead):
        assert not same(written)
