"""Processes that solve for the page. Each keeps what it has planned, so that the next question about a case is quick.

A job is one question of one session; a session's newer question takes the place of its older one. A process that dies,
or is killed because its job is cancelled, is replaced, and takes nothing but its job with it.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, Literal

from planner.app.process import live

State = Literal["waiting", "running", "done", "failed", "cancelled"]
ENDED: tuple[State, ...] = ("done", "failed", "cancelled")
PATIENCE_S = 4.0
"""How long a job that nobody waits for any more may go on before its process is killed, which costs what it has planned."""
KEPT_S = 600.0
"""How long the answer of a job is kept for who asked."""
LONGEST_QUEUE = 200
CRASHED = (
    "The process that worked on this has died; the page goes on, and what was shown before still holds. Try again."
)
TOO_MANY = "Too many questions are waiting; try again in a minute."


@dataclass
class Job:
    """A question, and how far it is. `about`: what a process had better know already; `seen` counts its changes."""

    session: str
    about: str
    work: Callable[..., Any]
    arguments: tuple[Any, ...]
    id: str = field(default_factory=lambda: secrets.token_urlsafe(18))
    state: State = "waiting"
    said: str = ""
    parts: dict[str, Any] = field(default_factory=dict)
    answer: Any = None
    problems: tuple[str, ...] = ()
    began: float = field(default_factory=time.monotonic)
    dropped: float | None = None
    seen: int = 0
    took_s: float = 0.0

    @property
    def ended(self) -> bool:
        return self.state in ENDED


@dataclass
class _Process:
    process: Any
    pipe: Connection
    knows: set[str] = field(default_factory=set)
    served: dict[str, float] = field(default_factory=dict)
    job: Job | None = None

    def suits(self, job: Job) -> tuple[bool, float]:
        """How much it knows of what the job asks: the case, and when it last answered who asks, since the next answer is soonest
        made from the last.
        """
        return job.about in self.knows, self.served.get(job.session, 0.0)


class Workers:
    """`count` processes, and the jobs they work on."""

    def __init__(self, count: int) -> None:
        self._context = get_context("spawn")
        self._changed = threading.Condition()
        self._jobs: dict[str, Job] = {}
        self._waiting: list[Job] = []
        self._processes: list[_Process] = []
        self._closed = False
        for _ in range(count):
            self._processes.append(self._start())
        for place in range(count):
            threading.Thread(target=self._attend, args=(place,), daemon=True).start()

    def submit(self, session: str, about: str, work: Callable[..., Any], *arguments: Any) -> str:
        """Ask; gives the id of the job. An older question of the session is dropped."""
        job = Job(session, about, work, arguments)
        with self._changed:
            self._forget()
            for other in [*self._waiting, *(p.job for p in self._processes if p.job)]:
                if other.session == session:
                    self._drop(other)
            if len(self._waiting) >= LONGEST_QUEUE:
                job.state, job.problems = "failed", (TOO_MANY,)
            else:
                self._waiting.append(job)
            self._jobs[job.id] = job
            self._changed.notify_all()
        return job.id

    def look(self, id: str, seen: int = -1, wait_s: float = 0.0) -> Job | None:
        """The job, once it has changed since `seen` or the time is over; None for one that is not, or no longer, known."""
        until = time.monotonic() + wait_s
        with self._changed:
            job = self._jobs.get(id)
            while job is not None and job.seen <= seen and not job.ended and (left := until - time.monotonic()) > 0:
                self._changed.wait(left)
            return job

    def cancel(self, id: str) -> None:
        """End the job now, where it has not ended."""
        with self._changed:
            if (job := self._jobs.get(id)) is not None and not job.ended:
                self._drop(job, at_once=True)
                self._changed.notify_all()

    def close(self) -> None:
        """End all processes."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            for each in self._processes:
                each.process.kill()

    def _drop(self, job: Job, *, at_once: bool = False) -> None:
        if job in self._waiting:
            self._waiting.remove(job)
        job.dropped = time.monotonic() - (PATIENCE_S if at_once else 0.0)
        _change(job, state="cancelled")

    def _forget(self) -> None:
        old = time.monotonic() - KEPT_S
        for job in [job for job in self._jobs.values() if job.ended and job.began < old]:
            del self._jobs[job.id]
        for each in self._processes:
            each.served = {session: at for session, at in each.served.items() if at >= old}

    def _start(self) -> _Process:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=live, args=(theirs,), daemon=True)
        process.start()
        theirs.close()
        return _Process(process, ours)

    def _attend(self, place: int) -> None:
        """Give the process its jobs, one after the other, and hear what it says of each."""
        while True:
            with self._changed:
                while not self._closed and (job := self._next(place)) is None:
                    self._changed.wait(0.5)
                if self._closed:
                    return
                assert job is not None
                self._waiting.remove(job)
                if not self._processes[place].process.is_alive():
                    self._processes[place] = self._start()
                worker = self._processes[place]
                worker.job = job
                _change(job, state="running")
                self._changed.notify_all()
            sound = self._through(worker, job)
            with self._changed:
                if not sound:
                    worker.job = None
                    worker.process.kill()
                    worker.pipe.close()
                    if not job.ended:
                        _change(job, state="failed", problems=(CRASHED,))
                    if not self._closed:
                        self._processes[place] = self._start()
                self._changed.notify_all()

    def _next(self, place: int) -> Job | None:
        """The oldest job that no other idle process knows more of."""
        others = [p for p in self._processes if p.job is None and p is not self._processes[place]]
        mine = self._processes[place]
        return next(
            (job for job in self._waiting if not any(other.suits(job) > mine.suits(job) for other in others)), None
        )

    def _through(self, worker: _Process, job: Job) -> bool:
        """Hear the process out. False when it has died, or goes on with what nobody waits for."""
        try:
            worker.pipe.send((job.work, job.arguments))
            while True:
                if worker.pipe.poll(0.1):
                    kind, content = worker.pipe.recv()
                    with self._changed:
                        if kind == "ended":
                            # Idle before who asked hears of it: the next question is best asked here.
                            worker.knows.add(job.about)
                            worker.served[job.session] = time.monotonic()
                            worker.job = None
                        if not job.ended:
                            _hear(job, kind, content)
                        self._changed.notify_all()
                    if kind == "ended":
                        return True
                elif not worker.process.is_alive() and not worker.pipe.poll(0):
                    return False
                if job.dropped is not None and time.monotonic() - job.dropped > PATIENCE_S:
                    return False
        except (EOFError, OSError):
            return False


def _change(job: Job, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(job, name, value)
    job.seen += 1
    job.took_s = time.monotonic() - job.began


def _hear(job: Job, kind: str, content: Any) -> None:
    if kind == "said":
        _change(job, said=content)
    elif kind == "part":
        _change(job, parts={**job.parts, **content})
    else:
        answer, problems = content
        _change(job, state="failed" if problems else "done", answer=answer, problems=problems)
