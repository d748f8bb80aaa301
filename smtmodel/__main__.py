"""The entry point: lets the solver start to load before anything else does.

For commands that decide something the worker process is forked as soon as the types that
both processes need are there, so that it imports the solver while this one reads the
arguments and the protocol.
"""

import gc
import os
import sys
from typing import NoReturn

DECIDING = (
    *("prove", "check", "demo", "doctor", "litmus"),
    *("needed", "cases", "orders", "diff", "review", "check-invariant"),
)


def main() -> NoReturn:
    """Run the command line and end the process with its status."""
    gc.set_threshold(100_000)  # imports make many objects, and hardly any garbage
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # closed by whoever started this
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115
    try:
        worker = None
        if sys.argv[1:2] and sys.argv[1] in DECIDING and "--help" not in sys.argv:
            from smtmodel.solving.question import load, load_weakly
            from smtmodel.work.worker import Worker

            weakly = sys.argv[1] == "litmus" or "lkmm" in sys.argv or "--model=lkmm" in sys.argv
            worker = Worker(load_weakly if weakly else load)
        from smtmodel import cli

        status = cli.run(sys.argv[1:], worker)
    except KeyboardInterrupt:
        status = 130
    # Nothing is left to be done that could still change the status.
    os._exit(status)


if __name__ == "__main__":
    main()
