"""Chromium, where the machine has one, prints a page to PDF and takes its picture."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from planner.errors import UsageError

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge", "microsoft-edge")
VARIABLE = "PLANNER_BROWSER"
VIRTUAL_MS, TIMEOUT_SECONDS = 15_000, 180
MISSING = (
    f"a PDF is printed by Chromium or Chrome, and none was found; install one (apt install chromium), name it in {VARIABLE}, "
    "or write .html and print that"
)  # fmt: skip


def find() -> str | None:
    """The path of a browser; that of the environment first."""
    named = os.environ.get(VARIABLE)
    if named:
        return shutil.which(named)
    mac = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
    return next((path for path in map(shutil.which, (*NAMES, mac)) if path), None)


def pdf(page: str) -> bytes:
    """The page printed on A4. Raises UsageError where there is no browser, or it fails."""
    flags = ["--no-pdf-header-footer", "--generate-pdf-document-outline", "--window-size=1000,1400"]
    return _made(page, "page.pdf", lambda target: [f"--print-to-pdf={target}", *flags])


def picture(page: str, width: int, height: int) -> bytes:
    """The top of the page as PNG."""
    flags = [f"--window-size={width},{height}", "--hide-scrollbars", "--force-device-scale-factor=1"]
    return _made(page, "page.png", lambda target: [f"--screenshot={target}", *flags])


def _made(page: str, name: str, flags: Callable[[Path], list[str]]) -> bytes:
    browser = find()
    if browser is None:
        raise UsageError(MISSING)
    with tempfile.TemporaryDirectory(prefix="planner-") as folder:
        source, target = Path(folder, "page.html"), Path(folder, name)
        source.write_text(page, encoding="utf-8")
        # As root, as in a container, Chromium has no sandbox to put itself into.
        root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        command = [
            browser, "--headless", "--disable-gpu", *root, f"--user-data-dir={folder}/profile", "--no-first-run",
            f"--virtual-time-budget={VIRTUAL_MS}", *flags(target), source.as_uri(),
        ]  # fmt: skip
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise UsageError(f"{browser} did not print the page: {error}") from None
        if not target.exists():
            said = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
            raise UsageError(f"{browser} did not print the page: {said}")
        return target.read_bytes()
