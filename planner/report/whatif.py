"""A what-if on one screen: what changes in cost and why, what is decided otherwise, which limits change their worth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.cells import number
from planner.plan.rows import Record, sums
from planner.report.tables import Heading, Part, Table
from planner.report.words import COST_WORDS, in_fractions, left_out, listed, money, percent, short_money, span

if TYPE_CHECKING:
    from planner.study.whatif.replay import Replay
    from planner.study.whatif.variant import WhatIf

MOST = {"buy": 5, "rent": 3, "port": 2, "clear": 2}
MOST_COSTS, MOST_PRICES, MOST_WORKLOADS = 6, 5, 4
SAME_HKD, SHARE_WORTH_TELLING = 1.0, 0.05


def page(whatif: WhatIf) -> list[Part]:
    """The answer first, in words; then decisions, the bridge, and prices that moved."""
    blocks: list[list[Part]] = [[answer(whatif), _service(whatif), *in_fractions(whatif.base.case)]]
    decided, same = _decisions(whatif), abs(whatif.change_hkd) <= SAME_HKD
    if decided:
        title = "What may be decided otherwise, at the same cost" if same else "What is decided otherwise"
        blocks.append([Heading(title), *decided])
    elif not same:
        blocks.append(["Nothing is decided otherwise; the same plan costs a different sum."])
    if not same:
        blocks.append([*_by_cause(whatif), _by_cost(whatif)])
    if moved := _prices(whatif):
        blocks.append([moved])
    first, *others = blocks
    return [*first, *(part for block in others for part in ("", *block))]


def answer(whatif: WhatIf) -> str:
    """`With sites.hall.power_mw=10 the plan costs HKD 1.2 M less: HKD 8.9 M in place of HKD 10.1 M (-12 %).`"""
    names = [f"{path}={'null' if value is None else value}" for path, value in whatif.sets.items()]
    if whatif.scenario:
        names.insert(0, f"scenario {whatif.scenario} known from the start")
    before, after, change = whatif.base.objective_hkd, whatif.variant.objective_hkd, whatif.change_hkd
    world = f"With {listed(names)}" if names else "With nothing changed"
    if abs(change) <= SAME_HKD:
        return f"{world} the plan costs the same: {money(after)}."
    share = f" ({'+' if change > 0 else '-'}{percent(abs(change / before))})" if before else ""
    sense = "more" if change > 0 else "less"
    return f"{world} the plan costs {money(abs(change))} {sense}: {money(after)} in place of {money(before)}{share}."


def _service(whatif: WhatIf) -> str:
    rows = [
        row for row in whatif.unserved if abs(row["change_pflops_days"]) > 1e-3 * max(1.0, row["asked_pflops_days"])
    ]
    if not rows:
        return "No workload is served otherwise than before."
    rows.sort(key=lambda row: -abs(row["change_pflops_days"]))
    said = [
        f"{row['workload']} {percent(row['after_pflops_days'] / row['asked_pflops_days'])} "
        f"(was {percent(row['before_pflops_days'] / row['asked_pflops_days'])})"
        for row in rows
        if row["asked_pflops_days"]
    ]
    return f"Work left unserved: {listed(said, MOST_WORKLOADS)}."


def _decisions(whatif: WhatIf) -> list[Part]:
    """The largest changes of each kind, by device and site; standing devices follow from what is bought and are not
    said again.
    """
    said: list[Part] = []
    groups_in_all = 0
    for decision, most in MOST.items():
        groups: dict[tuple[str, str], list[Record]] = {}
        for row in whatif.decisions:
            if row["decision"] == decision and (row["unit"] == "devices" or abs(row["change"]) > SHARE_WORTH_TELLING):
                groups.setdefault((row["what"], row["site"]), []).append(row)
        ranked = sorted(groups.items(), key=lambda item: -_moved(item[1]))
        said += [_bullet(decision, *key, rows) for key, rows in ranked[:most]]
        groups_in_all += len(ranked)
    more = left_out(groups_in_all, len(said))
    return [*said, *([f"- {more}"] if more else [])]


def _moved(rows: list[Record]) -> float:
    return sum(abs(float(row["change"])) for row in rows)


def _bullet(decision: str, what: str, site: str, rows: list[Record]) -> str:
    periods = sorted(row["period"] for row in rows)
    change = sum(row["change"] for row in rows)
    where = f" {'for' if decision == 'clear' else 'at'} {site}" if site else ""
    if decision in ("port", "clear"):
        deed = {"port": "porting", "clear": "clearing"}[decision]
        if abs(change) <= SHARE_WORTH_TELLING:
            return f"- {deed} of {what}{where} at another time {span(periods[0], periods[-1])}"
        return f"- {'begin' if change > 0 else 'no'} {deed} of {what}{where} {span(periods[0], periods[-1])}"
    if decision == "rent":
        mean = change / len(rows)
        return f"- rent {_devices(mean)} of {what}{where} {span(periods[0], periods[-1])}, on average"
    more, fewer = (sum(row["change"] for row in rows if (row["change"] > 0) is up) for up in (True, False))
    if min(more, -fewer) > 0.2 * max(more, -fewer):
        net = f", {number(abs(change))} {'more' if change > 0 else 'fewer'} in all" if abs(change) > 0.01 else ""
        return f"- buy {what}{where} at other times {span(periods[0], periods[-1])}{net}"
    return f"- buy {_devices(change)} of {what}{where} {span(periods[0], periods[-1])}"


def _devices(change: float) -> str:
    """`1,310 more devices`, `1 fewer device`."""
    return f"{number(abs(change))} {'more' if change > 0 else 'fewer'} device{'' if abs(change) == 1 else 's'}"


def _by_cause(whatif: WhatIf) -> list[Part]:
    totals = sums(whatif.causes, "cause", "hkd")
    if len(totals) < 2:
        return []
    rows = [(cause, short_money(hkd) if abs(hkd) > SAME_HKD else "0") for cause, hkd in totals.items()]
    rows.append(("in all", short_money(whatif.change_hkd)))
    return [Table("Why: each change alone, and what they do only together", ("cause", "HKD"), rows), ""]


def _by_cost(whatif: WhatIf) -> Table:
    rows = sorted(whatif.costs, key=lambda row: -abs(row["change_hkd"]))
    largest = [row for row in rows[:MOST_COSTS] if abs(row["change_hkd"]) > SAME_HKD]
    rest = whatif.change_hkd - sum(row["change_hkd"] for row in largest)
    lines = [(str(COST_WORDS.get(row["cost"], row["cost"])), *_three_of(row)) for row in largest]
    if abs(rest) > SAME_HKD:
        lines.append(("all others", "", "", short_money(rest)))
    total = (
        short_money(whatif.base.objective_hkd),
        short_money(whatif.variant.objective_hkd),
        short_money(whatif.change_hkd),
    )
    return Table("From the one cost to the other", ("cost", "before", "after", "change"), [*lines, ("in all", *total)])


def _three_of(row: Record) -> tuple[str, str, str]:
    return short_money(row["before_hkd"]), short_money(row["after_hkd"]), short_money(row["change_hkd"])


def _prices(whatif: WhatIf) -> Table | None:
    rows = [row for row in whatif.prices if row["limit"] and row["family"] != "demand"][:MOST_PRICES]
    lines = [(str(row["row"]), str(row["unit"]), *_three_of(row)) for row in rows]
    return (
        Table("What one more unit of a limit costs, HKD", ("limit", "unit", "before", "after", "change"), lines)
        if lines
        else None
    )


def results(whatif: WhatIf) -> dict[str, Any]:
    """Everything, for other programs."""
    return {
        "overrides": dict(whatif.sets),
        "scenario": whatif.scenario,
        "before_hkd": whatif.base.objective_hkd,
        "after_hkd": whatif.variant.objective_hkd,
        "change_hkd": whatif.change_hkd,
        "costs": whatif.costs,
        "causes": whatif.causes,
        "decisions": whatif.decisions,
        "prices": whatif.prices,
        "unserved": whatif.unserved,
    }


def replay_page(replay: Replay, best_hkd: float) -> list[Part]:
    """What a settled plan costs in this world, its regret, and the orders that law overtakes."""
    regret = replay.cost_hkd - best_hkd
    parts: list[Part] = [
        f"Carried out as planned it costs {money(replay.cost_hkd)} in this world; the best plan for it costs {money(best_hkd)}: "
        f"a regret of {money(max(0.0, regret))}."
    ]
    lines = [
        f"- {number(order['devices'])} of {order['offer']} at {order['site']}, ordered in {order['period']}, never come "
        f"({order['because']}); {money(order['deposit_hkd'])} of deposit is lost"
        for order in replay.cancelled
    ]
    return [*parts, *lines, ""]


def replay_results(replay: Replay, best_hkd: float) -> dict[str, Any]:
    """The same for other programs."""
    return {
        "cost_hkd": replay.cost_hkd,
        "best_hkd": best_hkd,
        "regret_hkd": replay.cost_hkd - best_hkd,
        "cancelled": list(replay.cancelled),
    }
