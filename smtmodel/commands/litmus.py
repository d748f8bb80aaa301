"""`litmus`: tests in C, and what is observed of their executions.

Takes names of files and folders, gives for each test its lines and a status, or why it is refused.
"""

import os
from collections.abc import Iterator, Sequence

from smtmodel.documents.herd import herd_lines
from smtmodel.documents.observed import SavedObservation, document_of, observation, unknown
from smtmodel.litmus.definitions import definitions
from smtmodel.litmus.ends import Ends
from smtmodel.litmus.instructions import Instructions, kernel
from smtmodel.litmus.parse import parse
from smtmodel.litmus.program import LitmusTest
from smtmodel.litmus.remark import Remark, remark
from smtmodel.litmus.suited import unsuited
from smtmodel.models import MODELS, Model
from smtmodel.solving.observing import AskedTests, Unobserved, observing
from smtmodel.source import Diagnostic, Text
from smtmodel.source.read import read
from smtmodel.source.record import record
from smtmodel.source.refusal import Refusal
from smtmodel.verdict import Cause, Status, Verdict, status_of
from smtmodel.work.session import Session

ENDING = ".litmus"
FORMS = ("herd", "json", "markdown", "html", "svg")
"""The forms of an answer; herd7's is told test by test."""
NO_FORM = {
    **dict.fromkeys(("human", "email"), "`herd` is plain text, for people too"),
    **dict.fromkeys(("gcc", "github", "sarif"), "no line of a test is at fault"),
    **dict.fromkeys(("junit", "ktap"), "`--judge` compares tests, and the exit status tells"),
    "smt2": "the questions are not kept",
}
"""Why there are no others."""
TOGETHER = 20
"""So many tests are one job: the model is handed over once for all of them."""


@record
class GivenTest:
    """A test that was read."""

    path: str
    test: LitmusTest
    remark: Remark | None


@record
class Told:
    """What is said of one test; `bug` is the sentence of a failure of ours."""

    lines: tuple[str, ...]
    status: Status
    observation: SavedObservation
    bug: str = ""


def given(name: str, functions: Instructions) -> Iterator[GivenTest | Refusal]:
    """The test in a file, or those in the files below a folder, in the order of their names."""
    if not os.path.isdir(name):
        yield _given(name, functions)
        return
    paths = list(_below(name))
    if not paths:
        yield Refusal(name, f"there is no file {ENDING} below {name}")
    for path in paths:
        yield _given(path, functions)


def _below(name: str) -> Iterator[str]:
    for folder, folders, found in os.walk(name):
        folders.sort()
        yield from (os.path.join(folder, one) for one in sorted(found) if one.endswith(ENDING))


def _given(name: str, functions: Instructions) -> GivenTest | Refusal:
    text = read(name)
    if isinstance(text, Diagnostic):
        return Refusal(name, diagnostics=(text,), text=Text(name, ""))
    test = parse(text, functions)
    if isinstance(test, LitmusTest):
        return GivenTest(name, test, remark(text))
    return Refusal(name, text=text, diagnostics=test)


def functions_of(path: str | None) -> Instructions | Refusal:
    """The kernel's functions, or those of a file in the form of linux-kernel.def."""
    if path is None:
        return kernel()
    text = read(path)
    if isinstance(text, Diagnostic):
        return Refusal(path, diagnostics=(text,), text=Text(path, ""))
    found = definitions(text)
    return found if isinstance(found, dict) else Refusal(path, text=text, diagnostics=found)


def model_of(names: Sequence[str]) -> Model | Refusal:
    """The model of these names: one that is known, or `.bell` and `.cat` files in their order."""
    from smtmodel.models.lkmm import LKMM

    known = {model.name: model for model in (*MODELS, LKMM)}
    (*_, last) = names
    if len(names) == 1 and last in known:
        found: Model | Refusal = known[last]
    elif all(name.endswith((".cat", ".bell")) for name in names):
        from smtmodel.models.cat.reader import read_model

        found = read_model(*names)
    else:
        able = ", ".join(known)
        return Refusal(last, f"a memory model is one of {able}, or files .cat: not `{last}`")
    if isinstance(found, Model) and (why := unsuited(found)):
        return Refusal(last, f"{last}: {why}")
    return found


def form_of(name: str) -> str | Refusal:
    """The form of that name, or why there is none."""
    if name in FORMS:
        return name
    why = NO_FORM.get(name, f"there are {', '.join(FORMS)}")
    return Refusal(name, f"`--format {name}` is not for litmus tests: {why}")


def told(
    session: Session, tests: Sequence[GivenTest], asked: AskedTests, *, judge: bool
) -> Iterator[Told]:
    """What is said of each test, in their order."""
    batches = [tests[n : n + TOGETHER] for n in range(0, len(tests), TOGETHER)]
    answers = [
        session.submit(observing(tuple(one.test for one in batch), asked)) for batch in batches
    ]
    session.gather()
    for batch, answered in zip(batches, answers, strict=True):
        trouble = answered.trouble
        missing = Unobserved(Cause.BUDGET, "it was not got to")
        if trouble is not None:
            missing = Unobserved(trouble.cause, trouble.reason)
        found = [one for one in answered.found if isinstance(one, Ends | Unobserved)]
        found += [missing] * (len(batch) - len(found))
        for one, ends in zip(batch, found, strict=True):
            yield _told(one, ends, judge=judge)


def _told(one: GivenTest, ends: Ends | Unobserved, *, judge: bool) -> Told:
    if isinstance(ends, Unobserved):
        status = status_of(Verdict.UNKNOWN, ends.cause)
        bug = f"{one.path}: {ends.reason}" if ends.cause is Cause.CONTRADICTION else ""
        lines = (f"Test {one.test.name} Unknown", f"Reason {ends.reason}")
        return Told(lines, status, unknown(one.path, one.test.name, ends.reason), bug)
    told, status, result = herd_lines(ends), Status.GOOD, ""
    if judge and one.remark is not None:
        wrong = one.remark.contradicted(ends.frequency, ends.flags)
        result = f"{one.remark}: {wrong or 'as observed'}"
        told.append(f"Result {result}")
        status = Status.REFUTED if wrong else Status.GOOD
    return Told(tuple(told), status, observation(one.path, ends, result))


def shown(found: Sequence[Told], form: str) -> str:
    """All answers in another form than herd7's."""
    if form == "json":
        from json import dumps

        from smtmodel.documents.wire.codec import encode

        tests = [encode(one.observation) for one in found]
        return dumps({"tests": tests}, indent=1) + "\n"
    documents = [document_of(one.observation) for one in found]
    if form == "html":
        from smtmodel.formats.html import page

        return page(documents)
    if form == "svg":
        from smtmodel.formats.svg import drawn

        return drawn(documents, "litmus tests")
    from smtmodel.formats.markdown import lines_of

    pages = [lines_of(one) for one in documents]
    return "".join(f"{line}\n" for lines in pages for line in lines)
