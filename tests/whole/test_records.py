"""What looks into records does not pass over what it cannot look into."""

from collections.abc import Callable

import pytest

from smtmodel.source.record import parts, record, rewritten


@record
class _Leaf:
    number: int


@record
class _Pair:
    leaves: tuple[_Leaf, ...]


def _rewritten(item: object) -> object:
    return rewritten(item, lambda part: _Leaf(0) if isinstance(part, _Leaf) else None)


def test_records_are_found_in_records_and_tuples() -> None:
    pair = _Pair((_Leaf(1), _Leaf(2)))
    assert list(parts((pair, _Leaf(3)))) == [pair, _Leaf(1), _Leaf(2), _Leaf(3)]
    assert _rewritten((pair,)) == (_Pair((_Leaf(0), _Leaf(0))),)


@pytest.mark.parametrize("look", [lambda item: list(parts(item)), _rewritten])
@pytest.mark.parametrize("item", [[_Leaf(1)], {_Leaf(1)}, {1: _Leaf(1)}, iter((_Leaf(1),))])
def test_what_is_no_tuple_is_refused(look: Callable[[object], object], item: object) -> None:
    with pytest.raises(TypeError, match="in tuples, not in a"):
        look(item)
