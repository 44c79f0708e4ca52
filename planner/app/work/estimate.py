"""What a move of sliders costs by the prices of the last plan, known before the plan is made anew.

At an optimum the change of its cost with a number of the program is that of the Lagrangian at the prices of its rows:

    a limit b of row r          y[r] · db                       y: shadow price, HKD per unit
    a price on cash line l      ( weight[l] + y[cover] + Σ_f share[f] · y[share of f] ) · x[l] · dc     cover, share: the rows by which funds f pay it

It holds for small moves, and is a bound for none; the plan that follows is exact.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from itertools import chain

from planner.app.sliders import Slider
from planner.domain.device_cost import equipment_hkd
from planner.model.costs.purchase import price_hkd
from planner.model.variables import HKD_PER_MODEL_UNIT
from planner.plan.plan import Plan

LIMITS = {
    "budget": ("budget",), "power": ("power",), "licences": ("licence_quota",), "supply": ("supply", "vendor_supply"), "demand": ("demand",),
}  # fmt: skip
"""By slider that moves limits: the families whose limits it moves."""
FOLLOW = {"price": ("purchase", "freight", "maintenance", "insurance", "residual"), "rent": ("rental",)}
"""By slider that moves prices: the costs that follow it; residual value as far as it is that of devices."""


def slopes(plan: Plan) -> dict[str, float]:
    """By slider: HKD of the objective, in present value, that all of what it moves weighs at the plan's prices.

    A slider that no line or limit stands for has none.
    """
    prices = plan.solution.prices.tolist()
    weighed: dict[str, float] = defaultdict(float)
    covers: dict[tuple[tuple[str, ...], str | None], float] = {}
    for row, y in zip(plan.model.rows, prices, strict=True):
        if y:
            weighed[row.family] += y * row.limit * HKD_PER_MODEL_UNIT
            if row.family == "budget":
                covers[row.what, row.node] = y
    paid = _paid(plan, covers)
    limits = {name: sum(weighed[family] for family in families) for name, families in LIMITS.items()}
    return limits | {name: sum(paid[cost] for cost in costs) for name, costs in FOLLOW.items()}


def _paid(plan: Plan, covers: Mapping[tuple[tuple[str, ...], str | None], float]) -> dict[str, float]:
    """By cost: what it weighs in the objective, and on the funds that pay it."""
    values, wanted = plan.solution.values.tolist(), {*chain.from_iterable(FOLLOW.values())}
    options, x = plan.model.options, plan.model.columns
    # What is left of racks and networks does not follow the prices of devices.
    racks = equipment_hkd(plan.case.economics)
    of_device = {
        x.order[key]: (hkd := price_hkd(options, order)) / (hkd + racks) for key, order in options.orders.items()
    }
    paid: dict[str, float] = defaultdict(float)
    for line in plan.model.lines.decided(plan.solution.values):
        if line.cost in wanted:
            part = of_device.get(line.column, 1.0) if line.cost == "residual" else 1.0
            paid[line.cost] += part * values[line.column] * line.hkd * line.weight
    for (bucket, node), lines in x.buckets.items():
        y = covers.get((("cover", bucket.name), node), 0.0)
        for fund in bucket.funds:
            y += covers.get((("share", fund, bucket.name), node), 0.0) * (plan.case.funds[fund].share_max or 0.0)
        if y:
            for line in lines.decided(plan.solution.values):
                if line.cost in wanted:
                    paid[line.cost] += y * values[line.column] * line.hkd
    return paid


def estimate(
    objective_hkd: float,
    slopes: Mapping[str, float],
    sliders: list[Slider],
    before: Mapping[str, str],
    now: Mapping[str, str],
) -> float | None:
    """The objective after the move, HKD in present value; None where something moves that the prices say nothing of."""
    moved = {name for name in {*before, *now} if before.get(name) != now.get(name)}
    known = {slider.name: slider for slider in sliders if slider.name in slopes}
    if not moved or not moved <= known.keys():
        return None
    after = objective_hkd
    for name in moved:
        slider = known[name]
        was, becomes = (slider.value(fields.get(name, slider.default)) for fields in (before, now))
        after += slopes[name] * (becomes - was) / (was or slider.default)
    return after
