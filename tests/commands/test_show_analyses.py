"""Saved analyses and reviews: `show` makes of them what the command made; wrong ones are refused.

Two tiny protocols, one racy and one not, go through every command once.
"""

import copy
import json
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from smtmodel.commands.show import formats, shown
from smtmodel.documents.answer import Answer
from smtmodel.documents.json import schema_text
from smtmodel.documents.wire.answer import SavedAnswer
from smtmodel.documents.wire.codec import decode
from smtmodel.formats import ANALYSES
from smtmodel.source.refusal import Refusal
from tests.support.answers import rendered
from tests.support.documents import Document, change
from tests.support.program import run

OLD = """\
protocol old
shared slot = 0
shared gen = 0
cache page { slot, gen }
update change {
    slot = fresh
    gen = gen + 1
}
fault fill {
    s = slot
    g = gen
    page = { slot: s, gen: g }
}
never stale: page.slot != slot when page.gen == gen settled
reach hits: page.slot != 0 && page.gen == gen
bounds updates 1, faults 1
"""
NEW = OLD.replace("    s = slot\n    g = gen\n", "    g = gen\n    s = slot\n")
COMMANDS = {
    "cases": ("cases", "old.dsl"),
    "cases in tables": ("cases", "new.dsl", "-v"),
    "cases, cut short": ("cases", "old.dsl", "--budget", "1"),
    "needed": ("needed", "new.dsl", "-v"),
    "orders": ("orders", "new.dsl"),
    "orders, some": ("orders", "old.dsl", "--limit", "1", "--block", "fill"),
    "diff": ("diff", "old.dsl", "new.dsl"),
    "diff back": ("diff", "new.dsl", "old.dsl"),
    "review": ("review", "old.dsl", "new.dsl", "--needed"),
    "review under tso": ("review", "new.dsl", "--model", "tso", "--no-cases"),
    "no protocol": ("needed", "broken.dsl"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The protocols, and what each command said of them in every format that it has."""
    made = tmp_path_factory.mktemp("shown")
    for name, text in {"old": OLD, "new": NEW, "broken": "protocol p\nshared = 1\n"}.items():
        (made / f"{name}.dsl").write_text(text)
    for case, words in COMMANDS.items():
        (made / case).mkdir()
        forms = [f"--out={form}={case}/{form}" for form in ANALYSES]
        told = run(*words, *forms, cwd=made)
        (made / case / "status").write_text(str(told.returncode))
    return made


def _document(folder: Path, case: str) -> Document:
    found: Document = json.loads((folder / case / "json").read_text())
    return found


@pytest.mark.parametrize("case", COMMANDS)
def test_show_gives_what_the_command_gave_in_every_format(case: str, folder: Path) -> None:
    forms = [f"--out={form}={case}/again-{form}" for form in ANALYSES]
    verbose = [word for word in COMMANDS[case] if word == "-v"]
    told = run("show", f"{case}/json", *forms, *verbose, cwd=folder)
    assert str(told.returncode) == (folder / case / "status").read_text(), told.stderr
    for form in ANALYSES:
        again = (folder / case / f"again-{form}").read_text()
        assert again == (folder / case / form).read_text(), form


def test_the_statuses_of_the_commands_differ(folder: Path) -> None:
    statuses = {case: int((folder / case / "status").read_text()) for case in COMMANDS}
    assert statuses["cases"] == statuses["review"] == statuses["diff back"] == 10
    assert statuses["needed"] == statuses["orders"] == statuses["diff"] == 0
    assert statuses["cases, cut short"] == 5
    assert statuses["no protocol"] == 2


def test_a_quiet_answer_is_quiet_again(folder: Path) -> None:
    told = run("show", "orders/json", "-q", cwd=folder).stdout
    assert [line.split()[0] for line in told.splitlines()] == ["Orders", "Result"]


def test_an_answer_has_the_formats_of_its_command(folder: Path) -> None:
    for form in ("gcc", "svg", "junit"):
        told = run("show", "diff/json", "--format", form, cwd=folder)
        assert (told.returncode, told.stdout) == (2, "")
        assert "an answer of `diff` has the formats human, email" in told.stderr
    assert run("show", "diff/json", "--out", "ktap=x", cwd=folder).returncode == 2
    assert not (folder / "x").exists()


def test_nothing_of_it_needs_the_solver(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "z3.py").write_text("raise RuntimeError('the solver is not to be imported')")
    for case in ("needed", "review"):
        told = run("show", str(folder / case / "json"), "--format", "html", cwd=tmp_path)
        assert told.stderr == ""
        assert "<h1>" in told.stdout


# ---------------------------------------------------------------- wrong files


def _renamed(document: Document) -> None:
    file = document["analyses"][0]["files"][0]
    file["outcomes"], other = [1], document["analyses"][0]["files"][1]
    other["outcomes"] = [0]


WRONG: dict[str, tuple[str, Callable[[Document], None], str]] = {
    "another command": ("cases", change("command", "needed"), "no answer of `smtmodel needed`"),
    "two answers": (
        "cases",
        lambda one: one["analyses"].append(one["analyses"][0]),
        "no answer of `smtmodel cases`",
    ),
    "no sheet": ("needed", change("analyses.0.sheet", None), "sheet of its analysis"),
    "no block": (
        "needed",
        change("analyses.0.sheet.blocks.0", {}),
        "object missing required field `kind`",
    ),
    "no lane": (
        "cases in tables",
        change("analyses.0.sheet.blocks.2.table.rows.0.lane", 7),
        "a step of an ordering is in no lane",
    ),
    "no text": ("orders", change("sources", []), "the text of new.dsl is not in it"),
    "half the texts": ("diff", lambda one: one["sources"].pop(0), "the text of old.dsl is not"),
    "another text": ("diff", change("sources.0.text", "protocol p"), "old.dsl was changed"),
    "cases that are no refutation": ("cases", change("status", 0), "results make it 10"),
    "cases that are one": (
        "cases in tables",
        change("analyses.0.subjects.0.cases.0.violates", ["stale"]),
        "its status is 0, but its results make it 10",
    ),
    "cases of nothing": ("cases", change("analyses.0.subjects", []), "results make it 5 or 124"),
    "cases of another property": (
        "cases",
        change("analyses.0.subjects.0.properties.0", "hits"),
        "old has no such property to judge cases as hits",
    ),
    "incomplete cases": (
        "cases in tables",
        change("analyses.0.subjects.0.complete", False),
        "its results make it 5 or 124 or 130 or 6",
    ),
    "complete cases": ("cases, cut short", change("status", 0), "make it 5 or 124 or 130 or 6"),
    "an unknown variant": (
        "needed",
        change(
            "analyses.0.variants.0.results",
            [
                {
                    "name": "stale",
                    "verdict": "UNKNOWN",
                    "effect": "unknown",
                    "reason": "",
                    "steps": None,
                    "ordering": None,
                }
            ],
        ),
        "its results make it 5 or 124 or 130 or 6",
    ),
    "an order that is refuted": (
        "orders",
        change("analyses.0.sheet.results.1.verdict", "REFUTED"),
        "its status is 0, but its results make it 10",
    ),
    "nothing at all": ("orders", change("analyses", []), "there is no answer in it"),
    "no outcomes": ("review", change("outcomes", []), "not those of its outcomes"),
    "outcomes of another file": ("review", _renamed, "its files are not those of its outcomes"),
    "no results": ("review", change("outcomes.1.results", []), "outcome 2: it has no results"),
    "a longer chapter": (
        "review",
        lambda one: one["analyses"][0]["files"][0]["outcomes"].append(2),
        "its files are not those of its outcomes",
    ),
    "a better review": ("review", change("status", 0), "its status is 0, but its results make it"),
    "a page too many": (
        "review",
        lambda one: one["analyses"][0]["files"][1]["pages"].append({"judged": True, "proofs": []}),
        "the pages of its proofs are not those of its outcomes",
    ),
    "a page of another proof": (
        "review",
        change("analyses.0.files.1.pages.0.proofs.0.names", ["hits"]),
        "the pages of its proofs are not those of new.dsl",
    ),
    "a part that the tool finds out": (
        "review",
        change("analyses.0.files.1.pages.0.proofs.0.parts.0.aspect", "Trusts"),
        "a page of its proofs says for itself: Trusts",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_changed_answer_is_refused_with_the_reason(
    case: str, folder: Path, tmp_path: Path
) -> None:
    name, change, said = WRONG[case]
    document = _document(folder, name)
    change(document)
    (tmp_path / "result.json").write_text(json.dumps(document))
    found = shown(str(tmp_path / "result.json"))
    assert isinstance(found, Refusal)
    assert said in found.message


def test_texts_of_a_saved_sheet_stay_texts(folder: Path, tmp_path: Path) -> None:
    document = _document(folder, "needed")
    for block in document["analyses"][0]["sheet"]["blocks"]:
        if block["kind"] == "say":
            block["text"][0]["text"] = "\x1b[31m<script>alert(1)</script>\n# [x](http://y.z) @who"
    (tmp_path / "result.json").write_text(json.dumps(document))
    found = shown(str(tmp_path / "result.json"))
    assert isinstance(found, Answer)
    for form in ("human", "email", "markdown"):
        lines = rendered(form, found).splitlines()
        assert not any("\x1b" in line or line.startswith("# [") for line in lines)
        bare = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", "\n".join(lines))
        assert form != "markdown" or not re.search(r"[<@\[#]", bare.replace("###", ""))
    assert "<script>alert" not in rendered("html", found)


def _rendered(found: Answer) -> None:
    """The answer in every format that it has."""
    for form in formats(found):
        rendered(form, found)


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) of a value."""
    keys = list(value) if isinstance(value, dict) else range(len(value))
    found = [(value, key) for key in keys]
    for key in keys:
        if isinstance(value[key], dict | list):
            found += _places(value[key])
    return found


OTHERS: tuple[Any, ...] = (None, True, -1, 10**9, "", "x\x1b\n`|<", [], {}, [""], [[]])


CHANGED = 60
"""Values of a document that are changed; which ones is always the same."""


@pytest.mark.parametrize("case", ["cases", "needed", "orders", "diff", "review under tso"])
def test_whatever_is_changed_is_shown_or_refused_in_a_sentence(
    case: str, folder: Path, tmp_path: Path
) -> None:
    """One value at a time is left out, or is another one."""
    whole = _document(folder, case)
    path = tmp_path / "result.json"
    chance = random.Random(case)
    kept = 0
    places = len(_places(whole))
    count = min(places, CHANGED)
    for place in sorted(chance.sample(range(places), count)):
        document = copy.deepcopy(whole)
        container, key = _places(document)[place]
        if chance.random() < 0.2:
            del container[key]
        else:
            same = [one for one in OTHERS if type(one) is type(container[key])]
            container[key] = (
                chance.choice(same or OTHERS) if chance.random() < 0.6 else (chance.choice(OTHERS))
            )
        path.write_text(json.dumps(document))
        found = shown(str(path))
        if isinstance(found, Refusal):
            assert found.message
            assert "\n" not in found.message
        else:
            kept += 1
            _rendered(found)
    assert 0 < kept < count


@pytest.mark.parametrize("case", COMMANDS)
def test_documents_keep_to_the_schema_and_what_does_not_is_refused(case: str, folder: Path) -> None:
    schema = json.loads(schema_text())
    validator = Draft202012Validator(schema)
    whole = _document(folder, case)
    validator.validate(whole)
    chance = random.Random(case)
    for _ in range(6):
        document = copy.deepcopy(whole)
        container, key = chance.choice(_places(document))
        container[key] = chance.choice(OTHERS)
        good = isinstance(decode(document, SavedAnswer), SavedAnswer)
        assert good == validator.is_valid(document)
