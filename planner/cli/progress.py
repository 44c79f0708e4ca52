"""Long work: what is being done, on stderr, once it takes longer than a second; and an end at once on Ctrl-C."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TypeVar

PATIENCE_SECONDS = 1.0
POLL_SECONDS = 0.05
T = TypeVar("T")
Say = Callable[[str], None]


class working:  # noqa: N801
    """`with working("reading the case") as say:` a turning sign on a terminal, one plain line elsewhere, nothing when quick.

    `say("solving the plan")` tells what comes next.
    """

    def __init__(self, doing: str) -> None:
        self._doing = doing
        self._shown: AbstractContextManager[object] = nullcontext()
        self._update: Say = lambda doing: None
        self._timer = threading.Timer(PATIENCE_SECONDS, self._show)
        self._timer.daemon = True

    def __enter__(self) -> Say:
        self._timer.start()
        return self._say

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._timer.join()
        self._shown.__exit__(None, None, None)

    def _say(self, doing: str) -> None:
        self._doing = doing
        self._update(f"{doing} …")

    def _show(self) -> None:
        if not sys.stderr.isatty():
            print(f"planner: {self._doing} …", file=sys.stderr, flush=True)
            return
        from rich.console import Console

        status = Console(stderr=True).status(f"{self._doing} …")
        status.__enter__()
        self._shown, self._update = status, status.update


def hearing_interrupts(work: Callable[[], T]) -> T:
    """What the work returns or raises, done in a thread of its own.

    A solver inside C++ does not hear Ctrl-C; the main thread, which waits here, does, and leaves it behind.
    """
    returned: list[T] = []
    raised: list[BaseException] = []

    def run() -> None:
        try:
            returned.append(work())
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(POLL_SECONDS)
    if raised:
        raise raised[0]
    return returned[0]
