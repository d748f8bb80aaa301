"""`--promote`: golden files and console blocks take what the program says now."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--promote", action="store_true", help="rewrite golden files and consoles")


@pytest.fixture
def promote(request: pytest.FixtureRequest) -> bool:
    """Whether what is expected is to become what is found."""
    return bool(request.config.getoption("--promote"))
