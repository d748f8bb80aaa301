"""Work for other processes: who asks for it, who does it, and when it ends."""

import time


def now() -> float:
    """The clock of time limits and of progress, in seconds; tests put their own in its place."""
    return time.monotonic()
