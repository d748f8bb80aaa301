"""What lanes are told of updates that are over: `settled(E)`, and where its value may be used.

The kernel has no instant at which all know that no update is in progress. Who asks has been told,
as by a message: when an update is over its lane stores what E is for it, as a release, and whoever
asks loads that, as an acquire. It may return the message of any update that the model lets it, so
the value may be older than under sc. That is why it may be used only where a newer one could
only refute.
"""

from collections.abc import Iterator

from smtmodel.language import checked as lang
from smtmodel.language.checked import Checked, Expression, Place
from smtmodel.language.walk import expressions_of, inside, steps_in
from smtmodel.language.writers import writers
from smtmodel.litmus.written.refused import NotWritten
from smtmodel.source import Span
from smtmodel.source.record import parts

_NEWER = {">": 1, ">=": 1, "<": 0, "<=": 0}
"""Where the operand stands that makes a comparison false by being greater."""

USED = "`settled(…)` whose value is used where a greater one does not only refute"


def asked(protocol: Checked) -> tuple[Expression, ...]:
    """What lanes ask for, each expression once; raises NotWritten where it has no meaning here."""
    found: dict[Expression, None] = {}
    for block in protocol.blocks:
        for step in steps_in(block.steps):
            if isinstance(step, lang.SetLocal) and isinstance(step.value, lang.Settled):
                _check(protocol, step.value.expression, step.where.span)
                found[step.value.expression] = None
    if found:
        _check_uses(protocol)
    return tuple(found)


def _check(protocol: Checked, expression: Expression, span: Span) -> None:
    """Updates alone write what is asked for, one after another, and it is there at the start."""
    if not isinstance(expression, lang.Load):
        raise NotWritten(span, "`settled(…)` of more than what one place holds")
    if protocol.updaters not in (None, 1):
        raise NotWritten(span, "`settled(…)` where several lanes update")
    updating = {kind.name for kind in protocol.kinds if kind.updates}
    for place in _places(expression):
        if not writers(protocol, place) <= updating:
            raise NotWritten(span, "`settled(…)` of what other lanes than updates write")
    through = any(isinstance(place, lang.Through) for place in _places(expression))
    built_in = {one.name for one in protocol.properties if isinstance(one, lang.BuiltIn)}
    if through and lang.NULL_DEREFERENCE in built_in:
        raise NotWritten(span, "`settled(…)` through a pointer that may be null")


def _places(expression: Expression) -> Iterator[Place]:
    return (one.place for one in inside(expression) if isinstance(one, lang.Load))


def _check_uses(protocol: Checked) -> None:
    for block in protocol.blocks:
        names = set(_locals(block))
        for step in steps_in(block.steps):
            if isinstance(step, lang.Assert):
                used = not _only_refuted(step.condition, names, holds=True)
            else:
                used = any(_held(one, names) for one in expressions_of(step))
            if used:
                raise NotWritten(step.where.span, USED)
        for item in protocol.properties:
            named = (one for one in parts(item) if isinstance(one, lang.LaneLocal))
            if any(one.block == block.name and one.name in names for one in named):
                raise NotWritten(item.span, USED)


def _locals(block: lang.Block) -> Iterator[str]:
    """The locals that may hold what was told."""
    for step in steps_in(block.steps):
        if isinstance(step, lang.SetLocal) and isinstance(step.value, lang.Settled):
            yield step.name


def _held(expression: Expression, names: set[str]) -> bool:
    return any(isinstance(one, lang.Local) and one.name in names for one in inside(expression))


def _only_refuted(expression: Expression, names: set[str], *, holds: bool) -> bool:
    """Whether a greater value of the locals can only make it false, or with `holds` false true."""
    if not _held(expression, names):
        return True
    match expression:
        case lang.And(left, right) | lang.Or(left, right):
            return all(_only_refuted(one, names, holds=holds) for one in (left, right))
        case lang.Operation("!", (operand,)):
            return _only_refuted(operand, names, holds=not holds)
        case lang.Operation(operator, operands) if operator in _NEWER:
            newer = operands[_NEWER[operator] if holds else 1 - _NEWER[operator]]
            other = operands[1 - operands.index(newer)]
            return isinstance(newer, lang.Local) and not _held(other, names)
        case _:
            return False
