"""`doctor`: what is installed here, and whether it works."""

import os
import platform
import sys
from collections.abc import Iterator
from importlib import metadata

from smtmodel import __version__, pipeline
from smtmodel.commands.decision import decided
from smtmodel.solving.result import Limits
from smtmodel.source import Text
from smtmodel.source.refusal import Refusal
from smtmodel.verdict import Status, Verdict
from smtmodel.work.session import Session

TESTED = ("4.13.0", "5.4.1")
"""The oldest and the newest z3 that the tests were run with; the oldest is what the package
asks for."""

TINY = """\
protocol tiny "two lanes add one"
shared n = 0
thread adder {
    atomic_inc(n)
}
never lost: n != 2 finally
bounds adder 2
"""


def lines(session: Session) -> Iterator[str | Status]:
    """The findings line by line, then the status."""
    yield f"smtmodel  {__version__}  ({os.path.dirname(os.path.dirname(__file__))})"
    yield f"Python    {platform.python_version()}  ({sys.executable})"
    yield f"platform  {platform.platform()}"
    for package in ("z3-solver", "lark", "click", "msgspec", "python-sat"):
        yield f"{package:9} {_version(package)}"
    yield f"cvc5      {_version('cvc5')} (for --cross-check)"
    solver = _version("z3-solver")
    if _numbers(solver) < _numbers(TESTED[0]):
        yield from _too_old(solver)
    elif _numbers(solver)[:3] > _numbers(TESTED[1]):
        yield f"z3 {solver} is newer than the tested versions ({TESTED[0]} to {TESTED[1]})"
    yield from _self_check(session)


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed as a package"


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdecimal())


def _too_old(solver: str) -> Iterator[str]:
    yield f"z3 {solver} is older than the tested versions ({TESTED[0]} to {TESTED[1]})."
    yield f"  There is probably no newer wheel for {platform.machine()} with this system's C"
    yield "  library, so that pip took an old one. Verdicts are still replayed, but nobody has"
    yield f"  tested this version: use another machine, or build z3 {TESTED[1]} from source."


def _self_check(session: Session) -> Iterator[str | Status]:
    protocol = pipeline.checked(Text("tiny", TINY))
    assert not isinstance(protocol, Refusal), protocol
    found = decided(session, protocol, "sc", Limits(), None)
    good = all(result.verdict is Verdict.PROVED for result in found.outcome.results)
    seconds = sum(result.seconds for result in found.outcome.results)
    solver = f"z3 {found.solver}" if found.solver else "the solver"
    if good:
        yield f"self-check: {solver} proves a tiny protocol in {seconds:.2f}s"
        yield Status.GOOD
        return
    for result in found.outcome.results:
        yield f"self-check: {result.name} {result.verdict.value} {result.reason}".rstrip()
    yield Status.CONTRADICTION
