"""YAML without its traps.

true false          booleans, and nothing else is: no, yes, on, off are text
null ~ (nothing)    null
10 -3               integers; 010 is an error, since half of the world reads it as 8
1.5 .5 1e6          numbers; 12:30, 1_000 and 2027-01-05 are text
keys                always text
&name *name <<      allowed as long as they do not swell the file
tags, a second document, a key given twice: errors
"""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any, NoReturn

import yaml

from planner.errors import InvalidInput, Problem
from planner.intake.document import Document, Pairs, in_order
from planner.intake.source import Source, decode, read_source
from planner.intake.yaml_syntax import explain

MAX_BYTES = 5_000_000
MAX_DEPTH = 100
MAX_REPEATED = 100_000
MAX_PROBLEMS = 1_000
MERGE = "<<"
_PLAIN, _QUOTED = "plain", "quoted"
_TAGS = (_PLAIN, _QUOTED, *(f"tag:yaml.org,2002:{kind}" for kind in ("str", "map", "seq")))

_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9][0-9.]*([eE][-+]?[0-9]+)?")
_LONGEST_NUMBER = 40
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}


class _Composing(yaml.resolver.BaseResolver):
    """Decides no types, and stops before deep nesting overflows the parser's stack."""

    depth = 0

    def resolve(self, kind: type[yaml.Node], value: str | None, implicit: tuple[bool, bool]) -> str:
        if kind is yaml.ScalarNode:
            return _PLAIN if implicit[0] else _QUOTED
        return str(super().resolve(kind, value, implicit))  # type: ignore[no-untyped-call]

    def descend_resolver(self, parent: yaml.Node | None, index: object) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH and parent:
            raise yaml.MarkedYAMLError(problem="nested deeper", problem_mark=parent.start_mark)

    def ascend_resolver(self) -> None:
        self.depth -= 1


class _Loader(_Composing, getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """libyaml's parser where it is there, and PyYAML's own, which is slower, where it is not."""


def load(path: str | Path) -> Document:
    """Read a YAML file, or standard input for `-`.

    Raises InvalidInput when it cannot be read or parsed; what is doubtful inside waits in `Document.problems`.
    """
    return _compose(read_source(path, max_bytes=MAX_BYTES))


def loads(text: str, name: str = "<text>") -> Document:
    """Read YAML from a text."""
    return _compose(decode(name, text.encode(), max_bytes=MAX_BYTES))


def scalar(text: str) -> Any:
    """The value of a plain scalar under the rules above. Raises ValueError, saying what to write, for 010."""
    if text in _WORDS:
        return _WORDS[text]
    if len(text) > _LONGEST_NUMBER:
        return text
    if _LEADING_ZERO.fullmatch(text):
        plain = re.sub(r"^([-+]?)0+(?=[0-9])", r"\1", text)
        raise ValueError(f"Write {plain} for the number or '{text}' for the text.")
    if _INT.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text) and math.isfinite(number := float(text)):
        return number
    return text


def _compose(source: Source) -> Document:
    try:
        root = yaml.compose(source.text, Loader=_Loader)
    except yaml.YAMLError as error:
        raise InvalidInput(explain(error, source.name, source.text)) from None
    reader = _Reader(source.name)
    # Whoever gives a thousand doubtful values has given the wrong file, and gets no more than those.
    value = reader.value(root) if root else None
    problems = tuple(sorted(dict.fromkeys(reader.problems), key=in_order))
    return Document(source, root, problems, value, reader.pairs_of)


class _Reader:
    """Turns nodes into data and notes every problem on the way."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.problems: list[Problem] = []
        self.pairs_of: dict[int, Pairs] = {}
        self.seen: set[int] = set()
        self.open: set[int] = set()
        self.repeated = 0

    def value(self, node: yaml.Node) -> Any:
        if id(node) in self.seen:
            self._count_repeated(node)
        self.seen.add(id(node))
        if node.tag not in _TAGS:
            self._note(node, f"the tag {node.tag.replace('tag:yaml.org,2002:', '!!')} is not allowed", "Remove it.")
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        self._enter(node)
        data: Any
        if isinstance(node, yaml.MappingNode):
            data = {key: self.value(value) for key, (_, value) in self._pairs(node).items()}
        else:
            data = [self.value(item) for item in node.value]
        self.open.discard(id(node))
        return data

    def _scalar(self, node: yaml.ScalarNode) -> Any:
        if node.tag != _PLAIN:
            return node.value
        try:
            return scalar(node.value)
        except ValueError as error:
            self._note(node, f"{node.value} begins with a zero", str(error))
            return node.value

    def _pairs(self, node: yaml.MappingNode) -> Pairs:
        """Key and value of each entry; those merged in by `<<` come first and yield to the mapping's own."""
        if id(node) in self.pairs_of:
            return self.pairs_of[id(node)]
        merged: Pairs = {}
        own: Pairs = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._note(key, "a list or mapping cannot be a key", "Write a text.")
            elif key.value == MERGE and key.tag != _QUOTED:
                merged = {**self._merged(value), **merged}
            elif key.value in own:
                first = own[key.value][0].start_mark.line + 1
                self._note(key, f"key '{key.value}' is given twice, first on line {first}", "Remove one of the two.")
            else:
                own[key.value] = (key, value)
        self.pairs_of[id(node)] = {**merged, **own}
        return self.pairs_of[id(node)]

    def _merged(self, value: yaml.Node) -> Pairs:
        """The entries of a mapping, or of a list of mappings in which earlier ones win."""
        found: Pairs = {}
        for source in value.value if isinstance(value, yaml.SequenceNode) else [value]:
            if not isinstance(source, yaml.MappingNode):
                self._note(source, "`<<` merges mappings only", "Give it an alias of a mapping.")
                continue
            self._enter(source)
            pairs = self._pairs(source)
            self.open.discard(id(source))
            for _ in pairs:
                self._count_repeated(source)
            found = {**pairs, **found}
        return found

    def _enter(self, node: yaml.Node) -> None:
        if id(node) in self.open:
            self._stop(node, "this anchor holds an alias of itself", "Remove the alias.")
        self.open.add(id(node))

    def _count_repeated(self, node: yaml.Node) -> None:
        self.repeated += 1
        if self.repeated > MAX_REPEATED:
            self._stop(node, f"aliases swell the file by more than {MAX_REPEATED:,} values", "Write them out.")

    def _note(self, node: yaml.Node, what: str, fix: str) -> None:
        self.problems.append(Problem(what, fix, self.name, node.start_mark.line + 1, node.start_mark.column + 1))
        if len(self.problems) == MAX_PROBLEMS:
            raise InvalidInput(*self.problems)

    def _stop(self, node: yaml.Node, what: str, fix: str) -> NoReturn:
        self._note(node, what, fix)
        raise InvalidInput(*self.problems)
