"""YAML without its traps.

true false          booleans, and nothing else is: no, yes, on, off are text
null ~ (nothing)    null
10 -3               integers; 010 is an error, since half of the world reads it as 8
1.5 .5 1e6          numbers; 12:30, 1_000 and 2027-01-05 are text
keys                always text
&name *name <<      allowed as long as they do not swell the file
tags, a second document, a key given twice: errors

Says in plain words what the YAML parser means.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import yaml
from yaml.error import Mark

from planner.errors import InvalidInput, Problem
from planner.intake.document import Document, Pairs, in_order
from planner.intake.source import Source, decode, read_source

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
_BEGIN_NUMBERS, _LONGEST_NUMBER = frozenset("+-.0123456789"), 40
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
    if text[0] not in _BEGIN_NUMBERS or len(text) > _LONGEST_NUMBER:
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
        entries: Pairs = {}
        for source in value.value if isinstance(value, yaml.SequenceNode) else [value]:
            if not isinstance(source, yaml.MappingNode):
                self._note(source, "`<<` merges mappings only", "Give it an alias of a mapping.")
                continue
            self._enter(source)
            pairs = self._pairs(source)
            self.open.discard(id(source))
            for _ in pairs:
                self._count_repeated(source)
            entries = {**pairs, **entries}
        return entries

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


@dataclass(frozen=True)
class _Saying:
    """Some of the parser's words, what they mean to a person, and whether the place where it began tells more."""

    heard: str
    what: str
    fix: str
    at_beginning: bool = False


# The first that is heard wins, so the particular stand before the general.
_SAYINGS = (
    _Saying("maximum nesting", "lists and mappings are nested deeper than 100 levels", "A case needs fewer than ten."),
    _Saying("nested deeper", "lists and mappings are nested deeper than 100 levels", "A case needs fewer than ten."),
    _Saying("another document", "a second document begins here (`---`)", "Give each document a file of its own."),
    _Saying("directive", "a line that begins with % is a directive", "Remove it, or quote the text."),
    _Saying("<document start>", "there is text after the end of the document", "Remove it, or the `...` before it."),
    _Saying("undefined alias", "this alias names no anchor above it", "Define it with `&name`, or quote the text."),
    _Saying("duplicate anchor", "this anchor is defined twice", "Give the second one another name.", True),
    _Saying("unknown escape", "this text holds an unknown escape", "Write \\\\ for a backslash, or use '…' as quotes."),
    _Saying("quoted scalar", "this quoted text is not closed", "Close the quote.", True),
    _Saying(
        "flow sequence", "this list is not closed or lacks a comma", "Close it with ] and put commas between.", True
    ),
    _Saying("flow mapping", "this mapping is not closed or lacks a comma", "Close it with }, commas between.", True),
    _Saying("node content", "a value is missing here", "Complete the line, or close the bracket."),
    _Saying("could not find expected ':'", "this line is no `key: value`", "Add the colon, or quote the text.", True),
    _Saying("sequence entries", "a list cannot begin here", "Put each `- ` on a line of its own."),
    _Saying("mapping values", "a second `: ` stands here, or the indentation is wrong", "Quote the text, or align it."),
    _Saying("block collection", "this line does not continue the list", "Begin it with `- `, or indent it less."),
    _Saying("block mapping", "this line does not fit the mapping around it", "Align it with the keys beside it."),
    _Saying("block scalar", "the head of this text block is wrong", "Write `|` or `>` and begin on the next line."),
)


def explain(error: yaml.YAMLError, name: str, text: str) -> Problem:
    """The parser's error as a Problem with its place."""
    mark: Mark | None = getattr(error, "problem_mark", None)
    begin: Mark | None = getattr(error, "context_mark", None)
    heard = f"{getattr(error, 'context', '')} {getattr(error, 'problem', error)}"
    if "cannot start any token" in heard and mark:
        what, fix = _stray(text, mark)
        return Problem(what, fix, name, mark.line + 1, mark.column + 1)
    for saying in _SAYINGS:
        if saying.heard in heard:
            return _problem(saying.what, saying.fix, name, begin if saying.at_beginning and begin else mark)
    return _problem(f"this is not YAML: {heard.strip()}", "Correct the line.", name, mark or begin)


def _problem(what: str, fix: str, name: str, mark: Mark | None) -> Problem:
    return Problem(what, fix, name, mark.line + 1, mark.column + 1) if mark else Problem(what, fix, name)


def _stray(text: str, mark: Mark) -> tuple[str, str]:
    line = text.split("\n")[mark.line]
    character = line[mark.column] if mark.column < len(line) else ""
    if character == "\t":
        return "a tab stands in the indentation", "Indent with spaces."
    return f"a text cannot begin with {character!r}", f"Quote it: '{line[mark.column :].strip()}'."
