"""What comes from a file neither steers a terminal nor computes in a spreadsheet."""

from __future__ import annotations

import pytest

from planner.cells import NoCsv, as_text, csv_lines, csv_text, from_text, number, visible
from planner.papers.html import html
from planner.papers.paper import paper_of
from planner.report.tables import Heading, Table, as_csv, as_markdown, for_terminal, text

EVIL = "a\x1b[31mred\x07\u202e[/b][bold]"


def test_control_characters_are_spelt_out():
    assert visible(EVIL) == "a\\x1b[31mred\\x07\\u202e[/b][bold]"
    assert visible("plain, 中文 and\nlines\t") == "plain, 中文 and\nlines\t"


def test_no_page_carries_them_and_brackets_are_no_markup():
    table = Table(EVIL, ["name"], [[EVIL]], EVIL)
    pages = [for_terminal([table], width=80, colour=False), as_markdown([table]), as_csv([table])]
    pages.append(text([Heading(EVIL), EVIL, table]))
    pages.append(html(paper_of([Heading(EVIL), EVIL, table])))
    for page in pages:
        assert "\x1b" not in page
        assert "\x07" not in page
        assert "[/b][bold]" in page


@pytest.mark.parametrize("cell", ["=cmd|'/c calc'!A0", "+1+1", "-x", "@sum", "\tx"])
def test_a_formula_is_a_text_in_csv_and_comes_back(cell):
    assert as_text(cell) == f"'{cell}"
    assert from_text(as_text(cell)) == cell


@pytest.mark.parametrize("cell", ["-1.5", "+3", "'quoted", "a=b", ""])
def test_numbers_and_other_texts_stay(cell):
    assert as_text(cell) == cell
    assert from_text(cell) == cell


@pytest.mark.parametrize(
    ("value", "figures", "reads"),
    [
        (1234.5, 3, "1,234"),
        (99.96, 3, "100"),
        (0.0456, 3, "0.0456"),
        (-0.0, 3, "0"),
        (7, 3, "7"),
        (1234.5678, 6, "1,234.57"),
        (4.5, 4, "4.5"),
        (1_234_567.4, 6, "1,234,567"),
    ],
)
def test_a_number_keeps_its_figures_and_never_an_exponent_above_one(value, figures, reads):
    assert number(value, figures) == reads


def test_csv_comes_back_with_its_lines():
    text = csv_text(("a", "b"), [("=x\ny", 0.1), (None, 3)])
    assert text == 'a,b\n"\'=x\ny",0.1\n,3\n'
    assert csv_lines(text) == [(1, ("a", "b")), (2, ("'=x\ny", "0.1")), (4, ("", "3"))]
    with pytest.raises(NoCsv) as raised:
        csv_lines('a\n"b')
    assert raised.value.line == 2
