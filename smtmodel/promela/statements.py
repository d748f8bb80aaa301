"""Promela as a structure: what one step of a lane does, and how that is written down.

A step is an event with all that is local after it, hence one transition of SPIN, or a chain of
transitions that nothing comes between (`atomic`). Where every way through it leads to one place and
nothing is chosen, it is a `d_step`, which SPIN takes as one.
"""

from collections.abc import Iterator

from smtmodel.promela.conditions import both, negation
from smtmodel.source.record import record


@record
class Go:
    """Control goes to a label."""

    label: str


@record
class Here:
    """A label inside of a step, where ways through it come together."""

    label: str


@record
class Arm:
    """A guard and what is done where it holds; the last arm of a fork may have `else`."""

    guard: str
    body: tuple["Statement", ...] = ()


@record
class Fork:
    """One of the arms is taken. `free`: any whose guard holds, else there is only one."""

    arms: tuple[Arm, ...]
    free: bool = False


Statement = str | Go | Here | Fork


@record
class Step:
    """A step, which begins at a label; `guard` is what it waits for, empty if for nothing."""

    label: str
    remark: str
    guard: str
    body: tuple[Statement, ...]


def targets(body: tuple[Statement, ...]) -> Iterator[str]:
    """The labels that control may go to."""
    for part in body:
        match part:
            case Go(label=label):
                yield label
            case Fork(arms=arms):
                for arm in arms:
                    yield from targets(arm.body)


def _plain(body: tuple[Statement, ...]) -> bool:
    """Whether nothing is chosen and no label lies inside."""
    forks = [part for part in body if isinstance(part, Fork)]
    inner = all(_plain(arm.body) for fork in forks for arm in fork.arms)
    return inner and not any(isinstance(part, Here) or _free(part) for part in body)


def _free(part: Statement) -> bool:
    return isinstance(part, Fork) and part.free


def _without_going(body: tuple[Statement, ...]) -> tuple[Statement, ...]:
    kept = (part for part in body if not isinstance(part, Go))
    return tuple(
        Fork(tuple(Arm(arm.guard, _without_going(arm.body)) for arm in part.arms), part.free)
        if isinstance(part, Fork)
        else part
        for part in kept
    )


def _alternatives(step: Step) -> list[Arm]:
    """The ways to begin: a fork that a step begins with is decided where the step begins, if one
    of its arms leads elsewhere than the others."""
    match step.body:
        case (Fork(arms=arms, free=False), *rest) if any(map(_leaves, arms)):
            before = [step.guard]
            found: list[Arm] = []
            for arm in arms:
                own = [] if arm.guard == "else" else [arm.guard]
                body = arm.body if _leaves(arm) else (*arm.body, *rest)
                found.append(Arm(both(*before, *own), body))
                before += [negation(guard) for guard in own]
            return found
        case _:
            return [Arm(step.guard, step.body)]


def _leaves(arm: Arm) -> bool:
    """Whether nothing behind the fork follows an arm."""
    match arm.body:
        case (*_, Go()):
            return True
        case (*_, Fork(arms=arms)):
            return all(map(_leaves, arms))
        case _:
            return False


# ---------------------------------------------------------------- lines


def lines_of_step(step: Step, following: str) -> list[str]:
    """The lines of a step; `following` is the label of what is written behind it.

    SPIN lets nothing jump to a `d_step`, but to the `if` around it.
    """
    lines = [f"{step.label}:  /* {step.remark} */", "  if"]
    for way in _alternatives(step):
        own, target = _way(way)
        if target and target != following:
            own = [*_ended(own), f"goto {target}"]
        lines += [f"  :: {own[0]}", *(f"     {line}" for line in own[1:])]
    return [*lines, "  fi;"]


def _way(way: Arm) -> tuple[list[str], str]:
    """The lines of one way to take a step, and where it leads to if they do not say so."""
    leads = set(targets(way.body))
    if len(leads) == 1 and _plain(way.body):
        return _block("d_step", way.guard, _without_going(way.body)), leads.pop()
    return _block("atomic", way.guard, way.body), ""


def _block(word: str, guard: str, body: tuple[Statement, ...]) -> list[str]:
    inner = _guarded(guard, body)
    if len(inner) == 1 and len(inner[0]) < 70:
        return [f"{word} {{ {inner[0]} }}"]
    return [f"{word} {{", *_indented(inner), "}"]


def _body(body: tuple[Statement, ...]) -> list[str]:
    """The statements, one after another, with what parts them."""
    lines: list[str] = []
    labels = ""
    for part in body:
        if isinstance(part, Here):
            labels += f"{part.label}: "
            continue
        own = _statement(part)
        own[0] = labels + own[0]
        labels = ""
        lines = [*_ended(lines), *own]
    if labels:
        lines = [*_ended(lines), f"{labels}skip"]
    return lines


def _ended(lines: list[str]) -> list[str]:
    return [*lines[:-1], f"{lines[-1]};"] if lines else []


def _guarded(guard: str, body: tuple[Statement, ...]) -> list[str]:
    """A guard, if there is one, and what is done behind it."""
    own = _body(body)
    if not guard:
        return own or ["skip"]
    if len(own) == 1:
        return [f"{guard} -> {own[0]}"]
    return [f"{guard} ->", *own] if own else [guard]


def _statement(part: str | Go | Fork) -> list[str]:
    match part:
        case Go(label=label):
            return [f"goto {label}"]
        case Fork(arms=arms):
            lines = ["if"]
            for arm in arms:
                own = _guarded(arm.guard, arm.body)
                lines += [f":: {own[0]}", *(f"   {line}" for line in own[1:])]
            return [*lines, "fi"]
        case str():
            return [part]


def _indented(lines: list[str]) -> list[str]:
    return [f"  {line}" for line in lines]
