"""The models: every axiom is needed, what the encoder assumes of them holds, and the two
readings of their terms agree on executions that no model has filtered.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from smtmodel.encoding import queries, smtlib
from smtmodel.encoding.decode import Reader
from smtmodel.encoding.encode import encode
from smtmodel.encoding.queries import narrowed
from smtmodel.encoding.relations import NotCompiled
from smtmodel.encoding.state import Encoding
from smtmodel.events.sets import FENCES
from smtmodel.events.unroll import unroll
from smtmodel.executions.evaluate import accepts
from smtmodel.language.checked import Checked, Never
from smtmodel.models import MODELS, SC, TSO, Model
from smtmodel.models.terms import (
    CO,
    EXT,
    FR,
    LOC,
    PO,
    RF,
    AllIn,
    Axiom,
    AxiomForm,
    Base,
    Closure,
    Complement,
    Difference,
    Domain,
    Events,
    Except,
    Identity,
    Intersection,
    Inverse,
    Named,
    NamedSet,
    Nested,
    Optional,
    Outside,
    Product,
    Range,
    Relation,
    Sequence,
    Star,
    Union,
)
from smtmodel.solving.result import Limits
from smtmodel.solving.solver import Sat, Solver, Unsat
from smtmodel.source.record import parts, replace
from tests.support.differential import checked
from tests.support.random_executions import execution_of, random_executions, straight_line

LITMUS = sorted((Path(__file__).parents[1] / "litmus").glob("*.dsl"))


def allowed(text: str, model: Model) -> bool:
    """Whether the model allows the outcome of a litmus test, by its constraints alone."""
    protocol = checked(text)
    assert isinstance(protocol, Checked)
    outcome = next(p for p in protocol.properties if isinstance(p, Never))
    base = encode(unroll(protocol, protocol.bounds), model)
    (query,) = queries.violation(base, outcome)
    answer = Solver(smtlib.script(base.formula), Limits()).ask(
        smtlib.script(query.encoding.formula, query.first)
    )
    assert isinstance(answer, Sat | Unsat)
    return isinstance(answer, Sat)


AXIOMS = [(model, axiom.name) for model in MODELS for axiom in model.axioms]


@pytest.mark.parametrize(("model", "name"), AXIOMS, ids=lambda x: getattr(x, "name", x))
def test_every_axiom_earns_its_keep(model: Model, name: str) -> None:
    without = replace(model, axioms=tuple(a for a in model.axioms if a.name != name))
    texts = [file.read_text() for file in LITMUS]
    assert any(allowed(text, without) and not allowed(text, model) for text in texts)


COHERENT = replace(
    SC,
    axioms=(
        Axiom(
            "coherence",
            AxiomForm.ACYCLIC,
            Union((Intersection(PO, LOC), Union((RF, CO, FR)))),
            "",
            "",
        ),
    ),
)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_models_are_coherent_and_name_their_instants(model: Model) -> None:
    assert any(a.name == model.instants and a.form is AxiomForm.ACYCLIC for a in model.axioms)
    accepted = 0
    for execution in random_executions(600):
        if accepts(model, execution) is None:
            assert accepts(COHERENT, execution) is None
            accepted += 1
    assert accepted > 30


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_barriers_are_idle_of_which_no_axiom_speaks(model: Model) -> None:
    stated = (model.axioms, model.definitions)
    named = {part.name for part in parts(stated) if isinstance(part, Events)}
    assert list(model.idle) == [kind.value for name, kind in FENCES.items() if name not in named]


def test_tso_allows_what_sc_allows() -> None:
    for execution in random_executions(600):
        if accepts(SC, execution) is None:
            assert accepts(TSO, execution) is None


# ---------------------------------------------------------------- two readings


def _model(name: str, *relations: tuple[AxiomForm, Relation]) -> Model:
    axioms = [Axiom(f"{name}{n}", form, r, "r", "s") for n, (form, r) in enumerate(relations)]
    return replace(SC, name=name, axioms=tuple(axioms), instants=name)


R, W, RMW, MB = (Events(name) for name in ("R", "W", "Rmw", "Mb"))
FENCED = Sequence(PO, Sequence(Identity(MB), PO))
EXTERNAL = Intersection(RF, EXT)

OTHERS = (
    _model("fenced", (AxiomForm.ACYCLIC, Union((FENCED, EXTERNAL, CO, FR)))),
    _model("atomic", (AxiomForm.EMPTY, Intersection(Identity(RMW), Sequence(FR, CO)))),
    _model(
        "coherent", (AxiomForm.IRREFLEXIVE, Sequence(Intersection(PO, LOC), Union((FR, CO, RF))))
    ),
    _model(
        "closed", (AxiomForm.IRREFLEXIVE, Sequence(Closure(Union((RF, Intersection(CO, EXT)))), FR))
    ),
    _model(
        "inverse",
        (AxiomForm.EMPTY, Intersection(PO, Sequence(Inverse(RF), Sequence(Identity(RMW), CO)))),
    ),
    _model(
        "readers", (AxiomForm.EMPTY, Intersection(Sequence(Inverse(RF), RF), Difference(PO, LOC)))
    ),
    _model(
        "kept",
        (
            AxiomForm.ACYCLIC,
            Union((Difference(PO, Product(Except(W, RMW), Except(R, RMW))), EXTERNAL, CO, FR)),
        ),
    ),
    _model(
        "dependent",
        (AxiomForm.ACYCLIC, Union((Base("data"), Base("ctrl"), Base("addr"), EXTERNAL, CO, FR))),
    ),
    _model("outside", (AxiomForm.IRREFLEXIVE, Sequence(Intersection(CO, EXT), Sequence(RF, FR)))),
)


HARMLESS = ("inverse", "readers")
"""Models of which nearly every execution here is one."""


def loose(encoding: Encoding) -> Iterator[Reader]:
    """Assignments that differ in what is read, written over and chosen; no axiom holds."""
    query = queries.steps(encoding, frozenset(b.step for b in encoding.graph.begun))
    solver = Solver(smtlib.script(encoding.formula), Limits())
    formula = query.encoding.formula
    free = [v for v, name in enumerate(formula.names) if name.startswith(("rf_", "co_", "choice"))]
    with solver.extended(smtlib.script(formula, query.first)):
        for _ in range(25):
            answer = solver.ask(smtlib.Script({}, ()))
            if not isinstance(answer, Sat):
                return
            reader = Reader(query, answer.assignment)
            yield reader
            other = tuple(-v if reader.holds(v) else v for v in free)
            solver.keep(smtlib.clauses(formula, [other]))


@pytest.mark.parametrize("model", [*MODELS, *OTHERS], ids=lambda model: model.name)
def test_the_two_readings_of_a_model_agree(model: Model) -> None:
    judged = {True: 0, False: 0}
    for seed in range(7):
        protocol = checked(straight_line(seed))
        assert isinstance(protocol, Checked), protocol
        graph = unroll(protocol, protocol.bounds)
        free = encode(graph, replace(model, axioms=()))
        full = encode(graph, model)
        numbers = {name: variable for variable, name in enumerate(full.formula.names)}
        solver = Solver(smtlib.script(full.formula), Limits())
        whole = queries.steps(full, frozenset(b.step for b in graph.begun))
        for reader in loose(free):
            names = free.formula.names
            execution = execution_of(reader)
            given = [v for v, name in enumerate(names) if name.startswith(("rf_", "ch"))]
            units = [numbers[names[v]] * (1 if reader.holds(v) else -1) for v in given]
            for pair, literal in full.co.items():
                before = execution.relations["co"][pair[0]] >> pair[1] & 1
                units.append(literal if before else -literal)
            query = narrowed(whole, *units)
            answer = solver.ask(smtlib.script(query.encoding.formula, query.first))
            broken = accepts(model, execution)
            assert isinstance(answer, Sat) == (broken is None), (seed, broken)
            judged[broken is None] += 1
    assert judged[True] > 10
    assert judged[False] > 0 or model.name in HARMLESS


# ---------------------------------------------------------------- not compiled

NOT_COMPILED = (
    Optional(PO),
    Star(PO),
    Complement(PO),
    Nested(R, W),
    Named("undefined"),
    Identity(AllIn((R, W))),
    Identity(Outside(R)),
    Identity(Domain(RF)),
    Identity(Range(RF)),
    Identity(NamedSet("undefined")),
)


@pytest.mark.parametrize("term", NOT_COMPILED, ids=repr)
def test_no_constraints_are_made_of_what_the_compiler_does_not_know(term: Relation) -> None:
    protocol = checked(straight_line(0))
    assert isinstance(protocol, Checked)
    graph = unroll(protocol, protocol.bounds)
    with pytest.raises(NotCompiled, match="no constraints are made of"):
        encode(graph, _model("new", (AxiomForm.EMPTY, term)))


@pytest.mark.parametrize("form", [AxiomForm.CYCLIC, AxiomForm.REFLEXIVE, AxiomForm.INHABITED])
def test_no_constraints_are_made_of_opposites(form: AxiomForm) -> None:
    protocol = checked(straight_line(0))
    assert isinstance(protocol, Checked)
    with pytest.raises(NotCompiled, match=form.value):
        encode(unroll(protocol, protocol.bounds), _model("new", (form, PO)))
