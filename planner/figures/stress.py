"""Regret: what each plan costs in each future more than the best that could be had there."""

from __future__ import annotations

from planner.figures.figure import Figure
from planner.figures.style import cut, layout
from planner.report.language import IN_ENGLISH, Language
from planner.report.tables import Table
from planner.study.stress.stress import Stress
from planner.units import HKD_PER_MILLION

ROW, FRAME = 36, 110
WHITE_FROM = 0.55


def stress_figures(answer: Stress, say: Language = IN_ENGLISH) -> list[Figure]:
    """Plan by scenario."""
    scenarios = [future.scenario for future in answer.futures]
    cells = {(cell.plan, cell.scenario): cell for cell in answer.matrix}
    worst = {p: max((c.regret.hkd for s in scenarios if (c := cells[p, s]).regret), default=0.0) for p in answer.plans}
    broken = {p for p in answer.plans if any(cells[p, s].regret is None for s in scenarios)}
    plans = sorted(answer.plans, key=lambda plan: (plan in broken, worst[plan], plan))
    regret = [[r.hkd / HKD_PER_MILLION if (r := cells[p, s].regret) else None for s in scenarios] for p in plans]
    top = max((v for row in regret for v in row if v is not None), default=0.0) or 1.0
    names = [say(p.replace("_", " ")) for p in plans]
    futures = [say.name(scenario) for scenario in scenarios]
    least = plans[0]
    title = (
        say(
            "The plan “{plan}” has the least largest regret: {hkd} over {count} futures.",
            plan=names[0],
            hkd=say.money(worst[least]),
            count=len(scenarios),
        )
        if least not in broken
        else say("Every plan breaks a hard limit in one future or another.")
    )
    texts = [
        {
            "name": "cell", "x": scenarios[j], "y": names[i], "showarrow": False,
            "text": say("breaks") if v is None else say.short_money(v * HKD_PER_MILLION),
            "font": {"size": 11, "color": "white" if v is not None and v > WHITE_FROM * top else "#222222"},
        }
        for i, row in enumerate(regret) for j, v in enumerate(row)
    ]  # fmt: skip
    trace = {
        "type": "heatmap", "x": scenarios, "y": names, "z": regret, "zmin": 0, "zmax": top, "colorscale": [[0, "#f3f6fa"], [0.5, "#6fa8cf"], [1, "#08386b"]],
        "xgap": 2, "ygap": 2, "colorbar": {"title": {"text": say("M HKD")}, "thickness": 12}, "hoverongaps": False,
        "hovertemplate": say("{plan} in {future}: regret of {hkd} M HKD", plan="%{y}", future="%{x}", hkd="%{z:,.3s}") + "<extra></extra>",
    }  # fmt: skip
    records = [
        {"plan": p, "scenario": s, "cost_hkd": cells[p, s].cost_hkd, "regret_hkd": r.hkd if (r := cells[p, s].regret) else None}
        for p in plans for s in scenarios
    ]  # fmt: skip
    return [
        Figure(
            "regret",
            title,
            say("Table of colours: {plans} plans by {futures} futures; each cell tells what the plan costs there more than the best that could be had.", plans=len(plans), futures=len(scenarios)),
            [trace],
            layout(
                xaxis={"side": "top", "type": "category", "fixedrange": True, "ticktext": [cut(future, 22) for future in futures], "tickvals": scenarios, "automargin": True},
                yaxis={"autorange": "reversed", "type": "category", "automargin": True, "fixedrange": True},
                annotations=texts,
                margin={"l": 40, "r": 8, "t": 40, "b": 12},
            ),
            Table.of(records),
            note=say("Million HKD in present value; plans with the least largest regret on top."),
            height=FRAME + ROW * len(plans),
        )
    ]  # fmt: skip
