"""A document that can be pasted into a mail and survives `git am` and `git commit`.

ASCII, at most 68 columns, no tabs, no trailing blanks, every line but the first indented:
those tools cut a message at lines such as `---` or `diff `, and take `…-by:` for a trailer.
"""

import re

from smtmodel.documents.document import Document
from smtmodel.formats import human
from smtmodel.formats.human import Style
from smtmodel.source.refusal import Refusal

WIDTH = 68
INDENT = "  "
SCISSORS = re.compile(">8|8<|>%|%<")
"""With dashes around it, what `git am --scissors` cuts at; a blank inside makes it harmless."""
STYLE = Style(WIDTH - len(INDENT), hard=True)


def lines_of(document: Document, style: Style = STYLE, *, quiet: bool = False) -> list[str]:
    """The lines of the document for a mail, whose width is always the same."""
    return harmless(human.lines_of(document, STYLE, quiet=quiet))


def refusal_lines(refusal: Refusal, style: Style) -> list[str]:
    """Why there is no answer about an input."""
    return harmless(human.wrong_lines(refusal, style))


def harmless(lines: list[str]) -> list[str]:
    """The lines with nothing in them that a mail or a commit message would trip over."""
    plain = [_plain(line) for line in lines]
    return plain[:1] + [f"{INDENT}{line}".rstrip() for line in plain[1:]]


def _plain(line: str) -> str:
    text = line.expandtabs(4).encode("ascii", "replace").decode("ascii")
    printable = "".join(one if " " <= one <= "~" else "?" for one in text)
    whole = re.sub("(?i)-by:", "-by?", printable).rstrip()
    return SCISSORS.sub(lambda one: " ".join(one[0]), whole) if "-" in whole else whole
