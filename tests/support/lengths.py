"""What `make test` leaves to `make test-all`: the tests that are marked `long`.

Of every kind of test a few stay: a table that is long keeps some of its rows.
"""

from collections.abc import Collection, Iterable
from typing import Any

import pytest

long = pytest.mark.long


def long_but(short: Collection[Any], everything: Iterable[Any]) -> list[Any]:
    """All of these as parameters of a test, which is long for each that is not in `short`.

    A tuple has the values of several parameters.
    """
    return [one if one in short else _long(one) for one in everything]


def _long(one: Any) -> Any:
    return pytest.param(*(one if isinstance(one, tuple) else (one,)), marks=long)
