"""What is said meanwhile: when, where and how, by a clock that stands until it is told to go."""

import sys
from typing import IO

import pytest

from smtmodel import work
from smtmodel.commands.sinks import Progress, Show, Turn
from smtmodel.solving.result import Started


class Watched:
    """What a progress of these options has said on standard error after so many seconds."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, terminal: bool, quiet: bool = False):
        self.seconds = 0.0
        self.told: list[str] = []
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)
        monkeypatch.setattr(work, "now", lambda: self.seconds)
        self.progress = Progress(self._put, Show(quiet=quiet))

    def _put(self, text: str, stream: IO[str]) -> None:
        assert stream is sys.stderr
        self.told.append(text)

    def at(self, seconds: float) -> list[str]:
        """What is said when the clock shows this and somebody looks at it."""
        self.seconds = seconds
        self.told.clear()
        self.progress(None)
        return list(self.told)


def test_elsewhere_a_line_is_said_whenever_ten_seconds_have_passed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    watched = Watched(monkeypatch, terminal=False)
    assert watched.at(9.9) == []
    assert watched.at(10) == ["10s: deciding what can happen\n"]
    watched.progress(Started("lost"))
    assert watched.at(19.9) == []
    assert watched.at(20) == ["20s: deciding lost\n"]


def test_a_terminal_has_one_line_after_a_second_and_then_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    watched = Watched(monkeypatch, terminal=True)
    assert watched.at(0.9) == []
    assert watched.at(1) == ["\rdeciding what can happen  1s\x1b[K"]
    assert watched.at(30) == ["\rdeciding what can happen  30s\x1b[K"]
    watched.told.clear()
    watched.progress.clear()
    watched.progress.clear()
    assert watched.told == ["\r\x1b[K"]


def test_of_several_files_the_name_and_the_count_come_with_the_first_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    watched = Watched(monkeypatch, terminal=True)
    watched.progress(Turn("reading", "a.dsl", 1, 2))
    assert watched.at(1) == ["\rreading a.dsl (1 of 2)  1s\x1b[K"]
    watched.progress(Turn("deciding", "a.dsl", 1, 2))
    assert watched.at(2) == ["\rdeciding a.dsl (1 of 2)  2s\x1b[K"]
    watched.progress(Started("lost"))
    assert watched.at(3) == ["\rdeciding a.dsl (1 of 2): lost  3s\x1b[K"]
    watched.progress(Turn("deciding", "b\x1b.dsl", 2, 2))
    assert watched.at(4) == ["\rdeciding b?.dsl (2 of 2)  4s\x1b[K"]


@pytest.mark.parametrize("terminal", [True, False])
def test_who_wants_quiet_is_told_nothing(terminal: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    watched = Watched(monkeypatch, terminal=terminal, quiet=True)
    assert not watched.progress.wanted
    assert watched.at(3600) == []
