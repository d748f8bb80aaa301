"""The sentences under a run, read back as a reader takes them.

Takes a run; gives the orders that its explanation names, and what it says of the other steps. Fails
where there is a word in them that it does not know.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from smtmodel.documents.document import text_of
from smtmodel.documents.why import why_texts
from smtmodel.solving.result import Place, Run

_SIDE = re.compile(
    r"(?P<part>the [^`]*? in |the effect of )?`(?P<text>[^`]*)` of (?P<lane>[\w\[\]]+)"
    r"(?: \((?P<number>\d+)\))?|(?P<update>the begin|the return) of (?P<of>[\w\[\]]+)"
)
_NUMBERS = re.compile(r" \((\d+(?: < \d+)+)\)")
ANY_ORDER = "Why: it goes wrong in every order in which the lanes come this far, and no farther."
PATHS = "Known of runs in which each lane makes all these steps, no others."
OTHERS = "With each lane this far and no farther, it does not matter where the other steps stand: "


@dataclass(frozen=True)
class Printed:
    """What the sentences under a run say: the orders, whether they are about runs in which each
    lane makes all the steps, and which steps are said to stand anywhere."""

    facts: tuple[tuple[Place, Place], ...]
    paths: bool
    others: frozenset[int] | None


def printed(run: Run) -> Printed:
    """The sentences read back; every word of them has to be understood."""
    first, *more = (text_of(text) for text in why_texts(run))
    facts = () if first == ANY_ORDER else _facts(first.removeprefix("Why: ").removesuffix("."))
    assert len(more) <= 1
    assert all(one == PATHS or one.startswith(OTHERS) for one in more)
    told = [one.removeprefix(OTHERS).removesuffix(".") for one in more if one != PATHS]
    return Printed(facts, PATHS in more, frozenset(_listed(told[0])) if told else None)


def _facts(text: str) -> tuple[tuple[Place, Place], ...]:
    facts: list[tuple[Place, Place]] = []
    while text:
        chain: list[Place] = []
        while (side := _SIDE.match(text)) is not None:
            chain.append(_side(side))
            text = text[side.end() :]
            text = text.removeprefix(" comes before " if len(chain) == 1 else ", and that before ")
        numbers = _NUMBERS.match(text)
        if numbers is not None:
            listed = [int(number) for number in numbers[1].split(" < ")]
            assert listed == sorted(listed)
            chain = [Place(n, a.lane, a.text) for a, n in zip(chain, listed, strict=True)]
            text = text[numbers.end() :]
        assert len(chain) > 1, text
        facts += pairwise(chain)
        assert not text or text.startswith("; "), text
        text = text.removeprefix("; ")
    return tuple(facts)


def _side(side: re.Match[str]) -> Place:
    if side["update"]:
        return Place(None, side["of"], "", side["update"])
    number = int(side["number"]) if side["number"] else None
    return Place(number, side["lane"], side["text"], (side["part"] or "").strip())


def _listed(ranges: str) -> Iterator[int]:
    for part in ranges.split(", "):
        low, _, high = part.partition("-")
        yield from range(int(low), int(high or low) + 1)
