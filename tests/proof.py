"""How tests look into a program: rows, lines of spending and prices by name, and the whole program as text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from tiny import case

from planner.domain.case import Case
from planner.model.build import Model, build
from planner.model.rows import Terms
from planner.plan.plan import Plan, make_plan
from planner.plan.rows import Record

SNAP = [{"id": "status_quo", "probability": 0.5}, {"id": "snap_embargo", "probability": 0.5}]
"""Two futures that part in 2027q2: in the second no US-origin device ships from 2027-03-01 on."""
ASCEND = "huawei_ascend_910c"
CANN = {"cann": {"name": "CANN", "porting": {"inference_llm": {"engineer_months": 2, "months": 1.5}}}}
PRESENT = "energy", "carbon", "cost_energy", "cost_staff"
"""Rules of the audit on what is reckoned from the devices that are there."""


class Break(NamedTuple):
    """A way to break a good plan: rule of the audit, variant of the tiny case, where the audit must point, what is broken,
    and which other rules cannot but fail with it.

    `cell` is (table, number of the line or what its first column says, column, value); `figure` are changes of the case
    under which the tables are audited.
    """

    rule: str
    variant: str
    where: str
    cell: tuple[str, int | str, str, object] | None = None
    figure: dict[str, Any] | None = None
    also: tuple[str, ...] = ()


def economics(**figures: Any) -> dict[str, Any]:
    """Changes of the case: its economics."""
    return {"economics": figures}


def hall(**figures: Any) -> dict[str, Any]:
    """Changes of the case: the hall."""
    return {"sites": {"hall": figures}}


def phase(**limits: float) -> dict[str, Any]:
    """Changes of the case: one phase of the hall, of 1 MW but for the limits given."""
    return hall(phases=[{"from_date": "2020-01-01", "power_mw": 1.0, **limits}])


class Limit(NamedTuple):
    """A row as a person reads it: coefficient by column, sense, limit, because."""

    terms: dict[str, float]
    sense: str
    limit: float
    because: str


def model_of(**changes: Any) -> Model:
    """The program of the tiny case with changes."""
    return build(case(**changes))


def plan_of(**changes: Any) -> Plan:
    """The plan of the tiny case with changes."""
    return make_plan(case(**changes))


def row(model: Model, name: str) -> Limit:
    """The row of that name; coefficients of the same column are added up."""
    found = [r for r in model.rows if r.name == name]
    assert len(found) == 1, f"{name} is not one of {[r.name for r in model.rows]}"
    terms: dict[str, float] = {}
    for column, coefficient in found[0].terms:
        column_name = model.columns.all[column].name
        terms[column_name] = terms.get(column_name, 0.0) + coefficient
    return Limit(terms, found[0].sense, found[0].limit, found[0].because)


def rows(model: Model, family: str) -> list[str]:
    """Names of a family's rows."""
    return [r.name for r in model.rows if r.family == family]


def spending(model: Model, cost: str) -> dict[tuple[str, str], float]:
    """HKD per unit of a column, undiscounted, by (column, node)."""
    found: dict[tuple[str, str], float] = {}
    for line in model.lines:
        if line.cost == cost:
            key = model.columns.all[line.column].name, line.node.id
            found[key] = found.get(key, 0.0) + line.hkd
    return found


def cells(rows: Iterable[Record], column: str, **where: object) -> list[Any]:
    """The cells of a column, in the rows in which other columns have the values given."""
    return [row[column] for row in rows if all(row[key] == value for key, value in where.items())]


def by(rows: Iterable[Record], key: str, column: str) -> dict[str, float]:
    """The sums of a column by the cells of another."""
    sums: dict[str, float] = {}
    for row in rows:
        sums[row[key]] = sums.get(row[key], 0.0) + row[column]
    return sums


def price(plan: Plan, name: str) -> float:
    """Shadow price of a row, HKD per unit; zero where it does not bind."""
    return sum(cells(plan.rows.shadow_prices, "price_hkd_per_unit", row=name))


def paid(plan: Plan, cost: str) -> float:
    """What a cost counts in the objective, HKD."""
    return plan.cost_hkd.get(cost, 0.0)


def bought(plan: Plan, offer: str | None = None) -> float:
    """Devices ordered in all; each order counted once, whatever the branches it arrives in."""
    orders = {(order["offer"], order["site"], order["node"]): order for order in reversed(plan.rows.orders)}
    return sum(order["devices"] for order in orders.values() if offer in (None, order["offer"]))


def missing(plan: Plan) -> float:
    """Work left undone over all nodes, PFLOP/s-days."""
    return sum(cells(plan.rows.unserved, "unserved_pflops_days"))


def text(of: Case | Model) -> str:
    """The whole program, a line for each column and row, the same on every solver and version."""
    model = of if isinstance(of, Model) else build(of)
    costs = model.cost_coefficients()
    lines = ["minimise, million HKD per unit: column, cost, bounds"]
    for column, cost in zip(model.columns.all, costs, strict=True):
        high = "inf" if column.high is None else f"{column.high:.9g}"
        lines.append(f"  {column.name}  {cost:.9g}  [{column.low:.9g}, {high}]{' whole' if column.integer else ''}")
    lines.append("subject to")
    for r in model.rows:
        limit = row_text(model, r.terms)
        lines.append(f"  {r.name}: {limit} {r.sense} {r.limit:.9g}  | {r.because}")
    return "\n".join(lines) + "\n"


def row_text(model: Model, terms: Terms) -> str:
    """`+1 run(…) -0.95 fleet(…)`, coefficients of the same column added up."""
    sums: dict[str, float] = {}
    for column, coefficient in terms:
        name = model.columns.all[column].name
        sums[name] = sums.get(name, 0.0) + coefficient
    return " ".join(f"{coefficient:+.9g} {name}" for name, coefficient in sums.items())
