"""`new`: a protocol to begin with. It checks, and its property is proved."""

import os
import re

TEMPLATE = """\
// What is in question, in a sentence.
//
// `smtmodel review` shows what stands behind these two words: the code or the mail that this is
// a model of, and the Message-ID or the commit of the patch that it is about.
//
// Source:
// Patch:
protocol {name} "a flag is published after the data it announces"

// Shared state, each with its initial value.
shared data = 0
shared ready = 0

// Updates run one after another, as under a mutex, unless there is an `updaters N`.
update publish {{
    data = 1
    smp_store_release(ready, 1)
}}

// Faults run at the same time as everything else, each in a lane of its own.
fault consume {{
    seen = smp_load_acquire(ready)
    if (seen == 1) {{
        value = data
        got_it: assert value == 1
    }}
}}

// `always` means at every instant, `settled` while no update is between its begin and its
// return, `finally` when every lane has run to its end.
never announced_too_early: data == 0 when ready == 1 always

// A protocol in which nothing ever happens is safe too: say what has to be possible.
reach reads_it: at consume.got_it

bounds updates 1, faults 2

expect announced_too_early proved
expect got_it              proved
expect reads_it            proved
"""


def template(name: str) -> str:
    """The text of a protocol that is called as `protocol_name` says."""
    return TEMPLATE.format(name=name)


def protocol_name(name: str) -> str:
    """What a protocol in a file of that name is called, or nothing if there is no such name."""
    return name.replace("-", "_") if re.fullmatch("[A-Za-z_][A-Za-z0-9_-]*", name) else ""


def near(name: str) -> str:
    """What to give to `new` instead of a name that is none, or nothing."""
    folder, file = os.path.split(name)
    found = re.sub("[^A-Za-z0-9_-]+", "_", file.removesuffix(".dsl")).strip("_-")
    if not protocol_name(found):
        return ""
    return f"{found} --out {folder}/{found}.dsl" if folder else found
