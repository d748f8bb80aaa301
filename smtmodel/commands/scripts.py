"""`--out smt2=FOLDER`: one file for each question behind a proof."""

import os
import re
import sys

from smtmodel.commands.sinks import Put, Show, Sink
from smtmodel.documents.answer import ReportPart
from smtmodel.documents.document import Document
from smtmodel.documents.plain import one_line
from smtmodel.documents.report import report_of
from smtmodel.formats.smt2 import ENDING, base, scripts, stem


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
        document = report_of(part)
        own = self._stem(document)
        try:
            self._remove(document, own)
            for name, text in scripts(document, own):
                with open(os.path.join(self.path, name), "w", encoding="utf-8") as file:
                    self.put(text, file)
        except OSError as error:
            self.incomplete = True
            told = one_line(f"cannot write {error.filename}: {error.strerror}")
            self.put(f"error: {told}\n", sys.stderr)

    def _stem(self, document: Document) -> str:
        """What the names begin with: another one for a file of the same name elsewhere."""
        assert document.about is not None
        path = document.about.path
        first = stem(document.about)
        name, number = first, 1
        while self.stems.setdefault(name, path) != path:
            number += 1
            name = f"{first}-{number}"
        return name

    def _remove(self, document: Document, own: str) -> None:
        """Remove what was written about these properties before: they may be refuted now."""
        bases = "|".join(re.escape(base(document, own, one.name)) for one in document.results)
        pattern = rf"({bases})(\.\d+)?{re.escape(ENDING)}"
        for name in sorted(os.listdir(self.path)):
            if re.fullmatch(pattern, name):
                os.unlink(os.path.join(self.path, name))
