"""Where things lie: tests as the package does, what they share and the tools apart."""

from tests.support.processes import ROOT

PACKAGE, TESTS = ROOT / "smtmodel", ROOT / "tests"
BESIDES = {
    "docs": "README.md and docs/",
    "whole": "what spans several packages",
}
"""The folders of tests that are named like no package."""


def _folders() -> set[str]:
    """The folders that have tests, below `tests/`."""
    return {path.parent.relative_to(TESTS).as_posix() for path in TESTS.rglob("test_*.py")}


def test_every_folder_of_tests_is_a_package_or_one_of_a_few() -> None:
    packages = {path.parent.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py")}
    assert _folders() - packages == set(BESIDES)


def test_what_tests_share_is_apart_from_them() -> None:
    shared = {path for path in TESTS.rglob("*.py") if not path.name.startswith("test_")}
    assert {path.parent for path in shared - {TESTS / "conftest.py"}} == {TESTS / "support"}
    assert "support" not in _folders()


def test_every_tool_is_named_for_contributors() -> None:
    told = (ROOT / "CONTRIBUTING.md").read_text()
    tools = [path.name for path in (ROOT / "tools").glob("*.py")]
    assert tools
    assert [name for name in tools if f"| `{name}` |" not in told] == []
