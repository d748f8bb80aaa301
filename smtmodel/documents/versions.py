"""What made a document, and the line that says so."""

from smtmodel.source.record import record


@record
class SourceFile:
    """A file by its name and the beginning of its SHA-256."""

    name: str
    digest: str


@record
class Versions:
    """What made a document: the tool, the solver, the files, whether runs were replayed, and
    whether executions of a model without a machine were repeated."""

    tool: str
    solver: str
    files: tuple[SourceFile, ...]
    replayed: bool = False
    repeated: bool = False


def versions_line(made: Versions) -> str:
    """The versions on one line."""
    solver = f", z3 {made.solver}" if made.solver else ""
    files = " and ".join(f"{one.name} {one.digest}" for one in made.files)
    some = "" if len(made.files) == 1 else "s"
    checked = f"; run{some} checked by replay" if made.replayed else ""
    checked += f"; execution{some} repeated lane by lane" if made.repeated else ""
    return f"smtmodel {made.tool}{solver}, {files}{checked}"
