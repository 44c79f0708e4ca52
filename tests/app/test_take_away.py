"""What a user takes away is what the command line makes of the same inputs, byte for byte."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from page_server import SMALL

import planner
from planner.app.cases import CaseFiles, from_path
from planner.app.sliders import asked
from planner.app.work.files import SUFFIXES, case_made, paper_made
from planner.study.whatif.variant import changed

FIELDS = {"power": "150", "carbon": "250", "lead": "2", "scenario": "tightening"}


def tell(words: str) -> None:
    """Nobody listens."""


def test_the_case_taken_away_is_the_case_on_the_page(tmp_path: Path) -> None:
    files = from_path(SMALL)
    file = case_made(tell, files, FIELDS)  # type: ignore[arg-type]
    assert file.name == "case.yaml"
    (tmp_path / file.name).write_bytes(file.content)
    read = planner.read_case(tmp_path / file.name)
    meant = changed(files.case, *asked(files.case, FIELDS))
    assert read.model_copy(update={"overrides": {}}) == meant.model_copy(update={"overrides": {}})
    assert file.content.decode().startswith(files.text.rstrip())


def test_a_case_that_nobody_has_moved_is_taken_away_as_it_is() -> None:
    files = from_path(SMALL)
    assert case_made(tell, files, {}).content == SMALL.read_bytes()  # type: ignore[arg-type]


@pytest.mark.slow
@pytest.mark.parametrize("form", ["html", "xlsx"])
def test_papers_are_those_of_the_command_line(form: str, tmp_path: Path) -> None:
    files = from_path(SMALL)
    case = case_made(tell, files, FIELDS)  # type: ignore[arg-type]
    (tmp_path / case.name).write_bytes(case.content)
    paper = paper_made(tell, files, FIELDS, form, "en")  # type: ignore[arg-type]
    command = [sys.executable, "-m", "planner", "plan", case.name, "-o", paper.name]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    assert paper.name == f"case{SUFFIXES[form]}"
    assert (tmp_path / paper.name).read_bytes() == paper.content


def test_overrides_of_the_case_itself_stay_and_are_not_set_twice() -> None:
    files = from_path(SMALL)
    once = files.changed({"sites.*.power_mw": "*2"})
    twice = once.changed({"economics.carbon_price_hkd_per_tonne": 50.0})
    assert twice.text.count("overrides:") == 1
    assert twice.case.overrides == {"sites.*.power_mw": "*2", "economics.carbon_price_hkd_per_tonne": 50.0}
    with pytest.raises(planner.UsageError, match=r"set sites\.\*\.power_mw"):
        once.changed({"sites.*.power_mw": "*3"})


def test_a_case_with_tables_goes_as_one_archive() -> None:
    name, content = CaseFiles((("city.yaml", b"a: 1\n"), ("workloads.csv", b"id\n"))).packed()
    assert name == "city.zip"
    assert content == CaseFiles((("city.yaml", b"a: 1\n"), ("workloads.csv", b"id\n"))).packed()[1]


@pytest.mark.long
def test_the_browser_saves_them(visit: Any, tmp_path: Path) -> None:
    visitor = visit(accept_downloads=True)
    page = visitor.open("plan?power=150&carbon=250&lead=2&scenario=tightening")
    files = from_path(SMALL)
    for label, name, made in (
        ("Case", "case.yaml", case_made(tell, files, FIELDS)),  # type: ignore[arg-type]
        ("Report", "case.html", paper_made(tell, files, FIELDS, "html", "en")),  # type: ignore[arg-type]
        ("Workbook", "case.xlsx", paper_made(tell, files, FIELDS, "xlsx", "en")),  # type: ignore[arg-type]
    ):
        with page.expect_download() as saved:
            page.get_by_role("button", name=label, exact=True).click()
        assert saved.value.suggested_filename == name
        saved.value.save_as(tmp_path / name)
        assert (tmp_path / name).read_bytes() == made.content
