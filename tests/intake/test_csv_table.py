"""Long tables: problems by line and column, all at once."""

from datetime import date
from typing import Literal

import pytest
from pydantic import Field

from planner.domain.base import Id, Noun
from planner.errors import InvalidInput
from planner.intake.csv_table import parse_table
from planner.intake.source import decode, read_source


class Device(Noun):
    id: Id
    power_w: float = Field(gt=0, description="board power, W")
    count: int = 1
    on: bool = False
    since: date | None = None
    kind: Literal["card", "module"] = "card"
    note: str = ""


HEADER = "id,power_w,count,on,since,kind,note\n"


def problems(text: str) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        parse_table(decode("d.csv", text.encode()), Device, key=("id",))
    return [str(problem) for problem in caught.value.problems]


def test_a_table_as_a_spreadsheet_saves_it(tmp_path):
    path = tmp_path / "d.csv"
    path.write_bytes(
        b"\xef\xbb\xbf"
        + (HEADER + 'a,1e3,3,true,2027-01-05,module,010\n\nb,5,,,,,"x, y\nz"\n,,,,,,\n').replace("\n", "\r\n").encode()
    )
    assert parse_table(read_source(path), Device, key=("id",)) == (
        Device(id="a", power_w=1000, count=3, on=True, since=date(2027, 1, 5), kind="module", note="010"),
        Device(id="b", power_w=5, note="x, y\nz"),
    )


def test_every_problem_at_once_with_line_and_column():
    text = HEADER + '"a","9,500",010,yes,5 Jan,crad,\n\na,10 W,2.5,,2027-02-30,,\nB-2,0,x,,,,"two\nlines"\nc,,,,,,\n'
    assert sorted(problems(text)) == sorted(
        [
            "d.csv:2: column 'power_w' is '9,500', not a number. Write 9500, no separators.",
            "d.csv:2: column 'count': 010 begins with a zero. Write 10 for the number or '010' for the text.",
            "d.csv:2: column 'on' is 'yes', not true or false. Write true.",
            "d.csv:2: column 'since' is '5 Jan', not a date. Write it as 2027-01-05.",
            "d.csv:2: column 'kind' is 'crad', which is none of card, module. Did you mean 'card'?",
            "d.csv:4: id a stands already on line 2. Remove one of the two.",
            "d.csv:4: column 'power_w' is '10 W', not a number. Write 10; the unit is in the name.",
            "d.csv:4: column 'count' is 2.5, not a whole number. Write a whole number.",
            "d.csv:4: column 'since': 2027-02-30 is no day of the calendar. Correct the date.",
            "d.csv:5: column 'id': 'B-2' is no id. Write lower snake case, such as 'b_2'.",
            "d.csv:5: column 'power_w' is 0, but must be above 0. It means: board power, W.",
            "d.csv:5: column 'count' is 'x', not a whole number. Write the number only.",
            "d.csv:7: column 'power_w' is missing. Add a number: board power, W.",
        ]
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ["d.csv: the table is empty. Begin it with id,power_w,count,on,since,kind,note."]),
        ("id;power_w\na;2\n", ["d.csv:1: the columns are separated by semicolons. Save the table with commas."]),
        (
            "id,powr_w,zzz,id\n",
            [
                "d.csv:1: unknown column 'powr_w'. Did you mean 'power_w'?",
                "d.csv:1: unknown column 'zzz'. Known: id, power_w, count, on, since, kind, note.",
                "d.csv:1: column 'id' stands twice. Remove one of the two.",
                "d.csv:1: column 'power_w' is missing. Add it.",
            ],
        ),
        (
            "id,power_w\na,1,2\n",
            ["d.csv:2: the row has 3 cells, the header 2. Put a cell that holds a comma in quotes."],
        ),
        ('id,power_w\n"a,1\n', ["d.csv:2: this is not CSV: unexpected end of data. Check its quotes and commas."]),
    ],
)
def test_a_table_of_the_wrong_shape(text, found):
    assert problems(text) == found
