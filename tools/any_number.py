"""Makes the table in docs/unbounded.md: what of the shipped protocols is shown for any number.

`make any-number` writes it. A test finds its cheap rows again.
"""

import re
from collections.abc import Iterator

from smtmodel.documents.scope import counted, several
from smtmodel.language.checked import Checked, Reach, ReachStep
from smtmodel.solving.effort import LARGE
from smtmodel.solving.result import Unbounded
from smtmodel.solving.unbounded import shown
from smtmodel.source.record import replace
from smtmodel.systems.translate import free_lanes
from tests.support.examples import ROOT, SHIPPED, shipped

PATH = ROOT / "docs" / "unbounded.md"
EFFORT = replace(LARGE, states=10_000)
"""More states are not looked at for this table."""

HEAD = (
    "| protocol | shown | of coupled lanes | may fall | not known, and why |\n"
    "| --- | --- | --- | --- | --- |\n"
)
TABLE = re.compile(re.escape(HEAD) + r"(?:\|.*\n)*")


def line(name: str) -> str:
    """The row of a shipped protocol."""
    protocol = shipped(name)
    names = _names(protocol)
    known = dict(shown(protocol, frozenset(names), EFFORT)) | _vacuous(protocol)
    proved = [one for one in names if known[one].proved]
    falls = [one for one in names if known[one].violated]
    short = name.rsplit("/", 1)[-1]
    lanes, reasons = _lanes(protocol, proved, known), _reasons(names, known)
    return f"| `{short}` | {_listed(proved)} | {lanes} | {_listed(falls)} | {reasons} |"


def _lanes(protocol: Checked, proved: list[str], known: dict[str, Unbounded]) -> str:
    """How many of the lanes that are coupled what is shown is about."""
    groups: dict[str, list[str]] = {}
    for name in proved:
        groups.setdefault(_coupled(protocol, known[name]), []).append(name)
    if len(groups) <= 1:
        return next(iter(groups), "") or "-"
    return "; ".join(f"{', '.join(own)}: {lanes}" for lanes, own in groups.items())


def _coupled(protocol: Checked, known: Unbounded) -> str:
    """Of each kind any number of lanes, or as many as the file has."""
    certificate, free = known.certificate, free_lanes(protocol)
    assert certificate is not None
    bounds = dict.fromkeys(kind.bound for kind in protocol.kinds if not kind.updates)
    return ", ".join(
        f"any number of {several(one)}"
        if one in certificate.free
        else counted(protocol.bounds.count(one), one)
        for one in bounds
        if one not in free
    )


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
