"""The questions behind the proofs as SMT-LIB 2, for other solvers and for other eyes.

Takes a part of an answer; gives one script per question, or one text with all of them. The
texts name no version and no time.
"""

from smtmodel.language.checked import Checked
from smtmodel.reports.plain import one_line
from smtmodel.solving.result import Outcome
from smtmodel.verdict import Verdict

ENDING = ".smt2"


def stem(protocol: Checked) -> str:
    """What the names of a protocol's scripts begin with."""
    file = protocol.text.name
    name = protocol.name if file == "-" else file.rsplit("/", 1)[-1].removesuffix(".dsl")
    return f"{name}.{protocol.variant}" if protocol.variant else name


def names(outcome: Outcome, stem: str) -> dict[str, list[str]]:
    """The names of the scripts of each result that may have some, in their order.

    Of one question `paolo.stale.smt2`, of several `paolo.stale.1.smt2` and so on; with the
    model before the property unless it is sc.
    """
    model = "" if outcome.model == "sc" else f".{outcome.model}"
    found: dict[str, list[str]] = {}
    for result in outcome.results:
        count = sum(one.result == result.name for one in outcome.obligations)
        base = f"{stem}{model}.{result.name}"
        numbered = [f"{base}.{number}{ENDING}" for number in range(1, count + 1)]
        found[result.name] = numbered if count > 1 else [f"{base}{ENDING}"] * count
    return found


def scripts(outcome: Outcome, stem: str) -> list[tuple[str, str]]:
    """The name and the text of every script."""
    found: list[tuple[str, str]] = []
    for name, files in names(outcome, stem).items():
        texts = [one.text for one in outcome.obligations if one.result == name]
        found += zip(files, texts, strict=True)
    return found


def lines_of(outcome: Outcome, stem: str) -> list[str]:
    """All scripts one after another, each of which forgets the one before it; for a result that
    rests on no such question a comment."""
    lines: list[str] = []
    for result in outcome.results:
        texts = [one.text for one in outcome.obligations if one.result == result.name]
        for text in texts:
            lines += ["(reset)", text.rstrip("\n"), ""]
        if not texts:
            word = "reached" if result.verdict is Verdict.PROVED else result.verdict.value
            lines += [f"; {one_line(stem)}: {result.name}: {word}, nothing to ask", ""]
    return lines
