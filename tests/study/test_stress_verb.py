"""`planner stress` as it is called: words first, JSON for scripts, a saved plan beside the others."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from planner.cli.run import run

HEDGE = "examples/15_hedge/case.yaml"


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
    assert {"plan", "scenario", "cost_hkd", "unserved", "shortfall", "regret_hkd"} == set(found["matrix"][0])
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
