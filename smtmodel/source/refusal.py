"""Why an input is not worked on: what every command says instead of its answer."""

from smtmodel.source.diagnostic import Diagnostic
from smtmodel.source.record import record
from smtmodel.source.text import Text


@record
class Refusal:
    """Diagnostics of a text, or one sentence (`message`) about the input called `name`."""

    name: str
    message: str = ""
    text: Text | None = None
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """What is wrong, each error in a sentence."""
        if not self.diagnostics:
            return (self.message,)
        return tuple(
            f"{self.name}, line {one.span.line}: {one.message} [{one.code.name}]"
            for one in self.diagnostics
        )
