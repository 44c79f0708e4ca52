"""`explain prices` and `explain 'power(hk_aisc,2028q1)'`: between which limits each price holds, what it is on either side where
the plan stands on an edge, and one row of the program, its algebra with the numbers of the plan in it.
"""

from __future__ import annotations

from collections.abc import Sequence

from planner.cells import number
from planner.model.constraints import KNOWN
from planner.model.rows import Row
from planner.model.variables import HKD_PER_MODEL_UNIT
from planner.plan.plan import Plan
from planner.plan.ranging import ranges
from planner.plan.rows import Record
from planner.report.explain.answer import Answer, Evidence, Shown
from planner.report.limits import LIMITS, saving
from planner.report.words import count, money, short_money
from planner.study.worth.lifted import Tell

MOST = 60
SAME, NEGLIGIBLE = 1e-6, 1e-9


def explain_prices(plan: Plan, tell: Tell) -> Answer:
    """Rows of limits with a price, the heaviest first: those that take most out of the plan, Σ price · limit."""
    names = {row.name for row in plan.model.rows if row.family in LIMITS and row.is_limit}
    priced = [price for price in plan.rows.shadow_prices if price["row"] in names]
    priced.sort(key=lambda price: -abs(price["price_hkd_per_unit"] * (price["limit"] or 1.0)))
    heaviest, units = [price["row"] for price in priced], {price["row"]: price["unit"] for price in priced}
    records = [{**record, "unit": units[record["row"]]} for record in ranges(plan, heaviest[:MOST], tell)]
    edges = [record for record in records if _edge(record)]
    words = [f"{count(len(heaviest), 'limit')} {'has' if len(heaviest) == 1 else 'have'} a price."]
    if len(heaviest) > MOST:
        words[0] += f" The {MOST} heaviest were looked into."
    if edges:
        words.append(
            f"At {count(len(edges), 'limit')} the plan stands on an edge: a little less of it costs more than a little more of it saves."
        )
    return Answer("prices", f"How far prices hold in {plan.case.title}", tuple(words), (_table(records),))


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


def _table(records: Sequence[Record]) -> Evidence:
    title = "Limits between which a price holds; change of cost, HKD per unit of the limit, below it and above it"
    return Evidence("prices", title, records, _COLUMNS)


def explain_row(plan: Plan, name: str) -> Answer:
    """Its terms, limit, slack, price, and why it exists. The plan has a row of that name."""
    place, row = next((place, row) for place, row in enumerate(plan.model.rows) if row.name == name)
    terms = [_term(plan, column, coefficient) for column, coefficient in row.terms.summed().items()]
    left = sum(term["amount"] for term in terms)
    family = KNOWN[row.family]
    price = float(plan.solution.prices[place]) * HKD_PER_MODEL_UNIT
    room = {"<=": row.limit - left, ">=": left - row.limit, "==": 0.0}[row.sense]
    binds = abs(room) <= 1e-6 * max(1.0, abs(row.limit))
    words = [
        f"{name}: {row.because}.",
        f"Its terms add up to {number(left)} {row.sense} {number(row.limit)} {family.unit}"
        + (", so it binds." if binds else f", with {number(room)} to spare."),
    ]
    if abs(price) > NEGLIGIBLE:
        (held,) = ranges(plan, [name])
        saves = saving(row.family, row.sense, _eased(row, held))
        if abs(saves) > NEGLIGIBLE:
            words.append(f"One {family.unit} of room would save {money(saves)}: {family.price_says}.")
        else:
            words.append(f"More room would save nothing; one {family.unit} less of it would cost.")
        words.append(range_sentence(held))
    else:
        words.append("It has no price: a little more room would change nothing.")
    working = sorted((t for t in terms if abs(t["amount"]) > NEGLIGIBLE), key=lambda t: -abs(t["amount"]))
    idle = len(terms) - len(working)
    note = f"and {count(idle, 'term')} that add nothing" if idle else ""
    return Answer(name, f"Row {name}", tuple(words), (Evidence("terms", "Terms", working, _TERMS, note),))


def _eased(row: Row, held: Record) -> float:
    """The price of more room: on an edge the solver names one of many prices, and more room is worth that on its own
    side.
    """
    side = {"<=": "price_above_hkd_per_unit", ">=": "price_below_hkd_per_unit"}.get(row.sense, "price_hkd_per_unit")
    price = held["price_hkd_per_unit"] if held[side] is None else held[side]
    return float(price)


def _term(plan: Plan, column: int, coefficient: float) -> Record:
    value = float(plan.solution.values[column])
    name = plan.model.columns.all[column].name
    return {"coefficient": coefficient, "column": name, "value": value, "amount": coefficient * value}


_TERMS: Shown = {
    "coefficient": lambda r: f"{r['coefficient']:.6g}",
    "× column": lambda r: r["column"],
    "value": lambda r: number(r["value"]),
    "= amount": lambda r: number(r["amount"]),
}
