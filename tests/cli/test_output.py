"""Results as table, JSON, CSV and Markdown, on stdout or whole in a file."""

import io
import json
import os
import sys
from datetime import date

import pytest

from planner.cli.output import Format, chosen, emit, envelope, put, show
from planner.domain.base import Range
from planner.errors import Problem, UsageError
from planner.report.tables import Table


def test_the_envelope_holds_plain_data_and_never_nan():
    import numpy

    results = {
        "range": Range(low=1, mid=2, high=3),
        "day": date(2027, 1, 5),
        "nan": float("nan"),
        "inf": [float("-inf")],
        "numpy": numpy.float64(0.25),
        "tuple": ("x", None, True),
    }
    found = json.loads(envelope(results, schema="planner.test/1", diagnostics=[Problem("what", "Do.", "f", 1, 2)]))
    assert list(found) == [
        "schema",
        "planner_version",
        "inputs_sha256",
        "data_as_of",
        "status",
        "results",
        "diagnostics",
    ]
    assert found["results"] == {
        "range": {"low": 1.0, "mid": 2.0, "high": 3.0},
        "day": "2027-01-05",
        "nan": None,
        "inf": [None],
        "numpy": 0.25,
        "tuple": ["x", None, True],
    }
    assert found["diagnostics"] == [{"what": "what", "fix": "Do.", "file": "f", "line": 1, "column": 2}]
    assert found["status"] == "ok"


def test_the_format_is_the_one_asked_for(tmp_path):
    assert chosen(None) is Format.TABLE
    assert chosen(None, as_json=True) is Format.JSON
    assert chosen(None, output=tmp_path / "x.md") is Format.MARKDOWN
    assert chosen(Format.CSV, output=tmp_path / "x.md") is Format.CSV
    with pytest.raises(UsageError, match=r"--json and --format csv exclude each other"):
        chosen(Format.CSV, as_json=True)
    with pytest.raises(
        UsageError,
        match=r"the suffix of .*x\.doc names no format; use \.json, \.csv, \.md, \.html, \.xlsx, \.pdf, \.txt or add",
    ):
        chosen(None, output=tmp_path / "x.doc")


def test_a_file_appears_whole_or_not_at_all(tmp_path, capsys):
    target = tmp_path / "out.json"
    target.write_text("old")
    emit({"a": 1}, schema="planner.test/1", output=target)
    assert json.loads(target.read_text())["results"] == {"a": 1}
    assert capsys.readouterr().err == f"Wrote {target}.\n"
    assert [path.name for path in tmp_path.iterdir()] == ["out.json"]
    with pytest.raises(UsageError, match=r"^cannot write .*: no such file or directory\.$"):
        put("x", tmp_path / "missing" / "out.json")
    with pytest.raises(UsageError, match=r"^cannot write .*: is a directory\.$"):
        put("x", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["out.json"]


def test_results_go_to_stdout(capsys):
    emit([{"a": 1}], schema="planner.test/1", table=Table("", ("a",), [(1,)]), format=Format.CSV)
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("a\n1\n", "")


@pytest.mark.parametrize(("columns", "wide"), [(70, 70), (300, 100)])
def test_a_page_is_as_wide_as_the_terminal_and_no_wider_than_is_good_to_read(
    monkeypatch: pytest.MonkeyPatch, columns: int, wide: int
) -> None:
    monkeypatch.setattr("sys.stdout", io.StringIO())
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setattr("shutil.get_terminal_size", lambda: os.terminal_size((columns, 24)))
    show(["word " * 100], {}, form=Format.TABLE, output=None, schema="planner.test/1")
    assert wide - 5 < max(map(len, sys.stdout.getvalue().splitlines())) <= wide  # type: ignore[attr-defined]
