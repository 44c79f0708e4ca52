"""What law, power and money allow, with dates and citations."""

from __future__ import annotations

from planner.figures.lawful import Standing
from planner.papers.paper import PaperPart
from planner.papers.plan.parts import Context
from planner.report.tables import Table
from planner.report.words import listed

NAMED = 3


def law(c: Context) -> list[PaperPart]:
    say, case = c.say, c.plan.case
    exposure = (
        say("The buyer has US exposure.") if case.buyer.us_exposure else say("The buyer declares no US exposure.")
    )
    parts: list[PaperPart] = [
        say(
            "Law is looked up for every offer on the day of shipment, as of {law}. End users are based in {home}. {exposure} This is research and not legal advice.",
            law=case.rulebook.as_of, home=case.buyer.end_user_hq, exposure=exposure,
        ),
        *c.drawn("availability", "rental_availability"),
    ]  # fmt: skip
    rules = _rules(c)
    if rules:
        parts.append(Table.of(rules, title=say("Rules that decide")))
    if case.licences:
        licences = [
            {
                "licence": name, "accelerators": listed([c.device(a) for a in licence.accelerators]), "quota_devices": licence.quota_devices,
                "approval_share": licence.approval_share.mid, "wait_months": licence.wait_months.mid, "source": c.sources.mark(licence.source),
            }
            for name, licence in case.licences.items()
        ]  # fmt: skip
        parts.append(Table.of(licences, title=say("Licences hoped for")))
    return [*parts, *c.drawn("power")]


def _rules(c: Context) -> list[dict[str, object]]:
    """A record for each rule and outcome, those that bar first."""
    grounds = {ground.rule.id: ground for layer in c.plan.case.rulebook.grounds.values() for ground in layer}
    groups: dict[tuple[str, str, bool], list[Standing]] = {}
    for standing in c.law:
        groups.setdefault((standing.rule, standing.outcome, standing.allowed), []).append(standing)
    records: list[dict[str, object]] = []
    for (rule, outcome, allowed), alike in sorted(
        groups.items(), key=lambda pair: (pair[0][2], pair[0][0], pair[0][1])
    ):
        ground = grounds.get(rule)
        devices = dict.fromkeys(c.device(standing.accelerator) for standing in alike)
        records.append({
            "rule": rule, "since": ground.first_day.isoformat() if ground else None, "outcome": c.say(outcome.replace("_", " ")), "allowed": allowed,
            "accelerators": listed(list(devices), NAMED), "offers": len({standing.offer for standing in alike}),
            "source": c.sources.mark("; ".join(filter(None, (ground.source_name if ground else "", alike[0].citation)))),
        })  # fmt: skip
    return records
