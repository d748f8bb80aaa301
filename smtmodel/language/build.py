"""From the derivation of a text to the protocol it says.

Takes the neutral tree of `smtmodel.source.tree`, whose shape the grammar guarantees; gives
`smtmodel.language.ast` nodes. Looks nothing up.
"""

from smtmodel.language import ast, selection
from smtmodel.language.scan import literal
from smtmodel.source import Span
from smtmodel.source.tree import Node, Word

_FORMS = {form.value: form for form in ast.Form}
_GUARDS = {kind.value: kind for kind in ast.GuardKind}
_BLOCKS = {kind.value: kind for kind in ast.BlockKind}
_BITWISE = {"or": "||", "and": "&&", "merge": "|", "differ": "^", "mask": "&"}
_WHENS = {when.value: when for when in ast.When}


def build(root: Node) -> ast.Protocol:
    """The protocol of a whole derivation."""
    words = root.words()
    title = words[1].text[1:-1] if len(words) > 1 else None
    items = tuple(_item(node) for node in root.nodes())
    return ast.Protocol(words[0].text, title, items, words[0].span)


def build_prelude(root: Node) -> tuple[ast.Definition, ...]:
    """The definitions of a whole derivation."""
    return tuple(_definition(node) for node in root.nodes())


def _definition(node: Node) -> ast.Definition:
    name, (*parameters, body) = node.words()[0], node.nodes()
    own = (
        ast.Parameter(_only(one), one.rule == "location", one.rule == "late", one.span)
        for one in parameters
    )
    return ast.Definition(name.text, tuple(own), _body(body), name.span)


# ---------------------------------------------------------------- declarations


def _item(node: Node) -> ast.Item:
    words, nodes, span = node.words(), node.nodes(), node.span
    match node.rule:
        case "struct":
            return ast.Struct(words[-1].text, _fields(nodes[0]), len(words) > 1, span)
        case "const":
            value = _expression(nodes[0])
            assert isinstance(value, ast.Number)
            return ast.Constant(words[0].text, value.value, span)
        case "object":
            return ast.ObjectDeclaration(words[0].text, words[1].text, _record(nodes[0]), span)
        case "cache":
            owner = words[1].text if len(words) > 1 else None
            return _cache(node, owner, shared=False)
        case "shared_cache":
            return _cache(node, None, shared=True)
        case "guard":
            length = _literal(nodes[1].nodes()[0]) if len(nodes) > 1 else None
            return ast.GuardDeclaration(_GUARDS[_only(nodes[0])], words[0].text, length, span)
        case "define":
            return _definition(node)
        case "block":
            kind, body = _BLOCKS[_only(nodes[0])], _body(nodes[-1])
            on = [one.words()[0] for one in nodes if one.rule == "on"]
            interrupted = ast.Name(on[0].text, on[0].span) if on else None
            return ast.Block(kind, words[0].text, body, interrupted, words[0].span)
        case "lanes":
            blocks = tuple(ast.Name(_only(one), one.span) for one in nodes)
            return ast.Lanes(words[0].text, blocks, span)
        case "updaters":
            return ast.Updaters(literal(words[0].text), span)
        case "never" | "reach":
            return _property(node)
        case "bounds":
            bounds = (_bound(one) for one in nodes)
            return ast.Bounds(tuple(bounds), span)
        case "expect":
            under = [_only(one) for one in nodes if one.rule == "under"]
            model, any_number = (under[0] if under else None), selection.for_any_number(node)
            return ast.Expect(words[0].text, words[1].text.lower(), model, any_number, span)
        case _:
            return _variable(node)


def _only(node: Node) -> str:
    """The text of a node that is one word."""
    return node.words()[0].text


def _fields(node: Node) -> tuple[ast.FieldDeclaration, ...]:
    found = []
    for one in node.nodes():
        name, ghost = one.words()[0].text, one.rule == "ghost_field"
        target, width = _type(one.nodes())
        lock = _GUARDS[_only(one.nodes()[0])] if one.rule == "lock_field" else None
        found.append(ast.FieldDeclaration(name, target, width, ghost, lock, one.span))
    return tuple(found)


def _type(nodes: tuple[Node, ...]) -> tuple[str | None, int | None]:
    """The struct of a `pointer` and the bits of a `width` among the nodes."""
    found = {one.rule: _only(one) for one in nodes if one.rule in ("pointer", "width")}
    return found.get("pointer"), literal(found["width"]) if "width" in found else None


def _variable(node: Node) -> ast.Variable:
    nodes = node.nodes()
    form, initial = _FORMS[_only(nodes[0])], _initial(nodes[-1])
    shape = {one.rule: one for one in nodes[1:-1]}
    target, width = _type(nodes[1:-1])
    length = _literal(shape["length"].nodes()[0]) if "length" in shape else None
    fields = _fields(shape["fields"]) if "fields" in shape else ()
    name = node.words()[0].text
    return ast.Variable(form, name, initial, target, length, width, fields, node.span)


def _cache(node: Node, owner: str | None, *, shared: bool) -> ast.Cache:
    nodes = list(node.nodes())
    length = _literal(nodes.pop(0).nodes()[0]) if nodes[0].rule == "length" else None
    first = _initial(nodes[1]) if len(nodes) > 1 else None
    name = node.words()[0].text
    return ast.Cache(name, _fields(nodes[0]), owner, shared, first, length, node.span)


def _literal(node: Node) -> ast.Number | ast.Name:
    """A number, or the name of one."""
    made = _expression(node)
    assert isinstance(made, ast.Number | ast.Name)
    return made


def _initial(node: Node) -> ast.Initial:
    if node.rule == "list":
        return ast.Listed(tuple(_element(one) for one in node.nodes()), node.span)
    return _element(node)


def _element(node: Node) -> ast.Single:
    """An initial value of one place."""
    made = _record(node) if node.rule == "record" else _expression(node)
    assert isinstance(made, ast.Single)
    return made


def _property(node: Node) -> ast.Never | ast.Reach:
    name, nodes = node.words()[0].text, list(node.nodes())
    when = ast.When.ALWAYS
    if nodes[-1].rule == "when":
        when = _WHENS[_only(nodes.pop())]
    if node.rule == "never":
        condition = _expression(nodes[1].nodes()[0]) if len(nodes) > 1 else None
        return ast.Never(name, _expression(nodes[0]), condition, when, node.span)
    if nodes[0].rule == "at":
        block, label = nodes[0].words()
        return ast.Reach(name, ast.AtLabel(block.text, label.text, nodes[0].span), when, node.span)
    return ast.Reach(name, _expression(nodes[0]), when, node.span)


def _bound(node: Node) -> ast.Bound:
    name, count, *rounds = node.words()
    own = literal(rounds[0].text) if rounds else None
    return ast.Bound(name.text, literal(count.text), own, node.span)


# ---------------------------------------------------------------- steps


def _body(node: Node) -> tuple[ast.Step, ...]:
    """The steps of a `body` or of a `single`."""
    return tuple(_step(one) for one in node.nodes())


def _step(node: Node) -> ast.Step:
    words = node.words()
    label = words[0].text if words else None
    inner = node.nodes()[0]
    parts, span = inner.nodes(), inner.span
    match inner.rule:
        case "assign" | "increment":
            return _assign(inner, label)
        case "do":
            call = _expression(parts[0])
            assert isinstance(call, ast.Call)
            return ast.Do(call, label, span)
        case "overwrite":
            return ast.Overwrite(_expression(parts[0]), _expression(parts[1]), label, span)
        case "if":
            otherwise = _body(parts[2]) if len(parts) > 2 else ()
            return ast.If(_expression(parts[0]), _body(parts[1]), otherwise, label, span)
        case "while":
            bound = literal(inner.words()[0].text)
            return ast.While(bound, _expression(parts[0]), _body(parts[1]), label, span)
        case "retry":
            bound = literal(inner.words()[0].text)
            return ast.Retry(bound, _body(parts[0]), _expression(parts[1]), label, span)
        case "each":
            name, of = inner.words()
            body = _body(parts[0])
            return ast.Each(name.text, of.text, body, label, name.span, of.span, span)
        case "either":
            return ast.Either(tuple(_body(one) for one in parts), label, span)
        case "return":
            return ast.Return(label, span)
        case "break":
            return ast.Break(label, span)
        case "yield":
            return ast.Yield(_expression(parts[0]), label, span)
        case "assert":
            return ast.Assert(_expression(parts[0]), label, span)
        case "unreachable":
            return ast.Unreachable(label, span)
        case "assume":
            return ast.Assume(_expression(parts[0]), label, span)
        case "wait":
            return ast.WaitUntil(_expression(parts[0]), label, span)
        case rule:
            assert rule == "atomic", rule
            return ast.Atomic(_body(parts[0]), label, span)


def _assign(node: Node, label: str | None) -> ast.Assign:
    nodes, operator = node.nodes(), node.words()[0]
    target = _expression(nodes[0])
    value: ast.Expression = ast.Number(1, operator.span)
    if node.rule == "assign":
        value = _right(nodes[1])
    return ast.Assign(target, operator.text, value, label, node.span)


# ---------------------------------------------------------------- expressions


def _right(node: Node) -> ast.Expression:
    """The right side of an assignment, or an argument."""
    words = node.words()
    match node.rule:
        case "fresh":
            return ast.Fresh(node.span)
        case "choose":
            low, high = node.nodes()
            return ast.Choose(_literal(low), _literal(high), node.span)
        case "copy":
            return ast.Copy(_expression(node.nodes()[0]), node.span)
        case "alloc":
            return ast.Alloc(words[0].text, words[0].span, node.span)
        case "record":
            return _record(node)
        case "pointed":
            return _expression(node.nodes()[0])
        case _:
            return _expression(node)


def _record(node: Node) -> ast.Record:
    values = ((_only(one), _expression(one.nodes()[0])) for one in node.nodes())
    return ast.Record(tuple(values), node.span)


def _expression(node: Node) -> ast.Expression:
    nodes, span = node.nodes(), node.span
    match node.rule:
        case "number":
            return ast.Number(_signed(_only(node)), span)
        case "null":
            return ast.Null(span)
        case "name":
            return ast.Name(_only(node), span)
        case "call":
            name = node.words()[0]
            arguments = tuple(_right(one) for one in nodes)
            pointed = tuple(place for place, one in enumerate(nodes) if one.rule == "pointed")
            return ast.Call(name.text, arguments, name.span, span, pointed)
        case "access" | "target_access":
            name = node.words()[0]
            return ast.Field(_expression(nodes[0]), name.text, name.span, span)
        case "index" | "target_index":
            return ast.Index(_expression(nodes[0]), _expression(nodes[1]), span)
        case "not":
            return ast.Unary("!", _expression(nodes[0]), span)
        case "minus":
            return _minus(_expression(nodes[0]), span)
        case "conditional":
            condition, then, otherwise = map(_expression, nodes)
            return ast.Ternary(condition, then, otherwise, span)
        case "complement":
            return ast.Unary("~", _expression(nodes[0]), span)
        case "or" | "and" | "merge" | "differ" | "mask":
            return ast.Binary(
                _BITWISE[node.rule], _expression(nodes[0]), _expression(nodes[1]), span
            )
        case _:
            return _binary(node.words()[0], nodes, span)


def _signed(word: str) -> int:
    """A literal, perhaps with a minus in its word."""
    return -literal(word[1:]) if word.startswith("-") else literal(word)


def _minus(operand: ast.Expression, span: Span) -> ast.Expression:
    if isinstance(operand, ast.Number):
        return ast.Number(-operand.value, span)
    return ast.Unary("-", operand, span)


def _binary(operator: Word, nodes: tuple[Node, ...], span: Span) -> ast.Expression:
    return ast.Binary(operator.text, _expression(nodes[0]), _expression(nodes[1]), span)
