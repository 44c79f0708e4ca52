"""Standard output belongs to the answer: what a solver prints goes to standard error, or nowhere.

Solvers are C++ and write to file descriptor 1 unasked: HiGHS 1.16 prints a banner before it can be told to be silent.
While one works, descriptor 1 points elsewhere and `sys.stdout` is `sys.stderr`. All threads share both, so the first to
come moves them and the last to go puts them back.
"""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from typing import TextIO

LOG = "PLANNER_SOLVER_LOG"
STDOUT, STDERR = 1, 2


def log_wanted() -> bool:
    """Whether the solver's log shows on standard error; an environment variable, so that worker processes know it."""
    return os.environ.get(LOG) == "1"


class _Stdout:
    """Standard output, moved away while at least one thread is inside."""

    def __init__(self) -> None:
        self._lock, self._inside = threading.Lock(), 0
        self._descriptor: int | None = None
        self._stream: TextIO = sys.stdout

    def move(self) -> None:
        with self._lock:
            self._inside += 1
            if self._inside > 1:
                return
            self._stream, sys.stdout = sys.stdout, sys.stderr
            with suppress(OSError, ValueError, AttributeError):
                self._stream.flush()
            with suppress(OSError):  # No descriptor 1: nothing can reach it.
                self._descriptor = os.dup(STDOUT)
                _point_stdout()

    def put_back(self) -> None:
        with self._lock:
            self._inside -= 1
            if self._inside:
                return
            sys.stdout = self._stream
            if self._descriptor is not None:
                _flush_c()
                os.dup2(self._descriptor, STDOUT)
                os.close(self._descriptor)
                self._descriptor = None


def _point_stdout() -> None:
    if log_wanted():
        os.dup2(STDERR, STDOUT)
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, STDOUT)
    os.close(nowhere)


def _flush_c() -> None:
    """What waits in C's own buffer would come out later, into the answer."""
    with suppress(OSError, TypeError, AttributeError):
        _libc().fflush(None)


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None)


_stdout = _Stdout()


@contextmanager
def quietly() -> Iterator[None]:
    """While inside, nothing that a library prints reaches standard output, neither from C nor from Python."""
    _stdout.move()
    try:
        yield
    finally:
        _stdout.put_back()
