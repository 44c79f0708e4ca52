"""Where two plans differ in what they decide, cost, price and leave unserved. What differs less than a tolerance is the
same.

Decisions of a plan on a tree are expected ones: each node counts with its probability. Optima need not be unique, so a
difference of decisions without one of cost is a matter of taste.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from planner.plan.plan import Plan

RELATIVE, ABSOLUTE = 1e-4, 1e-2
READY, READY_LEAST = ("port", "clear"), 1e-3
PRICE_RELATIVE, PRICE_LEAST_HKD = 1e-4, 1.0
INTERNAL_FAMILIES = ("fleet_balance",)
_KEY = ["decision", "what", "site", "period"]
DECISIONS = [*_KEY, "before", "after", "change", "unit"]
AMOUNTS = {"buy": "orders", "rent": "rentals", "stand": "fleet"}


def decisions(base: Plan, variant: Plan) -> pd.DataFrame:
    """One line per decision that changed: buy, rent, stand (devices), port and clear (share of it begun), by period.

    Sorted by decision, then by the size of the change.
    """
    both = _outer(_decided(base), _decided(variant), _KEY)
    size = both[["before", "after"]].abs().max(axis=1)
    moved = both[both["change"].abs() > (RELATIVE * size).clip(lower=ABSOLUTE)]
    moved = moved.assign(unit=moved["decision"].map(lambda kind: "share" if kind in READY else "devices"))
    order = {kind: place for place, kind in enumerate((*AMOUNTS, *READY))}
    moved = moved.assign(rank=moved["decision"].map(order), size=-moved["change"].abs())
    return moved.sort_values(["rank", "size", *_KEY])[DECISIONS].reset_index(drop=True)


def costs(base: Plan, variant: Plan) -> pd.DataFrame:
    """By cost, HKD: before, after, change; costs that neither plan has are left out."""
    both = _outer(_named(base.costs, "hkd"), _named(variant.costs, "hkd"), ["cost"], sort=False)
    return both.set_axis(["cost", "before_hkd", "after_hkd", "change_hkd"], axis=1)


def prices(base: Plan, variant: Plan) -> pd.DataFrame:
    """Shadow prices that moved, the dearest move first: change of price times the limit it belongs to."""
    key = ["row", "family", "unit", "because"]
    both = _outer(_priced(base), _priced(variant), ["row"])
    facts = pd.concat([base.shadow_prices, variant.shadow_prices]).drop_duplicates("row")[[*key, "limit"]]
    both = both.merge(facts, on="row")
    size = both[["before", "after"]].abs().max(axis=1)
    moved = both[(both["change"].abs() > (PRICE_RELATIVE * size).clip(lower=PRICE_LEAST_HKD))]
    moved = moved[~moved["family"].isin(INTERNAL_FAMILIES)]
    moved = moved.assign(size=-(moved["change"] * moved["limit"]).abs()).sort_values(["size", "row"])
    named = moved.rename(columns={"before": "before_hkd", "after": "after_hkd", "change": "change_hkd"})
    return named[["row", "family", "unit", "limit", "before_hkd", "after_hkd", "change_hkd", "because"]].reset_index(
        drop=True
    )


def unserved(base: Plan, variant: Plan) -> pd.DataFrame:
    """By workload, PFLOP/s-days over the horizon, expected: asked (in the variant), unserved before and
    after, change.
    """
    before, after = (_weighted(plan, "unserved", ["workload"], "unserved_pflops_days") for plan in (base, variant))
    both = _outer(before, after, ["workload"], sort=False)
    asked = _weighted(variant, "unserved", ["workload"], "asked_pflops_days").rename(columns={"amount": "asked"})
    found = both.merge(asked, on="workload", how="left").fillna(0.0)[["workload", "asked", "before", "after", "change"]]
    return found.rename(columns={name: f"{name}_pflops_days" for name in ("asked", "before", "after", "change")})


def expected(plan: Plan, table: str, column: str) -> float:
    """Sum of a column over the nodes of the tree, each with its probability."""
    return float(_weighted(plan, table, [], column)["amount"].sum())


def _decided(plan: Plan) -> pd.DataFrame:
    parts = []
    for decision, table in AMOUNTS.items():
        found = _weighted(plan, table, ["accelerator", "site", "period"], "devices", once=["offer", "site", "node"])
        parts.append(found.rename(columns={"accelerator": "what"}).assign(decision=decision))
    parts.append(pd.DataFrame(list(_begun(plan)), columns=[*_KEY, "amount"]))
    return pd.concat(
        [part[[*_KEY, "amount"]] for part in parts if len(part)] or [pd.DataFrame(columns=[*_KEY, "amount"])]
    )


def _begun(plan: Plan) -> Iterable[tuple[Any, ...]]:
    """Ports and mechanisms by the period in which each is begun, as the rise of its level over the parent's."""
    options, values = plan.model.options, plan.solution.values
    found: dict[tuple[str, str, str, str], float] = {}
    for kind in READY:
        columns = plan.model.columns.table(kind)
        for key, column in columns.items():
            node = options.node(key[-1])
            before = values[columns[*key[:-1], node.parent.id]] if node.parent else 0.0
            rise = node.probability * float(values[column] - before)
            if rise > READY_LEAST:
                subject, what, *zone = key[:-1]
                place = (kind, f"{subject} {'to' if kind == 'port' else 'by'} {what}", "".join(zone), str(node.period))
                found[place] = found.get(place, 0.0) + rise
    return [(*place, amount) for place, amount in found.items()]


def _weighted(plan: Plan, table: str, key: list[str], column: str, once: list[str] | None = None) -> pd.DataFrame:
    """Amounts by key, nodes weighted with their probability.

    `once`: columns that tell a line from its repetition in branches.
    """
    rows = plan.tables[table]
    if once and set(once) <= set(rows.columns):
        rows = rows.drop_duplicates(once)
    chance = rows["node"].map({node.id: node.probability for node in plan.case.tree}).astype(float)
    amounts = rows.assign(amount=rows[column].astype(float) * chance)
    if not key:
        return amounts[["amount"]]
    return amounts.groupby(key, sort=False)["amount"].sum().reset_index()


def _priced(plan: Plan) -> pd.DataFrame:
    return plan.shadow_prices[["row", "price_hkd_per_unit"]].rename(columns={"price_hkd_per_unit": "amount"})


def _named(table: pd.DataFrame, column: str) -> pd.DataFrame:
    return table.rename(columns={column: "amount"})


def _outer(before: pd.DataFrame, after: pd.DataFrame, key: list[str], *, sort: bool = True) -> pd.DataFrame:
    """Both amounts side by side; what one side lacks is zero there."""
    left, right = (table[[*key, "amount"]].set_index(key)["amount"].astype(float) for table in (before, after))
    index = left.index.union(right.index, sort=None if sort else False)
    both = pd.DataFrame({"before": left.reindex(index).fillna(0.0), "after": right.reindex(index).fillna(0.0)})
    return both.assign(change=both["after"] - both["before"]).reset_index()
