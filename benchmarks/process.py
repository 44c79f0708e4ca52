"""A measurement in a process of its own, so that its memory and its imports are its own."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LAST_WORDS = 300
KILLED = -signal.SIGXCPU, -signal.SIGKILL


def limited(command: Sequence[str], limit_s: float) -> list[str]:
    """The command, which the system ends after so much CPU time."""
    return ["sh", "-c", f'ulimit -t {max(1, round(limit_s))}; exec "$@"', "sh", *command]


def too_long(limit_s: float) -> str:
    """What is told of a command that the system has ended."""
    return f"not done after {limit_s:,.0f} CPU seconds, or out of memory"


def measured(module: str, *arguments: str, limit_s: float) -> dict[str, Any]:
    """The JSON that a module of `benchmarks` prints; `stopped` in its place says why there is none.

    `limit_s`: CPU seconds that the process may take; other programs on the machine do not count.
    """
    command = limited([sys.executable, "-m", f"benchmarks.{module}", *arguments], limit_s)
    ended = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    if ended.returncode in KILLED:
        return {"stopped": too_long(limit_s)}
    if ended.returncode:
        return {"stopped": f"exit code {ended.returncode}: {ended.stderr.strip()[-LAST_WORDS:]}"}
    answer: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return answer
