"""Money: every cost against its payments found anew, the breakdown, funds with their strings, and the tail of dear
futures.

Also what every training is told to cost, against its part, by device-days, of all that its devices are paid for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache, partial
from math import fsum

from planner.audit.account import Account
from planner.audit.facts import Record, once
from planner.audit.payments import Payment
from planner.audit.rule import HKD_FLOOR, Comparison, Rule
from planner.domain.fund import Fund

COSTS = (
    "purchase", "freight", "equipment", "fit_out", "warehouse", "hosting", "energy", "demand_charge", "carbon", "rental", "staff", "maintenance",
    "insurance", "porting", "mechanism", "compliance", "ordering", "introduction", "entity", "decommission", "residual", "unserved", "shortfall", "subsidy", "interest", "repayment",
)  # fmt: skip


def cost(name: str, facts: Account) -> Iterator[Comparison]:
    """Spending of one cost by node and site, paid and as it counts in the objective."""
    claims: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    payments: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for line in facts.spending.get(name, ()):
        sums = claims[line["node"], line["site"] or ""]
        sums[0] += line["hkd"]
        sums[1] += line["objective_hkd"]
    for payment in facts.payments.get(name, ()):
        sums = payments[payment.node, payment.site]
        sums[0] += payment.hkd
        sums[1] += payment.hkd * payment.weight
    for key in dict.fromkeys((*claims, *payments)):
        where = (name, *(part for part in key if part))
        yield Comparison((*where, "paid"), claims[key][0], "==", payments[key][0])
        yield Comparison((*where, "in the objective"), claims[key][1], "==", payments[key][1])


def lines(facts: Account) -> Iterator[Comparison]:
    """The HKD that other tables tell of their own lines."""
    sums: dict[tuple[str, str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for table, key, name in (
        ("rentals", "site", "rental"),
        ("unserved", None, "unserved"),
        ("shortfall", None, "shortfall"),
    ):
        for line in facts.records(table):
            sums[table, line["node"], line[key] if key else ""][0] += line["hkd"]
        for payment in facts.payments.get(name, ()):
            sums[table, payment.node, payment.site][1] += payment.hkd
    for where, (claim, hkd) in sums.items():
        yield Comparison(where, claim, "==", hkd)
    for (offer_id, site, node), rows in facts.orders.items():
        offer = facts.case.offers[offer_id]
        usd = offer.price_usd_per_device.mid if offer.price_usd_per_device else 0.0
        price = usd * facts.price_grown(offer, node) * facts.case.hkd_per_usd
        fees = {at: made.ruling.fee_share for at, made in facts.arrivals(offer_id, site, node).items()}
        for row in rows:
            per_device = price * (
                1
                + offer.deposit_share * max(fees.values(), default=0.0)
                + (1 - offer.deposit_share) * fees.get(row["stands_from"], 0.0)
            )
            yield Comparison(
                (offer_id, site, node, "price_hkd_per_device"), row["price_hkd_per_device"], "==", per_device
            )
            yield Comparison((offer_id, site, node, "hkd"), row["hkd"], "==", per_device * row["devices"])


def breakdown(facts: Account) -> Iterator[Comparison]:
    """The parts add up to the objective, and every part is its payment times its weight; no cost is unknown."""
    spent = facts.records("spend")
    size = fsum(abs(line["objective_hkd"]) for line in spent)
    yield Comparison(("objective",), fsum(line["objective_hkd"] for line in spent), "==", facts.objective_hkd, size)
    for line in spent:
        where = line["cost"], line["node"], line["site"] or "", line["fund"] or ""
        known = line["cost"] in COSTS or line["cost"] == "risk"
        yield Comparison(where, line["objective_hkd"], "==", line["hkd"] * line["weight"] if known else 0.0)


def tail_cost(facts: Account) -> Iterator[Comparison]:
    """What aversion to dear futures adds: weight times the mean of the dearest branches less the mean of all."""
    risk = facts.case.risk
    claim = fsum(line["objective_hkd"] for line in facts.spending.get("risk", ()))
    in_node: dict[str, float] = defaultdict(float)
    for payments in facts.payments.values():
        for payment in payments:
            in_node[payment.node] += payment.hkd * payment.weight / facts.nodes[payment.node].probability
    branches = sorted(
        ((fsum(in_node[n] for n in facts.path[leaf.id]), leaf.probability) for leaf in facts.case.tree.leaves),
        reverse=True,
    )
    mean, tail, left = fsum(hkd * p for hkd, p in branches), 0.0, risk.tail
    for hkd, probability in branches:
        taken = min(left, probability)
        tail, left = tail + hkd * taken / risk.tail, left - taken
    yield Comparison(("risk",), claim, "==", risk.weight * (tail - mean), abs(tail) + abs(mean))


def budget(facts: Account) -> Iterator[Comparison]:
    """Funds: what each draws is spent on what its strings allow, in its window, within its share and ceilings; the
    plan's own ceiling.
    """
    case = facts.case
    paid: dict[tuple[str, str], float] = defaultdict(float)
    for bucket, payment in by_bucket(facts):
        paid[bucket, payment.node] += payment.hkd
    drawn: dict[tuple[str, str], float] = defaultdict(float)
    for line in facts.records("draws"):
        fund, where = case.funds[line["fund"]], (line["fund"], line["bucket"], line["node"])
        allowed = fund.id in _funds_of(line["bucket"]) and facts.within(line["node"], fund.start, fund.end)
        yield Comparison((*where, "window and strings"), line["hkd"], "<=", line["hkd"] if allowed else 0.0)
        if fund.share_max is not None:
            yield Comparison((*where, "share"), line["hkd"], "<=", fund.share_max * paid[line["bucket"], line["node"]])
        drawn[line["bucket"], line["node"]] += line["hkd"]
    for key in dict.fromkeys((*paid, *drawn)):
        yield Comparison((*key, "cover"), drawn.get(key, 0.0), "==", paid.get(key, 0.0))
    yield from _ceilings(facts)
    yield from _booked(facts)


@once
def by_bucket(facts: Account) -> list[tuple[str, Payment]]:
    """What funds must cover, each payment with its bucket: the funds that may pay it, and its order where that is apart."""
    case = facts.case

    @cache
    def bucket(order: str, *tags: object) -> str:
        funds = [fund for fund in case.funds.values() if _may_pay(facts, fund, *tags)]  # type: ignore[arg-type]
        apart = "@" + order if order and any(fund.kind == "subsidy" for fund in funds) else ""
        return (".".join(fund.id for fund in funds) or "nobody") + apart

    repaid = [(payment.funds, payment) for payment in facts.payments.get("repayment", ())]
    paid = facts.cash if case.funds else []
    return repaid + [(bucket(p.order, p.cost, p.site, p.origin, p.offer, p.risky), p) for p in paid]


def _ceilings(facts: Account) -> Iterator[Comparison]:
    drawn: dict[tuple[str, str], float] = defaultdict(float)
    for line in facts.records("draws"):
        drawn[line["fund"], line["node"]] += line["hkd"]
    in_node: dict[str, float] = defaultdict(float)
    for payment in facts.cash:
        in_node[payment.node] += payment.hkd
    for leaf in facts.case.tree.leaves:
        path = facts.path[leaf.id]
        if facts.case.budget_hkd is not None:
            yield Comparison(("total", leaf.id), sum(in_node[node] for node in path), "<=", facts.case.budget_hkd)
        for fund in facts.case.funds.values():
            by_year: dict[int, float] = defaultdict(float)
            for node in path:
                by_year[facts.nodes[node].period.start.year] += drawn.get((fund.id, node), 0.0)
            if fund.amount_hkd is not None:
                yield Comparison((fund.id, leaf.id, "ceiling"), sum(by_year.values()), "<=", fund.amount_hkd)
            if fund.amount_hkd_per_year is not None:
                for year, hkd in by_year.items():
                    inside = [n for n in path if facts.nodes[n].period.start.year == year]
                    inside = [n for n in inside if facts.within(n, fund.start, fund.end)]
                    most = fund.amount_hkd_per_year * facts.year_part(year, inside)
                    yield Comparison((fund.id, leaf.id, f"y{year}"), hkd, "<=", most)


def _booked(facts: Account) -> Iterator[Comparison]:
    """What spending names each fund for is what the fund gave."""
    booked: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for line in facts.records("spend"):
        if line["fund"] and line["cost"] not in ("subsidy", "interest", "risk"):
            booked[line["fund"], line["node"]][0] += line["hkd"]
    for line in facts.records("draws"):
        booked[line["fund"], line["node"]][1] += line["hkd"]
    for key, (spent, given) in booked.items():
        yield Comparison((*key, "booked"), spent, "==", given)


def _funds_of(bucket: str) -> list[str]:
    return bucket.partition("@")[0].split(".")


def _may_pay(
    facts: Account, fund: Fund, name: str, site_id: str, origin: str | None, offer: str | None, risky: bool
) -> bool:
    """Whether the fund's strings, its origin and its kind let it pay."""
    strings, site = fund.strings, facts.case.sites[site_id] if site_id else None
    subsidises = fund.kind != "subsidy" or (offer is not None and fund.id in facts.case.offers[offer].subsidised_by)
    exposed = fund.origin == "US" and (risky or (site is not None and site.listed_operator))
    devices = not strings.device_origins or origin is None or origin in strings.device_origins
    tied_to_sites = strings.sites or strings.public_sites_only or strings.operator_parents_barred
    place = not tied_to_sites or (
        site is not None
        and (not strings.sites or site.id in strings.sites)
        and (site.public or not strings.public_sites_only)
        and site.operator_parent not in strings.operator_parents_barred
    )
    return subsidises and not exposed and devices and (not strings.costs or name in strings.costs) and place


RULES = (
    *(Rule(f"cost_{name}", (name,), "HKD", HKD_FLOOR, partial(cost, name)) for name in COSTS),
    Rule("tail_cost", ("tail_cost", "risk"), "HKD", HKD_FLOOR, tail_cost),
    Rule("budget", ("budget",), "HKD", HKD_FLOOR, budget),
    Rule("lines", (), "HKD", HKD_FLOOR, lines),
    Rule("breakdown", (), "HKD", HKD_FLOOR, breakdown),
)  # fmt: skip


Pair = tuple[str, str]


def job_costs(facts: Account) -> Iterator[Comparison]:
    """Present value: the price of a device-day at each site times those of the training on its branch, and its ports."""
    price, ports, runs = _per_device_day(facts), _ports(facts), _runs(facts)
    for line in facts.records("jobs"):
        path = facts.path[line["node"]]
        shares = [
            price[run["accelerator"], run["site"]] * run["devices"] * facts.days[run["node"]]
            for run in runs[line["workload"]]
            if run["node"] in path
        ]
        where = line["workload"], line["node"]
        size = sum(map(abs, shares))
        yield Comparison(where, line["cost_hkd"], "==", sum(shares) + ports[line["workload"]], size)


def _per_device_day(facts: Account) -> dict[Pair, float]:
    """HKD in present value per expected device-day at work, by accelerator and site."""
    paid: dict[Pair, float] = defaultdict(float)
    for payments in facts.payments.values():
        for payment in payments:
            paid[payment.device, payment.site] += payment.hkd * payment.weight
    worked: dict[Pair, float] = defaultdict(float)
    for (accelerator, site, node), devices in facts.running.items():
        worked[accelerator, site] += devices * facts.days[node] * facts.nodes[node].probability
    return {pair: paid[pair] / days if days else 0.0 for pair, days in worked.items()}


def _ports(facts: Account) -> dict[str, float]:
    """HKD in present value of porting, by workload."""
    hkd: dict[str, float] = defaultdict(float)
    for payment in facts.payments.get("porting", ()):
        hkd[payment.workload] += payment.hkd * payment.weight
    return hkd


def _runs(facts: Account) -> dict[str, list[Record]]:
    runs: dict[str, list[Record]] = defaultdict(list)
    for run in facts.records("service"):
        runs[run["workload"]].append(run)
    return runs
