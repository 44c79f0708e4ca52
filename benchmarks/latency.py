"""How soon the page shows what a slider does: python -m benchmarks.latency [--moves 40] [--users 10] [--keep FILE]

Chromium moves the sliders of limits and prices of Hong Kong, one after the other and by a seed, and waits for the plan's figures; then
so many users at once move one slider each. Wall-clock seconds from the key to the figure, on this machine as it is; what the worker alone took stands
beside it.
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks import results
from benchmarks.cases import HONG_KONG
from planner.papers import browser

GOAL_MEDIAN_S, GOAL_P95_S = 1.0, 3.0
SLIDERS = {
    "Money of all funds, %": "limits", "Power of all sites, %": "limits", "Quotas of licences, %": "limits", "Supply of devices, %": "limits",
    "Prices of devices, %": "prices", "Rents, %": "prices",
}  # fmt: skip
LONGEST_MS = 120_000


@contextmanager
def _served() -> Iterator[str]:
    command = [sys.executable, "-m", "planner", "app", str(HONG_KONG / "case.yaml"), "--port", "0", "--no-browser"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        yield process.stderr.readline().split()[0]
        process.terminate()


def _open(chromium: Any, address: str) -> Any:
    page = chromium.new_page(viewport={"width": 1440, "height": 900})
    page.goto(address)
    page.wait_for_selector("#figure-capacity .main-svg", timeout=LONGEST_MS)
    return page


def _move(page: Any, name: str, percent: int) -> None:
    """Begin the move; the page marks its answer of old, so that the new one is known."""
    page.evaluate("() => document.querySelectorAll('#plan-answer > *').forEach((part) => (part.dataset.old = 'yes'))")
    page.get_by_role("spinbutton", name=name).fill(str(percent))
    page.keyboard.press("Enter")


def _shown(page: Any) -> float:
    """Wait for the figures of the new answer; seconds that the worker took for it."""
    page.wait_for_function(
        "() => document.querySelector('#plan-status').innerText.startsWith('Answered') && document.querySelector('#plan-answer > :not([data-old]) .main-svg')",
        timeout=LONGEST_MS,
    )
    took = re.search(r"([\d.]+) s", page.locator("#plan-status").inner_text())
    assert took is not None
    return float(took[1])


def measure(moves: int, users: int, seed: int = 1) -> dict[str, Any]:
    """One user's moves, then those of many at once."""
    from playwright.sync_api import sync_playwright

    rng, asked, stands = random.Random(seed), list[dict[str, Any]](), dict.fromkeys(SLIDERS, 100)
    with _served() as address, sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=str(browser.find()), args=["--no-sandbox"])
        page = _open(chromium, address)
        for place in range(moves):
            name = list(SLIDERS)[place % len(SLIDERS)]
            percent = stands[name] = rng.choice([value for value in range(50, 150, 5) if value != stands[name]])
            began = time.perf_counter()
            _move(page, name, percent)
            worker_s = _shown(page)
            asked.append(
                {
                    "kind": SLIDERS[name],
                    "slider": name,
                    "percent": percent,
                    "seconds": round(time.perf_counter() - began, 3),
                    "worker_s": worker_s,
                }
            )
            print(f"{asked[-1]['seconds']:7.2f} s, worker {worker_s:4.1f} s  {name} {percent}", flush=True)
        page.close()
        many = _together(chromium, address, users)
    seconds = sorted(one["seconds"] for one in asked)
    return {
        "median_s": statistics.median(seconds), "p95_s": seconds[int(0.95 * (len(seconds) - 1))], "worst_s": seconds[-1], "asked": asked, "users": users,
        "users_median_s": statistics.median(many), "users_worst_s": max(many),
    }  # fmt: skip


def _together(chromium: Any, address: str, users: int) -> list[float]:
    """Seconds until each of so many users has the answer to a move of their own, all begun at once."""
    pages = [_open(chromium, address) for _ in range(users)]
    began = time.perf_counter()
    for place, page in enumerate(pages):
        _move(page, "Money of all funds, %", 55 + 4 * place)
    waited = []
    for page in pages:
        _shown(page)
        waited.append(time.perf_counter() - began)
    return waited


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.latency", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("--moves", type=int, default=40)
    parser.add_argument("--users", type=int, default=10)
    parser.add_argument("--keep", type=Path, metavar="FILE", help=results.KEEP)
    given = parser.parse_args()
    measured = measure(given.moves, given.users)
    print(
        f"median {measured['median_s']:.2f} s, goal {GOAL_MEDIAN_S}; 95th percentile {measured['p95_s']:.2f} s, goal {GOAL_P95_S}; worst {measured['worst_s']:.2f} s"
    )
    print(
        f"{given.users} users at once: median {measured['users_median_s']:.1f} s, last {measured['users_worst_s']:.1f} s"
    )
    results.keep("hong_kong", "latency", measured, given.keep)


if __name__ == "__main__":
    main()
