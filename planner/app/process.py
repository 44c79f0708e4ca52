"""The life of a process that works for the page: it answers, and tells how far it is, until its pipe closes."""

from __future__ import annotations

import gc
import signal
from multiprocessing.connection import Connection
from typing import Any

from planner.collector import OBJECTS_BETWEEN_COLLECTIONS
from planner.errors import InvalidInput, PlannerError


class Teller:
    """What a work tells while it goes on: words for the status line, and parts of its answer that are ready."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe, self.kept = pipe, list[object]()

    def keep(self, thing: object) -> None:
        """Hold it until the answer has gone: to let go of a program, a million objects, takes a fifth of a second."""
        self.kept.append(thing)

    def __call__(self, words: str) -> None:
        self._pipe.send(("said", words))

    def part(self, **parts: Any) -> None:
        """Parts of the answer, by name."""
        self._pipe.send(("part", parts))


def live(pipe: Connection) -> None:
    """The life of a process: answer, until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    while True:
        try:
            work, arguments = pipe.recv()
        except (EOFError, OSError):
            return
        tell = Teller(pipe)
        try:
            ended: tuple[Any, tuple[str, ...]] = (work(tell, *arguments), ())
        except Exception as error:
            ended = None, told(error)
        pipe.send(("ended", ended))
        del tell, ended


def told(error: Exception) -> tuple[str, ...]:
    """What went wrong, a line each, as the command line tells it."""
    if isinstance(error, InvalidInput):
        return tuple(map(str, error.problems))
    if isinstance(error, PlannerError):
        return (str(error),)
    return (f"internal error: {type(error).__name__}: {error}".rstrip(": "),)
