"""What a checked protocol means, to be compared with another that is written otherwise."""

from smtmodel.language.checked import Checked, Opening


def shape(protocol: Checked) -> object:
    """The steps of the first block without the rows that open calls; locals called by the order in
    which they are met. What only reports say of a step is left out: its place, and the text of a
    part of a condition."""
    names: dict[str, str] = {}

    def plain(part: object) -> object:
        if isinstance(part, tuple):
            return tuple(plain(one) for one in part if not isinstance(one, Opening))
        kind, fields = type(part).__name__, getattr(type(part), "__record__", None)
        if fields is None:
            return part
        if kind in ("Where", "Span"):
            return None
        given = {name: plain(getattr(part, name)) for name in fields if name != "part"}
        if kind in ("Local", "SetLocal"):
            given["name"] = names.setdefault(str(given["name"]), f"local {len(names)}")
        return kind, tuple(given.items())

    return plain(protocol.blocks[0].steps)
