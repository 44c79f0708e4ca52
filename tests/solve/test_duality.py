"""Shadow prices are proved by duality before anyone sees them; prices that do not add up are refused, and so is a breakdown."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from proof import SNAP
from tiny import case

from planner.errors import Infeasible, SolverFailed
from planner.model.build import build
from planner.plan.plan import read_plan
from planner.solve.objective import solve_model
from planner.solve.outcome import Solution
from planner.solve.shadow_prices import check_duality, shadow_prices

SCARCE = {"sites": {"hall": {"phases": [{"from_date": "2020-01-01", "power_mw": 0.009}]}}}


def solved(**changes: object) -> tuple[object, Solution]:
    model = build(case(**changes))
    return model, solve_model(model)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        SCARCE,
        {"scenarios": SNAP, "risk": {"weight": 0.3, "tail": 0.4}},
        {"silos": {"west": {"tenants": ["city"], "entity_hkd_per_year": 1e6}}},
        {"funds": {"own": {"kind": "budget", "amount_hkd": 4e5}}},
        {"whole": {"lots": True, "gap": 0}},
    ],
)
def test_prices_of_every_kind_of_program_add_up(changes: dict[str, object]) -> None:
    model, solution = solved(**changes)
    assert check_duality(model, solution) == pytest.approx(solution.objective, rel=1e-9, abs=1e-9)


def test_prices_of_a_solver_that_moved_a_row_into_bounds_are_refused() -> None:
    # A row with one column, such as power at a site with one device, is where solvers do it: its price comes back as zero.
    model, solution = solved(**SCARCE)
    prices = solution.prices.copy()
    for number, row in enumerate(model.rows):
        if row.family == "power":
            prices[number] = 0.0
    with pytest.raises(
        SolverFailed, match=r"the shadow prices add up to .* million HKD, the plan costs .*; HiGHS moved rows"
    ):
        check_duality(model, replace(solution, prices=prices))


def test_prices_that_are_no_numbers_are_refused() -> None:
    model, solution = solved()
    with pytest.raises(SolverFailed):
        check_duality(model, replace(solution, prices=np.full_like(solution.prices, math.nan)))


def test_prices_of_the_wrong_sign_are_refused() -> None:
    model, solution = solved()
    with pytest.raises(SolverFailed):
        check_duality(model, replace(solution, prices=-solution.prices))


@pytest.mark.parametrize("factor", [1 + 1e-4, math.nan])
def test_a_breakdown_that_does_not_add_up_is_refused(factor: float) -> None:
    # The solver claims an objective that its values do not give; its prices claim the same, so that only the breakdown can tell.
    model, solution = solved()
    claimed = replace(
        solution,
        objective=solution.objective * factor,
        prices=solution.prices * factor,
        reduced_costs=solution.reduced_costs * factor,
    )
    with pytest.raises(SolverFailed):
        read_plan(model, claimed)


def test_the_breakdown_is_told_in_hkd() -> None:
    model, solution = solved()
    claimed = replace(
        solution, objective=1.0, prices=solution.prices / 0.879, reduced_costs=solution.reduced_costs / 0.879
    )
    with pytest.raises(SolverFailed, match=r"the costs add up to HKD 879,000\.00, the objective is HKD 1,000,000\.00"):
        read_plan(model, claimed)


def test_a_price_is_told_with_its_unit_and_reason() -> None:
    model, solution = solved(**SCARCE)
    table = shadow_prices(model, solution)
    power = next(price for price in table if price["family"] == "power")
    assert (power["unit"], power["sense"], power["limit"]) == ("MW", "<=", 0.009)
    assert power["price_says"] == "the value of one more megawatt"
    assert power["because"] == "power granted at hall: 0.009 MW"
    # One line per row with a price, none without.
    assert len(table) == sum(abs(price) * 1e6 > 1e-3 for price in solution.prices)


def test_whole_number_prices_are_those_with_the_numbers_fixed() -> None:
    # 16 devices are bought for the 10 wanted; one more PFLOP/s-day runs on the spare ones for their energy, not for a new device.
    model, solution = solved(whole={"lots": True, "gap": 0})
    prices = {price["row"]: price["price_hkd_per_unit"] for price in shadow_prices(model, solution)}
    price = prices["demand(service,2027q2)"]
    assert price == pytest.approx(3_276 / 9.1)
    assert solution.relaxed_objective == pytest.approx(0.879)


def test_limits_that_clash_have_no_prices() -> None:
    # Six devices fit; a promise of 5 PFLOP/s takes more.
    model = build(case(**SCARCE, capacity_targets={"t": {"pflops": 5, "by": "2027q2", "basis": "peak"}}))
    with pytest.raises(Infeasible, match="hard limits of the case clash"):
        solve_model(model)
