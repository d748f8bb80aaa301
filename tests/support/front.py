"""Short ways through the front end, for tests."""

from textwrap import dedent, indent

from smtmodel.language.ast import Protocol
from smtmodel.language.check import check
from smtmodel.language.checked import Checked
from smtmodel.language.format import format_protocol
from smtmodel.language.meanings import meanings
from smtmodel.language.parse import derivation, parse
from smtmodel.source import Diagnostic, Text
from smtmodel.source.tree import Node

STATE = """
struct node { next: node, data }
object one: node = { next: null, data: 0 }
rcu p: node = one
shared x = 0
shared y = 0
shared a[3] = 0
word w { gen, busy } = { gen: 0, busy: 0 }
srcu d
mutex m
spinlock l
"""


def diagnose(content: str) -> tuple[Diagnostic, ...]:
    """Everything that is wrong with a text; nothing if it is a correct protocol."""
    found = meanings(Text("test", dedent(content)))
    return tuple(one for one in found if isinstance(one, Diagnostic))


def accepted(content: str) -> Checked:
    """The checked protocol of a text that must be correct."""
    text = Text("test", dedent(content))
    protocol = parse(text)
    assert isinstance(protocol, Protocol), protocol
    found = check(protocol, text)
    assert isinstance(found, Checked), found
    return found


def form(text: Text) -> str:
    """The one form of a text, which must be a protocol or several."""
    root = derivation(text)
    assert isinstance(root, Node), root
    return format_protocol(root, text)


def block(steps: str, kind: str = "thread t", more: str = "") -> str:
    """A protocol with STATE, one block of these steps, and more items."""
    bounds = {"thread t": "t", "fault t": "faults", "update t": "updates"}[kind]
    body = indent(dedent(steps).strip("\n"), "    ")
    claim = "never bad: y == 99 always"
    return f"protocol test\n{STATE}\n{kind} {{\n{body}\n}}\n{more}\n{claim}\nbounds {bounds} 1\n"


def codes(content: str) -> list[str]:
    """The codes of what is wrong with a text, in the order of their places."""
    return [one.code.name for one in diagnose(content)]
