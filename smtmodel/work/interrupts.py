"""Ctrl-C while other processes are waited for."""

import os
import signal
from types import FrameType, TracebackType


class Interrupts:
    """Ctrl-C as something to wait for, within this context, which may be entered again inside.

    `alarm` is a descriptor that has something to read once it was pressed; `seen` says so.
    Only the main thread can enter it.
    """

    def __init__(self) -> None:
        self.seen = False
        self.alarm: int | None = None
        self._depth = 0

    def __enter__(self) -> "Interrupts":
        self._depth += 1
        if self._depth == 1:
            self.alarm, self._bell = os.pipe()
            os.set_blocking(self._bell, False)
            self._before = signal.signal(signal.SIGINT, self._note)
            self._wakeup = signal.set_wakeup_fd(self._bell)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._depth -= 1
        if self._depth == 0 and self.alarm is not None:
            signal.set_wakeup_fd(self._wakeup)
            signal.signal(signal.SIGINT, self._before)
            os.close(self.alarm)
            os.close(self._bell)
            self.alarm = None

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.seen = True
