"""`new`: a protocol to begin with. It checks, and its property is proved."""

TEMPLATE = """\
// What is in question, in a sentence; where the code or the mail is.
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
    """The text of a protocol of that name."""
    return TEMPLATE.format(name=name)


def is_name(name: str) -> bool:
    """Whether a protocol can be called so."""
    return name.isascii() and name.isidentifier()
