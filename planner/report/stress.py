"""A stress test on one screen: what to decide now, what a hedge costs and saves, then plan by scenario."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

from planner.cells import number
from planner.report.language import IN_ENGLISH, Language
from planner.report.tables import Heading, Part, Table
from planner.report.words import percent
from planner.study.stress.decide_by import Later
from planner.study.stress.regret import Cell
from planner.study.stress.stress import Future, Stress
from planner.study.told_apart import Apart

LEAST_UNSERVED, LEAST_MISSING_PFLOPS = 1e-3, 1e-3


def page(stress: Stress, say: Language = IN_ENGLISH) -> list[Part]:
    """What cannot be kept, then the answer, in words; then what each plan costs in each future, and its regret."""
    futures = say.listed([f"{say.name(f.scenario)} {percent(f.probability)}" for f in stress.futures], 6)
    return [
        *broken_targets(stress, say),
        Heading(say("{futures} of policy: {names}", futures=say.count(len(stress.futures), "future"), names=futures)),
        _now(stress, say),
        _hedge(stress, say),
        _perfect(stress, say),
        _later(stress, say),
        _myopia(stress, say),
        "",
        *_amounts(stress, "cost", say("Cost, HKD"), say),
        *_amounts(
            stress, "regret", say("Regret, HKD: cost above the best that anyone could have had in that future"), say
        ),
        *_unserved(stress, say),
        say(
            "Held are the purchases, ports and mechanisms of {periods}, before anything is revealed; all else is "
            "decided anew as the futures part; but a plan made for one future is carried out in it as it was made, except in its "
            "expected cost. Costs are present values, unserved work included.",
            periods=say.listed(list(stress.first_stage), 6),
        ),
        *_halls(stress, say),
        *_by_branch(stress, say),
    ]


def _halls(stress: Stress, say: Language) -> list[str]:
    if not stress.halls_held:
        return []
    return [
        say(
            "The tree is too large to choose halls that hold no US-origin device: every hall keeps the supercomputer ceiling here, "
            "and costs may be told too high."
        )
    ]


def _by_branch(stress: Stress, say: Language) -> list[str]:
    if stress.hedge_gap_hkd is None:
        return []
    sentence = "The tree was solved by branch: the hedged plan is proved to be within {gap} of the least expected cost."
    return [say(sentence, gap=say.money(stress.hedge_gap_hkd))]


def _now(stress: Stress, say: Language) -> str:
    orders: dict[tuple[str, str], float] = {}
    for d in stress.decisions:
        if d.plan == "stochastic" and d.decision == "order":
            orders[d.what, d.site] = orders.get((d.what, d.site), 0.0) + d.amount
    periods = say.listed(list(stress.first_stage), 6)
    if not orders:
        return say("Order nothing in {periods}; wait for what is revealed.", periods=periods)
    named = [
        say("{devices} by {offer} for {site}", devices=say.count(round(devices), "device"), offer=offer, site=site)
        for (offer, site), devices in orders.items()
    ]
    return say(
        "Order in {periods}, before anything is revealed: {orders}.", periods=periods, orders=say.listed(named, 6)
    )


def _hedge(stress: Stress, say: Language) -> str:
    likeliest = say.name(stress.likeliest)
    cost = say("The hedged plan is expected to cost {hkd}", hkd=_told(stress.stochastic, say))
    if stress.vss is None:
        return say(
            "{cost}; the plan for {likeliest} alone cannot be carried out in every future.",
            cost=cost,
            likeliest=likeliest,
        )
    if not any(stress.vss.parts):
        return say(
            "{cost}, no less than planning for {likeliest} alone: the hedge is worth nothing here (VSS {hkd}).",
            cost=cost,
            likeliest=likeliest,
            hkd=say.money(0),
        )
    return say(
        "{cost}: {vss} less than planning for {likeliest} alone (VSS). If {likeliest} comes true, the hedge has cost {hkd}.",
        cost=cost,
        vss=_told(stress.vss, say),
        likeliest=likeliest,
        hkd=_told(stress.hedging, say),
    )


def _perfect(stress: Stress, say: Language) -> str:
    if not any(stress.evpi.parts):
        return say(
            "Knowing the future now would save nothing (EVPI {hkd}): no forecast is worth anything here.",
            hkd=say.money(0),
        )
    return say(
        "Knowing the future now would save {hkd} more (EVPI): the most that any forecast is worth.",
        hkd=_told(stress.evpi, say),
    )


def _later(stress: Stress, say: Language) -> str:
    if not stress.later:
        return say("Whether the decision would change with a later reveal was not asked.")
    last = stress.later[-1]
    kept = [later for later in stress.later if later.same]
    if last.same:
        return say("Today's decision stays right even if nothing is revealed before {day}.", day=last.first_reveal)
    until = (
        say("a first reveal as late as {day}", day=kept[-1].first_reveal)
        if kept
        else say("a first reveal before {day}", day=last.first_reveal)
    )
    return say(
        "Today's decision is right for {until}; were it on {day}, deciding otherwise would save {hkd}.",
        until=until,
        day=last.first_reveal,
        hkd=_told(last.extra, say),
    )


def _myopia(stress: Stress, say: Language) -> str:
    if stress.myopia is None:
        return say("Planning as if today's law went on cannot be carried through in every future.")
    if not any(stress.myopia.parts):
        return say("Planning as if today's law went on, until it does not, costs no more than the hedge.")
    return say(
        "Planning as if today's law went on, until it does not, costs {hkd} more than the hedge.",
        hkd=_told(stress.myopia, say),
    )


def broken_targets(stress: Stress, say: Language = IN_ENGLISH) -> list[str]:
    """Hard targets that a future cannot keep even for who knows it from the start, and those that the hedge gives up."""
    cells = {(cell.plan, cell.scenario): cell for cell in stress.matrix}
    said: list[str] = []
    for target, price in stress.priced.items():
        never = [f.scenario for f in stress.futures if _missing(cells[f.scenario, f.scenario], target)]
        if never:
            named = [_lacking(cells[name, name], target, say) for name in never]
            said.append(
                say(
                    "The hard target {target} cannot be kept in {futures}, even by who knows that future now.",
                    target=target,
                    futures=say.listed(named, 6),
                )
            )
        hedged = [
            c for c in stress.matrix if c.plan == "stochastic" and _missing(c, target) and c.scenario not in never
        ]
        if hedged:
            named = [_lacking(c, target, say) for c in hedged]
            said.append(
                say(
                    "The hedged plan does not keep the hard target {target} in {futures}.",
                    target=target,
                    futures=say.listed(named, 6),
                )
            )
        if never or hedged:
            said.append(
                say(
                    "Each PFLOP/s missing from {target} counts {hkd}: a made-up price that nobody pays.",
                    target=target,
                    hkd=say.money(price),
                )
            )
    return said


def _lacking(cell: Cell, target: str, say: Language) -> str:
    missing = number(_missing(cell, target))
    return say("{future} ({pflops} PFLOP/s missing)", future=say.name(cell.scenario), pflops=missing)


def _missing(cell: Cell, target: str) -> float:
    missing = cell.shortfall.get(target, 0.0)
    return missing if missing > LEAST_MISSING_PFLOPS else 0.0


def _told(amount: Apart, say: Language) -> str:
    """The whole; where targets are missed, what of it is money and what is not."""
    hard, soft = amount.hard_shortfall_hkd, amount.soft_shortfall_hkd
    missed = [
        *([say("{hkd} for hard targets missed, at a made-up price", hkd=say.money(hard))] if hard else []),
        *([say("{hkd} for targets missed, at their own price", hkd=say.money(soft))] if soft else []),
    ]
    if not missed:
        return say.money(amount.hkd)
    parts = say.listed([say("{hkd} of money", hkd=say.money(amount.money_hkd)), *missed])
    return say("{hkd} ({parts})", hkd=say.money(amount.hkd), parts=parts)


def _amounts(stress: Stress, field: str, title: str, say: Language) -> list[Part]:
    """The whole; then, where targets are missed, its money and its shortfalls, each by itself."""
    known = [amount for cell in stress.matrix if (amount := getattr(cell, field)) is not None]
    shown = [_sheet(stress, title, field, say, "hkd")]
    kinds = [
        (part, words)
        for part, words in (
            ("hard_shortfall_hkd", "hard targets missed, at a made-up price"),
            ("soft_shortfall_hkd", "targets missed, at their own price"),
        )
        if any(getattr(amount, part) for amount in known)
    ]
    for part, words in (("money_hkd", "money"), *kinds) if kinds else ():
        shown.append(
            _sheet(stress, say("Of the {field}, {part}, HKD", field=say(field), part=say(words)), field, say, part)
        )
    return [part for sheet in shown for part in (sheet, "")]


def _sheet(stress: Stress, title: str, field: str, say: Language, part: str = "") -> Table:
    """`field` of each cell, or the part of it; under costs the expected one too."""
    names = [future.scenario for future in stress.futures]
    cells = {(cell.plan, cell.scenario): getattr(cell, field) for cell in stress.matrix}
    expected = field == "cost"
    rows = []
    for plan in stress.plans:
        row = [say.name(plan), *(_shown(cells[plan, name], part, say) for name in names)]
        rows.append([*row, _shown(stress.expected_costs[plan], part, say)] if expected else row)
    columns = (say("plan"), *map(say.name, names), *([say("expected")] if expected else []))
    return Table(title, columns, rows)


def _unserved(stress: Stress, say: Language) -> list[Part]:
    if not any((cell.unserved or 0.0) > LEAST_UNSERVED for cell in stress.matrix):
        return [say("In no future does any plan leave work unserved."), ""]
    return [_sheet(stress, say("Work left unserved, PFLOP/s-days"), "unserved", say), ""]


def _shown(amount: Apart | float | None, part: str, say: Language) -> str:
    if amount is None:
        return say("cannot")
    if isinstance(amount, Apart):
        return say.short_money(getattr(amount, part))
    return say.short(amount if amount > LEAST_UNSERVED else 0.0)


def results(stress: Stress) -> dict[str, Any]:
    """Everything, for other programs."""
    return {
        **_apart("evpi", stress.evpi),
        **_apart("vss", stress.vss),
        "halls_held_to_ceiling": stress.halls_held,
        "hedge_gap_hkd": stress.hedge_gap_hkd,
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
