"""A paper as a workbook: a sheet of its words, a sheet for each table and for the numbers of each figure.

Numbers stay numbers, in the unit that heads their column; a text stays a text, whatever it begins with, and a formula is one that the
paper states as such.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from planner.cells import visible
from planner.figures.figure import Figure
from planner.papers.paper import Paper
from planner.report.language import ENGLISH
from planner.report.tables import Formula, Heading, Table, shown

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

NAME_LENGTH, WIDEST, NARROWEST = 31, 60, 9
LEFT, RIGHT, LINE_POINTS = 34, 100, 15
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\\]")
_MARK = re.compile(r"\[\^(\d+)\]")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
BEGINNING = datetime(2000, 1, 1)
"""A day that no file was written on: the same paper gives the same bytes."""
WHOLE, FINE, DATE = "#,##0", "#,##0.00##", "yyyy-mm-dd"


def workbook(paper: Paper) -> bytes:
    """The whole file; the same paper gives the same bytes."""
    import xlsxwriter

    file = io.BytesIO()
    # In memory, and no text is taken for a formula, a number or a link.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(file, {**options, "default_date_format": DATE})
    book.set_properties({"title": paper.title[:255], "created": BEGINNING})
    formats = {
        name: book.add_format({"num_format": form}) for name, form in (("whole", WHOLE), ("fine", FINE), ("day", DATE))
    }
    formats["head"] = book.add_format(
        {"bold": True, "text_wrap": True, "bottom": 1, "valign": "top", "bg_color": "#eef2f6"}
    )
    formats["title"] = book.add_format({"bold": True, "font_size": 14})
    formats["section"] = book.add_format({"bold": True, "font_size": 12})
    formats["words"] = book.add_format({"text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet(paper.say("Report")[:NAME_LENGTH])
    names = {sheet.get_name().lower()}
    contents = [(*_sheet(book, table, name, names, paper, formats),) for name, table in _tables(paper)]
    _words(sheet, paper, contents, formats)
    book.close()
    return file.getvalue()


def _tables(paper: Paper) -> Iterator[tuple[str, Table]]:
    """The tables of the paper, the numbers of its figures, and what stands in a workbook alone."""
    for section in paper.sections:
        for part in section.parts:
            if isinstance(part, Table):
                yield part.title or section.heading or paper.title, part
    for figure in paper.figures:
        columns = figure.table.columns
        # In English they keep their own names in a paper of words, so that formulas and scripts find them.
        if paper.worded and paper.say.tag != ENGLISH:
            columns = list(map(paper.say.heading, columns))
        yield _titled(paper, figure), Table(figure.title, columns, figure.table.rows)
    for table in paper.sheets:
        yield table.title, table


def _titled(paper: Paper, figure: Figure) -> str:
    return paper.say("Figure {name}", name=paper.say.name(figure.name))


def _sheet(
    book: Workbook, table: Table, name: str, names: set[str], paper: Paper, formats: dict[str, Any]
) -> tuple[str, str]:
    """A sheet with the table under a head that stays; its name and title."""
    sheet = book.add_worksheet(_name(name, names))
    for place, column in enumerate(table.columns):
        head = column if paper.worded else paper.say.heading(column)
        cells = [_cell(row[place]) for row in table.rows]
        texts = [
            len(f"{cell:,.0f}") if isinstance(cell, int | float) else len(shown(cell))
            for cell in cells
            if cell is not None
        ]
        sheet.set_column(place, place, min(WIDEST, max([NARROWEST, len(head) // 2, *texts]) + 2))
        sheet.write_string(0, place, visible(head), formats["head"])
        for line, cell in enumerate(cells, 1):
            _write(sheet, line, place, cell, formats)
    sheet.freeze_panes(1, 1)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    return sheet.get_name(), table.title


def _cell(value: Any) -> Any:
    """What a cell holds: a number, a day, a text, or None."""
    if value is None or isinstance(value, Formula) or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    text = _MARK.sub(r"[\1]", visible(value if isinstance(value, str) else shown(value)))
    return date.fromisoformat(text) if _is_day(text) else text


def _is_day(text: str) -> bool:
    if not _DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _write(sheet: Worksheet, line: int, place: int, cell: Any, formats: dict[str, Any]) -> None:
    if cell is None:
        return
    if isinstance(cell, Formula):
        sheet.write_formula(line, place, cell.text, formats["fine"], cell.value)
    elif isinstance(cell, date):
        sheet.write_datetime(line, place, cell, formats["day"])
    elif isinstance(cell, int | float):
        sheet.write_number(line, place, cell, formats["whole" if abs(cell) >= 1000 or cell == int(cell) else "fine"])
    else:
        sheet.write_string(line, place, cell)


def _words(sheet: Worksheet, paper: Paper, contents: list[tuple[str, str]], formats: dict[str, Any]) -> None:
    """The paper's words, what its figures find, the list of sheets, and the sources."""
    sheet.set_column(0, 0, LEFT, formats["words"])
    sheet.set_column(1, 1, RIGHT, formats["words"])
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    line = 0

    def put(first: str, second: str = "", kind: str = "words") -> None:
        nonlocal line
        # Some programs do not make room for a text of several lines by themselves.
        lines = max(1, -(-len(second) // RIGHT), -(-len(first) // LEFT) if second else 1)
        sheet.set_row(line, LINE_POINTS * lines * (1.3 if kind == "title" else 1))
        for place, text in enumerate((first, second)):
            if text:
                sheet.write_string(line, place, _MARK.sub(r"[\1]", visible(text)), formats[kind])
        line += 1

    put(paper.title, kind="title")
    put("", paper.lead)
    for label, value in paper.facts:
        put(label, value)
    for section in paper.sections:
        line += 1
        put(section.heading, kind="section")
        for part in section.parts:
            if isinstance(part, Figure):
                put(_titled(paper, part), part.title)
            elif isinstance(part, Heading):
                put(part.words)
            elif isinstance(part, str) and part:
                put("", part)
    line += 1
    put(paper.say("Sheets"), kind="section")
    for name, title in contents:
        link = f"internal:'{name.replace(chr(39), chr(39) * 2)}'!A1"
        put(name, title if title != name else "")
        sheet.write_url(line - 1, 0, link, string=name)
    if paper.sources:
        line += 1
        put(paper.say("Sources"), kind="section")
        for number, source in enumerate(paper.sources, 1):
            put(f"[{number}]", source)


def _name(name: str, names: set[str]) -> str:
    """A name that a workbook takes and does not have yet."""
    plain = _FORBIDDEN.sub(" ", visible(name)).strip("' ")[:NAME_LENGTH] or "-"
    unique, number = plain, 2
    while unique.lower() in names:
        unique = f"{plain[: NAME_LENGTH - 3]} {number}"
        number += 1
    names.add(unique.lower())
    return unique
