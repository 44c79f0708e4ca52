"""Work that takes its time, in a real Chromium: it is cancelled, it may crash, and ten users get their answers."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest
from page_server import ROOT, net, served

psutil = pytest.importorskip("psutil")

pytestmark = pytest.mark.long
HONG_KONG = ROOT / "examples" / "hong_kong" / "case.yaml"


def test_a_cancelled_question_leaves_the_last_answer(visit: Any) -> None:
    with served(HONG_KONG, "--workers", "1") as address:
        visitor = visit(address)
        page = visitor.open()
        shown = page.locator("#kpi-net").inner_text()
        page.get_by_role("button", name="Report", exact=True).click()
        button = page.locator("#planfile-cancel:enabled")
        button.wait_for()
        button.click()
        page.get_by_text("Cancelled").wait_for(timeout=3000)
        assert page.locator("#kpi-net").inner_text() == shown


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="processes are found by /proc")
def test_a_crash_in_the_middle_leaves_the_page_working(visit: Any) -> None:
    with served(HONG_KONG, "--workers", "1") as address:
        page = visit(address).open()
        shown = page.locator("#kpi-net").inner_text()
        page.get_by_role("button", name="Report", exact=True).click()
        page.get_by_text("HiGHS solves").wait_for(timeout=20_000)
        os.kill(solver(address), signal.SIGKILL)
        page.get_by_text("has died").wait_for(timeout=10_000)
        assert page.locator("#kpi-net").inner_text() == shown
        fill(page, "110", "Work asked for, %")
        page.wait_for_function("old => document.querySelector('#kpi-net').innerText !== old", arg=shown, timeout=90_000)


def test_ten_visitors_at_once_get_each_their_own_answer(visit: Any) -> None:
    pages = [visit().open() for _ in range(10)]
    for place, page in enumerate(pages):
        fill(page, str(110 + 10 * place))
    for place, page in enumerate(pages):
        sets = dict.fromkeys(("sites.*.power_mw", "sites.*.phases.*.power_mw"), f"*{(110 + 10 * place) / 100:g}")
        wanted = net(sets)
        page.wait_for_function("wanted => document.querySelector('#kpi-net').innerText === wanted", arg=wanted)


def fill(page: Any, percent: str, name: str = "Power of all sites, %") -> None:
    page.get_by_role("spinbutton", name=name).fill(percent)
    page.keyboard.press("Enter")


def solver(address: str) -> int:
    """The process with the most time of a processor below the server of that address."""
    port = int(address.rstrip("/").rpartition(":")[2])
    server = next(c.pid for c in psutil.net_connections("tcp") if c.status == "LISTEN" and c.laddr.port == port)
    return max(psutil.Process(server).children(recursive=True), key=lambda one: sum(one.cpu_times()[:2])).pid
