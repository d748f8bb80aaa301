"""Diagnostics: what is wrong with an input, as plain values.

A diagnostic has a code that is explained in one place, one sentence, a span, and at most one
suggestion. How it looks is decided in `smtmodel.formats`.
"""

from enum import Enum

from smtmodel.source.record import record
from smtmodel.source.text import Span


class Severity(Enum):
    ERROR = "error"
    WARNING = "warning"


@record
class Code:
    """A kind of diagnostic: `E102` and a title; its page is for `smtmodel explain E102`."""

    name: str
    title: str


@record
class Diagnostic:
    """One thing that is wrong, at one place.

    `message` is a sentence without its end; `label` stands under the caret; `suggestion` is
    what to write instead.
    """

    code: Code
    message: str
    span: Span
    label: str = ""
    suggestion: str = ""
    severity: Severity = Severity.ERROR
