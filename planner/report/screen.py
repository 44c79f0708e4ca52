"""The summary as text: one screen, the most important first."""

from __future__ import annotations

from collections.abc import Sequence

from planner.cells import number
from planner.report.reach import keeps
from planner.report.refusals import Refused
from planner.report.summary import AtEachPrecision, Holding, Served, Summary
from planner.report.tables import KEPT, Heading, Part, Table
from planner.report.treasury import cash
from planner.report.words import COST_WORDS, count, listed, money, percent, short, short_money

WORK_ROWS = 10
LEAST_DEVICES = 0.05
RULES = 5
CONDITIONS = {
    "compliance_risk": ", only for buyers without US exposure",
    "unknown": " may apply, as figures are not published; taken, since no outcome that it may be bars this buyer",
    "case_by_case": ", only under the licence that the case hopes for",
    "notify": ", 25 days after notice",
}
VALUED = {"unserved": "unserved work", "shortfall": "missed targets"}
LEAST_GAP = 1e-5
"""Below, the share of a gap is no more than told to be smaller."""
SECOND_LOOKS = {
    "confirmed": "",
    "corrected": "; a second search found it where the first one called a dearer plan the best",
    "out of time": "; a second search did not end in time to confirm it",
}
AIMS = {
    "min_cost": "least cost",
    "max_compute": "most compute within the budget",
    "min_time": "earliest date for the target capacity",
}


def screen(summary: Summary) -> list[Part]:
    """What to print, top to bottom."""
    return [
        *_headline(summary),
        *_purchases(summary),
        *_rentals(summary),
        *_work(summary),
        *_unserved(summary),
        *_targets(summary),
        *_costs(summary),
        *cash(summary.treasury),
        *_limits(summary),
        *_law(summary),
        *_conditions(summary),
        *_assumed(summary),
        "",
        f"Audited: {count(summary.audited, 'check')} of limits, costs and law, recomputed from the case, all hold.",
    ]


def _headline(s: Summary) -> list[Part]:
    asked = sum(w.asked_pflops_days for w in s.served)
    missing = sum(w.unserved_pflops_days for w in s.served)
    done = f" It does {percent(1 - missing / asked)} of the work asked for." if asked else ""
    branches = f" Amounts are expected values over {s.branches} branches of policy." if s.branches > 1 else ""
    return [
        Heading(f"{s.title}: {s.first_period} to {s.last_period}, {AIMS[s.objective]}"),
        *([f"With {listed(list(s.changed))}:"] if s.changed else []),
        f"The plan costs {money(s.objective_hkd)} in present value{_of_which(s)}.{done}{branches}",
        *_whole(s),
        *_near_tie(s),
        *_by_branch(s),
        *_halls(s),
        *([_now(s)] if s.bought else []),
    ]


def _whole(s: Summary) -> list[Part]:
    """What whole numbers cost, and how near to the best of them this plan is known to be."""
    if s.divisible_hkd is None:
        return []
    dearer = money(s.objective_hkd - s.divisible_hkd)
    best = "the best there is" if s.gap < 1e-9 else f"within {percent(s.gap)} of the best"
    said = "; limits have the prices of that bound" if s.rounded else SECOND_LOOKS[s.second_look or "confirmed"]
    return [
        f"Whole numbers cost {dearer} beside the bound in fractions, {money(s.divisible_hkd)}. This is {best}{said}."
    ]


def _near_tie(s: Summary) -> list[Part]:
    """What the best plan would cost, and how much simpler this one is."""
    if s.near_tie is None:
        return []
    best = s.near_tie
    return [
        f"Of plans that cost nearly the same this is the simplest: {number(best.uses)} orders and rentals by the period in place of "
        f"{number(best.uses_of_best)} in the best, which costs {money(best.best_hkd)} and gives limits their prices."
    ]


def _by_branch(s: Summary) -> list[Part]:
    """That the tree was not solved as one program, and how near to the least cost the plan is proved to be."""
    if s.decomposed is None:
        return []
    known, rounds = s.decomposed, f"{s.decomposed.rounds} round{'s' if s.decomposed.rounds > 1 else ''}"
    share = percent(s.gap) if s.gap >= LEAST_GAP else f"less than {LEAST_GAP * 100:g} %"
    within = f"{money(max(0.0, s.objective_hkd - known.bound_hkd))}, {share}"
    return [
        f"Solved by branch in {rounds}: it is proved to be within {within}, of the least cost, which is no less than "
        f"{money(known.bound_hkd)}. Limits have the prices of that bound."
    ]


def _halls(s: Summary) -> list[Part]:
    """How good the choice of halls free of US-origin devices is, where it was not searched to the end."""
    if s.halls_gap_hkd is None:
        return []
    return [
        f"Which halls hold no US-origin device was not searched to the end: another choice may save {money(s.halls_gap_hkd)} at most."
    ]


def _of_which(s: Summary) -> str:
    """What is paid, apart from what is only valued."""
    valued = [(VALUED[cost], hkd) for cost, hkd in s.costs if cost in VALUED and hkd >= 0.5]
    if not valued:
        return ""
    paid = s.objective_hkd - sum(hkd for _, hkd in valued)
    parts = [f"{money(paid)} of net spending", *(f"{money(hkd)} for {name}" for name, hkd in valued)]
    return f": {listed(parts)}"


def _now(s: Summary) -> str:
    if not s.first_orders:
        return f"Nothing has to be ordered in {s.first_period}, the first period."
    named = [f"{_devices(devices)} {accelerator} for {site}" for accelerator, site, devices in s.first_orders]
    return f"To order now, in {s.first_period}: {listed(named)}."


def _purchases(s: Summary) -> list[Part]:
    if not s.bought:
        return ["", Heading("What to buy: nothing")]
    return ["", _holdings("What to buy (devices, when ordered)", "in all", s, s.bought, 10)]


def _rentals(s: Summary) -> list[Part]:
    return ["", _holdings("What to rent (devices on average)", "peak", s, s.rented, 6)] if s.rented else []


def _holdings(title: str, total: str, s: Summary, held: Sequence[Holding], most: int) -> Table:
    """Grouped by site, the site with the most money first; beyond `most` rows the rest is one row."""
    places = [place for place in range(len(s.columns)) if any(h.devices[place] >= 0.05 for h in held)]
    shown, more = held[:most], held[most:]
    rows = []
    for site in dict.fromkeys(h.site for h in shown):
        rows.append([site, *[""] * (len(places) + 2)])
        rows += [
            [
                f"  {h.accelerator}",
                *(_devices(h.devices[p]) for p in places),
                _devices(h.devices_in_all),
                short_money(h.hkd),
            ]
            for h in shown
            if h.site == site
        ]
    if more:
        rows.append([f"{len(more)} more", *_sum(more, places), "", short_money(sum(h.hkd for h in more))])
    rows.append(["all", *_sum(held, places), "", short_money(sum(h.hkd for h in held))])
    return Table(title, ("site, device", *(s.columns[p].name for p in places), total, "HKD"), rows)


def _sum(held: Sequence[Holding], places: Sequence[int]) -> list[str]:
    return [_devices(sum(h.devices[p] for h in held)) for p in places]


def _devices(number: float) -> str:
    if number < 0.05:
        return "–"
    return f"{number:,.0f}" if number >= 9.95 or abs(number - round(number)) < 1e-6 else f"{number:.1f}"


def _work(s: Summary) -> list[Part]:
    if not s.served:
        return []
    ordered = sorted(s.served, key=lambda w: -w.asked_pflops_days)
    shown, more = (ordered, []) if len(ordered) <= WORK_ROWS else (ordered[: WORK_ROWS - 1], ordered[WORK_ROWS - 1 :])
    rows = [[w.workload, w.tenant, short(w.asked_pflops_days), percent(w.share), *_mostly(w)] for w in shown]
    if more:
        asked, missing = sum(w.asked_pflops_days for w in more), sum(w.unserved_pflops_days for w in more)
        rows.append([f"{len(more)} more", "", short(asked), percent(1 - missing / asked), "", ""])
    return [
        "",
        Table("What it runs (work in PFLOP/s-days)", ("workload", "tenant", "work", "done", "mostly on", "at"), rows),
    ]


def _mostly(w: Served) -> tuple[str, str]:
    return w.runs_on[0][:2] if w.runs_on else ("–", "–")


def _unserved(s: Summary) -> list[Part]:
    lines: list[Part] = []
    unserved = sorted((w for w in s.served if w.share < 1 - 1e-6), key=lambda w: -w.unserved_hkd)
    if unserved:
        lost = sum(w.unserved_hkd for w in unserved)
        named = [f"{w.workload} {percent(1 - w.share)}" for w in unserved]
        lines.append(f"Unserved, worth {money(lost)} undiscounted: {listed(named, 8)} of the work asked for.")
    for m in s.missed:
        missing, asked = (
            f"{number(m.missing_pflops)} of {number(m.target_pflops)} PFLOP/s",
            f"missing in {m.period}",
        )
        lines.append(f"Missed target {m.target}: {missing} {asked}, at {money(m.hkd)}. {keeps(m.alone)}")
    if s.missed:
        lines.append(f"`planner explain CASE {s.missed[0].target}` finds what would meet it.")
    return lines


def _targets(s: Summary) -> list[Part]:
    """What stands for targets at every precision, so that each can be read as its authors may have meant it."""
    if not s.targets:
        return []
    precisions = list(dict.fromkeys(name for t in s.targets for name in sorted(t.peaks)))
    rows = [
        (
            t.target,
            t.due,
            f"{number(t.target_pflops)} {t.precision.upper()} {t.basis}",
            *(_peak(t, p) for p in precisions),
        )
        for t in s.targets
    ]
    silent = [
        f"{number(t.without_rate[name])} of {number(t.devices)} at {t.target} publish no {name.upper()} rate"
        for t in s.targets
        for name in precisions
        if t.without_rate.get(name, 0.0) >= LEAST_DEVICES
    ]
    note = f"Devices without a rate count nothing: {listed(silent)}." if silent else ""
    columns = ("target", "due", "asked", *(name.upper() for name in precisions))
    return ["", Table("What stands for targets (PFLOP/s, dense peak at each precision)", columns, rows, note)]


def _peak(target: AtEachPrecision, precision: str) -> str:
    """Nothing where no device that counts publishes a rate."""
    known = target.devices - target.without_rate.get(precision, target.devices) >= LEAST_DEVICES
    return number(target.peaks[precision]) if known or not target.devices else "–"


def _costs(s: Summary) -> list[Part]:
    by_size = sorted(s.costs, key=lambda pair: -pair[1])
    named = [
        f"{COST_WORDS.get(cost, cost.replace('_', ' '))} {short_money(hkd)}" for cost, hkd in by_size if abs(hkd) >= 1
    ]
    named = [part.replace(" ", KEPT) for part in named]
    return ["", Heading(f"What it costs: {money(s.objective_hkd)}, present value"), "  " + " · ".join(named)]


def _limits(s: Summary) -> list[Part]:
    if not s.dearest:
        return ["", Heading("What limits it: no limit with a number binds")]
    return [
        "",
        Heading("What limits it most"),
        *(f"  - {limit.sentence}" for limit in s.dearest),
    ]


def _law(s: Summary) -> list[Part]:
    if not s.refused:
        return ["", Heading(f"What law refused: none of {count(s.offers, 'offer')}")]
    never = f": {len(s.never_lawful)} of {count(s.offers, 'offer')} in every period" if s.never_lawful else " at times"
    title = f"What law refused{never}"
    lines = [f"  - {_refusal(entry, s.never_lawful)}" for entry in s.refused[:RULES]]
    more = s.refused[RULES:]
    return ["", Heading(title), *lines, *([f"  - and {count(len(more), 'rule')} more"] if more else [])]


def _conditions(s: Summary) -> list[Part]:
    """What it takes that is lawful only for some buyers, or only after a step."""
    if not s.conditions:
        return []
    lines = [f"  - {listed(c.accelerators, 5)}: {c.outcome} by {c.rule}{CONDITIONS[c.outcome]}" for c in s.conditions]
    return ["", Heading("What law lets it take on conditions"), *lines]


def _assumed(s: Summary) -> list[Part]:
    """What it takes that nobody has announced, and how much law is asked without knowing it; `check` says what."""
    said: list[Part] = []
    if s.unannounced:
        hkd = sum(held.hkd for held in (*s.bought, *s.rented) if held.accelerator in s.unannounced)
        which = listed(s.unannounced, 5)
        said += ["", f"{money(hkd)} of purchases and rents are for devices that no maker has announced: {which}."]
    if s.assumed:
        asked = f"Law is asked on {count(len(s.assumed), 'assumption')} that the case can settle"
        said += ["", f"{asked}; `planner check` names them."]
    return said


def _refusal(entry: Refused, never: frozenset[str]) -> str:
    licence = ", and no licence is hoped for" if entry.outcome in ("case_by_case", "notify") else ""
    part = "" if set(entry.offers) <= never else ", in some periods or at some sites"
    offers = count(len(entry.offers), "offer")
    return f"{listed(entry.accelerators, 5)}: {entry.outcome} by {entry.rule}{licence} ({offers}{part})"
