"""A run of one version of a protocol, made in another one as far as it goes.

Takes two checked protocols, how their steps correspond, and a run of the old one; makes it in the
new one with the interpreter: steps that the new one adds are made where they stand, steps that it
has no longer are left out, everything else has to be possible in the order of the run, with the
choices that the run made at the same steps. Asks nothing of the solver.
"""

from collections.abc import Iterator

from smtmodel.analysis.comparison import Steps
from smtmodel.analysis.follower import Follower, branches_of
from smtmodel.analysis.script import scripted
from smtmodel.executions.replay import Impossible, Replayed, replay
from smtmodel.executions.trace import Schedule, Trace
from smtmodel.language.ast import When
from smtmodel.language.checked import (
    DEADLOCK,
    Bounds,
    Checked,
    Constant,
    Never,
    Or,
    Where,
    lanes,
)
from smtmodel.solving.bounds import is_about_ends
from smtmodel.source.record import record, replace

Facts = tuple[tuple[str, str], ...]


@record
class Followed:
    """A run of the old version as far as the new one makes it.

    `run` is the part that it makes, `stopped` why it goes no further, nothing if it goes to
    the end. `violated`: the property is violated all the same, and `run` ends there; else `facts`
    are what it reads at the end. `added` are the steps made that the old run had not, `chosen` what
    was chosen at some of them: the first that is offered.
    """

    run: Replayed | None
    bounds: Bounds
    stopped: str
    violated: bool = False
    facts: Facts = ()
    added: tuple[Where, ...] = ()
    chosen: tuple[tuple[Where, str], ...] = ()


def follow(
    old: Checked,
    trace: Trace,
    bounds: Bounds,
    new: Checked,
    name: str,
    steps: Steps,
    *,
    store_buffers: bool,
) -> Followed:
    """The run of the old version in the new one, and whether it violates the property there."""
    names = _lane_names(old, new, bounds, steps)
    at = _bounds(new, bounds, names)
    known = {lane.name for lane in lanes(new, at)}
    missing = [lane for lane, _ in trace.lanes if names.get(lane) not in known]
    if missing:
        return Followed(None, at, f"there is no lane {missing[0]}")
    ends = any(one.name == name and is_about_ends(one) for one in new.properties)
    if ends and at != new.bounds:
        return Followed(None, at, "there are lanes that it says nothing of")
    branches = branches_of(old, new, steps)
    script = scripted(old, trace, bounds, store_buffers=store_buffers)
    follower = Follower(new, at, script, steps, names, branches, store_buffers=store_buffers)
    stopped = follower.run(ends=ends and name != DEADLOCK)
    return _judged(follower, new, at, name, stopped, store_buffers=store_buffers)


def _lane_names(old: Checked, new: Checked, bounds: Bounds, steps: Steps) -> dict[str, str]:
    """What each lane of the old version is called in the new one: by the blocks that it runs."""
    blocks = dict(steps.blocks)
    kinds = {block: kind for kind in new.kinds for block in kind.blocks}
    found: dict[str, str] = {}
    for lane in lanes(old, bounds):
        own = [blocks[name] for name in lane.kind.blocks if name in blocks]
        same = next((kind for kind in new.kinds if kind.name == lane.kind.name), None)
        kind = same or next((kinds[name] for name in own if name in kinds), None)
        if kind is not None:
            found[lane.name] = f"{kind.name}{lane.index}"
    return found


def _bounds(new: Checked, bounds: Bounds, names: dict[str, str]) -> Bounds:
    """The bounds of a run in the new version: as many lanes as there, none of other kinds."""
    counts = {kind.bound: 0 for kind in new.kinds if not kind.updates}
    known = set(names.values())
    for kind in new.kinds:
        if not kind.updates:
            count = 0
            while f"{kind.name}{count}" in known:
                count += 1
            counts[kind.bound] = count
    lanes_ = tuple((bound, counts.get(bound, 0)) for bound, _ in new.bounds.lanes)
    return replace(new.bounds, updates=bounds.updates, lanes=lanes_, rounds=bounds.rounds)


def _judged(
    follower: "Follower",
    new: Checked,
    bounds: Bounds,
    name: str,
    stopped: str,
    *,
    store_buffers: bool,
) -> Followed:
    """What the property says of the run: at each of its instants, if it is judged at any."""
    made = tuple((lane, tuple(texts)) for lane, texts in follower.made.items())
    probed = replace(new, properties=(*new.properties, *_probe(new, name)))

    def run(length: int) -> Replayed:
        moves = tuple(follower.moves[:length])
        found = replay(probed, bounds, store_buffers=store_buffers, schedule=Schedule(moves, made))
        assert not isinstance(found, Impossible), found
        return found

    added, chosen = tuple(follower.added), tuple(follower.chosen)
    whole = len(follower.moves)
    at_any_time = any(isinstance(x, Never) and x.name == name for x in new.properties)
    for length in range(0 if at_any_time else whole, whole + 1):
        there = run(length)
        if name in there.violated:
            return Followed(there, bounds, stopped, True, (), added, chosen)
    facts = () if stopped else there.facts(_PROBE)
    return Followed(there, bounds, stopped, False, facts, added, chosen)


_PROBE = "what the property reads"


def _probe(new: Checked, name: str) -> Iterator[Never]:
    """A property that is violated wherever the named one can be judged, and so tells what it
    reads there."""
    for item in new.properties:
        if isinstance(item, Never) and item.name == name:
            reads = item.bad if item.condition is None else Or(item.bad, item.condition)
            always = Or(reads, Constant(1))
            yield replace(item, name=_PROBE, bad=always, condition=None, when=When.ALWAYS)
