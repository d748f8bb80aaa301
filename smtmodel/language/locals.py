"""Which names a block assigns, and which of its locals stand in the text."""

from smtmodel.language import ast
from smtmodel.language.primitives import PRIMITIVES, Masking, Taking

HIDDEN = ":"
"""What stands between the name of a call of the prelude and that of a local of it."""


LOOP = "(loop "
"""What the name of a local begins with that says whether a loop with a `break` goes on."""


def is_told(name: str) -> bool:
    """Whether reports tell what a local is: not of one of the prelude, nor of a value that is kept
    until a call is over."""
    return HIDDEN not in name and not is_kept(name)


def is_kept(name: str) -> bool:
    """Whether a local has the value of an operand until the calls that follow it are over."""
    return name.startswith("(")


def says_whether_again(name: str) -> bool:
    """Whether a local has how the test of a loop came out, or that a `break` has ended it."""
    return name.startswith(LOOP)


def saved_flags(call: ast.Call) -> tuple[str, ...]:
    """The local in which a call saves how interrupts were; nothing where it saves nothing."""
    match PRIMITIVES.get(call.name):
        case Masking(saves=True) | Taking(masks=Masking(saves=True)):
            last = call.arguments[-1:]
            return tuple(one.name for one in last if isinstance(one, ast.Name))
        case _:
            return ()


def assigned_names(steps: tuple[ast.Step, ...]) -> tuple[str, ...]:
    """The names on left sides and of saved flags, in the order of the text; shared variables
    included."""
    found: dict[str, None] = {}
    waiting = list(reversed(steps))
    while waiting:
        step = waiting.pop()
        match step:
            case ast.Assign(target=ast.Name(name)):
                found.setdefault(name)
            case ast.Do(call=call):
                found.update(dict.fromkeys(saved_flags(call)))
            case ast.If(then=then, otherwise=otherwise):
                waiting.extend(reversed((*then, *otherwise)))
            case ast.While(body=body) | ast.Retry(body=body) | ast.Atomic(body=body):
                waiting.extend(reversed(body))
            case ast.Each(name=name, body=body):
                found.setdefault(name)
                waiting.extend(reversed(body))
            case ast.Either(branches=branches):
                waiting.extend(reversed([one for branch in branches for one in branch]))
            case ast.Expanded(steps=inner):
                waiting.extend(reversed(inner))
            case _:
                pass
    return tuple(found)
