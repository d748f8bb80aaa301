"""Answers for the tests of formats: solved once, and hostile ones that nothing has solved."""

from functools import cache

from smtmodel.documents.answer import Answer, Context, Expected, ReportPart
from smtmodel.documents.report import documents_of
from smtmodel.executions.replay import Replayed, replay
from smtmodel.executions.schedule import Plan, parse_schedule
from smtmodel.formats import FORMATS
from smtmodel.formats.human import Style
from smtmodel.language.checked import Checked
from smtmodel.models import model as find
from smtmodel.solving.result import Outcome, Run
from smtmodel.source import Text
from smtmodel.source.record import replace
from smtmodel.verdict import Verdict, worst
from tests.support.examples import results, shipped

HOSTILE = (
    "</title></script></style>--><script>alert(1)</script>",
    "\"><img src=x onerror='alert(1)'>",
    "' onmouseover='alert(1)",
    "]]>&lt;&#x3c;&amp;<!--",
    "```\n| a | b |\n![x](https://example.org/x.png) @somebody #1 <b>",
    "a\n```\n<img src=x>\n[x](https://example.org)\n# b",
    "` | \\| `` | ``` end`",
    "::error file=a::b%0A,:x\r\n::warning::y",
    "not ok 1 # SKIP\nok 1\n1..0",
    "a\x00b\x1b[31mc\u202etxt\u200b\ud7ff",
)
"""Texts that want to be something else in one format or another."""


@cache
def part(name: str, model: str = "sc") -> ReportPart:
    """What is found out about a shipped protocol."""
    protocol = shipped(name)
    coverage, found = results(protocol, name=model)
    outcome = Outcome(model, protocol.bounds, coverage, tuple(found.values()))
    return ReportPart(protocol, outcome, Context(protocol.text.name, "0.0.0", "5.0.0"))


def answer(*parts: ReportPart) -> Answer:
    """The answer of `prove`, or of `check` where verdicts are expected."""
    statuses = [one.status for part in parts for one in part.outcome.results]
    return Answer("prove", "0.0.0", int(worst(statuses)), parts, ())


def rendered(form: str, found: Answer, *, witnesses: bool = False) -> str:
    """The whole answer in a format."""
    made = FORMATS[form]
    if made.whole:
        text: str = made.function("rendered")(found)
        return text
    lines: list[str] = []
    for refusal in found.refusals:
        lines += made.function("refusal_lines")(refusal, Style())
    for document in documents_of(found, witnesses=witnesses):
        lines += made.function("lines_of")(document, Style(), quiet=False)
    return "\n".join(lines)


def hostile(text: str) -> ReportPart:
    """The answer about a refuted protocol with this text wherever a text can be."""
    found = part("original")
    told = tuple(
        replace(
            one,
            reason=text,
            run=one.run and replace(one.run, claim=text, facts=((text, text),)),
        )
        for one in found.outcome.results
    )
    source = Text(text, f"// {text}\n{found.protocol.text.content}")
    return ReportPart(
        replace(found.protocol, title=text, text=source),
        replace(found.outcome, results=told),
        Context(text, text, text),
    )


def replayed(protocol: Checked, words: str, model: str = "sc") -> tuple[Run, Replayed]:
    """A run that `smtmodel replay` would make of these words."""
    plan = parse_schedule(words.split(), protocol, protocol.bounds)
    assert isinstance(plan, Plan), plan
    buffers = find(model).store_buffers
    made = replay(protocol, protocol.bounds, store_buffers=buffers, schedule=plan)
    assert isinstance(made, Replayed), made
    return Run(protocol.bounds, made.step_count, made.trace, (), ""), made


def unexpected(found: ReportPart) -> ReportPart:
    """The part under `check`, with the opposite of every verdict expected."""
    wanted = tuple(
        Expected(Verdict.PROVED if one.verdict is Verdict.REFUTED else Verdict.REFUTED)
        for one in found.outcome.results
    )
    return replace(found, expected=wanted)
