"""A checked protocol at its bounds as a Promela model, under sequential consistency.

The model is read from the programs of the interpreter, which are data (`executions.program`):
what a step is lowered to is shared with it. What an action does to a state is written down here
once more, as text.
"""

import re
from collections.abc import Iterable

from smtmodel.executions.layout import lay_out
from smtmodel.executions.program import Program
from smtmodel.executions.rounds import lower_lane
from smtmodel.language.checked import Checked
from smtmodel.promela.doing import Doing
from smtmodel.promela.effects import OVER
from smtmodel.promela.lanes import Process
from smtmodel.promela.later import freeing, furnish_later
from smtmodel.promela.memory import LIMIT, ModelMemory, furnish
from smtmodel.promela.names import Naming
from smtmodel.promela.properties import LEFT_OUT, Numbered, asked, at_ends, at_instants, is_asked
from smtmodel.promela.registers import registers_of
from smtmodel.promela.sections import refuse_overlaps
from smtmodel.promela.shorten import shortened
from smtmodel.promela.statements import lines_of_step
from smtmodel.promela.traits import Trait, spread
from smtmodel.source.record import record, replace
from smtmodel.systems.system import NotCovered, NotCoveredError
from smtmodel.systems.webs import Webs, webs_of

LANES = 30
"""How many lanes there are at most: each has a bit of an `int`."""


def promela_of(protocol: Checked) -> str | NotCovered:
    """The model, or what cannot be exported."""
    try:
        return "\n".join(_model(protocol)) + "\n"
    except NotCoveredError as error:
        return error.refused


@record
class Demands:
    """The conditions that must hold at every instant, and when every lane has run to its end."""

    instants: list[str]
    ends: list[str]


def _model(protocol: Checked) -> list[str]:
    layout = lay_out(protocol, protocol.bounds)
    if len(layout.lanes) > LANES:
        raise NotCoveredError(None, f"there are more than {LANES} lanes")
    programs = tuple(lower_lane(layout, index) for index in range(len(layout.lanes)))
    for program in programs:
        refuse_overlaps(program)
    webs = tuple(webs_of(program, layout) for program in programs)
    traits = {trait: spread(trait, protocol, programs, webs) for trait in Trait}
    naming = Naming()
    words = dict.fromkeys(word for one in layout.lanes for word in (one.kind.name, one.name))
    given = {word: naming.new(word) for word in words}
    memory = furnish(layout, programs, traits, naming)
    furnish_later(memory, programs)
    known = asked(protocol)
    judged = Demands(at_instants(memory, known), at_ends(memory, known))
    bodies = [_body(memory, known, one, webs[one.index], judged) for one in programs]
    names = _names(given, programs, bodies)
    freed = [memory.names.new(f"free_{objects}") for objects, _ in memory.later.values()]
    return [
        *_head(protocol),
        *_definitions(judged),
        *(one.line() for one in memory.declared),
        "",
        *_processes(names, bodies),
        *_processes(freed, [tuple(freeing(memory, known, *key)) for key in memory.later]),
        *_init(memory, [*names, *freed], judged),
    ]


def _body(
    memory: ModelMemory, known: Numbered, program: Program, webs: Webs, judged: Demands
) -> tuple[str, ...]:
    """The lines of a lane's process."""
    registers = registers_of(memory, program, webs, memory.names.inner())
    instant = ("INSTANT",) if judged.instants else ()
    end = ("ended++", "END") if judged.ends else ()
    process = Process(Doing(memory, known, program, registers), instant, end)
    start, made = process.steps()
    steps = [replace(one, body=shortened(one.body)) for one in made]
    begin = [] if not steps or steps[0].label == start else [f"  goto {start};"]
    labels = [*(one.label for one in steps[1:]), OVER]
    written = [line for pair in zip(steps, labels, strict=False) for line in lines_of_step(*pair)]
    needed = set(re.findall(r"\w+", " ".join(written)))
    declared = [f"  {type_} {name};" for type_, name in registers.declared if name in needed]
    return (*declared, *begin, *written, f"{OVER}:", "  false")


def _names(
    given: dict[str, str], programs: tuple[Program, ...], bodies: list[tuple[str, ...]]
) -> list[str]:
    """The name of the process of each lane: that of its kind, where all of the kind are alike."""
    alike: dict[str, set[tuple[str, ...]]] = {}
    for program, body in zip(programs, bodies, strict=True):
        alike.setdefault(program.lane.kind.name, set()).add(body)
    first: dict[tuple[str, tuple[str, ...]], str] = {}
    for program, body in zip(programs, bodies, strict=True):
        kind = program.lane.kind.name
        name = given[kind] if len(alike[kind]) == 1 else given[program.lane.name]
        first.setdefault((kind, body), name)
    return [first[one.lane.kind.name, body] for one, body in zip(programs, bodies, strict=True)]


def _head(protocol: Checked) -> list[str]:
    bounds = protocol.bounds
    counts = [("updates", bounds.updates), *bounds.lanes, ("rounds", bounds.rounds)]
    known = ", ".join(f"{name} {count}" for name, count in counts)
    lines = [f"/* {_comment(protocol.called)}, {known}, sc", " *"]
    for number, prop in enumerate(protocol.properties, 1):
        what = f"-DPROPERTY={number}" if is_asked(prop) else LEFT_OUT
        lines.append(f" * {prop.name}: {what}")
    return [*lines, " */", ""]


def _comment(text: str) -> str:
    """A text that can stand in a comment."""
    return text.encode("ascii", "replace").decode().replace("*/", "* /")


def _definitions(judged: Demands) -> list[str]:
    return [
        "#ifndef PROPERTY",
        "#define PROPERTY 1",
        "#endif",
        f"#define LIMIT {LIMIT}",
        "#define TOKEN LIMIT",
        "#define NOTHING (-2147483647)",
        "#define UNWRITTEN (-2147483646)",
        *_macro("INSTANT", judged.instants),
        *_macro("END", judged.ends),
        "",
    ]


def _macro(name: str, conditions: list[str]) -> list[str]:
    """The assertion of all conditions."""
    if not conditions:
        return []
    rows = [f"  ({one}) && \\" for one in conditions[:-1]]
    return [f"#define {name} assert( \\", *rows, f"  ({conditions[-1]}))"]


def _processes(names: list[str], bodies: list[tuple[str, ...]]) -> Iterable[str]:
    for name, body in dict(zip(names, bodies, strict=True)).items():
        yield from (f"proctype {name}(byte me) {{", *body, "}", "")


def _init(memory: ModelMemory, names: list[str], judged: Demands) -> list[str]:
    """Everything begins at once."""
    others = [line for one in memory.declared for line in one.assignments()]
    runs = [f"run {name}({number})" for number, name in enumerate(names)]
    steps = [*others, *(["INSTANT"] if judged.instants else []), *runs]
    return ["init {", "  atomic {", ";\n".join(f"    {one}" for one in steps), "  }", "}"]
