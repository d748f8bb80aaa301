"""Encodes the complete executions of a litmus test under a model without instants.

Takes the test's event graph; gives the executions in which no lane stops, and literals for what
its conditions and the model's flags say of them. Locks are memory; no model is asked whether a
read-modify-write may be divided.
"""

from smtmodel.encoding import memory, waiting
from smtmodel.encoding.clocks import stated_on_a_clock
from smtmodel.encoding.decode import Truths
from smtmodel.encoding.definitions import Definitions
from smtmodel.encoding.domains import Domains
from smtmodel.encoding.forms import EncodingForm
from smtmodel.encoding.formula import FALSE, TRUE, Literal, Reason
from smtmodel.encoding.nodes import Nodes
from smtmodel.encoding.state import Encoding, Literals
from smtmodel.encoding.visibility import Visibility
from smtmodel.events.graph import EventGraph, Kind
from smtmodel.events.terms import Apply, Chosen, Const, Constant, Reference, Term, is_true
from smtmodel.litmus.program import (
    AddressOf,
    AllHold,
    Condition,
    EndValue,
    Equals,
    FinalValue,
    Integer,
    IsTrue,
    LitmusTest,
    Negated,
    Operand,
    RegisterOf,
    SomeHolds,
)
from smtmodel.litmus.unroll import OPERATORS
from smtmodel.models import Model
from smtmodel.models.granted import UNDIVIDED
from smtmodel.models.terms import Axiom, Flag

COMPLETE = Reason("no lane stops")
ONE_VALUE = Reason("a read returns one value")
ONE_SOURCE = Reason("a read returns one write")


class CompleteExecutions:
    """The encoding of a test; raises domains.TooManyValues and relations.NotCompiled."""

    def __init__(
        self,
        test: LitmusTest,
        graph: EventGraph,
        model: Model,
        form: EncodingForm = EncodingForm.FAST,
    ) -> None:
        self.test = test
        self.graph = graph
        self.encoding = Encoding(graph, model, Domains(graph, model).analyse())
        self.formula = self.encoding.formula
        memory.allocate(self.encoding)
        memory.constrain(self.encoding)
        waiting.constrain(self.encoding)
        self._one_each()
        for number in range(len(graph.choices)):
            self.encoding.of(Chosen(number))  # a choice that matters nowhere is made all the same
        for stop in graph.stops:
            passed = [self.encoding.holds(stop.passed)]
            self.formula.implies([self.encoding.holds(stop.guard)], passed, COMPLETE)
        self.nodes = Nodes(self.encoding)
        self.definitions = Definitions(self.nodes, model)
        self.visibility: Visibility | None = None
        self._axioms(model, form)
        if test.required is not None:
            self.formula.add((self.holds(test.required),), Reason("what the test requires"))

    def _axioms(self, model: Model, form: EncodingForm) -> None:
        stated: frozenset[Axiom] = frozenset()
        if form is EncodingForm.FAST:
            stated, self.visibility = stated_on_a_clock(self.definitions, model)
        for axiom in (UNDIVIDED, *model.axioms):
            if axiom not in stated:
                self.definitions.require(axiom)

    def refine(self, truths: Truths) -> None:
        """States what an assignment breaks that was not stated yet; nothing if there is none."""
        if self.visibility is not None:
            self.visibility.refine(truths.holds)

    def _one_each(self) -> None:
        """A read returns one write, and one value.

        Where no order keeps reads from returning what depends on them, that does not follow.
        """
        for sources in self.encoding.rf.values():
            self.encoding.at_most_one(list(sources.values()), ONE_SOURCE)
        for (read, _), values in list(self.encoding.returned.items()):
            happens = self.encoding.happens(read)
            self.encoding.exactly_one(list(values.values()), happens, ONE_VALUE)

    def raised(self, flag: Flag) -> Literal:
        """A literal that shows that an execution raises a flag; FALSE if none does."""
        return self.definitions.raised(flag)

    # ------------------------------------------------------------ the end

    def holds(self, condition: Condition) -> Literal:
        """The literal that a condition holds at the end."""
        match condition:
            case AllHold(parts):
                return self.formula.all_of([self.holds(part) for part in parts])
            case SomeHolds(parts):
                return self.formula.any_of([self.holds(part) for part in parts])
            case Negated(inner):
                return -self.holds(inner)
            case Equals(left, right):
                ours, theirs = self.final(left), self.final(right)
                both = [self.formula.all_of((ours[x], theirs[x])) for x in ours if x in theirs]
                return self.formula.any_of(both)
            case IsTrue(value):
                true = [x for v, x in self.encoding.of(self._term(value)).items() if is_true(v)]
                return self.formula.any_of(true)

    def _term(self, what: Operand) -> Term:
        match what:
            case RegisterOf(thread, name):
                lane = self.test.threads[thread].name
                return self.graph.locals.get((lane, "", name), Const(0))
            case Integer(value):
                return Const(value)
            case AddressOf(name):
                return Const(self._reference(name))
            case EndValue(operator, operands):
                return Apply(OPERATORS.get(operator, operator), tuple(map(self._term, operands)))

    def final(self, what: RegisterOf | FinalValue | Integer | AddressOf) -> Literals:
        """For each value that something may have at the end, the literal that it has it."""
        match what:
            case RegisterOf():
                return self.encoding.of(self._term(what))
            case FinalValue(name):
                return self._last(self.graph.cells[name, ""])
            case Integer(value):
                return {value: TRUE}
            case AddressOf(name):
                return {self._reference(name): TRUE}

    def _reference(self, name: str) -> Constant:
        names = [made.name for made in self.graph.objects]
        return Reference(names.index(name))

    def _last(self, place: int) -> Literals:
        """What the coherence-last write to a location writes."""
        encoding, formula = self.encoding, self.formula
        (initial,) = self.graph.locations[place].initial
        ways: dict[Constant, list[Literal]] = {}
        touched = self._writing(place)
        ways[initial] = [formula.all_of([-literal for literal in touched.values()])]
        for write, literal in touched.items():
            later = [
                formula.all_of((other, *self._before(write, second)))
                for second, other in touched.items()
                if second != write
            ]
            last = formula.all_of((literal, *(-one for one in later)))
            for value, having in encoding.of(self.graph.events[write].values[0]).items():
                ways.setdefault(value, []).append(formula.all_of((last, having)))
        return {value: formula.any_of(found) for value, found in ways.items()}

    def _writing(self, place: int) -> dict[int, Literal]:
        """The writes that may touch a location, with the literals that they do."""
        found: dict[int, Literal] = {}
        for event in self.graph.events:
            if event.kind is Kind.WRITE:
                touches = self.encoding.touches(event.number).get(place, FALSE)
                literal = self.formula.all_of((self.encoding.happens(event.number), touches))
                if literal != FALSE:
                    found[event.number] = literal
        return found

    def _before(self, first: int, second: int) -> memory.Body:
        return memory.coherent(self.encoding, first, second) or (FALSE,)
