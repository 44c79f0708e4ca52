"""What comes from a file neither steers a terminal nor computes in a spreadsheet."""

from __future__ import annotations

import pytest

from planner.cells import as_text, from_text, visible
from planner.cli.tables import Table, as_csv, as_markdown, for_terminal
from planner.report.tables import Heading, Sheet, text

EVIL = "a\x1b[31mred\x07\u202e[/b][bold]"


def test_control_characters_are_spelt_out():
    assert visible(EVIL) == "a\\x1b[31mred\\x07\\u202e[/b][bold]"
    assert visible("plain, 中文 and\nlines\t") == "plain, 中文 and\nlines\t"


def test_no_page_carries_them_and_brackets_are_no_markup():
    table = Table(["name"], [[EVIL]], title=EVIL, note=EVIL)
    pages = [for_terminal([table], width=80, colour=False), as_markdown([table]), as_csv([table])]
    pages.append(text([Heading(EVIL), EVIL, Sheet(EVIL, ("name",), [[EVIL]], EVIL)]))
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
