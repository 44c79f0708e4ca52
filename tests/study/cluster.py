"""A Dask scheduler and workers as processes of this machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
PATIENCE_SECONDS = 60.0
Process = subprocess.Popen[bytes]


@dataclass
class Cluster:
    """Its scheduler's address, and its processes, the scheduler first."""

    address: str
    processes: list[Process]

    def add_worker(self, *options: str) -> None:
        """One more, of one thread."""
        self.processes.append(_started("dask_worker", self.address, "--nthreads", "1", *options))


@contextmanager
def cluster(workers: int, *options: str) -> Iterator[Cluster]:
    """A scheduler with so many workers; all of them end with it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "scheduler.json"
        address = ("--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file))
        here = Cluster("", [_started("dask_scheduler", *address)])
        try:
            here.address = _address(file)
            for _ in range(workers):
                here.add_worker(*options)
            yield here
        finally:
            for process in reversed(here.processes):
                process.terminate()
                process.wait()


def _started(program: str, *options: str) -> Process:
    # Workers look for the functions of tests where pytest finds them.
    path = os.pathsep.join(filter(None, [str(FOLDER), os.environ.get("PYTHONPATH")]))
    call = [sys.executable, "-m", f"distributed.cli.{program}", "--no-dashboard", *options]
    nowhere = subprocess.DEVNULL
    return subprocess.Popen(call, stdout=nowhere, stderr=nowhere, env={**os.environ, "PYTHONPATH": path})


def _address(file: Path) -> str:
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        try:
            return str(json.loads(file.read_text(encoding="utf-8"))["address"])
        except (OSError, ValueError):
            time.sleep(0.05)
    raise AssertionError("the scheduler did not start")
