"""What is known of proofs with one update more than they are about, in words.

Takes results; gives texts. What falls there is said wherever the verdict is said.
"""

from collections.abc import Sequence

from smtmodel.documents.plain import command
from smtmodel.documents.scope import counted
from smtmodel.solving.result import Beyond, Result


def ending(result: Result) -> str:
    """What stands behind the verdict; nothing unless the proof falls with one update more."""
    beyond = result.beyond
    if beyond is None or beyond.run is None:
        return ""
    return f"REFUTED with {counted(beyond.bounds.updates, 'updates')}"


def lines(results: Sequence[Result], ask: Sequence[str]) -> tuple[str, ...]:
    """A line for each thing that is known of some of the results, what falls first.

    `ask` are the words of a command that asks at the larger bounds, but for the properties.
    """
    groups: dict[tuple[str, str], list[str]] = {}
    for one in results:
        if one.beyond is not None:
            updates = counted(one.beyond.bounds.updates, "updates")
            groups.setdefault((updates, _told(one.beyond)), []).append(one.name)
    found: list[str] = []
    for (updates, told), names in groups.items():
        listed = ", ".join(names)
        if told:
            found.append(f"{updates}: {told}" + (f" ({listed})" if len(groups) > 1 else ""))
        else:
            asked = command([*ask, *(word for name in names for word in ("--only", name))])
            verb = "is" if len(names) == 1 else "are"
            found.insert(0, f"{updates}: {listed} {verb} REFUTED, see `{asked}`")
    return tuple(found)


def _told(beyond: Beyond) -> str:
    """What is known, if nothing falls."""
    if beyond.run is not None:
        return ""
    return beyond.reason or "asked as well, nothing goes wrong"
