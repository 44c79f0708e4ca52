"""Cases that pages are served of, a server of its own for each, and what the library says of them."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import planner
from planner.papers.plan.parts import context_of
from planner.report.words import money
from planner.study.whatif.variant import changed

ROOT = Path(__file__).resolve().parents[2]
SMALL = ROOT / "examples" / "1_power_limit" / "case.yaml"


def net(sets: dict[str, Any]) -> str:
    """Net spending of the small case with these overrides, as the page words it."""
    plan = planner.make_plan(changed(planner.read_case(SMALL).comparable, sets))
    return money(context_of(plan.record).net_spending_hkd)


@contextmanager
def served(case: Path, *options: str) -> Iterator[str]:
    """The address at which a process of its own serves the case."""
    command = [sys.executable, "-m", "planner", "app", str(case), "--port", "0", "--no-browser", *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            line = process.stderr.readline()
            found = re.match(r"(http://\S+/) shows ", line)
            assert found, line
            yield found[1]
        finally:
            process.terminate()
