"""What a file expects of its properties, and how that compares with what was found."""

from collections.abc import Sequence

from smtmodel.documents.answer import ReportPart
from smtmodel.language.checked import Checked
from smtmodel.solving.result import Result
from smtmodel.verdict import Status, Verdict, worst


def expected(protocol: Checked, name: str, model: str) -> Verdict:
    """What the file expects of a property under a model: PROVED where it says nothing."""
    verdict = "proved"
    for one in protocol.expectations:
        if one.name == name and one.model == model:
            return Verdict(one.verdict.upper())
        if one.name == name and one.model is None:
            verdict = one.verdict
    return Verdict(verdict.upper())


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


def judged(result: Result, verdict: Verdict) -> Status:
    """The status of a result of which a verdict was expected."""
    if result.verdict is Verdict.UNKNOWN:
        return result.status
    met = Status.GOOD if result.verdict is verdict else Status.REFUTED
    return worst([met, result.failed, result.judges])
