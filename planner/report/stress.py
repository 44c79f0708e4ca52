"""A stress test on one screen: what to decide now, what a hedge costs and saves, then plan by scenario."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

from planner.cells import number
from planner.report.tables import Heading, Part, Table
from planner.report.words import count, listed, money, percent, short, short_money
from planner.study.stress.decide_by import Later
from planner.study.stress.regret import Cell
from planner.study.stress.stress import Future, Stress
from planner.study.told_apart import Apart

LEAST_UNSERVED, LEAST_MISSING_PFLOPS = 1e-3, 1e-3


def page(stress: Stress) -> list[Part]:
    """What cannot be kept, then the answer, in words; then what each plan costs in each future, and its regret."""
    return [
        *broken_targets(stress),
        Heading(f"{count(len(stress.futures), 'future')} of policy: {_futures(stress)}"),
        _now(stress),
        _hedge(stress),
        _perfect(stress),
        _later(stress),
        _myopia(stress),
        "",
        *_amounts(stress, "cost", "Cost, HKD"),
        *_amounts(stress, "regret", "Regret, HKD: cost above the best that anyone could have had in that future"),
        *_unserved(stress),
        f"Held are the purchases, ports and mechanisms of {listed(stress.first_stage)}, before anything is revealed; all else is "
        "decided anew as the futures part; but a plan made for one future is carried out in it as it was made, except in its "
        "expected cost. Costs are present values, unserved work included.",
        *_halls(stress),
    ]


def _halls(stress: Stress) -> list[str]:
    if not stress.halls_held:
        return []
    return [
        "The tree is too large to choose halls that hold no US-origin device: every hall keeps the supercomputer ceiling here, "
        "and costs may be told too high."
    ]


def _futures(stress: Stress) -> str:
    return listed([f"{f.scenario} {percent(f.probability)}" for f in stress.futures])


def _now(stress: Stress) -> str:
    orders: dict[tuple[str, str], float] = {}
    for d in stress.decisions:
        if d.plan == "stochastic" and d.decision == "order":
            orders[d.what, d.site] = orders.get((d.what, d.site), 0.0) + d.amount
    periods = listed(stress.first_stage)
    if not orders:
        return f"Order nothing in {periods}; wait for what is revealed."
    named = [f"{count(round(devices), 'device')} by {offer} for {site}" for (offer, site), devices in orders.items()]
    return f"Order in {periods}, before anything is revealed: {listed(named)}."


def _hedge(stress: Stress) -> str:
    cost = f"The hedged plan is expected to cost {_told(stress.stochastic)}"
    if stress.vss is None:
        return f"{cost}; the plan for {stress.likeliest} alone cannot be carried out in every future."
    if not any(stress.vss.parts):
        return (
            f"{cost}, no less than planning for {stress.likeliest} alone: the hedge is worth nothing here (VSS HKD 0)."
        )
    return (
        f"{cost}: {_told(stress.vss)} less than planning for {stress.likeliest} alone (VSS). If {stress.likeliest} comes true, "
        f"the hedge has cost {_told(stress.hedging)}."
    )


def _perfect(stress: Stress) -> str:
    if not any(stress.evpi.parts):
        return "Knowing the future now would save nothing (EVPI HKD 0): no forecast is worth anything here."
    return f"Knowing the future now would save {_told(stress.evpi)} more (EVPI): the most that any forecast is worth."


def _later(stress: Stress) -> str:
    if not stress.later:
        return "Whether the decision would change with a later reveal was not asked."
    last = stress.later[-1]
    kept = [later for later in stress.later if later.same]
    if last.same:
        return f"Today's decision stays right even if nothing is revealed before {last.first_reveal}."
    until = (
        f"a first reveal as late as {kept[-1].first_reveal}" if kept else f"a first reveal before {last.first_reveal}"
    )
    return (
        f"Today's decision is right for {until}; were it on {last.first_reveal}, deciding otherwise would save "
        f"{_told(last.extra)}."
    )


def _myopia(stress: Stress) -> str:
    if stress.myopia is None:
        return "Planning as if today's law went on cannot be carried through in every future."
    if not any(stress.myopia.parts):
        return "Planning as if today's law went on, until it does not, costs no more than the hedge."
    return f"Planning as if today's law went on, until it does not, costs {_told(stress.myopia)} more than the hedge."


def broken_targets(stress: Stress) -> list[str]:
    """Hard targets that a future cannot keep even for who knows it from the start, and those that the hedge gives up."""
    cells = {(cell.plan, cell.scenario): cell for cell in stress.matrix}
    said: list[str] = []
    for target, price in stress.priced.items():
        never = [f.scenario for f in stress.futures if _missing(cells[f.scenario, f.scenario], target)]
        if never:
            named = [f"{name} ({number(_missing(cells[name, name], target))} PFLOP/s missing)" for name in never]
            said.append(
                f"The hard target {target} cannot be kept in {listed(named)}, even by who knows that future now."
            )
        hedged = [
            c for c in stress.matrix if c.plan == "stochastic" and _missing(c, target) and c.scenario not in never
        ]
        if hedged:
            named = [f"{c.scenario} ({number(_missing(c, target))} PFLOP/s missing)" for c in hedged]
            said.append(f"The hedged plan does not keep the hard target {target} in {listed(named)}.")
        if never or hedged:
            said.append(f"Each PFLOP/s missing from {target} counts {money(price)}: a made-up price that nobody pays.")
    return said


def _missing(cell: Cell, target: str) -> float:
    missing = cell.shortfall.get(target, 0.0)
    return missing if missing > LEAST_MISSING_PFLOPS else 0.0


def _told(amount: Apart) -> str:
    """The whole; where targets are missed, what of it is money and what is not."""
    parts = [
        (amount.hard_shortfall_hkd, "for hard targets missed, at a made-up price"),
        (amount.soft_shortfall_hkd, "for targets missed, at their own price"),
    ]
    missed = [f"{money(hkd)} {words}" for hkd, words in parts if hkd]
    return (
        f"{money(amount.hkd)} ({listed([f'{money(amount.money_hkd)} of money', *missed])})"
        if missed
        else money(amount.hkd)
    )


def _amounts(stress: Stress, field: str, title: str) -> list[Part]:
    """The whole; then, where targets are missed, its money and its shortfalls, each by itself."""
    known = [amount for cell in stress.matrix if (amount := getattr(cell, field)) is not None]
    shown = [_sheet(stress, title, field, "hkd")]
    kinds = [
        (part, words)
        for part, words in (
            ("hard_shortfall_hkd", "hard targets missed, at a made-up price"),
            ("soft_shortfall_hkd", "targets missed, at their own price"),
        )
        if any(getattr(amount, part) for amount in known)
    ]
    for part, words in (("money_hkd", "money"), *kinds) if kinds else ():
        shown.append(_sheet(stress, f"Of the {field}, {words}, HKD", field, part))
    return [part for sheet in shown for part in (sheet, "")]


def _sheet(stress: Stress, title: str, field: str, part: str = "") -> Table:
    """`field` of each cell, or the part of it; under costs the expected one too."""
    names = [future.scenario for future in stress.futures]
    cells = {(cell.plan, cell.scenario): getattr(cell, field) for cell in stress.matrix}
    expected = field == "cost"
    rows = []
    for plan in stress.plans:
        row = [plan, *(_shown(cells[plan, name], part) for name in names)]
        rows.append([*row, _shown(stress.expected_costs[plan], part)] if expected else row)
    return Table(title, ("plan", *names, *(["expected"] if expected else [])), rows)


def _unserved(stress: Stress) -> list[Part]:
    if not any((cell.unserved or 0.0) > LEAST_UNSERVED for cell in stress.matrix):
        return ["In no future does any plan leave work unserved.", ""]
    return [_sheet(stress, "Work left unserved, PFLOP/s-days", "unserved"), ""]


def _shown(amount: Apart | float | None, part: str) -> str:
    if amount is None:
        return "cannot"
    if isinstance(amount, Apart):
        return short_money(getattr(amount, part))
    return short(amount if amount > LEAST_UNSERVED else 0.0)


def results(stress: Stress) -> dict[str, Any]:
    """Everything, for other programs."""
    return {
        **_apart("evpi", stress.evpi),
        **_apart("vss", stress.vss),
        "halls_held_to_ceiling": stress.halls_held,
        "matrix": [_cell(cell) for cell in stress.matrix],
        "scenarios": [_with_parts(future, "best") for future in stress.futures],
        "plans": [
            {"plan": plan, "meaning": meaning, **_apart("expected_cost", stress.expected_costs[plan])}
            for plan, meaning in stress.plans.items()
        ],
        "first_stage": {"periods": list(stress.first_stage), "decisions": [asdict(d) for d in stress.decisions]},
        **_apart("wait_and_see", stress.wait_and_see),
        **_apart("stochastic", stress.stochastic),
        **_apart("expected_value", stress.expected_costs["expected_value"]),
        "likeliest": stress.likeliest,
        **_apart("hedging", stress.hedging),
        **_apart("myopia", stress.myopia),
        "decide_by": [_with_parts(later, "extra") for later in stress.later],
        "risk": stress.risk,
        "priced_targets_hkd_per_pflops": dict(stress.priced),
    }


def _with_parts(thing: Future | Later, amount: str) -> dict[str, Any]:
    """Its fields, the amount among them by its parts."""
    plain = {field.name: getattr(thing, field.name) for field in fields(thing) if field.name != amount}
    return {**plain, **_apart(amount, getattr(thing, amount))}


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "plan": cell.plan,
        "scenario": cell.scenario,
        **_apart("cost", cell.cost),
        "unserved": cell.unserved,
        "shortfall": dict(cell.shortfall),
        **_apart("regret", cell.regret),
    }


def _apart(name: str, amount: Apart | None) -> dict[str, float | None]:
    """`evpi_hkd` is the whole, `evpi_money_hkd` and its like are the parts."""
    return {f"{name}_{field.name}": None if amount is None else getattr(amount, field.name) for field in fields(Apart)}
