"""A case is changed and brought in a real Chromium: wrong ones are told as the command line tells them, right ones are planned."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from page_server import ROOT, SMALL

pytestmark = pytest.mark.long


def told(case: Path) -> list[str]:
    """Problems as `planner check` tells them, a line each."""
    done = subprocess.run([sys.executable, "-m", "planner", "check", case.name], cwd=case.parent, capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 3
    return done.stderr.splitlines()[:-1]


def test_wrong_text_is_told_at_the_same_lines(visit: Any, tmp_path: Path) -> None:
    wrong = SMALL.read_text(encoding="utf-8").replace("schema_version: 1", "schema_version: one\nnonsense: <b>2</b>")
    (tmp_path / "case.yaml").write_text(wrong, encoding="utf-8")
    visitor = visit()
    page = visitor.open("case", wait="#case-text")
    page.locator("#case-text").fill(wrong)
    page.get_by_role("button", name="Check and use").click()
    page.locator("[role=alert]").wait_for()
    assert page.locator("[role=alert] li").all_inner_texts() == told(tmp_path / "case.yaml")
    assert page.locator("[role=alert] b").count() == 0
    visitor.keep("app_case_wrong")


def test_a_changed_text_is_planned_under_its_own_link(visit: Any) -> None:
    visitor = visit()
    page = visitor.open("case", wait="#case-text")
    text = SMALL.read_text(encoding="utf-8").replace("title: One hall", "title: Another hall")
    page.locator("#case-text").fill(text)
    page.get_by_role("button", name="Check and use").click()
    page.get_by_role("link", name="Plan it").click()
    page.wait_for_selector("#kpi-net")
    assert page.locator("h1").inner_text().startswith("Another hall")
    assert "case=" in page.url
    other = visit()
    assert other.open(other.page.url.removeprefix("about:blank")).locator("h1").inner_text().startswith("One hall")


def test_files_are_brought_with_their_tables(visit: Any) -> None:
    page = visit().open("case", wait="#case-text")
    folder = ROOT / "examples" / "hong_kong"
    page.locator("input[type=file]").set_input_files([folder / "case.yaml", folder / "workloads.csv"])
    page.get_by_text("is a case without a problem").wait_for(timeout=20_000)
    assert page.locator("#case-text").input_value() == (folder / "case.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("case.exe", b"MZ", "is no file of a case"),
        ("case.zip", b"PK", "is no archive that can be read"),
        ("case.yaml", b"\x00\x01", "binary"),
        ("case.yaml", b"title: x\nworkloads_csv: ../../../etc/passwd\n", "reads only what lies in its own folder"),
    ],
)
def test_a_wrong_file_is_refused(visit: Any, name: str, content: bytes, words: str) -> None:
    page = visit().open("case", wait="#case-text")
    page.locator("input[type=file]").set_input_files([{"name": name, "mimeType": "text/plain", "buffer": content}])
    page.locator("[role=alert]").wait_for()
    assert words in page.locator("[role=alert]").inner_text()
