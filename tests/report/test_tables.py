"""The one table: on a page, alone on a terminal, as CSV, Markdown and HTML."""

from __future__ import annotations

import pytest

from planner.report.tables import Heading, Table, as_csv, as_markdown, for_terminal, text

TABLE = Table.of(
    [
        {"id": "a[b]", "power_mw": 1234.5, "devices": 1_000_000, "share": 0.123456, "ok": True, "note": "x|y"},
        {"id": "c", "power_mw": None, "devices": 3, "share": 2.0, "ok": False, "note": ["p", "q"]},
    ],
    title="Halls",
)


def test_a_table_for_people():
    assert for_terminal([TABLE], width=None, colour=False).splitlines() == [
        "Halls",
        "id     power (MW)     devices   share   ok    note",
        "──────────────────────────────────────────────────",
        "a[b]        1,234   1,000,000   0.123   yes   x|y",
        "c               –           3       2   no    p, q",
    ]


def test_nothing_is_cut_when_no_person_looks():
    long = "x" * 500
    assert long in for_terminal([Table("", ("a", "b"), [(long, "y")])], width=None, colour=False)


def test_a_narrow_terminal_folds_and_loses_nothing():
    text = for_terminal([Table("", ("a",), [("x" * 100,)])], width=40, colour=False)
    assert text.count("x") == 100
    assert max(map(len, text.splitlines())) <= 40


def test_csv_keeps_exact_values():
    assert as_csv([TABLE]) == (
        'id,power_mw,devices,share,ok,note\na[b],1234.5,1000000,0.123456,True,x|y\nc,,3,2.0,False,"[""p"", ""q""]"\n'
    )
    assert as_csv([Table("One", ("a",), [(1,)]), Table("Two", ("b",), [(2,)])]) == "# One\na\n1\n\n# Two\nb\n2\n"


def test_markdown():
    assert as_markdown([TABLE]).splitlines() == [
        "### Halls",
        "",
        "| id | power (MW) | devices | share | ok | note |",
        "| --- | --- | --- | --- | --- | --- |",
        "| a[b] | 1,234 | 1,000,000 | 0.123 | yes | x\\|y |",
        "| c | – | 3 | 2 | no | p, q |",
    ]


def test_a_narrow_page_leaves_spare_columns_out_and_says_so():
    # a row is 6 + 2 + 4 + 2 + 4 = 18 wide
    table = Table("", ("name", "aaaa", "bbbb"), [("an_id1", "1", "2")], spare=("bbbb", "aaaa"))
    assert table.drawn_width == 18
    assert table.narrowed(18) is table
    assert table.narrowed(17).columns == ["name", "aaaa"]
    assert table.narrowed(5).columns == ["name"]
    assert "bbbb" in text([table], width=18)
    assert "A wider page shows bbbb too." in " ".join(text([table], width=17).split())


def test_amounts_stay_in_one_piece_and_later_lines_hang_under_the_first_word():
    page = text(["  - It would cost this much: HKD 12.3 M."], width=34)
    assert page == "  - It would cost this much:\n    HKD 12.3 M.\n"


def test_numbers_stand_to_the_right_and_brackets_survive():
    sheet = Table("Things", ("what", "HKD"), [["a[b]", "1.2 k"], ["c", "-"]])
    assert text([Heading("Top"), "", sheet]).splitlines()[:2] == ["Top", ""]
    assert "a[b]" in text([sheet])
    right = text([Table("", ("what", "HKD"), [["a", "1.2 k"], ["b", "12 M"]])]).splitlines()
    assert right[-1] == "b      12 M"


@pytest.mark.parametrize("worded", [True, False], ids=["page", "terminal"])
@pytest.mark.parametrize("cell", ["aa bb", "a\tb", "䷀䷀", "中文"])
def test_a_cell_stands_in_its_row_however_narrow_the_page_is(cell: str, worded: bool) -> None:
    names = ("n", *"pqrst")
    table = Table("", names, [(cell, *"fghij"), ("z", *"FGHIJ")])
    for width in range(22, 40):
        drawn = text([table], width=width) if worded else for_terminal([table], width=width, colour=False)
        (second,) = (line for line in drawn.splitlines() if line.startswith("z"))
        assert second.split() == ["z", *"FGHIJ"]


def test_a_table_without_rows_has_no_line_between_its_head_and_its_note() -> None:
    drawn = text([Table("", ("site", "devices"), [], "Nothing stands there.")])
    assert drawn.splitlines() == ["site  devices", "─────────────", "Nothing stands there."]
