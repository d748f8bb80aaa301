"""The page with the tables, in Markdown. Takes results; measures nothing."""

from benchmarks.promela import Style
from benchmarks.results import PROPERTY, Compared, Results, Searched, Size, Timed
from benchmarks.spin import FLAGS, MEMORY, Ending

TARGET = Size(4, 4)
"""Where the ratio to SPIN is to be reached."""

STYLES = {Style.PLAIN: "plain", Style.CLEARED: "cleared", Style.MERGED: "merged"}


def page_of_shapes(
    shapes: tuple[Compared, ...], peer: str, machine: tuple[tuple[str, str], ...]
) -> str:
    """The section about the shapes alone, with the machine."""
    known = _table(["these rows", ""], [[what, value] for what, value in machine])
    return "\n".join([*_shapes(shapes, peer), "", *known]) + "\n"


def page(results: Results) -> str:
    """The whole page."""
    parts = [
        _head(results),
        _goals(results),
        _whole(results),
        _growing(results),
        _options(results),
        _slow(results),
        _shapes(results.shapes, results.peer),
        _stages(results),
        COMPARED,
    ]
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


COMPARED = [
    "## What is compared",
    "",
    "- **The protocol** is `protocols/paolo.dsl` under sequential consistency. The Promela model",
    "  (`benchmarks/promela.py`) has the same steps: one transition per access to shared memory,",
    "  mark of a section, begin and end of a grace period, begin and return of an update. Before",
    "  anything is timed, SPIN's verdict and the length of a shortest error are compared with the",
    "  prover's, on six protocols and two properties at 1x1, 2x1 and 2x2.",
    "- **The other shapes** (`benchmarks/shapes/`) are lanes coupled by a counter, locks, and",
    "  readers that retry. Their models are exported (`docs/promela.md`), so is paolo's in that",
    "  table; the rows above are of models written by hand, whose states take less room.",
    "- **smtmodel** is timed as a whole process, from the shell's point of view: start of",
    "  Python, imports, parsing, the proof of one property, the checks that it is not vacuous, the",
    "  replayed witness of the protocol's goal, and the report; with `--bounded`: SPIN is not",
    "  asked about any number of updates either.",
    "- **SPIN** is timed without what comes before the search: only the compiled searcher, not",
    "  `spin -a` and not the C compiler (column *make*). It judges the property inside the",
    "  transitions that can make it false, so there is no monitor process. It does not check that",
    "  the proof is not vacuous.",
    "- SPIN's model comes in three styles. *Plain* is the model as first written. In *cleared*",
    "  every local is set to 0 with its last use, which SPIN's own analysis does only in part.",
    "  In *merged*, also, the accesses to a version that is not yet published are one transition;",
    "  that is the user's own proof that nobody can tell, and smtmodel is not given it.",
    "- SPIN checks each fault lane; smtmodel asks about the first, because lanes of a kind are",
    "  alike (all of them are in the constraints). SPIN stores all states exactly; its lossy",
    "  modes (bit state, hash compaction) are left out because they prove nothing.",
    "- The package is compiled to bytecode before, as an installation does it, and the tables of",
    "  the grammar are in the user's cache, as from the second command on.",
    "- A ratio is a median of this run over another median of this run; the runs of all rows are",
    "  interleaved, so that a busy machine slows all of them.",
    "- What SPIN needs grows with the number of states, which multiplies with every fault lane.",
    "  At the smallest bounds its searcher is done before a Python process has started; there a",
    "  solver buys the vacuity checks, the smallest run and that no model is written by hand.",
    "- CBMC, another peer, is not measured here.",
]


def _head(results: Results) -> list[str]:
    return [
        "# Benchmarks",
        "",
        "Written by `make bench`; every figure is from one run. Times are wall-clock seconds,",
        "medians of the repetitions; memory is resident MB at its peak, for smtmodel that of its",
        "two processes added up. `UxF` means U updates and F faults.",
        "",
        *_table(["this run", ""], [[what, value] for what, value in results.machine]),
    ]


# ---------------------------------------------------------------- tables


def _table(head: list[str], rows: list[list[str]]) -> list[str]:
    rule = [":--", *("--:" for _ in head[1:])]
    return ["| " + " | ".join(cells) + " |" for cells in (head, rule, *rows)]


def _seconds(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:.1f}"


def _times(value: float) -> str:
    return f"{value:.1f}x" if value < 10 else f"{value:.0f}x"


def _megabytes(value: float | None) -> str:
    return "-" if value is None else f"{value:,.0f}"


def _goals(results: Results) -> list[str]:
    rows: list[list[str]] = []

    def goal(what: str, asked: str, measured: str, met: bool) -> None:
        rows.append([what, asked, measured, "yes" if met else "**no**"])

    ratio = results.default.median / results.imports.median
    goal("default bounds, all properties : imports", "1.7x", _times(ratio), ratio <= 1.7)
    for size, limit in ((Size(8, 4), 1.0), (Size(16, 8), 4.0)):
        timed = results.proofs.get(size)
        if timed is not None:
            met = timed.median <= limit
            goal(f"{size}, seconds", f"{limit:.0f}", _seconds(timed.median), met)
    peaks = [timed.megabytes for timed in results.proofs.values() if timed.megabytes is not None]
    if peaks:
        goal("memory, MB", "500", _megabytes(max(peaks)), max(peaks) <= 500)
    for style, name in STYLES.items():
        searched, proof = results.best(TARGET, style), results.proofs.get(TARGET)
        if searched is not None and proof is not None:
            faster = searched.median / proof.median
            what = f"{TARGET}, SPIN's searcher ({name}) : whole process"
            goal(what, "20x", _ratio(searched, proof), faster >= 20)
    return ["## What was to be reached", "", *_table(["", "to reach", "this run", "met"], rows)]


def _whole(results: Results) -> list[str]:
    def row(what: str, timed: Timed) -> list[str]:
        spread = f"{_seconds(min(timed.seconds))} to {_seconds(max(timed.seconds))}"
        ratio = _times(timed.median / results.imports.median)
        memory = _megabytes(timed.megabytes)
        return [what, _seconds(timed.median), spread, ratio, memory]

    rows = [
        row('`python -c "import z3, lark, click"`', results.imports),
        row("`prove protocols/paolo.dsl --bounded` (2x2, everything)", results.default),
        row("`fmt --check protocols/paolo.dsl` (reading only)", results.reading),
        *(row(f"{size}, `--only {PROPERTY}`", t) for size, t in results.proofs.items()),
    ]
    head = ["whole process", "median s", "range", ": imports", "MB"]
    return ["## Whole processes", "", *_table(head, rows)]


def _growing(results: Results) -> list[str]:
    title = ["## Growing bounds: smtmodel and SPIN", ""]
    if not results.searched:
        return [*title, f"No rows for SPIN: {results.peer}."]
    rows = []
    for size in sorted({found.size for found in results.searched}):
        proof = results.proofs.get(size)
        for style, name in STYLES.items():
            found = results.best(size, style)
            if found is not None:
                states = f"{found.states:,}" if found.states else "-"
                rows.append(
                    [
                        f"{size} {name}",
                        "-" if proof is None else _seconds(proof.median),
                        _spent(found),
                        "-" if proof is None else _ratio(found, proof),
                        states,
                        _megabytes(found.megabytes),
                        _seconds(found.building),
                    ]
                )
    head = ["", "smtmodel, whole", "SPIN, searcher", "ratio", "states", "SPIN MB", "make"]
    return [
        *title,
        f"SPIN with the options that were fastest (all were tried at {TARGET}; beyond, those that",
        "save memory too). The ratio is SPIN's searcher alone over smtmodel's whole process.",
        f"Before this, both gave equal answers to {results.compared} questions. Limits: "
        f"{results.limit:.0f} s, {MEMORY:,} MB.",
        "",
        *_table(head, rows),
    ]


def _spent(found: Searched) -> str:
    if found.ending is Ending.HOLDS:
        return _seconds(found.median)
    return f"{found.ending.value} after {found.median:.0f} s"


def _ratio(found: Searched, proof: Timed) -> str:
    ratio = _times(found.median / proof.median)
    return ratio if found.ending is Ending.HOLDS else f"over {ratio}"


def _options(results: Results) -> list[str]:
    found = [s for s in results.searched if s.size == TARGET]
    if not found:
        return []
    rows = [[f"{STYLES[s.style]}, {s.options}", _spent(s), _megabytes(s.megabytes)] for s in found]
    return [
        f"## SPIN's options at {TARGET}",
        "",
        f"Always `{' '.join(FLAGS)}`.",
        "",
        *_table(["", "searcher", "MB"], rows),
    ]


def _slow(results: Results) -> list[str]:
    if not results.slow:
        return []
    rows = [
        [
            f"`{name}`",
            _seconds(decided.median),
            _seconds(enumerated.median),
            _times(enumerated.median / decided.median),
            f"{states:,}",
        ]
        for name, (decided, enumerated, states) in results.slow.items()
    ]
    return [
        "## Slow protocols",
        "",
        "Whole processes: `check` decides all properties with everything that a report says, under",
        "each model that the file speaks of; to enumerate is to visit all states in plain Python,",
        "to compare nothing and to look for no smallest run.",
        "",
        *_table(["", "check", "enumerate", "ratio", "states"], rows),
    ]


def _shapes(shapes: tuple[Compared, ...], peer: str) -> list[str]:
    if not shapes:
        return []
    rows = [
        [
            one.size,
            _seconds(one.proof.median),
            *(
                [
                    _searched(one),
                    _seconds(one.building),
                    _with_building(one),
                    f"{one.searches[0].states:,}" if one.searches[0].states else "-",
                ]
                if one.searches
                else ["-"] * 4
            ),
        ]
        for one in shapes
    ]
    head = ["", "smtmodel, whole", "SPIN, searcher", "make", "both : smtmodel", "states"]
    absent = [f"No figures for SPIN: {peer}.", ""] if peer else []
    return [
        "## More shapes, as exported models",
        "",
        "The models are those that `smtmodel promela` prints, for paolo too. The ratio is SPIN's",
        "searcher and what making it takes, over smtmodel's whole process.",
        "",
        *absent,
        *_table(head, rows),
    ]


def _searched(one: Compared) -> str:
    if one.ending is Ending.HOLDS:
        return _seconds(one.median)
    return f"{one.ending.value} after {one.median:.0f} s"


def _with_building(one: Compared) -> str:
    ratio = _times((one.median + one.building) / one.proof.median)
    return ratio if one.ending is Ending.HOLDS else f"over {ratio}"


def _stages(results: Results) -> list[str]:
    if not results.stages:
        return []
    sizes = list(results.stages)
    names = list(results.stages[sizes[0]])
    rows = [[n, *(f"{1000 * results.stages[s][n]:.1f}" for s in sizes)] for n in names]
    return [
        "## Stages in one process, milliseconds",
        "",
        f"One property, `{PROPERTY}`, at the bounds asked for. `prove` imports the solver in a",
        "second process while the first one reads the protocol, so its total is less than the sum.",
        "",
        *_table(["stage", *map(str, sizes)], rows),
    ]
