"""Texts to protocols, and protocols to answers, for the tests."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from smtmodel.executions.explore import Exploration, explore
from smtmodel.language.ast import Protocol
from smtmodel.language.check import check
from smtmodel.language.checked import Bounds, Checked
from smtmodel.language.meanings import Meaning, meanings
from smtmodel.language.parse import parse
from smtmodel.litmus.written.supported import supported
from smtmodel.models import KERNEL, model
from smtmodel.solving.decide import decide
from smtmodel.solving.result import Coverage, Limits, Result
from smtmodel.solving.weakly import decide_weakly
from smtmodel.source import Text

ROOT = Path(__file__).parents[2]
FOUNDING = (
    "original",
    "xiao",
    "paolo",
    "paolo-no-low-bit-test",
    "paolo-no-grace-period",
    "single-dereference",
)
FOLDERS = tuple(sorted(p.name for p in (ROOT / "protocols").iterdir() if p.is_dir()))
"""The subsystems under protocols/."""


@cache
def meant(file: str) -> dict[str, Meaning]:
    """What the protocols of a shipped file mean, by variant; read once per process."""
    path = ROOT / "protocols" / f"{file}.dsl"
    found = meanings(Text(path.name, path.read_text()))
    assert all(isinstance(one, Meaning) for one in found), found
    return {one.variant: one for one in found if isinstance(one, Meaning)}


def protocols_in(folder: str) -> tuple[str, ...]:
    """The names, for `shipped`, of the protocols of a folder."""
    paths = sorted((ROOT / "protocols" / folder).glob("*.dsl"))
    return tuple(
        f"{folder}/{path.stem}{colon}{one}"
        for path in paths
        for colon, one in [(":", one) for one in _variants(path)] or [("", "")]
    )


def _variants(path: Path) -> list[str]:
    """The variants of a file, which is not read for their names: whoever collects tests needs
    these alone."""
    return re.findall(r"^variant (\w+)", path.read_text(), re.M)


SHIPPED = (*FOUNDING, *(name for folder in FOLDERS for name in protocols_in(folder)))
"""Every shipped protocol: the founding thread's, then folder by folder."""

CHECK_THEN_ACT = """protocol early "the check comes before the act, and too early"
shared flag = 0
shared x = 0
thread writer {
    flag = 1
    x = 1
}
thread reader {
    if (flag == 1)
        return
    v = x
    ok: assert v == 0
}
bounds writer 1, reader 1
"""
"""A reader that looks before it acts, and a writer that acts in between."""


def checked(content: str, name: str = "test.dsl") -> Checked:
    """The checked protocol of a text that has no errors."""
    text = Text(name, content)
    protocol = parse(text)
    assert not isinstance(protocol, tuple), protocol
    found = check(protocol, text)
    assert not isinstance(found, tuple), found
    return found


def meaning(name: str) -> Meaning:
    """A shipped protocol: its folder in front, if it is in one, its variant behind a colon, if its
    file has several: `kvm/k2-xiao`, `kvm/k8:before`."""
    file, _, variant = name.partition(":")
    return meant(file)[variant]


def parsed(name: str) -> tuple[Text, Protocol]:
    """A shipped protocol as it is written."""
    found = meaning(name)
    return found.checked.text, found.parsed


def shipped(name: str) -> Checked:
    """A shipped protocol."""
    return meaning(name).checked


def location(name: str) -> str:
    """The name of a shipped protocol on the command line, from the folder of them all."""
    file, colon, variant = name.partition(":")
    return f"{file}.dsl{colon}{variant}"


def at(protocol: Checked, updates: int, others: int, rounds: int = 1) -> Bounds:
    """Bounds with so many updates and so many lanes of each other kind."""
    lanes = tuple((kind.bound, others) for kind in protocol.kinds if not kind.updates)
    return Bounds(updates, lanes, rounds)


def results(
    protocol: Checked, bounds: Bounds | None = None, name: str = "sc", seed: int = 0
) -> tuple[Coverage | None, dict[str, Result]]:
    """What the prover finds."""
    limits = Limits(seed=seed)
    of, work = model(name), decide
    if name == KERNEL:
        able = supported(protocol)
        assert isinstance(able, Checked), able
        protocol, work = able, decide_weakly
    found = list(work(protocol, of, bounds or protocol.bounds, limits, None))
    coverage = next((item for item in found if isinstance(item, Coverage)), None)
    results = {item.name: item for item in found if isinstance(item, Result)}
    return coverage, {item.name: results[item.name] for item in protocol.properties}


def with_machine(names: Iterable[str]) -> tuple[str, ...]:
    """The models that the explorer knows a machine of."""
    return tuple(name for name in names if name != KERNEL)


def explored(protocol: Checked, bounds: Bounds | None = None, name: str = "sc") -> Exploration:
    """What the explorer finds."""
    return explore(protocol, bounds or protocol.bounds, store_buffers=model(name).store_buffers)
