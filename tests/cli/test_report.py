"""`planner report` and the figures of `planner plan`: from a saved plan, or at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.papers import browser
from tests.cli.small_case import call


@pytest.fixture
def saved(case: str, capsys: pytest.CaptureFixture[str]) -> str:
    call(capsys, "plan", case, "-o", "saved")
    return "saved"


@pytest.mark.slow
def test_a_saved_plan_becomes_a_page(saved: str, capsys: pytest.CaptureFixture[str]) -> None:
    call(capsys, "report", saved, "-o", "report.html")
    page = Path("report.html").read_text(encoding="utf-8")
    assert "<h1>small</h1>" in page
    assert 'id="figure-capacity"' in page
    assert call(capsys, "report", saved).out.startswith("# small\n")


@pytest.mark.slow
def test_a_plan_is_the_same_page_before_it_is_saved(case: str, saved: str, capsys: pytest.CaptureFixture[str]) -> None:
    call(capsys, "plan", case, "-o", "plan.html")
    call(capsys, "report", saved, "-o", "report.html")
    pages = [Path(name).read_text(encoding="utf-8") for name in ("plan.html", "report.html")]
    figures = [page[page.index('id="figures"') :] for page in pages]
    assert figures[0] == figures[1]


@pytest.mark.slow
def test_one_figure_in_the_browser_or_in_a_file(
    case: str, saved: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda url: bool(opened.append(url)) or True)
    call(capsys, "plan", case, "--figure", "capacity")
    assert opened[0].startswith("file://")
    page = Path(opened[0].removeprefix("file://"))
    assert page.read_text(encoding="utf-8").count("<figure") == 1
    page.unlink()
    call(capsys, "report", saved, "--figure", "fleet", "--figure", "capacity", "-o", "two.html")
    assert Path("two.html").read_text(encoding="utf-8").count("<figure") == 2


@pytest.mark.slow
def test_what_cannot_be_is_said_before_anything_is_written(
    case: str, saved: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "no figure 'capacty'" in call(capsys, "plan", case, "--figure", "capacty", code=2).err
    assert "no language 'zh'" in call(capsys, "report", saved, "--lang", "zh", "-o", "a.html", code=2).err
    assert "--lang is the language of a report" in call(capsys, "plan", case, "--lang", "zh-Hant-HK", code=2).err
    assert "a report is html, markdown, xlsx, pdf, not csv" in call(capsys, "plan", case, "--figure", "fleet", "-f", "csv", code=2).err  # fmt: skip
    assert "`planner plan CASE -o report.html`" in call(capsys, "report", case, code=3).err
    assert "holds no plan" in call(capsys, "report", "elsewhere", "-o", "a.html", code=2).err
    monkeypatch.setattr(browser, "find", lambda: None)
    assert "none was found; install one" in call(capsys, "report", saved, "-o", "a.pdf", code=2).err
    assert not list(Path().glob("a.*"))


def test_tables_asked_for_stand_alone_on_a_page(case: str, capsys: pytest.CaptureFixture[str]) -> None:
    call(capsys, "plan", case, "--table", "orders", "-o", "orders.html")
    page = Path("orders.html").read_text(encoding="utf-8")
    assert "<caption>orders</caption>" in page
    assert "<figure" not in page
