"""From all offers to those taken, and why the others are not."""

from __future__ import annotations

from planner.figures.lawful import Standing
from planner.papers.paper import PaperPart
from planner.papers.plan.parts import SURE, Context
from planner.report.tables import Table
from planner.report.words import percent


def options(c: Context) -> list[PaperPart]:
    say, case = c.say, c.plan.case
    lawful = {s.offer for s in c.law if s.allowed}
    barred = sorted({s.offer for s in c.law if not s.allowed} - lawful)
    open_to = len(lawful - set(c.spent_on))
    total = sum(c.spent_on.values())
    parts: list[PaperPart] = [
        say("The case lists {count} offers: law bars {barred} of them at every date, {taken} are taken, {left} are lawful and not taken because others serve at less cost or no room is left for them.", count=len(case.offers), barred=len(barred), taken=len(c.spent_on), left=open_to)
    ]  # fmt: skip
    records = []
    for offer_id, hkd in c.spent_on.items():
        offer = case.offers[offer_id]
        records.append({
            "offer": offer_id, "accelerator": c.device(offer.accelerator), "kind": say(offer.kind),
            "hkd": hkd, "share_pct": 100 * hkd / total if total else None,
            "confidence": say(offer.confidence) if offer.confidence in SURE else f"≈ {say(offer.confidence)}", "source": c.source_of(offer),
        })  # fmt: skip
    if records:
        note = say("≈ marks prices that are estimates, assumed or of mixed origin.")
        parts.append(Table.of(records, title=say("Offers taken")))
        parts.append(note)
    if barred:
        first: dict[str, Standing] = {}
        for standing in c.law:
            if standing.offer in barred:
                first.setdefault(standing.offer, standing)
        parts.append(Table.of([{"offer": o, "accelerator": c.device(s.accelerator), "outcome": say(s.outcome.replace("_", " ")), "rule": s.rule, "source": c.sources.mark(s.citation)} for o, s in first.items()], title=say("Offers barred at every date")))  # fmt: skip
    unsure = sum(hkd for offer, hkd in c.spent_on.items() if case.offers[offer].confidence not in SURE)
    if total:
        parts.append(
            say(
                "{share} of what is paid for devices rests on prices that are estimates.",
                share=percent(unsure / total),
            )
        )
    return parts
