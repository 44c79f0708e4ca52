"""Units shared out: the same results from one process, several, or a cluster; whoever is killed meanwhile."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
from cluster import Cluster, cluster

from planner.errors import SolverFailed, UsageError
from planner.study import workers as shared
from planner.study.workers import Workers, shared_out

UNITS = range(12)


class Context:
    """What all units share; it counts how often it is unpacked."""

    unpacked = 0

    def __init__(self, factor: int) -> None:
        self.factor = factor

    def __setstate__(self, state: dict[str, int]) -> None:
        Context.unpacked += 1
        self.__dict__.update(state)


def times(context: Context, unit: int) -> int:
    return context.factor * unit


def slowly(context: Context, unit: int) -> int:
    time.sleep(0.1)
    return times(context, unit)


def killed(mark: Path | None, context: Context, unit: int) -> int:
    """Unit 5 ends its worker: the first time, where a mark is left; without one always."""
    if unit == 5 and not (mark and mark.exists()):
        if mark:
            mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return slowly(context, unit)


def refused(context: Context, unit: int) -> int:
    raise UsageError(f"no {unit}")


def expected(units: range = UNITS) -> dict[int, int]:
    return {place: 7 * unit for place, unit in enumerate(units)}


def test_alone_in_order() -> None:
    assert list(shared_out(times, Context(7), UNITS)) == list(expected().items())


@pytest.mark.slow
def test_the_context_goes_to_each_worker_once(monkeypatch: pytest.MonkeyPatch) -> None:
    import joblib

    monkeypatch.setattr(Context, "unpacked", 0)
    with joblib.parallel_config(backend="threading"):
        assert dict(shared_out(slowly, Context(7), UNITS, Workers(3))) == expected()
    assert 1 <= Context.unpacked <= 3


def test_an_error_of_the_work_is_raised_as_it_is() -> None:
    import joblib

    with joblib.parallel_config(backend="threading"), pytest.raises(UsageError, match="no"):
        list(shared_out(refused, Context(7), UNITS, Workers(2)))


def test_without_dask_a_cluster_asks_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match="install planner's extra `cluster`"):
        list(shared_out(times, Context(7), UNITS, Workers(cluster="tcp://127.0.0.1:1")))


def test_a_worker_with_another_program_refuses() -> None:
    order = shared._Order(times, "context", "another", None)
    with pytest.raises(UsageError, match="has another planner or solver than this machine"):
        shared._do(order, b"", b"")


@pytest.mark.slow
def test_a_process_that_is_killed_loses_no_result(tmp_path: Path) -> None:
    work = partial(killed, tmp_path / "mark")
    assert dict(shared_out(work, Context(7), UNITS, Workers(2))) == expected()


@pytest.mark.slow
def test_a_unit_that_kills_all_its_processes_ends_with_what_is_finished() -> None:
    results: dict[int, int] = {}
    with pytest.raises(SolverFailed, match="ended from outside, again and again"):
        results.update(shared_out(partial(killed, None), Context(7), UNITS, Workers(2)))
    assert results
    assert results.items() <= expected().items()
    assert 5 not in results


@pytest.fixture(scope="module")
def two() -> Iterator[Cluster]:
    pytest.importorskip("distributed")
    with cluster(2, "--no-nanny") as here:
        yield here


@pytest.mark.slow
def test_a_cluster_gives_the_same(two: Cluster) -> None:
    assert dict(shared_out(times, Context(7), UNITS, Workers(cluster=two.address))) == expected()
    with pytest.raises(UsageError, match="no"):
        list(shared_out(refused, Context(7), UNITS, Workers(cluster=two.address)))


@pytest.mark.slow
def test_a_worker_of_the_cluster_that_is_killed_loses_no_result(two: Cluster, tmp_path: Path) -> None:
    two.add_worker("--no-nanny")
    work = partial(killed, tmp_path / "mark")
    assert dict(shared_out(work, Context(7), UNITS, Workers(cluster=two.address))) == expected()
    two.add_worker("--no-nanny")


@pytest.mark.long
def test_a_unit_that_kills_the_workers_of_a_cluster_is_given_up() -> None:
    pytest.importorskip("distributed")
    with cluster(2) as here:
        with pytest.raises(SolverFailed, match="ended from outside, again and again"):
            list(shared_out(partial(killed, None), Context(7), UNITS, Workers(cluster=here.address)))


@pytest.mark.long
def test_a_cluster_that_is_lost_says_so() -> None:
    pytest.importorskip("distributed")
    with cluster(2) as here:
        results = shared_out(slowly, Context(7), range(50), Workers(cluster=here.address))
        next(results)
        here.processes[0].kill()
        with pytest.raises(SolverFailed, match="was lost; finished runs are kept"):
            list(results)


@pytest.mark.long
def test_no_cluster_and_no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr(shared, "WAIT_SECONDS", 2)
    with pytest.raises(UsageError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:1:"):
        list(shared_out(times, Context(7), UNITS, Workers(cluster="tcp://127.0.0.1:1")))
    with cluster(0) as here, pytest.raises(UsageError, match="has no worker; start some with `dask worker"):
        list(shared_out(times, Context(7), UNITS, Workers(cluster=here.address)))


class Manager(threading.Thread):
    """As loky's: it looks for work that is no longer there."""

    def __init__(self, killed: bool) -> None:
        super().__init__()
        self.executor_flags = SimpleNamespace(kill_workers=killed)

    def run(self) -> None:
        raise KeyError(7)


@pytest.mark.parametrize("killed", [True, False])
def test_only_an_end_that_was_asked_for_is_not_told(
    killed: bool, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threading, "excepthook", threading.__excepthook__)
    with shared._killed_in_silence():
        thread = Manager(killed)
        thread.start()
        thread.join()
    assert ("KeyError" in capfd.readouterr().err) == (not killed)
    assert threading.excepthook is threading.__excepthook__
