"""What a shell may complete, beside commands, options and the values of choices.

Each function is one of click's `shell_complete`, or makes one; it is called when a shell asks.
"""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

Complete = Callable[[click.Context, click.Parameter, str], list[str]]


def paths(context: click.Context, parameter: click.Parameter, begun: str) -> "list[CompletionItem]":
    """Paths, which the shell knows itself."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(begun, type="file")]


def files(
    context: click.Context, parameter: click.Parameter, begun: str
) -> "list[CompletionItem] | list[str]":
    """Paths; shipped protocols by name where no path begins like that."""
    from smtmodel import pipeline

    if not begun or os.path.dirname(begun) or any(one.startswith(begun) for one in os.listdir()):
        return paths(context, parameter, begun)
    return [one for one in pipeline.shipped_names() if one.startswith(begun)]


def _given(context: click.Context) -> list[str]:
    """The protocols that stand on the command line already."""
    given = [context.params.get(name) or () for name in ("file", "path", "old", "new")]
    names = [name for one in given for name in ([one] if isinstance(one, str) else one)]
    # An option that waits for its value keeps click from saying which argument a word is.
    return [*names, *context.args]


def properties(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    """The properties of the protocols that stand on the command line already."""
    from smtmodel import pipeline
    from smtmodel.source.refusal import Refusal

    protocols = [pipeline.load(name) for name in _given(context) if name != "-"]
    found = [
        item.name
        for variants in protocols
        if not isinstance(variants, Refusal)
        for one in variants
        for item in one.checked.properties
    ]
    return [name for name in dict.fromkeys(found) if name.startswith(begun)]


def variants(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    """The variants of the file that stands on the command line already, and `all`."""
    from smtmodel import pipeline
    from smtmodel.language.families import EVERY
    from smtmodel.source.refusal import Refusal

    found = [pipeline.load(name) for name in _given(context) if name != "-"]
    known = [one.variant for loaded in found if not isinstance(loaded, Refusal) for one in loaded]
    return [name for name in (*known, EVERY) if name and name.startswith(begun)]


def models(*names: str) -> Complete:
    """Of these memory models."""
    return lambda context, parameter, begun: [one for one in names if one.startswith(begun)]


def codes(context: click.Context, parameter: click.Parameter, begun: str) -> "list[CompletionItem]":
    """The codes of diagnostics with their titles, `all`, and the verdicts."""
    from click.shell_completion import CompletionItem

    from smtmodel.language.codes import TABLE
    from smtmodel.verdict import Verdict

    known = [*((one.name, one.title) for one in TABLE), ("all", "all of them")]
    known += [(one.value, "a verdict") for one in Verdict]
    return [
        CompletionItem(name, help=title)
        for name, title in known
        if name.lower().startswith(begun.lower())
    ]
