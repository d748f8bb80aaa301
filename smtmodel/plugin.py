"""A plugin for pytest: the `expect` lines of protocols as tests.

Takes the `.dsl` files that pytest comes across and are protocols; gives a test for every
property under every memory model that the file speaks of, as `smtmodel check` does. The
deciding is left to that very command, once per file, when the first of its tests is run: what
runs here never meets the solver. `-p no:smtmodel` does without.
"""

import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from smtmodel.documents.answer import Answer, ReportPart
    from smtmodel.language.checked import Checked
    from smtmodel.source.refusal import Refusal

ENDING = ".dsl"
WIDTH = 100


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of `check`, in the file that configures pytest."""
    text = "options of `smtmodel check` for the protocols among the tests"
    parser.addini("smtmodel_options", text, default="")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a file that says that it is a protocol."""
    if file_path.suffix != ENDING or not _is_protocol(file_path):
        return None
    found: pytest.Collector = ProtocolFile.from_parent(parent, path=file_path)
    return found


def _is_protocol(path: Path) -> bool:
    """Whether a line of the file begins a protocol; other tools call their files `.dsl` too."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    return any(line.split()[:1] == ["protocol"] for line in lines)


class ProtocolFile(pytest.File):
    """A protocol; what `check` said of it is kept for all its tests."""

    _answer: "Answer | str | None" = None

    def collect(self) -> Iterator[pytest.Item | pytest.Collector]:
        """A test for every expectation, or one that fails where there can be none."""
        from smtmodel import pipeline
        from smtmodel.source.refusal import Refusal

        loaded = pipeline.load(self._name())
        if isinstance(loaded, Refusal):
            yield RefusedItem.from_parent(self, name="readable", refusal=loaded)
            return
        if not loaded[0].checked.expectations:
            message = "it expects nothing; add `expect NAME proved` for its properties"
            refusal = Refusal(self._name(), message)
            yield RefusedItem.from_parent(self, name="expectations", refusal=refusal)
            return
        for one in loaded:
            if one.variant:
                yield VariantCollector.from_parent(self, name=one.variant, protocol=one.checked)
            else:
                yield from _expectations(self, one.checked)

    def _name(self) -> str:
        """The file as seen from here, so that what is said can be used here."""
        return os.path.relpath(self.path)

    def answer(self) -> "Answer | str":
        """What `check` says of the file, or why it says nothing."""
        if self._answer is None:
            self._answer = self._check()
        return self._answer

    def _check(self) -> "Answer | str":
        from smtmodel.commands.show import shown
        from smtmodel.source.refusal import Refusal

        options = shlex.split(str(self.config.getini("smtmodel_options")))
        with tempfile.TemporaryDirectory(prefix="smtmodel-") as folder:
            path = f"{folder}/answer.json"
            command = [sys.executable, "-m", "smtmodel", "check", self._name(), *options]
            process = subprocess.run(
                [*command, "--out", f"json={path}"],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
            )
            found = shown(path)
        if isinstance(found, Refusal):
            said = process.stderr.strip() or found.message
            return f"smtmodel ended with status {process.returncode}: {said}"
        return found


class VariantCollector(pytest.Collector):
    """One variant of a file that has several."""

    def __init__(self, *, protocol: "Checked", **given: Any) -> None:
        super().__init__(**given)
        self.protocol = protocol

    def collect(self) -> Iterator[pytest.Item]:
        """A test for every expectation."""
        yield from _expectations(self, self.protocol)


def _expectations(parent: pytest.Collector, protocol: "Checked") -> Iterator[pytest.Item]:
    """The tests of a protocol under all models that it speaks of."""
    from smtmodel import pipeline
    from smtmodel.commands.expectations import models_of
    from smtmodel.source.refusal import Refusal

    for model in models_of(protocol):
        able = pipeline.for_model(protocol, model)
        if isinstance(able, Refusal):
            yield RefusedItem.from_parent(parent, name=f"model-{model}", refusal=able)
            continue
        for one in able.properties:
            line = next((e.span.line for e in able.expectations if e.name == one.name), 0)
            yield ExpectationItem.from_parent(
                parent,
                name=_test_name(one.name, model),
                line=line or one.span.line,
                variant=protocol.variant,
            )


class RefusedItem(pytest.Item):
    """The test that there are expectations to judge, which fails."""

    def __init__(self, *, refusal: "Refusal", **given: Any) -> None:
        super().__init__(**given)
        self.refusal = refusal

    def runtest(self) -> None:
        """Fail, with what is wrong with the file."""
        from smtmodel.formats.human import Style, wrong_lines

        raise NotAsExpected("\n".join(wrong_lines(self.refusal, Style(WIDTH))))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The text of the failure, without the way here."""
        return _told(self, excinfo)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where it stands."""
        return self.path, 0, f"{self.path.name}: {self.name}"


class ExpectationItem(pytest.Item):
    """The test that a property comes out as expected under a memory model."""

    def __init__(self, *, line: int, variant: str, **given: Any) -> None:
        super().__init__(**given)
        self.line = line
        self.variant = variant

    def runtest(self) -> None:
        """Compare; the first test of a file waits for the solver."""
        file = self.getparent(ProtocolFile)
        assert file is not None
        answer = file.answer()
        if isinstance(answer, str):
            raise NotAsExpected(answer)
        for part in answer.parts:
            if part.protocol.variant != self.variant:
                continue
            for number, result in enumerate(part.outcome.results):
                if _test_name(result.name, part.outcome.model) == self.name:
                    _judge(part, number)
                    return
        raise NotAsExpected(f"`smtmodel check` said nothing of {self.name}")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The counterexample, without the way here."""
        return _told(self, excinfo)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where the expectation stands."""
        file = f"{self.path.name}:{self.variant}" if self.variant else self.path.name
        return self.path, self.line - 1, f"{file}: {self.name}"


class NotAsExpected(Exception):
    """What a test that fails has to say."""


def _test_name(name: str, model: str) -> str:
    from smtmodel.models import unless_default

    return name + unless_default(model, f"[{model}]")


def _judge(part: "ReportPart", number: int) -> None:
    """Raise NotAsExpected with the report about one result, unless it is as expected."""
    from smtmodel.commands.expectations import judged
    from smtmodel.documents.report import report_of
    from smtmodel.formats.human import Style, lines_of
    from smtmodel.source.record import replace
    from smtmodel.verdict import Status

    assert part.expected is not None
    result, expected = part.outcome.results[number], part.expected[number]
    if judged(result, expected) is Status.GOOD:
        return
    outcome = replace(part.outcome, results=(result,))
    alone = replace(part, outcome=outcome, expected=(expected,))
    raise NotAsExpected("\n".join(lines_of(report_of(alone), Style(WIDTH))))


def _told(item: pytest.Item, excinfo: pytest.ExceptionInfo[BaseException]) -> Any:
    if isinstance(excinfo.value, NotAsExpected):
        return str(excinfo.value)
    return pytest.Item.repr_failure(item, excinfo)
