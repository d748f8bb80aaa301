"""Which names stand in an expression of the text, in its order."""

from collections.abc import Iterator

from smtmodel.language import ast
from smtmodel.language.locals import saved_flags
from smtmodel.source.record import replace


def names_in(expression: ast.Expression) -> Iterator[ast.Name]:
    """All names, without those of fields and calls."""
    waiting: list[ast.Expression] = [expression]
    while waiting:
        one = waiting.pop()
        if isinstance(one, ast.Name):
            yield one
        waiting.extend(reversed(parts_of(one)))


def parts_of(expression: ast.Expression) -> tuple[ast.Expression, ...]:
    """The expressions directly inside an expression."""
    match expression:
        case ast.Field(base=base):
            return (base,)
        case ast.Index(base=base, index=index):
            return base, index
        case ast.Call(arguments=arguments):
            return arguments
        case ast.Unary(operand=operand):
            return (operand,)
        case ast.Binary(left=left, right=right):
            return left, right
        case ast.Ternary(condition, then, otherwise):
            return condition, then, otherwise
        case ast.Copy(pointer=pointer):
            return (pointer,)
        case ast.Record(values=values):
            return tuple(value for _, value in values)
        case _:
            return ()


def with_parts(expression: ast.Expression, parts: tuple[ast.Expression, ...]) -> ast.Expression:
    """An expression with others in the place of those directly inside it."""
    match expression, parts:
        case ast.Field(), (base,):
            return replace(expression, base=base)
        case ast.Index(), (base, index):
            return replace(expression, base=base, index=index)
        case ast.Call(), _:
            return replace(expression, arguments=parts)
        case ast.Unary(), (operand,):
            return replace(expression, operand=operand)
        case ast.Binary(), (left, right):
            return replace(expression, left=left, right=right)
        case ast.Copy(), (pointer,):
            return replace(expression, pointer=pointer)
        case ast.Record(values), _:
            names = (name for name, _ in values)
            return replace(expression, values=tuple(zip(names, parts, strict=True)))
        case _:
            raise AssertionError(expression)


def reads_of(step: ast.Step) -> tuple[ast.Expression, ...]:
    """The expressions that a step evaluates, its inner steps left out.

    The left side of `x = …` is not read if it is a plain name; that of `x += …` is.
    """
    match step:
        case ast.Assign(target=ast.Name() as name, operator=operator, value=value):
            return (value,) if operator == "=" else (name, value)
        case ast.Assign(target=target, value=value):
            return value, target
        case ast.Do(call=call) if saved_flags(call):
            return call.arguments[:-1]
        case ast.Do(call=call):
            return (call,)
        case ast.Overwrite(source=source, target=target):
            return source, target
        case (
            ast.If(condition=condition)
            | ast.While(condition=condition)
            | ast.Retry(condition=condition)
            | ast.Assert(condition=condition)
            | ast.Assume(condition=condition)
            | ast.WaitUntil(condition=condition)
        ):
            return (condition,)
        case ast.Yield(value=value):
            return (value,)
        case _:
            return ()


def declared_names(
    protocol: ast.Protocol,
) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """What is read where it is named; of it, whose fields need no pointer to be found; and all
    that is declared and no local."""
    shared, structs, every = set[str](), set[str](), set[str]()
    for item in protocol.items:
        if isinstance(item, ast.Variable | ast.Cache):
            shared.add(item.name)
            structs |= {item.name} if item.fields else set()
        if isinstance(item, ast.ObjectDeclaration | ast.GuardDeclaration | ast.Constant):
            every.add(item.name)
    return frozenset(shared), frozenset(structs), frozenset(every | shared)
