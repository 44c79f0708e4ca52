"""Long work: what is being done, on stderr, once it takes longer than a second; and an end at once on Ctrl-C."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Annotated, TypeVar

import typer

from planner.cells import visible

PATIENCE_SECONDS = 1.0
POLL_SECONDS = 0.05
T = TypeVar("T")
Say = Callable[[str], None]


def _show_log(wanted: bool) -> bool:
    if wanted:
        from planner.solve.quiet import LOG

        os.environ[LOG] = "1"
    return wanted


VerboseOption = Annotated[
    bool, typer.Option("--verbose", "-v", help="Show the solver's log on standard error.", callback=_show_log)
]


def working(work: Callable[[Say], T], doing: str) -> T:
    """Do the work and return what it returns, or raise what it raises. It is given a function to say what it does next.

    It runs in a thread of its own: a solver inside C++ does not hear Ctrl-C; the main thread, which waits here, does,
    and leaves it behind. Nothing that a library prints meanwhile reaches standard output.
    """
    from planner.solve.quiet import quietly

    sign = _Sign(doing)
    returned: list[T] = []
    raised: list[BaseException] = []

    def run() -> None:
        try:
            with quietly():
                returned.append(work(sign.say))
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=run, daemon=True)
    with sign:
        thread.start()
        while thread.is_alive():
            thread.join(POLL_SECONDS)
    if raised:
        raise raised[0]
    return returned[0]


class _Sign:
    """A turning sign on a terminal, one plain line elsewhere, nothing when the work is quick."""

    def __init__(self, doing: str) -> None:
        self._doing = doing
        self._shown: AbstractContextManager[object] = nullcontext()
        self._update: Say = lambda doing: None
        self._timer = threading.Timer(PATIENCE_SECONDS, self._show)
        self._timer.daemon = True

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._timer.join()
        self._shown.__exit__(None, None, None)

    def say(self, doing: str) -> None:
        self._doing = doing
        self._update(doing)

    def _show(self) -> None:
        if not sys.stderr.isatty():
            print(f"planner: {visible(self._doing)} …", file=sys.stderr, flush=True)
            return
        from rich.console import Console
        from rich.text import Text

        # As text, not markup: a title may hold square brackets.
        status = Console(stderr=True).status(Text(f"{visible(self._doing)} …"))
        status.__enter__()
        self._shown, self._update = status, lambda doing: status.update(Text(f"{visible(doing)} …"))
