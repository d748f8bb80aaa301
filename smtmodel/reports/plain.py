"""Text of a protocol made fit for any format: it is untrusted input.

Control characters, and those that reorder or hide what stands around them, become `?`.
"""


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
