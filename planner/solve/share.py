"""Who does work that does not hang on one another: whoever asks says, for what is solved does not depend on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

Share = Callable[[Callable[[Any, Any], Any], Any, Sequence[Any]], Iterable[tuple[int, Any]]]
"""What a function makes of a context and each of several units, by the place of the unit."""


def in_turn(work: Callable[[Any, Any], Any], context: Any, units: Sequence[Any]) -> Iterable[tuple[int, Any]]:
    """One unit after the other, here."""
    return ((place, work(context, unit)) for place, unit in enumerate(units))
