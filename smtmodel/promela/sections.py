"""Whether a lane may be inside two SRCU sections of one domain at once, which models have no room
for: a lane has one bit for each domain. RCU sections inside of another are counted apart."""

from smtmodel.executions.event_actions import EnterSection, LeaveSection
from smtmodel.executions.local_actions import EndRound
from smtmodel.executions.program import Program
from smtmodel.language.checked import RCU
from smtmodel.systems.system import NotCoveredError


def refuse_overlaps(program: Program) -> None:
    """Refuses a lane that may enter a section of a domain that it is inside of."""
    inside: dict[int, frozenset[str]] = {}
    waiting = [(0, frozenset[str]())]
    while waiting:
        place, domains = waiting.pop()
        known = inside.get(place, frozenset())
        if place in inside and domains <= known:
            continue
        inside[place] = domains | known
        after = _after(program, place, domains | known)
        ends = isinstance(program.ops[place].action, EndRound)
        waiting += [(one, after) for one in ((0,) if ends else program.following(place))]


def _after(program: Program, place: int, domains: frozenset[str]) -> frozenset[str]:
    op = program.ops[place]
    match op.action:
        case EnterSection(domain=domain) if domain in domains:
            raise NotCoveredError(op.where, f"a lane is inside two sections of {domain} at once")
        case EnterSection(domain=domain) if domain != RCU:
            return domains | {domain}
        case LeaveSection(domain=domain):
            return domains - {domain}
        case _:
            return domains
