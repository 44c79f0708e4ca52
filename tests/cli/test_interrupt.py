"""Ctrl-C that only the parent process hears: its workers end with it, and what was finished is kept."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

CASE = Path(__file__).parents[2] / "examples" / "7_buy_or_rent" / "case.yaml"
RENT = "offers.shenzhen_910c_rental.rent_usd_per_device_hour"
RUNS = 500
PATIENCE_SECONDS = 15.0

pytestmark = pytest.mark.skipif(shutil.which("ps") is None, reason="processes are listed by ps")


def children(parent):
    return {pid for pid, (ppid, _) in processes().items() if ppid == parent}


def alive(pids):
    """Those that still run; what has ended and was not yet asked for by anybody is gone."""
    listed = processes()
    return {pid for pid in pids if pid in listed and not listed[pid][1].startswith("Z")}


def processes():
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,stat="], capture_output=True, text=True, check=True).stdout
    return {int(pid): (int(ppid), state) for pid, ppid, state in map(str.split, listed.splitlines())}


def wait_until(true):
    end = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)


@pytest.mark.slow
@pytest.mark.parametrize("times", [1, 2], ids=["once", "impatiently"])
def test_workers_end_with_a_sweep_that_alone_is_interrupted(tmp_path, times):
    kept = tmp_path / "sweep" / "runs.jsonl"
    call = ["sweep", str(CASE), "--vary", f"{RENT}=0.5:6:{RUNS}", "--workers", "2", "-o", str(kept.parent)]
    run = subprocess.Popen(
        [sys.executable, "-m", "planner", *call],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        wait_until(lambda: kept.exists() and kept.stat().st_size)
        workers = children(run.pid)
        assert len(workers) >= 2
        for _ in range(times):
            run.send_signal(signal.SIGINT)
            time.sleep(0.005)
        _, err = run.communicate(timeout=PATIENCE_SECONDS)
        wait_until(lambda: not alive(workers))
    finally:
        with suppress(ProcessLookupError):
            os.killpg(run.pid, signal.SIGKILL)
    assert run.returncode == 130
    assert "Traceback" not in err
    finished = len(kept.read_text().splitlines())
    assert 0 < finished < RUNS
    said = re.search(r"stopped at (\d+) of 500 runs; they are kept in", err)
    if times == 1:
        # The last may have been kept and not yet counted.
        assert said is not None
        assert finished - 1 <= int(said[1]) <= finished
