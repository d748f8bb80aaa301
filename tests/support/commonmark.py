"""Markdown as a public parser reads it."""

from markdown_it import MarkdownIt


def tokens(text: str) -> list[tuple[str, str]]:
    """The parts of a Markdown text, as (kind, content) pairs."""
    found = []
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        found.append((token.type, token.content))
        found += [(child.type, child.content) for child in token.children or ()]
    return found
