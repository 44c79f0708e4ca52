"""Pages in a real Chromium, where the machine has one: nothing goes wrong, nothing is asked of the net, nothing is cut in print.

Screenshots are kept where PLANNER_SCREENSHOTS names a folder.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

from planner.papers import browser
from planner.papers.html import html
from planner.papers.paper import Paper

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(browser.find() is None, reason="no Chromium or Chrome on this machine"),
]
NARROW, WIDE, HIGH = 390, 1440, 1200
MARGIN_POINTS, MOST_PIXELS = 15 / 25.4 * 72, 1000


class Visit(NamedTuple):
    """The document once its scripts have run, what was said on the console, and addresses that the page asked for."""

    document: str
    console: list[str]
    asked: set[str]


def visit(page: str, folder: Path, width: int = WIDE) -> Visit:
    source, log = folder / "page.html", folder / "net.json"
    source.write_text(page, encoding="utf-8")
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    kept = os.environ.get("PLANNER_SCREENSHOTS")
    command = [
        str(browser.find()), "--headless", "--no-first-run", "--disable-gpu", "--disable-background-networking", *root,
        f"--virtual-time-budget={browser.VIRTUAL_MS}", f"--user-data-dir={folder}/profile", "--enable-logging=stderr",
        f"--log-net-log={log}", f"--window-size={width},{HIGH}", "--hide-scrollbars", "--dump-dom",
        *([f"--screenshot={Path(kept).resolve()}/{folder.name}.png"] if kept else []), source.as_uri(),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    # What Chromium asks for by itself is for no site.
    asked = re.findall(
        r'"SiteForCookies: \{site=file://[^"]*"[^{}]*?"url":"(https?://[^"]*)"', log.read_text(encoding="utf-8")
    )
    return Visit(done.stdout, [line for line in done.stderr.splitlines() if "CONSOLE" in line], set(asked))


@pytest.fixture(scope="module")
def page(paper: Paper) -> str:
    return html(paper)


@pytest.fixture(scope="module")
def wide(page: str, tmp_path_factory: pytest.TempPathFactory) -> Visit:
    return visit(page, tmp_path_factory.mktemp("report_wide"))


@pytest.fixture(scope="module")
def narrow(page: str, tmp_path_factory: pytest.TempPathFactory) -> Visit:
    """A window is 500 pixels wide at least, so the body is held to less."""
    held = page.replace("<body>", f'<body style="width: {NARROW}px; margin: 0">')
    return visit(held, tmp_path_factory.mktemp("report_narrow"), width=500)


@pytest.mark.parametrize("name", ["wide", "narrow"])
def test_figures_are_drawn_without_a_word_on_the_console(name: str, page: str, request: pytest.FixtureRequest) -> None:
    seen: Visit = request.getfixturevalue(name)
    assert seen.console == []
    assert f'data-drawn="{page.count("<figure")}"' in seen.document
    assert seen.asked == set()


def test_a_request_would_be_noticed(tmp_path: Path) -> None:
    address = "https://planner.invalid/x.png"
    assert visit(f'<!doctype html><img src="{address}">', tmp_path).asked == {address}


def test_a_narrow_page_has_legends_in_place_of_labels(wide: Visit, narrow: Visit) -> None:
    assert narrow.document.count('class="legend"') > wide.document.count('class="legend"') == 0
    widths = {int(width) for width in re.findall(r'class="main-svg"[^>]* width="(\d+)"', narrow.document)}
    assert max(widths) <= NARROW


def test_no_button_sends_a_figure_anywhere(wide: Visit) -> None:
    assert "modebar-btn" not in re.sub(r"<(script|style).*?</\1>", "", wide.document, flags=re.DOTALL)


def test_every_figure_has_a_name_for_a_screen_reader_and_numbers(page: str, wide: Visit) -> None:
    names = re.findall(r'id="plot-\w+" role="img" aria-label="([^"]{20,})"', wide.document)
    assert len(names) == page.count("<figure") == page.count("<summary>")


def test_it_prints_on_a4_with_nothing_beyond_the_margins(paper: Paper, page: str, tmp_path: Path) -> None:
    content = browser.pdf(page)
    boxes = {
        tuple(round(float(edge)) for edge in box.split())
        for box in re.findall(r"/MediaBox \[([^\]]*)\]", content.decode("latin-1"))
    }
    assert boxes == {(0, 0, 595, 842)}
    assert all(figure.height < MOST_PIXELS for figure in paper.figures)
    if shutil.which("pdftotext") is None:
        pytest.skip("no pdftotext on this machine, which tells where words stand")
    (tmp_path / "page.pdf").write_bytes(content)
    command = ["pdftotext", "-bbox", str(tmp_path / "page.pdf"), "-"]
    words = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    edges = [
        (float(left), float(right))
        for left, right in re.findall(r'xMin="([\d.]+)" yMin="[\d.]+" xMax="([\d.]+)"', words)
    ]
    assert min(left for left, _ in edges) >= MARGIN_POINTS - 1
    assert max(right for _, right in edges) <= 595 - MARGIN_POINTS + 2
    labels = json.loads(re.search(r'id="figures">(.*?)</script>', page)[1])["figures"]["bridge"]["data"][0]["y"]  # type: ignore[index]
    assert all(label.split()[0] in words for label in labels)
