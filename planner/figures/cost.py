"""What the plan costs: paid by financial year, and the bridge from its parts to the whole in present value."""

from __future__ import annotations

from collections.abc import Sequence

from planner.figures.figure import Figure
from planner.figures.names import fund_names
from planner.figures.shapes import Step, bridge_bars
from planner.figures.style import ALARM, INK, PALETTE, REST, axis, largest, stack, stacked
from planner.plan.record import PlanRecord
from planner.plan.rows import Record
from planner.report.language import Language
from planner.report.tables import Table
from planner.report.words import COST_WORDS
from planner.units import HKD_PER_MILLION

LEAST_HKD = 0.5
VALUED = ("unserved", "shortfall")


def cost_words(cost: str) -> str:
    """A cost as people say it."""
    return COST_WORDS.get(cost, cost.replace("_", " "))


def cost_years(plan: PlanRecord, say: Language) -> Figure | None:
    """What is paid by financial year and cost."""
    return _years(plan, say, "cost", plan.rows.cash_years)


def cash(plan: PlanRecord, say: Language) -> Figure | None:
    """What is paid by financial year and fund."""
    return _years(plan, say, "fund", [row for row in plan.rows.cash_years if row["fund"]])


def _years(plan: PlanRecord, say: Language, by: str, rows: Sequence[Record]) -> Figure | None:
    paid = plan.expected(rows, (by, "financial_year"), "paid_hkd")
    if sum(map(abs, paid.values())) < LEAST_HKD:
        return None
    years = sorted({year for _, year in paid})
    call = fund_names(plan.case) if by == "fund" else lambda cost: say(cost_words(cost))
    series: dict[str, list[float]] = {}
    for (name, year), hkd in paid.items():
        series.setdefault(call(name), [0.0] * len(years))[years.index(year)] += hkd / HKD_PER_MILLION
    shown, colours = largest(series, say("{count} others"))
    totals = [sum(values) for values in zip(*series.values(), strict=True)]
    top = 1.08 * max(sum(max(values[place], 0.0) for values in shown.values()) for place in range(len(years)))
    dear = max(range(len(years)), key=lambda place: totals[place])
    main = max(series, key=lambda name: sum(series[name]))
    texts = {
        "all": say.money(sum(totals) * HKD_PER_MILLION), "most": say.money(totals[dear] * HKD_PER_MILLION), "year": years[dear],
        "main": main, "part": say.money(sum(series[main]) * HKD_PER_MILLION), "first": years[0], "last": years[-1],
    }  # fmt: skip
    title = (
        say(
            "{all} is paid from {first} to {last}, {part} of it for {main}; the dearest year is {year} with {most}.",
            **texts,
        )
        if by == "cost"
        else say("{all} is paid from funds, {part} of it by “{main}”; the dearest year is {year} with {most}.", **texts)
    )
    alt = (
        say(
            "Stacked bars of payments per financial year by cost, {first} to {last}; the dearest is {year} with {most}.",
            **texts,
        )
        if by == "cost"
        else say(
            "Stacked bars of payments per financial year by fund, {first} to {last}; the dearest is {year} with {most}.",
            **texts,
        )
    )
    records = [
        {"financial_year": year, by: name, "paid_hkd": hkd}
        for (name, year), hkd in sorted(paid.items(), key=lambda pair: pair[0][::-1])
    ]
    return Figure(
        "cost_years" if by == "cost" else "cash",
        title,
        alt,
        stack(years, shown, colours, "M HKD"),
        stacked(shown, colours, top, xaxis={"type": "category", "fixedrange": True, "automargin": True}, yaxis=axis(say("paid, million HKD, real"), range=[min(0.0, 1.1 * min(min(v) for v in shown.values())), top]), barmode="relative"),
        Table.of(records),
        note=say("Financial years run from April to March."),
    )  # fmt: skip


def bridge(plan: PlanRecord, say: Language) -> Figure | None:
    """From the parts to the whole, in present value."""
    parts = {cost: hkd for cost, hkd in plan.cost_hkd.items() if abs(hkd) >= LEAST_HKD}
    if not parts:
        return None
    ordered = sorted(parts, key=lambda cost: -parts[cost])
    small = [cost for cost in ordered if abs(parts[cost]) < 0.01 * max(map(abs, parts.values()))]
    named = [(say(cost_words(cost)), parts[cost], cost) for cost in ordered if cost not in small]
    rest = sum(parts[cost] for cost in small)
    if small:
        place = next((n for n, part in enumerate(named) if part[1] < rest), len(named))
        named.insert(place, (say("{count} smaller ones", count=len(small)), rest, ""))
    steps = [
        Step(
            name,
            hkd / HKD_PER_MILLION,
            ALARM if cost in VALUED else PALETTE[2] if hkd < 0 else PALETTE[0] if cost else REST,
            say.short_money(hkd),
        )
        for name, hkd, cost in named
    ]
    whole = plan.objective_hkd
    steps.append(Step(say("in all"), whole / HKD_PER_MILLION, INK, say.short_money(whole), whole=True))
    traces, frame, height = bridge_bars(steps, say("million HKD, present value"))
    texts = {
        "all": say.money(plan.objective_hkd), "main": named[0][0], "part": say.money(named[0][1]),
        "valued": say.money(sum(parts.get(cost, 0.0) for cost in VALUED)),
    }  # fmt: skip
    title = (
        say(
            "Of {all} in present value, {valued} is no payment but the worth of what the plan does not deliver.",
            **texts,
        )
        if any(cost in parts for cost in VALUED)
        else say("The plan costs {all} in present value; the largest cost is {main} with {part}.", **texts)
    )
    return Figure(
        "bridge",
        title,
        say("Bridge of bars: the costs in present value, the largest first, what lowers the cost after them, and the whole, {all}.", **texts),
        traces,
        frame,
        Table.of([{"cost": cost, "present_value_hkd": parts[cost]} for cost in ordered] + [{"cost": "all", "present_value_hkd": plan.objective_hkd}]),
        note=say("Red: work and targets that are not met, at the price that the case sets on them. Green: what lowers the cost, such as the value of devices when the plan ends."),
        height=height,
    )  # fmt: skip
