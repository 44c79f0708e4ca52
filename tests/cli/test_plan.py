"""`planner plan`: the screen, the envelope that scripts rely on, files, errors and Ctrl-C."""

from __future__ import annotations

import csv
import io
import json
import math
import signal
import subprocess
import sys
import time

import pytest

from planner.cli import plan as plan_module
from tests.cli.small_case import TEXT, call, written

TABLES = {"orders", "rentals", "fleet", "service", "unserved", "spend", "jobs", "shadow_prices", "refused"}


def test_the_summary_comes_first_then_the_short_tables(case, capsys):
    out = call(capsys, "plan", case).out
    lines = out.splitlines()
    assert lines[0] == "small: 2027q1 to 2027q4, least cost"
    assert "To order now, in 2027q1: 4 nvidia_rtx_5090d_v2 for hall." in lines
    assert lines.index("orders") > lines.index("What law refused: 1 of 2 offers in every period")
    assert "shadow_prices; `planner explain` says why." in " ".join(lines[-6:])
    assert "finds which estimates decide it." in " ".join(lines[-2:])
    assert max(map(len, lines)) <= 100


def test_the_same_call_gives_the_same_bytes(case, capsys):
    assert call(capsys, "plan", case).out == call(capsys, "plan", case).out


def test_the_envelope_is_as_promised_and_costs_add_up(case, capsys):
    answer = json.loads(call(capsys, "plan", case, "--json").out)
    assert answer["schema"] == "planner.plan/1"
    assert answer["status"] == "optimal"
    assert len(answer["inputs_sha256"]) == 64
    assert answer["data_as_of"] >= "2026-11-01"
    assert answer["diagnostics"] == []
    results = answer["results"]
    assert results["tables"].keys() >= TABLES
    assert math.isclose(math.fsum(cost["hkd"] for cost in results["costs"]), results["objective_hkd"], rel_tol=1e-9)
    assert results["audit"]["passed"] is True
    assert len(results["audit"]["checks"]) >= 10
    assert all(row["because"] for row in results["tables"]["shadow_prices"])
    assert {row["accelerator"] for row in results["tables"]["refused"]} >= {"nvidia_b200"}
    (order,) = results["tables"]["orders"]
    assert (order["devices"], order["hkd"]) == (pytest.approx(4), pytest.approx(312_000))


def test_a_table_asked_for_is_shown_and_an_unknown_one_gets_the_nearest(case, capsys):
    assert "\nfleet\n" in call(capsys, "plan", case, "--table", "fleet").out
    told = call(capsys, "plan", case, "--table", "flet", code=2)
    assert told.err == "planner: a plan has no table 'flet'. Did you mean fleet?\n"
    assert told.out == ""


def test_csv_holds_exact_numbers(case, capsys):
    rows = list(csv.DictReader(io.StringIO(call(capsys, "plan", case, "--table", "orders", "--format", "csv").out)))
    assert [(row["offer"], float(row["hkd"])) for row in rows] == [("card", pytest.approx(312_000))]


def test_a_result_goes_to_a_file_by_its_suffix(case, capsys, tmp_path):
    told = call(capsys, "plan", case, "-o", "plan.json")
    assert (told.out, told.err) == ("", "Wrote plan.json.\n")
    assert json.loads((tmp_path / "plan.json").read_text())["schema"] == "planner.plan/1"


def test_a_plan_is_saved_in_a_folder_with_what_it_was_made_from(case, capsys, tmp_path):
    told = call(capsys, "plan", case, "-o", "plans/first")
    assert told.out.startswith("small: ")
    assert told.err == "Saved the plan in plans/first; `planner verify plans/first` checks it again.\n"
    assert (tmp_path / "plans/first/tables/orders.csv").is_file()
    assert (tmp_path / "plans/first/inputs/case.yaml").read_text() == TEXT


def test_the_program_is_written_with_readable_names(case, capsys, tmp_path):
    call(capsys, "plan", case, "--lp", "model.lp")
    assert "power(hall,2027q2):" in (tmp_path / "model.lp").read_text()
    told = call(capsys, "plan", case, "--lp", "model.txt", code=2)
    assert told.err == "planner: model.txt names no format of programs; use .lp or .mps\n"


def test_objective_and_scenario_replace_those_of_the_case(case, capsys):
    assert call(capsys, "plan", case, "--objective", "max_compute").out.startswith(
        "small: 2027q1 to 2027q4, most compute within the budget\n"
    )
    told = call(capsys, "plan", case, "--objective", "max_compue", code=3)
    assert "min_cost, max_compute, min_time" in told.err
    embargo = json.loads(call(capsys, "plan", case, "--scenario", "snap_embargo", "--json").out)
    assert embargo["results"]["tables"]["orders"] == []
    assert "no scenario 'snap'" in call(capsys, "plan", case, "--scenario", "snap", code=2).err


def test_another_solver_gives_the_same_cost(case, capsys):
    first = json.loads(call(capsys, "plan", case, "--json").out)["results"]["objective_hkd"]
    told = call(capsys, "plan", case, "--solver", "NO_SUCH", code=2)
    assert "no solver 'NO_SUCH' is ready here" in told.err
    assert first > 0


def test_a_missing_file_is_told_without_a_traceback(case, capsys):
    told = call(capsys, "plan", "mising.yaml", code=3)
    assert told.err.startswith("mising.yaml: there is no such file.")
    assert told.out == ""
    both = call(capsys, "plan", "mising.yaml", "--json", code=3)
    assert json.loads(both.out)["diagnostics"][0]["file"] == "mising.yaml"


def test_clashing_limits_are_exit_4(tmp_path, capsys):
    text = TEXT + "capacity_targets: {promise: {pflops: 100000, by: 2027q3, basis: peak}}\n"
    told = call(capsys, "plan", str(written(tmp_path, text)), code=4)
    assert "Traceback" not in told.err
    assert "the hard limits of the case clash" in told.err


@pytest.mark.slow
def test_slow_work_says_what_it_does_on_stderr_and_hears_ctrl_c(case, tmp_path):
    """A solver that does not come back: one plain line, then Ctrl-C ends it at once with nothing written."""
    code = (
        "import sys, time\n"
        "import planner.plan.plan as plan\n"
        "plan.make_plan = lambda *a, **k: time.sleep(60)\n"
        f"sys.argv = ['planner', 'plan', {case!r}, '-o', 'plan.json']\n"
        "from planner.cli import main\n"
        "main()\n"
    )
    run = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert run.stderr is not None
    assert run.stderr.readline() == "planner: planning small …\n"
    began = time.monotonic()
    run.send_signal(signal.SIGINT)
    out, err = run.communicate(timeout=10)
    assert (run.returncode, out, err) == (130, "", "planner: interrupted.\n")
    assert time.monotonic() - began < 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["case.yaml"]


def test_every_example_of_the_help_is_a_call_that_parses():
    assert all(line.startswith("planner plan ") for line in plan_module.EXAMPLE.splitlines())
