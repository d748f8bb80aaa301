"""The wheel, installed by itself and run from another folder."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from smtmodel import __version__
from tests.support.processes import ROOT

pytest.importorskip("hatchling")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with nothing in it but what the wheel holds."""
    folder = tmp_path_factory.mktemp("wheel")
    code = "import sys; from hatchling.build import build_wheel; build_wheel(sys.argv[1])"
    subprocess.run(
        [sys.executable, "-c", code, str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("smtmodel-*.whl")
    assert wheel.name.startswith(f"smtmodel-{__version__}-py3")
    target = folder / "site"
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]  # noqa: RUF005
        + ["--disable-pip-version-check", "--target", str(target), str(wheel)],
        check=True,
    )
    return target


def _run(installed: Path, folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    environment = os.environ | {"PYTHONPATH": str(installed)}
    return subprocess.run(
        [str(installed / "bin" / "smtmodel"), *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env=environment,
    )


def test_it_proves_and_refutes_shipped_protocols_by_name(installed: Path, tmp_path: Path) -> None:
    process = _run(installed, tmp_path, "prove", "paolo.dsl", "-q")
    assert process.returncode == 0, process.stderr
    assert "Result paolo.dsl stale_after_return PROVED" in process.stdout
    assert _run(installed, tmp_path, "prove", "original.dsl", "-q").returncode == 10
    page = _run(installed, tmp_path, "prove", "original.dsl", "--format", "html")
    assert "ArrowRight" in page.stdout
    assert ".drawing" in page.stdout
    assert _run(installed, tmp_path, "prove", "n2:cookie_zero", "-q").returncode == 11


def test_it_is_itself_and_whole(installed: Path, tmp_path: Path) -> None:
    doctor = _run(installed, tmp_path, "doctor")
    assert doctor.returncode == 0, doctor.stdout + doctor.stderr
    assert str(installed) in doctor.stdout
    assert '"Answer"' in _run(installed, tmp_path, "schema").stdout
    assert _run(installed, tmp_path, "explain", "E201").stdout.startswith("E201: unknown name\n")
    assert (installed / "smtmodel" / "grammar" / "protocol.lark").exists()
    assert (installed / "smtmodel" / "grammar" / "prelude.dsl").exists()
    assert (installed / "smtmodel" / "py.typed").exists()


def test_it_holds_no_tests_and_has_the_licence(installed: Path) -> None:
    (wheel,) = installed.parent.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert not [name for name in names if name.startswith(("tests/", "benchmarks/"))]
    assert not [name for name in names if name.endswith(".json")]
    assert [name for name in names if name.endswith("licenses/LICENSE")]


def test_doctor_knows_the_oldest_solver_that_the_package_asks_for() -> None:
    from smtmodel.commands.doctor import TESTED

    assert f'"z3-solver>={TESTED[0]}"' in (ROOT / "pyproject.toml").read_text()
