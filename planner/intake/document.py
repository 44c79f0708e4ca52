"""A parsed file: its data, and the place of everything in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from planner.errors import InvalidInput, Problem
from planner.intake.source import Source

Path = tuple[str | int, ...]
Pairs = dict[str, tuple[yaml.Node, yaml.Node]]
ANY: Final = "*"


@dataclass(frozen=True)
class Document:
    """What a file says, and where it says it. A `path` is a tuple of keys and list positions from the root."""

    source: Source
    root: yaml.Node | None
    problems: tuple[Problem, ...]
    unchecked: Any = field(repr=False)
    """The data as far as they could be read: of a key given twice the first, a doubtful number as text."""
    pairs_of: dict[int, Pairs] = field(repr=False)
    """Key and value node of every entry, by the id of the mapping node; merges are resolved."""

    @property
    def name(self) -> str:
        return self.source.name

    @property
    def data(self) -> Any:
        """Plain Python data. Raises InvalidInput when a key stands twice or a number cannot be read for sure."""
        if self.problems:
            raise InvalidInput(*self.problems)
        return self.unchecked

    def mark(self, path: Path) -> tuple[int, int]:
        """Line and column of the value at the path; where the file has none, of the nearest thing around it."""
        _, node = self._walk(path)
        return _place(node)

    def key_mark(self, path: Path) -> tuple[int, int]:
        """Line and column of the key that ends the path; of the value where it is a list position or the root."""
        key, node = self._walk(path)
        return _place(key or node)

    def text(self, path: Path) -> str | None:
        """The scalar at the path as it is written; None when the path holds none."""
        key, node = self._walk(path)
        return node.value if isinstance(node, yaml.ScalarNode) and node is not key else None

    def each(self, *pattern: str | int) -> Iterator[tuple[Path, Any]]:
        """Path and value of everything that fits the pattern, in which ANY stands for each key or list position."""
        entries: list[tuple[Path, Any]] = [((), self.unchecked)]
        for part in pattern:
            entries = [((*path, key), value) for path, inside in entries for key, value in _entries(inside, part)]
        return iter(entries)

    def problem(self, path: Path, what: str, fix: str = "", *, at_key: bool = False) -> Problem:
        """A Problem at the value of a path, or at its key."""
        line, column = self.key_mark(path) if at_key else self.mark(path)
        return Problem(what, fix, self.name, line, column)

    def _walk(self, path: Path) -> tuple[yaml.Node | None, yaml.Node | None]:
        """Key node and value node at the path. Where the path leaves the file, what holds it is told by its key."""
        key, node = None, self.root
        for part in path:
            if isinstance(node, yaml.MappingNode) and str(part) in (pairs := self.pairs_of[id(node)]):
                key, node = pairs[str(part)]
            elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
                key, node = None, node.value[part]
            else:
                return key, key or node
        return key, node


def in_order(problem: Problem) -> tuple[str, int, int]:
    """Sorts problems by file and place."""
    return problem.file or "", problem.line or 0, problem.column or 0


def _entries(inside: Any, part: str | int) -> Iterator[tuple[str | int, Any]]:
    if isinstance(inside, dict):
        if part == ANY:
            yield from inside.items()
        elif part in inside:
            yield part, inside[part]
    elif isinstance(inside, list):
        yield from ((position, value) for position, value in enumerate(inside) if part in (ANY, position))


def _place(node: yaml.Node | None) -> tuple[int, int]:
    return (node.start_mark.line + 1, node.start_mark.column + 1) if node else (1, 1)
