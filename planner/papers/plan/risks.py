"""A register of risks, read off the plan: what may go wrong, how much hangs on it, and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypedDict

from planner.papers.paper import PaperPart
from planner.papers.plan.parts import LEAST_HKD, SURE, Context
from planner.report.tables import Table
from planner.report.words import percent

CONCENTRATION = 0.5


class Risk(TypedDict):
    """`exposure_hkd`: undiscounted, what hangs on it; None where no money tells it."""

    risk: str
    what: str
    exposure_hkd: float | None
    what_to_do: str


def risks(c: Context) -> list[PaperPart]:
    records = risk_records(c)
    return [Table.of(records)] if records else []


def risk_records(c: Context) -> list[Risk]:
    """The largest exposure first; those without an amount last."""
    return sorted(_risks(c), key=lambda risk: -(risk["exposure_hkd"] or 0.0))


def _risks(c: Context) -> Iterator[Risk]:
    yield from _missed(c)
    yield from _law(c)
    yield from _unannounced(c)
    yield from _prices(c)
    yield from _concentration(c)
    yield from _lapses(c)


def _missed(c: Context) -> Iterator[Risk]:
    say = c.say
    for target, pflops in c.plan.expected(c.plan.rows.shortfall, "target", "missing_pflops").items():
        hkd = c.plan.expected(c.plan.rows.shortfall, "target", "hkd")[target]
        yield {
            "risk": say("Target missed"), "exposure_hkd": hkd,
            "what": say("target {target} lacks {pflops} PFLOP/s under the plan itself, at {hkd} by the case's own price.", target=target, pflops=f"{pflops:,.0f}", hkd=say.money(hkd)),
            "what_to_do": say("Move the date or the target, or raise what the section on limits names."),
        }  # fmt: skip


def _law(c: Context) -> Iterator[Risk]:
    say, plan = c.say, c.plan
    for outcome, words, to_do in (
        ("compliance_risk", say("the US presumes a breach upstream; lawful only for a buyer without US exposure"), say("Have counsel confirm that buyer, funds and users have no US exposure.")),
        ("case_by_case", say("lawful only under a licence that is hoped for"), say("Apply now; plan the fleet that stands without it.")),
        ("notify", say("lawful after a notice that few pass"), say("Give notice now; plan the fleet that stands without it.")),
        ("unknown", say("nobody can tell whether a rule applies, as figures are not published"), say("Ask the maker for the figures.")),
    ):  # fmt: skip
        bought = [row for row in plan.rows.orders if row["outcome"] == outcome]
        rented = [row for row in plan.rows.rentals if row["outcome"] == outcome]
        amounts = (
            *plan.expected(bought, "offer", "hkd", node="stands_from").values(),
            *plan.expected(rented, "offer", "hkd").values(),
        )
        hkd = sum(amounts)
        if hkd >= LEAST_HKD:
            yield {
                "risk": say("Export control"), "exposure_hkd": hkd, "what_to_do": to_do,
                "what": say("{hkd} of purchases and rents: {words}.", hkd=say.money(hkd), words=words),
            }  # fmt: skip


def _unannounced(c: Context) -> Iterator[Risk]:
    say, case = c.say, c.plan.case
    offers = [o for o in c.spent_on if case.accelerators[case.offers[o].accelerator].confidence == "assumed"]
    hkd = sum(c.spent_on[offer] for offer in offers)
    if hkd >= LEAST_HKD:
        names = list(dict.fromkeys(c.device(case.offers[offer].accelerator) for offer in offers))
        yield {
            "risk": say("Devices that nobody has announced"), "exposure_hkd": hkd,
            "what": say("{hkd} of purchases and rents go to {names}.", hkd=say.money(hkd), names=say.listed(names)),
            "what_to_do": say("Plan again when makers announce; nothing that is ordered now depends on them unless it says so."),
        }  # fmt: skip


def _prices(c: Context) -> Iterator[Risk]:
    say, case = c.say, c.plan.case
    unsure = [offer for offer in c.spent_on if case.offers[offer].confidence not in SURE]
    hkd = sum(c.spent_on[offer] for offer in unsure)
    if hkd >= LEAST_HKD:
        yield {
            "risk": say("Prices are estimates"), "exposure_hkd": hkd,
            "what": say("{hkd} of purchases and rents rest on prices that are estimates; the largest is {offer}.", hkd=say.money(hkd), offer=unsure[0]),
            "what_to_do": say("Ask for quotations before orders; sweep the prices."),
        }  # fmt: skip


def _concentration(c: Context) -> Iterator[Risk]:
    say, case = c.say, c.plan.case
    total = sum(c.spent_on.values())
    by_vendor: dict[str, float] = {}
    for offer, hkd in c.spent_on.items():
        vendor = case.accelerators[case.offers[offer].accelerator].vendor
        by_vendor[vendor] = by_vendor.get(vendor, 0.0) + hkd
    for vendor, hkd in by_vendor.items():
        if total >= LEAST_HKD and hkd > CONCENTRATION * total:
            yield {
                "risk": say("One vendor"), "exposure_hkd": hkd,
                "what": say("{share} of what is paid for devices goes to {vendor}.", share=percent(hkd / total), vendor=vendor),
                "what_to_do": say("Set vendor_share and see what a second source costs."),
            }  # fmt: skip


def _lapses(c: Context) -> Iterator[Risk]:
    say, plan = c.say, c.plan
    known = [row for row in plan.rows.fund_years if row["lapsed_hkd"] is not None]
    hkd = sum(plan.expected(known, "fund", "lapsed_hkd").values())
    if hkd >= LEAST_HKD:
        yield {
            "risk": say("Grants lapse"), "exposure_hkd": hkd,
            "what": say("{hkd} that is granted lapses unspent.", hkd=say.money(hkd)),
            "what_to_do": say("Ask for the window to be moved to when devices can lawfully arrive."),
        }  # fmt: skip
