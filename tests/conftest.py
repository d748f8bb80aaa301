"""`--promote`: golden files and console blocks take what the program says now.
`--screenshots`: those in docs are made anew. Hypothesis does not look at the clock."""

import gc

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")
gc.set_threshold(100_000)  # as the program does: items of tests are many objects, and no garbage


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--promote", action="store_true", help="rewrite golden files and consoles")
    parser.addoption("--screenshots", action="store_true", help="make the screenshots in docs")


@pytest.fixture
def promote(request: pytest.FixtureRequest) -> bool:
    """Whether what is expected is to become what is found."""
    return bool(request.config.getoption("--promote"))


@pytest.fixture
def solver_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The explorer gives up before its first state: what the solver does not know nobody does."""
    monkeypatch.setattr("smtmodel.solving.explored.STATES", 0)
    monkeypatch.setattr("smtmodel.solving.explored.NEAR", 0)
