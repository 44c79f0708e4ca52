"""Checks a document against a noun and reports every problem at once, each with its place."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from planner.errors import InvalidInput, Problem
from planner.intake.document import Document, Path, in_order
from planner.intake.shape import BOOLEAN, DATE, field_at, loose
from planner.intake.strict_yaml import MAX_PROBLEMS
from planner.intake.wording import Finding, say

Thing = TypeVar("Thing")


class Checks:
    """Gathers the problems of one document, so that they can be raised together.

    A cross-reference check walks `document.each(...)`, which never fails on data of a wrong shape, and reports by path.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.problems: list[Problem] = list(document.problems)

    def problem(self, path: Path, what: str, fix: str = "", *, at_key: bool = False) -> None:
        """Note what is wrong with the value (or the key) at a path, and what to do."""
        self.problems.append(self.document.problem(path, what, fix, at_key=at_key))

    def raise_problems(self) -> None:
        """Raise InvalidInput with all that was noted, in the order of the file; nothing noted, nothing raised."""
        if self.problems:
            raise InvalidInput(*sorted(dict.fromkeys(self.problems), key=in_order))


Check = Callable[[Checks], None]


def validate(
    model: type[Thing],
    document: Document,
    *,
    data: Any = None,
    checks: Iterable[Check] = (),
    elsewhere: Container[Path] = (),
) -> Thing:
    """The document as a noun (or as any type pydantic knows).

    `data`: what to check in place of the document's own data, such as the same merged with the catalogue; problems with
    what the document does not hold are shown at the nearest thing that it does.
    `checks`: further checks, run on the document whether or not the types are right, so that all problems come at once.
    `elsewhere`: mappings of which a check says all there is to say, so that what they lack is not told field by field.
    Raises InvalidInput with every problem (a thousand at most: such a file is another file).
    """
    gathered = Checks(document)
    results, findings = inspect(model, document.unchecked if data is None else data, document.text)
    findings = tuple(
        f for f in findings if f.path not in elsewhere and not (f.type == "missing" and f.path[:-1] in elsewhere)
    )
    doubtful = {(problem.line, problem.column) for problem in document.problems}
    for finding in findings[:MAX_PROBLEMS]:
        sentence = say(model, finding)
        if sentence.at_key or document.mark(finding.path) not in doubtful:
            path = _mentioned(model, finding) if finding.type == "value_error" else finding.path
            gathered.problem(path, sentence.what, sentence.fix, at_key=sentence.at_key)
    if len(findings) > MAX_PROBLEMS:
        gathered.problem((), f"{len(findings) - MAX_PROBLEMS:,} more problems are not told", "Right the others first.")
    for check in checks:
        check(gathered)
    gathered.raise_problems()
    return results[0]


def inspect(
    model: type[Thing], data: Any, written: Callable[[Path], str | None]
) -> tuple[tuple[Thing, ...], tuple[Finding, ...]]:
    """The data as the model, in a tuple of one, and what is wrong with them: one finding for each path.

    Of several errors about one value (it fits no member of a union) the first is kept; `written` is the text at a path.
    """
    results: tuple[Thing, ...] = ()
    findings: dict[Path, Finding] = {}
    try:
        results = (TypeAdapter(model).validate_python(data),)
    except ValidationError as errors:
        for error in errors.errors(include_url=False):
            path = _path(error, data)
            finding = Finding(path, error["type"], error["input"], written(path), error["msg"], error.get("ctx"))
            findings.setdefault(path, finding)
    for value in loose(model, data):
        kind = {BOOLEAN: "bool_type", DATE: "date_type"}.get(value.wanted, "float_type")
        findings.setdefault(value.path, Finding(value.path, kind, value.value, written(value.path)))
    return results, tuple(findings.values())


def _path(error: ErrorDetails, data: Any) -> Path:
    """The error's place in the data: pydantic's, without the names it gives to members of unions and to keys."""
    path: list[str | int] = []
    for part in error["loc"]:
        if isinstance(data, dict) and part in data:
            data = data[part]
        elif isinstance(data, list) and isinstance(part, int) and part < len(data):
            data = data[part]
        else:
            continue
        path.append(part)
    if error["type"] == "missing":
        path.append(error["loc"][-1])
    return tuple(path)


def _mentioned(model: Any, finding: Finding) -> Path:
    """Where a sentence about a whole noun points: the first of its fields that it names and that the file gives."""
    if isinstance(finding.value, dict):
        for word in finding.message.replace(":", " ").replace(",", " ").split():
            path = (*finding.path, word.strip("`'.;"))
            if path[-1] in finding.value and field_at(model, path):
                return path
    return finding.path
