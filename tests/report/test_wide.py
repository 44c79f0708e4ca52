"""Chinese on a terminal: two columns a character, lines that break between characters and begin with no mark that ends a clause."""

from __future__ import annotations

from planner.report.language import language
from planner.report.tables import Table, text
from planner.report.wide import columns, filled

SENTENCE = "  - 甲以 81 分居首，其次為「Half owned in colocation」，得 77 分；在權重及價格的抽樣中，有 64 % 維持首位。"


def test_a_wide_character_takes_two_columns() -> None:
    assert columns("abc") == 3
    assert columns("得分 a") == 6
    assert Table("", ("得分", "a"), [["4.52 億", "b"]]).drawn_width == 7 + 2 + 1


def test_lines_fit_and_hold_all_of_the_text() -> None:
    for width in (20, 33, 40, 100):
        lines = filled(SENTENCE, width, "    ").splitlines()
        assert all(columns(line) <= width + 2 for line in lines), width
        assert all(line.startswith("    ") for line in lines[1:])
        assert not any(line.strip()[0] in "，。；」" for line in lines)
        assert "".join(lines).replace(" ", "") == SENTENCE.replace(" ", "")


def test_a_page_breaks_no_amount_and_aligns_amounts() -> None:
    page = text([SENTENCE, Table("", ("成本", "甲"), [["能源", "2.67 億"], ["租用", "–"]], note=SENTENCE)], width=40)
    assert all(columns(line) <= 42 for line in page.splitlines())
    assert "64 %" in page
    assert "租用        –" in page


def test_a_column_that_is_left_out_is_told_in_the_language() -> None:
    table = Table("", ("甲", "乙"), [["12", "34"]], spare=("乙",))
    assert table.narrowed(4, language("zh-Hant-HK")).note == "頁面較闊時，會一併顯示乙。"
    assert table.narrowed(4).note == "A wider page shows 乙 too."
