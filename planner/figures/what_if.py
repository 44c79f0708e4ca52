"""What a change costs: the bridge from one plan's cost to another's."""

from __future__ import annotations

from planner.figures.cost import cost_words
from planner.figures.figure import Figure
from planner.figures.shapes import Step, bridge_bars
from planner.figures.style import ALARM, INK, PALETTE, REST
from planner.report.tables import Table
from planner.report.words import money, short_money
from planner.study.whatif.variant import WhatIf
from planner.units import HKD_PER_MILLION

LEAST_SHARE = 0.01


def what_if_figures(answer: WhatIf) -> list[Figure]:
    """From the case to its variant, by cost; nothing where no cost changes."""
    changes = sorted(answer.costs, key=lambda change: -abs(change["change_hkd"]))
    largest = max((abs(change["change_hkd"]) for change in changes), default=0.0)
    if largest < 1.0:
        return []
    large = [change for change in changes if abs(change["change_hkd"]) >= LEAST_SHARE * largest]
    steps = [_whole("the case", answer.base.objective_hkd)]
    for change in large:
        hkd = change["change_hkd"]
        steps.append(
            Step(cost_words(change["cost"]), hkd / HKD_PER_MILLION, ALARM if hkd > 0 else PALETTE[2], _signed(hkd))
        )
    rest = sum(change["change_hkd"] for change in changes if change not in large)
    if rest:
        steps.append(Step(f"{len(changes) - len(large)} others", rest / HKD_PER_MILLION, REST, _signed(rest)))
    steps.append(_whole("with the change", answer.variant.objective_hkd))
    traces, layout, height = bridge_bars(steps, "million HKD, present value")
    main, whole = large[0], answer.change_hkd
    more = f"{money(abs(whole))} {'more' if whole > 0 else 'less'}"
    title = f"The change costs {more}, most of it in {cost_words(main['cost'])} ({_signed(main['change_hkd'])})."
    alt = f"Bridge of bars from the cost of the case, {money(answer.base.objective_hkd)}, to that with the change, {money(answer.variant.objective_hkd)}, by cost."
    return [Figure("bridge", title, alt, traces, layout, Table.of(changes), height=height)]


def _whole(label: str, hkd: float) -> Step:
    return Step(label, hkd / HKD_PER_MILLION, INK if label != "the case" else PALETTE[0], short_money(hkd), whole=True)


def _signed(hkd: float) -> str:
    return f"{'+' if hkd > 0 else ''}{short_money(hkd)}"
