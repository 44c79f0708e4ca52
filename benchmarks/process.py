"""A measurement in a process of its own, so that its memory and its imports are its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LAST_WORDS = 300


def measured(module: str, *arguments: str, limit_s: float) -> dict[str, Any]:
    """The JSON that a module of `benchmarks` prints; `stopped` in its place says why there is none."""
    command = [sys.executable, "-m", f"benchmarks.{module}", *arguments]
    try:
        ended = subprocess.run(command, capture_output=True, text=True, timeout=limit_s, cwd=ROOT)
    except subprocess.TimeoutExpired:
        return {"stopped": f"not done after {limit_s:.0f} s"}
    if ended.returncode:
        return {"stopped": f"exit code {ended.returncode}: {ended.stderr.strip()[-LAST_WORDS:]}"}
    answer: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return answer
