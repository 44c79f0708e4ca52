"""What the plan rests on: facts that nobody stated, estimates that matter, and how it was made."""

from __future__ import annotations

from collections.abc import Mapping

from planner.figures.style import cut
from planner.law.assumed import assumed, resting_below_high
from planner.papers.paper import PaperPart
from planner.papers.plan.parts import SURE, Context
from planner.report.tables import Heading, Table
from planner.report.words import listed, overridden

MOST, LONGEST = 12, 420


def assumptions(c: Context) -> list[PaperPart]:
    say, plan, case = c.say, c.plan, c.plan.case
    parts: list[PaperPart] = []
    stated = assumed(case)
    if stated:
        parts += [
            Heading(say("What law is asked without knowing it")),
            *(f"- {cut(sentence, LONGEST)}" for sentence in stated),
        ]
        if any(len(sentence) > LONGEST for sentence in stated):
            parts.append(say("`planner check CASE` tells them in full."))
    resting = [entry for entry in resting_below_high(case) if entry.rests_on_it]
    if resting:
        records = [
            {"law": r.law, "confidence": f"≈ {say(r.confidence)}", "outcome": say(r.outcome.replace("_", " ")), "rests_on_it": listed(list(r.rests_on_it), 3), "source": c.sources.mark(r.source)}
            for r in resting[:MOST]
        ]  # fmt: skip
        parts.append(Table.of(records, title=say("Law that is less than certain")))
    estimates = []
    for offer_id, hkd in list(c.spent_on.items())[:MOST]:
        offer = case.offers[offer_id]
        if offer.confidence in SURE:
            continue
        price = offer.price_usd_per_device or offer.rent_usd_per_device_hour
        if price is None:
            continue
        unit = say("USD per device") if offer.kind == "purchase" else say("USD per device and hour")
        estimates.append({"offer": offer_id, "low": price.low, "mid": price.mid, "high": price.high, "unit": unit, "hangs_on_it_hkd": hkd, "source": c.source_of(offer)})  # fmt: skip
    if estimates:
        parts.append(Table.of(estimates, title=say("Estimated prices that matter")))
    parts += [Heading(say("How the plan was made")), *_made(c)]
    parts.append(
        say(
            "The model's algebra: `planner formulation`. The plan's tables in full: the folder of the plan, or the workbook of this report."
        )
    )
    if plan.saved:
        parts.append(say("Whether it is still right is told by `planner verify`."))
    return parts


def _made(c: Context) -> list[PaperPart]:
    say, plan = c.say, c.plan
    solver = plan.solver
    lines = [
        say("- planner {version}; a program of {columns} columns and {rows} rows, solved by {solver}: {status}.", version=plan.planner_version, columns=f"{solver['columns']:,}", rows=f"{solver['rows']:,}", solver=solver["solver"], status=say(plan.status)),
        say("- Audited: {count} checks of limits, costs and law, recomputed from the case, all hold.", count=plan.checks),
    ]  # fmt: skip
    if isinstance(by_branch := solver.get("by_branch"), Mapping):
        lines.append(
            say(
                "- Solved by branch in {rounds} rounds: proved to be within {gap} of the least cost, which is no less than {bound}; limits have the prices of that bound.",
                rounds=by_branch["rounds"],
                gap=say.money(by_branch["gap_hkd"]),
                bound=say.money(by_branch["bound_hkd"]),
            )
        )
    if isinstance(halls_gap_hkd := solver.get("halls_gap_hkd"), float):
        lines.append(
            say(
                "- Which halls hold no US-origin device was not searched to the end: another choice may save {hkd} at most.",
                hkd=say.money(halls_gap_hkd),
            )
        )
    lines += [
        say("- Changed of the case as its file says it: {change}.", change=change) for change in overridden(plan.case)
    ]
    if plan.data_as_of:
        lines.append(say("- Catalogue as of {day}.", day=plan.data_as_of))
    if plan.inputs_sha256:
        lines.append(say("- Inputs: SHA-256 {sha256}.", sha256=plan.inputs_sha256))
    if plan.saved:
        lines.append(say("- Saved on {day}.", day=plan.saved[:10]))
    return [*lines]
