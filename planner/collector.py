"""Python's search for rings of dead objects, paused where none arise and millions of living ones would be searched."""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

OBJECTS_BETWEEN_COLLECTIONS = 1_000_000
"""A call makes a million small objects and keeps most to its end; looking for garbage after every 700 takes a tenth of its time."""

P = ParamSpec("P")
R = TypeVar("R")


def uncollected(work: Callable[P, R]) -> Callable[P, R]:
    """The same work without the search: a program of a hundred thousand columns is built in three quarters of the time.

    What it has made counts as old at its end: the first search afterwards would go through all of it, and it lives on.
    """

    @wraps(work)
    def paused(*args: P.args, **kwargs: P.kwargs) -> R:
        if not gc.isenabled():
            return work(*args, **kwargs)
        gc.disable()
        try:
            return work(*args, **kwargs)
        finally:
            gc.freeze()
            gc.unfreeze()
            gc.enable()

    return paused
