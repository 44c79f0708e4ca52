"""`explain ID`: all that the plan says about one workload, offer, device or site."""

from __future__ import annotations

from collections.abc import Sequence

from planner.cells import number
from planner.domain.offer import Offer
from planner.plan.plan import Plan
from planner.plan.rows import Record, sums
from planner.report.explain.answer import Answer, Evidence, Shown
from planner.report.explain.why_not import taken_offers, why_not_offers
from planner.report.limits import limits, opened_earlier, proved
from planner.report.summary import served
from planner.report.words import count, listed, money, percent, short, short_money, span
from planner.study.whatif.difference import READY_LEAST
from planner.study.worth.break_in import linear
from planner.study.worth.lifted import Tell

REFUSALS, DEAREST = 8, 2


def explain_workload(plan: Plan, name: str, tell: Tell) -> Answer:
    """What it asks for and gets, where, at what marginal cost, what it had to wait for, and where it may not run."""
    workload = plan.case.workloads[name]
    done = next(entry for entry in served(plan) if entry.workload == name)
    asked = f"asks for {short(done.asked_pflops_days)} PFLOP/s-days {span(workload.start, workload.end)}"
    words = [f"{workload.name} of {workload.tenant} {asked}; {percent(done.share)} of it is done."]
    if done.runs_on:
        named = [f"{accelerator} at {site} ({percent(share)})" for accelerator, site, share in done.runs_on]
        words.append(f"It runs on {listed(named, 4)}.")
    if done.unserved_hkd >= 0.5:
        words.append(f"Unserved work is worth {money(done.unserved_hkd)}, undiscounted.")
    for families, most in ((("demand", "parallelism"), None), (("porting", "data_governance"), DEAREST)):
        mine = [limit for limit in limits(plan, families) if name in limit.subjects]
        words += [limit.sentence for limit in proved(plan, mine[:most])]
    words += _readied(plan, name, workload.tenant)
    barred = [row for row in plan.rows.refused if row["workload"] == name]
    return Answer(name, f"Workload {name}", tuple(dict.fromkeys(words)), (_barred(barred),))


def _readied(plan: Plan, workload: str, tenant: str) -> list[str]:
    """Its ports and the mechanisms of its tenant: when each begins, and how far it is carried."""
    steps: dict[tuple[str, str], list[Record]] = {}
    for row in plan.rows.readiness:
        if (row["kind"], row["subject"]) == ("port", workload):
            steps.setdefault((f"Porting to {row['what']}", "of its work"), []).append(row)
        elif (row["kind"], row["subject"]) == ("clear", tenant):
            steps.setdefault((f"{row['what']} of {tenant} for {row['zone']}", "of what runs there"), []).append(row)
    return [_begun(what, of, rows) for (what, of), rows in steps.items()]


def _begun(what: str, of: str, rows: list[Record]) -> str:
    """One sentence; a level above 1 counts renewals."""
    again = list(dict.fromkeys(row["period"] for row in rows if row["level"] > 1 + READY_LEAST))
    if again:
        return f"{what} begins in {rows[0]['period']} and is renewed in {listed(again)}."
    return f"{what} begins in {rows[0]['period']} and is carried to {percent(max(r['level'] for r in rows))} {of}."


def explain_offer(plan: Plan, name: str, tell: Tell) -> Answer:
    """What is taken of it, or why nothing is; where law refuses it."""
    offer = plan.case.offers[name]
    mine: list[Record] = [row for row in (*plan.rows.orders, *plan.rows.rentals) if row["offer"] == name]
    if name in taken_offers(plan):
        words = [f"{name} is taken: {_amount(offer, mine)} for {money(sum(row['hkd'] for row in mine))}."]
        words += [
            f"{rule} lets it pass: {outcome}."
            for outcome, rule in dict.fromkeys((r["outcome"], r["rule"]) for r in mine)
        ]
        stored = max((row.get("stored_months", 0.0) for row in mine), default=0.0)
        words += [f"Devices wait up to {number(stored)} months in a warehouse for their hall."] if stored else []
    else:
        (why,) = why_not_offers(linear(plan), [name], tell)
        words = [f"{name} is not taken. {why.reason.capitalize()}: {why.because}."]
        words += [f"The rule rests on {why.citation}."] if why.citation else []
    mine_too = [limit for limit in limits(plan, ("supply",)) if limit.subjects[0] == name]
    words += [limit.sentence for limit in proved(plan, mine_too)]
    refused = [row for row in plan.rows.refused if row["offer"] == name]
    return Answer(
        name, f"Offer {name}", tuple(words), (Evidence("taken", "When and where", mine, _TAKEN), _barred(refused))
    )


def _amount(offer: Offer, rows: Sequence[Record]) -> str:
    """`4 devices of nvidia_l40 bought`, each order once however many branches it arrives in; rentals on average."""
    once = {(row["site"], row["node"]): row for row in rows}.values()
    devices = sum(row["devices"] for row in once)
    if offer.kind == "purchase":
        return f"{count(devices, 'device')} of {offer.accelerator} bought"
    periods = {row["period"] for row in once}
    mean = count(devices / len(periods), "device")
    return f"{mean} of {offer.accelerator} rented on average over {count(len(periods), 'period')}"


def explain_device(plan: Plan, name: str, tell: Tell) -> Answer:
    """Every offer of the device, and where it is kept out."""
    offers = [explain_offer(plan, o.id, tell) for o in plan.case.offers.values() if o.accelerator == name]
    words = [sentence for answer in offers for sentence in answer.words]
    stands = [site.id for site in plan.case.sites.values() if any(fleet.accelerator == name for fleet in site.fleet)]
    if stands:
        words.append(f"It stands at {listed(stands)} when the plan begins.")
    refused = [row for row in plan.rows.refused if row["accelerator"] == name]
    return Answer(name, f"Device {name}", tuple(words or ["The case has no offer of it."]), (_barred(refused),))


def explain_site(plan: Plan, name: str, tell: Tell) -> Answer:
    """What stands there, how full it is, what limits it, and what is spent there."""
    site = plan.case.sites[name]
    words = [
        f"{site.name}, data zone {site.legal_zone}, PUE {site.pue:g}; its operator's parent is {site.operator_parent}."
    ]
    here = proved(plan, [limit for limit in limits(plan) if name in limit.subjects])
    words += [limit.sentence for limit in opened_earlier(plan, here, tell)]
    spent = sums((row for row in plan.rows.spend if row["site"] == name), "cost", "objective_hkd")
    if spent:
        dearest = [
            f"{cost.replace('_', ' ')} {short_money(hkd)}" for cost, hkd in sorted(spent.items(), key=lambda i: -i[1])
        ]
        words.append(f"It takes {money(sum(spent.values()))} of the plan's present value: {listed(dearest)}.")
    power = _power(plan, name)
    if power:
        peak = max(power, key=lambda row: row["used_mw"])
        words.append(
            f"Most power is drawn in {peak['period']}: {number(peak['used_mw'])} of {number(peak['granted_mw'])} MW."
        )
    stands = [row for row in plan.rows.fleet if row["site"] == name]
    last = sums(
        (row for row in stands if row["period"] == str(plan.case.horizon.periods[-1])), "accelerator", "devices"
    )
    if last:
        words.append(f"At the end {listed([f'{number(n)} {a}' for a, n in last.items()])} stand there.")
    refused = [row for row in plan.rows.refused if row["site"] == name]
    return Answer(name, f"Site {name}", tuple(words), (Evidence("power", "Power", power, _POWER), _barred(refused)))


def _power(plan: Plan, site: str) -> list[Record]:
    """Power used and granted by node, MW at the meter, read off the rows of the program."""
    records: list[Record] = []
    for row in plan.model.rows:
        if row.family == "power" and row.what == (site,) and row.node is not None:
            used = sum(coefficient * float(plan.solution.values[column]) for column, coefficient in row.terms)
            period = str(plan.model.options.node(row.node).period)
            records.append({"node": row.node, "period": period, "used_mw": used, "granted_mw": row.limit})
    return records


def _barred(rows: Sequence[Record]) -> Evidence:
    """Refusals by device, site and rule: the first of each, and how often."""
    groups: dict[tuple[str, str, str], list[Record]] = {}
    for row in rows:
        groups.setdefault((row["accelerator"], row["site"], row["rule"]), []).append(row)
    entries = [{**some[0], "times": len(some)} for some in groups.values()]
    return Evidence("refused", "What is kept out, and by which rule", entries, _REFUSED, rows=REFUSALS)


_TAKEN: Shown = {
    "period": lambda r: r["period"],
    "site": lambda r: r["site"],
    "devices": lambda r: number(r["devices"]),
    "ships": lambda r: r.get("shipped") or "–",
    "stands": lambda r: r.get("stands_on") or "–",
    "HKD": lambda r: short_money(r["hkd"]),
}
_POWER: Shown = {
    "period": lambda r: r["period"],
    "used MW": lambda r: number(r["used_mw"]),
    "granted MW": lambda r: number(r["granted_mw"]),
    "full": lambda r: percent(r["used_mw"] / r["granted_mw"]) if r["granted_mw"] else "–",
}
_REFUSED: Shown = {
    "device": lambda r: r["accelerator"],
    "site": lambda r: r["site"],
    "rule": lambda r: r["rule"],
    "because": lambda r: r["because"],
}
