"""Frozen records with slots: what `dataclasses` would give, at a fraction of the start-up time.

The standard decorator compiles half a dozen methods for every class, about half a
millisecond each; with some 250 classes that is longer than most proofs here take. These
records share their methods. They compare and hash by their fields in order (fields made with
`field(compare=False)` left out), match by position, pickle, and cannot be assigned to unless
`frozen=False`.
"""

from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform, overload

T = TypeVar("T")

_NOTHING = object()

_VALUES: "dict[type, Callable[[Any], tuple[Any, ...]]]" = {}
"""For each class of records what gives the values of its fields."""


class _Field:
    """How a field differs from the plain case."""

    __slots__ = ("compare", "default", "factory")

    def __init__(self, default: object, factory: object, compare: bool) -> None:
        self.default = default
        self.factory = factory
        self.compare = compare


def field(*, default: Any = _NOTHING, default_factory: Any = _NOTHING, compare: bool = True) -> Any:
    """A field with a default, made anew if by a factory, or left out of comparisons."""
    return _Field(default, default_factory, compare)


@overload
def record(cls: type[T], /) -> type[T]: ...


@overload
def record(
    *, frozen: bool = True, eq: bool = True, order: bool = False
) -> Callable[[type[T]], type[T]]: ...


@dataclass_transform(frozen_default=True, eq_default=True, field_specifiers=(field,))
def record(
    cls: type[T] | None = None, /, *, frozen: bool = True, eq: bool = True, order: bool = False
) -> type[T] | Callable[[type[T]], type[T]]:
    """Makes a record of a class whose annotations are its fields.

    With `eq=False` records are compared by identity; `order` adds `<`.
    """

    def make(plain: type[T]) -> type[T]:
        return _make(plain, frozen=frozen, eq=eq, order=order)

    return make if cls is None else make(cls)


def replace(item: T, **changes: Any) -> T:
    """A copy of a record with some fields changed."""
    names: tuple[str, ...] = item.__record__  # type: ignore[attr-defined]
    values = {name: getattr(item, name) for name in names}
    unknown = changes.keys() - values.keys()
    if unknown:
        raise TypeError(f"no field {', '.join(sorted(unknown))}")
    return type(item)(**(values | changes))


def parts(item: object) -> Iterator[object]:
    """A record and all records inside it, through tuples too, each before those inside it.
    TypeError for what else can be gone through, in which nothing would be found."""
    if not isinstance(item, tuple) and type(item) not in _VALUES:
        _refuse_others(item)
    waiting = [item]
    while waiting:
        one = waiting.pop()
        if isinstance(one, tuple):
            waiting += one[::-1]
        elif (values := _VALUES.get(type(one))) is not None:
            yield one
            waiting += values(one)[::-1]


def rewritten(item: T, instead: Callable[[object], object]) -> T:
    """A record or a tuple with some of the records inside it replaced.

    `instead` gives what stands in the place of a part, or None where the parts of that part are
    to be looked at; what it gives is not looked at again. What does not change stays the same.
    TypeError for what else can be gone through.
    """
    if isinstance(item, tuple):
        made = tuple(_in_place(part, instead) for part in item)
        changed = any(new is not old for new, old in zip(made, item, strict=True))
        return made if changed else item  # type: ignore[return-value]
    names: tuple[str, ...] = getattr(type(item), "__record__", ())
    if not names:
        _refuse_others(item)
    changes: dict[str, Any] = {}
    for name in names:
        old = getattr(item, name)
        new = _in_place(old, instead)
        if new is not old:
            changes[name] = new
    return replace(item, **changes) if changes else item


def _refuse_others(item: object) -> None:
    if isinstance(item, Iterable) and not isinstance(item, str):
        raise TypeError(f"records are looked for in tuples, not in a {type(item).__name__}")


def _in_place(part: Any, instead: Callable[[object], object]) -> Any:
    given = instead(part) if hasattr(type(part), "__record__") else None
    return rewritten(part, instead) if given is None else given


def _make(plain: type[T], *, frozen: bool, eq: bool, order: bool) -> type[T]:
    body = dict(plain.__dict__)
    names = tuple(body.get("__annotations__", ()))
    defaults: dict[str, _Field] = {}
    compared = names
    for name in names:
        if name in body:
            given = body.pop(name)
            known = given if isinstance(given, _Field) else _Field(given, _NOTHING, True)
            if known.default is not _NOTHING or known.factory is not _NOTHING:
                defaults[name] = known
            if not known.compare:
                compared = tuple(other for other in compared if other != name)
    for name in ("__dict__", "__weakref__"):
        body.pop(name, None)
    body |= {
        "__slots__": names,
        "__record__": names,
        "__match_args__": names,
        "__qualname__": plain.__qualname__,
        "__repr__": _repr,
        "__reduce__": _reduce,
    }
    if frozen:
        body |= {"__setattr__": _refuse, "__delattr__": _refuse}
    if eq:
        body |= _comparisons(compared, order=order, hashed=frozen)
    made: Any = type(plain.__name__, plain.__bases__, body)
    slots = made.__dict__
    setters = tuple([slots[name].__set__ for name in names])
    made.__init__ = _initializer(plain.__name__, names, setters, defaults)
    _VALUES[made] = _values(names)
    return made  # type: ignore[no-any-return]


def _initializer(
    title: str,
    names: tuple[str, ...],
    setters: tuple[Callable[[Any, Any], None], ...],
    defaults: dict[str, _Field],
) -> Callable[..., None]:
    """How an instance is given its fields: by position and all of them at once, as a rule."""
    count = len(names)

    def fill(self: Any, values: tuple[Any, ...], named: dict[str, Any]) -> None:
        for put, value in zip(setters, values, strict=False):
            put(self, value)
        given = len(values)
        if given > count:
            raise TypeError(f"{title} takes {count} values, not {given}")
        for index in range(given, count):
            name = names[index]
            if name in named:
                setters[index](self, named.pop(name))
            elif name in defaults:
                known = defaults[name]
                made = known.default if known.factory is _NOTHING else known.factory()  # type: ignore[operator]
                setters[index](self, made)
            else:
                raise TypeError(f"{title} needs a value for {name}")
        if named:
            raise TypeError(f"{title} has no use for {', '.join(named)}")

    def __init__(self: Any, *values: Any, **named: Any) -> None:
        if len(values) == count and not named:
            for put, value in zip(setters, values):  # noqa: B905
                put(self, value)
        else:
            fill(self, values, named)

    return _short(setters, fill) or __init__


def _short(
    setters: tuple[Callable[[Any, Any], None], ...],
    fill: Callable[[Any, tuple[Any, ...], dict[str, Any]], None],
) -> Callable[..., None] | None:
    """The same for up to two fields, without a loop: most records that are made have no more."""
    match setters:
        case (only,):

            def one(self: Any, *values: Any, **named: Any) -> None:
                if len(values) == 1 and not named:
                    only(self, *values)
                else:
                    fill(self, values, named)

            return one
        case (first, second):

            def two(self: Any, *values: Any, **named: Any) -> None:
                if len(values) == 2 and not named:
                    first(self, values[0])
                    second(self, values[1])
                else:
                    fill(self, values, named)

            return two
    return None


def _comparisons(compared: tuple[str, ...], *, order: bool, hashed: bool) -> dict[str, object]:
    key = _values(compared)

    def __eq__(self: Any, other: object) -> Any:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return key(self) == key(other)

    def __hash__(self: Any) -> int:
        return hash(key(self))

    def __lt__(self: Any, other: object) -> Any:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return key(self) < key(other)

    found: dict[str, object] = {"__eq__": __eq__, "__hash__": __hash__ if hashed else None}
    return found | {"__lt__": __lt__} if order else found


def _values(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    """What gives the values of these fields of a record."""
    if not names:
        return lambda item: ()
    if len(names) > 1:
        return attrgetter(*names)
    only = attrgetter(*names)
    return lambda item: (only(item),)


def _repr(self: Any) -> str:
    fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__record__)
    return f"{type(self).__qualname__}({fields})"


def _reduce(self: Any) -> tuple[object, tuple[object, ...]]:
    return type(self), _VALUES[type(self)](self)


def _refuse(self: object, name: str, *value: object) -> None:
    raise AttributeError(f"{type(self).__name__} is frozen: {name} cannot be changed")
