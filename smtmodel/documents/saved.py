"""A result read back from JSON, for `show`. Needs no solver.

Takes the text of a document and, for each outcome in it, the checked protocol of the source in
it; gives what `smtmodel.documents.answer` holds, or a sentence that says why it cannot. Every
run is replayed, so that no ordering is shown that the interpreter does not make. That what is
PROVED was proved is the document's word.
"""

from typing import Any

from smtmodel.documents.plain import plain
from smtmodel.executions.replay import Impossible, replay
from smtmodel.executions.trace import Move, Schedule
from smtmodel.language.checked import Bounds, Checked, Where
from smtmodel.language.independence import Coupling
from smtmodel.models import model
from smtmodel.solving.further import larger
from smtmodel.solving.result import (
    Beyond,
    Coverage,
    Extent,
    Missing,
    Opinion,
    Outcome,
    Place,
    Result,
    Run,
    Unfinished,
    Why,
    sort_of,
)
from smtmodel.source import Diagnostic, Severity, Span, Text
from smtmodel.source.record import parts, replace
from smtmodel.source.refusal import Refusal
from smtmodel.verdict import Cause, Verdict

Document = dict[str, Any]
"""A document that keeps to the schema."""


def read(text: str, tool: str) -> Document | str:
    """The document of a text, which this version of the tool must understand."""
    import json

    from smtmodel.documents.json import schema_text
    from smtmodel.documents.schema import mismatch

    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        return f"it is no JSON document: {error}"
    if not (isinstance(value, dict) and isinstance(value.get("smtmodel"), str)):
        return "it is no result of smtmodel: make one with `--format json`"
    wrong = mismatch(value, json.loads(schema_text()))
    if not wrong:
        wrong = next((_wrong_source(one) for one in value["sources"] if _wrong_source(one)), "")
    if not wrong:
        return {name: one if name == "sources" else _plain(one) for name, one in value.items()}
    made = value["smtmodel"]
    other = f" (smtmodel {made} made it, this is {tool})" if made != tool else ""
    return f"it is no result that can be shown{other}: {wrong}"


def _plain(value: Any) -> Any:
    """The value without control characters in its texts."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return value


def _wrong_source(source: dict[str, str]) -> str:
    text = Text(source["name"], source["text"])
    return "" if text.digest == source["digest"] else f"the text of {text.name} was changed"


def source(document: Document, name: str, digest: str | None = None) -> Text | None:
    """The text of a file that the document speaks of."""
    for one in document["sources"]:
        if one["name"] == name and digest in (None, one["digest"]):
            return Text(one["name"], one["text"])
    return None


# ---------------------------------------------------------------- refusals


def refusals(document: Document) -> tuple[Refusal, ...]:
    """Why there is no answer about some inputs."""
    found: list[Refusal] = []
    for one in document["diagnostics"]:
        text = source(document, one["file"])
        if one["code"] is None or one["place"] is None or text is None:
            found.append(Refusal(one["file"], one["message"]))
            continue
        before: tuple[Diagnostic, ...] = ()
        if found and found[-1].text == text:
            before = found.pop().diagnostics
        found.append(Refusal(text.name, "", text, (*before, _diagnostic(one))))
    return tuple(found)


def _diagnostic(value: dict[str, Any]) -> Diagnostic:
    from smtmodel.language.codes import lookup
    from smtmodel.source import Code

    return Diagnostic(
        lookup(value["code"]) or Code(value["code"], ""),
        value["message"],
        _span(value["place"]),
        value.get("label", ""),
        value.get("suggestion", ""),
        Severity(value["severity"]),
    )


def _span(value: dict[str, int]) -> Span:
    return Span(value["line"], value["column"], value["end_line"], value["end_column"])


# ---------------------------------------------------------------- outcomes


def bounds(value: dict[str, Any], protocol: Checked) -> Bounds | str:
    """The bounds of an outcome or a run."""
    known = [name for name, _ in protocol.bounds.lanes]
    if sorted(value["lanes"]) != sorted(known):
        return f"the bounds are not those of {protocol.name}"
    lanes = tuple((name, value["lanes"][name]) for name in known)
    return Bounds(value["updates"], lanes, value["rounds"])


def expected(value: dict[str, Any]) -> tuple[Verdict, ...] | None:
    """The verdicts that were expected; None where none were."""
    found = [one["expected"] for one in value["results"]]
    return tuple(map(Verdict, found)) if found and None not in found else None


def outcome(value: dict[str, Any], protocol: Checked) -> Outcome | str:
    """An outcome about a protocol, which has the outcome's bounds."""
    wrong = _foreign(value, protocol)
    if wrong:
        return wrong
    if not value["results"]:
        return "it has no results"
    results: list[Result] = []
    for one in value["results"]:
        result = _result(one, value["model"], protocol)
        if isinstance(result, str):
            return f"{one['name']}: {result}"
        results.append(result)
    coverage = value["coverage"]
    return Outcome(
        value["model"],
        protocol.bounds,
        None if coverage is None else _coverage(coverage, protocol),
        tuple(results),
    )


def _foreign(value: dict[str, Any], protocol: Checked) -> str:
    """What an outcome names that the protocol does not have."""
    sorts = {one.name: sort_of(one).value for one in protocol.properties}
    for one in value["results"]:
        if sorts.get(one["name"]) != one["sort"]:
            return f"{protocol.name} has no such {one['sort']} property as {one['name']}"
    named = list(_steps_in(value["coverage"] or {}))
    for one in value["results"]:
        named += [step for extent in one["extents"] for step in _steps_in(extent["couplings"])]
    steps = _wheres(protocol)
    unknown = [number for number in named if number not in steps]
    return f"{protocol.name} has no step {unknown[0]}" if unknown else ""


def _steps_in(value: Any) -> list[int]:
    """The numbers of the steps anywhere in a value."""
    if isinstance(value, list):
        return [number for one in value for number in _steps_in(one)]
    if isinstance(value, dict):
        own = [value["number"]] if "number" in value else []
        return own + [number for one in value.values() for number in _steps_in(one)]
    return []


def _wheres(protocol: Checked) -> dict[int, Where]:
    return {one.number: one for one in parts(protocol.blocks) if isinstance(one, Where)}


def _coverage(value: dict[str, Any], protocol: Checked) -> Coverage:
    steps = _wheres(protocol)

    def named(heading: str) -> tuple[Where, ...]:
        return tuple(steps[one["number"]] for one in value[heading])

    return Coverage(
        value["steps"], named("unreached"), named("cuts"), value["complete"], named("undecided")
    )


def _result(value: dict[str, Any], name: str, protocol: Checked) -> Result | str:
    verdict = Verdict(value["verdict"])
    run = None
    if value["run"] is not None:
        refuted = verdict is Verdict.REFUTED
        found = _run(value["run"], name, protocol, value["name"], refuted=refuted)
        if isinstance(found, str):
            return found
        run = found
    beyond = None
    if value["beyond"] is not None:
        further = _beyond(value["beyond"], name, protocol, value["name"])
        if isinstance(further, str):
            return further
        beyond = further
    if beyond is not None and (verdict is not Verdict.PROVED or value["sort"] == "reach"):
        return "it is no proof, but says what is known beyond its bounds"
    if run is None and verdict is Verdict.REFUTED:
        return "it is REFUTED without a run"
    return Result(
        value["name"],
        next(sort_of(one) for one in protocol.properties if one.name == value["name"]),
        verdict,
        next(one.span for one in protocol.properties if one.name == value["name"]),
        value["reason"],
        Cause(value["cause"]),
        run,
        value["seconds"],
        tuple(_extent(one, protocol) for one in value["extents"]),
        tuple(_opinion(one) for one in value["opinions"]),
        beyond,
    )


def _beyond(value: dict[str, Any], name: str, protocol: Checked, of: str) -> Beyond | str:
    limits = bounds(value["bounds"], protocol)
    if isinstance(limits, str):
        return limits
    if limits != larger(protocol.bounds):
        return "what it says beyond its bounds is not about one update more"
    run = None
    if value["run"] is not None:
        wide = replace(protocol, bounds=limits)
        found = _run(value["run"], name, wide, of, refuted=True)
        if isinstance(found, str):
            return found
        run = found
    return Beyond(limits, run, value["reason"], Cause(value["cause"]))


def _opinion(value: dict[str, Any]) -> Opinion:
    return Opinion(value["judge"], value["agrees"], value["told"], Cause(value["cause"]))


def _extent(value: dict[str, Any], protocol: Checked) -> Extent:
    steps = _wheres(protocol)
    couplings = tuple(
        Coupling(None if one["step"] is None else steps[one["step"]["number"]], one["sentence"])
        for one in value["couplings"]
    )
    return Extent(value["bound"], value["any_number"], value["reason"], couplings)


def _events(moments: list[dict[str, Any]]) -> list[tuple[str, str, int | None]]:
    """What of the events must not depend on the version that told them."""
    return [
        (one["lane"], one["event"], None if one["step"] is None else one["step"]["number"])
        for one in moments
    ]


def _run(
    told: dict[str, Any], name: str, protocol: Checked, of: str, *, refuted: bool
) -> Run | str:
    """The run of the result about `of`, made again."""
    limits = bounds(told["bounds"], protocol)
    if isinstance(limits, str):
        return limits
    most = protocol.bounds
    if any(limits.count(kind.bound) > most.count(kind.bound) for kind in protocol.kinds):
        return "its run has more lanes than the bounds allow"
    if limits.rounds > most.rounds:
        return "its run has more rounds than the bounds allow"
    moves = told["schedule"]["moves"]
    schedule = Schedule(
        tuple(Move(one["lane"], one["flush"], one["callback"]) for one in moves),
        tuple((one["lane"], tuple(one["chosen"])) for one in told["schedule"]["choices"]),
    )
    buffers = model(name).store_buffers
    made = replay(protocol, limits, store_buffers=buffers, schedule=schedule)
    if isinstance(made, Impossible):
        return f"event {made.index + 1} of its run cannot be: {made.reason}"
    if _events(told["moments"]) != [
        (one.lane, one.event, None if one.where is None else one.where.number)
        for one in made.trace.moments
    ]:
        return "its events are not those of its ordering"
    if of not in (made.violated if refuted else made.reached):
        return "its run does not show it"
    facts = made.facts(of)
    why = None if told["why"] is None else _why(told["why"])
    lacks = None if told["unfinished"] is None else _unfinished(told["unfinished"])
    return Run(limits, made.step_count, made.trace, facts, told["claim"], why, lacks)


def _unfinished(value: dict[str, Any]) -> Unfinished:
    return Unfinished(Missing(value["missing"]), Cause(value["cause"]), value["reason"])


def _why(value: dict[str, Any]) -> Why:
    def place(one: dict[str, Any]) -> Place:
        return Place(one["number"], one["lane"], one["text"], one["part"])

    facts = tuple((place(one["first"]), place(one["second"])) for one in value["facts"])
    return Why(facts, tuple(value["free"]))
