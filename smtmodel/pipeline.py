"""The stages in their order, from a file's name to what was found out about it.

Gives checked protocols or a `Refusal` with what is wrong, and outcomes from a worker process.
Prints nothing and ends nothing: that is `smtmodel.cli`. Each stage is imported when it is
first needed, so that `explain` does not pay for the parser nor `fmt` for the solver.
"""

import os
import time
from collections.abc import Callable, Iterable, Sequence

from smtmodel.language import ast
from smtmodel.language.checked import Checked
from smtmodel.solving.answered import Ending, settled
from smtmodel.solving.keyboard import Interrupts
from smtmodel.solving.result import (
    Coverage,
    Early,
    Limits,
    Obligation,
    Outcome,
    Result,
    Started,
)
from smtmodel.solving.second import with_obligations
from smtmodel.solving.worker import Died, Done, Failed, Job, Ready, Worker
from smtmodel.source import Diagnostic, Text
from smtmodel.source.record import record, replace
from smtmodel.source.refusal import Refusal
from smtmodel.verdict import Cause

ENDING = ".dsl"
TICK = 0.1
"""Seconds between two looks at the clock for those who watch."""


def now() -> float:
    """The clock of time limits and of progress, in seconds; tests put their own in its place."""
    return time.monotonic()


# ---------------------------------------------------------------- files


def shipped() -> str:
    """The folder of the protocols that come with the tool, in a wheel or a checkout."""
    package = os.path.dirname(os.path.abspath(__file__))
    inside = os.path.join(package, "protocols")
    return inside if os.path.isdir(inside) else os.path.join(os.path.dirname(package), "protocols")


def locate(name: str) -> str | Refusal:
    """The path to read for a name: itself, standard input, or a shipped protocol."""
    if name == "-" or os.path.exists(name):
        return name
    if os.path.dirname(name) == "":
        for path in sorted(_below(shipped())):
            if os.path.basename(path) in (name, name + ENDING):
                return path
    return Refusal(name, f"no such file: {name}{_near(name)}")


def _near(name: str) -> str:
    """A suggestion: a protocol in the same folder, or a shipped one, of a similar name."""
    from smtmodel.language.suggest import suggest

    folder, file = os.path.split(name)
    known = _protocols_in(folder or ".")
    if not folder:
        known += sorted(os.path.basename(path) for path in _below(shipped()))
    stem = os.path.splitext(file)[0]
    stems = [one.removesuffix(ENDING) for one in known]
    hint = f"did you mean `{stem}`?" if stem in stems else suggest(stem, stems)
    before = f"{folder}/" if folder else ""
    return "; " + hint.replace("`", f"`{before}", 1).replace("`?", f"{ENDING}`?") if hint else ""


def _protocols_in(folder: str) -> list[str]:
    try:
        return sorted(entry for entry in os.listdir(folder) if entry.endswith(ENDING))
    except OSError:
        return []


def protocols(paths: Sequence[str]) -> tuple[str, ...] | Refusal:
    """The files that `check` is about: folders give their protocols, in sorted order."""
    if not paths:
        if not os.path.isdir("protocols"):
            return Refusal("protocols", "no path given, and there is no folder `protocols` here")
        paths = ("protocols",)
    found: list[str] = []
    for path in paths:
        if not os.path.isdir(path):
            found.append(path)
            continue
        inside = sorted(_below(path))
        if not inside:
            return Refusal(path, f"no protocol (*{ENDING}) in {path}")
        found.extend(inside)
    return tuple(dict.fromkeys(found))


def _below(folder: str) -> Iterable[str]:
    for root, _, files in os.walk(folder):
        yield from (os.path.join(root, file) for file in files if file.endswith(ENDING))


# ---------------------------------------------------------------- text to protocol


def read_text(name: str) -> Text | Refusal:
    """The text of a file, named as the user named it."""
    path = locate(name)
    if isinstance(path, Refusal):
        return path
    if os.path.isdir(path):
        return Refusal(name, f"{name} is a folder; `smtmodel check` takes folders")
    from smtmodel.source.read import read

    text = read(path)
    if isinstance(text, Diagnostic):
        return Refusal(name, diagnostics=(text,), text=Text(name, ""))
    return Text(name, text.content) if text.name != name else text


def raw(name: str, text: Text) -> str:
    """What stands in the file itself, line ends included; of standard input the text."""
    path = locate(name)
    if name == "-" or isinstance(path, Refusal):
        return text.content
    with open(path, encoding="utf-8", newline="") as file:
        return file.read()


def load(name: str) -> Checked | Refusal:
    """The checked protocol of a file."""
    text = read_text(name)
    return text if isinstance(text, Refusal) else checked(text)


def checked(text: Text) -> Checked | Refusal:
    """The checked protocol of a text."""
    protocol = parsed(text)
    return protocol if isinstance(protocol, Refusal) else meant(protocol, text)


def parsed(text: Text) -> ast.Protocol | Refusal:
    """What a text says."""
    from smtmodel.language.parse import parse

    protocol = parse(text)
    if isinstance(protocol, tuple):
        return Refusal(text.name, text=text, diagnostics=protocol)
    return protocol


def meant(protocol: ast.Protocol, text: Text) -> Checked | Refusal:
    """What a parsed protocol means."""
    from smtmodel.language.check import check

    found = check(protocol, text)
    if isinstance(found, tuple):
        return Refusal(text.name, text=text, diagnostics=found)
    return found


def for_model(protocol: Checked, model: str) -> Checked | Refusal:
    """The same protocol, if the memory model exists and the protocol keeps its rules."""
    if model == "sc":
        return protocol
    from smtmodel.models import MODELS

    names = [one.name for one in MODELS]
    if model not in names:
        known = ", ".join(names)
        return Refusal(model, f"no memory model is called `{model}`; there are {known}")
    from smtmodel.language.checks.outside_sc import outside_sc

    wrong = outside_sc(protocol)
    return Refusal(protocol.text.name, "", protocol.text, wrong) if wrong else protocol


def with_bounds(protocol: Checked, asked: dict[str, int]) -> Checked | Refusal:
    """The same protocol at the bounds of its file, except those that were asked for."""
    if not asked:
        return protocol
    from smtmodel.language import bounds

    found = bounds.with_bounds(protocol, asked)
    if isinstance(found, Diagnostic):
        hint = f"; {found.suggestion}" if found.suggestion else ""
        return Refusal(protocol.text.name, f"{protocol.text.name}: {found.message}{hint}")
    return replace(protocol, bounds=found)


def chosen(protocol: Checked, only: Sequence[str]) -> frozenset[str] | Refusal | None:
    """The properties named on the command line; None means all."""
    if not only:
        return None
    known = [one.name for one in protocol.properties]
    for name in only:
        if name not in known:
            from smtmodel.language.suggest import suggest

            hint = suggest(name, known) or "it has " + ", ".join(known)
            message = f"{protocol.text.name} has no property `{name}`; {hint}"
            return Refusal(protocol.text.name, message)
    return frozenset(only)


# ---------------------------------------------------------------- protocol to outcome


Notice = Started | Coverage | Early | Result | Obligation | None
"""What those who watch are told; None is a tick of the clock."""

Trouble = tuple[Cause, str]
"""Why something was not done: the cause of an UNKNOWN, and a sentence."""


@record
class Decided:
    """An outcome, the solver's version, and what a bug report needs where one is due."""

    outcome: Outcome
    solver: str
    bug: str = ""
    traceback: str = ""


class Decider:
    """Decides protocols one after another in a worker, within one time limit for all of them.

    `seconds` counts from the making of this object. A worker that was stopped or has died is
    replaced for the next protocol, unless the time is up or the user interrupted.
    """

    def __init__(self, worker: Worker | None, seconds: float | None = None) -> None:
        self._worker = worker
        self.seconds = seconds
        self._end = None if seconds is None else now() + seconds
        self.stopped: Trouble | None = None
        self._solver = ""
        self._began = 0.0

    @property
    def left(self) -> float | None:
        """The seconds that are left, None for as many as it takes."""
        return None if self._end is None else max(0.0, self._end - now())

    def close(self) -> None:
        """End the worker process."""
        if self._worker is not None:
            self._worker.kill()
            self._worker = None

    def hand_over(self) -> Worker | None:
        """The worker, if there is one, for somebody else to use and to end."""
        worker, self._worker = self._worker, None
        return worker

    def decide(
        self,
        protocol: Checked,
        model: str,
        limits: Limits,
        only: frozenset[str] | None,
        notice: Callable[[Notice], None] | None = None,
        *,
        told: bool = False,
    ) -> Decided:
        """Every property of the protocol (or of `only`) at the protocol's bounds.

        With `told` the outcome has the obligations.
        """
        found: list[Notice] = []

        def note(notified: Notice) -> None:
            found.append(notified)
            if notice is not None:
                notice(notified)

        trouble, traceback = self.stopped, ""
        self._began = time.monotonic()
        if trouble is None:
            work = with_obligations if told else None
            job = Job(protocol, model, protocol.bounds, limits, only, work)
            failure = self._run(job, note, notice)
            if failure is not None:
                trouble, traceback = failure
        results = settled(protocol, only, found, self._ending(trouble, found))
        coverage = [one for one in found if isinstance(one, Coverage)]
        place = {one.name: number for number, one in enumerate(results)}
        obligations = [one for one in found if isinstance(one, Obligation)]
        outcome = Outcome(
            model,
            protocol.bounds,
            coverage[-1] if coverage else None,
            results,
            tuple(sorted(obligations, key=lambda one: place[one.result])),
        )
        bugs = [one.reason for one in results if one.cause is Cause.CONTRADICTION]
        if trouble is not None and trouble[0] is Cause.CONTRADICTION:
            bugs.append(trouble[1])
        return Decided(outcome, self._solver, bugs[0] if bugs else "", traceback)

    def _ending(self, trouble: Trouble | None, found: list[Notice]) -> Ending | None:
        if trouble is None:
            return None
        doing = [one.what for one in found if isinstance(one, Started)]
        where = f" while deciding {doing[-1]}" if doing else " before anything was decided"
        return Ending(*trouble, time.monotonic() - self._began, where)

    def _run(
        self,
        job: Job,
        note: Callable[[Notice], None],
        notice: Callable[[Notice], None] | None,
    ) -> tuple[Trouble, str] | None:
        """None if the job was finished, else why it was not."""
        with Interrupts() as interrupts:
            worker = self._worker if self._worker is not None else Worker()
            self._worker = worker
            worker.send(job)
            while True:
                left = None if self._end is None else self._end - now()
                if interrupts.seen:
                    self.stopped = (Cause.INTERRUPTED, "interrupted")
                elif left is not None and left <= 0:
                    self.stopped = (
                        Cause.TIMEOUT,
                        f"the time limit of {self.seconds:g} s was reached",
                    )
                if self.stopped is not None:
                    self._drain(worker, note)
                    return self.stopped, ""
                wait = TICK if left is None else min(left, TICK)
                match worker.receive(wait if notice else left, alarm=interrupts.alarm):
                    case None:
                        note(None)
                    case Ready(solver=solver):
                        self._solver = solver
                        self._began = time.monotonic()  # to load the solver decides nothing
                    case Done():
                        return None
                    case Died(message=message, cause=cause):
                        self._worker = None
                        return (cause, message), ""
                    case Failed(message=message, traceback=traceback, memory=memory):
                        self.close()
                        if memory:
                            return (Cause.BUDGET, "the memory limit was reached"), ""
                        return (Cause.CONTRADICTION, f"{message}"), traceback
                    case Started() | Coverage() | Early() | Result() | Obligation() as found:
                        note(found)
                    case found:
                        raise AssertionError(found)

    def _drain(self, worker: Worker, note: Callable[[Notice], None]) -> None:
        """Take what was found before the worker was stopped."""
        while isinstance(
            found := worker.receive(0), Started | Coverage | Early | Result | Obligation | Ready
        ):
            if not isinstance(found, Ready):
                note(found)
        self.close()
