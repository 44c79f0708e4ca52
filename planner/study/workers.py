"""Units of work shared out: to processes of this machine or to the workers of a Dask cluster, in one way.

A unit is what one call of the work is given beside the context, which all units share: a case, or a program in hand.
The context goes to each worker once and stays there, so that a worker may keep a model warm from one unit to the next;
what comes of a unit must not hang on the units before it. A worker that is ended from outside takes no result with it:
its unit goes to another one.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import planner
from planner.errors import SolverFailed, UsageError

C = TypeVar("C")
U = TypeVar("U")
R = TypeVar("R")

MOST_BREAKS = 3
WAIT_SECONDS = 10
ENDED = (
    "a worker was ended from outside, again and again, perhaps for want of memory; finished runs are kept, "
    "and fewer --workers need less"
)
NO_DASK = "--cluster needs Dask: install planner's extra `cluster`, here and on the workers."


@dataclass(frozen=True)
class Workers:
    """Who does the work: so many processes of this machine (1: this one and no other), or all workers of the Dask cluster
    whose scheduler has the address.
    """

    count: int = 1
    cluster: str | None = None


ALONE = Workers()


def shared_out(
    work: Callable[[C, U], R], context: C, units: Sequence[U], workers: Workers = ALONE
) -> Iterator[tuple[int, R]]:
    """The place of each unit and what `work` makes of it, in the order in which they are finished.

    Args:
        work: a function of a module; it, the context and the units can be pickled.

    Raises:
        UsageError: there is no such cluster, or it has another planner than this machine.
        SolverFailed: workers are ended again and again, or the cluster is lost.
    """
    if workers.cluster is None and (workers.count == 1 or len(units) < 2):
        yield from ((place, work(context, unit)) for place, unit in enumerate(units))
        return
    packed, waiting = pickle.dumps(context), dict(enumerate(units))
    parent = os.getpid() if workers.cluster is None else None
    order = _Order(work, hashlib.sha256(packed).hexdigest(), program(), parent)
    if workers.cluster is None:
        with _killed_in_silence():
            yield from _here(workers.count, order, packed, waiting)
    else:
        yield from _on_cluster(workers.cluster, order, packed, waiting)


@cache
def program() -> str:
    """SHA-256 of the program's own files and of the solver's version: what another program makes is not this one's."""
    from importlib.metadata import version

    digest = hashlib.sha256(version("highspy").encode())
    for file in sorted(Path(planner.__file__).parent.rglob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()


@dataclass(frozen=True)
class _Order:
    """What goes with every unit: the work, the hashes of its context and of the program, and the process that its worker
    ends with.
    """

    work: Callable[[Any, Any], Any]
    context: str
    program: str
    parent: int | None


_at_hand = threading.local()
"""The context of a worker, of each of its threads by itself: a solver serves one at a time."""


def _do(order: _Order, packed: Any, unit: bytes) -> tuple[int, Any]:
    """In a worker: a unit's place and what comes of it."""
    if order.program != program():
        there = f"a worker of the cluster has another planner or solver than this machine: {planner.__file__}"
        raise UsageError(f"{there} on {os.uname().nodename}. Install the same version on all.")
    if order.parent not in (None, os.getpid()):
        _end_with_parent()
    if getattr(_at_hand, "name", None) != order.context:
        _at_hand.context, _at_hand.name = pickle.loads(packed), order.context
    place, argument = pickle.loads(unit)
    return place, order.work(_at_hand.context, argument)


@cache
def _end_with_parent() -> None:
    """A worker whose parent was killed would work on for nobody: once a second it looks whether it is still there."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _finished(order: _Order, packed: Any, waiting: dict[int, Any], count: int) -> Iterator[tuple[int, Any]]:
    """What comes of the units that wait; those that are finished wait no longer."""
    import joblib

    # Units go as bytes: what is larger than a kilobyte joblib would put on one worker of a cluster, and lose with it.
    jobs = (joblib.delayed(_do)(order, packed, pickle.dumps(unit)) for unit in list(waiting.items()))
    # Many at a time, so that workers that join a cluster later find some.
    parallel = joblib.Parallel(n_jobs=count, return_as="generator_unordered", pre_dispatch="8 * n_jobs")
    for place, result in parallel(jobs):
        del waiting[place]
        yield place, result


def _here(count: int, order: _Order, packed: bytes, waiting: dict[int, Any]) -> Iterator[tuple[int, Any]]:
    import numpy as np
    from joblib.externals.loky import get_reusable_executor
    from joblib.externals.loky.process_executor import BrokenProcessPool

    # Stopped by Ctrl-C, loky's own tracker of its locks would complain in Python's words after ours.
    os.environ.setdefault("PYTHONWARNINGS", "ignore:resource_tracker:UserWarning")
    breaks = 0
    while waiting:
        before = len(waiting)
        try:
            # As an array, whose memory joblib lets all processes share where it is large.
            shared = np.frombuffer(packed, dtype=np.uint8)
            yield from _finished(order, shared, waiting, min(count, max(2, before)))
        except BrokenProcessPool:
            breaks = breaks + 1 if len(waiting) == before else 1
            if breaks == MOST_BREAKS:
                raise SolverFailed(ENDED) from None
            count = max(2, count - 1)
        except (KeyboardInterrupt, GeneratorExit):
            # Processes that went on would hold the machine; asked for otherwise, loky lets them finish first.
            get_reusable_executor(reuse=True, kill_workers=True).shutdown(wait=True, kill_workers=True)
            raise


@contextmanager
def _killed_in_silence() -> Iterator[None]:
    """Where its processes are killed, loky's thread may still look for work that it has just given up, and die of it: that
    end was asked for, and Python need not tell of it.
    """
    tell = threading.excepthook

    def hook(death: threading.ExceptHookArgs) -> None:
        if not getattr(getattr(death.thread, "executor_flags", None), "kill_workers", False):
            tell(death)

    threading.excepthook = hook
    try:
        yield
    finally:
        threading.excepthook = tell


def _on_cluster(address: str, order: _Order, packed: bytes, waiting: dict[int, Any]) -> Iterator[tuple[int, Any]]:
    import logging
    from concurrent.futures import CancelledError

    try:
        import distributed
    except ImportError:
        raise UsageError(NO_DASK) from None
    import joblib

    # What it would say of workers that come and go, planner says in its own words where it matters.
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)

    try:
        client = distributed.Client(address, timeout=WAIT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise UsageError(f"no Dask scheduler answers at {address}: {error}.") from None
    with client, joblib.parallel_config(backend=_backend()(client=client, wait_for_workers_timeout=WAIT_SECONDS)):
        try:
            # The result of a task and no data put there: where a worker is lost with it, another one makes it anew.
            there = client.submit(bytes, packed)
            yield from _finished(order, there, waiting, -1)
        except TimeoutError:
            raise UsageError(
                f"the cluster at {address} has no worker; start some with `dask worker {address}`."
            ) from None
        except distributed.KilledWorker:
            raise SolverFailed(ENDED) from None
        except ModuleNotFoundError as error:
            raise UsageError(f"a worker of the cluster has no {error.name}. Install planner there too.") from None
        except (OSError, CancelledError, distributed.client.FutureCancelledError):
            raise SolverFailed(
                f"the cluster at {address} was lost; finished runs are kept, and the same call goes on."
            ) from None


@cache
def _backend() -> Any:
    """Joblib's backend for Dask, mended: its own waits without end for a unit that Dask gave up, and works here, not
    there, where only one worker has come so far.
    """
    from joblib._dask import DaskDistributedBackend

    class Cluster(DaskDistributedBackend):  # type: ignore[misc]
        def effective_n_jobs(self, n_jobs: int) -> Any:
            return max(2, super().effective_n_jobs(n_jobs))

        def submit(self, func: Any, callback: Any = None) -> Any:
            future = super().submit(func, callback)

            def given_up(future: Any) -> None:
                if error := future.exception():
                    callback(error)

            future.add_done_callback(given_up)
            return future

        def retrieve_result_callback(self, out: Any) -> Any:
            if isinstance(out, BaseException):
                raise out
            return super().retrieve_result_callback(out)

    return Cluster
