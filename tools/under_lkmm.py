"""Makes the table in docs/weak-memory.md: the shipped protocols under the kernel's memory model.

`make under-lkmm` writes it. A test finds its cheap rows again.
"""

import re
from collections.abc import Iterator

from smtmodel.language.checked import Bounds, Checked
from smtmodel.litmus.written.supported import supported
from smtmodel.models.lkmm import LKMM
from smtmodel.solving.bounds import least
from smtmodel.solving.result import Limits, Result
from smtmodel.solving.weakly import decide_weakly
from smtmodel.source import Diagnostic
from smtmodel.source.record import replace
from smtmodel.verdict import Verdict
from tests.support.examples import ROOT, SHIPPED, shipped

PATH = ROOT / "docs" / "weak-memory.md"
HEAD = "| protocol | proved | refuted | neither, and why |\n| --- | --- | --- | --- |\n"
TABLE = re.compile(re.escape(HEAD) + r"(?:\|.*\n)*")
LIMITS = Limits(budget=200_000_000)
"""What the solver may use for a question; where that ends, the row says that nothing is known."""

MARKED = re.compile(r"\b(proved|refuted|vacuous|not known) if lines? .* were READ_ONCE")
REFUSED = "under lkmm there is no meaning yet for "


def line(name: str) -> str:
    """The row of a shipped protocol."""
    short = name.rsplit("/", 1)[-1]
    able = supported(shipped(name))
    if isinstance(able, Diagnostic):
        return f"| `{short}` | - | - | {able.message.replace(REFUSED, 'E519: ')} |"
    asked = replace(able, bounds=bounds(able))
    found = _results(asked)
    proved = [one.name for one in found if one.verdict is Verdict.PROVED]
    fallen = [_fallen(one) for one in found if one.verdict is Verdict.REFUTED]
    rest = [one for one in found if one.verdict not in (Verdict.PROVED, Verdict.REFUTED)]
    return f"| `{short}` | {_listed(proved)} | {_listed(fallen)} | {_reasons(rest)} |"


def bounds(protocol: Checked) -> Bounds:
    """One update and one lane of each kind, in the rounds that the file has; of lanes that steps
    count all of the file."""
    asked = protocol.bounds
    low = least(protocol, asked)
    lanes = tuple((name, min(count, low.count(name))) for name, count in asked.lanes)
    return Bounds(min(asked.updates, low.updates), lanes, asked.rounds)


def _results(protocol: Checked) -> list[Result]:
    made = decide_weakly(protocol, LKMM, protocol.bounds, LIMITS, None)
    return [one for one in made if isinstance(one, Result)]


def _listed(found: list[str]) -> str:
    return ", ".join(found) or "-"


def _fallen(result: Result) -> str:
    """What is refuted, and what it would be without a race if that is something else."""
    unraced = MARKED.search(result.reason)
    verdict = unraced[1] if unraced else "refuted"
    return result.name if verdict == "refuted" else f"{result.name} ({verdict} without a race)"


def _reasons(found: list[Result]) -> str:
    groups: dict[str, list[str]] = {}
    for one in found:
        groups.setdefault(_reason(one), []).append(one.name)
    return "; ".join(f"{', '.join(names)}: {reason}" for reason, names in groups.items()) or "-"


def _reason(result: Result) -> str:
    """Why nothing is known, without the line numbers."""
    if result.verdict is Verdict.VACUOUS:
        return "vacuous"
    unraced = MARKED.search(result.reason)
    return f"accesses race; {unraced[1]} without a race" if unraced else result.reason


def lines() -> Iterator[str]:
    """All rows."""
    yield from map(line, SHIPPED)


if __name__ == "__main__":
    table = HEAD + "".join(f"{one}\n" for one in lines())
    PATH.write_text(TABLE.sub(lambda match: table, PATH.read_text()))
