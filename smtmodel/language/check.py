"""From a protocol to a checked protocol, or to everything that is wrong with it.

Runs the parts in an order in which each finds what it needs: declarations, lanes, blocks,
properties, then the checks of `smtmodel.language.checks`, one file each. Nothing is decided
here about executions.
"""

from collections.abc import Collection, Iterable

from smtmodel.language import ast
from smtmodel.language.bounds import absent_lanes, find_bounds
from smtmodel.language.checked import Block, Checked, Lock, Shape, Variable
from smtmodel.language.checks import (
    assignments,
    atomic,
    awaited,
    barriers,
    entries,
    ghost_steps,
    ghosts,
    masking,
    sections,
    tokens,
)
from smtmodel.language.codes import UNKNOWN_PROPERTY
from smtmodel.language.constants import resolve_constants
from smtmodel.language.defining import declare
from smtmodel.language.inline import Inlined, inline
from smtmodel.language.properties import find_expectations, find_properties
from smtmodel.language.quote import quotes
from smtmodel.language.scope import Scope, Stand
from smtmodel.language.steps import Numbering, Resolved, resolve_block
from smtmodel.language.symbols import ONE_OF_A_NAME, Symbols
from smtmodel.language.walk import steps_in
from smtmodel.source import Diagnostic, Span, Text
from smtmodel.source.record import replace


def check(
    protocol: ast.Protocol, text: Text, excused: Collection[Diagnostic] = ()
) -> Checked | tuple[Diagnostic, ...]:
    """The checked protocol, or all errors in the order of their places, those left out that
    are excused."""
    return excusing(*examine(protocol, text), excused)


def excusing(
    found: Checked, wrong: Iterable[Diagnostic], excused: Collection[Diagnostic]
) -> Checked | tuple[Diagnostic, ...]:
    """The protocol if nothing is wrong with it but what is excused, else the rest of the errors.

    An expectation that is excused is about a property that the protocol does not have.
    """
    if not excused:
        return tuple(wrong) or found
    places = {(one.code, one.span) for one in excused}
    rest = tuple(one for one in wrong if (one.code, one.span) not in places)
    if rest:
        return rest
    met = (one for one in found.expectations if (UNKNOWN_PROPERTY, one.span) not in places)
    return replace(found, expectations=tuple(met), excused=tuple(excused))


def examine(protocol: ast.Protocol, text: Text) -> tuple[Checked, tuple[Diagnostic, ...]]:
    """The checked protocol, which is one if nothing is wrong, and all errors in the order of
    their places."""
    protocol, unused = resolve_constants(protocol)
    senseless: list[Diagnostic] = []
    numbered: dict[Span, int] = {}
    if any(isinstance(item, ast.Definition) for item in protocol.items):
        from smtmodel.language import definitions

        numbered = definitions.numbered_asserts(protocol)
        senseless = definitions.definition_errors(protocol)
        unused = [*unused, *definitions.unused_definitions(protocol)]
    inlined = Inlined(protocol) if senseless else inline(protocol)
    written = _written(protocol, inlined.protocol)
    protocol = inlined.protocol
    symbols, wrong = declare(protocol)
    bounds, bound_errors = find_bounds(protocol, symbols.kinds)
    resolved = _blocks(protocol, symbols, text, numbered)
    blocks = {name: one.block for name, one in resolved.items()}
    found, lane_locals, property_errors = find_properties(protocol, symbols, blocks)
    expectations, expectation_errors = find_expectations(protocol, found)
    wrong = [*unused, *wrong, *bound_errors, *property_errors, *expectation_errors]
    wrong += absent_lanes(symbols.kinds, bounds, lane_locals) if not bound_errors else []
    named = assignments.named_locals(protocol)
    zapped = entries.zapped_caches(blocks.values())
    for name, one in resolved.items():
        block = symbols.blocks[name]
        found_there = [*_told(symbols, inlined, one)]
        found_there += _flow(symbols, block, written[id(block)], one, named.get(name, frozenset()))
        found_there += entries.entry_errors(symbols, one.block, zapped)
        wrong += (_with_calls(error, one.block) for error in found_there)
    checked = Checked(
        protocol.name,
        protocol.title,
        text,
        tuple(symbols.structs.values()),
        tuple(one for one in symbols.variables.values() if not _is_only_named(one)),
        tuple(symbols.initial),
        _locks(symbols),
        tuple(n for n, kind in symbols.guards.items() if kind is ast.GuardKind.SRCU),
        tuple(blocks.values()),
        symbols.kinds.kinds,
        symbols.kinds.updaters,
        found,
        bounds,
        expectations,
    )
    wrong += tokens.token_errors(checked)
    wrong += awaited.awaited_errors(checked)
    unique = {(one.code, one.message, one.span): one for one in reversed(senseless or wrong)}
    return checked, tuple(
        sorted(unique.values(), key=lambda one: (one.span, one.code.name, one.message))
    )


def _is_only_named(variable: Variable) -> bool:
    """Whether it is an array of structs, for which there is an array for each field."""
    return variable.shape is Shape.STRUCT and variable.is_array


def _locks(symbols: Symbols) -> tuple[Lock, ...]:
    """The locks in the order of the file."""
    found = []
    for name, kind in symbols.guards.items():
        struct, dot, _ = name.partition(".")
        if kind not in ONE_OF_A_NAME:
            length = symbols.lengths.get(name, (0, None))
            found.append(Lock(name, kind, *length, struct=struct if dot else ""))
    return tuple(found)


def _blocks(
    protocol: ast.Protocol, symbols: Symbols, text: Text, numbered: dict[Span, int]
) -> dict[str, Resolved]:
    """The blocks in the order of the file."""
    quoted, numbering = quotes(text), Numbering(named=numbered)
    return {
        item.name: resolve_block(symbols, item, quoted, numbering)
        for item in protocol.items
        if isinstance(item, ast.Block) and symbols.blocks.get(item.name) is item
    }


def _written(protocol: ast.Protocol, inlined: ast.Protocol) -> dict[int, ast.Block]:
    """For each block whose calls have been replaced, by its identity, the one of the text."""
    pairs = zip(protocol.items, inlined.items, strict=True)
    return {id(after): before for before, after in pairs if isinstance(before, ast.Block)}


def _told(symbols: Symbols, inlined: Inlined, resolved: Resolved) -> Iterable[Diagnostic]:
    """The errors found in the steps of a block, none of them inside a definition."""
    if not resolved.wrong or not inlined.calls:
        return resolved.wrong
    from smtmodel.language.misuse import retold

    kind = symbols.kinds.of_block(resolved.block.name)
    scope = Scope(symbols, Stand.STEP, kind, dict(resolved.block.locals))
    return retold(resolved.wrong, inlined.calls, scope)


def _with_calls(error: Diagnostic, block: Block) -> Diagnostic:
    """An error; of one in a definition it is said where the block calls that."""
    first, last = (error.span.line, error.span.column), (error.span.end_line, error.span.end_column)
    lines = {
        step.where.call.span.line
        for step in steps_in(block.steps)
        if step.where.call is not None
        and (step.where.span.line, step.where.span.column) <= first
        and last <= (step.where.span.end_line, step.where.span.end_column)
    }
    if not lines or error.label:
        return error
    many = "line" if len(lines) == 1 else "lines"
    return replace(error, label=f"called in {many} {', '.join(map(str, sorted(lines)))}")


def _flow(
    symbols: Symbols,
    block: ast.Block,
    written: ast.Block,
    resolved: Resolved,
    named: frozenset[str],
) -> list[Diagnostic]:
    """The checks that follow the paths through one block."""
    types = dict(resolved.block.locals)
    wrong = assignments.assignment_errors(symbols, block, written, types, named)
    wrong += ghosts.ghost_errors(symbols, block, resolved.block)
    wrong += ghost_steps.ghost_step_errors(resolved.block, symbols.kinds.of_block(block.name))
    wrong += atomic.atomic_errors(symbols, resolved.block)
    wrong += barriers.barrier_errors(resolved.block)
    if not resolved.lost:
        wrong += sections.section_errors(resolved.block)
        wrong += masking.masking_errors(resolved.block, symbols.kinds.of_block(block.name))
    return wrong
