"""What a file expects of its properties, and how that compares with what was found."""

from collections.abc import Sequence

from smtmodel.documents.answer import Expected, ReportPart
from smtmodel.language.checked import Checked
from smtmodel.solving.result import Result
from smtmodel.verdict import Cause, Status, Verdict, status_of, worst


def expected(protocol: Checked, name: str, model: str) -> Verdict:
    """What the file expects of a property under a model: PROVED where it says nothing."""
    return wanted(protocol, name, model).verdict


def wanted(protocol: Checked, name: str, model: str) -> Expected:
    """The same, and whether it is expected for any number of updates, which is about sc alone."""
    lines = {one.model: one for one in protocol.expectations if one.name == name}
    line = lines.get(model, lines.get(None))
    if line is None:
        return Expected(Verdict.PROVED)
    return Expected(Verdict(line.verdict.upper()), line.any_number and model == "sc")


def models_of(protocol: Checked) -> tuple[str, ...]:
    """The models under which the file's expectations are judged."""
    named = sorted({one.model for one in protocol.expectations if one.model} - {"sc"})
    return ("sc", *named)


def not_proved(parts: Sequence[ReportPart], only: Sequence[str] = ()) -> str:
    """What of a variant is not proved, in one line; `parts` are its outcomes under the models, of
    these properties if there are any."""
    models = tuple(part.outcome.model for part in parts)
    under: dict[tuple[Verdict, str], tuple[str, ...]] = {}
    for part in parts:
        for one in part.outcome.results:
            if one.verdict is not Verdict.PROVED:
                key = one.verdict, one.name
                under[key] = (*under.get(key, ()), part.outcome.model)
    told = [
        f"{verdict.value.lower()} {name}" + ("" if own == models else f" under {', '.join(own)}")
        for (verdict, name), own in under.items()
    ]
    every = f"proved {', '.join(only)}" if only else "all proved"
    return f"{parts[0].context.file}: {', '.join(told) or every}"


def judged(result: Result, want: Expected) -> Status:
    """The status of a result of which something was expected."""
    if result.verdict is Verdict.UNKNOWN:
        return result.status
    met = Status.GOOD if want.met(result) else _unmet(result, want)
    return worst([met, result.failed, result.judges, result.further])


def _unmet(result: Result, want: Expected) -> Status:
    """An answer that was stopped is none, and nothing to hold against a file."""
    known = result.unbounded
    stopped = known is not None and known.cause is not Cause.NONE
    if known is not None and stopped and result.verdict is want.verdict:
        return status_of(Verdict.UNKNOWN, known.cause)
    return Status.REFUTED
