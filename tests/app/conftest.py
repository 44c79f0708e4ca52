"""The page as it is served, and a browser that looks at it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from page_server import SMALL, served

from planner.papers import browser


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    with served(SMALL) as found:
        yield found


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A Chromium that is here already, driven by Playwright."""
    playwright = pytest.importorskip("playwright.sync_api")
    if (found := browser.find()) is None:
        pytest.skip("no Chromium or Chrome on this machine")
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=str(found), args=root)
        yield started
        started.close()


class Visitor:
    """One visitor with a browser of their own, and what went wrong while they were there."""

    def __init__(self, chromium: Any, address: str, width: int = 1440, **settings: Any) -> None:
        self.address, self.wrong = address, list[str]()
        self.context = chromium.new_context(viewport={"width": width, "height": 900}, **settings)
        self.page = self.context.new_page()
        self.page.on(
            "console", lambda said: self.wrong.append(said.text) if said.type in ("error", "warning") else None
        )
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("request", lambda request: self._asked(request.url))

    def _asked(self, url: str) -> None:
        if not url.startswith((self.address, "data:", "blob:")):
            self.wrong.append(f"asked {url}")

    def open(self, path: str = "", wait: str = "#kpi-net") -> Any:
        """The page of that address, once it shows its answer."""
        self.page.goto(self.address + path)
        self.page.wait_for_selector(wait)
        return self.page

    def keep(self, name: str) -> None:
        """A picture, where PLANNER_SCREENSHOTS names a folder."""
        if folder := os.environ.get("PLANNER_SCREENSHOTS"):
            self.page.wait_for_timeout(700)
            self.page.screenshot(path=f"{folder}/{name}.png", full_page=True)


@pytest.fixture
def visit(chromium: Any, address: str) -> Iterator[Any]:
    """Makes visitors; when the test ends nothing may have gone wrong for any of them."""
    visitors: list[Visitor] = []

    def made(at: str = address, **settings: Any) -> Visitor:
        visitors.append(Visitor(chromium, at, **settings))
        return visitors[-1]

    yield made
    wrong = [each for visitor in visitors for each in visitor.wrong]
    for visitor in visitors:
        visitor.context.close()
    assert wrong == []
