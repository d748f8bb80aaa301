"""Where an expression stands: which names it may use and where its errors go."""

from enum import Enum

from smtmodel.language.checked import LaneKind
from smtmodel.language.symbols import Symbols
from smtmodel.language.types import Type, join
from smtmodel.source import Code, Diagnostic, Span
from smtmodel.source.record import field, record


class Stand(Enum):
    """What kind of expression it is."""

    STEP = "step"
    SNAPSHOT = "snapshot"  # a property or a goal
    FINAL = "final"  # a property of final states, which may name a lane's locals
    SETTLED = "settled"  # inside settled(…)


@record(frozen=False)
class Scope:
    """One block or one property.

    `known` are the types of the locals found by the pass before this one, `found` those
    that this pass finds; passes are repeated until they agree. `locals_of` gives the locals
    of every block to properties of final states. `numbered` are the places of `lane` in a property,
    `elements` the numbers of elements that are known here, by name.
    """

    symbols: Symbols
    stand: Stand
    kind: LaneKind | None = None
    known: dict[str, Type] = field(default_factory=dict)
    found: dict[str, Type] = field(default_factory=dict)
    locals_of: dict[str, dict[str, Type]] = field(default_factory=dict)
    wrong: list[Diagnostic] = field(default_factory=list)
    lane_locals: list[tuple[str, int, Span]] = field(default_factory=list)
    owners: dict[str, Span] = field(default_factory=dict)
    numbered: list[Span] = field(default_factory=list)
    elements: list[str] = field(default_factory=list)
    lost: bool = False  # a step on a lock or section may be missing after an error

    def refuse(self, code: Code, message: str, span: Span, suggestion: str = "") -> None:
        """Report an error."""
        self.wrong.append(Diagnostic(code, message, span, suggestion=suggestion))

    def assign(self, name: str, type_: Type) -> Type | None:
        """The type of a local after a further assignment; None if nothing can be both."""
        joined = join(self.found[name], type_) if name in self.found else type_
        if joined is not None:
            self.found[name] = joined
        return joined

    def inside(self, stand: Stand) -> "Scope":
        """The same place, but inside another kind of expression; errors are shared."""
        return Scope(
            self.symbols,
            stand,
            self.kind,
            self.known,
            self.found,
            self.locals_of,
            self.wrong,
            self.lane_locals,
            self.owners,
            self.numbered,
        )
