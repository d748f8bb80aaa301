"""The questions behind the proofs as SMT-LIB 2, for other solvers and for other eyes.

Takes a part of an answer; gives one script per question, or one text with all of them. The
texts name no version and no time.
"""

from smtmodel.documents.document import About, Document, ResultLine
from smtmodel.documents.plain import one_line
from smtmodel.formats import human
from smtmodel.formats.human import Style
from smtmodel.models import KERNEL, unless_default
from smtmodel.source.refusal import Refusal
from smtmodel.verdict import Verdict

ENDING = ".smt2"


def stem(about: About) -> str:
    """What the names of a protocol's scripts begin with."""
    name = about.protocol if about.path == "-" else about.path.rsplit("/", 1)[-1]
    name = name.removesuffix(".dsl")
    return f"{name}.{about.variant}" if about.variant else name


def base(document: Document, stem: str, name: str) -> str:
    """What the names of the scripts of one result begin with."""
    assert document.about is not None
    return f"{stem}{unless_default(document.about.model, f'.{document.about.model}')}.{name}"


def names(document: Document, stem: str) -> dict[str, list[str]]:
    """The names of the scripts of each result that may have some, in their order.

    Of one question `paolo.stale.smt2`, of several `paolo.stale.1.smt2` and so on; with the
    model before the property unless it is sc.
    """
    found: dict[str, list[str]] = {}
    for result in document.results:
        count = sum(one.result == result.name for one in document.obligations)
        own = base(document, stem, result.name)
        numbered = [f"{own}.{number}{ENDING}" for number in range(1, count + 1)]
        found[result.name] = numbered if count > 1 else [f"{own}{ENDING}"] * count
    return found


def scripts(document: Document, stem: str) -> list[tuple[str, str]]:
    """The name and the text of every script."""
    found: list[tuple[str, str]] = []
    for name, files in names(document, stem).items():
        texts = [one.text for one in document.obligations if one.result == name]
        found += zip(files, texts, strict=True)
    return found


def lines_of(document: Document, style: Style | None = None, *, quiet: bool = False) -> list[str]:
    """All scripts one after another, each of which forgets the one before it; for a result that
    rests on no such question a comment."""
    assert document.about is not None
    lines: list[str] = []
    for result in document.results:
        assert isinstance(result, ResultLine)
        texts = [one.text for one in document.obligations if one.result == result.name]
        for text in texts:
            lines += ["(reset)", text.rstrip("\n"), ""]
        if not texts:
            kernel = document.about.model == KERNEL
            reached = result.verdict is Verdict.PROVED and not kernel
            word = "reached" if reached else result.verdict.value
            own = one_line(stem(document.about))
            why = f"the questions under {KERNEL} are not told" if kernel else "nothing to ask"
            lines += [f"; {own}: {result.name}: {word}, {why}", ""]
    return lines


def refusal_lines(refusal: Refusal, style: Style) -> list[str]:
    """Why there is no answer about an input, in comments."""
    return [f"; {line}".rstrip() for line in human.wrong_lines(refusal, style)]
