"""Regret: what each plan costs in each future more than the best that could be had there."""

from __future__ import annotations

from planner.figures.figure import Figure
from planner.figures.style import cut, layout
from planner.report.tables import Table
from planner.report.words import money, short_money
from planner.study.stress.stress import Stress
from planner.units import HKD_PER_MILLION

ROW, FRAME = 36, 110
WHITE_FROM = 0.55


def stress_figures(answer: Stress) -> list[Figure]:
    """Plan by scenario."""
    scenarios = [future.scenario for future in answer.futures]
    cells = {(cell.plan, cell.scenario): cell for cell in answer.matrix}
    worst = {p: max((c.regret.hkd for s in scenarios if (c := cells[p, s]).regret), default=0.0) for p in answer.plans}
    broken = {p for p in answer.plans if any(cells[p, s].regret is None for s in scenarios)}
    plans = sorted(answer.plans, key=lambda plan: (plan in broken, worst[plan], plan))
    regret = [[r.hkd / HKD_PER_MILLION if (r := cells[p, s].regret) else None for s in scenarios] for p in plans]
    top = max((v for row in regret for v in row if v is not None), default=0.0) or 1.0
    names = [p.replace("_", " ") for p in plans]
    least = plans[0]
    title = (
        f"The plan “{names[0]}” has the least largest regret: {money(worst[least])} over {len(scenarios)} futures."
        if least not in broken
        else "Every plan breaks a hard limit in one future or another."
    )
    texts = [
        {
            "x": scenarios[j], "y": names[i], "showarrow": False,
            "text": "breaks" if v is None else short_money(v * HKD_PER_MILLION),
            "font": {"size": 11, "color": "white" if v is not None and v > WHITE_FROM * top else "#222222"},
        }
        for i, row in enumerate(regret) for j, v in enumerate(row)
    ]  # fmt: skip
    trace = {
        "type": "heatmap", "x": scenarios, "y": names, "z": regret, "zmin": 0, "zmax": top, "colorscale": [[0, "#f3f6fa"], [0.5, "#6fa8cf"], [1, "#08386b"]],
        "xgap": 2, "ygap": 2, "colorbar": {"title": {"text": "M HKD"}, "thickness": 12}, "hoverongaps": False,
        "hovertemplate": "%{y} in %{x}: regret of %{z:,.3s} M HKD<extra></extra>",
    }  # fmt: skip
    records = [
        {"plan": p, "scenario": s, "cost_hkd": cells[p, s].cost_hkd, "regret_hkd": r.hkd if (r := cells[p, s].regret) else None}
        for p in plans for s in scenarios
    ]  # fmt: skip
    return [
        Figure(
            "regret",
            title,
            f"Table of colours: {len(plans)} plans by {len(scenarios)} futures; each cell tells what the plan costs there more than the best that could be had.",
            [trace],
            layout(
                xaxis={"side": "top", "type": "category", "fixedrange": True, "ticktext": [cut(s, 22) for s in scenarios], "tickvals": scenarios, "automargin": True},
                yaxis={"autorange": "reversed", "type": "category", "automargin": True, "fixedrange": True},
                annotations=texts,
                margin={"l": 40, "r": 8, "t": 40, "b": 12},
            ),
            Table.of(records),
            note="Million HKD in present value; plans with the least largest regret on top.",
            height=FRAME + ROW * len(plans),
        )
    ]  # fmt: skip
