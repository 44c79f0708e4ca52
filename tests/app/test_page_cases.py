"""Cases that users bring: bounded, under their own names, in a folder of their own, known by their text alone."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from page_server import ROOT, SMALL

from planner.app import cases
from planner.app.cases import CaseFiles, Cases, from_path, from_upload, options_from_path
from planner.errors import InvalidInput, UsageError

TEXT = SMALL.read_bytes()


def archive(**files: bytes) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return whole.getvalue()


_WHOLE = archive(**{"a.yaml": TEXT})
TORN = _WHOLE[:60] + b"\xff" * 40 + _WHOLE[100:]
"""An archive whose list of files is right and whose content is not."""


def test_a_case_comes_with_its_table() -> None:
    files = from_path(ROOT / "examples" / "hong_kong" / "case.yaml")
    assert [name for name, _ in files.files] == ["case.yaml", "workloads.csv"]
    assert files.read().case.workloads
    name, content = files.packed()
    assert from_upload([(name, content)]) == files


@pytest.mark.parametrize(
    ("uploaded", "words"),
    [
        ([], "one to 4 files"),
        ([("case.yaml", b"x" * (cases.MAX_BYTES + 1))], "larger than 5 MB"),
        ([("../case.yaml", TEXT)], "can have this name"),
        ([("/etc/case.yaml", TEXT)], "can have this name"),
        ([(".case.yaml", TEXT)], "can have this name"),
        ([("case\n.yaml", TEXT)], "can have this name"),
        ([("case.py", TEXT)], "is no file of a case"),
        ([("a.yaml", TEXT), ("b.yaml", TEXT)], "bring one case file"),
        ([("a.csv", b"id\n")], "bring one case file"),
        ([("a.zip", b"PK nonsense")], "is no archive"),
        ([("a.zip", TORN)], "is no archive"),
        ([("a.zip", archive(**{"../a.yaml": TEXT}))], "can have this name"),
        ([("a.zip", archive(a=b"0" * (cases.MAX_BYTES + 1)))], "holds more than"),
        ([("a.zip", archive(**{f"{n}.csv": b"" for n in range(9)}))], "holds more than"),
    ],
)
def test_what_can_be_no_case_is_refused_unread(uploaded: list[tuple[str, bytes]], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        from_upload(uploaded)


@pytest.mark.parametrize("table", ["../secret.csv", "/etc/passwd", "/dev/zero"])
def test_no_file_of_the_machine_is_read_through_a_case(table: str) -> None:
    text = TEXT.replace(b"workloads:", f"workloads_csv: {table}\nworkloads:".encode())
    with pytest.raises(InvalidInput) as raised:
        CaseFiles((("case.yaml", text),)).read()
    assert "lies in its own folder" in str(raised.value)


def test_problems_name_the_users_file_not_our_copy() -> None:
    with pytest.raises(InvalidInput) as raised:
        CaseFiles((("mine.yaml", b"schema_version: 1\ntitle: x\nworkloads_csv: w.csv\n"),)).read()
    assert {problem.file for problem in raised.value.problems} <= {"mine.yaml", "w.csv"}


def test_the_oldest_gives_way_and_the_served_one_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cases, "KEPT", 2)
    served = CaseFiles((("case.yaml", b"1"),))
    kept = Cases(served)
    brought = [CaseFiles((("case.yaml", text),)) for text in (b"2", b"3", b"4")]
    hashes = [kept.add(files) for files in brought]
    assert [kept.get(sha256) for sha256 in hashes] == [None, *brought[1:]]
    assert kept.get("") == kept.get(None) == kept.get(kept.add(served)) == served
    assert kept.get("no such hash") is None


def test_a_saved_plan_among_the_options_is_refused_in_words(tmp_path):
    (tmp_path / "need.yaml").write_text(
        ((ROOT / "examples" / "midscale_grant") / "need.yaml").read_text(encoding="utf-8"), encoding="utf-8"
    )
    order = {
        "offer": "ascend_910c_domestic", "accelerator": "huawei_ascend_910c", "site": "hk_colo_tko", "node": "2027q1", "period": "2027q1",
        "devices": 64, "order_date": "2027-01-01", "stands_on": "2027-07-01", "hkd": 11e6,
    }  # fmt: skip
    saved = {"schema": "planner.plan/1", "results": {"tables": {"orders": [order]}}}
    (tmp_path / "plan.json").write_text(json.dumps(saved), encoding="utf-8")
    city = (
        "title: T\ncase: need.yaml\naward_date: 2027-01-01\noptions:\n  city: {name: City, plan: {file: plan.json}}\n"
    )
    (tmp_path / "options.yaml").write_text(city, encoding="utf-8")
    with pytest.raises(
        UsageError, match="the page carries no saved plans; state parts, award_date and service_date of city"
    ):
        options_from_path(tmp_path / "options.yaml")
