"""Every example of docs/language.md and of pages that it leads to does what the page says, and
together they leave nothing out.

Fenced blocks say what they are: `dsl` is a whole protocol whose expectations are met; `dsl
state` are the declarations that `dsl step` examples stand under, inside a fault; `dsl property`
examples belong to the first protocol. With `wrong CODE` the example is refused with that code
and no other.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from textwrap import indent

import pytest

from smtmodel.commands.expectations import expected, models_of
from smtmodel.language.checked import BUILT_INS
from smtmodel.language.codes import TABLE
from smtmodel.language.prelude import prelude
from smtmodel.language.primitives import PRIMITIVES
from smtmodel.source import Text
from smtmodel.source.record import record
from smtmodel.verdict import Verdict
from tests.support.examples import checked, results
from tests.support.front import diagnose, form

ROOT = Path(__file__).parents[2]
NAMES = (
    *("language.md", "memory-models.md", "functions.md", "state-per-lane.md"),
    *("interrupts.md", "waiting.md"),
)
PAGES = [(ROOT / "docs" / name).read_text() for name in NAMES]
PAGE = "\n".join(PAGES)
GRAMMAR = (ROOT / "grammar" / "protocol.lark").read_text()
LINES = 700


@record
class Example:
    """A fenced block of the page; `code` is what it is refused with, nothing if it is right."""

    line: int
    sort: str
    code: str
    text: str

    def protocol(self) -> str:
        """The whole text of a protocol that the example is part of."""
        match self.sort:
            case "":
                return self.text
            case "state":
                return _around("seq = 1\n")
            case "step":
                return _around(self.text)
            case "property":
                return FIRST + self.text
            case _:
                raise AssertionError(f"line {self.line}: `dsl {self.sort}` has no meaning")


FENCE = re.compile(r"^```dsl(?: (state|step|property))?(?: wrong (E\d+))?\n(.*?)^```$", re.M | re.S)


def _examples() -> Iterator[Example]:
    for match in FENCE.finditer(PAGE):
        line = PAGE.count("\n", 0, match.start()) + 1
        yield Example(line, match[1] or "", match[2] or "", match[3])


EXAMPLES = tuple(_examples())
FIRST = next(one.text for one in EXAMPLES if one.sort == "")
STATE = next(one.text for one in EXAMPLES if one.sort == "state")
WRONG = [one for one in EXAMPLES if one.code]
RIGHT = [one for one in EXAMPLES if not one.code]


def _around(steps: str) -> str:
    defined = "".join(re.findall(r"^define .*?^}\n", steps, re.M | re.S))
    body = indent(re.sub(r"^define .*?^}\n", "", steps, flags=re.M | re.S), "    ")
    claim = "never happens: seq == 99 always"
    return f"protocol example\n{STATE}\n{defined}fault f {{\n{body}}}\n{claim}\nbounds faults 1\n"


def _named(example: Example) -> str:
    return f"line {example.line}"


def test_every_example_of_the_language_is_run() -> None:
    assert len(EXAMPLES) == len(re.findall(r"^```dsl\b", PAGE, re.M))
    assert {one.sort for one in EXAMPLES} == {"", "state", "step", "property"}
    assert all("expect " in one.text for one in RIGHT if one.sort == "")


@pytest.mark.parametrize("example", WRONG, ids=_named)
def test_wrong_examples_are_refused_with_their_code(example: Example) -> None:
    assert {one.code.name for one in diagnose(example.protocol())} == {example.code}


@pytest.mark.parametrize("example", RIGHT, ids=_named)
def test_right_examples_meet_their_expectations(example: Example) -> None:
    protocol = checked(example.protocol())
    if example.sort in ("state", "step"):
        return
    for name in models_of(protocol):
        _, found = results(protocol, name=name)
        told = {one: result.verdict for one, result in found.items()}
        assert told == {one: expected(protocol, one, name) for one in told}, name


def _whole(name: str) -> str:
    """The protocol of that name."""
    return next(one.text for one in RIGHT if one.text.startswith(f"protocol {name} "))


@pytest.mark.parametrize("example", [one for one in RIGHT if one.sort == ""], ids=_named)
def test_whole_protocols_have_the_form_that_fmt_gives(example: Example) -> None:
    assert form(Text("example", example.text)) == example.text


def test_store_buffers_are_mended_by_barriers_as_the_page_says() -> None:
    text = _whole("store_buffer").replace("    r = ", "    smp_mb()\n    r = ")
    assert text.count("smp_mb()") == 2
    _, found = results(checked(text), name="tso")
    assert found["both_missed"].verdict is Verdict.PROVED


def test_the_section_protects_what_it_reads_as_the_page_says() -> None:
    left, checks = "    rcu_read_unlock()\n", "    same: assert p.data == early\n"
    text = _whole("retired")
    assert left + checks in text
    _, found = results(checked(text.replace(left + checks, checks + left)))
    assert found["same"].verdict is found["use_after_free"].verdict is Verdict.PROVED


def test_an_interrupt_waits_for_ever_as_the_page_says() -> None:
    text = _whole("counter").replace("_irqsave(&l, flags)", "(&l)")
    text = text.replace("_irqrestore(&l, flags)", "(&l)")
    assert "flags" not in text
    _, found = results(checked(text))
    assert found["lost"].verdict is Verdict.PROVED
    assert found["deadlock"].verdict is Verdict.REFUTED


def test_nobody_answers_with_interrupts_off_as_the_page_says() -> None:
    before, block, after = _whole("shootdown").partition("    atomic {")
    body, _, rest = (block + after).partition("    }\n}\n")
    locked = f"{before}    spin_lock_irq(&l)\n{body}    }}\n    spin_unlock_irq(&l)\n}}\n{rest}"
    _, found = results(checked(locked))
    assert found["use"].verdict is Verdict.PROVED
    assert found["deadlock"].verdict is Verdict.REFUTED


def test_who_completes_has_to_wake_up_as_the_page_says() -> None:
    text = _whole("completion")
    store, wake = "    smp_store_release(&done, 1)\n", "    wake_up(wq)\n"
    for wrong in (text.replace(wake, ""), text.replace(store + wake, wake + store)):
        _, found = results(checked(wrong))
        assert found["deadlock"].verdict is Verdict.REFUTED


def test_the_loop_whose_bound_is_used_up_is_where_the_page_says() -> None:
    coverage, _ = results(checked(_whole("seqcount")))
    assert coverage is not None
    (where,) = coverage.cuts
    assert f"`retry <= 2 (reached in {where.block}:{where.span.line})`" in PAGE


# ---------------------------------------------------------------- nothing is left out


def _words_of_the_grammar() -> set[str]:
    rules = re.sub(r"//[^\n]*", "", GRAMMAR)
    return {word for word in re.findall(r'"([^"\n]+)"', rules) if word.isalpha()}


def _in_code() -> set[str]:
    """The words that stand in an example or in backquotes."""
    fenced = [one.text for one in EXAMPLES]
    quoted = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```$", "", PAGE, flags=re.M | re.S))
    return set(re.findall(r"\w+", " ".join([*fenced, *quoted])))


def test_every_word_of_the_grammar_is_on_the_page() -> None:
    assert _words_of_the_grammar() - _in_code() == set()


def test_every_primitive_is_on_the_page_or_on_that_of_names() -> None:
    """With the endings for weaker orders it is enough that the name without them is."""
    names = re.findall(r"`([^`\n]+)`", (ROOT / "docs" / "primitives.md").read_text())
    words = _in_code() | set(names)
    endings = ("_relaxed", "_acquire", "_release")
    assert words.issuperset(endings)
    for name in sorted(set(PRIMITIVES) - words):
        stem = next((name.removesuffix(one) for one in endings if name.endswith(one)), "")
        assert stem in words, name


def test_every_definition_of_the_prelude_is_on_the_page_with_its_parameters() -> None:
    quoted = re.findall(r"`(?:\w+ = )?(\w+)\(([^`]*)\)`", PAGE)
    counts = {name: len(arguments.split(",")) for name, arguments in quoted}
    for definition in prelude().values():
        assert counts.get(definition.name) == len(definition.parameters), definition.name


def test_every_built_in_property_is_on_the_page() -> None:
    assert set(BUILT_INS) - _in_code() == set()


def test_codes_on_the_page_exist() -> None:
    assert set(re.findall(r"\bE\d{3}\b", PAGE)) <= {code.name for code in TABLE}


def test_links_lead_somewhere() -> None:
    headings = re.findall(r"^#+ (.+)$", PAGE, re.M)
    anchors = {heading.lower().replace(" ", "-") for heading in headings}
    for target in re.findall(r"\]\(([^)]+)\)", PAGE):
        if target.startswith("#"):
            assert target[1:] in anchors, target
        else:
            assert (ROOT / "docs" / target.partition("#")[0]).exists(), target


def test_the_page_begins_with_all_of_its_parts() -> None:
    contents = re.findall(r"\[([^]]+)\]\(#[^)]+\)", PAGES[0].partition("\n## ")[0])
    assert contents == re.findall(r"^## (.+)$", PAGES[0], re.M)


def test_the_page_stays_short() -> None:
    assert max(page.count("\n") for page in PAGES) <= LINES
    assert max(len(line) for line in PAGE.splitlines() if not line.startswith("|")) <= 100
