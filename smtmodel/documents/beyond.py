"""What is known of proofs with one update more than they are about, in words.

Takes results; gives texts. What falls there is said wherever the verdict is said.
"""

from collections.abc import Sequence

from smtmodel.documents import options
from smtmodel.documents.document import CodeSpan, Spans, VerdictSpan, spans, text_of
from smtmodel.documents.plain import command
from smtmodel.documents.scope import counted
from smtmodel.solving.result import Beyond, Result
from smtmodel.verdict import Verdict


def ending(result: Result) -> str:
    """What stands behind the verdict; nothing unless the proof falls with one update more."""
    return text_of(ending_spans(result))


def ending_spans(result: Result) -> Spans:
    """The same as a sentence."""
    beyond = result.beyond
    if beyond is None or beyond.run is None:
        return ()
    updates = counted(beyond.bounds.updates, "updates")
    return spans(VerdictSpan(Verdict.REFUTED), f" with {updates}")


def lines(results: Sequence[Result], ask: options.Words) -> tuple[Spans, ...]:
    """A line for each thing that is known of some of the results, what falls first.

    `ask` are the words of a command that asks at the larger bounds, but for the properties.
    """
    groups: dict[tuple[str, str], list[str]] = {}
    for one in results:
        if one.beyond is not None:
            updates = counted(one.beyond.bounds.updates, "updates")
            groups.setdefault((updates, _told(one.beyond)), []).append(one.name)
    found: list[Spans] = []
    for (updates, told), names in groups.items():
        listed = ", ".join(names)
        if told:
            whose = f" ({listed})" if len(groups) > 1 else ""
            found.append(spans(f"{updates}: {told}{whose}"))
        else:
            asked = CodeSpan(command((*ask, *options.only(names))))
            verb = "is" if len(names) == 1 else "are"
            refuted = VerdictSpan(Verdict.REFUTED)
            found.insert(0, spans(f"{updates}: {listed} {verb} ", refuted, ", see ", asked))
    return tuple(found)


def _told(beyond: Beyond) -> str:
    """What is known, if nothing falls."""
    if beyond.run is not None:
        return ""
    return beyond.reason or "asked as well, not violated"
