"""The audit: no good plan fails, and every way to break one fails exactly the rule it breaks, at its place."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from audit_breaks import BREAKS, VARIANTS, Break, broken, plan_of_variant
from tiny import case

import planner.audit
from planner.audit import FIRST, RULES, SUMS, Audit, AuditFailed, audit
from planner.model.constraints import FAMILIES, LEDGER_FAMILIES
from planner.model.costs import COSTS, FUNDING
from planner.plan import plan as plans
from planner.plan.plan import make_plan

MAY_IMPORT = (
    "planner.domain",
    "planner.law",
    "planner.performance",
    "planner.units",
    "planner.errors",
    "planner.audit",
)


@pytest.mark.parametrize("name", VARIANTS)
def test_good_plans_pass(name: str) -> None:
    plan = plan_of_variant(name)
    assert audit(plan.case, plan.tables, plan.objective_hkd).failed == ()
    assert plan.audit.passed


@pytest.mark.parametrize("one", BREAKS, ids=lambda one: f"{one.rule}-{one.where}")
def test_what_is_broken_fails_and_nothing_else(one: Break) -> None:
    verdict = audit(*broken(one))
    assert {check.name for check in verdict.failed} == {one.rule, *one.also}
    check = next(check for check in verdict.failed if check.name == one.rule)
    assert one.where in check.where
    assert not check.worst_violation <= 0


def test_every_rule_is_broken_here() -> None:
    assert {one.rule for one in BREAKS} == {rule.name for rule in (FIRST, *RULES, *SUMS)}, "a rule that no Break breaks"


def test_every_rule_compares_something_somewhere() -> None:
    compared = dict.fromkeys((rule.name for rule in (FIRST, *RULES, *SUMS)), 0)
    for name in VARIANTS:
        for check in plan_of_variant(name).audit.checks:
            compared[check.name] += check.compared
    assert [name for name, count in compared.items() if not count] == []


def test_every_family_and_cost_has_a_rule() -> None:
    covered = {what for rule in RULES for what in rule.covers}
    families = {family.name for family in FAMILIES} | set(LEDGER_FAMILIES)
    due = families | {*COSTS, *FUNDING, "repayment", "risk"}
    assert covered == due, f"no rule in planner/audit/ covers {sorted(covered ^ due)}"


def test_it_shares_no_code_with_the_program() -> None:
    for path in Path(planner.audit.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            modules += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for module in modules:
                assert not module.startswith("planner") or module.startswith(MAY_IMPORT), (
                    f"{path.name} imports {module}"
                )


def test_a_table_that_is_missing_is_told_alone() -> None:
    plan = plan_of_variant("plain")
    tables = {name: frame for name, frame in plan.tables.items() if name != "fleet"}
    failed = audit(plan.case, tables, plan.objective_hkd).failed
    assert [(check.name, check.where) for check in failed] == [("tables", "fleet: 1 == 0")]


def test_a_column_that_is_missing_is_told_alone() -> None:
    plan = plan_of_variant("plain")
    tables = {**plan.tables, "service": plan.service.drop(columns=["devices", "site"])}
    failed = audit(plan.case, tables, plan.objective_hkd).failed
    assert [(check.name, check.where) for check in failed] == [("tables", "service,site,devices: 2 == 0")]


@pytest.mark.parametrize("column", ["period", "node", "hkd", "fund"])
def test_a_column_that_one_line_lacks_is_told_alone(column: str) -> None:
    plan = plan_of_variant("plain")
    first, second, *others = (dict(line) for line in plan.rows.spend)
    del second[column]
    failed = audit(plan.case, {**plan.rows.by_name, "spend": [first, second, *others]}, plan.objective_hkd).failed
    assert [(check.name, check.where) for check in failed] == [("tables", f"spend,{column}: 1 == 0")]


def test_an_objective_that_is_not_the_sum_of_its_parts() -> None:
    plan = plan_of_variant("plain")
    (check,) = audit(plan.case, plan.tables, plan.objective_hkd + 1e6).failed
    assert (check.name, check.unit, round(check.worst_violation)) == ("breakdown", "HKD", 1_000_000)
    assert check.where.startswith("objective: ")


def test_more_work_than_is_asked_for_is_found_out() -> None:
    """The case asks for a fifth less than the plan was made for, and the tables say so, but for the work done."""
    plan = plan_of_variant("plain")
    less = plan.case.model_copy(
        update={"workloads": {"service": case(workloads={"service": {"demand_pflops": 0.8}}).workloads["service"]}}
    )
    tables = {
        **plan.tables,
        "unserved": plan.unserved.assign(asked_pflops_days=plan.unserved["asked_pflops_days"] * 0.8),
    }
    (check,) = audit(less, tables, plan.objective_hkd).failed
    assert (check.name, check.where) == ("demand", "service,2027q3: 92 == 73.6")


def test_a_branch_that_law_closes_keeps_its_deposit_only() -> None:
    """An order of 2027q2 would ship after the snap embargo of 2027-03-01: devices told to stand in that branch are found out."""
    plan = plan_of_variant("tree")
    late = plan.orders[plan.orders["node"].str.startswith("2027q2")]
    assert not any(late["stands_from"].str.endswith("snap_embargo"))
    tables = dict(plan.tables)
    tables["orders"] = plan.orders.assign(
        stands_from=plan.orders["stands_from"].str.replace("2027q3", "2027q3_snap_embargo")
    )
    failed = {check.name for check in audit(plan.case, tables, plan.objective_hkd).failed}
    assert {"timeline", "embargo"} <= failed


def test_a_plan_that_fails_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    bad = audit(*broken(BREAKS[-1]))
    monkeypatch.setattr(plans, "audit", lambda *_: bad)
    with pytest.raises(
        AuditFailed, match=r"^the plan does not stand up to the audit: breakdown fails by .* HKD at purchase,2027q1"
    ):
        make_plan(plan_of_variant("plain").case)


def test_sums_are_looked_at_where_all_else_holds() -> None:
    last = {rule.name for rule in SUMS}
    assert last <= {check.name for check in plan_of_variant("plain").audit.checks}
    one = next(one for one in BREAKS if one.rule == "cost_energy")
    assert not last & {check.name for check in audit(*broken(one)).checks}


def test_its_record_is_plain() -> None:
    record = plan_of_variant("plain").audit.record()
    assert record["passed"] is True
    assert record["checks"][0] == {  # type: ignore[index]
        "name": "tables", "covers": [], "passed": True, "worst_violation": 0.0, "unit": "faults", "where": "", "compared": 42,
    }  # fmt: skip
    assert Audit(()).passed
