"""Behind an error of the grammar others are told, and each of them is one.

The oracle: an error that is told behind another is still there when that one is mended.
"""

import random
from itertools import product
from pathlib import Path

import pytest

from smtmodel.language.parse import MOST, derivation
from smtmodel.language.scan import pieces
from smtmodel.source import Diagnostic, Text
from tests.language.test_fuzz_front import WORDS
from tests.support.lengths import long_but

ROOT = Path(__file__).parents[2]
SHIPPED = sorted((ROOT / "protocols").rglob("*.dsl"))
BROKEN = sorted((ROOT / "tests" / "broken").glob("*.dsl"))
RIGHT = "y = 1"


def errors(content: str) -> tuple[Diagnostic, ...]:
    found = derivation(Text("test", content))
    return found if isinstance(found, tuple) else ()


def places(content: str) -> list[tuple[str, int, int, str]]:
    """The errors without their hints, which may look at what stands before."""
    return [(one.code.name, one.span.line, one.span.column, one.message) for one in errors(content)]


# ---------------------------------------------------------------- errors that are told


def in_one_block(first: str, second: str) -> str:
    return f"protocol p\nthread t {{\n    y = 0\n{first}\n    y = 2\n{second}\n    y = 3\n}}\n"


def in_two_blocks(first: str, second: str) -> str:
    blocks = "\n".join(f"thread t{n} {{\n{one}\n}}" for n, one in enumerate((first, second)))
    return f"protocol p\n{blocks}\n"


def bad_steps() -> list[str]:
    """The lines of the broken files that are refused and stand for nothing but themselves."""
    lines = []
    for path in BROKEN:
        content = path.read_text()
        found = errors(content)
        if len(found) == 1 and found[0].code.name == "E101":
            line = content.split("\n")[found[0].span.line - 1]
            if line[:1] == " " and not set(line) & set("{}"):
                lines.append(line)
    return lines


def test_the_bad_steps_of_two_broken_files_are_both_told_in_order() -> None:
    steps = bad_steps()
    assert len(steps) > 15
    for frame in (in_one_block, in_two_blocks):
        before = {step: places(frame(step, RIGHT)) for step in steps}
        behind = {step: places(frame(RIGHT, step)) for step in steps}
        for first, second in product(steps, steps):
            expected = before[first] + behind[second]
            if len(expected) == 2:
                assert places(frame(first, second)) == expected, (first, second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("u64 seq;", "spinlock_t lock;"),
        ("shared x", "shared y 0"),
        ("thread a {\n    spin_lock(l\n    x = 1\n}", "never bad: x = 1 always"),
        ("thread a {\n    while (x) {\n        x = 1\n    }\n    y =\n}", "reach r x == 1"),
        ("thread a\n    x = 1\n    y = 2\n}", "thread b {\n    goto out\n}"),
        ("thread a {\n    if (x) {\n        y = 1\n}", "const N 2"),
    ],
)
def test_a_bad_item_hides_no_other(first: str, second: str) -> None:
    both = f"protocol p\n{first}\n{second}\n"
    lines = {one.span.line for one in errors(both)}
    begin = 3 + first.count("\n")
    assert min(lines) <= begin, "the brace that is missing shows in the line behind"
    assert max(lines) >= begin + second.count("\n") // 2


def test_at_most_so_many_are_told() -> None:
    found = errors("protocol p\nthread t {\n" + "    goto out\n" * 20 + "}\n")
    assert [one.span.line for one in found] == list(range(3, 3 + MOST))


# ---------------------------------------------------------------- errors that are not told


def words(content: str) -> list[tuple[int, int]]:
    kinds = ("space", "comment", "string")
    return [(a, b) for kind, a, b in pieces(content, 0, len(content)) if kind not in kinds]


def changed(content: str, place: tuple[int, int], chooser: random.Random) -> str:
    """The text without a word, with it doubled, or with another one for it."""
    start, end = place
    word = content[start:end]
    instead = chooser.choice(["", "", f"{word} {word}", chooser.choice(WORDS)])
    return content[:start] + instead + content[end:]


@pytest.mark.parametrize("seed", long_but([0], range(3)))
def test_a_change_of_a_word_makes_a_single_error(seed: int) -> None:
    chooser = random.Random(seed)
    wrong = 0
    for _ in range(80):
        content = chooser.choice(SHIPPED).read_text()
        broken = changed(content, chooser.choice(words(content)), chooser)
        found = errors(broken)
        wrong += bool(found)
        assert len(found) < 2, broken
    assert wrong > 40


@pytest.mark.parametrize("seed", long_but([0], range(3)))
def test_a_second_error_stays_when_the_first_is_mended(seed: int) -> None:
    chooser = random.Random(seed)
    second = 0
    for _ in range(60):
        content = chooser.choice(SHIPPED).read_text()
        first, last = sorted(chooser.sample(words(content), 2))
        alone = changed(content, last, chooser)
        found = places(changed(alone, first, chooser))
        if len(found) > 1 and alone.count("\n") == content.count("\n"):
            second += 1
            assert len(found) == 2
            assert found[1][:2] in [one[:2] for one in places(alone)], alone
    assert second > 10


@pytest.mark.parametrize(
    "steps",
    [
        "if x == 1\n        y = 2\n    else\n        z = 3",
        "if (x)\n        y =",
        "if x {\n        y = 2\n    } else {\n        z = 3\n    }",
        "either {\n        y = \n    }\n    or {\n        z = 1\n    }",
        "retry (x) {\n        y = 1\n    } until (x)",
        "f(x\n    y)\n    z = 1",
        "f(x, /* a\n    b */ y z)\n    z = 1",
        "x = f(a +\n    y = 1",
    ],
)
def test_what_belongs_to_a_bad_step_is_no_error(steps: str) -> None:
    assert len(errors(f"protocol p\nshared x = 0\nthread t {{\n    {steps}\n}}\nbounds t 1\n")) == 1
