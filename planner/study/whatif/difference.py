"""Where two plans differ in what they decide, cost, price and leave unserved. What differs less than a tolerance is the
same.

Decisions of a plan on a tree are expected ones: each node counts with its probability. Optima need not be unique, so a
difference of decisions without one of cost is a matter of taste.

The bridge from one plan's cost to another's: by cause, each taken alone, and what they do only together.

    change = Σ_cause (cost with the cause alone - cost of the base) + interaction

Each part is split by cost as well; all parts add up to the change of the objective.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from math import fsum
from typing import Any, TypedDict, TypeVar

from planner.domain.case import Case
from planner.errors import Infeasible
from planner.plan.plan import Plan, make_plan
from planner.plan.rows import Record

RELATIVE, ABSOLUTE = 1e-4, 1e-2
READY, READY_LEAST = ("port", "clear"), 1e-3
PRICE_RELATIVE, PRICE_LEAST_HKD = 1e-4, 1.0
INTERNAL_FAMILIES = ("fleet_balance",)
DECISIONS = ("buy", "rent", "stand", *READY)
Place = tuple[str, str, str, str]
"""Decision, what, site, period."""
Key = TypeVar("Key")


class Decision(TypedDict):
    """Devices bought, rented or standing in a period, or the share of a port or mechanism begun then."""

    decision: str
    what: str
    site: str
    period: str
    before: float
    after: float
    change: float
    unit: str


class CostChange(TypedDict):
    """A cost, HKD in present value."""

    cost: str
    before_hkd: float
    after_hkd: float
    change_hkd: float


class PriceChange(TypedDict):
    """The shadow price of a row, HKD per unit."""

    row: str
    family: str
    unit: str
    limit: float
    before_hkd: float
    after_hkd: float
    change_hkd: float
    because: str


class UnservedChange(TypedDict):
    """Work asked for, in the variant, and left unserved."""

    workload: str
    asked_pflops_days: float
    before_pflops_days: float
    after_pflops_days: float
    change_pflops_days: float


def decisions(base: Plan, variant: Plan) -> list[Decision]:
    """Decisions that changed, by kind, the largest change first."""
    changes: list[Decision] = []
    for (decision, what, site, period), (before, after) in _both(_decided(base), _decided(variant)).items():
        if abs(after - before) > max(RELATIVE * max(abs(before), abs(after)), ABSOLUTE):
            changes.append({
                "decision": decision, "what": what, "site": site, "period": period, "before": before, "after": after,
                "change": after - before, "unit": "share" if decision in READY else "devices",
            })  # fmt: skip
    rank = {kind: place for place, kind in enumerate(DECISIONS)}
    return sorted(changes, key=lambda d: (rank[d["decision"]], -abs(d["change"]), d["what"], d["site"], d["period"]))


def costs(base: Plan, variant: Plan) -> list[CostChange]:
    """By cost; costs that neither plan has are left out."""
    both = _both(base.cost_hkd, variant.cost_hkd)
    return [
        {"cost": cost, "before_hkd": before, "after_hkd": after, "change_hkd": after - before}
        for cost, (before, after) in both.items()
    ]


def prices(base: Plan, variant: Plan) -> list[PriceChange]:
    """Shadow prices that moved, the dearest move first: change of price times the limit it belongs to."""
    facts = {price["row"]: price for plan in (variant, base) for price in plan.rows.shadow_prices}
    sides = ({price["row"]: price["price_hkd_per_unit"] for price in p.rows.shadow_prices} for p in (base, variant))
    changes: list[PriceChange] = []
    for row, (before, after) in _both(*sides).items():
        fact, size = facts[row], max(abs(before), abs(after))
        if fact["family"] in INTERNAL_FAMILIES or abs(after - before) <= max(PRICE_RELATIVE * size, PRICE_LEAST_HKD):
            continue
        changes.append({
            "row": row, "family": fact["family"], "unit": fact["unit"], "limit": fact["limit"], "before_hkd": before,
            "after_hkd": after, "change_hkd": after - before, "because": fact["because"],
        })  # fmt: skip
    return sorted(changes, key=lambda price: (-abs(price["change_hkd"] * price["limit"]), price["row"]))


def unserved(base: Plan, variant: Plan) -> list[UnservedChange]:
    """By workload, over the horizon, expected."""
    before, after = (
        _expected(plan, plan.rows.unserved, "unserved_pflops_days", ("workload",)) for plan in (base, variant)
    )
    asked = _expected(variant, variant.rows.unserved, "asked_pflops_days", ("workload",))
    return [
        {
            "workload": key[0], "asked_pflops_days": asked.get(key, 0.0), "before_pflops_days": one,
            "after_pflops_days": other, "change_pflops_days": other - one,
        }
        for key, (one, other) in _both(before, after).items()
    ]  # fmt: skip


def expected(plan: Plan, rows: Iterable[Record], amount: str) -> float:
    """Sum of an amount over the nodes of the tree, each with its probability."""
    return _expected(plan, rows, amount, ()).get((), 0.0)


def _decided(plan: Plan) -> dict[Place, float]:
    """Amounts decided; an order that arrives in several branches counts once."""
    orders = {(row["offer"], row["site"], row["node"]): row for row in plan.rows.orders}
    tables: dict[str, Iterable[Record]] = {"buy": orders.values(), "rent": plan.rows.rentals, "stand": plan.rows.fleet}
    amounts: dict[Place, float] = {}
    for decision, rows in tables.items():
        for key, amount in _expected(plan, rows, "devices", ("accelerator", "site", "period")).items():
            amounts[decision, *key] = amount
    return amounts | _begun(plan)


def _begun(plan: Plan) -> dict[Place, float]:
    """Ports and mechanisms by the period in which each is begun, and how much of it."""
    options, values = plan.model.options, plan.solution.values
    rises: dict[Place, float] = {}
    for kind in READY:
        for key, column in plan.model.columns.table(kind).items():
            node = options.node(key[-1])
            rise = node.probability * float(values[column])
            if rise > READY_LEAST:
                subject, what, *zone = key[:-1]
                place = (kind, f"{subject} {'to' if kind == 'port' else 'by'} {what}", "".join(zone), str(node.period))
                rises[place] = rises.get(place, 0.0) + rise
    return rises


def _expected(plan: Plan, rows: Iterable[Record], amount: str, key: tuple[str, ...]) -> dict[tuple[Any, ...], float]:
    """Amounts by key, nodes weighted with their probability."""
    chance = {node.id: node.probability for node in plan.case.tree}
    by_key: dict[tuple[Any, ...], list[float]] = defaultdict(list)
    for row in rows:
        by_key[tuple(row[name] for name in key)].append(row[amount] * chance[row["node"]])
    return {place: fsum(parts) for place, parts in by_key.items()}


def _both(before: Mapping[Key, float], after: Mapping[Key, float]) -> dict[Key, tuple[float, float]]:
    """Both amounts side by side; what one side lacks is zero there."""
    return {key: (before.get(key, 0.0), after.get(key, 0.0)) for key in dict.fromkeys((*before, *after))}


INTERACTION = "together"


class Cause(TypedDict):
    """What a cause changes of a cost, HKD in present value."""

    cause: str
    cost: str
    hkd: float


def by_cause(base: Plan, variant: Plan, alone: Mapping[str, Case]) -> list[Cause]:
    """One line per cause and cost, HKD.

    A cause that alone leaves no plan has no lines of its own: it counts in the interaction.
    """
    start, end = base.cost_hkd, variant.cost_hkd
    parts = {cause: _difference(start, after) for cause, after in _solved(base, variant, alone).items()}
    if len(alone) > 1:
        explained: dict[str, float] = {}
        for part in parts.values():
            explained = _sum(explained, part)
        parts[INTERACTION] = _difference(explained, _difference(start, end))
    return [
        {"cause": cause, "cost": cost, "hkd": hkd} for cause, part in parts.items() for cost, hkd in part.items() if hkd
    ]


def _solved(base: Plan, variant: Plan, alone: Mapping[str, Case]) -> dict[str, dict[str, float]]:
    """Costs with each cause alone; a single cause is the variant itself."""
    if len(alone) == 1:
        return dict.fromkeys(alone, variant.cost_hkd)
    hkd_by_cause = {}
    for cause, case in alone.items():
        try:
            hkd_by_cause[cause] = make_plan(case, near=base).cost_hkd
        except Infeasible:
            continue
    return hkd_by_cause


def _difference(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    return {cost: after.get(cost, 0.0) - before.get(cost, 0.0) for cost in dict.fromkeys((*before, *after))}


def _sum(one: Mapping[str, float], other: Mapping[str, float]) -> dict[str, float]:
    return {cost: one.get(cost, 0.0) + other.get(cost, 0.0) for cost in dict.fromkeys((*one, *other))}
