"""Whole entries: records of the text, and what is stored in places of stated width.

Takes right sides and arguments; gives checked values that fit the place. A number stored in a
place of k bits is taken modulo 2^k there, unless it is a constant that fits.
"""

from smtmodel.language import ast, codes
from smtmodel.language.checked import (
    Choose,
    Constant,
    EntryValue,
    Expression,
    Fresh,
    Local,
    Operation,
    Part,
)
from smtmodel.language.expressions import is_complement, turned_over, value
from smtmodel.language.places import NOTHING, Typed
from smtmodel.language.scope import Scope
from smtmodel.language.suggest import suggest
from smtmodel.language.types import Bits, Cookie, Entry, Type, in_words, join
from smtmodel.language.walk import has_event
from smtmodel.source import Span


def record_value(scope: Scope, record: ast.Record, wanted: Entry | None) -> Typed:
    """A whole entry in the order of the declared fields (of the text, for a local).

    Its values are taken as the place keeps them.
    """
    given: dict[str, Typed] = {}
    for name, one in record.values:
        if name in given:
            scope.refuse(codes.FIELD_TWICE, f"field `{name}` is given twice", one.span)
        known = wanted.type_of(name) if wanted else None
        if is_complement(one) and isinstance(known, Bits):
            given[name] = turned_over(scope, one)
        else:
            given[name] = value(scope, one)
        if isinstance(given[name][1], Entry | Cookie):
            message = f"`{name}` holds a number or a pointer, not {in_words(given[name][1])}"
            scope.refuse(codes.MISMATCH, message, one.span)
        if wanted and known is None:
            message, suggestion = f"unknown field `{name}`", suggest(name, wanted.fields)
            scope.refuse(codes.UNKNOWN_FIELD, message, one.span, suggestion)
            return NOTHING
        if known is not None and join(known, given[name][1]) is None:
            message = f"`{name}` holds {in_words(known)}; this is {in_words(given[name][1])}"
            scope.refuse(codes.MISMATCH, message, one.span)
        elif known is not None:
            given[name] = fitted(scope, given[name], known, one.span), given[name][1]
    fields = wanted.fields if wanted else tuple(given)
    missing = [name for name in fields if name not in given]
    if missing:
        message = f"no value for `{missing[0]}`; an entry is written as a whole"
        scope.refuse(codes.RECORD, message, record.span)
        return NOTHING
    touching = [name for name in given if has_event(given[name][0])]
    if touching != [name for name in fields if name in touching]:
        message = "these values are read in the order of the declared fields"
        scope.refuse(codes.RECORD, message, record.span, "write them in that order")
    values = tuple(given[name][0] for name in fields)
    type_ = wanted or Entry(fields, tuple(given[name][1] for name in fields))
    return EntryValue(fields, values), type_


def fitted(scope: Scope, given: Typed, held: Type, span: Span) -> Expression:
    """The value as a place that holds `held` keeps it; entries field by field."""
    found, type_ = given
    match held:
        case Bits(width):
            if isinstance(type_, Bits) and type_.width <= width:
                return found
            return _wrapped(scope, found, held, span)
        case Entry(fields, _) if isinstance(type_, Entry) and fields == type_.fields:
            return _entry(scope, found, type_, held, span)
        case _:
            return found


def _wrapped(scope: Scope, found: Expression, held: Bits, span: Span) -> Expression:
    top = 2**held.width
    match found:
        case Constant(number):
            if not 0 <= number < top:
                message = f"{number} does not fit here: the place holds {in_words(held)}"
                scope.refuse(codes.FITS, message, span, f"the largest value is {top - 1}")
            return found
        case Choose(low, high):
            if low < 0 or high >= top:
                message = f"not all of these values fit: the place holds {in_words(held)}"
                scope.refuse(codes.FITS, message, span, f"choose from `0..{top - 1}`")
            return found
        case Fresh():
            message = f"a token fits in no width, and the place holds {in_words(held)}"
            scope.refuse(codes.FITS, message, span, "leave out `: bits`")
            return found
        case _:
            return Operation("wrap", (found, Constant(top)), span)


def _entry(scope: Scope, found: Expression, given: Entry, held: Entry, span: Span) -> Expression:
    """An entry whose fields are of other widths than those of the place."""
    pairs = list(zip(held.fields, given.types, held.types, strict=True))
    wide = [one for one in pairs if isinstance(one[2], Bits) and one[1] != one[2]]
    if not wide or isinstance(found, EntryValue):
        return found
    if not isinstance(found, Local):
        message = f"`{wide[0][0]}` is {in_words(wide[0][1])} here and {in_words(wide[0][2])} there"
        suggestion = "keep the entry in a local first"
        scope.refuse(codes.MISMATCH, message, span, suggestion)
        return found
    parts = [(Part(found, name), had, keeps) for name, had, keeps in pairs]
    values = tuple(
        fitted(scope, (part, had), keeps, span) if had != keeps else part
        for part, had, keeps in parts
    )
    return EntryValue(held.fields, values)
