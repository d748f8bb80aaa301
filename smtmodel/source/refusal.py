"""Why an input is not worked on: what every command says instead of its answer."""

from dataclasses import dataclass

from smtmodel.source.diagnostic import Diagnostic
from smtmodel.source.text import Text


@dataclass(frozen=True, slots=True)
class Refusal:
    """Diagnostics of a text, or one sentence (`message`) about the input called `name`."""

    name: str
    message: str = ""
    text: Text | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
