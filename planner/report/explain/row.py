"""`explain 'power(hk_aisc,2028q1)'`: a row of the program, its algebra with the numbers of the plan in it."""

from __future__ import annotations

from planner.cells import number
from planner.model.constraints import KNOWN
from planner.model.rows import Row
from planner.model.variables import HKD_PER_MODEL_UNIT
from planner.plan.plan import Plan
from planner.plan.ranging import ranges
from planner.plan.rows import Record
from planner.report.explain.answer import Answer, Evidence, Shown
from planner.report.explain.prices import range_sentence
from planner.report.limits import saving
from planner.report.words import count, money

NEGLIGIBLE = 1e-9


def explain_row(plan: Plan, name: str) -> Answer:
    """Its terms, limit, slack, price, and why it exists. The plan has a row of that name."""
    place, row = next((place, row) for place, row in enumerate(plan.model.rows) if row.name == name)
    terms = [_term(plan, column, coefficient) for column, coefficient in _summed(row).items()]
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
    return Answer(name, f"Row {name}", tuple(words), (Evidence("terms", "Terms", working, _COLUMNS, note),))


def _eased(row: Row, held: Record) -> float:
    """The price of more room: on an edge the solver names one of many prices, and more room is worth that on its own
    side.
    """
    side = {"<=": "price_above_hkd_per_unit", ">=": "price_below_hkd_per_unit"}.get(row.sense, "price_hkd_per_unit")
    price = held["price_hkd_per_unit"] if held[side] is None else held[side]
    return float(price)


def _summed(row: Row) -> dict[int, float]:
    """Coefficients by column: a column may appear in a row more than once."""
    terms: dict[int, float] = {}
    for column, coefficient in row.terms:
        terms[column] = terms.get(column, 0.0) + coefficient
    return terms


def _term(plan: Plan, column: int, coefficient: float) -> Record:
    value = float(plan.solution.values[column])
    name = plan.model.columns.all[column].name
    return {"coefficient": coefficient, "column": name, "value": value, "amount": coefficient * value}


_COLUMNS: Shown = {
    "coefficient": lambda r: f"{r['coefficient']:.6g}",
    "× column": lambda r: r["column"],
    "value": lambda r: number(r["value"]),
    "= amount": lambda r: number(r["amount"]),
}
