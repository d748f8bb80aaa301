"""The names of a Promela model: those of the protocol, unless they mean something else there."""

import re

from smtmodel.source.record import field, record

_LABEL = re.compile(r"P\d+(_\d+)?")

_PROMELA = """
_ _last _nr_pr _pid _priority
active always assert atomic bit bool break byte c_code c_decl c_expr c_state c_track chan cond_expr
d_proctype d_step do else empty enabled end eval eventually false fi for full get_priority goto
hidden if implies in init inline int len local ltl mtype nempty never next nfull notrace np_ nr_pr
od of pc_value pid printf printm priority proctype provided release return run select set_priority
short show skip stronguntil timeout trace true typedef U unless unsigned until V W weakuntil X xr
xs
"""
_C = """
auto break case char const continue default do double else enum extern float for goto if inline int
long register restrict return short signed sizeof static struct switch typedef union unsigned void
volatile while linux unix main now this trpt uchar uint ulong ushort
"""
_OWN = """
INSTANT END LIMIT NOTHING PROPERTY TOKEN UNWRITTEN depth ended fresh interrupted me progress round
"""


@record(frozen=False)
class Naming:
    """The names given so far; none is given twice."""

    taken: set[str] = field(default_factory=lambda: {*f"{_PROMELA} {_C} {_OWN}".split()})

    def new(self, wanted: str) -> str:
        """A name like the one that is wanted, not given before and none of a label."""
        name = f"{wanted}_" if _LABEL.fullmatch(wanted) else wanted
        while name in self.taken:
            name += "_"
        self.taken.add(name)
        return name

    def inner(self) -> "Naming":
        """The names inside of a process, which may repeat those inside of others."""
        return Naming(set(self.taken))
