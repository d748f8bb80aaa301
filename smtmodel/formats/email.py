"""A report that can be pasted into a mail and survives `git am` and `git commit`.

ASCII, at most 68 columns, no tabs, no trailing blanks, every line but the first indented:
those tools cut a message at lines such as `---` or `diff `, and take `…-by:` for a trailer.
"""

import re

from smtmodel.documents.report import Report
from smtmodel.formats.human import Style, lines_of

WIDTH = 68
INDENT = "  "
SCISSORS = re.compile(">8|8<|>%|%<")
"""With dashes around it, what `git am --scissors` cuts at; a blank inside makes it harmless."""
STYLE = Style(WIDTH - len(INDENT), hard=True)


def email_lines(report: Report, *, quiet: bool = False) -> list[str]:
    """The lines of the report for a mail."""
    return harmless(lines_of(report, STYLE, quiet=quiet))


def harmless(lines: list[str]) -> list[str]:
    """The lines with nothing in them that a mail or a commit message would trip over."""
    plain = [_plain(line) for line in lines]
    return plain[:1] + [f"{INDENT}{line}".rstrip() for line in plain[1:]]


def _plain(line: str) -> str:
    text = line.expandtabs(4).encode("ascii", "replace").decode("ascii")
    printable = "".join(one if " " <= one <= "~" else "?" for one in text)
    whole = re.sub("(?i)-by:", "-by?", printable).rstrip()
    return SCISSORS.sub(lambda one: " ".join(one[0]), whole) if "-" in whole else whole
