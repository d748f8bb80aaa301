"""The command `litmus`: what it prints, its exit status, and what it refuses."""

import json
from pathlib import Path

import pytest

from tests.support.processes import ROOT
from tests.support.program import run

TESTS = ROOT / "docs" / "litmus"


def test_herd7s_lines() -> None:
    process = run("litmus", str(TESTS / "MP.litmus"))
    assert process.returncode == 0
    assert process.stdout.splitlines() == [
        "Test MP Allowed",
        "Ok",
        "Witnesses",
        "Positive: 1 Negative: 1",
        "Condition exists (1:seen=1 /\\ 1:value=0)",
        "Observation MP Sometimes 1 1",
        "",
    ]


def test_a_folder_stands_for_its_tests_and_all_are_as_they_say() -> None:
    process = run("litmus", "--judge", "--cross-check", str(TESTS))
    assert process.returncode == 0
    names = [line.split()[1] for line in process.stdout.splitlines() if line.startswith("Test")]
    assert names == ["MP+plain", "MP+release+acquire", "MP", "SB+rcu"]
    assert process.stdout.count(": as observed") == 4


THROUGH_ITSELF = """C itself

{{}}

P0(int *x, int *y)
{{
	int r0 = READ_ONCE(*x);

	if (r0 == 1)
		WRITE_ONCE(*y, r0 - r0 + 1);
}}

P1(int *x, int *y)
{{
	int r0 = {}(*y);

	WRITE_ONCE(*x, r0);
}}

exists (0:r0=1 /\\ 1:r0=1)
"""


def test_cross_check_cannot_tell_of_values_that_come_about_through_themselves(
    tmp_path: Path,
) -> None:
    path = tmp_path / "itself.litmus"
    path.write_text(THROUGH_ITSELF.format(""))
    process = run("litmus", "--cross-check", str(path))
    assert process.returncode == 5
    assert "themselves" in process.stdout
    assert "bug" not in process.stderr
    path.write_text(THROUGH_ITSELF.format("READ_ONCE"))
    assert run("litmus", "--cross-check", str(path)).returncode == 0


WRONG = "C wrong\n\n(*\n * Result: {}\n *)\n\n{{}}\n\nP0(int *x)\n{{\n\t{}\n}}\n\nexists (x=1)\n"


def remarked(tmp_path: Path, remark: str, body: str = "WRITE_ONCE(*x, 1);") -> tuple[int, str]:
    path = tmp_path / "wrong.litmus"
    path.write_text(WRONG.format(remark, body))
    process = run("litmus", "--judge", str(path))
    return process.returncode, process.stdout + process.stderr


def test_a_remark_may_be_contradicted(tmp_path: Path) -> None:
    status, text = remarked(tmp_path, "Never")
    assert status == 10
    assert "Result Never: it is observed Always" in text
    status, text = remarked(tmp_path, "Always DATARACE")
    assert status == 10
    assert "Result Always DATARACE: no data race is found" in text
    assert remarked(tmp_path, "Always")[0] == 0


def test_what_cannot_be_read_is_refused_with_its_line(tmp_path: Path) -> None:
    status, text = remarked(tmp_path, "Never", "while (1) WRITE_ONCE(*x, 1);")
    assert status == 2
    assert "wrong.litmus:11" in text
    assert run("litmus", str(tmp_path / "no.litmus")).returncode == 2


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("bytes.litmus", ("litmus", "bytes.litmus")),
        ("bytes.cat", ("litmus", "--model", "bytes.cat", str(TESTS / "MP.litmus"))),
        ("bytes.def", ("litmus", "--functions", "bytes.def", str(TESTS / "MP.litmus"))),
        ("bytes.smt2", ("check-invariant", "paolo.dsl", "bytes.smt2")),
    ],
)
def test_bytes_that_are_no_text_are_refused_at_their_place(
    name: str, words: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(b"one line\nanother \xff\n")
    process = run(*words, cwd=tmp_path)
    assert process.returncode == 2
    assert "error[E002]: byte 0xff is not UTF-8" in process.stderr
    assert f"--> {name}:2:9\n" in process.stderr


def test_a_folder_without_tests_is_refused(tmp_path: Path) -> None:
    process = run("litmus", str(tmp_path))
    assert process.returncode == 2
    assert "there is no file .litmus below" in process.stderr


def test_one_refusal_does_not_keep_others_from_being_decided(tmp_path: Path) -> None:
    (tmp_path / "bad.litmus").write_text("nothing")
    process = run("litmus", str(tmp_path / "bad.litmus"), str(TESTS / "MP.litmus"))
    assert process.returncode == 2
    assert "Observation MP Sometimes" in process.stdout


def test_axioms_that_forbid() -> None:
    process = run("litmus", "--why", str(TESTS))
    lines = [one for one in process.stdout.splitlines() if one.startswith("Forbidden")]
    assert [line.split(":")[0] for line in lines] == [
        "Forbidden by happens-before",
        "Forbidden by rcu",
    ]


def test_what_goes_round_without_the_axiom() -> None:
    process = run("litmus", "--why", str(TESTS / "SB+rcu.litmus"))
    steps = [line.split(": ")[0].strip() for line in process.stdout.splitlines()[-9:]]
    lines = ("15", "23", "24", "25", "14", "16", "13")
    assert [one.rpartition(" ")[2] for one in steps if one.startswith("P")] == list(lines)


def test_answers_for_programs() -> None:
    process = run("litmus", "--why", "--judge", "--format", "json", str(TESTS))
    found = {one["name"]: one for one in json.loads(process.stdout)["tests"]}
    assert [one["frequency"] for one in found.values()] == [
        "Sometimes",
        "Never",
        "Sometimes",
        "Never",
    ]
    assert found["MP"]["holding"] == [{"1:seen": "1", "1:value": "0"}]
    assert found["MP+plain"]["flags"] == ["data-race"]
    assert found["MP+plain"]["remark"] == "Never DATARACE: as observed"
    (forbidden,) = found["MP+release+acquire"]["forbidden"]
    assert [one["relation"] for one in forbidden["cycle"]] == ["acq-po", "fr", "po-rel", "rf"]


def test_answers_as_pages() -> None:
    process = run("litmus", "--why", "--states", "--format", "markdown", str(TESTS))
    assert process.stdout.count("### ") == 4
    assert "| P1, line 21: `R[once]` `data=0` | fr | the next overwrites" in process.stdout


@pytest.mark.parametrize(
    ("form", "why"), [("sarif", "no line of a test"), ("tex", "there are herd,")]
)
def test_other_formats_are_refused_with_the_reason(form: str, why: str) -> None:
    process = run("litmus", "--format", form, str(TESTS))
    assert process.returncode == 2
    assert f"`--format {form}` is not for litmus tests: {why}" in process.stderr


def test_sequential_consistency() -> None:
    process = run("litmus", "--model", "sc", "--why", str(TESTS / "MP.litmus"))
    assert "Observation MP Never 0 1" in process.stdout
    assert "Forbidden by sc: all lanes' events lie in one order" in process.stdout


def test_what_no_axiom_is_needed_for(tmp_path: Path) -> None:
    path = tmp_path / "coherent.litmus"
    path.write_text(WRONG.format("Never", "WRITE_ONCE(*x, 1);").replace("exists", "forall"))
    process = run("litmus", "--why", str(path))
    assert "Forbidden by coherence of each location, or by what lanes do" in process.stdout


UNIPROC = "acyclic (po & loc) | rf | co | fr as uniproc\n"


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("tso", "is known to be in the set `Locked`"),
        ("power", "a memory model is one of sc, tso, lkmm"),
        ("acyclic po | rf as some\n", "no axiom says that the accesses to one location"),
        (UNIPROC + "empty [L];po;[A] as some\n", "is known to be in the set"),
    ],
)
def test_models_that_are_refused(tmp_path: Path, model: str, said: str) -> None:
    name = model
    if "\n" in model:
        name = str(tmp_path / "model.cat")
        Path(name).write_text(f'"a model"\n{model}')
    process = run("litmus", "--model", name, str(TESTS / "MP.litmus"))
    assert process.returncode == 2
    assert said in process.stderr


def test_a_model_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "weak.cat"
    path.write_text(f'"coherence only"\n{UNIPROC}')
    process = run("litmus", "--model", str(path), str(TESTS / "MP+release+acquire.litmus"))
    assert "Observation MP+release+acquire Sometimes 1 1" in process.stdout
