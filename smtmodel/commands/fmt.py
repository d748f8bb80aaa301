"""`fmt`: a protocol's text in its one form, and a file rewritten so that nothing can be lost."""

import os

from smtmodel import pipeline
from smtmodel.source import Text
from smtmodel.source.refusal import Refusal


class FormatterBug(Exception):
    """The formatted text does not say what the text said."""


def formatted(text: Text) -> str | Refusal:
    """The text in its one form; `FormatterBug` rather than a text that says something else."""
    from smtmodel.language.format import format_protocol
    from smtmodel.language.parse import derivation

    root = derivation(text)
    if isinstance(root, tuple):
        return Refusal(text.name, "", text, root)
    made = format_protocol(root, text)
    if derivation(Text(text.name, made)) != root:
        raise FormatterBug(f"formatting {text.name} would change what it says; it was left alone")
    return made


def difference(name: str, before: str, after: str) -> str:
    """A unified diff."""
    from difflib import unified_diff

    lines = unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), name, f"{name} (fmt)"
    )
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)


def rewrite(name: str, content: str) -> None:
    """Replace the file's content at once, or not at all; OSError if that fails.

    A link stays a link, and the file keeps its permissions.
    """
    from tempfile import mkstemp

    located = pipeline.locate(name)
    path = os.path.realpath(located if isinstance(located, str) else name)
    descriptor, draft = mkstemp(prefix=".smtmodel-", dir=os.path.dirname(path))
    try:
        with open(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(content)
        os.chmod(draft, os.stat(path).st_mode & 0o7777)
        os.replace(draft, path)
    except BaseException:
        os.unlink(draft)
        raise
