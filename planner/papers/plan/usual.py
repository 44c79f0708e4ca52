"""What happens when nothing is bought: business as usual beside the plan."""

from __future__ import annotations

from planner.papers.paper import PaperPart
from planner.papers.plan.parts import Context
from planner.report.tables import Table


def usual(c: Context) -> list[PaperPart]:
    """The plan and business as usual, measure by measure."""
    say, usual = c.say, c.plan.usual
    if usual is None:
        return [say("What happens when nothing is bought is not kept with this plan: an earlier version of planner saved it, or without any order the case has no plan.")]  # fmt: skip
    plan = c.plan.measures
    rows = [
        (say("net spending, HKD in present value"), plan.net_spending_hkd, usual.net_spending_hkd),
        (say("work done, PFLOP/s-days"), plan.done_pflops_days, usual.done_pflops_days),
        (say("value of work that is not done, HKD in present value"), plan.unserved_hkd, usual.unserved_hkd),
        (say("carbon over the horizon, t CO2e"), plan.carbon_t, usual.carbon_t),
    ]
    records = [
        {"measure": name, "plan": made, "business_as_usual": without, "difference": made - without}
        for name, made, without in rows
    ]
    more, spared = plan.net_spending_hkd - usual.net_spending_hkd, usual.unserved_hkd - plan.unserved_hkd
    return [
        say("If nothing is bought or rented, what stands today runs to the end of its life and does {work} of {asked} PFLOP/s-days asked for. The plan does {done}.", work=say.short(usual.done_pflops_days), asked=say.short(usual.asked_pflops_days), done=say.short(plan.done_pflops_days)),
        say("The plan spends {more} more and leaves {spared} less of work undone, at the value that the case gives it.", more=say.money(more), spared=say.money(spared))
        if more >= 0
        else say("The plan spends {less} less and leaves {spared} less of work undone, at the value that the case gives it.", less=say.money(-more), spared=say.money(spared)),
        Table.of(records, title=say("The plan and business as usual")),
        say("Business as usual: the case with nothing on offer, as comparisons of options have it; what stands is run with own money, and funds, budgets and targets play no part."),
    ]  # fmt: skip
