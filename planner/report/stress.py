"""A stress test on one screen: what to decide now, what a hedge costs and saves, then plan by scenario."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from planner.report.tables import Heading, Part, Sheet
from planner.report.words import count, listed, money, percent, short, short_money
from planner.study.stress import Stress

SAME_HKD, LEAST_UNSERVED = 1.0, 1e-3


def page(found: Stress) -> list[Part]:
    """The answer first, in words; then what each plan costs in each future, and its regret."""
    return [
        Heading(f"{count(len(found.futures), 'future')} of policy: {_futures(found)}"),
        _now(found),
        _hedge(found),
        _perfect(found),
        _later(found),
        _myopia(found),
        *_broken(found),
        "",
        _sheet(found, "Cost, HKD", "cost_hkd", expected=True),
        "",
        _sheet(found, "Regret, HKD: cost above the best that anyone could have had in that future", "regret_hkd"),
        "",
        *_unserved(found),
        f"Held are the purchases, ports and mechanisms of {listed(found.first_stage)}, before anything is revealed; all else is "
        "decided anew as the futures part. Costs are present values, lost compute included.",
    ]


def _futures(found: Stress) -> str:
    return listed([f"{f.scenario} {percent(f.probability)}" for f in found.futures])


def _now(found: Stress) -> str:
    orders: dict[tuple[str, str], float] = {}
    for d in found.decisions:
        if d.plan == "stochastic" and d.decision == "order":
            orders[d.what, d.site] = orders.get((d.what, d.site), 0.0) + d.amount
    periods = listed(found.first_stage)
    if not orders:
        return f"Order nothing in {periods}; wait for what is revealed."
    named = [f"{count(round(devices), 'device')} by {offer} for {site}" for (offer, site), devices in orders.items()]
    return f"Order in {periods}, before anything is revealed: {listed(named)}."


def _hedge(found: Stress) -> str:
    cost = f"The hedged plan is expected to cost {money(found.stochastic_hkd)}"
    if found.vss_hkd is None:
        return f"{cost}; the plan for {found.likeliest} alone cannot be carried out in every future."
    if found.vss_hkd <= SAME_HKD:
        return (
            f"{cost}, no less than planning for {found.likeliest} alone: the hedge is worth nothing here (VSS HKD 0)."
        )
    return (
        f"{cost}: {money(found.vss_hkd)} less than planning for {found.likeliest} alone (VSS). If {found.likeliest} comes true, "
        f"the hedge has cost {money(found.hedging_hkd)}."
    )


def _perfect(found: Stress) -> str:
    if found.evpi_hkd < SAME_HKD:
        return "Knowing the future now would save nothing (EVPI HKD 0): no forecast is worth anything here."
    return (
        f"Knowing the future now would save {money(found.evpi_hkd)} more (EVPI): the most that any forecast is worth."
    )


def _later(found: Stress) -> str:
    if not found.later:
        return "Whether the decision would change with a later reveal was not asked."
    last = found.later[-1]
    kept = [later for later in found.later if later.same]
    if last.same:
        return f"Today's decision stays right even if nothing is revealed before {last.first_reveal}."
    until = (
        f"a first reveal as late as {kept[-1].first_reveal}" if kept else f"a first reveal before {last.first_reveal}"
    )
    return (
        f"Today's decision is right for {until}; were it on {last.first_reveal}, deciding otherwise would save "
        f"{money(last.extra_hkd)}."
    )


def _myopia(found: Stress) -> str:
    if found.myopia_hkd is None:
        return "Planning as if today's law went on cannot be carried through in every future."
    if found.myopia_hkd < SAME_HKD:
        return "Planning as if today's law went on, until it does not, costs no more than the hedge."
    return (
        f"Planning as if today's law went on, until it does not, costs {money(found.myopia_hkd)} more than the hedge."
    )


def _broken(found: Stress) -> list[Part]:
    said: list[Part] = []
    for promise in found.priced:
        broken = [c for c in found.matrix if c.plan == "stochastic" and c.shortfall.get(promise, 0.0) > 1e-3]
        if broken:
            named = [f"{c.scenario} ({c.shortfall[promise]:,.0f} PFLOP/s missing)" for c in broken]
            said.append(
                f"The promise {promise} cannot be kept in {listed(named)}; each missing PFLOP/s counts {money(found.priced[promise])}."
            )
    return said


def _sheet(found: Stress, title: str, field: str, *, expected: bool = False) -> Sheet:
    names = [future.scenario for future in found.futures]
    cells = {(cell.plan, cell.scenario): getattr(cell, field) for cell in found.matrix}
    rows = []
    for plan in found.plans:
        row = [plan, *(_shown(cells[plan, name], field) for name in names)]
        rows.append([*row, _shown(found.expected[plan], field)] if expected else row)
    return Sheet(title, ("plan", *names, *(["expected"] if expected else [])), rows)


def _unserved(found: Stress) -> list[Part]:
    if not any((cell.unserved or 0.0) > LEAST_UNSERVED for cell in found.matrix):
        return ["In no future does any plan leave work unserved.", ""]
    return [_sheet(found, "Work left unserved, PFLOP/s-days", "unserved"), ""]


def _shown(amount: float | None, field: str) -> str:
    if amount is None:
        return "cannot"
    if field == "unserved":
        return short(amount if amount > LEAST_UNSERVED else 0.0)
    return short_money(amount if abs(amount) > SAME_HKD else 0.0)


def results(found: Stress) -> dict[str, Any]:
    """Everything, for other programs."""
    return {
        "evpi_hkd": found.evpi_hkd,
        "vss_hkd": found.vss_hkd,
        "matrix": [asdict(cell) for cell in found.matrix],
        "scenarios": [asdict(future) for future in found.futures],
        "plans": [
            {"plan": plan, "meaning": meaning, "expected_cost_hkd": found.expected[plan]}
            for plan, meaning in found.plans.items()
        ],
        "first_stage": {"periods": list(found.first_stage), "decisions": [asdict(d) for d in found.decisions]},
        "wait_and_see_hkd": found.wait_and_see_hkd,
        "stochastic_hkd": found.stochastic_hkd,
        "expected_value_hkd": found.expected_value_hkd,
        "likeliest": found.likeliest,
        "hedging_hkd": found.hedging_hkd,
        "myopia_hkd": found.myopia_hkd,
        "decide_by": [asdict(later) for later in found.later],
        "risk": found.risk,
        "priced_promises_hkd_per_pflops": dict(found.priced),
    }
