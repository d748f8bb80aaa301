"""Several variants in one text: each is what it would be in a text of its own."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smtmodel.analysis.comparison import corresponding
from smtmodel.commands.expectations import models_of, wanted
from smtmodel.language import ast
from smtmodel.language.codes import TABLE
from smtmodel.language.flatten import flat
from smtmodel.language.meanings import Meaning, meanings
from smtmodel.language.parse import derivation
from smtmodel.language.selection import select
from smtmodel.source import Text
from smtmodel.source.tree import Node
from smtmodel.verdict import Status
from tests.support import examples, texts
from tests.support.front import form
from tests.support.program import run

ROOT = Path(__file__).parents[2]
FAMILIES = ROOT / "tests" / "families"
SHIPPED = sorted({name.partition(":")[0] for name in examples.SHIPPED if ":" in name})
"""The families that come with the tool."""


def tree(content: str) -> Node:
    found = derivation(Text("test", content))
    assert isinstance(found, Node), found
    return found


def meant(text: Text) -> dict[str, Meaning]:
    """What each variant means; nothing may be wrong with them."""
    found = meanings(text)
    assert all(isinstance(one, Meaning) for one in found), found
    return {one.variant: one for one in found if isinstance(one, Meaning)}


def family(name: str) -> Text:
    return Text(name, (FAMILIES / f"{name}.dsl").read_text(encoding="utf-8"))


def by_itself(root: Node) -> tuple[Node, ...]:
    """The items without what is expected, which lines nearer to a variant may change."""
    return tuple(one for one in root.nodes() if one.rule != "expect")


# ---------------------------------------------------------------- selecting


@settings(max_examples=60)
@given(st.integers(0, 10**9))
def test_each_variant_is_what_it_would_be_by_itself(seed: int) -> None:
    whole, alone = texts.family(seed)
    root = tree(whole)
    for name, content in alone.items():
        assert by_itself(select(root, name)) == by_itself(tree(content))


@settings(max_examples=60)
@given(st.integers(0, 10**9))
def test_the_form_keeps_all_branches_and_comments(seed: int) -> None:
    whole, _ = texts.family(seed)
    made = form(Text("test", whole))
    assert tree(made) == tree(whole)
    assert form(Text("test", made)) == made
    assert sorted(_comments(made)) == sorted(_comments(whole))


def _comments(content: str) -> list[str]:
    from smtmodel.language.layout import tokens_of

    return [one.text for one in tokens_of(Text("test", content)) if one.comment]


@pytest.mark.parametrize("file", SHIPPED)
def test_the_text_of_a_variant_says_what_the_variant_says(file: str) -> None:
    every = examples.meant(file)
    named = [name for name in examples.SHIPPED if name.startswith(f"{file}:")]
    assert [f"{file}:{variant}" for variant in every] == named
    for variant, one in every.items():
        made = Text("flat", flat(one.checked.text, one))
        assert "variant" not in made.content
        assert form(made) == made.content
        alone = meant(made)[""]
        assert alone.parsed == one.parsed, variant
        assert alone.checked == one.checked, variant


def test_the_comment_above_a_variant_goes_with_it() -> None:
    head = "// of the file\n\nprotocol p\n\n// of a,\n// two lines\nvariant a\n// of b\nvariant b\n"
    text = Text("test", head + RANKS.split("variant b\n")[1].replace("variant c = b", "variant c"))
    kept = {name: _comments(flat(text, one)) for name, one in meant(text).items()}
    assert kept == {
        "a": ["// of the file", "// of a,", "// two lines"],
        "b": ["// of the file", "// of b"],
        "c": ["// of the file"],
    }


# ---------------------------------------------------------------- what is expected


RANKS = """\
protocol p
variant a
variant b
variant c = b
shared x = 0
thread t {
    y = x
    in a: x = y + 1
    in b: x = y + 2
    in c: x = y + 3
}
never n: x == 99 always
bounds t 2
"""


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (("n proved",), {"a": "proved", "b": "proved", "c": "proved"}),
        (
            ("n proved", "n refuted for b"),
            {"a": "proved", "b": "refuted", "c": "refuted"},
        ),
        (
            ("n proved for c", "n refuted for b", "n vacuous"),
            {"a": "vacuous", "b": "refuted", "c": "proved"},
        ),
        (
            ("n proved", "n refuted for b under tso"),
            {"a": "proved", "b": "proved, tso refuted", "c": "proved, tso refuted"},
        ),
        (
            ("n proved for b", "n refuted under tso"),
            {"a": "proved, tso refuted", "b": "proved, tso proved", "c": "proved, tso proved"},
        ),
        (
            ("n proved for c", "n refuted for b under tso", "n proved"),
            {"a": "proved", "b": "proved, tso refuted", "c": "proved, tso proved"},
        ),
        (
            ("n proved under tso", "n proved for any number for b", "n refuted for c"),
            {"b": "proved for any number, tso proved", "c": "refuted, tso refuted"},
        ),
        (("n proved for any number",), dict.fromkeys("abc", "proved for any number")),
        (
            ("n proved for any number", "n proved for b"),
            {"a": "proved for any number", "b": "proved", "c": "proved"},
        ),
    ],
)
def test_the_nearest_line_decides(lines: tuple[str, ...], told: dict[str, str]) -> None:
    content = RANKS + "".join(f"expect {one}\n" for one in lines)
    found = meant(Text("test", content))
    for name in told:
        one = found[name].checked
        verdicts = {model: wanted(one, "n", model).text.lower() for model in models_of(one)}
        said = ", ".join(f"{model} {verdict}" for model, verdict in verdicts.items())
        assert said.removeprefix("sc ") == told[name], name


def test_what_is_expected_for_any_number_stays_so_in_a_text_of_its_own() -> None:
    content = RANKS + "expect n proved for any number for b\nexpect n proved\n"
    text = Text("test", content)
    lines = {name: flat(text, one).splitlines()[-1] for name, one in meant(text).items()}
    assert lines == {
        "a": "expect n proved",
        "b": "expect n proved for any number",
        "c": "expect n proved for any number",
    }


def test_what_is_used_in_one_variant_is_used() -> None:
    content = RANKS.replace("shared x", "const N = 3\nshared x").replace("= y + 3", "= y + N")
    found = meant(
        Text("test", content.replace("    in a:", "    z = x\n    in a: assert z < 9\n    in a:"))
    )
    assert [one.checked.excused == () for one in found.values()] == [False, False, False]
    wrong = meanings(Text("test", content.replace("    in a:", "    z = x\n    in a:")))
    assert [one.code.name for one in wrong if not isinstance(one, Meaning)] == ["E402"]


def test_an_expectation_counts_where_its_property_is() -> None:
    content = RANKS + "in a: never m: x == 98 always\nexpect n proved\nexpect m proved\n"
    found = meant(Text("test", content))
    names = {name: [e.name for e in one.checked.expectations] for name, one in found.items()}
    assert names == {"a": ["n", "m"], "b": ["n"], "c": ["n"]}
    assert [e.name for e in found["b"].parsed.items if isinstance(e, ast.Expect)] == ["n"]


def test_what_is_wrong_in_some_variants_is_said_once() -> None:
    content = RANKS.replace("in b: x", "in b: q").replace("in a: x = y", "in a: x = w")
    wrong = [one for one in meanings(Text("test", content)) if not isinstance(one, Meaning)]
    assert [one.message for one in wrong] == [
        "unknown name `w`, in `a`",
        "`q` is assigned but never read, in `b`, `c`",
    ]


# ---------------------------------------------------------------- the page


def test_the_example_of_the_page_is_the_family_of_these_tests() -> None:
    page = (ROOT / "docs" / "families.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"^```dsl\n(.*?)^```$", page, re.M | re.S)
    assert example == family("pair").content
    assert form(family("pair")) == example
    assert set(re.findall(r"\bE\d{3}\b", page)) <= {code.name for code in TABLE}
    prose = re.sub(r"^```.*?^```$", "", page, flags=re.M | re.S)
    assert max(map(len, prose.splitlines())) <= 100


# ---------------------------------------------------------------- commands


def told(*words: str, cwd: Path = ROOT, given: str | None = None) -> tuple[int, str]:
    process = run(*words, cwd=cwd, given=given)
    return process.returncode, process.stdout + process.stderr


PAIR = str(FAMILIES / "pair.dsl")


def test_a_variant_is_named_behind_the_file() -> None:
    only = ("-q", "--bounded", "--only", "same")
    for words in ((PAIR,), (PAIR, "--variant", "after")):
        status, said = told("prove", *words, *only)
        assert status == Status.GOOD
        assert said.startswith("Result pair.dsl:after same PROVED ")
    status, said = told("prove", PAIR, "--variant", "all", *only)
    assert status == Status.REFUTED
    assert re.findall(r"Result pair.dsl:(\w+) same", said) == [
        *("after", "before", "raised_once", "no_retry", "neither")
    ]


def test_an_unknown_variant_is_refused() -> None:
    status, said = told("prove", f"{PAIR}:befor")
    assert status == Status.BAD_INPUT
    assert "has no variant `befor`; did you mean `before`?" in said
    flat_file = str(ROOT / "protocols" / "paolo.dsl")
    status, said = told("prove", f"{flat_file}:before")
    assert status == Status.BAD_INPUT
    assert "has no variants" in said


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("k8:befor", "k8 has no variant `befor`; did you mean `before`?"),
        ("single-dereferenc:x", "did you mean `single-dereference.dsl:x`?"),
        ("paolo:x", "paolo has no variants"),
    ],
)
def test_a_variant_of_a_shipped_protocol_has_a_name(name: str, meant: str) -> None:
    status, said = told("prove", "g1:raised_once", "--only", "not_older", "--bounded", "-q")
    assert status == Status.GOOD
    assert said.startswith("Result g1:raised_once not_older PROVED ")
    status, said = told("prove", name)
    assert status == Status.BAD_INPUT
    assert meant in said


LACKING = [
    ("prove", "--variant", "all", "--bounded", "-q"),
    ("needed", "--variant", "all", "--updates", "1", "-q"),
    ("check",),
    ("review", "--no-needed", "--no-cases", "--bounded", "--updates", "1", "--model", "sc"),
]
"""What is asked about all variants."""


@pytest.mark.parametrize("words", LACKING, ids=[words[0] for words in LACKING])
def test_variants_without_a_property_are_left_out(words: tuple[str, ...]) -> None:
    command, *options = words
    status, said = told(command, PAIR, *options, "--only", "odd")
    assert status == Status.GOOD
    assert re.search("pair.dsl:before`? left out: no `odd` there", said)
    assert set(re.findall(r"pair.dsl:([a-z_]+)", said)) == {
        *("after", "before", "raised_once", "no_retry", "neither")
    }
    status, said = told(command, PAIR, *options, "--only", "even")
    assert status == Status.BAD_INPUT
    assert f"no variant of {PAIR} has a property `even`; it has same, odd, reads_new" in said


def test_one_variant_is_checked_or_reviewed() -> None:
    only = ("--only", "same")
    for words in ((f"{PAIR}:before",), (PAIR, "--variant", "before")):
        _, said = told("check", *words, *only, "-q")
        assert set(re.findall(r"pair.dsl:([a-z_]+)", said)) == {"before"}
    _, said = told("check", PAIR, "--variant", "all", *only, "-q")
    assert set(re.findall(r"pair.dsl:([a-z_]+)", said)) == set(meant(family("pair")))
    short = ("--no-needed", "--no-cases", "--updates", "1", "--model", "sc")
    _, said = told("review", PAIR, "--variant", "before", *short)
    assert re.findall(r"^## `\[\d\]` `pair.dsl:(\w+)`", said, re.M) == ["before"]


def test_a_variant_is_no_file() -> None:
    status, said = told("fmt", f"{PAIR}:before")
    assert status == Status.BAD_INPUT
    assert f"`before` may be a variant of {PAIR}, which is the file" in said


def test_check_leaves_out_files_without_a_property(tmp_path: Path) -> None:
    (tmp_path / "ranks.dsl").write_text(RANKS + "expect n proved\n")
    (tmp_path / "pair.dsl").write_text(family("pair").content)
    status, said = told("check", str(tmp_path), "--only", "odd")
    assert status == Status.GOOD
    assert "pair.dsl:after: proved odd\n" in said
    assert said.endswith("2 files: 8 of 8 expectations met; 1 without odd\n")
    status, said = told("check", str(tmp_path), "--only", "even")
    assert status == Status.BAD_INPUT
    assert said.count("has a property `even`") == 2


def test_two_variants_are_compared_by_their_names() -> None:
    only = ("--only", "same", "--updates", "1")
    asked = [
        ("diff", PAIR, "--variant", "before", "no_retry", *only),
        ("diff", f"{PAIR}:before", f"{PAIR}:no_retry", *only),
    ]
    texts = [re.sub(r"\d\.\d\ds", "", told(*words)[1]) for words in asked]
    assert texts[0] == texts[1]
    assert texts[0].startswith("DIFF pair.dsl:before -> pair.dsl:no_retry")
    status, said = told("diff", PAIR, PAIR, "--variant", "before", "after")
    assert status == Status.BAD_INPUT
    assert "takes one file" in said


def test_a_file_of_the_whole_name_goes_first(tmp_path: Path) -> None:
    (tmp_path / "pair.dsl").write_text(family("pair").content)
    other = RANKS.replace("variant c = b\n", "").replace("in c", "in b")
    (tmp_path / "pair.dsl:before").write_text(other)
    _, said = told("select", "pair.dsl:before", cwd=tmp_path)
    assert said.startswith("protocol p\n")


def test_the_replay_line_runs_the_variant() -> None:
    _, said = told("prove", f"{PAIR}:before", "--only", "same")
    line = next(one for one in said.splitlines() if "Replay:" in one)
    words = line.split()[2:]
    assert words[1] == f"{PAIR}:before"
    status, said = told(*words)
    assert status == Status.REFUTED
    assert "pair.dsl:before" in said


def test_a_variant_of_standard_input_is_named_by_the_option() -> None:
    given = family("pair").content
    _, said = told("prove", "-", "--variant", "before", "--only", "same", given=given)
    words = next(one for one in said.splitlines() if "Replay:" in one).split()[2:]
    status, said = told(*words, given=given)
    assert status == Status.REFUTED
    assert "-:before" in said
    status, said = told("prove", "-", "--variant", "all", given=given)
    assert status == Status.BAD_INPUT
    assert "standard input is read once" in said


def test_places_are_those_of_the_file() -> None:
    _, said = told("prove", f"{PAIR}:before", "--only", "same", "--format", "gcc")
    assert re.match(rf"{re.escape(PAIR)}:\d+:\d+: error: REFUTED in before: ", said)
    _, said = told("prove", f"{PAIR}:before", "--only", "same", "--format", "github")
    assert said.startswith(f"::error file={PAIR.removeprefix('./')},line=")
    _, said = told("prove", f"{PAIR}:before", "--only", "same", "--format", "sarif")
    (result,) = json.loads(said)["runs"][0]["results"]
    assert result["message"]["text"].startswith("same: REFUTED in before: ")
    (place,) = result["locations"]
    assert place["physicalLocation"]["artifactLocation"]["uri"].endswith("families/pair.dsl")
    assert place["logicalLocations"][0]["fullyQualifiedName"] == "pair.before.same"


def test_a_saved_result_knows_its_variant(tmp_path: Path) -> None:
    saved = tmp_path / "saved.json"
    for words in (
        ("prove", f"{PAIR}:before", "--only", "same"),
        ("diff", f"{PAIR}:before", f"{PAIR}:no_retry", "--only", "same"),
        ("cases", "k8:second_cycle", "--updates", "1", "--faults", "1"),
        ("needed", PAIR, "--variant", "all", "--only", "odd", "--updates", "1"),
    ):
        process = run(*words, "--out", f"json={saved}")
        assert re.search(r"(\.dsl|k8):\w+", process.stdout)
        again = run("show", str(saved))
        assert (again.returncode, again.stdout) == (process.returncode, process.stdout)


@pytest.mark.parametrize(("form", "between"), [("human", "\n"), ("markdown", "\n\n")])
def test_what_is_said_of_each_variant_stays_on_lines_of_its_own(
    form: str, between: str, tmp_path: Path
) -> None:
    saved = tmp_path / "saved.json"
    process = run("check", PAIR, "--format", form, "--out", f"json={saved}")
    said = process.stdout
    assert process.returncode == Status.GOOD
    ending = ("pair.dsl:neither: refuted same", "1 file: 28 of 28 expectations met\n")
    assert said.endswith(between.join(ending))
    again = run("show", str(saved), "--format", form)
    assert (again.returncode, again.stdout) == (Status.GOOD, said)


def test_a_review_has_a_chapter_for_each_variant_and_the_text_once() -> None:
    short = ("--no-needed", "--no-cases", "--updates", "1", "--model", "sc")
    status, said = told("review", PAIR, *short)
    assert status == Status.REFUTED
    assert re.findall(r"^## `\[\d\]` `pair.dsl:(\w+)`", said, re.M) == [
        *("after", "before", "raised_once", "no_retry", "neither")
    ]
    assert said.count("reach reads_new: reader[0].x != 0 finally\n") == 1
    assert f"smtmodel diff {PAIR}:after {PAIR}:before" in said
    status, said = told("review", f"{PAIR}:before", *short)
    assert re.findall(r"^## `\[\d\]` `pair.dsl:(\w+)`", said, re.M) == ["before"]


def test_a_mutant_of_a_variant_may_leave_unread_what_the_variant_leaves_unread(
    tmp_path: Path,
) -> None:
    """What only another variant reads is not taken for a mistake of the mutants."""
    content = RANKS.replace("    in a:", "    z = x\n    in b: assert z < 9\n    in a:", 1)
    path = tmp_path / "unread.dsl"
    path.write_text(content)
    status, said = told("needed", f"{path}:a", "--only", "n", "-v")
    assert status == Status.GOOD
    assert re.search(r"8 +z = x +dropped$", said, re.M)
    assert re.search(r"10 +x = y \+ 1 +dropped, and with it 7$", said, re.M)


def test_steps_at_one_place_correspond() -> None:
    found = meant(family("pair"))
    old, new = found["raised_once"].checked, found["after"].checked
    steps = corresponding(old, new)
    changed = [(one.old and one.old.text, one.new and one.new.text) for one in steps.changed]
    assert changed == [
        (None, "seq++"),
        (None, "smp_wmb()"),
        ("seq += 2", "seq++"),
    ]
