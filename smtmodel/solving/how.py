"""What deciding is to find out beside verdicts, and what it is to leave.

`smtmodel.solving.decide.decide` says what each of these means.
"""

from collections.abc import Callable, Mapping

from smtmodel.solving.result import Result
from smtmodel.source.record import field, record
from smtmodel.verdict import Verdict


@record
class How:
    """What is wanted; `awaited` are verdicts by the names of properties."""

    any_number: bool = True
    survey: bool = True
    shrink: bool = True
    first: bool = False
    kept: Callable[[frozenset[str]], None] = lambda names: None
    awaited: Mapping[str, Verdict] = field(default_factory=dict)

    def is_awaited(self, result: Result) -> bool:
        """Whether nothing is to be found out about a result but its verdict."""
        return self.awaited.get(result.name) is result.verdict
