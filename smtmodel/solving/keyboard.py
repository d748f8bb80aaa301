"""Ctrl-C while a worker process is waited for."""

import os
import signal
from types import FrameType, TracebackType


class Interrupts:
    """Ctrl-C as something to wait for, while this context lasts.

    `alarm` is a descriptor that has something to read once it was pressed; `seen` says so.
    Outside the main thread Ctrl-C stays what it was.
    """

    def __enter__(self) -> "Interrupts":
        self.seen = False
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
        signal.set_wakeup_fd(self._wakeup)
        signal.signal(signal.SIGINT, self._before)
        os.close(self.alarm)
        os.close(self._bell)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.seen = True
