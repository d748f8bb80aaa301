"""Protocols about what may be one step of a lane, with a few lines changed at random.

What was kept apart by a lock, a section or an order perhaps no longer is. Most have few states.
"""

import re
from random import Random

from smtmodel.language import parse as parsing
from smtmodel.language.checked import Checked
from smtmodel.language.format import format_protocol
from smtmodel.source import Text
from smtmodel.source.tree import Node
from tests.support import differential
from tests.support.steps import STEPS

TRIES = 8
"""How often another change is tried where one leaves no protocol."""


def text(seed: int) -> str:
    """The protocol of a seed."""
    random = Random(seed)
    made = ""
    for _ in range(TRIES):
        made = _changed(random)
        if isinstance(differential.checked(made), Checked):
            break
    return made


def _changed(random: Random) -> str:
    lines = _lines(random.choice(list(STEPS.values())))
    for _ in range(random.choice((1, 1, 2, 3))):
        _change(random, lines)
    return "\n".join(line for line in lines if not line.startswith("expect"))


def _lines(content: str) -> list[str]:
    """A line for each step."""
    source = Text("steps", f"protocol steps\n{content}")
    root = parsing.derivation(source)
    assert isinstance(root, Node), root
    return format_protocol(root, source).splitlines()


def _change(random: Random, lines: list[str]) -> None:
    """A step goes, comes again, changes places with the next, or has another number or name."""
    places = [n for n, line in enumerate(lines) if _is_step(line)]
    place = random.choice(places)
    line = lines[place]
    match random.randrange(6):
        case 0:
            lines[place] = ""
        case 1:
            lines.insert(random.choice(places), line)
        case 2 | 3 if place + 1 in places:
            lines[place : place + 2] = [lines[place + 1], line]
        case 2 | 3:
            other = random.choice(places)
            lines[place], lines[other] = lines[other], line
        case 4:
            lines[place] = re.sub(r"\b[0-3]\b", random.choice("0012"), line)
        case _:
            known = re.findall(r"^(?:shared|spinlock|mutex|srcu) +(\w+)", "\n".join(lines), re.M)
            for one in random.sample(known, min(1, len(known))):
                lines[place] = re.sub(rf"\b{one}\b", random.choice(known), line)


def _is_step(line: str) -> bool:
    return line.startswith(" ") and not re.search(r"[{}]$|^ *(if|else|while|retry)\b", line)
