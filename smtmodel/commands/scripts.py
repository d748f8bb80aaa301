"""`--out smt2=FOLDER`: one file for each question behind a proof."""

import os
import re
import sys

from smtmodel.commands.sinks import Put, Show, Sink
from smtmodel.reports.answer import ReportPart
from smtmodel.reports.plain import one_line
from smtmodel.reports.smt2 import ENDING, scripts, stem
from smtmodel.solving.result import Outcome


def folder(put: Put, path: str, show: Show) -> "ScriptFolder | str":
    """A sink that writes into this folder, which is made if it is not there; else a sentence."""
    try:
        os.makedirs(path, exist_ok=True)
    except OSError as error:
        return f"cannot make the folder {path}: {error.strerror}"
    if not os.access(path, os.W_OK | os.X_OK):
        return f"cannot write into {path}"
    return ScriptFolder(put, path, show)


class ScriptFolder(Sink):
    """Takes the place of the scripts of an earlier run about the same properties."""

    def __init__(self, put: Put, path: str, show: Show) -> None:
        super().__init__(put, "smt2", open(os.devnull, "w", encoding="utf-8"), show)  # noqa: SIM115
        self.path = path
        self.stems: dict[str, str] = {}

    def add(self, part: ReportPart) -> None:
        """Write the scripts of one protocol; what cannot be written is told."""
        self.parts.append(part)
        own = self._stem(part)
        try:
            self._remove(part.outcome, own)
            for name, text in scripts(part.outcome, own):
                with open(os.path.join(self.path, name), "w", encoding="utf-8") as file:
                    self.put(text, file)
        except OSError as error:
            self.incomplete = True
            told = one_line(f"cannot write {error.filename}: {error.strerror}")
            self.put(f"error: {told}\n", sys.stderr)

    def _stem(self, part: ReportPart) -> str:
        """What the names begin with: another one for a file of the same name elsewhere."""
        first = stem(part.protocol)
        name, number = first, 1
        while self.stems.setdefault(name, part.context.given) != part.context.given:
            number += 1
            name = f"{first}-{number}"
        return name

    def _remove(self, outcome: Outcome, own: str) -> None:
        """Remove what was written about these properties before: they may be refuted now."""
        model = "" if outcome.model == "sc" else f"{re.escape(outcome.model)}\\."
        properties = "|".join(re.escape(one.name) for one in outcome.results)
        pattern = rf"{re.escape(own)}\.{model}({properties})(\.\d+)?{re.escape(ENDING)}"
        for name in sorted(os.listdir(self.path)):
            if re.fullmatch(pattern, name):
                os.unlink(os.path.join(self.path, name))
