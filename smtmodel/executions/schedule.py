"""Schedules as text, for the command line.

A schedule is words separated by blanks, without characters that a shell would touch:

    fault0            the lane fault0 makes one move
    fault0/4          … four moves
    fault0/*          … all that are left to it, up to its end
    update0.flush     the oldest entry of its store buffer takes effect (also with /N)
    update0.free0     its first deferred free is carried out (they are counted from 0)
    update0@publish   the lane runs until it has completed the step with this label
    update0@18        … or the step on this line; `18b` is the second one there
    update0@18-20,24  … the steps on lines 18 to 20 and no others, then that on line 24;
                      `/*` behind it: and then runs to its end
    vcpu0:page_fault,2/6   the lane's choices, in the order in which it meets them; an object
                      that `alloc` or `copy` has is `new`, or a free object by its name

Takes words, gives a `Plan` or a `BadStep`; formats a `Schedule`, all choices of a lane at its
first word. Does not run anything: `smtmodel.executions.replay` resolves `@` and `/*`.
"""

import re
from collections.abc import Sequence

from smtmodel.executions.trace import Move, Schedule
from smtmodel.language.checked import Bounds, Checked, Lane, lanes
from smtmodel.language.step_names import StepNames
from smtmodel.language.walk import steps_in
from smtmodel.source.record import record

_CHOICE = "-?[0-9]+|[A-Za-z_][A-Za-z0-9_]*"

END = "*"
"""Instead of a number of moves: all that are left."""

LONGEST = 1_000_000
"""The most moves that a word may stand for."""


@record
class Until:
    """The lane runs until it has completed the step with this label or name or on this line.

    `since` is the line of the first step that it takes on the way, where all of them are to lie
    between these lines; None where they may lie anywhere.
    """

    lane: str
    at: str
    since: int | None = None


@record
class ToEnd:
    """The lane runs to its end."""

    lane: str


@record
class Plan:
    """Like a `Schedule`, but some moves say where to stop instead of how often to move."""

    moves: tuple[Move | Until | ToEnd, ...]
    choices: tuple[tuple[str, tuple[str, ...]], ...] = ()


@record
class BadStep:
    """A word that is not understood; `message` is a sentence without its end."""

    word: str
    message: str


def format_schedule(schedule: Schedule) -> str:
    """The words of a schedule, separated by blanks."""
    return " ".join(schedule_words(schedule))


def schedule_words(schedule: Schedule) -> tuple[str, ...]:
    """The words of a schedule."""
    given = dict(schedule.choices)
    words: list[str] = []
    place = 0
    while place < len(schedule.moves):
        move = schedule.moves[place]
        count = 1
        while place + count < len(schedule.moves) and schedule.moves[place + count] == move:
            count += 1
        own = not move.flush and move.callback is None
        choices = given.pop(move.lane, ()) if own else ()
        words.append(
            move.lane
            + (".flush" if move.flush else "")
            + ("" if move.callback is None else f".free{move.callback}")
            + (":" + ",".join(choices) if choices else "")
            + (f"/{count}" if count > 1 else "")
        )
        place += count
    return tuple(words)


def parse_schedule(tokens: Sequence[str], protocol: Checked, bounds: Bounds) -> Plan | BadStep:
    """The plan that words describe; labels, lines and lane names are looked up."""
    known = {lane.name: lane for lane in lanes(protocol, bounds)}
    moves: list[Move | Until | ToEnd] = []
    choices: dict[str, tuple[str, ...]] = {}
    for word in (part for token in tokens for part in token.split()):
        head, slash, times = word.partition("/")
        head, colon, chosen = head.partition(":")
        if slash and times != END and not _is_count(times):
            return BadStep(word, f"`{times}` is not a number of moves from 1 to {LONGEST}")
        found = _moves(word, head, known, protocol)
        if isinstance(found, BadStep):
            return found
        move = found[-1]
        if isinstance(move, Until) and slash and times != END:
            return BadStep(word, "a word with `@` takes no number of moves")
        if isinstance(move, Move) and times == END and _is_late(move):
            return BadStep(
                word, f"`/{END}` stands behind the name of a lane, which runs to its end"
            )
        if colon and (not chosen or not all(chosen.split(","))):
            return BadStep(word, "a choice is missing after `:` or `,`")
        wrong = [c for c in chosen.split(",") if colon and not re.fullmatch(_CHOICE, c)]
        if wrong:
            return BadStep(word, f"`{wrong[0]}` is no choice: that is a number or a name")
        if colon and isinstance(move, Move) and _is_late(move):
            return BadStep(word, "choices stand behind the name of a lane, which chooses them")
        if colon:
            choices[move.lane] = choices.get(move.lane, ()) + tuple(chosen.split(","))
        if times == END:
            moves += [*(one for one in found if isinstance(one, Until)), ToEnd(move.lane)]
        else:
            moves.extend(found * (int(times) if slash else 1))
    return Plan(tuple(moves), tuple(choices.items()))


def _is_count(times: str) -> bool:
    return _is_number(times) and 0 < int(times[:9]) <= LONGEST >= len(times)


def _is_late(move: Move) -> bool:
    """Whether it is no step of the lane, but what one of its steps leads to."""
    return move.flush or move.callback is not None


def _moves(
    word: str, head: str, known: dict[str, Lane], protocol: Checked
) -> list[Move | Until] | BadStep:
    """What a word without its number of moves and choices stands for."""
    name, at, place = head.partition("@")
    name, dot, flush = name.partition(".")
    if name not in known:
        return BadStep(word, f"there is no lane `{name}`; the lanes are {', '.join(known)}")
    late = flush.removeprefix("free")
    numbered = late != flush and _is_number(late) and len(late) < 10
    if dot and (not (flush == "flush" or numbered) or at):
        able = "only `.flush`, or `.free` and a number, may stand alone after a lane"
        return BadStep(word, f"`.{flush}` is not known; {able}")
    if numbered:
        return [Move(name, callback=int(late))]
    if not at:
        return [Move(name, flush=bool(dot))]
    found: list[Move | Until] = []
    for item in place.split(","):
        first, dash, last = item.partition("-")
        if dash and not (_is_number(first) and _is_number(last)):
            return BadStep(word, f"`{item}` is no range of lines")
        for one in (first, last) if dash else (item,):
            if not step_numbers(protocol, known[name], one):
                blocks = ", ".join(known[name].kind.blocks)
                return BadStep(word, f"no step of {blocks} has the label or line `{one}`")
        found.append(Until(name, last, int(first)) if dash else Until(name, item))
    return found


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal()


def step_numbers(protocol: Checked, lane: Lane, at: str) -> frozenset[int]:
    """The numbers of the steps with a label, and of all steps inside them; or of those that have
    a name or stand on a line."""
    names = StepNames(protocol)
    numbers: set[int] = set()
    for name in lane.kind.blocks:
        for step in steps_in(protocol.block(name).steps):
            if at == step.where.label:
                numbers.update(inner.where.number for inner in steps_in((step,)))
            elif at in names.all_of(step.where):
                numbers.add(step.where.number)
    return frozenset(numbers)
