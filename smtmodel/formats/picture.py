"""A run drawn as SVG: lanes as columns, time downwards, arrows for what a row depends on.

Takes a `Scene`; gives markup of a known size. Letters are set in a monospaced font whose
advance is fixed by `textLength`, so that widths are known here; texts stay text.
"""

from smtmodel.documents.plain import one_line
from smtmodel.documents.scene import Arrow, ArrowKind, Scene
from smtmodel.formats.layout import wrapped
from smtmodel.formats.markup import Markup, element
from smtmodel.source.record import record

LETTER = 7.8
LINE = 18
FONT = 13
MARGIN = 12
NUMBERS = 30
MOST = 46
"""Letters in a line of a column; longer texts are wrapped."""
CLASSES = {
    ArrowKind.READS: "reads",
    ArrowKind.WAITS: "waits",
    ArrowKind.GRACE: "grace",
    ArrowKind.NEXT: "reads",
    ArrowKind.PAST: "waits",
    ArrowKind.AROUND: "reads",
}
"""How arrows are drawn: solid, or dashed."""
TRACK = 11
GAP = 20
RADIUS = 4.5

RULES = """
.drawing text{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;
fill:$ink;white-space:pre}
.drawing .dim,.drawing .number{fill:$dim}
.drawing .head{font-weight:600}
.drawing .change{fill:$change}
.drawing .bad{fill:$bad;font-weight:600}
.drawing .good{fill:$good;font-weight:600}
.drawing .band{fill:none;pointer-events:all}
.drawing .life{stroke:$line;stroke-width:2}
.drawing .dot{fill:$paper;stroke:$dim;stroke-width:2}
.drawing .named .dot{fill:$bad;stroke:$bad}
.drawing .arrow{fill:none;stroke:$reads;stroke-width:1.5}
.drawing .tip{fill:$reads}
.drawing .waits .arrow,.drawing .grace .arrow{stroke:$waits;stroke-dasharray:5 3}
.drawing .waits .tip,.drawing .grace .tip{fill:$waits}
.paper{fill:$paper}
"""
COLORS = {
    "paper": ("#fff", "#0d1117"),
    "ink": ("#1f2328", "#e6edf3"),
    "dim": ("#59636e", "#9198a1"),
    "line": ("#d1d9e0", "#3d444d"),
    "change": ("#0550ae", "#79c0ff"),
    "bad": ("#b31d28", "#ff7b72"),
    "good": ("#116329", "#56d364"),
    "reads": ("#8250df", "#d2a8ff"),
    "waits": ("#9a6700", "#e3b341"),
}
"""On light paper, and on dark."""


def style() -> str:
    """The style sheet of drawings, for light paper and for dark; without variables, which many
    programs that show SVG do not know."""
    from string import Template

    rules = Template(RULES)
    light, dark = (
        rules.substitute({name: pair[number] for name, pair in COLORS.items()})
        for number in range(2)
    )
    return f"{light}@media (prefers-color-scheme:dark){{{dark}}}"


@record
class Drawing:
    """Markup drawn from (0, 0) on, and how large it is."""

    markup: Markup
    width: float
    height: float


@record
class _Plan:
    """Where everything lies: per lane the x of its line, per row the y of its first line and
    its lines of text and of changes."""

    lives: tuple[float, ...]
    tops: tuple[int, ...]
    texts: tuple[tuple[str, ...], ...]
    changes: tuple[tuple[str, ...], ...]
    tracks: tuple[tuple[Arrow, int], ...]
    width: float
    height: int


def line(text: str, x: float, y: float, **attributes: str | float | None) -> Markup:
    """A line of text whose baseline is at y."""
    shown = one_line(text)
    length = round(len(shown) * LETTER, 1)
    return element(
        "text",
        shown,
        x=x,
        y=y,
        textLength=length or None,
        **attributes,
    )


def draw(scene: Scene) -> Drawing:
    """The picture of a run."""
    plan = _plan(scene)
    heads = [
        line(_cut(head), x, MARGIN + FONT, class_="head")
        for head, x in zip(scene.table.heads, plan.lives, strict=True)
    ]
    lives = [
        element("line", class_="life", x1=x, x2=x, y1=LINE * 2, y2=plan.height - MARGIN)
        for x in plan.lives
    ]
    arrows = [_arrow(scene, plan, arrow, track) for arrow, track in plan.tracks]
    rows = [_row(scene, plan, number) for number in range(len(scene.table.rows))]
    bands = [_band(plan, number) for number in range(len(rows))]
    drawn = element("g", heads, bands, lives, arrows, rows, class_="drawing")
    return Drawing(drawn, plan.width, plan.height)


def _cut(head: str) -> str:
    return head if len(head) <= MOST else head[: MOST - 3] + "..."


def _folded(text: str) -> tuple[str, ...]:
    return tuple(wrapped(one_line(text), "  ", MOST, hard=True, first=""))


def _plan(scene: Scene) -> _Plan:
    rows, heads = scene.table.rows, scene.table.heads
    texts = tuple(_folded(row.text) for row in rows)
    changes = tuple(tuple(f for one in row.changes for f in _folded(one)) for row in rows)
    widths = [len(_cut(head)) for head in heads]
    for row, text, change in zip(rows, texts, changes, strict=True):
        widths[row.lane] = max(widths[row.lane], *map(len, text), *(2 + len(c) for c in change))
    tracks = _tracks(scene)
    lives: list[float] = []
    x: float = MARGIN + NUMBERS
    for lane, width in enumerate(widths):
        used = [track for arrow, track in tracks if rows[arrow.target].lane == lane]
        x += GAP + TRACK * (max(used) + 1 if used else 0)
        lives.append(x)
        x += 2 * MARGIN + width * LETTER
    tops: list[int] = []
    y = LINE * 2 + MARGIN
    for text, change in zip(texts, changes, strict=True):
        tops.append(y)
        y += LINE * (len(text) + len(change)) + 4
    return _Plan(tuple(lives), tuple(tops), texts, changes, tuple(tracks), x + MARGIN, y + MARGIN)


def _tracks(scene: Scene) -> list[tuple[Arrow, int]]:
    """For each arrow how far left of the target's line it runs, so that none share a stretch."""
    found: list[tuple[Arrow, int]] = []
    lane = [row.lane for row in scene.table.rows]
    for arrow in sorted(scene.arrows, key=lambda one: abs(one.target - one.source)):
        taken = {
            track
            for other, track in found
            if lane[other.target] == lane[arrow.target]
            and min(other.source, other.target) < max(arrow.source, arrow.target)
            and min(arrow.source, arrow.target) < max(other.source, other.target)
        }
        found.append((arrow, next(t for t in range(len(found) + 1) if t not in taken)))
    return found


def _middle(plan: _Plan, row: int) -> float:
    return plan.tops[row] + LINE / 2


def _band(plan: _Plan, number: int) -> Markup:
    """What lies behind a row, below all else: a page lights it and takes clicks on it."""
    lines = len(plan.texts[number]) + len(plan.changes[number])
    return element(
        "rect",
        class_="band",
        x=4,
        y=plan.tops[number] - 2,
        width=plan.width - 8,
        height=LINE * lines + 4,
        rx=4,
        data_row=number,
    )


def _row(scene: Scene, plan: _Plan, number: int) -> Markup:
    row = scene.table.rows[number]
    top, life = plan.tops[number], plan.lives[row.lane]
    x = life + MARGIN
    lines = [line(text, x, top + FONT + LINE * n) for n, text in enumerate(plan.texts[number])]
    below = top + FONT + LINE * len(lines)
    lines += [
        line(text, x + 2 * LETTER, below + LINE * n, class_="change")
        for n, text in enumerate(plan.changes[number])
    ]
    told = "" if row.number is None else str(row.number)
    at = MARGIN + NUMBERS - LETTER * len(told)
    return element(
        "g",
        line(told, at, top + FONT, class_="number") if told else "",
        element("circle", class_="dot", cx=life, cy=_middle(plan, number), r=RADIUS),
        lines,
        class_="row named" if number in scene.named else "row",
        data_row=number,
    )


def _arrow(scene: Scene, plan: _Plan, arrow: Arrow, track: int) -> Markup:
    """From the source's row sideways to the track, down it, and to the target's dot."""
    source, target = scene.table.rows[arrow.source], scene.table.rows[arrow.target]
    end = plan.lives[target.lane] - RADIUS - 1
    down = plan.lives[target.lane] - GAP + 6 - TRACK * track
    begin = plan.lives[source.lane]
    if source.lane < target.lane:
        begin += MARGIN + 6 + LETTER * len(plan.texts[arrow.source][0])
    else:
        begin -= RADIUS + 1
    y1, y2 = _middle(plan, arrow.source), _middle(plan, arrow.target)
    turn = 5 if begin < down else -5
    fall = 5 if y1 < y2 else -5
    path = (
        f"M{begin:g} {y1:g}H{down - turn:g}Q{down:g} {y1:g} {down:g} {y1 + fall:g}"
        f"V{y2 - fall:g}Q{down:g} {y2:g} {down + 5:g} {y2:g}H{end - 4:g}"
    )
    tip = f"M{end:g} {y2:g}l-7 -4v8z"
    return element(
        "g",
        element("title", told(scene, arrow)),
        element("path", class_="arrow", d=path),
        element("path", class_="tip", d=tip),
        class_=f"link {CLASSES[arrow.sort]}",
        data_source=arrow.source,
        data_target=arrow.target,
    )


def told(scene: Scene, arrow: Arrow) -> str:
    """`step 8 reads slots from step 7`."""
    source, target = _called(scene, arrow.source), _called(scene, arrow.target)
    match arrow.sort:
        case ArrowKind.READS:
            return f"{target} reads {arrow.what} from {source}"
        case ArrowKind.WAITS:
            return f"{target} waits for the read section of {arrow.what} left in {source}"
        case ArrowKind.GRACE:
            return f"{target} ends the grace period of {arrow.what} begun in {source}"
        case ArrowKind.NEXT:
            return f"{target} overwrites {arrow.what} of {source} (co)"
        case ArrowKind.PAST:
            return f"{target} overwrites what {source} reads of {arrow.what} (fr)"
        case ArrowKind.AROUND:
            return f"{source} leads to {target} by {arrow.what}"


def _called(scene: Scene, number: int) -> str:
    rows = scene.table.rows
    row = rows[number]
    if row.number is not None:
        return f"step {row.number}"
    before = [one.number for one in rows[:number] if one.number is not None]
    return f"{row.text} after step {before[-1]}" if before else row.text
