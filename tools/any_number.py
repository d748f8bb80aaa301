"""Makes the table in docs/unbounded.md: what of the shipped protocols is shown for any number.

`make any-number` writes it. A test finds its cheap rows again.
"""

import re
from collections.abc import Iterator

from smtmodel.language.checked import Checked, Reach, ReachStep
from smtmodel.solving.effort import LARGE
from smtmodel.solving.result import Unbounded
from smtmodel.solving.unbounded import shown
from smtmodel.source.record import replace
from tests.support.examples import ROOT, SHIPPED, shipped

PATH = ROOT / "docs" / "unbounded.md"
EFFORT = replace(LARGE, states=10_000)
"""More states are not looked at for this table."""

HEAD = "| protocol | shown | may fall | not known, and why |\n| --- | --- | --- | --- |\n"
TABLE = re.compile(re.escape(HEAD) + r"(?:\|.*\n)*")


def line(name: str) -> str:
    """The row of a shipped protocol."""
    protocol = shipped(name)
    names = _names(protocol)
    known = dict(shown(protocol, frozenset(names), EFFORT)) | _vacuous(protocol)
    proved = [one for one in names if known[one].proved]
    falls = [one for one in names if known[one].violated]
    short = name.rsplit("/", 1)[-1]
    return f"| `{short}` | {_listed(proved)} | {_listed(falls)} | {_reasons(names, known)} |"


def _vacuous(protocol: Checked) -> dict[str, Unbounded]:
    """What the file expects to be vacuous: `prove` asks no more about it."""
    return {
        one.name: Unbounded("vacuous at its bounds")
        for one in protocol.expectations
        if one.verdict == "vacuous" and one.model in (None, "sc")
    }


def _names(protocol: Checked) -> list[str]:
    goals = (Reach, ReachStep)
    return [one.name for one in protocol.properties if not isinstance(one, goals)]


def _listed(names: list[str]) -> str:
    return ", ".join(names) or "-"


def _reasons(names: list[str], known: dict[str, Unbounded]) -> str:
    groups: dict[str, list[str]] = {}
    for name in names:
        if not known[name].proved and not known[name].violated:
            groups.setdefault(known[name].reason, []).append(name)
    if len(groups) == 1 and len(*groups.values()) == len(names):
        return _cell(*groups)
    told = [f"{', '.join(own)}: {_cell(reason)}" for reason, own in groups.items()]
    return "; ".join(told) or "-"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def lines() -> Iterator[str]:
    """All rows."""
    yield from map(line, SHIPPED)


if __name__ == "__main__":
    page = PATH.read_text()
    table = HEAD + "".join(f"{one}\n" for one in lines())
    PATH.write_text(TABLE.sub(lambda match: table, page))
