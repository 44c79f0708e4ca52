"""Works for the processes of a page to do in tests; in a module of their own, since they go there by name."""

from __future__ import annotations

import os
import time
from typing import Any

from planner.errors import InvalidInput, Problem


def add(tell: Any, left: int, right: int) -> int:
    tell(f"adding {left} and {right}")
    tell.part(estimate=left)
    return left + right


def who(tell: Any) -> int:
    return os.getpid()


def sleep(tell: Any, seconds: float) -> int:
    tell("asleep")
    time.sleep(seconds)
    return os.getpid()


def die(tell: Any) -> None:
    os.kill(os.getpid(), 9)


def wrong(tell: Any) -> None:
    raise InvalidInput(Problem("this is wrong", "Right it.", "case.yaml", 3, 1), Problem("that too"))


def broken(tell: Any) -> None:
    raise ZeroDivisionError("of ours")
