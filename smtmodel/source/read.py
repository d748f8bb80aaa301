"""From a file, or standard input, to a text.

Gives the text or one diagnostic that says why there is none; the operating system's refusals
are diagnostics too. Line ends of other systems are left as they are. Does not look for files.
"""

import os
import sys

from smtmodel.source.codes import BINARY, NOT_UTF8, TOO_LONG, UNREADABLE
from smtmodel.source.diagnostic import Diagnostic
from smtmodel.source.text import Span, Text

LIMIT = 4 * 1024 * 1024
"""Bytes of the longest text."""


def read(path: str, limit: int = LIMIT) -> Text | Diagnostic:
    """The text of a file, of standard input for `-`, of at most `limit` bytes; the text is named
    by the path."""
    start = Span(1, 1, 1, 1)
    try:
        if path == "-":
            content = sys.stdin.buffer.read(limit + 1)
        else:
            with open(path, "rb") as file:
                content = file.read(limit + 1)
    except (OSError, ValueError) as error:
        reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else error
        return Diagnostic(UNREADABLE, f"cannot read {path}: {reason}", start)
    if len(content) > limit:
        megabytes = limit // (1024 * 1024)
        return Diagnostic(TOO_LONG, f"the text is longer than {megabytes} MiB", start)
    if b"\0" in content:
        return Diagnostic(BINARY, "this is no text: it contains NUL bytes", start)
    try:
        return Text(path, content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8-sig", errors="replace")
        line = before.count("\n") + 1
        column = len(before) - (before.rfind("\n") + 1) + 1
        message = f"byte 0x{content[error.start]:02x} is not UTF-8"
        return Diagnostic(NOT_UTF8, message, Span(line, column, line, column + 1))
