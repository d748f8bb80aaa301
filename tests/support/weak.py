"""Verdicts of protocols under the kernel's memory model."""

from smtmodel import pipeline
from smtmodel.models import model
from smtmodel.solving.result import Limits, Result
from smtmodel.solving.weakly import decide_weakly
from smtmodel.source import Text
from smtmodel.source.refusal import Refusal


def results(text: str, name: str = "made.dsl", **bounds: int) -> dict[str, Result] | str:
    """The results by name, or why the protocol is refused."""
    found = pipeline.checked(Text(name, text))
    assert not isinstance(found, Refusal), found
    able = pipeline.for_model(found, "lkmm")
    if isinstance(able, Refusal):
        return able.diagnostics[0].message
    asked = pipeline.with_bounds(able, bounds)
    assert not isinstance(asked, Refusal), asked
    made = decide_weakly(asked, model("lkmm"), asked.bounds, Limits(), None)
    return {one.name: one for one in made if isinstance(one, Result)}


def verdicts(text: str, name: str = "made.dsl", **bounds: int) -> dict[str, str] | str:
    """The verdicts by name, or why the protocol is refused."""
    found = results(text, name, **bounds)
    return found if isinstance(found, str) else {n: r.verdict.value for n, r in found.items()}
