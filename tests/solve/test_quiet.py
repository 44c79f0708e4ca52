"""Whatever a solver prints, standard output is the answer's alone."""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
import threading

import pulp
import pytest
from tiny import case

from planner.cli.progress import working
from planner.model.build import build
from planner.solve import solver
from planner.solve.by_pulp import to_pulp
from planner.solve.quiet import LOG, quietly


class Chatty(pulp.LpSolver):
    """HiGHS, with all the ways in which a library can talk: Python, a descriptor, and C's buffer."""

    name = "CHATTY"

    def actualSolve(self, lp: pulp.LpProblem, **_: object) -> object:  # noqa: N802
        print("said by Python")
        os.write(1, b"said to the descriptor\n")
        ctypes.CDLL(None).printf(b"said by C\n")
        return pulp.HiGHS(msg=False).solve(lp)  # type: ignore[no-any-return]


def solve_chattily(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solver, "available", lambda: ["CHATTY"])
    monkeypatch.setattr(pulp, "getSolver", lambda name, **_: Chatty())
    print("before")
    solver.solve(to_pulp(build(case())), solver="CHATTY")
    print("after")


def test_a_solver_that_talks_is_not_heard(monkeypatch, capfd):
    solve_chattily(monkeypatch)
    out, err = capfd.readouterr()
    assert out == "before\nafter\n"
    assert "descriptor" not in err


def test_its_log_goes_to_standard_error_when_asked_for(monkeypatch, capfd):
    monkeypatch.setenv(LOG, "1")
    solve_chattily(monkeypatch)
    out, err = capfd.readouterr()
    assert out == "before\nafter\n"
    assert all(f"said {way}" in err for way in ("by Python", "to the descriptor", "by C"))


def test_a_library_that_prints_while_a_verb_works_is_not_heard(capfd):
    def work(say: object) -> int:
        print("said by Python")
        os.write(1, b"said to the descriptor\n")
        return 7

    assert working(work, "planning") == 7
    print("the answer")
    assert capfd.readouterr().out == "the answer\n"


def test_threads_that_come_and_go_leave_standard_output_where_it_was(capfd):
    stream, first_in, second_in = sys.stdout, threading.Event(), threading.Event()

    def first() -> None:
        with quietly():
            first_in.set()
            second_in.wait(5)

    thread = threading.Thread(target=first)
    thread.start()
    first_in.wait(5)
    with quietly():
        second_in.set()
        thread.join(5)
        os.write(1, b"still away\n")
    assert sys.stdout is stream
    os.write(1, b"back\n")
    assert capfd.readouterr().out == "back\n"


@pytest.mark.parametrize(
    "call",
    [
        ("plan", "examples/1_power_limit/case.yaml"),
        ("explain", "examples/1_power_limit/case.yaml", "limits"),
        ("whatif", "examples/1_power_limit/case.yaml", "--set", "sites.hk_hsitp_loop.power_mw=2"),
    ],
    ids=["plan", "explain", "whatif"],
)
@pytest.mark.slow
def test_json_is_json_on_the_real_standard_output(call):
    done = subprocess.run([sys.executable, "-m", "planner", *call, "--json", "-v"], capture_output=True, check=True)
    assert json.loads(done.stdout)["status"] in ("optimal", "ok")
    assert b"HiGHS" in done.stderr
