"""How the reader of models stops at the first thing that it does not read."""

from smtmodel.source import Code, Diagnostic, Span, Text
from smtmodel.source.refusal import Refusal


class Refused(Exception):
    """What is wrong; the file is added where its statements are read."""

    def __init__(self, code: Code, message: str, span: Span, suggestion: str = "") -> None:
        super().__init__(message)
        self.diagnostic = Diagnostic(code, message, span, suggestion=suggestion)
        self.text: Text | None = None

    def refusal(self) -> Refusal:
        """The same as a value."""
        assert self.text is not None
        return Refusal(self.text.name, text=self.text, diagnostics=(self.diagnostic,))
