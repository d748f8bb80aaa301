"""The page of changes names this version and every command, and goes where the source goes."""

import tomllib

from smtmodel import __version__
from smtmodel.cli import MODULES
from tests.support.processes import ROOT

PAGE = (ROOT / "CHANGELOG.md").read_text()


def test_the_newest_version_is_this_one() -> None:
    first = next(line for line in PAGE.splitlines() if line.startswith("## "))
    assert first.split()[1] == __version__


def test_every_command_is_named() -> None:
    assert [name for name in MODULES if f"`{name}`" not in PAGE] == []


def test_the_readme_names_it_and_the_source_archive_has_it() -> None:
    assert "](CHANGELOG.md)" in (ROOT / "README.md").read_text()
    build = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]
    assert "/*.md" in build["targets"]["sdist"]["include"]
