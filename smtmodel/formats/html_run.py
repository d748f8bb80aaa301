"""A run on a page: its picture, its steps as a list, and the state, which the arrow keys follow."""

from smtmodel.documents.scene import Scene
from smtmodel.documents.table import before_rows
from smtmodel.formats.markup import Markup, element
from smtmodel.formats.picture import draw, told

WIDE = 640
"""Pixels from which on a picture may shrink to the width of its column."""


def run(scene: Scene) -> Markup:
    first = before_rows(scene.table)
    if not scene.table.rows:
        return element("p", first)
    picture = draw(scene)
    drawn = element(
        "svg",
        picture.markup,
        viewBox=f"0 0 {picture.width:g} {picture.height:g}",
        width=picture.width,
        height=picture.height,
        class_="wide" if picture.width > WIDE else None,
        role="img",
        aria_label="The run, lanes side by side; the list of steps says the same",
    )
    count = len(scene.table.rows)
    # The buttons do nothing without the script, which shows them.
    keys = element(
        "div",
        element("button", "◀ back", type="button", data_go=-1),
        element("output", f"{count} rows", aria_live="polite"),
        element("button", "on ▶", type="button", data_go=1),
        element("span", "or the arrow keys", class_="dim"),
        class_="keys",
        hidden=True,
    )
    return element(
        "div",
        element("p", first) if first else "",
        keys,
        element("div", drawn, class_="picture"),
        _steps(scene),
        _legend(scene),
        _state(scene),
        class_="run",
        tabindex=0,
        data_rows=count,
    )


def still(scene: Scene, legend: str) -> list[Markup]:
    """A picture of what has no order to step through."""
    picture = draw(scene)
    size = round(picture.width), round(picture.height)
    drawn = element(
        "svg",
        picture.markup,
        viewBox="0 0 {} {}".format(*size),
        width=size[0],
        height=size[1],
        role="img",
        aria_label="the lanes, and how they communicate",
    )
    return [element("div", drawn, class_="wide"), element("p", legend, class_="legend dim")]


def _steps(scene: Scene) -> Markup:
    """The run as a list: for narrow screens, and for those who listen."""
    rows = []
    for number, row in enumerate(scene.table.rows):
        sets = [
            element("span", data_item=item, data_value=value) for item, value in scene.sets[number]
        ]
        changes = [element("span", change, class_="change") for change in row.changes]
        arrows = [
            element("span", told(scene, arrow), class_="why")
            for arrow in scene.arrows
            if arrow.target == number
        ]
        rows.append(
            element(
                "li",
                element("b", "" if row.number is None else str(row.number)),
                element("span", scene.table.lanes[row.lane], class_="lane"),
                element("code", row.text),
                changes,
                arrows,
                sets,
                data_row=number,
                data_lane=row.lane,
                data_line=row.line,
                class_="named" if number in scene.named else None,
            )
        )
    heads = [element("li", head) for head in scene.table.heads]
    return element("div", element("ul", heads), element("ol", rows), class_="steps")


def _legend(scene: Scene) -> Markup | str:
    arrows = "Arrows: solid, a read of what another lane wrote; dashed, what ends a grace period."
    named = "Filled dots: the steps that the explanation below names."
    parts = (arrows if scene.arrows else "", named if scene.named else "")
    shown = " ".join(filter(None, parts))
    return element("p", shown, class_="legend dim") if shown else ""


def _state(scene: Scene) -> Markup:
    """Every value at the start and at the end; the script shows those of the step."""
    end = {number: item.start for number, item in enumerate(scene.items)}
    for sets in scene.sets:
        end |= dict(sets)
    groups: dict[int | None, list[int]] = {}
    for number, item in enumerate(scene.items):
        groups.setdefault(item.column, []).append(number)
    bodies = []
    for column, numbers in groups.items():
        head = "shared" if column is None else scene.table.heads[column]
        rows = [element("tr", element("th", head, colspan=3, scope="rowgroup"))]
        for number in numbers:
            item = scene.items[number]
            changed = "" if end[number] == item.start else "changed"
            rows.append(
                element(
                    "tr",
                    element("th", item.name, scope="row"),
                    element("td", item.start),
                    element("td", end[number], class_=changed or None, data_item=number),
                )
            )
        bodies.append(element("tbody", rows))
    heads = [element("th", text, scope="col") for text in ("", "at the start", "at the end")]
    return element(
        "table",
        element("caption", "State"),
        element("thead", element("tr", heads)),
        bodies,
        class_="state",
    )
