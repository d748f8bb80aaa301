"""Ghost values are read by asserts, assumptions and other ghosts only."""

import pytest

from tests.support.front import block, codes


@pytest.mark.parametrize(
    "steps",
    [
        "g = settled(x)\nassert g <= x",
        "g = settled(p->data)\nassume g == 0",
        "g = settled(x)\nh = g + 1\nassert h > g",
        "g = settled(w.gen)\nassert g == 0",
    ],
)
def test_read_by_the_proof(steps: str) -> None:
    assert codes(block(steps)) == []


@pytest.mark.parametrize(
    "steps",
    [
        "g = settled(x)\ny = g",
        "g = settled(x)\nif (g == 0) { x = 1 }",
        "g = settled(x)\nh = g\nk = h\na[k] = 1",
        "g = settled(x)\nWRITE_ONCE(y, g)",
        "g = settled(x)\nretry 2 { x++ } until (x > g)",
        "y = settled(x)",
    ],
)
def test_read_by_the_protocol(steps: str) -> None:
    assert codes(block(steps)) == ["E404"]


def test_settled_is_a_whole_right_side_about_shared_memory() -> None:
    assert codes(block("g = settled(x) + 1\nassert g == 1")) == ["E312"]
    assert codes(block("b = x\ng = settled(b)\nassert g == 1")) == ["E701"]
