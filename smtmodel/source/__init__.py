"""Text, places in it, and diagnostics as plain values. Knows nothing of the language."""

from smtmodel.source.diagnostic import Code, Diagnostic, Severity
from smtmodel.source.text import Span, Text

__all__ = ["Code", "Diagnostic", "Severity", "Span", "Text"]
