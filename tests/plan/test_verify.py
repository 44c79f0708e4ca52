"""`planner verify`: a plan that was left alone stands; whatever was changed is named."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pulp
import pytest
from tiny import case, offer

from planner.cli.run import run
from planner.domain.regime import RuleBook
from planner.intake.catalogue import regimes
from planner.plan.plan import Plan, make_plan
from planner.plan.store import save
from planner.plan.stored import files_of
from planner.plan.verify import verify

CBC = "PULP_CBC_CMD" in pulp.listSolvers(onlyAvailable=True)
CHECKS = [
    "files", "results", "audit", "law", "program", "duality", "stored prices", *["second solver"] * CBC, "planned again",
    "stored program", "business as usual",
]  # fmt: skip


@pytest.fixture(scope="module")
def plan() -> Plan:
    """The tiny case with a second offer that law refuses."""
    h100 = offer(accelerator="nvidia_h100_sxm", price_usd_per_device=5_000)
    return make_plan(case(offers={"h100": h100}))


@pytest.fixture
def folder(plan: Plan, tmp_path: Path) -> Path:
    return save(plan, tmp_path / "plan")


def failing(folder: Path, rulebook: RuleBook | None = None) -> dict[str, str]:
    found = verify(folder, rulebook or regimes())
    return {finding.check: finding.says for finding in found.findings if not finding.passed}


def decided_otherwise(rule: str, outcome: str) -> RuleBook:
    """The rule book with another outcome of one rule."""
    book = regimes().model_dump(mode="json")
    changed = [r for regime in book["regimes"] for r in regime["rules"] if r["id"] == rule]
    for one in changed:
        one["outcome"] = outcome
    assert changed
    return RuleBook.model_validate(book)


def replace_in(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def sign(folder: Path) -> None:
    """Write the hashes of the files as they are now into the manifest, as a forger would."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["files"] = dict(files_of(folder))
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def test_a_plan_left_alone_stands(folder: Path) -> None:
    said: list[str] = []
    found = verify(folder, regimes(), said.append)
    assert [finding.check for finding in found.findings] == CHECKS
    assert found.passed
    assert said[0] == "comparing files"
    says = {finding.check: finding.says for finding in found.findings}
    assert says["program"] == "HiGHS finds HKD 879,000"
    assert says["stored prices"] == "the table's prices prove HKD 879,000"
    assert not CBC or says["second solver"] == "PULP_CBC_CMD finds HKD 879,000"


def test_a_changed_table_is_named_with_its_line(folder: Path) -> None:
    replace_in(folder / "tables" / "orders.csv", "2027-04-01", "2027-03-01")
    wrong = failing(folder)
    assert list(wrong) == ["files", "results", "audit", "law"]
    assert wrong["files"] == "tables/orders.csv has been changed"
    assert wrong["audit"].startswith("timeline fails by 31 days or devices at card,hall,2027q1,shipped")


def test_a_forger_who_signs_again_is_found_by_the_audit(folder: Path) -> None:
    replace_in(folder / "tables" / "unserved.csv", "91.", "41.")
    sign(folder)
    wrong = failing(folder)
    assert list(wrong) == ["results", "audit"]
    assert wrong["results"].startswith("unserved, row 1, asked_pflops_days: 91")
    assert "demand fails by 50 PFLOP/s-days at service,2027q2,asked" in wrong["audit"]


def test_a_dearer_plan_that_calls_itself_near_enough_is_found_out(plan: Plan, tmp_path: Path) -> None:
    """Everything that was saved agrees with itself: a plan that is forced to run half of its work, and says that a gap of ten is fine."""
    lazy = make_plan(case(offers={"card": {"supply_devices_total": 5}}))
    folder = save(replace(lazy, case=plan.case), tmp_path / "plan")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["solver"]["gap"] = 10
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    wrong = failing(folder)
    assert "planned again" in wrong
    assert "stored program" in wrong


@pytest.mark.parametrize(
    ("name", "old", "new", "check"),
    [
        ("plan.json", '"objective_hkd": ', '"objective_hkd": 1', "program"),
        ("plan.json", '"status": "optimal"', '"status": "optimal "', None),
        ("model.lp", "<=", ">=", "stored program"),
        ("tables/shadow_prices.csv", "demand", "demnad", "stored prices"),
        ("manifest.json", '"gap": 0.0', '"gap": 10.0', None),
    ],
)
def test_each_file_changed_alone_and_signed_again(
    folder: Path, name: str, old: str, new: str, check: str | None
) -> None:
    replace_in(folder / name, old, new)
    sign(folder)
    assert check is None or check in failing(folder)


def test_text_in_place_of_a_number_is_named(folder: Path) -> None:
    replace_in(folder / "tables" / "fleet.csv", "10.0,10.0,0.0", "many,10.0,0.0")
    assert "tables fails at fleet,line 1,devices: missing, or not what the case knows" in failing(folder)["audit"]


def test_files_missing_and_added(folder: Path) -> None:
    (folder / "tables" / "energy.csv").unlink()
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    wrong = failing(folder)
    assert wrong["files"] == "tables/energy.csv is missing; notes.txt is not of this plan"
    assert wrong["audit"] == "tables fails at energy: missing, or not what the case knows"


def test_a_changed_program_costs_something_else(folder: Path) -> None:
    text = (folder / "model.mps").read_text(encoding="utf-8")
    (folder / "model.mps").write_text(text.replace("  OBJ  ", "  OBJ  1", 1), encoding="utf-8")
    wrong = failing(folder)
    assert list(wrong) == ["files", "program", *["second solver"] * CBC, "stored program"]
    assert "the plan says HKD 879,000" in wrong["program"]


def test_a_program_that_is_none(folder: Path) -> None:
    (folder / "model.mps").write_text("NAME\nROWS\n X  nothing\n", encoding="utf-8")
    assert "model.mps cannot be read" in failing(folder)["program"]


def test_another_case_is_another_plan(folder: Path) -> None:
    replace_in(folder / "case.json", '"low":10000.0,"mid":10000.0', '"low":9000.0,"mid":9000.0')
    assert list(failing(folder)) == ["files", "audit", "planned again", "stored program"]


def test_a_rule_that_now_forbids_what_was_ordered(plan: Plan, folder: Path) -> None:
    wrong = failing(folder, decided_otherwise(plan.orders["rule"][0], "prohibited"))
    assert list(wrong) == ["law"]
    rule, outcome = plan.orders["rule"][0], plan.orders["outcome"][0]
    says = f"card at hall, ordered in 2027q1, would no longer stand from 2027q2: {outcome} by {rule} when planned, prohibited by {rule} today"
    assert says in wrong["law"]


def test_a_rule_that_now_allows_what_was_refused(plan: Plan, folder: Path) -> None:
    rule = plan.refused.loc[plan.refused["family"] == "embargo", "rule"].iloc[0]
    wrong = failing(folder, decided_otherwise(rule, "uncontrolled"))
    assert "h100 at hall in 2027q1 was refused and would now be lawful" in wrong["law"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "changes",
    [
        {"whole": {"lots": True, "gap": 0}},
        {"objective": "max_compute", "budget_hkd": 4e5},
        {"near_tie_share": 0.02, "workloads": {"service": {"growth_per_year": 1.5}}},
    ],
)
def test_whole_numbers_and_other_objectives_stand(tmp_path: Path, changes: dict[str, Any]) -> None:
    assert failing(save(make_plan(case(**changes)), tmp_path / "plan")) == {}


@pytest.mark.slow
def test_the_verb_tells_and_leaves_with_its_code(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["verify", str(folder)]) == 0
    assert "7 rows" not in capsys.readouterr().err
    replace_in(folder / "tables" / "unserved.csv", "workload", "job")
    assert run(["verify", str(folder), "--json"]) == 1
    told = capsys.readouterr()
    answer = json.loads(told.out)
    assert (answer["schema"], answer["status"], answer["results"]["passed"]) == ("planner.verify/1", "differs", False)
    assert "files: tables/unserved.csv has been changed" in told.err
    assert [one["what"].split(":")[0] for one in answer["diagnostics"]] == ["files", "results", "audit"]


@pytest.mark.slow
def test_what_planner_plan_saves_can_be_verified(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    example = Path(__file__).parents[2] / "examples" / "1_power_limit" / "case.yaml"
    folder = tmp_path / "plan"
    call = ["plan", str(example), "-o", str(folder)]
    monkeypatch.setattr("sys.argv", ["planner", *call])
    assert run(call) == 0
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert len(manifest["inputs_sha256"]) == 64
    assert manifest["command"] == f"planner plan {example} -o {folder}"
    assert (folder / "inputs" / "case.yaml").read_bytes() == example.read_bytes()
    assert run(["verify", str(folder)]) == 0
    assert "NO" not in capsys.readouterr().out.split()


def test_the_verb_needs_a_plan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["verify", str(tmp_path)]) == 2
    assert "holds no plan; `planner plan CASE -o" in capsys.readouterr().err


def test_another_business_as_usual_is_found(folder: Path) -> None:
    replace_in(folder / "usual.json", '"unserved_hkd": ', '"unserved_hkd": 1')
    wrong = failing(folder)
    assert list(wrong) == ["files", "business as usual"]
    assert "usual.json says HKD 1" in wrong["business as usual"]
