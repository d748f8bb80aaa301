"""Text of a protocol made fit for any format: it is untrusted input.

Control characters, and those that reorder or hide what stands around them, become `?`; in a
command, where they must not change, they are spelled out.
"""

import shlex
from collections.abc import Iterable


def plain(text: str) -> str:
    """The text with line ends and printable characters only; a tab becomes a blank."""
    if text.isprintable():
        return text
    return "".join(
        one if one == "\n" or one.isprintable() else " " if one == "\t" else "?" for one in text
    )


def one_line(text: str) -> str:
    """The same on one line, runs of blanks as they are."""
    return plain(text).replace("\n", " ")


def command(words: Iterable[str]) -> str:
    """Words as a shell takes them, printable whatever a file may be called."""
    return " ".join(shlex.quote(one) if one.isprintable() else _spelled(one) for one in words)


def _spelled(word: str) -> str:
    r"""A word as bash and zsh read it: `$'a\x1b'`."""
    shown = "".join(one if one.isprintable() else _bytes(one) for one in _quoted(word))
    return f"$'{shown}'"


def _quoted(word: str) -> str:
    return word.replace("\\", "\\\\").replace("'", "\\'")


def _bytes(character: str) -> str:
    return "".join(f"\\{byte:03o}" for byte in character.encode(errors="surrogateescape"))
