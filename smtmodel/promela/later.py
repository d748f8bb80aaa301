"""Objects that are freed when a grace period has ended, of one struct and one domain.

They wait in a row of places: which object, and the lanes whose sections it waits for. A process of
their own frees them, as no lane does.
"""

from smtmodel.executions.event_actions import FreeLater
from smtmodel.executions.program import Program
from smtmodel.language.checked import USE_AFTER_FREE
from smtmodel.promela.conditions import both
from smtmodel.promela.memory import ModelMemory
from smtmodel.promela.properties import Numbered
from smtmodel.promela.statements import Arm, Fork, Statement


def furnish_later(memory: ModelMemory, programs: tuple[Program, ...]) -> None:
    """The places for objects of each struct and domain that some step frees later."""
    actions = (op.action for program in programs for op in program.ops)
    frees = (action for action in actions if isinstance(action, FreeLater))
    for struct, domain in dict.fromkeys((one.struct, one.domain) for one in frees):
        room, wanted = memory.counts[struct], f"{struct}_later_{domain}"
        objects = memory.declare(memory.pointers(struct), wanted, 0, room)
        awaited = memory.declare(memory.mask(), f"{wanted}_awaited", 0, room)
        memory.later[struct, domain] = objects, awaited


def deferred(memory: ModelMemory, struct: str, domain: str, thing: str) -> tuple[Statement, ...]:
    """An object gets the first place; where there is none left, there is no answer."""
    objects, awaited = memory.later[struct, domain]
    opened = memory.open.get(domain, "0")
    body: tuple[Statement, ...] = ("assert(LIMIT == 0)",)
    for place in reversed(range(memory.counts[struct])):
        put = f"{objects}[{place}] = {thing}", f"{awaited}[{place}] = {opened}"
        body = (Fork((Arm(f"{objects}[{place}] == 0", put), Arm("else", body))),)
    return body


def freeing(memory: ModelMemory, asked: Numbered, struct: str, domain: str) -> list[str]:
    """The lines of the process that frees them."""
    objects, awaited = memory.later[struct, domain]
    lines = ["P0:", "  if"]
    for place in range(memory.counts[struct]):
        thing = f"{objects}[{place}]"
        free = f"{memory.free[struct]}[{thing}]"
        ready = both(f"{thing} != 0", f"{awaited}[{place}] == 0")
        judged = asked.violated(USE_AFTER_FREE, f"{free} == 0")
        done = "; ".join((*judged, f"{free} = 1", f"{thing} = 0"))
        lines += [f"  :: d_step {{ {ready} -> {done} }};", "     goto P0"]
    return [*lines, "  fi"]
