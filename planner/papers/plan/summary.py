"""One page: the decision asked, what it brings and costs, what may go wrong, and what would change the answer."""

from __future__ import annotations

from planner.figures.prices import priced_limits
from planner.figures.style import whole
from planner.papers.paper import PaperPart
from planner.papers.plan.parts import LEAST_HKD, Context
from planner.papers.plan.risks import risk_records
from planner.report.tables import Heading
from planner.report.treasury import treasury
from planner.report.words import percent

MOST_RISKS, MOST_LIMITS, MOST_ORDERS = 3, 3, 4


def facts(c: Context) -> list[tuple[str, str]]:
    """What a reader takes away."""
    say, plan = c.say, c.plan
    lines = [
        (say("Net spending, present value"), say.money(c.net_spending_hkd)),
        (say("Paid over the horizon"), say.money(sum(treasury(plan).paid.values()))),
    ]
    if c.asked_pflops_days:
        lines.append((say("Work done of that asked for"), percent(c.done_pflops_days / c.asked_pflops_days)))
    devices = sum(row["devices"] * plan.probability[row["node"]] for row in c.orders)
    return [*lines, (say("Devices bought"), whole(devices))]


def summary(c: Context) -> list[PaperPart]:
    say = c.say
    return [
        Heading(say("Decision asked")),
        *_decision(c),
        Heading(say("What it brings and costs")),
        *_answer(c),
        *c.drawn("capacity"),
        Heading(say("What may go wrong")),
        *(f"- {record['risk']}: {record['what']}" for record in risk_records(c)[:MOST_RISKS]),
        Heading(say("What would change the answer")),
        *(_limits(c) or [say("No limit with a number binds.")]),
    ]


def _limits(c: Context) -> list[PaperPart]:
    return [f"- {limit.sentence(c.say)}" for limit in priced_limits(c.plan)[:MOST_LIMITS]]


def _decision(c: Context) -> list[PaperPart]:
    say, case = c.say, c.plan.case
    money = treasury(c.plan)
    parts: list[PaperPart] = []
    if c.first_orders:
        named = [
            say("{devices} × {device} for {site}", devices=whole(row["devices"]), device=c.device(row["accelerator"]), site=c.site(row["site"]))
            for row in c.first_orders
        ]  # fmt: skip
        cost = sum(row["hkd"] for row in c.first_orders)
        parts.append(say("- To order now, in {period}: {orders}, for {hkd}.", period=c.first_orders[0]["period"], orders=say.listed(named, MOST_ORDERS), hkd=say.money(cost)))  # fmt: skip
    else:
        parts.append(say("- Nothing has to be ordered in {period}, the first period.", period=case.horizon.periods[0]))
    year = money.years[0]
    paid, committed = money.paid.get(year, 0.0), money.committed.get(year, 0.0)
    if max(paid, committed) >= LEAST_HKD:
        parts.append(say("- In financial year {year}: {paid} to be paid and {committed} to be committed.", year=year, paid=say.money(paid), committed=say.money(committed)))  # fmt: skip
    later = [row for row in c.orders if row not in c.first_orders]
    if later:
        parts.append(say("- Later orders ({count}, {hkd}) need no decision today; the next is due on {day}.", count=len(later), hkd=say.money(sum(row["hkd"] for row in later)), day=later[0]["order_date"]))  # fmt: skip
    return parts


def _answer(c: Context) -> list[PaperPart]:
    say, costs = c.say, c.plan.cost_hkd
    parts: list[PaperPart] = [
        say("The plan costs {all} in present value, of which {net} is net spending.", all=say.money(c.plan.objective_hkd), net=say.money(c.net_spending_hkd))
    ]  # fmt: skip
    if costs.get("shortfall", 0.0) >= LEAST_HKD:
        parts.append(say("{hkd} of it is the price of targets that are missed.", hkd=say.money(costs["shortfall"])))
    if costs.get("unserved", 0.0) >= LEAST_HKD:
        parts.append(say("{hkd} of it is the price of work that is not done.", hkd=say.money(costs["unserved"])))
    sentences = " ".join(str(part) for part in parts)
    if len(c.plan.case.tree.leaves) > 1:
        sentences += " " + say("Amounts are expected values over {count} branches of policy.", count=len(c.plan.case.tree.leaves))  # fmt: skip
    return [sentences]
