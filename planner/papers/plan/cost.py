"""What it costs, when and out of which fund, and what that buys."""

from __future__ import annotations

from planner.papers.paper import PaperPart
from planner.papers.plan.parts import LEAST_HKD, Context
from planner.report.tables import Table
from planner.report.treasury import treasury
from planner.units import HOURS_PER_DAY


def cost(c: Context) -> list[PaperPart]:
    say, economics, money = c.say, c.plan.case.economics, treasury(c.plan)
    parts: list[PaperPart] = [
        say(
            "Money is real; the decision date is {day}. Present values are discounted by {rate} % a year, nominal amounts rise by {rise} % a year.",
            day=c.plan.case.horizon.first_day, rate=f"{100 * economics.discount_rate:g}", rise=f"{100 * economics.inflation_per_year:g}",
        ),
        *c.drawn("bridge", "cost_years"),
    ]  # fmt: skip
    years = [
        {
            "financial_year": year, "paid_hkd": money.paid.get(year, 0.0), "paid_nominal_hkd": money.nominal.get(year, 0.0),
            "committed_hkd": money.committed.get(year, 0.0),
        }
        for year in money.years
    ]  # fmt: skip
    if sum(money.paid.values()) >= LEAST_HKD:
        total = {
            "financial_year": say("in all"),
            **{key: sum(float(str(r[key])) for r in years) for key in list(years[0])[1:]},
        }
        parts.append(Table.of([*years, total], title=say("Cash by financial year")))
    if money.funds:
        funds = [
            {"fund": c.plan.case.funds[f.fund].name or f.fund, "paid_hkd": sum(f.paid.values()), "closing_hkd": f.closing_hkd, "lapsed_hkd": f.lapsed_hkd}
            for f in money.funds
        ]  # fmt: skip
        parts += [*c.drawn("cash"), Table.of(funds, title=say("Funds"))]
    return parts


def value(c: Context) -> list[PaperPart]:
    """What is delivered, and for how much."""
    say, plan = c.say, c.plan
    hours = plan.expected(plan.rows.service, "workload", "devices")
    days = {
        str(node.period): (node.period.end - max(node.period.start, plan.case.horizon.first_day)).days
        for node in plan.case.tree
    }
    busy_hours = sum((row["devices"] + row["part_devices"]) * days[row["period"]] * HOURS_PER_DAY * plan.probability[row["node"]] for row in plan.rows.service) if hours else 0.0  # fmt: skip
    records = []
    if c.done_pflops_days > 0:
        records.append(
            {
                "measure": say("net spending per unit of work done, HKD in present value per PFLOP/s-day"),
                "value": c.net_spending_hkd / c.done_pflops_days,
            }
        )
    if busy_hours:
        records.append(
            {
                "measure": say("net spending per device and hour at work, HKD in present value"),
                "value": c.net_spending_hkd / busy_hours,
            }
        )
    energy = sum(plan.expected(plan.rows.energy, "site", "energy_mwh").values())
    carbon = sum(plan.expected(plan.rows.carbon, "site", "carbon_t").values())
    if energy:
        records.append({"measure": say("energy over the horizon, MWh"), "value": energy})
        records.append({"measure": say("carbon over the horizon, t CO2e"), "value": carbon})
    residual = -plan.cost_hkd.get("residual", 0.0)
    if residual:
        records.append({"measure": say("value of devices when the plan ends, HKD in present value"), "value": residual})
    parts: list[PaperPart] = [*c.drawn("fleet", "places", "sites")]
    if records:
        parts.append(Table.of(records, title=say("Value for money")))
    return parts
