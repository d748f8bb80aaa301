"""Memory models read from files: what statements and terms mean, and what is refused where."""

import re
from pathlib import Path
from textwrap import dedent

import pytest

from smtmodel.executions.evaluate import Evaluation
from smtmodel.language.codes import TABLE, page
from smtmodel.models.cat.reader import read_model
from smtmodel.models.normal import Normal
from smtmodel.models.terms import (
    CO,
    EXT,
    FR,
    LOC,
    PO,
    RF,
    AllIn,
    AnyIn,
    AxiomForm,
    Base,
    Closure,
    Complement,
    Difference,
    Domain,
    Events,
    EventSet,
    Except,
    Identity,
    Intersection,
    Inverse,
    Model,
    Nested,
    Optional,
    Outside,
    Product,
    Range,
    Recursion,
    Relation,
    Sequence,
    Star,
    Union,
    then,
)
from smtmodel.source.refusal import Refusal
from tests.support.model_lanes import execution

R, W, F, M = Events("R"), Events("W"), Events("F"), AnyIn((Events("R"), Events("W")))
INT = Base("int")


def read(folder: Path, content: str) -> Model | Refusal:
    file = folder / "model.cat"
    file.write_text(dedent(content))
    return read_model(str(file))


def model(folder: Path, content: str) -> Model:
    found = read(folder, content)
    assert isinstance(found, Model), found.sentences
    return found


def refused(folder: Path, content: str) -> tuple[str, int, str]:
    """The code, the line and the sentence that a text is refused with."""
    found = read(folder, content)
    assert isinstance(found, Refusal)
    assert found.text is not None
    (diagnostic,) = found.diagnostics
    return diagnostic.code.name, diagnostic.span.line, diagnostic.message


TERMS: list[tuple[str, Relation | EventSet]] = [
    ("po | rf | co", Union((PO, RF, CO))),
    ("rf ; co | po", Union((Sequence(RF, CO), PO))),
    (r"po ; rf \ co", Sequence(PO, Difference(RF, CO))),
    (r"po \ rf \ co", Difference(Difference(PO, RF), CO)),
    (r"po \ rf & co", Difference(PO, Intersection(RF, CO))),
    ("po & R*W", Intersection(PO, Product(R, W))),
    ("po & R * W | rf*;co", Union((Intersection(PO, Product(R, W)), Sequence(Star(RF), CO)))),
    ("(rf | co)* & po", Intersection(Star(Union((RF, CO))), PO)),
    ("[R] ; po ; [W & ~F]", then(R, PO, AllIn((W, Outside(F))))),
    ("rf^-1 ; co+", Sequence(Inverse(RF), Closure(CO))),
    ("co^+ | co^* | co?", Union((Closure(CO), Star(CO), Optional(CO)))),
    ("~po & ~ ~rf", Intersection(Complement(PO), RF)),
    (r"R \ W", Except(R, W)),
    ("domain(rf) | range(rf; po)", AnyIn((Domain(RF), Range(Sequence(RF, PO))))),
    ("domain rf", Domain(RF)),
    ("fencerel(Mb)", then(PO, Events("Mb"), PO)),
    ("different-values(rf)", Intersection(RF, Base("different-values"))),
    ("M * _", Product(M, Events("All"))),
    (
        "rfe | fri | coe",
        Union((Intersection(RF, EXT), Intersection(FR, INT), Intersection(CO, EXT))),
    ),
    ("po-loc", Intersection(PO, LOC)),
    ("MB | Once", AnyIn((Events("Mb"), Events("Once")))),
    ("0 | po", PO),
    ("[emptyset | R]", Identity(R)),
    ("[{}] ; po", then(AnyIn(()), PO)),
    ("let two = po ; po in two ; two", then(PO, PO, PO, PO)),
    ("let f(r) = r ; rf in f(po) | f(co)", Union((Sequence(PO, RF), Sequence(CO, RF)))),
    ("let f (s, r) = [s] ; r in f(W, po)", then(W, PO)),
    ("let f s = [s] in f W", Identity(W)),
    ("try nobody-knows with rf", RF),
    ("try rf with po", RF),
    ("Fence.r.rw | DMB.SY", AnyIn((Events("Fence.r.rw"), Events("DMB.SY")))),
]


@pytest.mark.parametrize(("text", "term"), TERMS, ids=[text for text, _ in TERMS])
def test_terms(tmp_path: Path, text: str, term: Relation | EventSet) -> None:
    table = Normal()
    numbers = table.definitions(model(tmp_path, f"let it = {text}\n").definitions)
    assert numbers["it"] == table.term(term, {})


def test_statements(tmp_path: Path) -> None:
    found = model(
        tmp_path,
        """\
        "A model (* of *) // nothing"
        (* a comment (* inside of another *) goes on *)
        let com = rf | co | fr   // communication
        # and this
        acyclic po | com as all
        ~empty rf as read
        irreflexive com
        irreflexive com ; com
        flag ~empty R \\ range(rf) as unread
        undefined_unless acyclic com as mixed
        show com, rf as reads
        unshow com
        """,
    )
    assert found.title == "A model (* of *) // nothing"
    assert [(a.name, a.form) for a in found.axioms] == [
        ("all", AxiomForm.ACYCLIC),
        ("read", AxiomForm.INHABITED),
        ("line-7", AxiomForm.IRREFLEXIVE),
        ("line-8", AxiomForm.IRREFLEXIVE),
    ]
    assert [(f.name, f.form) for f in found.flags] == [
        ("unread", AxiomForm.INHABITED),
        ("mixed", AxiomForm.CYCLIC),
    ]
    assert found.definitions[0].source == "model.cat, line 3"  # type: ignore[union-attr]


@pytest.mark.parametrize("title", ["SC", 'C "C++11"', "SPDX: GPL-2.0+", "", "// only a comment"])
def test_a_first_line_may_be_a_title(tmp_path: Path, title: str) -> None:
    assert [a.name for a in model(tmp_path, f"\n{title}\nacyclic po as x\n").axioms] == ["x"]


def test_a_name_may_be_given_again(tmp_path: Path) -> None:
    text = "let rf = rf & ext\nlet rf = rf ; po\nlet old = rfi\nacyclic rf\n"
    found = model(tmp_path, text)
    assert [d.name for d in found.definitions] == ["rf#2", "rf#3", "old"]  # type: ignore[union-attr]
    table = Normal()
    numbers = table.definitions(found.definitions)
    assert numbers["rf#3"] == table.term(Sequence(Intersection(RF, EXT), PO), {})
    assert numbers["old"] == table.term(Intersection(RF, INT), {})


def test_functions_know_the_names_of_their_place(tmp_path: Path) -> None:
    text = "let step = po\nlet twice(r) = r ; step ; r\nlet step = rf\nlet it = twice(co)\n"
    table = Normal()
    numbers = table.definitions(model(tmp_path, text).definitions)
    assert numbers["it"] == table.term(then(CO, PO, CO), {})


def test_recursion_over_sets_and_relations(tmp_path: Path) -> None:
    text = """\
        let f(r) = r ; po
        let rec reached = domain(rf) | range(way)
        and way = [reached] ; po | f(way)
        acyclic way
        """
    (group,) = model(tmp_path, text).definitions
    assert isinstance(group, Recursion)
    assert [isinstance(d.term, EventSet) for d in group.definitions] == [True, False]


PAIRS = """\
    let sections = let rec begun = {opening} \\ domain(pairs)
        and ended = {closing} \\ range(pairs)
        and either = begun | ended
        and next = [either] ; po ; [either]
        and pairs = pairs | (([begun] ; po ; [ended]) \\ (next ; next))
        in pairs
    acyclic sections
    """


def test_sections_that_nest_are_recognised(tmp_path: Path) -> None:
    text = dedent(PAIRS).format(opening="Rcu-lock", closing="(Rcu-unlock | UL)")
    table = Normal()
    numbers = table.definitions(model(tmp_path, text).definitions)
    closing = AnyIn((Events("Rcu-unlock"), Events("UL")))
    assert numbers["sections"] == table.term(Nested(Events("Rcu-lock"), closing), {})


@pytest.mark.parametrize(
    ("old", "new"),
    [("next ; next", "next"), ("domain", "range"), ("po ; [ended]", "po^-1 ; [ended]")],
)
def test_what_is_nearly_such_sections_is_not(tmp_path: Path, old: str, new: str) -> None:
    text = dedent(PAIRS).format(opening="R", closing="W").replace(old, new)
    assert refused(tmp_path, text)[0] == "E908"


# ---------------------------------------------------------------- files


def test_bell_and_cat_are_read_as_one_text(tmp_path: Path) -> None:
    bell, cat = tmp_path / "my.bell", tmp_path / "my.cat"
    bell.write_text(
        "enum Accesses = 'once || 'torn\ninstructions R[{'once,'torn}]\nlet ends = Torn | Once\n"
    )
    cat.write_text("acyclic [ends] ; po\n")
    found = read_model(str(bell), str(cat))
    assert isinstance(found, Model)
    assert found.name == "my"
    table = Normal()
    numbers = table.definitions(found.definitions)
    assert numbers["ends"] == table.term(AnyIn((Events("Torn"), Events("Once"))), {})


COHERENCE = """\
"all orders of the writes"
include "choices.cat"
let before = loc & IW * (W \\ IW)
let orders(s) = linearisations(s, before)
let found = map orders (partition(W))
with co from choices(found)
let coe = co & ext
let fr = rf^-1 ; co
"""
LOCKS = """\
include "choices.cat"
let lk-rmw = ([LKR] ; po-loc ; [LKW]) \\ (po ; po)
let rmw = rmw | lk-rmw
let seen r = let pair p = p ++ 0 in map pair ((LKW * {r}) & loc & ext)
with rfe-lf from choices(map seen LF)
let rf = rf | rfe-lf
let co = (co | [LKW] ; po ; [UL])+
"""
CHOICES = """\
let rec choices S = match S with
|| {} -> {0}
|| first ++ others -> fold (fun (e, y) -> map (fun t -> e | t) others | y) (first, {})
end
"""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "orders.cat").write_text(COHERENCE)
    (tmp_path / "locks.cat").write_text(LOCKS)
    (tmp_path / "choices.cat").write_text(CHOICES)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "inner.cat").write_text('include "other.cat"\nlet both = other | po\n')
    (tmp_path / "folder" / "other.cat").write_text("let other = rf\n")
    return tmp_path


def test_files_are_included_from_the_folder_of_the_file(files: Path) -> None:
    found = model(files, 'include "folder/inner.cat"\nacyclic both as it\n')
    assert [d.name for d in found.definitions] == ["other", "both"]  # type: ignore[union-attr]


def test_files_that_include_each_other_are_refused(files: Path) -> None:
    (files / "folder" / "other.cat").write_text('include "../folder/inner.cat"\n')
    found = read_model(str(files / "folder" / "inner.cat"))
    assert isinstance(found, Refusal)
    assert found.sentences[0].endswith(
        "other.cat, line 1: ../folder/inner.cat includes itself [E909]"
    )
    for number in range(70):
        (files / f"chain{number}.cat").write_text(f'include "chain{number + 1}.cat"\n')
    (files / "chain70.cat").write_text("acyclic po\n")
    assert refused(files, 'include "chain0.cat"\n')[0] == "E903"
    assert model(files, 'include "chain40.cat"\n').axioms


def test_a_file_that_chooses_coherence_is_replaced(files: Path) -> None:
    found = model(files, 'include "orders.cat"\nacyclic po | rf | co | fr as sc\n')
    table = Normal()
    expected = table.term(Union((PO, RF, CO, FR)), {})
    assert table.stated(found, found.axioms) == {("sc", "acyclic", expected)}


def test_a_file_that_chooses_what_locks_read_is_replaced(files: Path) -> None:
    found = model(files, 'include "locks.cat"\nlet taken = rmw\nlet reads = R\n')
    assert [flag.name for flag in found.flags] == ["mixed-lock-accesses", "unmatched-unlock"]
    lanes = execution("lock l 0; R.once x 0; unlock l 2; U.mb x 0 1")
    evaluation = Evaluation(found, lanes)
    table = Normal()
    numbers = table.definitions(found.definitions)
    assert numbers["reads"] == table.term(
        AnyIn(tuple(map(Events, ("R", "LKR", "LF", "RL", "RU")))), {}
    )
    assert evaluation.flags() == ()
    assert sum(row.bit_count() for row in evaluation.pairs(found.definitions[0].term)) == 2  # type: ignore[union-attr,arg-type]


def test_functions_that_go_through_choices_are_refused_where_they_are_used(files: Path) -> None:
    text = 'include "choices.cat"\nlet it = choices(rf)\n'
    assert refused(files, text)[:2] == ("E907", 2)
    assert model(files, 'include "choices.cat"\nacyclic po\n').axioms


def test_other_choices_are_refused(files: Path) -> None:
    (files / "other.cat").write_text("with lo from choices(W)\n")
    assert refused(files, 'acyclic po\ninclude "other.cat"\n')[:2] == ("E907", 2)
    (files / "more.cat").write_text(COHERENCE + "acyclic co | po\n")
    assert refused(files, 'include "more.cat"\n')[:2] == ("E907", 1)


def test_an_error_in_an_included_file_is_said_of_that_file(files: Path) -> None:
    (files / "folder" / "other.cat").write_text("let other = rf\nlet more = nothing-known\n")
    found = read(files, 'include "folder/inner.cat"\n')
    assert isinstance(found, Refusal)
    (sentence,) = found.sentences
    assert re.search(
        r"folder/other\.cat, line 2: `nothing-known` is neither .* \[E904\]$", sentence
    )


# ---------------------------------------------------------------- refused

REFUSED = [
    ("E901", 2, "let x = po\nlet y = ; po\n"),
    ("E901", 2, "let x = po |\n"),
    ("E901", 1, "let x = po $ rf\n"),
    ("E901", 2, "let x = po\nif \"variant\" then po else rf\n"),
    ("E902", 2, "let x = po\n(* never (* closed *)\n"),
    ("E903", 1, "let x = " + "(" * 70 + "~" * 70 + "po" + ")" * 70 + "\n"),
    ("E903", 21, "let f0(r) = r ; r\n"
     + "".join(f"let f{n + 1}(r) = f{n}(f{n}(r))\n" for n in range(19)) + "acyclic f19(po)\n"),
    ("E903", 2, "let f(r) = r ; r\nacyclic " + "f(" * 16 + "po" + ")" * 16),
    ("E904", 1, "acyclic po | comm\n"),
    ("E904", 1, "acyclic unknown(po)\n"),
    ("E905", 1, "acyclic W ; po\n"),
    ("E905", 1, "acyclic [po]\n"),
    ("E905", 1, "acyclic R | po\n"),
    ("E905", 1, "acyclic rf * W\n"),
    ("E905", 2, "let f(r) = r ; po\nacyclic f(W)\n"),
    ("E906", 2, "let f(r) = r\nacyclic f\n"),
    ("E906", 2, "let f(a, b) = a | b\nacyclic f(po)\n"),
    ("E906", 1, "acyclic domain(po, rf)\n"),
    ("E906", 1, "acyclic po(rf)\n"),
    ("E907", 1, "let x = {po}\n"),
    ("E907", 1, "let x = 'once\n"),
    ("E907", 1, "let x = po ++ rf\n"),
    ("E907", 1, "let x = fun y -> y\n"),
    ("E907", 2, "procedure p(r) = acyclic r end\ncall p(po)\n"),
    ("E907", 1, "with lo from orders(W)\n"),
    ("E907", 1, "let rec a = (let rec b = po | b in b) | a\n"),
    ("E907", 2, "let rec f(r) = r | f(r)\nlet x = f(po)\n"),
    ("E908", 2, "let y = po\nlet rec x = y \\ x\n"),
    ("E908", 1, "let rec x = po | ~x\n"),
    ("E909", 2, 'acyclic po\ninclude "nowhere.cat"\n'),
    ("E909", 1, 'include "model.cat"\n'),
]  # fmt: skip


@pytest.mark.parametrize(("code", "line", "text"), REFUSED, ids=range(len(REFUSED)))
def test_what_is_outside_is_refused_with_its_line(
    tmp_path: Path, code: str, line: int, text: str
) -> None:
    assert refused(tmp_path, text)[:2] == (code, line)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    found = read_model(str(tmp_path / "missing.cat"))
    assert isinstance(found, Refusal)
    (told,) = found.sentences
    assert "missing.cat" in told


def _examples(code: str) -> tuple[str, str]:
    text = next(page(one) for one in TABLE if one.name == code)
    wrong, right = text.split("\nWrong:\n\n")[1].split("\nRight:\n\n")
    return dedent(wrong), dedent(right)


@pytest.mark.parametrize("code", [one.name for one in TABLE if one.name.startswith("E9")])
def test_the_pages_of_codes_give_examples(files: Path, code: str) -> None:
    (files / "lock.cat").write_text(LOCKS)
    wrong, right = _examples(code)
    assert refused(files, wrong)[0] == code
    model(files, right)
