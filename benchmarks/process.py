"""A measurement in a process of its own, so that its memory and its imports are its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
LAST_WORDS = 300
KILLED = -signal.SIGXCPU, -signal.SIGKILL


class Spent(NamedTuple):
    """What a command printed, and what it took: CPU and wall seconds, the most memory in MB. `stopped`: why it did not end well;
    `late`: its time was over.
    """

    printed: str
    cpu_s: float
    wall_s: float
    peak_mb: float
    stopped: str | None
    late: bool

    def record(self) -> dict[str, Any]:
        return {"cpu_s": self.cpu_s, "wall_s": self.wall_s, "peak_mb": self.peak_mb}


def spent(command: Sequence[str], limit_s: float, ends: tuple[int, ...] = (0,)) -> Spent:
    """Run the command, which the system ends after so many CPU seconds; other programs on the machine do not count.

    `ends`: exit codes with which it ends well.
    """
    limited = ["sh", "-c", f'ulimit -t {max(1, round(limit_s))}; exec "$@"', "sh", *command]
    began = time.perf_counter()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as words:
        child = subprocess.Popen(limited, stdout=out, stderr=words, cwd=ROOT)
        _, status, usage = os.wait4(child.pid, 0)
        wall_s, child.returncode = time.perf_counter() - began, os.waitstatus_to_exitcode(status)
        out.seek(0)
        words.seek(0)
        printed, said = out.read().decode(), words.read().decode()
    cpu_s, killed = usage.ru_utime + usage.ru_stime, child.returncode in KILLED
    stopped = None
    if killed:
        stopped = f"not done after {limit_s:,.0f} CPU seconds, or out of memory"
    elif child.returncode not in ends:
        stopped = f"exit code {child.returncode}: {said.strip()[-LAST_WORDS:]}"
    late = killed and cpu_s > 0.9 * limit_s
    return Spent(printed, cpu_s, wall_s, usage.ru_maxrss / 1024, stopped, late)


def measured(module: str, *arguments: str, limit_s: float) -> dict[str, Any]:
    """The JSON that a module of `benchmarks` prints; where there is none, `stopped` says why, and what was spent in
    the time that it had.
    """
    run = spent([sys.executable, "-m", f"benchmarks.{module}", *arguments], limit_s)
    if run.stopped:
        return {"stopped": run.stopped, **(run.record() if run.late else {})}
    answer: dict[str, Any] = json.loads(run.printed.splitlines()[-1])
    return answer
