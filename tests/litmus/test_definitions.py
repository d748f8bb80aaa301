"""The table of the kernel's functions, and its reader."""

import pytest

from smtmodel.litmus.definitions import definitions
from smtmodel.litmus.instructions import (
    BUILT_IN,
    Argument,
    Elementary,
    Instruction,
    Instructions,
    Use,
    kernel,
)
from smtmodel.source import Text
from tests.support.litmus_corpus import CORPUS, needs_corpus, text_of


def read(content: str) -> Instructions:
    found = definitions(Text("table", content))
    assert isinstance(found, dict), found
    return {name: one for name, one in found.items() if name not in BUILT_IN}


def test_definitions_are_read() -> None:
    found = read(
        """// a comment
        LOAD(X) __load{Some-Tag}(X)
        through(X) LOAD(*X)
        both(X,V) { __store{once}(X,V); __fence{mb}; }
        less(V,X) __atomic_op_return{mb}(X,&~,V) < 0
        none(X) { __atomic_op(X,-,1); }
        """
    )
    assert found == {
        "LOAD": Instruction("LOAD", 1, (Use(Elementary.LOAD, "some-tag", 0, False),)),
        "through": Instruction("through", 1, (Use(Elementary.LOAD, "some-tag", 0, True),)),
        "both": Instruction(
            "both",
            2,
            (
                Use(Elementary.STORE, "once", 0, False, operands=(Argument(1),)),
                Use(Elementary.FENCE, "mb"),
            ),
        ),
        "less": Instruction(
            "less",
            2,
            (Use(Elementary.MODIFY_RETURN, "mb", 1, True, "&~", (Argument(0),)),),
            ("<", 0),
        ),
        "none": Instruction("none", 1, (Use(Elementary.MODIFY, "noreturn", 0, True, "-", (1,)),)),
    }


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("f(X) __what{once}(X)", "E803"),
        ("f(X) __load{once}(Y)", "E803"),
        ("f(X) g(X)", "E803"),
        ("f(X) __load{once}(X,X)", "E801"),
        ("f(X) { __atomic_op(X,1); }", "E801"),
        ("f(X) __load{once}(3)", "E801"),
        ("f(X) { __fence{mb};", "E801"),
        ("f(X) __load{once", "E801"),
    ],
)
def test_wrong_tables_are_refused(content: str, code: str) -> None:
    found = definitions(Text("table", content))
    assert isinstance(found, tuple)
    assert found[0].code.name == code


@needs_corpus
def test_the_table_is_the_published_one() -> None:
    assert definitions(text_of(CORPUS / "cat" / "linux-kernel.def")) == kernel()
