"""What steps are called in answers, and on the command line of `replay`: by their lines.

A step that is alone on its line has the number of the line; of several the first is `5a`, the
second `5b`, and so on. What a call of the prelude does is one step, as it was written. A step of
a definition of the text has before it the name of the step that calls it: `31.5`.
"""

from itertools import groupby

from smtmodel.language.checked import Checked, Where
from smtmodel.language.walk import steps_in
from smtmodel.source import Span

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class StepNames:
    """The names of the steps of a protocol, by where they stand in its text."""

    def __init__(self, protocol: Checked) -> None:
        steps = (step for block in protocol.blocks for step in steps_in(block.steps))
        places = sorted({(s.where.span.line, s.where.span.column) for s in steps})
        self._names: dict[tuple[int, int], str] = {}
        for line, own in groupby(places, lambda place: place[0]):
            same = [*own]
            for number, place in enumerate(same):
                self._names[place] = f"{line}{_letter(number)}" if same[1:] else str(line)

    def at(self, span: Span) -> str:
        """The name of the step that stands there; of what is no step, its line."""
        return self._names.get((span.line, span.column), str(span.line))

    def of(self, where: Where) -> str:
        """The name of a step."""
        return ".".join(self.at(one.span) for one in (*where.calls, where))

    def all_of(self, where: Where) -> frozenset[str]:
        """What names a step in a replay: its name, with and without the calls and the letter, and
        every call in which it stands."""
        called, own = "".join(f"{self.at(one.span)}." for one in where.calls), where.span
        names = {f"{before}{name}" for before in ("", called) for name in self._short(own)}
        inside = names if where.call is None else names | self.all_of(where.call)
        return frozenset(inside)

    def _short(self, span: Span) -> tuple[str, str]:
        return self.at(span), str(span.line)


def _letter(number: int) -> str:
    """`a` to `z`, then `aa`, `ab`, …"""
    before, last = divmod(number, len(_LETTERS))
    return (_letter(before - 1) if before else "") + _LETTERS[last]
