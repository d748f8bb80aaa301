"""The format `sarif` against the parts of SARIF 2.1.0 that it uses, written down here strictly.

The public schema allows much more. What is here keeps to it member by member: nothing else is
allowed, and what it only recommends is required.
"""

import json
from typing import Any
from urllib.parse import unquote

import pytest
from jsonschema import Draft202012Validator

from smtmodel.documents.answer import Answer, ReportPart
from smtmodel.documents.plain import plain
from smtmodel.source.record import replace
from smtmodel.source.refusal import Refusal
from smtmodel.verdict import Verdict
from tests.support.answers import HOSTILE, answer, hostile, part, rendered, unexpected
from tests.support.processes import run

Json = dict[str, Any]


def closed(optional: tuple[str, ...] = (), **members: Json) -> Json:
    """An object with these members and no others."""
    return {
        "type": "object",
        "properties": members,
        "required": [name for name in members if name not in optional],
        "additionalProperties": False,
    }


def several(item: Json, least: int = 0) -> Json:
    return {"type": "array", "items": item, "minItems": least}


TEXT = {"type": "string", "minLength": 1}
POSITIVE = {"type": "integer", "minimum": 1}
URI = {"type": "string", "pattern": r"^(?:[A-Za-z0-9/._~-]|%[0-9A-F]{2})+$"}
MESSAGE = closed(text=TEXT)
REGION = closed(
    ("startColumn", "endLine", "endColumn"),
    startLine=POSITIVE,
    startColumn=POSITIVE,
    endLine=POSITIVE,
    endColumn=POSITIVE,
)
PLACE = closed(("region",), artifactLocation=closed(uri=URI), region=REGION)
STEP = closed(executionOrder=POSITIVE, location=closed(physicalLocation=PLACE, message=MESSAGE))
FLOW = closed(message=MESSAGE, threadFlows=several(closed(id=TEXT, locations=several(STEP, 1)), 1))
LOCATION = closed(
    ("logicalLocations",),
    physicalLocation=PLACE,
    logicalLocations=several(closed(name=TEXT, fullyQualifiedName=TEXT), 1),
)
RESULT = closed(
    ("codeFlows",),
    ruleId=TEXT,
    level={"enum": ["none", "note", "warning", "error"]},
    message=MESSAGE,
    locations=several(LOCATION, 1),
    codeFlows=several(FLOW, 1),
)
DRIVER = closed(
    name={"const": "smtmodel"},
    version=TEXT,
    rules=several(closed(id=TEXT, shortDescription=MESSAGE)),
)
RUN = closed(
    tool=closed(driver=DRIVER),
    invocations=several(
        closed(executionSuccessful={"type": "boolean"}, exitCode={"type": "integer"}), 1
    ),
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    results=several(RESULT),
)
LOG = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    **closed(
        **{"$schema": {"type": "string", "format": "uri"}},
        version={"const": "2.1.0"},
        runs={**several(RUN), "minItems": 1, "maxItems": 1},
    ),
}


def checked(found: Answer) -> Json:
    """The run of the document about an answer."""
    text = rendered("sarif", found)
    assert text.isascii()
    document = json.loads(text)
    Draft202012Validator(LOG).validate(document)
    (one,) = document["runs"]
    rules = [rule["id"] for rule in one["tool"]["driver"]["rules"]]
    assert len(rules) == len(set(rules))
    assert {result["ruleId"] for result in one["results"]} == set(rules)
    return dict(one)


def test_the_strict_reading_refuses_what_the_format_does_not_have() -> None:
    document = json.loads(rendered("sarif", answer(part("original"))))
    validator = Draft202012Validator(LOG)
    assert validator.is_valid(document)
    document["runs"][0]["results"][0]["message"] = {}
    assert not validator.is_valid(document)


def test_a_refutation_is_a_result_at_its_place_with_its_run() -> None:
    found = part("original")
    results = checked(answer(found))["results"]
    assert [one["ruleId"] for one in results] == ["refuted", "refuted"]
    property_ = found.outcome.results[0]
    (location,) = results[0]["locations"]
    region = location["physicalLocation"]["region"]
    assert region["startLine"] == property_.span.line
    assert location["logicalLocations"][0]["fullyQualifiedName"].endswith(f".{property_.name}")
    assert (
        "Why: `slot = rcu_dereference(slots).slot` of fault0 comes before"
        in results[0]["message"]["text"]
    )


@pytest.mark.parametrize("name", ["original", "paolo-no-grace-period"])
def test_the_lanes_of_a_run_interleave_to_the_whole_run(name: str) -> None:
    found = part(name)
    for one in checked(answer(found))["results"]:
        (flow,) = one["codeFlows"]
        orders = [
            step["executionOrder"] for flow in flow["threadFlows"] for step in flow["locations"]
        ]
        assert sorted(orders) == list(range(1, len(orders) + 1))
        for thread in flow["threadFlows"]:
            own = [step["executionOrder"] for step in thread["locations"]]
            assert own == sorted(own)
            for step in thread["locations"]:
                region = step["location"]["physicalLocation"].get("region")
                said = step["location"]["message"]["text"].split("   ")[0]
                if region is not None and not said.startswith("("):
                    assert said.split("(")[0] in found.protocol.text.line(region["startLine"])


def test_what_is_proved_is_no_result() -> None:
    made = checked(answer(part("paolo")))
    assert made["results"] == made["tool"]["driver"]["rules"] == []


def test_under_check_what_is_not_as_expected_is_a_result() -> None:
    results = checked(answer(unexpected(part("paolo"))))["results"]
    assert {one["ruleId"] for one in results} == {"proved"}
    assert all(one["level"] == "error" for one in results)


@pytest.mark.parametrize("verdict", [Verdict.VACUOUS, Verdict.UNKNOWN])
def test_what_says_less_is_a_warning(verdict: Verdict) -> None:
    found = part("paolo")
    results = tuple(replace(one, verdict=verdict, reason="why") for one in found.outcome.results)
    told = replace(found, outcome=replace(found.outcome, results=results))
    made = checked(answer(told))["results"]
    assert {(one["ruleId"], one["level"]) for one in made} == {(verdict.value.lower(), "warning")}


def _uri(result: Json) -> str:
    (location,) = result["locations"]
    return unquote(location["physicalLocation"]["artifactLocation"]["uri"])


@pytest.mark.parametrize("text", HOSTILE)
def test_texts_stay_texts_and_names_stay_names(text: str) -> None:
    told: ReportPart = hostile(text)
    made = checked(replace(answer(told), refusals=(Refusal(text, text),)))["results"]
    assert made[0]["ruleId"] == "input"
    assert made[0]["message"]["text"] == plain(text)
    assert {_uri(one) for one in made} == {text.removeprefix("./")}


def test_a_refused_text_has_its_codes_and_places() -> None:
    process = run("prove", "tests/broken/after-atomic-set.dsl", "--format", "sarif")
    assert process.returncode == 2
    document = json.loads(process.stdout)
    Draft202012Validator(LOG).validate(document)
    (one,) = document["runs"]
    assert one["invocations"] == [{"executionSuccessful": False, "exitCode": 2}]
    codes = {result["ruleId"] for result in one["results"]}
    assert codes
    assert all(code.startswith("E") for code in codes)
    assert all(result["locations"][0]["physicalLocation"]["region"] for result in one["results"])
