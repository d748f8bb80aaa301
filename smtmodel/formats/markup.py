"""Elements of HTML, SVG and XML. The one door through which text gets into any of them.

A `str` is text and is escaped, wherever it stands; what is `Markup` was made here. Names of
elements and attributes are ours and are not looked at.
"""

from collections.abc import Iterable

from smtmodel.documents.plain import plain

VOID = frozenset({"meta", "link"})
"""Elements of HTML that have no end."""


class Markup(str):
    """Text that is markup already."""

    __slots__ = ()


Child = str | Iterable["Child"]
"""Text, markup, or several of them."""


def escaped(text: str) -> Markup:
    """Text as it may stand between tags and in quoted attributes; ASCII, so that no place that
    it goes to can spoil it."""
    if isinstance(text, Markup):
        return text
    from html import escape

    shown = escape(plain(text), quote=True)
    return Markup(shown.encode("ascii", "xmlcharrefreplace").decode())


def joined(children: Iterable[Child]) -> Markup:
    """Several children, one after another."""
    return Markup(
        "".join(escaped(one) if isinstance(one, str) else joined(one) for one in children)
    )


def element(tag: str, *children: Child, **attributes: str | float | bool | None) -> Markup:
    """An element. `class_` is the attribute `class`, `data_row` is `data-row`.

    None and False leave an attribute out, True gives it no value. Whole numbers are written
    without a point.
    """
    words = [tag]
    for name, value in attributes.items():
        called = name.rstrip("_").replace("_", "-")
        if value is None or value is False:
            continue
        if value is True:
            words.append(f'{called}=""')
            continue
        shown = value if isinstance(value, str) else f"{value:g}"
        words.append(f'{called}="{escaped(shown)}"')
    end = "" if tag in VOID else f"</{tag}>"
    return Markup(f"<{' '.join(words)}>{joined(children)}{end}")


def constant(text: str) -> Markup:
    """A style sheet or script of ours, which nobody else had a hand in."""
    assert "</" not in text
    assert text.isascii()
    return Markup(text)
