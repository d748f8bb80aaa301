"""How commands of smtmodel are spelled, word by word.

Takes what was asked; gives the words that ask for it again.
"""

from collections.abc import Iterable

from smtmodel.documents.scope import running
from smtmodel.language.checked import Bounds, Checked
from smtmodel.models import unless_default
from smtmodel.solving.result import Limits, Run

Words = tuple[str, ...]


def asking(command: str, *parts: Words) -> Words:
    """A command about something, with options."""
    return ("smtmodel", command, *(word for words in parts for word in words))


def replaying(protocol: Checked, about: Words, run: Run, model: str) -> Words:
    """The command that runs this very ordering; `about` are the words for the protocol."""
    from smtmodel.executions.schedule import schedule_words

    moves = schedule_words(run.trace.schedule)
    return asking("replay", about, bounds_options(protocol, run.bounds), under(model), moves)


def under(model: str | None) -> Words:
    """The option for a memory model; none for the default, or where none was chosen."""
    return ("--model", model) if model is not None and unless_default(model, model) else ()


def only(names: Iterable[str]) -> Words:
    """The options for these properties."""
    return tuple(word for name in names for word in ("--only", name))


def limit_options(limits: Limits) -> Words:
    """The options for what the solver may use."""
    given = {"--budget": limits.budget, "--memory": limits.memory}
    return tuple(w for name, n in given.items() if n is not None for w in (name, str(n)))


def bounds_options(protocol: Checked, bounds: Bounds) -> Words:
    """The options that ask for these bounds, whatever the file says."""
    counts = [(kind.bound, bounds.count(kind.bound)) for kind in running(protocol, bounds)]
    if bounds.rounds != 1 or protocol.bounds.rounds != 1:
        counts.append(("rounds", bounds.rounds))
    return bound_options(counts)


def bound_options(counts: Iterable[tuple[str, int]]) -> Words:
    """The options that ask for bounds, each as (name, count)."""
    return tuple(word for name, count in counts for word in _bound_option(name, count))


def _bound_option(name: str, count: int) -> Words:
    if name in ("updates", "faults"):
        return (f"--{name}", str(count))
    return ("--bound", f"{name}={count}")
