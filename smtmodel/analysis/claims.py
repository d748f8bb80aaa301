"""Which steps of a protocol are part of what is claimed, not of what is done."""

from smtmodel.language import ast
from smtmodel.language.primitives import PRIMITIVES, Settling


class Claims:
    """The steps of a protocol that are part of what is claimed, not of what is done."""

    def __init__(self, protocol: ast.Protocol) -> None:
        self._ghosts = _ghosts(protocol)
        self._definitions: set[str] = set()
        self._definitions |= {
            item.name
            for item in protocol.items
            if isinstance(item, ast.Definition) and all(map(self.has, item.steps))
        }

    def has(self, step: ast.Step) -> bool:
        """Whether a step is an assert, one that nothing comes to, or assigns a ghost, or calls what
        does nothing else."""
        if isinstance(step, ast.Assert | ast.Unreachable):
            return True
        if isinstance(step, ast.Do):
            return step.call.name in self._definitions
        if not isinstance(step, ast.Assign):
            return False
        match step.target, step.value:
            case _, ast.Call(name=name) if isinstance(PRIMITIVES.get(name), Settling):
                return True
            case (ast.Name(name), _) | (ast.Field(name=name), _):
                return name in self._ghosts
            case _:
                return False


def _ghosts(protocol: ast.Protocol) -> frozenset[str]:
    """The names of ghost variables and ghost fields."""
    found: set[str] = set()
    for item in protocol.items:
        match item:
            case ast.Variable(form=ast.Form.GHOST, name=name):
                found.add(name)
            case ast.Struct(fields=fields):
                found |= {one.name for one in fields if one.ghost}
            case _:
                pass
    return frozenset(found)
