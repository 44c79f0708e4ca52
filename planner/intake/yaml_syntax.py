"""Says in plain words what the YAML parser means."""

from __future__ import annotations

from dataclasses import dataclass

import yaml
from yaml.error import Mark

from planner.errors import Problem


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
