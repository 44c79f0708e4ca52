"""`explain embargo`, `tax` and `worth`: what export control, slower software and each other burden cost the plan, in all and by
rule, stack and burden, each found by planning without it; and what a year costs.
"""

from __future__ import annotations

from dataclasses import asdict

from planner.plan.plan import Plan
from planner.plan.rows import Record, Rows, sums
from planner.report.explain.answer import Answer, Evidence, Shown
from planner.report.limits import limits, proved
from planner.report.words import listed, money, percent, short, short_money
from planner.study.worth.burdens import INTERACTION, totals
from planner.study.worth.lifted import (
    Tell,
    Worth,
    at_par,
    deciding_rules,
    licence_free,
    lifted,
    stacks_of,
    without_embargo,
    without_licences,
    worth,
)

LITTLE = 1e-3
WHOLE, FREE, NONE = "without the embargo", "with licences for the asking", "with no licence at all"
ALL, KERNELS, PORTING = (
    "with all stacks at par with CUDA",
    "with kernels and engines at par alone",
    "with nothing to port alone",
)
SAME_HKD = 1.0


def explain_embargo(plan: Plan, tell: Tell) -> Answer:
    """The whole embargo, licensing, and every rule that keeps something out, delays or bounds it."""
    case, rules = plan.case, deciding_rules(plan)
    whole = {WHOLE: without_embargo(case), FREE: licence_free(case)}
    if case.licences:
        whole[NONE] = without_licences(case)
    by_name = {entry.what: entry for entry in worth(plan, whole, tell)}
    entries = [_record(plan, rule, lifted(plan, rule, tell)) for rule in rules]
    entries.sort(key=lambda r: -r["saves_hkd"])
    return Answer(
        "embargo",
        f"What export control costs {case.title}",
        (*_whole(plan, by_name), *_singles(entries)),
        (
            Evidence("variants", "Planned anew", [_variant(by_name[name]) for name in whole], _VARIANTS),
            Evidence("rules", "Each rule lifted by itself", entries, _RULES),
        ),
    )


def embargo_sentence(plan: Plan, free: Worth) -> str:
    """What the whole embargo costs, and what would be bought or rented without it."""
    more = (
        f" and do {short(free.does_pflops_days)} PFLOP/s-days more of its work"
        if free.does_pflops_days > LITTLE
        else ""
    )
    if free.saves_hkd <= 0 and not more:
        return "US export control costs this plan nothing: it would be the same without."
    then = f"Without it, it would take {_taken(plan.rows, free.rows)}{more}."
    if free.saves_hkd <= 0:
        # Where the aim is compute, what control costs is work, and doing more of it costs money.
        return f"US export control costs this plan work, not money. {then}"
    share = free.saves_hkd / plan.objective_hkd if plan.objective_hkd > 0 else 0.0
    return f"US export control costs this plan {money(free.saves_hkd)}, {percent(share)} of what it costs. {then}"


def _whole(plan: Plan, by_name: dict[str, Worth]) -> list[str]:
    words = [embargo_sentence(plan, by_name[WHOLE])]
    if by_name[FREE].saves_hkd > 0:
        words.append(f"Licences for the asking, without quota or waiting, would save {money(by_name[FREE].saves_hkd)}.")
    if NONE in by_name:
        words.append(f"The licences that the case hopes for save {money(-by_name[NONE].saves_hkd)}.")
    words += [limit.sentence for limit in proved(plan, limits(plan, ("licence_quota", "supercomputer_ceiling")))]
    return words


def _singles(entries: list[Record]) -> list[str]:
    words = [
        f"Lifting {r['rule']} alone ({r['outcome']}) would save {money(r['saves_hkd'])}."
        for r in entries if r["saves_hkd"] > 0
    ][:3]  # fmt: skip
    idle = [r for r in entries if r["saves_hkd"] <= 0]
    if behind := [r for r in idle if r["then"]]:
        named = [f"{r['rule']} ({listed(r['then'], 2)} decides next)" for r in behind]
        words.append(f"Lifted alone these change nothing, for another rule stands behind: {listed(named, 4)}.")
    if rest := [r["rule"] for r in idle if not r["then"]]:
        words.append(f"Nothing would be saved by lifting {listed(rest)}: what they keep out is not worth its price.")
    return words


def _record(plan: Plan, rule: str, variant: Worth) -> Record:
    """`then`: the rules that decide, once it is lifted, about what it kept out."""
    out = {_pair(row): row for row in plan.rows.refused if row["rule"] == rule}
    then = {row["rule"] for row in variant.rows.refused if _pair(row) in out}
    return {
        "rule": rule,
        "outcome": _outcome(plan, rule),
        "offers": list(dict.fromkeys(row["offer"] for row in out.values() if row["offer"])),
        "saves_hkd": variant.saves_hkd,
        "then": sorted(then),
    }


def _pair(row: Record) -> tuple[str | None, ...]:
    return tuple(row[name] for name in ("accelerator", "site", "offer", "workload", "node"))


def _outcome(plan: Plan, rule: str) -> str:
    books = plan.case.rulebook
    rules = [r for regime in books.regimes for r in regime.rules]
    rules += [r for scenario in books.scenarios.values() for r in scenario.override_rules]
    return next((str(r.outcome) for r in rules if r.id == rule), "set by the case")


def _taken(here: Rows, there: Rows) -> str:
    """Devices of which the other plan takes more, bought or rented at the peak, the largest difference first."""
    few, many = _amounts(here), _amounts(there)
    more = sorted(((number - few.get(device, 0.0), device) for device, number in many.items()), reverse=True)
    named = [f"{number:,.0f} more {device}" for number, device in more if number >= 1]
    return listed(named, 4) if named else "the same devices at other times"


def _amounts(rows: Rows) -> dict[str, float]:
    """Devices by kind: all that is bought, each order once, and the most that is rented in a node."""
    orders = {(row["offer"], row["site"], row["node"]): row for row in rows.orders}
    numbers = sums(orders.values(), "accelerator", "devices")
    peaks: dict[str, float] = {}
    for (device, _), number in sums(rows.rentals, ("accelerator", "node"), "devices").items():
        peaks[device] = max(peaks.get(device, 0.0), number)
    return {device: numbers.get(device, 0.0) + peaks.get(device, 0.0) for device in (*numbers, *peaks)}


def _variant(entry: Worth) -> Record:
    return {"variant": entry.what, "objective_hkd": entry.objective_hkd, "saves_hkd": entry.saves_hkd}


_VARIANTS: Shown = {
    "the case": lambda r: r["variant"],
    "costs HKD": lambda r: short_money(r["objective_hkd"]),
    "saves HKD": lambda r: short_money(r["saves_hkd"]),
}
_RULES: Shown = {
    "rule": lambda r: r["rule"],
    "outcome": lambda r: r["outcome"],
    "saves HKD": lambda r: short_money(r["saves_hkd"]),
    "keeps out": lambda r: listed(r["offers"], 3) or "–",
    "next to decide": lambda r: listed(r["then"], 2) or "–",
}


def explain_tax(plan: Plan, tell: Tell) -> Answer:
    """All stacks at par, then its two parts, then each stack by itself."""
    case, stacks = plan.case, stacks_of(plan.case)
    title = f"What the performance tax costs {case.title}"
    if not stacks:
        return Answer("tax", title, ("The case has no device of another stack than CUDA, so there is no tax.",))
    parts = {
        ALL: at_par(case, stacks),
        KERNELS: at_par(case, stacks, porting=False),
        PORTING: at_par(case, stacks, kernels=False),
    }
    single = {f"with {stack} at par": at_par(case, [stack]) for stack in stacks} if len(stacks) > 1 else {}
    entries = worth(plan, {**parts, **single}, tell)
    by_name = {entry.what: entry for entry in entries}
    words = [tax_sentence(plan, by_name[ALL])]
    words += [
        f"Planned {name}, it would save {money(max(by_name[name].saves_hkd, 0.0))}." for name in (KERNELS, PORTING)
    ]
    by_stack = sorted((by_name[name] for name in single), key=lambda entry: -entry.saves_hkd)
    if by_stack and by_stack[0].saves_hkd > 0:
        words.append(f"By stack, {by_stack[0].what.split()[1]} weighs most: {money(by_stack[0].saves_hkd)}.")
    if measured := [w.id for w in case.workloads.values() if w.measured_pflops_per_device]:
        words.append(f"What was measured stays as measured, for {listed(measured)}.")
    return Answer(
        "tax", title, tuple(words), (Evidence("variants", "Planned anew", [_variant(e) for e in entries], _VARIANTS),)
    )


def tax_sentence(plan: Plan, par: Worth) -> str:
    """The whole tax bill."""
    if par.saves_hkd <= 0:
        return "The performance tax costs this plan nothing: with all stacks at par with CUDA it would be the same."
    share = par.saves_hkd / plan.objective_hkd if plan.objective_hkd > 0 else 0.0
    return f"The performance tax costs this plan {money(par.saves_hkd)}, {percent(share)} of what it costs."


def explain_worth(plan: Plan, tell: Tell) -> Answer:
    """The bridge from the plan as it is to one without any burden."""
    bridge = totals(plan, tell)
    alone = [part for part in bridge.parts if part.burden != INTERACTION and part.hkd]
    words = [
        f"The plan costs {money(bridge.base_hkd)}; without all that weighs on it, {money(bridge.lifted_hkd)}.",
        *(
            f"{part.burden} costs {money(part.hkd or 0.0)}."
            for part in sorted(alone, key=lambda p: -(p.hkd or 0.0))[:3]
        ),
    ]
    late = bridge.delay
    if late.hkd is None:
        words.append(f"With {late.meaning} there is no plan.")
    else:
        words.append(f"The shadow tax of delay is {money(late.hkd)}: {late.meaning}.")
    parts = Evidence("bridge", "From this plan to one without burdens", [asdict(p) for p in bridge.parts], _BURDENS)
    delay = Evidence(
        "delay",
        "",
        [asdict(late)],
        {"burden": _BURDENS["burden"], "HKD": _BURDENS["HKD"], "what": lambda r: r["meaning"]},
    )
    return Answer("worth", f"What weighs on {plan.case.title}", tuple(words), (parts, delay))


_BURDENS: Shown = {
    "burden": lambda r: r["burden"],
    "HKD": lambda r: "no plan" if r["hkd"] is None else short_money(r["hkd"] if abs(r["hkd"]) > SAME_HKD else 0.0),
    "what is lifted": lambda r: r["meaning"],
}
