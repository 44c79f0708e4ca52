"""A table of training cases is read strictly: no column is passed over, no number guessed."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.errors import InvalidInput
from planner.training.rows import read_cases

PUBLISHED = Path(__file__).parents[2] / "benchmarks" / "data"


def problems(folder: Path, text: str) -> list[str]:
    (folder / "cases.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInput) as raised:
        read_cases(folder / "cases.csv")
    return [f"{problem.line}:{problem.column}: {problem.what}. {problem.fix}" for problem in raised.value.problems]


def test_everything_wrong_is_told_at_once_with_its_place(tmp_path):
    told = problems(
        tmp_path,
        'accelerator_id,cuont,params_b,tokens_b,tuned\nnvidia_l20,64,"1,024",nan,0\nnvidia_l20,64,-7,1e400,0.5,more\n',
    )
    assert told == [
        "1:2: 'cuont' is no column that is read. Did you mean 'count'?",
        "2:3: 'params_b' is '1,024', not a number. Correct it, or leave it empty.",
        "2:4: 'tokens_b' is 'nan', not a number. Correct it, or leave it empty.",
        "3:6: this row has 6 cells under 5 columns. Quote a cell that holds a comma.",
        "3:3: 'params_b' is '-7', but must be above zero. Correct it, or leave it empty.",
        "3:4: 'tokens_b' is '1e400', too large. Correct it, or leave it empty.",
    ]


@pytest.mark.parametrize(("cell", "said"), [("6.5", "a whole number"), ("0", "above zero"), ("1_000", "not a number")])
def test_a_count_is_whole_and_above_zero(tmp_path, cell, said):
    assert said in problems(tmp_path, f"accelerator_id,count\nnvidia_l20,{cell}\n")[0]


@pytest.mark.parametrize("text", ["", "count\n8\n", "accelerator_id\n"])
def test_a_table_without_devices_or_rows(tmp_path, text):
    assert problems(tmp_path, text)[0].startswith("1:")


@pytest.mark.parametrize("name", ["throughput_cases.csv", "training_runs.csv"])
def test_published_tables_are_read_whole(name):
    assert len(read_cases(PUBLISHED / name)) == len((PUBLISHED / name).read_text("utf-8").splitlines()) - 1
