"""Which fields the whole entries have that locals hold, and every step of a block.

Takes checked steps. An entry is a bare tuple at run time; its fields follow from where it
came from, a word, a cache or a written-out entry, possibly through other locals.
"""

from collections.abc import Iterator

from smtmodel.language.checked import (
    Atomic,
    Await,
    Block,
    Branch,
    Cell,
    Checked,
    EntryValue,
    Expression,
    If,
    LaneLocal,
    Load,
    Local,
    ReadModifyWrite,
    Retry,
    SetLocal,
    Settled,
    Step,
    While,
    Yields,
)

Entries = dict[str, tuple[str, ...]]
"""The fields of each local that holds a whole entry."""


def walk(steps: tuple[Step, ...]) -> Iterator[Step]:
    """These steps and all inside them, in the order of the text."""
    for step in steps:
        yield step
        match step:
            case If(then=then, otherwise=otherwise):
                yield from walk(then)
                yield from walk(otherwise)
            case While(body=body) | Retry(body=body) | Atomic(body=body):
                yield from walk(body)
            case Branch(branches=branches):
                for branch in branches:
                    yield from walk(branch)
            case _:
                pass


def entries_of(protocol: Checked, block: Block) -> Entries:
    """The fields of each local of a block that holds a whole entry."""
    found: Entries = {}
    assignments = [step for step in walk(block.steps) if isinstance(step, SetLocal)]
    for _ in assignments:  # a chain of copies between locals settles in as many rounds
        before = len(found)
        for step in assignments:
            fields = entry_fields(protocol, found, step.value)
            if fields:
                found[step.name] = fields
        if len(found) == before:
            break
    return found


def entry_fields(protocol: Checked, entries: Entries, expression: Expression) -> tuple[str, ...]:
    """The fields of the entry that an expression yields; none if it yields something else."""
    match expression:
        case EntryValue(fields=fields):
            return fields
        case ReadModifyWrite(yields=Yields.SUCCESS):
            return ()
        case Load(place=Cell(variable=name)) | ReadModifyWrite(place=Cell(variable=name)):
            return protocol.variable(name).fields
        case Local(name=name):
            return entries.get(name, ())
        case LaneLocal(block=block, name=name):
            return entries_of(protocol, protocol.block(block)).get(name, ())
        case Settled(expression=inner) | Await(load=inner):
            return entry_fields(protocol, entries, inner)
        case _:
            return ()
