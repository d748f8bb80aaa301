"""What is wrong with the definitions of a text, before any call is replaced by its steps.

Takes a protocol of the text whose constants have their numbers. What is wrong with the steps of a
definition otherwise shows at its calls.
"""

from collections.abc import Iterable, Iterator, Mapping

from smtmodel.language import ast, codes
from smtmodel.language.calls import always_ends, call_ending, ended, yields
from smtmodel.language.checks.assignments import ACCESS_ALONE, read_names, targets
from smtmodel.language.inner_steps import ast_steps
from smtmodel.language.locals import assigned_names
from smtmodel.language.names_in import declared_names, names_in, reads_of
from smtmodel.language.primitives import AWAITED, PRIMITIVES, Entering
from smtmodel.language.suggest import suggest
from smtmodel.language.symbols import LANE
from smtmodel.source import Diagnostic, Span
from smtmodel.source.record import parts

MOST_STEPS = 2000
"""Steps of a block with those of its calls."""


def definition_errors(protocol: ast.Protocol) -> list[Diagnostic]:
    """Why calls cannot be replaced by their steps."""
    known = {item.name: item for item in protocol.items if isinstance(item, ast.Definition)}
    *_, declared = declared_names(protocol)
    wrong: list[Diagnostic] = []
    for one in known.values():
        wrong += (*_named(one, declared), *_ends(one), *_labels(one))
    recursive = list(_recursive(known))
    return [*wrong, *recursive] if recursive else [*wrong, *_long(protocol, known)]


def unused_definitions(protocol: ast.Protocol) -> list[Diagnostic]:
    """The definitions that nothing calls, and their locals that nothing reads."""
    known = [item for item in protocol.items if isinstance(item, ast.Definition)]
    called = {name for item in protocol.items for name, _ in _calls(item)}
    *_, declared = declared_names(protocol)
    wrong = [
        Diagnostic(codes.UNUSED, f"`{one.name}` is never called", one.span)
        for one in known
        if one.name not in called
    ]
    return [*wrong, *(told for one in known for told in _unread(one, declared))]


def numbered_asserts(protocol: ast.Protocol) -> dict[Span, int]:
    """The asserts and the unreachable steps without a label, by their places, as each of the two
    are numbered in the order of the file."""
    blocks = [item for item in protocol.items if isinstance(item, ast.Block | ast.Definition)]
    every = [step for block in blocks for step in ast_steps(block.steps)]
    return {
        step.span: number
        for kind in (ast.Assert, ast.Unreachable)
        for number, step in enumerate(
            (one for one in every if isinstance(one, kind) and one.label is None), 1
        )
    }


def _calls(item: ast.Item) -> Iterator[tuple[str, Span]]:
    """What the steps of a block or a definition call."""
    if isinstance(item, ast.Block | ast.Definition):
        for one in parts(item.steps):
            if isinstance(one, ast.Call):
                yield one.name, one.span


# ---------------------------------------------------------------- names


def _named(one: ast.Definition, declared: frozenset[str]) -> Iterator[Diagnostic]:
    """What is wrong with its name, its parameters and the names in its steps."""
    from smtmodel.language.prelude import prelude

    if one.name in prelude():
        message = f"`{one.name}` is a name of the kernel, which has its steps here already"
        yield Diagnostic(codes.RESERVED_NAME, message, one.span)
    own: set[str] = set()
    for parameter in one.parameters:
        yield from _parameter(parameter, own, declared)
        own.add(parameter.name)
    assigned = {name for name in assigned_names(one.steps) if name not in declared}
    values = {parameter.name for parameter in one.parameters if not parameter.location}
    for target in targets(one.steps):
        if target.name in values:
            message = f"`{target.name}` is a parameter, a value that is not assigned"
            hint = "assign a local, or make the parameter a place: `&" + target.name + "`"
            yield Diagnostic(codes.WRONG_KIND, message, target.span, suggestion=hint)
    yield from _unknown(one, own | assigned | declared | {AWAITED, LANE})


def _parameter(
    parameter: ast.Parameter, own: set[str], declared: frozenset[str]
) -> Iterator[Diagnostic]:
    name = parameter.name
    if parameter.late:
        message = "a parameter of a definition is evaluated before the first step"
        hint = f"write `{name}`, or `&{name}` for a place"
        yield Diagnostic(codes.OUT_OF_PLACE, message, parameter.span, suggestion=hint)
    if name in own:
        message = f"two parameters are called `{name}`"
        yield Diagnostic(codes.TWICE, message, parameter.span)
    if name == LANE:
        message = f"a parameter cannot have the name `{LANE}`: a definition knows it anyway"
        yield Diagnostic(codes.SHADOWS, message, parameter.span)
    if name in declared or name in PRIMITIVES:
        message = f"a parameter cannot have the name `{name}`, which is declared"
        yield Diagnostic(codes.SHADOWS, message, parameter.span)


def _unknown(one: ast.Definition, known: set[str]) -> Iterator[Diagnostic]:
    """Names that are neither parameters nor locals nor declared."""
    every = (name for step in ast_steps(one.steps) for e in reads_of(step) for name in names_in(e))
    for name in every:
        if name.name not in known:
            message = f"unknown name `{name.name}`"
            hint = suggest(name.name, known) or "what a call needs of its block is a parameter"
            yield Diagnostic(codes.UNKNOWN_NAME, message, name.span, suggestion=hint)


def _labels(one: ast.Definition) -> Iterator[Diagnostic]:
    seen: set[str | None] = set()
    for step in ast_steps(one.steps):
        if step.label is not None and step.label in seen:
            message = f"label `{step.label}` stands twice in `{one.name}`"
            yield Diagnostic(codes.LABEL_TWICE, message, step.span)
        seen.add(step.label)


def _unread(one: ast.Definition, declared: frozenset[str]) -> Iterator[Diagnostic]:
    """The locals that nothing reads; cookies need not be read."""
    read, told = read_names(one.steps), set[str]()
    own = {parameter.name for parameter in one.parameters}
    for name in [name for name in own if name not in _used(one)]:
        span = next(p.span for p in one.parameters if p.name == name)
        yield Diagnostic(codes.UNUSED, f"the parameter `{name}` is never used", span)
    for step in ast_steps(one.steps):
        match step:
            case ast.Assign(target=ast.Name(name, span), value=value):
                cookie = isinstance(value, ast.Call) and isinstance(
                    PRIMITIVES.get(value.name), Entering
                )
                unread = name not in declared | read | own | told and not cookie
                if unread and not name.startswith("_"):
                    told.add(name)
                    message = f"`{name}` is assigned but never read"
                    hint = suggest(name, declared) or ACCESS_ALONE.format(name)
                    yield Diagnostic(codes.NEVER_READ, message, span, suggestion=hint)
            case _:
                pass


def _used(one: ast.Definition) -> set[str]:
    """The names in its steps."""
    return {part.name for part in parts(one.steps) if isinstance(part, ast.Name)}


# ---------------------------------------------------------------- ends, recursion, length


def _ends(one: ast.Definition) -> list[Diagnostic]:
    """Where calls would end in the wrong place, or some with a value and some without."""
    wrong: list[Diagnostic] = []

    def refuse(message: str, span: Span) -> None:
        wrong.append(Diagnostic(codes.ENDS, message, span))

    ended(one.steps, call_ending(ast.Name("", one.span), refuse))
    if wrong or not yields(one.steps):
        return wrong
    bare = [step for step in ast_steps(one.steps) if isinstance(step, ast.Return)]
    if bare:
        refuse("other ways through the definition yield a value, this one does not", bare[0].span)
    elif not always_ends(one.steps, ast.Yield):
        refuse(f"some way through `{one.name}` yields no value", one.span)
    return wrong


def _recursive(known: Mapping[str, ast.Definition]) -> Iterator[Diagnostic]:
    """The calls by which a definition comes to itself again."""
    inside = {name: dict(_calls(one)) for name, one in known.items()}
    for name in known:
        reached = _reached(name, inside)
        if name in reached:
            through = next(c for c in inside[name] if c == name or name in _reached(c, inside))
            ways = "itself" if through == name else f"`{through}`, which calls it again"
            message = f"`{name}` calls {ways}: a call is its steps, which would have no end"
            yield Diagnostic(codes.RECURSIVE, message, inside[name][through])


def _reached(name: str, inside: Mapping[str, Mapping[str, Span]]) -> set[str]:
    """What a definition calls, directly or through others."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        for called in inside.get(waiting.pop(), {}):
            if called not in found:
                found.add(called)
                waiting.append(called)
    return found


def _long(protocol: ast.Protocol, known: Mapping[str, ast.Definition]) -> Iterator[Diagnostic]:
    """The blocks that have too many steps with those of their calls."""
    sizes: dict[str, int] = {}
    for item in protocol.items:
        if isinstance(item, ast.Block) and any(name in known for name, _ in _calls(item)):
            size = _size(item.steps, known, sizes)
            if size > MOST_STEPS:
                message = f"with those of its calls `{item.name}` has {size} steps, more than"
                yield Diagnostic(codes.TOO_LONG, f"{message} {MOST_STEPS}", item.span)


def _size(
    steps: tuple[ast.Step, ...], known: Mapping[str, ast.Definition], sizes: dict[str, int]
) -> int:
    """The steps with those of calls; those of a test count twice in a `while`."""
    return sum(1 + _of_calls(step, known, sizes) for step in ast_steps(steps))


def _of_calls(step: ast.Step, known: Mapping[str, ast.Definition], sizes: dict[str, int]) -> int:
    times = 2 if isinstance(step, ast.While) else 1
    called: Iterable[str] = (
        one.name
        for expression in reads_of(step)
        for one in parts(expression)
        if isinstance(one, ast.Call) and one.name in known
    )
    return times * sum(_of(name, known, sizes) for name in called)


def _of(name: str, known: Mapping[str, ast.Definition], sizes: dict[str, int]) -> int:
    if name not in sizes:
        sizes[name] = _size(known[name].steps, known, sizes)
    return sizes[name]
