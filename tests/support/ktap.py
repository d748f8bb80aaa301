"""A reader of KTAP version 1, written from the grammar in the kernel's documentation.

Stricter than that: every line is a version, a plan, a result or a diagnostic line at the
indentation of its level, plans are there and right, and a parent fails if a subtest does.
"""

import re
from dataclasses import dataclass, field

RESULT = re.compile(r"(ok|not ok) ([0-9]+)(?: ([^#]*?))?(?: # ?(.*))?")
DIRECTIVES = ("SKIP", "TODO", "XFAIL", "TIMEOUT", "ERROR")


@dataclass
class Test:
    """A result line, with the diagnostic lines and the subtests that stand before it."""

    good: bool
    name: str
    directive: str
    data: str
    told: list[str]
    subtests: list["Test"] = field(default_factory=list)


def read(text: str) -> list[Test]:
    """The tests of a document."""
    assert text.endswith("\n")
    lines = text[:-1].split("\n")
    tests = _level(lines, "")
    assert not lines, lines
    return tests


def _level(lines: list[str], indent: str) -> list[Test]:
    assert lines.pop(0) == f"{indent}KTAP version 1"
    plan = re.fullmatch(rf"{indent}1\.\.([0-9]+)", lines.pop(0))
    assert plan
    tests: list[Test] = []
    for number in range(1, int(plan[1]) + 1):
        subtests: list[Test] = []
        if lines[0].startswith(f"{indent}  KTAP"):
            subtests = _level(lines, f"{indent}  ")
        told = []
        while lines[0].startswith(f"{indent}#"):
            told.append(lines.pop(0))
        line = lines.pop(0)
        assert line.startswith(indent)
        match = RESULT.fullmatch(line[len(indent) :])
        assert match, line
        assert int(match[2]) == number
        word, _, rest = (match[4] or "").partition(" ")
        directive = word if word in DIRECTIVES else ""
        good = match[1] == "ok"
        assert not good or all(one.good for one in subtests), "failures bubble up"
        assert not (good and directive in ("TIMEOUT", "ERROR"))
        data = rest if directive else match[4] or ""
        tests.append(Test(good, match[3] or "", directive, data, told, subtests))
    return tests
