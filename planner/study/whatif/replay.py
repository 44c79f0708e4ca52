"""Replay: a plan that is settled, in a world that came out otherwise.

What the plan orders is ordered as planned, where law still lets it; what can be done afterwards stays open: rentals,
runs, ports, early retirement, unserved work. The cost of the replay less that of the best plan for that world is the
plan's regret there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from planner.domain.case import Case
from planner.domain.horizon import Node, Period
from planner.domain.offer import Offer
from planner.errors import Infeasible
from planner.model.build import Model, build
from planner.model.timing import discount, price_growth
from planner.plan.plan import Plan, read_plan
from planner.plan.rows import Record
from planner.solve.choices import chosen
from planner.solve.objective import solve_model
from planner.solve.of_model import rebounded

Key = tuple[str, ...]
"""Offer, site and node of an order."""
GIVE = 1e-7


@dataclass(frozen=True)
class Replay:
    """The plan as it comes out. `cancelled`: orders that this world does not let happen, each with the deposit that it
    loses.

    A deposit, HKD, discounted, is lost where law overtakes an order already placed; what is refused when its day comes
    costs nothing.
    """

    plan: Plan
    cancelled: tuple[dict[str, Any], ...]

    @property
    def cost_hkd(self) -> float:
        """Cost of the replay with the deposits lost, HKD, discounted and expected."""
        return self.plan.objective_hkd + sum(float(order["deposit_hkd"]) for order in self.cancelled)


def replay(case: Case, planned_for: Case, orders: Sequence[Record]) -> Replay:
    """The orders of a plan made for one case, carried out in another.

    Args:
        case: the world as it comes out.
        planned_for: the case of the plan; of a plan on a tree the branch of this world's scenario is taken.
        orders: the plan's table of orders.

    Raises:
        Infeasible: what was ordered fits no plan of this world.
    """
    model = build(case)
    wanted = {node.id: ordered(planned_for, orders, node) for node in case.tree}
    amounts: dict[Key, float] = {
        (o, s, n): devices for n, by_offer in wanted.items() for (o, s), devices in by_offer.items()
    }
    settled = fixed(model, {key: devices for key, devices in amounts.items() if key in model.columns.order})
    try:
        plan = read_plan(*chosen(settled, solve_model))
    except Infeasible as error:
        raise Infeasible(f"what the plan orders does not fit this case: {error}") from None
    lost = {key: devices for key, devices in amounts.items() if key not in model.columns.order and devices > GIVE}
    return Replay(plan, tuple(_cancelled(model, key, devices) for key, devices in lost.items()))


def ordered(planned_for: Case, orders: Sequence[Record], node: Node) -> dict[tuple[str, str], float]:
    """Devices by offer and site that the plan orders in the period of the node, on the branch of the
    node's scenario; where the plan has none, on the trunk and, when that has ended, on the likeliest branch.
    """
    tree = planned_for.tree
    likeliest = max(tree.leaves, key=lambda leaf: leaf.probability)
    going_on = (*tree.trunk, *likeliest.path[len(tree.trunk) :])
    way = next((leaf.path for leaf in tree.leaves if leaf.scenario == node.scenario), going_on)
    here = {at.id for at in way if at.period == node.period}
    lines = {(row["offer"], row["site"], row["node"]): row for row in orders if row["node"] in here}
    return {(row["offer"], row["site"]): float(row["devices"]) for row in lines.values()}


def fixed(model: Model, amounts: dict[Key, float]) -> Model:
    """The model with every order at the amount given, and at none where none is; a hair of play keeps rounding out."""
    held = {}
    for key, number in model.columns.order.items():
        devices = amounts.get(key, 0.0)
        play = GIVE * max(1.0, devices) if devices else 0.0
        held[number] = model.columns.all[number]._replace(low=max(0.0, devices - play), high=devices + play)
    return rebounded(model, held)


def _cancelled(model: Model, key: Key, devices: float) -> dict[str, Any]:
    """An order that this world does not let happen, why, and the deposit lost, as the price of the offer stands."""
    offer_id, site, node_id = key
    options, offer = model.options, model.case.offers.get(offer_id)
    node = options.node(node_id)
    refusals = [r for r in options.refused if (r.offer, r.site, r.node) == key]
    deposit = 0.0
    if offer is not None and offer.price_usd_per_device is not None and _still_open(model.case, offer, node):
        price = offer.price_usd_per_device.mid * price_growth(model.case, offer, node)
        deposit = devices * price * model.case.hkd_per_usd * offer.deposit_share * discount(model.case, node)
    because = refusals[0].because if refusals else "this case has no such option"
    return {
        "offer": offer_id, "site": site, "period": str(node.period), "devices": devices, "deposit_hkd": deposit,
        "because": because,
    }  # fmt: skip


def _still_open(case: Case, offer: Offer, node: Node) -> bool:
    """Whether the order would still have been placed: on its day nobody knew yet of the rule that overtakes it."""
    ordered_on = case.horizon.order_date(node.period)
    control, scenario = case.controls.get(offer.accelerator), case.rulebook.scenarios.get(node.scenario or "")
    known = [Period.parse(control.start).start] if control and control.start else []
    known += [scenario.start_date] if scenario else []
    return bool(known) and ordered_on < min(known)
