"""What the comments of a litmus test say that it shows: the kernel's `Result:` remark."""

import re

from smtmodel.litmus.answer import Frequency
from smtmodel.source import Text
from smtmodel.source.record import record

_REMARK = re.compile(r"^ \* Result: *(\w+)(.*)$", re.MULTILINE)
RACE = "data-race"
"""The flag that the word DATARACE is about."""


@record
class Remark:
    """The word of the remark, and whether a data race is said to be there."""

    word: str
    race: bool

    def contradicted(self, frequency: Frequency, flags: tuple[str, ...]) -> str:
        """In which way an answer is another than the remark; nothing if it is not.

        Of an execution with a race the model promises nothing, so the word then says nothing.
        """
        if self.race or RACE in flags:
            same = self.race == (RACE in flags)
            return "" if same else f"{'no' if self.race else 'a'} data race is found"
        words = [one.value for one in Frequency]
        if self.word in words and self.word != frequency.value:
            return f"it is observed {frequency.value}"
        return ""

    def __str__(self) -> str:
        return f"{self.word} DATARACE" if self.race else self.word


def remark(text: Text) -> Remark | None:
    """The first remark of a test, if it has one, as the scripts of the kernel look for it."""
    found = _REMARK.search(text.content)
    return None if found is None else Remark(found[1], "DATARACE" in found[2])
