"""Saved results: what `show` makes of them is what the command made; others are refused."""

import copy
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from smtmodel.commands.expectations import judged
from smtmodel.commands.show import shown
from smtmodel.documents.answer import Answer, ReportPart
from smtmodel.documents.json import schema_text
from smtmodel.documents.wire.answer import SavedAnswer
from smtmodel.documents.wire.codec import decode
from smtmodel.formats import SAVED
from smtmodel.solving.result import Opinion
from smtmodel.source.record import replace
from smtmodel.source.refusal import Refusal
from smtmodel.verdict import Cause, worst
from tests.support.answers import answer, part, rendered, unexpected
from tests.support.documents import Document, change
from tests.support.program import run

SCHEMA = json.loads(schema_text())


def saved(folder: Path, found: Answer) -> Path:
    path = folder / "result.json"
    path.write_text(rendered("json", found))
    return path


@pytest.mark.parametrize(
    ("name", "model"), [("original", "sc"), ("paolo", "tso"), ("paolo-no-grace-period", "sc")]
)
def test_every_format_of_a_saved_result_is_the_same(name: str, model: str, tmp_path: Path) -> None:
    found = answer(part(name, model))
    again = shown(str(saved(tmp_path, found)))
    assert isinstance(again, Answer), again
    for form in SAVED:
        assert rendered(form, again, witnesses=True) == rendered(form, found, witnesses=True), form


def _confirmed(found: ReportPart) -> ReportPart:
    """The part with opinions of every kind."""
    said = (Opinion("one", True, "12 states"), Opinion("two", None, "too large", Cause.TIMEOUT))
    told = tuple(replace(one, opinions=said) for one in found.outcome.results)
    return replace(found, outcome=replace(found.outcome, results=told))


@pytest.mark.parametrize(
    "found", [_confirmed(part("paolo")), part("original"), unexpected(part("xiao"))]
)
def test_all_that_a_result_has_comes_back(found: ReportPart, tmp_path: Path) -> None:
    results = found.outcome.results
    statuses = [one.status for one in results]
    if found.expected is not None:
        statuses = [judged(*pair) for pair in zip(results, found.expected, strict=True)]
    again = shown(str(saved(tmp_path, replace(answer(found), status=int(worst(statuses))))))
    assert isinstance(again, Answer), again
    assert again.parts[0].outcome == found.outcome
    assert again.parts[0].expected == found.expected
    assert again.parts[0].context == found.context


@pytest.mark.parametrize(
    "arguments",
    [
        ("prove", "original.dsl", "--updates", "1", "--faults", "1"),
        ("prove", "paolo.dsl", "--only", "hits_new", "--model", "tso"),
        ("prove", "paolo.dsl", "--budget", "1"),
        ("prove", "tests/golden/broken.dsl"),
        ("prove", "tests/golden/embrace.dsl"),
        ("prove", "tests/golden/trusting.dsl"),
        ("prove", "tests/golden/third.dsl"),
        ("prove", "nowhere.dsl"),
        ("check", "tests/golden/buffering.dsl", "tests/golden/broken.dsl"),
    ],
    ids=" ".join,
)
def test_show_prints_what_the_command_printed(arguments: tuple[str, ...], tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    first = run(*arguments, "--out", f"json={path}")
    again = run("show", str(path))
    assert (again.stdout, again.returncode) == (first.stdout, first.returncode)
    assert again.stderr == first.stderr
    assert run("show", "-", "--format", "json", given=path.read_text()).stdout == path.read_text()


def test_show_needs_no_solver(tmp_path: Path) -> None:
    path = saved(tmp_path, answer(part("original")))
    (tmp_path / "z3.py").write_text("raise RuntimeError('the solver is not to be imported')")
    process = run("show", str(path), "--format", "html", cwd=tmp_path)
    assert process.returncode == 10
    assert process.stderr == ""


# ---------------------------------------------------------------- wrong files


def _first_result(document: Document) -> Document:
    found: Document = document["outcomes"][0]["results"][0]
    return found


def _move(document: Document) -> None:
    moves = _first_result(document)["run"]["schedule"]["moves"]
    moves.insert(0, moves.pop())


def _swap(document: Document) -> None:
    """The run of a goal for that of a refuted property."""
    results = document["outcomes"][0]["results"]
    results[0]["run"] = results[2]["run"]


WRONG: dict[str, tuple[Callable[[Document], None], str]] = {
    "a missing part": (lambda one: one.pop("outcomes"), "object missing required field `outcomes`"),
    "another part": (change("more", 1), "object contains unknown field `more`"),
    "another type": (
        change("outcomes.0.model", 7),
        ": outcomes[0].model: expected `str`, got `int`",
    ),
    "another verdict": (
        change("outcomes.0.results.0.verdict", "MAYBE"),
        "outcomes[0].results[0].verdict: invalid enum value 'MAYBE'",
    ),
    "another text": (change("sources.0.text", "protocol p"), "original.dsl was changed"),
    "no text": (change("sources", []), "the text of original.dsl is not in it"),
    "another status": (change("status", 0), "its status is 0, but its results make it 10"),
    "another property": (
        change("outcomes.0.results.0.name", "later"),
        "original has no such never property as later",
    ),
    "another model": (change("outcomes.0.model", "arm"), "no memory model is called `arm`"),
    "other bounds": (change("outcomes.0.bounds.lanes", {"vcpus": 1}), "are not those of original"),
    "large bounds": (change("outcomes.0.bounds.updates", 10**9), "`updates` is from 1 to"),
    "a large run": (change("outcomes.0.results.0.run.bounds.updates", 9), "more lanes than"),
    "another order": (_move, "its events are not those of its ordering"),
    "another lane": (
        change("outcomes.0.results.0.run.schedule.moves.0.lane", "fault7"),
        "event 1 of its run cannot be: there is no lane `fault7`",
    ),
    "a shorter run": (
        lambda one: _first_result(one)["run"]["schedule"]["moves"].pop(),
        "stale_after_return: its events are not those of its ordering",
    ),
    "another claim": (_swap, "stale_after_return: its run does not show it"),
    "no run": (change("outcomes.0.results.0.run", None), "it is REFUTED without a run"),
    "a lie": (change("outcomes.0.results.0.verdict", "PROVED"), "its run does not show it"),
    "another version": (change("smtmodel", 3), "no result of smtmodel"),
    "another format": (change("format", 1), "which reads format 3: make it again"),
    "lanes of another protocol": (
        change(
            "outcomes.0.results.2.extents",
            [{"bound": "vcpus", "any_number": False, "reason": "", "couplings": []}],
        ),
        "hits_new: original has no lanes that are called vcpus",
    ),
    "half a character": (change("command", "\ud800"), "a text in it holds half of a character"),
    "half a character in a text": (change("sources.0.text", "\ud800"), "original.dsl was changed"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_changed_result_is_refused_with_the_reason(case: str, tmp_path: Path) -> None:
    change, said = WRONG[case]
    document = json.loads(rendered("json", answer(part("original"))))
    change(document)
    path = tmp_path / "result.json"
    path.write_text(json.dumps(document))
    found = shown(str(path))
    assert isinstance(found, Refusal)
    assert said in found.message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it is no JSON document"),
        ("protocol p\n", "it is no JSON document"),
        ("[" * 100_000, "it is no JSON document"),
        ("[]", "it is no result of smtmodel"),
        ('{"outcomes": []}', "it is no result of smtmodel"),
        ('{"smtmodel": "9.9", "format": 1}', "smtmodel 9.9 saved it in another format, and this"),
        ('{"smtmodel": "9.9"}', "saved it in another format"),
        ('{"smtmodel": "9.9", "format": 3}', "(smtmodel 9.9 made it, this is"),
    ],
)
def test_a_foreign_file_is_bad_input(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "foreign.json").write_text(text)
    process = run("show", "foreign.json", cwd=tmp_path)
    assert process.returncode == 2
    assert said in process.stderr
    assert process.stdout == ""


def test_show_does_not_write_over_what_it_reads(tmp_path: Path) -> None:
    path = saved(tmp_path, answer(part("original")))
    before = path.read_text()
    assert run("show", str(path), "--out", f"json={path}").returncode == 2
    assert path.read_text() == before


# ---------------------------------------------------------------- the schema


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) of a value."""
    keys = value if isinstance(value, dict) else range(len(value))
    found = [(value, key) for key in keys]
    for key in keys:
        if isinstance(value[key], dict | list):
            found += _places(value[key])
    return found


@pytest.mark.parametrize("seed", range(60))
def test_our_reading_of_the_schema_is_the_public_one(seed: int) -> None:
    """Documents with a few random changes are refused exactly if the public validator does."""
    chance = random.Random(seed)
    document = copy.deepcopy(DOCUMENT)
    for _ in range(chance.randrange(3)):
        container, key = chance.choice(_places(document))
        if isinstance(container, dict) and chance.random() < 0.3:
            del container[key]
        elif isinstance(container, dict) and chance.random() < 0.2:
            container["more"] = 1
        else:
            container[key] = chance.choice([None, True, -1, 1, 0.5, "", "REFUTED", [], {}, "E1"])
    valid = Draft202012Validator(SCHEMA).is_valid(document)
    assert isinstance(decode(document, SavedAnswer), SavedAnswer) == valid


@pytest.mark.parametrize("seed", range(20))
def test_whatever_is_changed_is_shown_or_refused_in_a_sentence(seed: int, tmp_path: Path) -> None:
    """One value is another one of its type, and no control character reaches a terminal."""
    chance = random.Random(seed)
    document = copy.deepcopy(DOCUMENT)
    container, key = chance.choice(_places(document))
    others = (None, True, -1, 10**9, 0.5, "x\x1b\n`|<", "\ud800", [], {}, [""], [[]])
    same = [one for one in others if type(one) is type(container[key])]
    container[key] = chance.choice(same)
    path = tmp_path / "result.json"
    path.write_text(json.dumps(document))
    found = shown(str(path))
    if isinstance(found, Refusal):
        assert found.message.isprintable()
    else:
        assert not any("\x1b" in rendered(form, found) for form in SAVED)


DOCUMENT = json.loads(rendered("json", answer(part("original"), part("paolo"))))
