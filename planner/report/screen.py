"""The summary as text: one screen, the most important first."""

from __future__ import annotations

from collections.abc import Sequence

from planner.report.refusals import Refused
from planner.report.summary import Holding, Served, Summary
from planner.report.tables import KEPT, Heading, Part, Sheet
from planner.report.words import COST_WORDS, count, listed, money, percent, short_money, three

ROWS = 12
AIMS = {
    "min_cost": "least cost",
    "max_compute": "most compute within the budget",
    "min_time": "earliest date for the promised capacity",
}


def screen(summary: Summary) -> list[Part]:
    """What to print, top to bottom."""
    return [
        *_headline(summary),
        *_purchases(summary),
        *_rentals(summary),
        *_work(summary),
        *_undone(summary),
        *_costs(summary),
        *_limits(summary),
        *_law(summary),
    ]


def _headline(s: Summary) -> list[Part]:
    asked = sum(w.asked_pflops_days for w in s.served)
    missing = sum(w.unserved_pflops_days for w in s.served)
    done = f"; {percent(1 - missing / asked)} of the work asked for is done" if asked else ""
    branches = f" Amounts are expected values over {s.branches} branches of policy." if s.branches > 1 else ""
    return [
        Heading(f"{s.title}: {s.first_period} to {s.last_period}, {AIMS[s.objective]}"),
        f"The plan costs {money(s.objective_hkd)} (present value, lost compute included){done}.{branches}",
        *([_now(s)] if s.bought else []),
    ]


def _now(s: Summary) -> str:
    if not s.first_orders:
        return f"Nothing has to be ordered in {s.first_period}, the first period."
    named = [f"{three(devices)} {accelerator} for {site}" for accelerator, site, devices in s.first_orders]
    return f"To order now, in {s.first_period}: {listed(named)}."


def _purchases(s: Summary) -> list[Part]:
    if not s.bought:
        return ["", Heading("What to buy: nothing")]
    return ["", _holdings("What to buy (devices, when ordered)", "in all", s, s.bought)]


def _rentals(s: Summary) -> list[Part]:
    return ["", _holdings("What to rent (devices on average)", "most", s, s.rented)] if s.rented else []


def _holdings(title: str, total: str, s: Summary, held: Sequence[Holding]) -> Sheet:
    shown = [c for place, c in enumerate(s.columns) if any(h.devices[place] >= 0.5 for h in held)]
    places = [s.columns.index(column) for column in shown]
    rows = [
        [
            h.accelerator,
            h.site,
            *(_devices(h.devices[p]) for p in places),
            _devices(h.total_devices),
            short_money(h.hkd),
        ]
        for h in held[:ROWS]
    ]
    if more := held[ROWS:]:
        sums = [_devices(sum(h.devices[p] for h in more)) for p in places]
        rows.append([f"and {len(more)} more", "", *sums, "", short_money(sum(h.hkd for h in more))])
    return Sheet(title, ("device", "site", *(c.name for c in shown), total, "HKD"), rows)


def _devices(number: float) -> str:
    if number < 0.05:
        return "–"
    return f"{number:,.0f}" if number >= 9.95 or number == round(number) else f"{number:.1f}"


def _work(s: Summary) -> list[Part]:
    if not s.served:
        return []
    ordered = sorted(s.served, key=lambda w: -w.asked_pflops_days)
    rows = [_work_row(w) for w in ordered[:ROWS]]
    if more := ordered[ROWS:]:
        asked, missing = sum(w.asked_pflops_days for w in more), sum(w.unserved_pflops_days for w in more)
        rows.append([f"and {len(more)} more", "", three(asked), percent(1 - missing / asked) if asked else "–", "", ""])
    columns = ("workload", "tenant", "PFLOP/s-days", "done", "mostly on", "mostly at")
    return ["", Sheet("What it runs", columns, rows)]


def _work_row(w: Served) -> list[str]:
    return [w.workload, w.tenant, three(w.asked_pflops_days), percent(w.share), _mainly(w.devices), _mainly(w.sites)]


def _mainly(shares: Sequence[tuple[str, float]]) -> str:
    """`nvidia_h20_96gb 62 %`, the one that does most; a sole one stands without its share."""
    if len(shares) < 2:
        return shares[0][0] if shares else "–"
    name, share = shares[0]
    return f"{name} {percent(share)}".replace(" ", KEPT)


def _undone(s: Summary) -> list[Part]:
    lines: list[Part] = []
    unserved = sorted((w for w in s.served if w.share < 1 - 1e-6), key=lambda w: -w.unserved_hkd)
    if unserved:
        lost = sum(w.unserved_hkd for w in unserved)
        named = [f"{w.workload} {percent(1 - w.share)}" for w in unserved]
        lines.append(f"Left undone, worth {money(lost)} undiscounted: {listed(named, 8)} of the work asked for.")
    for m in s.missed:
        missing, promised = f"{three(m.missing_pflops)} of {three(m.promised_pflops)} PFLOP/s", f"missing in {m.period}"
        lines.append(f"Missed target {m.target}: {missing} {promised}, at {money(m.hkd)}.")
    return lines


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
    return ["", Heading("What limits it most"), *(f"  - {limit.sentence}" for limit in s.dearest)]


def _law(s: Summary) -> list[Part]:
    if not s.refused:
        return ["", Heading(f"What law refused: none of {count(s.offers, 'offer')}")]
    title = f"What law refused: {len(s.never_lawful)} of {count(s.offers, 'offer')} in every period"
    lines = [f"  - {_refusal(entry, s.never_lawful)}" for entry in s.refused[: ROWS // 2]]
    more = s.refused[ROWS // 2 :]
    return ["", Heading(title), *lines, *([f"  - and {count(len(more), 'rule')} more"] if more else [])]


def _refusal(entry: Refused, never: frozenset[str]) -> str:
    licence = ", and no licence is hoped for" if entry.outcome == "case_by_case" else ""
    part = "" if set(entry.offers) <= never else ", in some periods or at some sites"
    offers = count(len(entry.offers), "offer")
    return f"{listed(entry.accelerators, 5)}: {entry.outcome} by {entry.rule}{licence} ({offers}{part})"
