"""No input makes the front end raise: random tokens, random characters, mutated protocols.

Seeded, so that a failure is found again. `FRONT_FUZZ` in the environment multiplies the runs.
"""

import os
import random
from pathlib import Path

import pytest

from smtmodel.language import parse as parsing
from smtmodel.language.ast import Block, Protocol
from smtmodel.language.check import check
from smtmodel.language.checked import Checked, Step
from smtmodel.language.checks.outside_sc import outside_sc
from smtmodel.language.inner_steps import ast_bodies
from smtmodel.language.meanings import meanings
from smtmodel.language.walk import steps_in
from smtmodel.source import Diagnostic, Text
from tests.support import texts
from tests.support.front import form

ROOT = Path(__file__).parents[2]
RUNS = 150 * int(os.environ.get("FRONT_FUZZ", "1"))

VOCABULARY = """
protocol struct const shared rcu word object cache mutex spinlock srcu update fault thread lanes
updaters never reach bounds expect if else while retry until either or return assert assume
atomic fresh choose copy alloc null when always settled finally at per under proved tso
ghost rwlock on bits into zap kfree kfree_rcu call_srcu try_cmpxchg cmpxchg_double read_lock
read_unlock write_lock write_trylock write_unlock
READ_ONCE WRITE_ONCE rcu_dereference rcu_assign_pointer srcu_read_lock srcu_read_unlock
synchronize_srcu mutex_lock mutex_unlock mutex_trylock smp_mb xchg cmpxchg atomic_inc filled
settled x y p q s w c d m n a updates faults rounds 0 1 2 99 1073741823
{ } ( ) [ ] = == != < <= << >> + - * / % ! | && || . -> .. , : ; ++ -- += & "t" // /* */
"""
WORDS = VOCABULARY.split()


def sources() -> list[str]:
    """Valid and broken protocols to start from."""
    files = sorted((ROOT / "protocols").glob("*.dsl")) + sorted(
        (Path(__file__).parents[1] / "broken").glob("*.dsl")
    )
    return [path.read_text(encoding="utf-8") for path in files]


def front(content: str) -> None:
    """Take the text as far as it goes; what is wrong is said in whole diagnostics."""
    text = Text("fuzz", content)
    protocol = parsing.parse(text)
    found: Checked | tuple[Diagnostic, ...]
    if isinstance(protocol, Protocol):
        form(text)
        found = check(protocol, text)
        if isinstance(found, Checked):
            outside_sc(found)
            assert_no_step_is_lost(protocol, found)
            return
    else:
        found = protocol
    assert found
    for one in found:
        assert one.message
        assert 1 <= one.span.line <= len(text.lines)
        assert (one.span.line, one.span.column) <= (one.span.end_line, one.span.end_column)


def assert_no_step_is_lost(protocol: Protocol, found: Checked) -> None:
    """A step that was dropped without a word would change verdicts in silence."""
    numbers = [step.where.number for block in found.blocks for step in sorted_steps(block.steps)]
    assert numbers == sorted(numbers)
    numbers = list(dict.fromkeys(numbers))  # `copy p into q` is several stores of one number
    assert numbers == list(range(len(numbers)))
    waiting = [step for item in protocol.items if isinstance(item, Block) for step in item.steps]
    count = 0
    while waiting:
        step = waiting.pop()
        count += 1
        waiting.extend(inner for body in ast_bodies(step) for inner in body)
    assert count == len(numbers)


def sorted_steps(steps: tuple[Step, ...]) -> list[Step]:
    """All steps of a block in the order of the file."""
    return sorted(steps_in(steps), key=lambda step: step.where.number)


def test_random_tokens() -> None:
    chooser = random.Random(1)
    for _ in range(RUNS):
        front(" ".join(chooser.choices(WORDS, k=chooser.randrange(60))))


def test_random_characters() -> None:
    chooser = random.Random(2)
    alphabet = "ab1_ \n\t{}()[]=<>!&|+-*/%.,:;\"'\\\0\x7fé\u2028\U0001f600"
    for _ in range(RUNS):
        front("protocol p " + "".join(chooser.choices(alphabet, k=chooser.randrange(80))))


def test_random_sentences_of_the_grammar() -> None:
    for seed in range(RUNS):
        front(texts.text(seed))


def test_random_families() -> None:
    """What is said of the variants has its place, and what of them is right is told."""
    chooser = random.Random(6)
    for seed in range(RUNS):
        content = texts.family(seed)[0]
        text = Text("fuzz", mutate(chooser, content) if seed % 3 == 0 else content)
        for one in meanings(text):
            if isinstance(one, Diagnostic):
                assert one.span.line <= len(text.lines)
                assert one.message
            else:
                assert one.checked.variant == one.variant


def mutate(chooser: random.Random, content: str) -> str:
    """Delete, double, swap or replace some words of a text."""
    words = content.split(" ")
    for _ in range(chooser.randrange(1, 5)):
        place = chooser.randrange(len(words))
        pick = chooser.randrange(5)
        if pick == 0:
            del words[place]
        elif pick == 1:
            words.insert(place, words[chooser.randrange(len(words))])
        elif pick == 2:
            words[place] = chooser.choice(WORDS)
        elif pick == 3:
            other = chooser.randrange(len(words))
            words[place], words[other] = words[other], words[place]
        else:
            words.insert(place, chooser.choice(WORDS))
        if not words:
            return ""
    return " ".join(words)


def test_mutated_protocols() -> None:
    chooser = random.Random(3)
    every = sources()
    for _ in range(4 * RUNS):
        front(mutate(chooser, chooser.choice(every)))


def test_mutated_characters() -> None:
    chooser = random.Random(4)
    every = sources()
    for _ in range(2 * RUNS):
        content = chooser.choice(every)
        place = chooser.randrange(len(content) + 1)
        front(content[:place] + chooser.choice('{}()=,:;.-"/*x1 \n') + content[place + 1 :])


def test_truncated_protocols() -> None:
    every = sources()
    chooser = random.Random(5)
    for _ in range(RUNS):
        content = chooser.choice(every)
        front(content[: chooser.randrange(len(content) + 1)])


@pytest.mark.parametrize(
    "inner",
    [
        "x = " + "1 + " * 99 + "1",
        "x = " + "(" * 98 + "x" + ")" * 98,
        "x = " + "!" * 99 + "x",
        "x = p" + "->next" * 98 + "->data",
        "if (x) " * 99 + "x = 1",
        "if (x) { x = 1 } else " * 99 + "x = 2",
        "while 2 (x) { " * 90 + "x = 1" + " }" * 90,
        "x = " + "a[" * 90 + "0" + "]" * 90,
        "x = " + "x && " * 99 + "x",
    ],
)
def test_what_the_depth_allows_every_stage_can_recurse(inner: str) -> None:
    content = (
        "protocol p\nstruct n { next: n, data }\nobject o: n = { next: o, data: 0 }\n"
        "rcu p: n = o\nshared x = 0\nshared a[2] = 0\n"
        f"thread t {{ {inner} }}\nnever bad: x == 9 always\nbounds t 1\n"
    )
    protocol = parsing.parse(Text("deep", content))
    assert isinstance(protocol, Protocol), protocol
    assert isinstance(check(protocol, Text("deep", content)), Checked)
    front(content)
