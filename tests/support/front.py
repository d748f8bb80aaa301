"""Short ways through the front end, for tests."""

from textwrap import dedent, indent

from smtmodel.language.ast import Protocol
from smtmodel.language.check import check
from smtmodel.language.checked import Checked
from smtmodel.language.parse import parse
from smtmodel.source import Diagnostic, Text

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
    text = Text("test", dedent(content))
    protocol = parse(text)
    if not isinstance(protocol, Protocol):
        return protocol
    found = check(protocol, text)
    return found if isinstance(found, tuple) else ()


def accepted(content: str) -> Checked:
    """The checked protocol of a text that must be correct."""
    text = Text("test", dedent(content))
    protocol = parse(text)
    assert isinstance(protocol, Protocol), protocol
    found = check(protocol, text)
    assert isinstance(found, Checked), found
    return found


def block(steps: str, kind: str = "thread t", more: str = "") -> str:
    """A protocol with STATE, one block of these steps, and more items."""
    bounds = {"thread t": "t", "fault t": "faults", "update t": "updates"}[kind]
    body = indent(dedent(steps).strip("\n"), "    ")
    claim = "never bad: y == 99 always"
    return f"protocol test\n{STATE}\n{kind} {{\n{body}\n}}\n{more}\n{claim}\nbounds {bounds} 1\n"


def codes(content: str) -> list[str]:
    """The codes of what is wrong with a text, in the order of their places."""
    return [one.code.name for one in diagnose(content)]
