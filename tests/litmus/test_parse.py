"""What the reader of litmus tests makes of texts, right and wrong ones."""

import random

import pytest

from smtmodel.litmus import program
from smtmodel.litmus.instructions import Elementary, kernel
from smtmodel.litmus.parse import parse
from smtmodel.litmus.program import (
    AddressOf,
    Arithmetic,
    Assigns,
    Conditional,
    Equals,
    FinalValue,
    Integer,
    LitmusTest,
    Negated,
    Performed,
    Performs,
    Quantifier,
    RegisterOf,
    ThreadRegister,
)
from smtmodel.source import Text
from tests.support.litmus_corpus import litmus_files, needs_corpus, text_of

MESSAGE = r"""C MP+once
"a title" (* a comment (* in it another *) with a { *)
Orig=any remark, [even] this one

{ int x = 0; y = 2; atomic_t z = ATOMIC_INIT(3); int *p = &x; 1:r9 = y; }

P0(int *x, volatile int *y) // the writer
{
	WRITE_ONCE(*x, 1);
	/* READ_ONCE(*x) is no comment's end */
	*y = 1;
}

P1(int *x, int *y, intptr_t *p)
{
	intptr_t r0 = (intptr_t)rcu_dereference(*(intptr_t **)p);
	int r1, *r2;

	if (r0 != READ_ONCE(*y) + 1 << 2) {
		r1 = *(int *)r0;
		smp_store_mb(*x, -1);
	} else
		atomic_inc(x);
}

locations [x; 1:r0]
filter (y=1)
exists (1:r0=x /\ ~1:r1!=0x10 \/ p=&y)
"""


def read(content: str) -> LitmusTest:
    test = parse(Text("test", content), kernel())
    assert isinstance(test, LitmusTest), test
    return test


def body(statements: str) -> tuple[program.Statement, ...]:
    return (
        read(f"C t\n{{}}\nP0(int *x, int *y) {{ {statements} }}\nexists (x=0)")
        .threads[0]
        .statements
    )


def test_a_test_is_read_as_written() -> None:
    test = read(MESSAGE)
    assert (test.name, test.quantifier) == ("MP+once", Quantifier.EXISTS)
    assert test.variables == (
        ("x", Integer(0)),
        ("y", Integer(2)),
        ("z", Integer(3)),
        ("p", AddressOf("x")),
    )
    assert [thread.name for thread in test.threads] == ["P0", "P1"]
    assert ("r9", AddressOf("y")) in test.threads[1].registers
    assert test.required == Equals(FinalValue("y"), Integer(1))
    first, second = test.condition.conditions  # type: ignore[union-attr]
    assert first.conditions[0] == Equals(RegisterOf(1, "r0"), AddressOf("x"))  # type: ignore[union-attr]
    assert first.conditions[1] == Negated(Negated(Equals(RegisterOf(1, "r1"), Integer(16))))  # type: ignore[union-attr]
    assert second == Equals(FinalValue("p"), AddressOf("y"))


def test_statements_are_elementary_operations_with_tags() -> None:
    test = read(MESSAGE)
    store, plain = test.threads[0].statements
    match store, plain:
        case (
            Performs(
                Performed(Elementary.STORE, "once", ThreadRegister("x"), "", (Integer(1),), span)
            ),
            Performs(
                Performed(Elementary.STORE, "plain", ThreadRegister("y"), "", (Integer(1),), _)
            ),
        ):
            assert (span.line, span.column) == (9, 2)
        case _:
            pytest.fail(str(test.threads[0].statements))
    assigns, branch = test.threads[1].statements
    match assigns, branch:
        case (
            Assigns("r0", Performed(Elementary.LOAD, "once", ThreadRegister("p"))),
            Conditional(
                Arithmetic("!=", (ThreadRegister("r0"), Arithmetic("<<", _))), then, otherwise
            ),
        ):
            assert len(then) == 3
            assert [one.value.elementary for one in otherwise] == [Elementary.MODIFY]  # type: ignore[union-attr]
        case _:
            pytest.fail(str(test.threads[1].statements))


R1, R2, ONE, THREE, FOUR = (
    ThreadRegister("r1"),
    ThreadRegister("r2"),
    Integer(1),
    Integer(3),
    Integer(4),
)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("r1 + r2 * 3", Arithmetic("+", (R1, Arithmetic("*", (R2, THREE))))),
        ("r1 - r2 - 3", Arithmetic("-", (Arithmetic("-", (R1, R2)), THREE))),
        ("(r1 | 1) & 4", Arithmetic("&", (Arithmetic("|", (R1, ONE)), FOUR))),
        ("r1 == 1 && r2", Arithmetic("&&", (Arithmetic("==", (R1, ONE)), R2))),
        ("-r1", Arithmetic("negate", (R1,))),
        ("!(unsigned long)(u64 *)r1", Arithmetic("!", (R1,))),
        ("!(char)r1", Arithmetic("!", (R1,))),
        ("&z", AddressOf("z")),
        ("&*r1", R1),
    ],
)
def test_values_are_read_as_c_has_them(written: str, meant: program.Expression) -> None:
    assert body(f"r0 = {written};") == (Assigns("r0", meant),)


def test_calls_within_calls() -> None:
    (store,) = body("WRITE_ONCE(*x, READ_ONCE(*y) + 1);")
    match store:
        case Performs(Performed(Elementary.STORE, "once", _, _, (Arithmetic("+", (inner, _)),), _)):
            assert isinstance(inner, Performed)
            assert inner.elementary is Elementary.LOAD
        case _:
            pytest.fail(str(store))


def test_a_test_of_a_result_is_a_comparison() -> None:
    (assigns,) = body("r0 = atomic_dec_and_test(x);")
    assert isinstance(assigns, Assigns)
    match assigns.value:
        case Arithmetic("==", (Performed(Elementary.MODIFY_RETURN, "mb", _, "-"), Integer(0))):
            pass
        case other:
            pytest.fail(str(other))


START = "C t\n{}\nP0(int *x) {\n"
END = "\n}\nexists (x=0)\n"


@pytest.mark.parametrize(
    ("content", "code", "line", "column", "said"),
    [
        ("", "E004", 1, 1, "no litmus test"),
        ("X86 t\n{}", "E801", 1, 1, "`C`"),
        ("C t\nP0(int *x)", "E801", 2, 11, "no initial state"),
        ("C t\n(* open\n{}", "E103", 2, 1, "never closed"),
        (f"{START}r0 = READ_ONCE(x);{END}", "E801", 4, 6, "no place in memory"),
        (f"{START}r0 = smp_mb();{END}", "E801", 4, 6, "yields no value"),
        (f"{START}r0 = LOAD(*x);{END}", "E803", 4, 6, "LOAD"),
        (f"{START}while (1) ;{END}", "E802", 4, 1, "while"),
        (f"{START}int r[2];{END}", "E802", 4, 6, "arrays"),
        (f"{START}r0 = xchg(x);{END}", "E801", 4, 6, "takes 2 arguments, not 1"),
        (f"{START}r0 + 1 = 2;{END}", "E801", 4, 1, "assigned"),
        (f"{START}r0 = 1a;{END}", "E107", 4, 6, "1a"),
        (f"{START}r0 = 010;{END}", "E802", 4, 6, "octal"),
        (f"{START}r0 = @;{END}", "E102", 4, 6, "'@'"),
        (f"{START}r0 = {'(' * 200}1;{END}", "E105", 4, 105, "100 levels"),
        (f"{START}{'{' * 200}{END}", "E105", 4, 101, "100 levels"),
        (f"{START}r0 = 1{' + 1' * 200};{END}", "E105", 4, 402, "100 levels"),
        (f"{START}r0 = 1{'0' * 5000};{END}", "E802", 4, 6, "digits"),
        (f"{START}r0 = 1;", "E801", 4, 8, "the text ends"),
        ("C t\n{}\nP0(int *x) {}\nexists (1:r0=0)", "E803", 4, 9, "no lane P1"),
        ("C t\n{ 3:r0=1; }\nP0(int *x) {}\nexists (x=0)", "E803", 2, 3, "P3"),
        ("C t\n{}\nP0(int *x) {}\nexists (x=0) x", "E801", 4, 14, "end of the text"),
        ("C t\n{}\nP1(int *x) {}\nexists (x=0)", "E801", 3, 1, "`P0`"),
        ("C t\n{}\nP0(int *x) {}\nsometimes (x=0)", "E801", 4, 1, "`exists`"),
        ("C t\n{}\nP0(int x) {}\nexists (x=0)", "E801", 3, 8, "a pointer"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(
    content: str, code: str, line: int, column: int, said: str
) -> None:
    found = parse(Text("test", content), kernel())
    assert isinstance(found, tuple)
    (diagnostic,) = found
    assert diagnostic.code.name == code
    assert (diagnostic.span.line, diagnostic.span.column) == (line, column)
    assert said in diagnostic.message


def test_no_text_makes_the_reader_fail() -> None:
    choose = random.Random(7)
    known = kernel()
    for _ in range(3000):
        start, end = sorted(choose.sample(range(len(MESSAGE)), 2))
        put = choose.choice(["", "(", "(*", "}", "{", ";", "*", "=", "0x", "P2", "é", "\0"])
        end = min(end, start + choose.randrange(6))
        found = parse(Text("test", MESSAGE[:start] + put + MESSAGE[end:]), known)
        assert isinstance(found, LitmusTest) or len(found) == 1


@needs_corpus
def test_all_public_tests_are_read() -> None:
    known = kernel()
    wrong = [path for path in litmus_files() if isinstance(parse(text_of(path), known), tuple)]
    assert wrong == []
