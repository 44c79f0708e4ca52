"""The order in which scenarios are listed is no fact: it changes neither the tree nor the optimum."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest
from tiny import case as tiny
from tiny import service, site

from planner.domain.case import Case
from planner.domain.horizon import Scenario
from planner.intake.read import read_case
from planner.plan.plan import make_plan
from planner.study.stress.uncertain import uncertain

HONG_KONG = "examples/hong_kong/case.yaml"
WITH_SCENARIOS = sorted(
    str(path) for path in Path("examples").glob("*/case.yaml") if "\nscenarios:" in path.read_text(encoding="utf-8")
)


def listed(given: Case, order: tuple[Scenario, ...]) -> Case:
    return given.model_copy(update={"scenarios": order})


def nodes(given: Case) -> dict[str, tuple[str, float, str | None]]:
    return {node.id: (str(node.period), node.probability, node.scenario) for node in given.tree}


def test_both_orders_of_two_futures_cost_what_is_bought_before_they_part() -> None:
    """Twenty H20 do 2 PFLOP/s at 0.1 each and cost HKD 89,700: 78,000 and the 15 % that the rule takes.

    They are ordered, shipped and paid in 2027q1, which both futures share, so that each costs what the one without
    scenarios does: 20 · 89,700 and the energy of 20 kW at PUE 1.5 and HKD 1 for 365 days.
    """
    changes = {
        "sites": {"hall": site(fit_out_months=0)},
        "offers": {"card": {"accelerator": "nvidia_h20_96gb", "channel": "distributor", "lead_time_months": 0}},
        "licences": {"h20": {"accelerators": ["nvidia_h20_96gb"], "quota_devices": 300, "approval_share": 1, "wait_months": 0}},
        "workloads": {"service": service(start="2027q1", demand_pflops=2, measured_pflops_per_device={"nvidia_h20_96gb": 0.1})},
    }  # fmt: skip
    even = [{"id": "status_quo", "probability": 0.5}, {"id": "tightening", "probability": 0.5}]
    costs = [make_plan(tiny(**changes, scenarios=list(order))).objective_hkd for order in permutations(even)]
    assert costs == pytest.approx([20 * 89_700 + 20 * 1.5 * 365 * 24] * 2)
    assert make_plan(tiny(**changes)).objective_hkd == pytest.approx(costs[0])


@pytest.mark.parametrize("path", [path for path in WITH_SCENARIOS if path != HONG_KONG])
def test_examples_with_scenarios_have_one_optimum_in_any_order(path: str) -> None:
    given = read_case(path)
    plans = [make_plan(listed(given, order)) for order in permutations(given.scenarios)]
    trees = [nodes(listed(given, order)) for order in permutations(given.scenarios)]
    assert all(tree == trees[0] for tree in trees)
    assert [plan.objective_hkd for plan in plans] == pytest.approx([plans[0].objective_hkd] * len(plans), rel=1e-9)


@pytest.mark.slow
def test_futures_of_the_rule_book_have_one_optimum_in_any_order() -> None:
    """Without scenarios of its own a case has those of the rule book; here they are turned round."""
    given = uncertain(read_case("examples/scenarios/case.yaml"))
    one, other = (listed(given, order) for order in (given.scenarios, given.scenarios[::-1]))
    assert nodes(one) == nodes(other)
    assert make_plan(one).objective_hkd == pytest.approx(make_plan(other).objective_hkd, rel=1e-9)


def test_hong_kong_has_one_tree_in_any_order() -> None:
    given = uncertain(read_case(HONG_KONG))
    assert len(given.scenarios) > 1
    trees = [nodes(listed(given, order)) for order in permutations(given.scenarios)]
    assert all(tree == trees[0] for tree in trees)
