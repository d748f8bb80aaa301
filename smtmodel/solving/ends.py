"""What is observed of a litmus test, by asking the solver.

Takes a parsed test and a model without instants. Every execution that the solver finds is repeated
lane by lane (`smtmodel.executions.given`) and judged by the other reading of the model; what does
not survive that is `Contradicted`.
"""

from collections.abc import Iterator

from smtmodel.encoding.complete import CompleteExecutions
from smtmodel.encoding.decode import Truths
from smtmodel.encoding.domains import INITIAL
from smtmodel.encoding.forms import EncodingForm
from smtmodel.encoding.formula import FALSE, Literal
from smtmodel.encoding.memory import coherent
from smtmodel.events.graph import Event, EventGraph, Kind
from smtmodel.events.terms import Chosen, Constant, Reference, Returned, Special
from smtmodel.executions.c_operators import Datum, Held, at_start
from smtmodel.executions.candidates import Candidate, Happening, execution
from smtmodel.executions.enumerated import summarized
from smtmodel.executions.evaluate import Evaluation
from smtmodel.executions.given import Given, given_paths
from smtmodel.litmus.ends import End, Ends, observed
from smtmodel.litmus.program import AddressOf, Condition, LitmusTest, ThinAir
from smtmodel.models import Model
from smtmodel.models.granted import UNDIVIDED
from smtmodel.solving.result import Limits
from smtmodel.solving.satisfying import satisfying
from smtmodel.source.record import record, replace

LOCKS = frozenset(("LKR", "LF", "RL", "RU"))


class Contradicted(Exception):
    """What the solver found and the other definition does not accept, in a sentence."""


def solved(
    test: LitmusTest,
    graph: EventGraph,
    model: Model,
    limits: Limits,
    *,
    every: bool,
    form: EncodingForm = EncodingForm.FAST,
) -> Ends:
    """The ends of the executions that a model allows, or with `every` false one of each sort.

    Raises satisfying.NotKnown and Contradicted, and what the encoding raises.
    """
    return LitmusQuestions(test, graph, model, limits, form).ends(every=every)


@record
class FoundExecution:
    """An execution of the solver's that was repeated, and the events of the graph that happen in
    it, in the order of its acts."""

    candidate: Candidate
    events: tuple[Event, ...]


class LitmusQuestions:
    """The questions about one test; `flags` are those that some execution raised.

    `ending`: for each sort of ends the literal that the end is none that was found.
    """

    def __init__(
        self,
        test: LitmusTest,
        graph: EventGraph,
        model: Model,
        limits: Limits,
        form: EncodingForm = EncodingForm.FAST,
    ) -> None:
        self.test = test
        self.graph = graph
        self.model = replace(model, axioms=(*model.axioms, UNDIVIDED))
        self.complete = CompleteExecutions(test, graph, model, form)
        self.formula = self.complete.formula
        self.places = observed(test)
        self.values = [dict(self.complete.final(place)) for place in self.places]
        self.condition = self.complete.holds(test.condition)
        self.raising = {
            flag.name: literal
            for flag in model.flags
            if (literal := self.complete.raised(flag)) != FALSE
        }
        self.flags: set[str] = set()
        self.ending = {holds: self.formula.new(f"new_end_{holds}") for holds in (True, False)}
        self.solver = satisfying(self.complete.encoding, limits)
        self._stated = len(self.formula.clauses)

    def ends(self, *, every: bool) -> Ends:
        holding = list(self._ends(self.condition, every=every))
        failing = list(self._ends(-self.condition, every=every))
        for name, literal in self.raising.items():
            self._raise(name, literal)
        return summarized(self.test, self.model, holding, failing, self.flags, every=every)

    def possible(self, wanted: bool) -> FoundExecution | None:
        """An execution at whose end the condition holds, or with `wanted` false does not."""
        return self._execution(self.condition if wanted else -self.condition)

    def violating(self, condition: Condition | None = None) -> FoundExecution | None:
        """An execution at whose end a condition holds, if no other is given that of the test."""
        asked = self.test.condition if condition is None else condition
        found = self._execution(self.complete.holds(asked))
        if found is not None and not found.candidate.satisfies(asked):
            raise Contradicted("the condition holds at the end of one definition's run only")
        return found

    def raised(self, name: str) -> FoundExecution | None:
        """An execution that raises a flag; where there is none, that is known from then on."""
        if name not in self.raising:
            return None
        found = self._execution(self.raising[name])
        if found is None:
            self.solver.require((-self.raising[name],))
        elif name not in self.flags:
            raise Contradicted(f"an execution of the solver's does not raise {name}")
        return found

    def _execution(self, literal: Literal) -> FoundExecution | None:
        if (truths := self._found(literal)) is None:
            return None
        candidate = self._judge(truths)
        return FoundExecution(candidate, tuple(e for e in self.graph.events if truths.happens(e)))

    def _raise(self, name: str, literal: Literal) -> None:
        """Looks for an execution that raises a flag, if none that was found does."""
        if name in self.flags or (truths := self._found(literal)) is None:
            return
        self._judge(truths)
        if name not in self.flags:
            raise Contradicted(f"an execution of the solver's does not raise {name}")

    def _ends(self, wanted: Literal, *, every: bool) -> Iterator[End]:
        """Ends at which a literal of the condition holds."""
        new = self.ending[wanted == self.condition]
        while (truths := self._found(wanted, new)) is not None:
            candidate = self._judge(truths)
            if candidate.satisfies(self.test.condition) != (wanted == self.condition):
                raise Contradicted("the condition holds at the end of one definition's run only")
            yield tuple(candidate.final(place) for place in self.places)
            if not every:
                return
            held = [next(x for x in one.values() if truths.holds(x)) for one in self.values]
            self.solver.require((-new, *(-literal for literal in held)))

    def _found(self, *literals: Literal) -> Truths | None:
        """An execution in which these hold."""
        self._state()
        while (truths := self.solver.holding(list(literals))) is not None:
            self.complete.refine(truths)
            if not self._state():
                return truths
        return None

    def _state(self) -> bool:
        """Whether there are clauses that the solver did not know yet, and does now."""
        new = self.formula.clauses[self._stated :]
        for clause in new:
            self.solver.require(clause)
        self._stated += len(new)
        return bool(new)

    def _judge(self, truths: Truths) -> Candidate:
        """The execution, repeated by the other definition and allowed by the model."""
        candidate = _Repeating(self.test, truths).candidate()
        evaluation = Evaluation(self.model, execution(candidate))
        broken = evaluation.broken()
        if broken is not None:
            raise Contradicted(f"the axiom {broken} does not hold of an execution of the solver's")
        if self.test.required is not None and not candidate.satisfies(self.test.required):
            raise Contradicted("an execution of the solver's is filtered out")
        self.flags |= set(evaluation.flags())
        return candidate


class _Repeating:
    """One execution of the solver's, made anew from the test."""

    def __init__(self, test: LitmusTest, truths: Truths) -> None:
        self.test = test
        self.truths = truths
        self.encoding, self.graph = truths.encoding, truths.graph
        self.happening = [e for e in self.graph.events if truths.happens(e)]
        self.number = {e.number: n for n, e in enumerate(self.happening)}

    def candidate(self) -> Candidate:
        lanes = tuple(self._given(number) for number in range(len(self.graph.lanes)))
        paths = given_paths(self.test, lanes)
        if paths is None:
            raise Contradicted("a lane cannot run as the solver says")
        happenings = tuple(
            Happening(lane, place, act)
            for lane, path in enumerate(paths)
            for place, act in enumerate(path.acts)
        )
        self._compare(happenings)
        accessed = [one.act.location for one in happenings if one.act.kind != "F"]
        names = sorted({name for name in accessed if name is not None})
        initial = {name: len(happenings) + n for n, name in enumerate(names)}
        orders = {name: (initial[name], *self._order(name, happenings)) for name in names}
        sources = self._sources(initial, happenings)
        memory = {name: at_start(value) for name, value in self.test.variables}
        for name, order in orders.items():
            if order[-1] < len(happenings):
                memory[name] = happenings[order[-1]].act.value
        for read, write in sources.items():
            value = (
                happenings[write].act.value
                if write < len(happenings)
                else self._initial(read, happenings)
            )
            if value != happenings[read].act.value:
                raise Contradicted("a read does not return what its write wrote")
        registers = tuple(path.registers for path in paths)
        return Candidate(happenings, initial, orders, sources, registers, memory)

    def _initial(self, read: int, happenings: tuple[Happening, ...]) -> Held:
        name = happenings[read].act.location
        (value,) = (value for known, value in self.test.variables if known == name)
        return at_start(value)

    def _given(self, lane: int) -> Given:
        reads = [
            e
            for e in self.happening
            if e.lane == lane and e.kind is Kind.READ and e.tag not in LOCKS
        ]
        chosen = [
            number
            for number, choice in enumerate(self.graph.choices)
            if choice.lane == lane and self.truths.guard(choice.guard)
        ]
        outcomes = [self._value(self.encoding.of(Chosen(number))) for number in chosen]
        return Given(
            tuple(map(self._returned, reads)),
            tuple(one for one in outcomes if isinstance(one, int)),
        )

    def _returned(self, read: Event) -> Held:
        """What a read returns: of an entry a value for each field."""
        components = sorted(k for number, k in self.encoding.returned if number == read.number)
        found = [self._value(self.encoding.of(Returned(read.number, k))) for k in components]
        return tuple(found) if len(found) > 1 else found[0]

    def _value(self, values: dict[Constant, Literal]) -> Datum:
        held = [value for value, literal in values.items() if self.truths.holds(literal)]
        if len(held) != 1:
            raise Contradicted("a read of the solver's returns no value, or two")
        return self._datum(held[0])

    def _datum(self, constant: Constant) -> Datum:
        if isinstance(constant, Reference):
            return AddressOf(self.graph.objects[constant.object].name)
        if isinstance(constant, int):
            return constant
        if constant is Special.THIN_AIR:
            return ThinAir()
        raise Contradicted("a value of the solver's is none of the test's")

    def _compare(self, happenings: tuple[Happening, ...]) -> None:
        """That the lanes do what the solver says: the same events, in the same order."""
        kinds = {Kind.READ: "R", Kind.WRITE: "W", Kind.FENCE: "F"}
        ours = [(e.lane, kinds[e.kind], e.tag) for e in self.happening]
        theirs = [(one.lane, one.act.kind, one.act.tag) for one in happenings]
        if ours != theirs:
            raise Contradicted("a lane does not do what the solver says")

    def _order(self, name: str, happenings: tuple[Happening, ...]) -> list[int]:
        """The writes to a variable, by how many others come before each."""
        writes = [
            event.number
            for event, one in zip(self.happening, happenings, strict=True)
            if one.act.kind == "W" and one.act.location == name
        ]
        before = {
            write: sum(self._earlier(other, write) for other in writes if other != write)
            for write in writes
        }
        if sorted(before.values()) != list(range(len(writes))):
            raise Contradicted("the solver's coherence is no order")
        return [self.number[write] for write in sorted(writes, key=before.__getitem__)]

    def _earlier(self, first: int, second: int) -> bool:
        body = coherent(self.encoding, first, second)
        return body is not None and all(map(self.truths.holds, body))

    def _sources(
        self, initial: dict[str, int], happenings: tuple[Happening, ...]
    ) -> dict[int, int]:
        found: dict[int, int] = {}
        for read, sources in self.encoding.rf.items():
            if read not in self.number:
                continue
            for source, literal in sources.items():
                if self.truths.holds(literal):
                    name = happenings[self.number[read]].act.location
                    assert name is not None
                    write = initial[name] if source == INITIAL else self.number[source]
                    found[self.number[read]] = write
        return found
