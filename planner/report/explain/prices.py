"""`explain prices`: between which limits each price holds, and what it is on either side where the plan stands on an
edge.
"""

from __future__ import annotations

from collections.abc import Sequence

from planner.cells import number
from planner.plan.plan import Plan
from planner.plan.ranging import ranges
from planner.plan.rows import Record
from planner.report.explain.answer import Answer, Evidence, Shown
from planner.report.limits import LIMITS
from planner.report.words import count, short_money
from planner.study.worth.lifted import Tell

MOST = 60
SAME = 1e-6


def explain_prices(plan: Plan, tell: Tell) -> Answer:
    """Rows of limits with a price, the heaviest first: those that take most out of the plan, Σ price · limit."""
    told = {row.name for row in plan.model.rows if row.family in LIMITS and row.is_limit}
    priced = [price for price in plan.rows.shadow_prices if price["row"] in told]
    priced.sort(key=lambda price: -abs(price["price_hkd_per_unit"] * (price["limit"] or 1.0)))
    heaviest, units = [price["row"] for price in priced], {price["row"]: price["unit"] for price in priced}
    found = [{**record, "unit": units[record["row"]]} for record in ranges(plan, heaviest[:MOST], tell)]
    edges = [record for record in found if _edge(record)]
    words = [f"{count(len(heaviest), 'limit')} {'has' if len(heaviest) == 1 else 'have'} a price."]
    if len(heaviest) > MOST:
        words[0] += f" The {MOST} heaviest were looked into."
    if edges:
        words.append(
            f"At {count(len(edges), 'limit')} the plan stands on an edge: a little less of it costs more than a little more of it saves."
        )
    return Answer("prices", f"How far prices hold in {plan.case.title}", tuple(words), (_table(found),))


def range_sentence(record: Record) -> str:
    """`The price holds from 4.2 to 6.3`, or what the price is on each side."""
    if _edge(record):
        below, above = (record[f"price_{side}_hkd_per_unit"] for side in ("below", "above"))
        least = (
            "there is no plan with less"
            if below is None
            else f"one unit less costs at a rate of {short_money(abs(below))}"
        )
        most = (
            "there is no plan with more" if above is None else f"one unit more changes the cost at {short_money(above)}"
        )
        return f"The plan stands on an edge: {least}, {most} (HKD per unit)."
    return f"That price holds while the limit lies between {_limit(record['holds_from'])} and {_limit(record['holds_to'])}."


def _edge(record: Record) -> bool:
    below, above, price = (
        record["price_below_hkd_per_unit"],
        record["price_above_hkd_per_unit"],
        record["price_hkd_per_unit"],
    )
    if below is None or above is None:
        return True
    return bool(abs(below - above) > SAME * max(1.0, abs(price)))


def _limit(value: float | None) -> str:
    return "any amount" if value is None or abs(value) > 1e20 else number(value)


def _side(value: float | None) -> str:
    return "no plan" if value is None else short_money(value)


_COLUMNS: Shown = {
    "row": lambda r: r["row"],
    "unit": lambda r: r["unit"],
    "limit": lambda r: number(r["limit"]),
    "from": lambda r: _limit(r["holds_from"]),
    "to": lambda r: _limit(r["holds_to"]),
    "below": lambda r: _side(r["price_below_hkd_per_unit"]),
    "above": lambda r: _side(r["price_above_hkd_per_unit"]),
}


def _table(found: Sequence[Record]) -> Evidence:
    title = "Limits between which a price holds; change of cost, HKD per unit of the limit, below it and above it"
    return Evidence("prices", title, found, _COLUMNS)
