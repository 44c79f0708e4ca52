"""A workbook holds numbers as numbers, texts as texts, and the same bytes for the same paper."""

from __future__ import annotations

import io
import re
import zipfile
from xml.etree import ElementTree

import pytest

from planner.papers.paper import Paper, Section
from planner.papers.workbook import workbook
from planner.report.tables import Table

SPACE = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
EVIL = "=cmd|'/c calc'!A0"


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {name: file.read(name) for name in file.namelist()}


def names(content: bytes) -> list[str]:
    root = ElementTree.fromstring(parts(content)["xl/workbook.xml"])
    return [sheet.attrib["name"] for sheet in root.iterfind(".//m:sheet", SPACE)]


def cells(content: bytes, sheet: int) -> dict[str, str | float]:
    """Texts and numbers of a sheet by the name of their cell."""
    files = parts(content)
    shared = [
        "".join(text.text or "" for text in entry.iterfind(".//m:t", SPACE))
        for entry in ElementTree.fromstring(files["xl/sharedStrings.xml"])
    ]
    root = ElementTree.fromstring(files[f"xl/worksheets/sheet{sheet}.xml"])
    known: dict[str, str | float] = {}
    for cell in root.iterfind(".//m:c", SPACE):
        value = cell.find("m:v", SPACE)
        if value is not None and value.text is not None:
            known[cell.attrib["r"]] = shared[int(value.text)] if cell.get("t") == "s" else float(value.text)
    return known


def test_numbers_stay_numbers_and_texts_stay_texts() -> None:
    table = Table.of(
        [{"name": EVIL, "power_mw": 1.25, "order_by": "2027-01-05", "hkd": None}, {"name": "+1", "power_mw": 2}],
        ("name", "power_mw", "order_by", "hkd"),
        title="Halls: a/b",
    )
    content = workbook(Paper("P", [Section("S", [table, EVIL])], facts=[("cost", EVIL)]))
    assert names(content) == ["Report", "Halls  a b"]
    assert cells(content, 2) == {
        "A1": "name", "B1": "power (MW)", "C1": "order by", "D1": "HKD",
        "A2": EVIL, "B2": 1.25, "C2": 46392.0, "A3": "+1", "B3": 2.0,
    }  # fmt: skip
    assert not re.search(rb"<f>", b"".join(parts(content).values()))


def test_names_of_sheets_are_short_and_differ() -> None:
    tables = [Table.of([{"a": number}], title="A title that is much longer than what fits") for number in range(3)]
    known = names(workbook(Paper("P", [Section("S", tables)])))
    assert len(set(known)) == 4
    assert max(map(len, known)) <= 31


def test_the_same_paper_is_the_same_file(paper: Paper) -> None:
    assert workbook(paper) == workbook(paper)


@pytest.mark.parametrize("name", ["plan_orders", "plan_cash_years", "inputs_offers", "Figure capacity"])
def test_a_plan_has_its_inputs_tables_and_figures(paper: Paper, name: str) -> None:
    assert name in names(workbook(paper))
