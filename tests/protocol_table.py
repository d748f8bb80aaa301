"""Makes protocols/README.md: protocol x property, found by the prover. `make table` runs it."""

from pathlib import Path

from smtmodel.language.checked import Checked, Never
from tests.examples import FOUNDING, ROOT, results, shipped

HEAD = """# Protocols

What `smtmodel` finds at each file's own bounds. This page is generated; a test compares it with
what the prover says today.

| protocol | bounds | model | property | verdict | smallest run |
| --- | --- | --- | --- | --- | --- |
"""
PATH = ROOT / "protocols" / "README.md"


def _bounds(protocol: Checked) -> str:
    parts = [f"updates {protocol.bounds.updates}"] if protocol.bounds.updates else []
    parts += [f"{name} {count}" for name, count in protocol.bounds.lanes]
    return ", ".join(parts)


def _rows(name: str) -> list[str]:
    protocol = shipped(name)
    rows = []
    for model in ("sc", "tso"):
        _, found = results(protocol, name=model)
        for item in protocol.properties:
            result = found[item.name]
            if not isinstance(item, Never):
                continue
            run = f"{result.run.steps} steps" if result.run else ""
            rows.append(
                f"| [{name}]({name}.dsl) | {_bounds(protocol)} | {model} | {item.name} "
                f"| {result.verdict.value} | {run} |"
            )
    return rows


def table() -> str:
    """The whole page."""
    rows = [row for name in FOUNDING for row in _rows(name)]
    return HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    Path(PATH).write_text(table())
