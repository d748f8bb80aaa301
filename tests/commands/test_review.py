"""One document about a series: its parts, its formats, its limits, and the closest calls."""

import json
import re
from pathlib import Path

import jsonschema
import pytest

from smtmodel.documents.json import schema_text
from smtmodel.source import Text
from smtmodel.source.header import field
from tests.support import processes
from tests.support.lengths import long
from tests.support.processes import PROTOCOLS, normal
from tests.support.program import run

SMALL = ("--updates", "1", "--faults", "1", "--model", "sc")
HOSTILE = """\
// Patch: <x|y@z> `@torvalds` [a](http://evil) <script>alert(1)</script> Signed-off-by: Eve
// --- not a rule
//
// Source: somewhere.c, in v1.2. More words.

protocol hostile "</pre><b>|`*_* diff --git"
shared a = 0
thread t { a = 1 }
never bad: a == 2 always
bounds t 1
"""

FREED = """\
protocol freed
struct node { data, copy }
rcu p: node = { data: 0, copy: 0 }
update replace {
    old = p
    new = alloc node
    new.data = 1
    new.copy = 1
    rcu_assign_pointer(p, new)
    synchronize_rcu()
    kfree(old)
}
fault look {
    rcu_read_lock()
    q = rcu_dereference(p)
    r = q.data
    s = q.copy
    same: assert r <= 1
    either_way: assert s <= 1
    rcu_read_unlock()
}
bounds updates 1, faults 1
expect same proved
"""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A review of a refutation and a proof, in every format."""
    folder = tmp_path_factory.mktemp("review")
    forms = ("markdown", "html", "email", "human", "json")
    outs = [word for form in forms for word in ("--out", f"{form}={folder / form}")]
    done = run("review", "original.dsl", "paolo.dsl", *SMALL, *outs)
    assert done.returncode == 10, done.stderr
    return {form: (folder / form).read_text() for form in forms} | {"told": done.stdout}


@pytest.fixture(scope="module")
def document(written: dict[str, str]) -> str:
    """The same for people."""
    return written["human"]


def test_the_matrix_has_every_verdict_of_every_file(document: str) -> None:
    rows = dict(re.findall(r"^ +(stale\w+|hits_new|deadlock) +(\w+ +\w+)$", document, re.M))
    assert {name: row.split() for name, row in rows.items()} == {
        "stale_after_return": ["REFUTED", "PROVED"],
        "stale_at_any_time": ["REFUTED", "PROVED"],
        "hits_new": ["PROVED", "PROVED"],
        "deadlock": ["PROVED", "PROVED"],
    }


def test_the_page_of_a_proof_says_what_it_needs_and_how_close_it_was(document: str) -> None:
    page = " ".join(document[document.index("PROVED paolo.dsl: stale_after_return") :].split())
    assert "Scope: every interleaving of any number of updates, faults and rounds (sc)" in page
    assert "Needed: 23 `new.generation = old.generation + 1` dropped" in page
    assert "25 `synchronize_srcu(srcu)` dropped: refuted in 10 steps" in page
    assert "Vacuous without: 22 `new.slot = fresh` dropped" in page
    assert "Closest call: with 25 `synchronize_srcu(srcu)` dropped, stale_after_return" in page
    assert "stops in paolo.dsl: update0 must wait at `synchronize_srcu(srcu)`" in page
    assert "not asked: cvc5 (--cross-check)" in page


def test_what_only_a_built_in_property_needs_is_needed(tmp_path: Path) -> None:
    (tmp_path / "freed.dsl").write_text(FREED)
    told = run("review", "freed.dsl", "--no-cases", "--format", "human", cwd=tmp_path).stdout
    parts = told[told.index("Needed:") : told.index("Also excluded:")]
    lacks, spare = parts.split("Not needed:")
    assert "synchronize_rcu() dropped: refuted" in " ".join(lacks.split()).replace("`", "")
    assert "refuted for use_after_free in 9 steps" in " ".join(lacks.split())
    assert "synchronize_rcu()" not in spare


def test_cases_and_what_was_not_asked_are_told(document: str) -> None:
    assert document.count("CASES ") == 2
    assert "Not asked:  needed: no property that it states is proved" in document


def test_what_a_file_changes_about_the_one_before_it_is_told(document: str) -> None:
    told = " ".join(document[document.index("DIFF original.dsl -> paolo.dsl") :].split())
    assert "stale_after_return REFUTED -> PROVED mended" in told
    assert "+ new 33 page_fault if (gen % 2 == 0)" in told
    assert "The old run of stale_after_return" in told
    assert "smtmodel diff original.dsl paolo.dsl" in told


FAMILY = """\
protocol family
variant after
variant before
variant mutant
shared a = 0
thread t { not in before: a = 1  in before: a = 2  in mutant: a = 3 }
never bad: a > 1 always
bounds t 1
"""


def test_a_variant_is_compared_with_the_first_of_its_text(tmp_path: Path) -> None:
    (tmp_path / "family.dsl").write_text(FAMILY)
    told = run("review", str(tmp_path / "family.dsl"), "--no-needed", "--no-cases").stdout
    pairs = re.findall(r"DIFF\W+(family\.dsl:\w+)\W+->\W+(family\.dsl:\w+)", told)
    assert pairs == [
        ("family.dsl:after", "family.dsl:before"),
        ("family.dsl:after", "family.dsl:mutant"),
    ]


def test_files_that_are_no_versions_of_each_other_are_not_compared() -> None:
    names = [str(PROTOCOLS / one) for one in ("seqcount/g1.dsl:seqcount", "rcu/g3.dsl:kfree_rcu")]
    told = run("review", *names, "--no-needed", "--no-cases", "--model", "sc").stdout
    assert "DIFF" not in told


def test_the_model_and_what_it_claims_are_in_the_document(written: dict[str, str]) -> None:
    line = (
        "never stale_after_return: mmio.slot != slots.slot when mmio.generation == slots.generation"
    )
    for form in ("markdown", "email", "human"):
        told = " ".join(written[form].split())
        assert told.count(line) >= 2, form
        assert "26 new.generation = new.generation + 1" in told, form


def test_every_command_of_the_document_runs(document: str) -> None:
    commands = re.findall(r"^ {7}smtmodel ((?:prove|cases|needed|replay) .*)$", document, re.M)
    assert {one.split()[0] for one in commands} == {"prove", "cases", "needed", "replay"}
    for one in commands:
        if one.startswith(("replay", "cases")):
            assert run(*one.split(), "--width", "100").returncode in (0, 10), one


def test_json_keeps_to_the_schema_and_says_the_same(written: dict[str, str]) -> None:
    made = json.loads(written["json"])
    jsonschema.validate(made, json.loads(schema_text()))
    review, *others = made["analyses"]
    assert [one["kind"] for one in others] == ["cases", "diff", "cases", "needed"]
    names = [(one["file"]["name"], one["outcomes"]) for one in review["files"]]
    assert names == [("original.dsl", [0]), ("paolo.dsl", [1])]
    calls = {one["name"]: one for one in review["files"][1]["closest"]}
    call = calls["stale_after_return"]
    assert (call["line"], call["steps"], call["made"]) == (25, 10, 8)
    assert run(*call["replay"][1:]).returncode == 0


def test_markdown_is_the_default(written: dict[str, str]) -> None:
    assert written["told"] == written["markdown"]


def test_the_quiet_answer_is_the_results() -> None:
    told = run("review", "paolo.dsl", *SMALL, "--no-cases", "--no-needed", "-q").stdout
    assert told.count("**PROVED**") == 4
    assert "REVIEW" not in told


def test_the_page_is_one_file(written: dict[str, str]) -> None:
    page = written["html"]
    assert len(page) < 150_000
    assert "http:" not in page.replace("http-equiv", "")
    assert page.count("<article") == 2
    assert '<th scope="col">[1]</th>' in page


def test_the_mail_survives(tmp_path: Path) -> None:
    (tmp_path / "hostile.dsl").write_text(HOSTILE)
    done = run("review", "hostile.dsl", "--format", "email", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert all(line.startswith("  ") for line in lines[1:] if line)
    assert all(len(line) <= 68 and line.isascii() for line in lines)
    assert "Signed-off-by:" not in done.stdout


def test_words_of_the_author_are_no_markup(tmp_path: Path) -> None:
    (tmp_path / "hostile.dsl").write_text(HOSTILE)
    out = f"html={tmp_path / 'x.html'}"
    told = run("review", "hostile.dsl", "--out", out, cwd=tmp_path).stdout
    fences = re.sub(r"^```.*?^```$", "", told, flags=re.M | re.S)
    bare = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", fences)
    assert not re.search(r"[<\[@*_]", re.sub(r"\*\*[\w -]+:?\*\*", "", bare)), bare
    page = (tmp_path / "x.html").read_text()
    assert page.count("<script") == 1
    assert "<b>" not in page.replace("<b></b>", "")


def test_fields_of_the_header() -> None:
    text = Text("x", HOSTILE)
    assert field(text, "Source") == "somewhere.c, in v1.2"
    assert field(text, "Patch").startswith("<x|y@z>")
    assert field(text, "Link") == ""
    assert field(Text("x", "protocol p\n// Source: no\n"), "Source") == ""
    assert field(Text("x", "// Source: a\n// b.\n// Patch: <m@n>\n"), "Source") == "a b"


def test_what_is_left_out_is_said() -> None:
    told = run("review", "xiao.dsl", *SMALL, "--no-cases", "--no-needed", "--format", "human")
    assert "Not asked:  cases (--no-cases); needed (--no-needed)" in told.stdout
    assert "CASES" not in told.stdout
    assert "smtmodel review xiao.dsl --model sc --updates 1 --faults 1" in told.stdout


def test_one_that_cannot_be_read_is_named_on_top_and_the_rest_is_reviewed(tmp_path: Path) -> None:
    (tmp_path / "broken.dsl").write_text("protocol broken\nshared = 1\n")
    names = ("broken.dsl", "paolo.dsl", "nowhere.dsl")
    saved = tmp_path / "review.json"
    asked = ("review", *names, *SMALL, "--no-needed", "--out", f"json={saved}", "--format")
    for form in ("markdown", "email", "html", "human"):
        done = run(*asked, form, cwd=tmp_path)
        assert done.returncode == 2
        told = " ".join(done.stdout.split())
        before, _, after = told.partition("Not reviewed:")
        assert "REVIEW" in before or form == "html"
        assert "broken.dsl, line 2: unexpected" in after
        assert "no such file: nowhere.dsl" in after
        assert "stale_after_return" in after
        again = run("show", str(saved), "--format", form)
        assert again.stdout == done.stdout
        assert again.returncode == 2
    done = run("review", "broken.dsl", "nowhere.dsl", cwd=tmp_path)
    assert done.returncode == 2
    assert "REVIEW" not in done.stdout


def test_what_is_unknown_is_not_said_to_be_unexpected() -> None:
    told = processes.run(
        "review", "paolo.dsl", "--timeout", "1", "--format", "human", clock="ticking"
    ).stdout
    assert "UNKNOWN" in told
    assert "Not as its file expects" not in told


@long
def test_the_same_bytes_whatever_the_seeds() -> None:
    arguments = ("review", "xiao.dsl", *SMALL, "--only", "stale_after_return")
    told = {
        normal(processes.run(*arguments, "--seed", seed, PYTHONHASHSEED=seed).stdout)
        for seed in ("1", "7")
    }
    assert len(told) == 1


def test_a_time_limit_gives_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "freed.dsl").write_text(FREED)
    (tmp_path / "hostile.dsl").write_text(HOSTILE)
    words = ("review", "freed.dsl", "hostile.dsl", "--timeout", "2", "--needed")
    done = processes.run(*words, cwd=tmp_path, clock="questions")
    assert done.returncode == 124
    assert "# REVIEW of 2 protocols" in done.stdout
    assert "time limit of 2 s was reached" in done.stdout
    # Answers may come so many at once that the clock has passed ten when it is looked at.
    assert all(line.endswith("questions") for line in done.stderr.splitlines())


def test_an_interrupt_gives_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "freed.dsl").write_text(FREED)
    process = processes.run("review", "freed.dsl", "--needed", cwd=tmp_path, clock="interrupting")
    assert process.returncode == 130, process.stderr
    assert "# REVIEW of 1 protocol" in process.stdout
    assert "interrupted" in process.stdout
