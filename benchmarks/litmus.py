"""How long litmus tests take under the kernel's model: `python -m benchmarks.litmus [FOLDER]`.

CPU seconds in one process, which leave out start-up. The public tests that tests compare with, if
they are beside this repository, else the small ones of `tests/litmus/parts`. Each test is answered
in both forms of the axioms in turn, so that their ratio is of one run whatever else the machine
does.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import process_time

from smtmodel.encoding.forms import EncodingForm
from smtmodel.litmus.instructions import kernel
from smtmodel.litmus.parse import parse
from smtmodel.litmus.program import LitmusTest
from smtmodel.litmus.unroll import unroll
from smtmodel.models.lkmm import LKMM
from smtmodel.solving.ends import solved
from smtmodel.solving.result import Limits
from smtmodel.source import Text
from smtmodel.source.read import read
from tests.litmus.test_parts import SHOWN
from tests.support.litmus_corpus import CORPUS


def _texts(folder: Path) -> Iterator[Text]:
    for path in sorted(folder.rglob("*.litmus")):
        text = read(str(path))
        assert isinstance(text, Text), path
        yield text


def _parsed(folder: Path) -> tuple[list[LitmusTest], float]:
    """The tests, and the seconds that reading them takes."""
    texts, functions = list(_texts(folder)), kernel()
    start = process_time()
    found = [parse(text, functions) for text in texts]
    seconds = process_time() - start
    tests = [one for one in found if isinstance(one, LitmusTest)]
    assert len(tests) == len(found), "a test cannot be read"
    return tests, seconds


def _answer(test: LitmusTest, form: EncodingForm) -> tuple[str, float]:
    start = process_time()
    found = solved(test, unroll(test), LKMM, Limits(), every=False, form=form)
    return found.frequency.value, process_time() - start


def measured(tests: list[LitmusTest]) -> dict[EncodingForm, list[float]]:
    """The seconds of each test in each form; both forms must answer alike."""
    seconds: dict[EncodingForm, list[float]] = {form: [] for form in EncodingForm}
    for test in tests:
        answers = {form: _answer(test, form) for form in EncodingForm}
        assert len({answer for answer, _ in answers.values()}) == 1, test.name
        for form, (_, spent) in answers.items():
            seconds[form].append(spent)
    return seconds


def lines(tests: list[LitmusTest], parsing: float | None) -> Iterator[str]:
    """The figures as a table."""
    seconds = measured(tests)
    yield f"{len(tests)} tests, CPU seconds"
    if parsing is not None:
        yield f"{'read all':24} {parsing:8.2f}"
    for form, found in seconds.items():
        name = form.name.lower()
        yield f"{name + ': all':24} {sum(found):8.2f}"
        yield f"{name + ': median':24} {median(found):8.4f}"
        yield f"{name + ': longest':24} {max(found):8.2f}"
    ratio = sum(seconds[EncodingForm.LITERAL]) / sum(seconds[EncodingForm.FAST])
    yield f"{'literal over fast':24} {ratio:8.1f}"


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else CORPUS / "litmus"
    if folder.exists():
        tests, parsing = _parsed(folder)
    else:
        print("The public tests are not beside this repository; those of tests/litmus/parts:")
        tests, parsing = [one.test for one in SHOWN.values()], None
    for line in lines(tests, parsing):
        print(line)


if __name__ == "__main__":
    main()
