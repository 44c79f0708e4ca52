"""Results as table, JSON, CSV and Markdown, on stdout or whole in a file."""

import io
import json
import os
import sys
from datetime import date

import pytest

from planner.cli.envelope import envelope
from planner.cli.output import Format, chosen, emit, put, show
from planner.domain.base import Range
from planner.errors import Problem, UsageError
from planner.report.tables import Table, as_csv, as_html, as_markdown, for_terminal

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


def test_html():
    page = as_html([Table("Halls <1>", ("id", "power_mw"), [("a&b", 1234.5), ("c\nd", None)], "one\ntwo")])
    assert page.splitlines()[4:] == [
        "<h2>Halls &lt;1&gt;</h2>",
        "<table>",
        '<tr><th>id</th><th class="n">power (MW)</th></tr>',
        '<tr><td>a&amp;b</td><td class="n">1,234</td></tr>',
        '<tr><td>c<br>d</td><td class="n">–</td></tr>',
        "</table>",
        "<p>one<br>two</p>",
        "</html>",
    ]


def test_the_envelope_holds_plain_data_and_never_nan():
    import numpy
    import pandas

    results = {
        "range": Range(low=1, mid=2, high=3),
        "day": date(2027, 1, 5),
        "nan": float("nan"),
        "inf": [float("-inf")],
        "frame": pandas.DataFrame({"a": [1, 2], "b": [0.5, numpy.nan]}),
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
        "frame": [{"a": 1, "b": 0.5}, {"a": 2, "b": None}],
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
        UsageError, match=r"the suffix of .*x\.doc names no format; use \.json, \.csv, \.md, \.html, \.txt or add"
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
