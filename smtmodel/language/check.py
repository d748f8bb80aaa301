"""From a protocol to a checked protocol, or to everything that is wrong with it.

Runs the parts in an order in which each finds what it needs: declarations, lanes, blocks,
properties, then the checks of `smtmodel.language.checks`, one file each. Nothing is decided
here about executions.
"""

from smtmodel.language import ast
from smtmodel.language.bounds import absent_lanes, find_bounds
from smtmodel.language.checked import Checked, Lock
from smtmodel.language.checks import assignments, atomic, entries, ghosts, sections, tokens
from smtmodel.language.properties import find_expectations, find_properties
from smtmodel.language.quote import quotes
from smtmodel.language.steps import Numbering, Resolved, resolve_block
from smtmodel.language.symbols import Symbols, declare
from smtmodel.language.types import Type
from smtmodel.source import Diagnostic, Text


def check(protocol: ast.Protocol, text: Text) -> Checked | tuple[Diagnostic, ...]:
    """The checked protocol, or all errors in the order of their places."""
    symbols, wrong = declare(protocol)
    bounds, bound_errors = find_bounds(protocol, symbols.kinds)
    resolved = _blocks(protocol, symbols, text)
    blocks = {name: one.block for name, one in resolved.items()}
    types: dict[str, dict[str, Type]] = {name: one.types for name, one in resolved.items()}
    found, lane_locals, property_errors = find_properties(protocol, symbols, blocks, types)
    expectations, expectation_errors = find_expectations(protocol, found)
    wrong = [*wrong, *bound_errors, *property_errors, *expectation_errors]
    wrong += absent_lanes(symbols.kinds, bounds, lane_locals) if not bound_errors else []
    named = assignments.named_locals(protocol)
    for name, one in resolved.items():
        wrong += one.wrong
        wrong += _flow(symbols, symbols.blocks[name], one, named.get(name, frozenset()))
    checked = Checked(
        protocol.name,
        protocol.title,
        text,
        tuple(symbols.structs.values()),
        tuple(symbols.variables.values()),
        tuple(symbols.initial),
        tuple(
            Lock(name, kind)
            for name, kind in symbols.guards.items()
            if kind is not ast.GuardKind.SRCU
        ),
        tuple(n for n, kind in symbols.guards.items() if kind is ast.GuardKind.SRCU),
        tuple(blocks.values()),
        symbols.kinds.kinds,
        symbols.kinds.updaters,
        found,
        bounds,
        expectations,
    )
    wrong += tokens.token_errors(checked)
    if wrong:
        unique = dict.fromkeys(wrong)
        return tuple(sorted(unique, key=lambda one: (one.span, one.code.name, one.message)))
    return checked


def _blocks(protocol: ast.Protocol, symbols: Symbols, text: Text) -> dict[str, Resolved]:
    """The blocks in the order of the file."""
    quoted, numbering = quotes(text), Numbering()
    return {
        item.name: resolve_block(symbols, item, quoted, numbering)
        for item in protocol.items
        if isinstance(item, ast.Block) and symbols.blocks.get(item.name) is item
    }


def _flow(
    symbols: Symbols,
    block: ast.Block,
    resolved: Resolved,
    named: frozenset[str],
) -> list[Diagnostic]:
    """The checks that follow the paths through one block."""
    wrong = assignments.assignment_errors(symbols, block, resolved.types, named)
    wrong += ghosts.ghost_errors(symbols, block)
    wrong += atomic.atomic_errors(resolved.block)
    wrong += entries.entry_errors(symbols, resolved.block)
    if not resolved.lost:
        wrong += sections.section_errors(resolved.block)
    return wrong
