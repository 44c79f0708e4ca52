"""An answer of words, tables and figures, as most pages show it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from planner.figures.figure import Figure
from planner.report.tables import Part


@dataclass(frozen=True)
class Told:
    """What is said, and the figures by name, which stand above it unless the words come `first`."""

    words: tuple[Part, ...]
    figures: dict[str, Figure] = field(default_factory=dict)
    first: bool = False

    @classmethod
    def of(cls, words: Iterable[Part], figures: Iterable[Figure] = (), *, first: bool = False) -> Told:
        return cls(tuple(words), {figure.name: figure for figure in figures}, first)
