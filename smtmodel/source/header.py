"""What the comment above a protocol says of where it comes from.

Takes a text; gives the fields of the comments before its first other line: a line that begins
with a word and a colon begins a field (`// Source: …`), an empty comment line ends it. The
words are the author's, and untrusted as all of the file is.
"""

import re

from smtmodel.source.text import Text

FIELD = re.compile(r"([A-Z][a-z]+): +(\S.*)")
SENTENCE = re.compile(r"[.]\s+(?=[A-Z])")


def field(text: Text, name: str) -> str:
    """The first sentence of the field of that name, without its point; nothing without one."""
    found: list[str] = []
    for line in _comment(text):
        match = FIELD.fullmatch(line)
        if found and (not line or match):
            break
        if found:
            found.append(line)
        elif match and match[1] == name:
            found.append(match[2])
    return SENTENCE.split(" ".join(found), maxsplit=1)[0].removesuffix(".")


def _comment(text: Text) -> list[str]:
    """The lines of the comment at the beginning, without their slashes."""
    found: list[str] = []
    for line in text.lines:
        if not line.startswith("//"):
            break
        found.append(line.removeprefix("//").strip())
    return found
