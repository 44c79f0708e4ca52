"""`planner stress` as it is called: words first, JSON for scripts, a saved plan beside the others."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from planner.cli.run import run

HEDGE = "examples/15_hedge/case.yaml"
PARTS = ("money_", "hard_shortfall_", "soft_shortfall_")


def test_words_first_then_the_matrix(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["stress", HEDGE, "--later", "0"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "2 futures of policy: status_quo 70 % and tightening 30 %"
    assert lines[1].startswith("Order in 2026q4, before anything is revealed: ")
    assert lines.index("Cost, HKD") < lines.index(
        "Regret, HKD: cost above the best that anyone could have had in that future"
    )
    assert len(lines) < 40


def test_json_for_scripts(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["stress", HEDGE, "--json", "--later", "1", "--risk", "1", "--tail", "0.3"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["schema"], answer["status"]) == ("planner.stress/1", "optimal")
    found = answer["results"]
    assert found["evpi_hkd"] >= 0
    assert found["vss_hkd"] >= 0
    assert len(found["matrix"]) == 2 * len(found["plans"])
    parts = {f"{name}_{part}hkd" for name in ("cost", "regret") for part in ("", *PARTS)}
    assert {"plan", "scenario", "unserved", "shortfall", *parts} == set(found["matrix"][0])
    for name in ("evpi", "vss", "hedging", "myopia", "wait_and_see", "stochastic", "expected_value"):
        assert found[f"{name}_hkd"] == pytest.approx(sum(found[f"{name}_{part}hkd"] for part in PARTS), abs=1)
    assert found["risk"] == {"weight": 1.0, "tail": 0.3}
    assert found["first_stage"]["periods"] == ["2026q4"]
    assert len(found["decide_by"]) == 1


def test_weights_of_the_call(capsys: pytest.CaptureFixture[str]) -> None:
    call = ["stress", HEDGE, "--later", "0", "--scenario", "status_quo=0.4", "--scenario", "snap_embargo=0.6", "--json"]
    assert run(call) == 0
    found = json.loads(capsys.readouterr().out)["results"]
    assert [(s["scenario"], s["probability"]) for s in found["scenarios"]] == [
        ("status_quo", 0.4),
        ("snap_embargo", 0.6),
    ]
    assert run(["stress", HEDGE, "--scenario", "tightening"]) == 2
    assert "--scenario tightening gives no probability; write ID=0.3." in capsys.readouterr().err


@pytest.mark.slow
def test_a_saved_plan_is_carried_out_beside(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The plan of the example is the one of its own risk, so it does as `cvar` does."""
    folder = tmp_path / "plan"
    assert run(["plan", HEDGE, "-o", str(folder)]) == 0
    capsys.readouterr()
    assert run(["stress", HEDGE, "--fix", str(folder), "--later", "0", "--json"]) == 0
    matrix = json.loads(capsys.readouterr().out)["results"]["matrix"]
    costs = {(cell["plan"], cell["scenario"]): cell["cost_hkd"] for cell in matrix}
    for scenario in ("status_quo", "tightening"):
        assert costs["fixed", scenario] == pytest.approx(costs["cvar", scenario], rel=1e-5)
        assert costs["fixed", scenario] >= costs[scenario, scenario] - 1


@pytest.mark.slow
def test_a_hard_target_that_a_future_cannot_keep_is_said_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """400 L40 a quarter stop in January: 1,000 PFLOP/s (FP8) by 2027q4 are out of reach in `tightening`, or in both."""
    given = Path(HEDGE).read_text(encoding="utf-8")
    target = "capacity_targets:\n  promise: {pflops: 1000, by: 2027q4, basis: peak, precision: fp8}\n"
    path = tmp_path / "case.yaml"
    path.write_text(given + target, encoding="utf-8")
    assert run(["stress", str(path), "--later", "0"]) == 0
    page = " ".join(capsys.readouterr().out.split())
    assert page.startswith("The hard target promise cannot be kept in ")
    assert "a made-up price that nobody pays." in page
    assert "Of the cost, hard targets missed, at a made-up price, HKD" in page
    assert run(["stress", str(path), "--later", "0", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["diagnostics"][0]["what"].startswith("The hard target promise cannot be kept in ")
    assert run(["stress", str(path), "--later", "0", "-f", "csv"]) == 0
    assert "expected_cost_hard_shortfall_hkd" in capsys.readouterr().out
