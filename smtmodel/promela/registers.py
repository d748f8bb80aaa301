"""The registers of a lane as variables of its process.

A register is used for one thing after another (`systems/webs.py`); what has the same name or number
and the same type shares a variable, which is 0 whenever nothing needs it.
"""

from smtmodel.executions.local_actions import StartRound
from smtmodel.executions.program import Program
from smtmodel.language.types import Entry, Pointer
from smtmodel.promela.memory import ModelMemory, Variables
from smtmodel.promela.names import Naming
from smtmodel.promela.traits import Trait
from smtmodel.source.record import field, record
from smtmodel.systems.system import Finite, Sort
from smtmodel.systems.webs import Spot, Webs

NONE = Variables(())
"""Of what is never read, and of cookies: a lane is inside one section of a domain at a time."""


@record(frozen=False)
class Registers:
    """`declared` are the types and names of the variables so far."""

    memory: ModelMemory
    program: Program
    webs: Webs
    live: tuple[tuple[int, ...], ...]
    names: Naming
    known: dict[tuple[str, str, int], Variables] = field(default_factory=dict)
    declared: list[tuple[str, str]] = field(default_factory=list)

    def at(self, place: int, register: int) -> Variables:
        """What holds a register that is live at a place."""
        web = self.webs.of.get((place, register))
        if web is None:
            return NONE
        sort = self.webs.sorts[web]
        if isinstance(sort, Finite):
            return NONE
        count = len(sort.types) if isinstance(sort, Entry) else -1
        key = self._name(place, register), self._type(web, sort), count
        if key not in self.known:
            self.known[key] = self._new(*key)
        return self.known[key]

    def declare(self, type_: str, wanted: str) -> str:
        """A new variable of the process."""
        name = self.names.new(wanted)
        self.declared.append((type_, name))
        return name

    def once(self, type_: str, name: str) -> str:
        """A variable of the process that no local has the name of."""
        if (type_, name) not in self.declared:
            self.declared.append((type_, name))
        return name

    def _new(self, wanted: str, type_: str, count: int) -> Variables:
        if count < 0:
            return Variables((self.declare(type_, wanted),))
        filled = self.declare("bit", f"{wanted}_filled")
        fields = [self.declare("int", f"{wanted}_{number}") for number in range(count)]
        return Variables((filled, *fields), whole=True)

    def _name(self, place: int, register: int) -> str:
        """That of the local that the register is, or its number where nobody has named it."""
        block = self.program.ops[place].block
        locals_ = self.memory.layout.protocol.block(block).locals if block else ()
        name = locals_[register][0] if register < len(locals_) else ""
        return name if name.isidentifier() else f"t{register}"

    def unset(self, entry: int) -> tuple[str, ...]:
        """What a block that begins here may end with unassigned, and a property names."""
        return tuple(name for one in self.live[entry] for name in self.at(entry, one).names)

    def _type(self, web: Spot, sort: Sort) -> str:
        unsure = (self.program.index, web) in self.memory.traits[Trait.NOTHING].registers
        labels = (op.action for op in self.program.ops if isinstance(op.action, StartRound))
        entries = [self.program.labels[label] for one in labels for _, label in one.blocks]
        late = any(self.webs.of[at, r] == web for at in entries for r in self.live[at])
        if isinstance(sort, Pointer) and not unsure and not late:
            return self.memory.pointers(sort.struct)
        return "int"


def registers_of(memory: ModelMemory, program: Program, webs: Webs, names: Naming) -> Registers:
    """The variables of a lane."""
    return Registers(memory, program, webs, program.live(), names)
