"""The JSON documents keep to the shipped schema, and say what the other formats say."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from smtmodel.documents.json import schema_text
from tests.support.program import run

SCHEMA = json.loads(schema_text())
VALIDATOR = Draft202012Validator(SCHEMA)


def document(*arguments: str, given: str | None = None) -> dict[str, Any]:
    """The document that a command prints; its status is the process's."""
    process = run(*arguments, "--format", "json", given=given)
    made: dict[str, Any] = json.loads(process.stdout)
    VALIDATOR.validate(made)
    assert made["status"] == process.returncode
    return made


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert json.loads(run("schema").stdout) == SCHEMA


@pytest.mark.parametrize(
    "arguments",
    [
        ("prove", "original.dsl"),
        ("prove", "paolo.dsl", "--model", "tso"),
        ("prove", "paolo.dsl", "--budget", "1"),
        ("prove", "tests/golden/vacuous.dsl"),
        ("prove", "tests/golden/trusting.dsl"),
        ("prove", "tests/golden/buffering.dsl", "--model", "tso"),
        ("prove", "tests/golden/embrace.dsl"),
        ("prove", "tests/golden/broken.dsl"),
        ("prove", "nowhere.dsl"),
        ("check", "protocols/paolo.dsl", "protocols/original.dsl"),
        ("check", "tests/golden"),
    ],
    ids=" ".join,
)
def test_every_answer_keeps_to_the_schema(arguments: tuple[str, ...]) -> None:
    made = document(*arguments)
    assert made["outcomes"] or made["diagnostics"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("needed", "n2.dsl:raised_last", "--only", "hit"),
        ("cases", "original.dsl"),
        ("cases", "paolo.dsl", "--budget", "1"),
        ("orders", "original.dsl", "--block", "page_fault", "--limit", "6"),
        ("diff", "original.dsl", "single-dereference.dsl"),
        ("diff", "paolo.dsl", "paolo-no-low-bit-test.dsl"),
    ],
    ids=" ".join,
)
def test_every_analysis_keeps_to_the_schema(arguments: tuple[str, ...]) -> None:
    (analysis,) = document(*arguments)["analyses"]
    assert analysis["kind"] == arguments[0]


def test_an_analysis_of_no_protocol_is_a_diagnostic() -> None:
    made = document("needed", "tests/golden/broken.dsl")
    assert made["diagnostics"]
    assert made["analyses"] == []


def test_a_document_has_the_versions_and_the_counterexample() -> None:
    made = document("prove", "original.dsl", "--only", "stale_at_any_time")
    (outcome,) = made["outcomes"]
    assert outcome["versions"]["z3"]
    assert outcome["bounds"] == {"updates": 2, "lanes": {"faults": 2}, "rounds": 1}
    (result,) = outcome["results"]
    assert (result["name"], result["verdict"]) == ("stale_at_any_time", "REFUTED")
    run_ = result["run"]
    steps = [moment for moment in run_["moments"] if moment["step"]]
    assert len({(one["lane"], one["step"]["number"]) for one in steps}) == run_["steps"]
    assert len(run_["schedule"]["moves"]) == len(run_["moments"])


def test_diagnostics_have_codes_and_places() -> None:
    made = document("prove", "-", given="protocol p\nshared = 1\n")
    (diagnostic,) = made["diagnostics"]
    assert diagnostic["code"].startswith("E1")
    assert diagnostic["place"]["line"] == 2


def test_check_says_what_was_expected() -> None:
    made = document("check", "protocols/original.dsl")
    expected = {one["name"]: one["expected"] for one in made["outcomes"][0]["results"]}
    assert expected["stale_after_return"] == "REFUTED"
    assert expected["hits_new"] == "PROVED"
