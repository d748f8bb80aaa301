"""The stages of deciding one property, timed in one process: FILE UPDATES FAULTS PROPERTY.

Prints a JSON object, stage to seconds. The stages are those of `prove`, one after another;
the whole process overlaps the import of the solver with the stages before `load`.
"""

import json
import sys
import time
from pathlib import Path


def stages(path: Path, updates: int, faults: int, name: str) -> dict[str, float]:
    """Seconds of each stage; the property must be proved."""
    found: dict[str, float] = {}
    last = time.perf_counter()

    def done(stage: str) -> None:
        nonlocal last
        now = time.perf_counter()
        found[stage] = now - last
        last = now

    from smtmodel.encoding import queries, smtlib
    from smtmodel.encoding.encode import encode
    from smtmodel.encoding.query import Query
    from smtmodel.events.unroll import unroll
    from smtmodel.language.check import check
    from smtmodel.language.checked import Bounds, Checked
    from smtmodel.language.parse import parse
    from smtmodel.models import model
    from smtmodel.solving.result import Limits
    from smtmodel.solving.solver import Sat, Solver, Unsat
    from smtmodel.source import Text

    done("import")
    text = Text(path.name, path.read_text(encoding="utf-8"))
    parsed = parse(text)
    done("parse")
    parse(text)
    done("parse: the next file")
    assert not isinstance(parsed, tuple)
    protocol = check(parsed, text)
    done("check")
    assert isinstance(protocol, Checked)
    lanes = tuple((kind.bound, faults) for kind in protocol.kinds if not kind.updates)
    graph = unroll(protocol, Bounds(updates, lanes, 1))
    done("unroll")
    encoding = encode(graph, model("sc"))
    done("encode")
    script = smtlib.script(encoding.formula)
    done("print")
    solver = Solver(script, Limits())
    done("load")
    item = next(item for item in protocol.properties if item.name == name)

    def answers(asked: list[Query]) -> list[object]:
        return [solver.ask(smtlib.script(one.encoding.formula, one.first)) for one in asked]

    violated = answers(queries.violation(encoding, item))
    done("solve: violated?")
    reached = answers([queries.complete(encoding), *queries.premise(encoding, item)])
    done("solve: vacuous?")
    assert all(isinstance(answer, Unsat) for answer in violated)
    assert all(isinstance(answer, Sat) for answer in reached)
    return found


if __name__ == "__main__":
    given = stages(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
    print(json.dumps(given))
