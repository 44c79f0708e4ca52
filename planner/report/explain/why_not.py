"""`explain why-not`: for every offer that is not taken, why, and at what price it would be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass

from planner.cells import number
from planner.domain.offer import Offer
from planner.domain.product_life import closes
from planner.plan.plan import Plan
from planner.plan.rows import Record
from planner.report.explain.answer import Answer, Evidence
from planner.report.offer_ends import why_closed
from planner.report.words import count, listed, money, percent
from planner.study.worth.break_in import PRICES, BreakIn, break_in, columns_of, linear
from planner.study.worth.lifted import Tell

REASONS = {"embargo": "unlawful", "cooling": "does not fit", "lead_time": "late"}
UNIT = {"purchase": "per device", "rental": "per device-hour"}


@dataclass(frozen=True)
class WhyNot:
    """Why an offer is not taken. Prices are USD per device, or per device-hour of a rental."""

    offer: str
    accelerator: str
    reason: str
    because: str
    rule: str | None = None
    citation: str | None = None
    price_usd: float | None = None
    break_in_usd: float | None = None
    falls_share: float | None = None


def explain_why_not(plan: Plan, tell: Tell) -> Answer:
    """Every offer that the plan leaves."""
    entries = list(why_not(plan, tell))
    words = [f"{count(len(plan.case.offers) - len(entries), 'offer')} of {len(plan.case.offers)} taken."]
    for reason in dict.fromkeys(why.reason for why in entries):
        named = [why.offer for why in entries if why.reason == reason]
        words.append(f"{reason.capitalize()}: {listed(named, 8)}.")
    near = min((why for why in entries if why.falls_share is not None), key=_falls, default=None)
    if near:
        words.append(f"Nearest to being taken is {near.offer}: {near.because}.")
    return Answer("why_not", f"Why not in {plan.case.title}", tuple(words), (_table(entries),))


def _falls(why: WhyNot) -> float:
    return why.falls_share or 0.0


def why_not(plan: Plan, tell: Tell) -> Iterator[WhyNot]:
    """One entry per offer that is not taken, in the order of the case."""
    base = linear(plan)
    taken = taken_offers(plan) | taken_offers(base)
    yield from why_not_offers(base, [name for name in plan.case.offers if name not in taken], tell)


def taken_offers(plan: Plan) -> frozenset[str]:
    """Offers of which the plan buys or rents anything."""
    return frozenset(row["offer"] for row in (*plan.rows.orders, *plan.rows.rentals))


def why_not_offers(base: Plan, names: Sequence[str], tell: Tell) -> Iterator[WhyNot]:
    """Why a linear plan does not take the offers."""
    open_to = [name for name in names if columns_of(base.model, base.case.offers[name])]
    points = break_in(base, open_to, tell)
    for name in names:
        offer = base.case.offers[name]
        yield _dear(base, offer, points[name]) if name in points else _kept_out(base, offer)


def _kept_out(plan: Plan, offer: Offer) -> WhyNot:
    """No column at all: the ledger knows the rule; what holds most often speaks."""
    refused = [row for row in plan.rows.refused if row["offer"] == offer.id and not row["workload"]]
    if not refused:
        device, first_day = plan.case.accelerators[offer.accelerator], plan.case.horizon.first_day
        end = closes(offer, device)
        because = "it is on sale in no period of the plan, or for no site of the case that takes it"
        if end is not None and end <= first_day:
            because = f"it is no longer on offer when the plan begins: {why_closed(offer, device)}"
        return WhyNot(offer.id, offer.accelerator, "not on sale", because)
    rules = [row["rule"] for row in refused]
    row = max(refused, key=lambda row: rules.count(row["rule"]))
    because = f"{row['outcome']} by {row['rule']}" if row["family"] == "embargo" else row["because"]
    if row["outcome"] in ("case_by_case", "notify"):
        because += ", and the case hopes for no licence"
    return WhyNot(offer.id, offer.accelerator, REASONS[row["family"]], because, row["rule"], row["citation"])


def _dear(plan: Plan, offer: Offer, point: BreakIn | None) -> WhyNot:
    price = getattr(offer, PRICES[offer.kind]).mid
    if point is None:
        because = "its supply or its licence quota is nil"
        return WhyNot(offer.id, offer.accelerator, "not on sale", because, price_usd=price)
    if point.share is None:
        return WhyNot(offer.id, offer.accelerator, *_useless(plan, offer), price_usd=price)
    falls = 1.0 - point.share
    because = (
        f"its price must fall by {percent(falls)}, from USD {number(price)} to {number(price * point.share)} "
        f"{UNIT[offer.kind]}; one device now would add {money(point.extra_hkd_per_device)} to the cost"
    )
    return WhyNot(
        offer.id, offer.accelerator, "dominated", because,
        price_usd=price, break_in_usd=price * point.share, falls_share=falls,
    )  # fmt: skip


def _useless(plan: Plan, offer: Offer) -> tuple[str, str]:
    """Reason and words for an offer that no price makes worth its keep."""
    sites = {key[1] for key in (*plan.model.options.orders, *plan.model.options.rentals) if key[0] == offer.id}
    if any((offer.accelerator, site) in plan.model.options.placed for site in sites):
        return "dominated", "not even as a gift: what it takes to run outweighs what it does"
    rows = [
        row for row in plan.rows.refused
        if row["workload"] and row["accelerator"] == offer.accelerator and row["site"] in sites
    ]  # fmt: skip
    why = f": {rows[0]['workload']} for one: {rows[0]['because']}" if rows else ""
    return "of no use", f"no workload may run on it there{why}"


def _table(entries: Sequence[WhyNot]) -> Evidence:
    def usd(name: str) -> Callable[[Record], str]:
        return lambda r: "–" if r[name] is None else number(r[name])

    return Evidence(
        "why_not",
        "Offers not taken",
        [asdict(why) for why in entries],
        {
            "offer": lambda r: r["offer"],
            "reason": lambda r: r["reason"],
            "USD now": usd("price_usd"),
            "taken at": usd("break_in_usd"),
            "because": lambda r: r["because"].split("; ")[0] + (f" ({r['citation']})" if r["citation"] else ""),
        },
    )
