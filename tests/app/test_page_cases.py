"""Cases that users bring: bounded, under their own names, in a folder of their own, known by their text alone."""

from __future__ import annotations

import io
import zipfile

import pytest
from page_server import ROOT, SMALL

from planner.app import cases
from planner.app.cases import CaseFiles, Cases, from_path, from_upload
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
