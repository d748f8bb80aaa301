"""Gives named constants their numbers.

Takes a protocol of the text; gives one in which a literal stands wherever a constant stood, so
that nothing behind knows of them, and an error for each constant that nothing uses: a misspelt
name must not pass in silence. The declarations stay, for the names that they take. A name that
something else has too is left alone; that is an error of `smtmodel.language.symbols`.
"""

from smtmodel.language import ast, codes
from smtmodel.source import Diagnostic
from smtmodel.source.record import field, record, replace, rewritten

_NAMED = (
    ast.Constant,
    ast.Variable,
    ast.ObjectDeclaration,
    ast.Cache,
    ast.GuardDeclaration,
    ast.Definition,
    ast.Block,
)


def resolve_constants(protocol: ast.Protocol) -> tuple[ast.Protocol, list[Diagnostic]]:
    """The protocol without uses of constants, and what is wrong; the same one if there are none."""
    declared = [item for item in protocol.items if isinstance(item, ast.Constant)]
    if not declared:
        return protocol, []
    taken = [item.name for item in protocol.items if isinstance(item, _NAMED)]
    uses = _Uses({one.name: one.value for one in declared if taken.count(one.name) == 1})
    items = tuple(uses.resolved(item) for item in protocol.items)
    wrong = [
        Diagnostic(codes.UNUSED, f"the constant `{one.name}` is never used", one.span)
        for one in declared
        if one.name in uses.values and one.name not in uses.found
    ]
    return replace(protocol, items=items), wrong


def without_constants(protocol: ast.Protocol) -> ast.Protocol:
    """The same protocol as if its author had written literals."""
    resolved, _ = resolve_constants(protocol)
    kept = tuple(item for item in resolved.items if not isinstance(item, ast.Constant))
    return replace(resolved, items=kept)


@record
class _Uses:
    """`values` are the constants by name, `found` those that are used."""

    values: dict[str, int]
    found: set[str] = field(default_factory=set)

    def resolved(self, item: ast.Item) -> ast.Item:
        """The item with literals; what its name and the lanes that it names are is no use."""
        match item:
            case ast.Block(steps=steps) | ast.Definition(steps=steps):
                return replace(item, steps=rewritten(steps, self._instead))
            case ast.Variable() | ast.ObjectDeclaration() | ast.Never() | ast.Reach():
                return rewritten(item, self._instead)
            case _:
                return item

    def _instead(self, part: object) -> object:
        match part:
            case ast.Name(name, span) if name in self.values:
                self.found.add(name)
                return ast.Number(self.values[name], span, name)
            case ast.Unary("-", operand, span):  # as the parser does with a literal
                inner = self._instead(operand) or rewritten(operand, self._instead)
                if isinstance(inner, ast.Number):
                    return ast.Number(-inner.value, span)
                return replace(part, operand=inner)
            case ast.Assign(target=ast.Name(name), value=value) if name in self.values:
                self.found.add(name)  # the target stays a name, and is refused as one
                made = self._instead(value) or rewritten(value, self._instead)
                return replace(part, value=made)
            case _:
                return None
