"""A plan on disk: what was put in comes out, whole or not at all."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from tiny import case, offer

from planner.errors import InvalidInput, UsageError
from planner.plan import store
from planner.plan.plan import Plan, make_plan
from planner.plan.program_file import read_program, write_program
from planner.plan.rows import columns
from planner.plan.store import Origin, load, save
from planner.solve.by_pulp import arrays_of
from planner.solve.highs import solve

FILES = {"plan.json", "usual.json", "manifest.json", "case.json", "model.lp", "model.mps", "tables"}
LONG = "a_fund_with_a_name_that_says_all_that_there_is_to_say_of_it"


@pytest.fixture(scope="module")
def plan() -> Plan:
    """Two workloads, of which one waits for a mechanism."""
    other = {"name": "Other", "tenant": "bank", "data_class": "personal_hk"}
    service = case().workloads["service"].model_dump(mode="json", exclude_defaults=True) | other
    return make_plan(case(workloads={"other": service}, title="stored"))


@pytest.fixture(scope="module")
def cheaper() -> Plan:
    return make_plan(case(offers={"card": offer(price_usd_per_device=9_000)}))


def test_what_is_saved_is_loaded(plan: Plan, tmp_path: Path) -> None:
    found = load(save(plan, tmp_path / "first"))
    assert found.objective_hkd == plan.objective_hkd
    assert found.case.model_dump_json() == plan.case.model_dump_json()
    assert type(found.case.performance) is type(plan.case.performance)
    assert found.rows == plan.rows.by_name
    assert all(list(row) == list(columns()[name]) for name, rows in found.rows.items() for row in rows)


def test_business_as_usual_is_kept_and_a_plan_without_it_is_read(plan: Plan, tmp_path: Path) -> None:
    folder = save(plan, tmp_path / "first")
    assert load(folder).record.usual == plan.usual
    (folder / "usual.json").write_text('{"net_spending_hkd": 1}', encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"a name is missing in it: 'asked_pflops_days'"):
        load(folder)
    (folder / "usual.json").unlink()
    assert load(folder).record.usual is None


def test_the_folder_and_its_manifest(plan: Plan, tmp_path: Path) -> None:
    source = tmp_path / "case.yaml"
    source.write_text("title: stored\n", encoding="utf-8")
    save(plan, tmp_path / "first", Origin("ab12", "2026-11-20", "planner plan case.yaml", (source,)))
    folder = tmp_path / "first"
    assert {path.name for path in folder.iterdir()} == FILES | {"inputs"}
    assert (folder / "inputs" / "case.yaml").read_text(encoding="utf-8") == "title: stored\n"
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["command"] == "planner plan case.yaml"
    assert (manifest["inputs_sha256"], manifest["data_as_of"]) == ("ab12", "2026-11-20")
    assert set(manifest["versions"]) == {"planner", "python", "pulp", "highspy", "numpy", "pandas", "pydantic"}
    assert manifest["solver_options"]["random_seed"] == 0
    assert manifest["counts"]["orders"] == len(plan.orders)
    assert manifest["files"]["inputs/case.yaml"].startswith("b424f2fa")
    assert len(manifest["files"]) == len(plan.tables) + 6


def test_results_are_plain_and_add_up(plan: Plan, tmp_path: Path) -> None:
    written = json.loads(
        (save(plan, tmp_path / "first") / "plan.json").read_text(encoding="utf-8"), parse_constant=pytest.fail
    )
    assert written["schema"] == "planner.plan/1"
    assert written["status"] == plan.status == "optimal"
    results = written["results"]
    assert results == plan.results
    assert sum(cost["hkd"] for cost in results["costs"]) == pytest.approx(results["objective_hkd"])
    assert set(results["tables"]) == set(plan.tables)
    assert results["tables"]["orders"][0]["devices"] == plan.orders["devices"][0]
    assert results["audit"]["passed"] is True


def test_a_new_plan_takes_the_place_of_the_old(plan: Plan, cheaper: Plan, tmp_path: Path) -> None:
    save(plan, tmp_path / "plan")
    save(cheaper, tmp_path / "plan")
    assert load(tmp_path / "plan").objective_hkd == cheaper.objective_hkd
    assert [path.name for path in tmp_path.iterdir()] == ["plan"]


@pytest.mark.slow
@pytest.mark.parametrize("step", ["_manifest", "_flush", "_swap"])
def test_what_is_interrupted_leaves_the_last_good_plan(
    plan: Plan, cheaper: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    save(plan, tmp_path / "plan")

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(store, step, interrupted)
    with pytest.raises(KeyboardInterrupt):
        save(cheaper, tmp_path / "plan")
    assert load(tmp_path / "plan").objective_hkd == plan.objective_hkd
    assert [path.name for path in tmp_path.iterdir()] == ["plan"]


def test_a_full_disk_at_the_last_step_puts_the_old_plan_back(
    plan: Plan, cheaper: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(plan, tmp_path / "plan")
    rename = Path.rename

    def fails_for_drafts(self: Path, target: Path) -> Path:
        if self.name.startswith(".plan.") and self.suffix != ".last":
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fails_for_drafts)
    with pytest.raises(UsageError, match=r"cannot save the plan in .*plan: no space left on device"):
        save(cheaper, tmp_path / "plan")
    assert load(tmp_path / "plan").objective_hkd == plan.objective_hkd


def test_a_crash_between_the_two_moves_is_survived(plan: Plan, tmp_path: Path) -> None:
    save(plan, tmp_path / "plan").rename(tmp_path / ".plan.last")
    assert load(tmp_path / "plan").objective_hkd == plan.objective_hkd


def test_what_is_no_plan_is_left_alone(plan: Plan, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="exists and holds no plan"):
        save(plan, tmp_path)
    with pytest.raises(UsageError, match="holds no plan; `planner plan CASE -o"):
        load(tmp_path)
    assert (tmp_path / "thesis.txt").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("notes.txt", "mine"),
        ("tables/orders.csv", "mine"),
        ("manifest.json", '{"name": "a web app"}'),
        ("manifest.json", "{"),
    ],
)
def test_what_no_plan_put_there_is_never_lost(plan: Plan, tmp_path: Path, name: str, content: str) -> None:
    folder = save(plan, tmp_path / "plan")
    (folder / name).write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match=r"what no plan put there.*name another folder|exists and holds no plan"):
        save(plan, folder)
    assert (folder / name).read_text(encoding="utf-8") == content


def test_a_folder_with_a_manifest_of_another_program_is_left_alone(plan: Plan, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"files": {"app.js": "1"}}', encoding="utf-8")
    (tmp_path / "app.js").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="exists and holds no plan"):
        save(plan, tmp_path)
    assert (tmp_path / "app.js").read_text(encoding="utf-8") == "mine"


def test_drafts_of_a_saver_that_was_killed_are_cleared(plan: Plan, tmp_path: Path) -> None:
    (tmp_path / ".plan.123.0123abcd").mkdir()
    (tmp_path / ".plan.notes").mkdir()
    save(plan, tmp_path / "plan")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".plan.notes", "plan"]


def test_a_second_saver_waits_or_is_told(plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "WAIT_SECONDS", 0)
    with store._alone(tmp_path), pytest.raises(UsageError, match="another plan is being saved"):
        save(plan, tmp_path / "plan")
    save(plan, tmp_path / "plan")


def test_texts_that_look_like_formulas_come_back_as_they_were(plan: Plan, tmp_path: Path) -> None:
    evil = [{**row, "because": "=cmd|'/c calc'!A0"} for row in plan.rows.refused]
    folder = save(replace(plan, rows=replace(plan.rows, refused=evil)), tmp_path / "plan")
    assert ",=" not in (folder / "tables" / "refused.csv").read_text(encoding="utf-8")
    assert load(folder).rows["refused"] == evil != []


@pytest.mark.parametrize("name", ["plan.json", "case.json", "manifest.json", "tables/orders.csv"])
@pytest.mark.parametrize("content", ["{", "{}", '"a\nb', ""])
def test_a_broken_file_is_named(plan: Plan, tmp_path: Path, name: str, content: str) -> None:
    save(plan, tmp_path / "plan")
    (tmp_path / "plan" / name).write_text(content, encoding="utf-8")
    if name.endswith(".csv") and content not in ('"a\nb', ""):
        assert load(tmp_path / "plan").rows["orders"] == []
        return
    with pytest.raises(InvalidInput, match=rf"{name}: this file of a plan cannot be read: \S"):
        load(tmp_path / "plan")


@pytest.mark.parametrize("suffix", [".lp", ".mps"])
def test_long_names_of_funds_fit_the_file(tmp_path: Path, suffix: str) -> None:
    funds = {f"{LONG}_{number}": {"kind": "budget", "amount_hkd": 1e6} for number in (1, 2)}
    plan = make_plan(case(funds=funds))
    path = tmp_path / f"program{suffix}"
    write_program(plan.model, path)
    assert f"draw({LONG}_1,{LONG}_1.{LONG}_2,2027q1)" in path.read_text(encoding="utf-8")
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_the_file_holds_the_program(plan: Plan, tmp_path: Path) -> None:
    write_program(plan.model, tmp_path / "program.mps")
    solved = solve(arrays_of(read_program(tmp_path / "program.mps")))
    assert solved.objective * 1e6 == pytest.approx(plan.objective_hkd)  # type: ignore[union-attr]


def test_a_program_needs_a_known_suffix(plan: Plan, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"program\.txt names no format of programs; use \.lp or \.mps"):
        write_program(plan.model, tmp_path / "program.txt")
    with pytest.raises(UsageError, match="cannot write"):
        write_program(plan.model, tmp_path / "nowhere" / "program.mps")
