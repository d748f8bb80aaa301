"""What of a protocol has no meaning under the kernel's memory model yet: the place and why."""

from smtmodel.source import Span


class NotWritten(Exception):
    """A step, declaration or property that is refused."""

    def __init__(self, span: Span, reason: str) -> None:
        super().__init__(span, reason)
        self.span = span
        self.reason = reason
