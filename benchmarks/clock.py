"""Where the time and the memory of one process go, by stages that are entered and left."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

STATUS, RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")
MB = 1024


@dataclass
class Spent:
    """What a stage took of its own, without the stages inside it: CPU and wall seconds, and the most memory while it ran."""

    cpu_s: float = 0.0
    wall_s: float = 0.0
    peak_mb: float = 0.0


class Clock:
    """One stage runs at a time; a stage inside another stops the outer one's clock."""

    def __init__(self, first: str) -> None:
        self.stages: dict[str, Spent] = {}
        self._running = [first]
        self._cpu, self._wall = 0.0, time.perf_counter()

    def _settle(self, *, memory: bool) -> Spent:
        """Book what has passed to the stage that runs; to look at the memory takes time of none."""
        cpu, wall = time.process_time(), time.perf_counter()
        stage = self.stages.setdefault(self._running[-1], Spent())
        stage.cpu_s += cpu - self._cpu
        stage.wall_s += wall - self._wall
        if memory:
            stage.peak_mb = max(stage.peak_mb, peak_mb())
            cpu, wall = time.process_time(), time.perf_counter()
        self._cpu, self._wall = cpu, wall
        return stage

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Inside, time is that of the stage."""
        self._settle(memory=True)
        self._running.append(name)
        try:
            yield
        finally:
            self._settle(memory=True)
            self._running.pop()

    def turn(self, name: str) -> None:
        """From here on the stage that runs is this one."""
        self._settle(memory=True)
        self._running[-1] = name

    def border(self, owner: Any, attribute: str, name: str, then: Mapping[str, str] | None = None) -> None:
        """Every call of the owner's function is the stage of that name; `then`: what the caller's stage turns into afterwards, by
        its name.
        """
        inner = getattr(owner, attribute)

        @wraps(inner)
        def timed(*args: Any, **kwargs: Any) -> Any:
            try:
                with self.stage(name):
                    return inner(*args, **kwargs)
            finally:
                self._running[-1] = (then or {}).get(self._running[-1], self._running[-1])

        setattr(owner, attribute, timed)

    def inner_border(self, owner: Any, attribute: str, name: str) -> None:
        """As `border`, for functions that are called very often and within no other such: memory is not looked at."""
        inner: Callable[..., Any] = getattr(owner, attribute)

        @wraps(inner)
        def timed(*args: Any, **kwargs: Any) -> Any:
            if self._running[-1] == name:
                return inner(*args, **kwargs)
            self._settle(memory=False)
            self._running.append(name)
            try:
                return inner(*args, **kwargs)
            finally:
                self._settle(memory=False)
                self._running.pop()

        setattr(owner, attribute, timed)

    def record(self) -> dict[str, dict[str, float]]:
        """By stage, in the order in which they were entered, for JSON."""
        self._settle(memory=True)
        return {
            name: {unit: round(value, 4) for unit, value in vars(spent).items()} for name, spent in self.stages.items()
        }


def peak_mb() -> float:
    """The most memory since this was last asked where the system tells it (Linux), else since the process began, MB."""
    try:
        line = next(line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM"))
        RESET.write_text("5")
        return int(line.split()[1]) / MB
    except (OSError, StopIteration):
        unit = MB * MB if sys.platform == "darwin" else MB
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
