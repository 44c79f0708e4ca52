"""Long tables in CSV: one noun a row, columns named as its fields, problems told by line and column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel

from planner.cells import Line, NoCsv, csv_lines
from planner.errors import InvalidInput, Problem, did_you_mean
from planner.intake.document import in_order
from planner.intake.shape import TEXT, kinds
from planner.intake.source import Source
from planner.intake.strict_yaml import scalar
from planner.intake.validate import inspect
from planner.intake.wording import say

Row = TypeVar("Row", bound=BaseModel)


def parse_table(source: Source, row: type[Row], *, key: Sequence[str] = ()) -> tuple[Row, ...]:
    """The rows of a CSV file, in its order. An empty cell is a cell not given: the field's default holds.

    `key`: columns which together may not repeat. Raises InvalidInput with every problem of the table.
    """
    lines = lines_of(source)
    if not lines:
        raise InvalidInput(Problem("the table is empty", f"Begin it with {','.join(row.model_fields)}.", source.name))
    header, body = tuple(cell.strip() for cell in lines[0].cells), lines[1:]
    problems = [*_header_problems(source, header, row), *_length_problems(source, header, body)]
    if problems:
        raise InvalidInput(*sorted(problems, key=in_order))
    rows: list[dict[str, Any]] = []
    for line in body:
        filled = [(name, cell.strip()) for name, cell in zip(header, line.cells, strict=False) if cell.strip()]
        rows.append({name: _cell(row, name, cell, line, source, problems) for name, cell in filled})
    problems += _repeated(source, body, rows, key)
    # The type of a list of rows, so that one pass checks them all: a finding's path is (row, column).
    table, findings = inspect(list[row], rows, lambda path: None)  # type: ignore[valid-type]
    for finding in findings:
        sentence = say(list[row], finding)  # type: ignore[valid-type]
        what = _of_column(sentence.what, finding.path)
        problems.append(Problem(what, sentence.fix, source.name, body[int(finding.path[0])].number))
    if problems:
        raise InvalidInput(*sorted(dict.fromkeys(problems), key=in_order))
    return tuple(table[0])


def row_lines(source: Source) -> list[int]:
    """The line on which each row of a table begins, in the order of `parse_table`."""
    return [line.number for line in lines_of(source)[1:]]


def _of_column(what: str, path: tuple[str | int, ...]) -> str:
    """The sentence with its column, of which the path is (row, column), or (row,) for the row as a whole."""
    what = what.removesuffix(f" in {path[0]}")
    if len(path) < 2:
        return what
    return f"column {what}" if what.startswith(f"'{path[1]}'") else f"column '{path[1]}': {what}"


def lines_of(source: Source) -> list[Line]:
    """The lines that hold anything. Raises InvalidInput when the file is no CSV."""
    try:
        return csv_lines(source.text)
    except NoCsv as error:
        problem = Problem(f"this is not CSV: {error}", "Check its quotes and commas.", source.name, error.line)
        raise InvalidInput(problem) from None


def _header_problems(source: Source, header: tuple[str, ...], row: type[BaseModel]) -> Iterator[Problem]:
    known = tuple(row.model_fields)
    if len(header) == 1 and ";" in header[0]:
        yield Problem("the columns are separated by semicolons", "Save the table with commas.", source.name, 1)
        return
    for name in header:
        if name not in known:
            fix = did_you_mean(name, known, f"Known: {', '.join(known)}.")
            yield Problem(f"unknown column '{name}'", fix, source.name, 1)
    for name in sorted({name for name in header if header.count(name) > 1}):
        yield Problem(f"column '{name}' stands twice", "Remove one of the two.", source.name, 1)
    for name, field in row.model_fields.items():
        if field.is_required() and name not in header:
            yield Problem(f"column '{name}' is missing", "Add it.", source.name, 1)


def _length_problems(source: Source, header: tuple[str, ...], body: list[Line]) -> Iterator[Problem]:
    for line in body:
        if any(cell.strip() for cell in line.cells[len(header) :]):
            what = f"the row has {len(line.cells)} cells, the header {len(header)}"
            yield Problem(what, "Put a cell that holds a comma in quotes.", source.name, line.number)


def _cell(row: type[BaseModel], name: str, cell: str, line: Line, source: Source, problems: list[Problem]) -> Any:
    """The value of a cell: as in YAML where the field takes no text, the text itself where it does."""
    annotation: Any = row.model_fields[name].annotation
    if TEXT in kinds(annotation):
        return cell
    try:
        return scalar(cell)
    except ValueError as error:
        problems.append(Problem(f"column '{name}': {cell} begins with a zero", str(error), source.name, line.number))
        return float(cell)


def _repeated(source: Source, body: list[Line], rows: list[dict[str, Any]], key: Sequence[str]) -> Iterator[Problem]:
    first: dict[tuple[Any, ...], int] = {}
    for line, cells in zip(body, rows, strict=True):
        values = tuple(cells.get(name) for name in key)
        if key and first.setdefault(values, line.number) != line.number:
            named = ", ".join(f"{name} {value}" for name, value in zip(key, values, strict=True))
            what = f"{named} stands already on line {first[values]}"
            yield Problem(what, "Remove one of the two.", source.name, line.number)
