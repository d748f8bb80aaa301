"""How documents look: a file for each format, and the table of them.

A format is lines, made of each document as it comes, or one text, made of the whole answer when
everything is known. The module of its name has `lines_of` and `refusal_lines`, or `rendered`.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from smtmodel.source.record import record


@record
class Format:
    """What is to be known of a format before anything is shown in it.

    `ending`: that of files which can hold nothing else, or one that another format has too.
    `whole`: it is one text, made at the end. `analyses`: it also shows analyses and reviews.
    `questions`: it shows those behind the proofs, which a saved result has not. `summary`: it ends
    with the last lines of a command, and this is between them. `aside`: on standard output it is
    read by people, who see refusals on standard error. `width`: it keeps to one that is asked for.
    `editors`: it is read by editors, which take both streams as one. `runs`: under `check` it has
    those of what is as expected too. `begins`: the beginning of a report is said before its end is
    known.
    """

    name: str
    ending: str = ""
    whole: bool = False
    analyses: bool = False
    questions: bool = False
    summary: str = ""
    aside: bool = False
    width: bool = False
    editors: bool = False
    runs: bool = False
    begins: bool = False

    def function(self, name: str) -> Callable[..., Any]:
        """A function of the module that makes it, which is imported now."""
        made: Callable[..., Any] = getattr(import_module(f"{__name__}.{self.name}"), name)
        return made


FORMATS = {
    one.name: one
    for one in (
        Format("human", ".txt", analyses=True, summary="\n", aside=True, width=True, begins=True),
        Format("email", ".txt", analyses=True, aside=True, begins=True),
        Format("markdown", ".md", analyses=True, summary="\n\n", begins=True),
        Format("json", ".json", whole=True, analyses=True, runs=True),
        Format("html", ".html", whole=True, analyses=True),
        Format("svg", ".svg", whole=True),
        Format("gcc", editors=True),
        Format("github"),
        Format("junit", ".xml", whole=True),
        Format("ktap", ".ktap", whole=True),
        Format("sarif", ".sarif", whole=True),
        Format("smt2", ".smt2", questions=True),
    )
}
"""Every format by its name."""

SAVED = tuple(one.name for one in FORMATS.values() if not one.questions)
"""Formats that can be made of a saved result."""

ANALYSES = tuple(one.name for one in FORMATS.values() if one.analyses)
"""Formats of the commands that analyse protocols."""
