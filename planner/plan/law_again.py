"""Law looked up again under another rule book: what a plan orders, rents and was refused, where the answer differs."""

from __future__ import annotations

from collections.abc import Iterator

from planner.audit.facts import Facts, Record, Tables
from planner.audit.law import Ruling
from planner.domain.case import Case
from planner.domain.regime import RuleBook


def law_differences(case: Case, tables: Tables, rulebook: RuleBook) -> list[str]:
    """One sentence for each order, rental or refusal on which the rule book decides otherwise than the plan was told.

    The tree of scenarios stays that of the case: what has changed is law, not what was foreseen of it.
    """
    facts = Facts(case.model_copy(update={"rulebook": rulebook}), tables, 0.0)
    return [*_ordered(facts), *_rented(facts), *_refused(facts)]


def _ordered(facts: Facts) -> Iterator[str]:
    for order in facts.records("orders"):
        key = order["offer"], order["site"], order["node"]
        if not _known(facts, *key):
            continue
        made = facts.arrivals(*key).get(order["stands_from"])
        what = f"{order['offer']} at {order['site']}, ordered in {order['node']},"
        if made is None:
            fate = next(shipment.ruling for shipment in facts.shipments(*key))
            yield f"{what} would no longer stand from {order['stands_from']}: {_told(order, fate)}"
        elif (made.ruling.outcome, made.shipped.isoformat()) != (order["outcome"], order["shipped"]):
            yield f"{what} would ship on {made.shipped}: {_told(order, made.ruling)}"


def _rented(facts: Facts) -> Iterator[str]:
    for rental in facts.records("rentals"):
        key = rental["offer"], rental["site"], rental["node"]
        if not _known(facts, *key):
            continue
        ruling = _rental(facts, *key)
        if not ruling.allowed or ruling.outcome != rental["outcome"]:
            yield f"{rental['offer']} rented at {rental['site']} in {rental['node']}: {_told(rental, ruling)}"


def _refused(facts: Facts) -> Iterator[str]:
    for refusal in facts.records("refused"):
        key = refusal["offer"], refusal["site"], refusal["node"]
        if refusal["family"] != "embargo" or not _known(facts, *key):
            continue
        if facts.case.offers[key[0]].kind == "rental":
            ruling = _rental(facts, *key)
            allowed = ruling.allowed
        else:
            ruling = facts.shipments(*key)[0].ruling
            allowed = bool(facts.arrivals(*key))
        if allowed:
            yield f"{key[0]} at {key[1]} in {key[2]} was refused and would now be lawful: {_told(refusal, ruling)}"


def _rental(facts: Facts, offer: str, site: str, node_id: str) -> Ruling:
    node, case = facts.nodes[node_id], facts.case
    return facts.law.rental(case.offers[offer], case.sites[site], case.horizon.order_date(node.period), node.scenario)


def _known(facts: Facts, offer: str, site: str, node: str) -> bool:
    """What names nothing in the case is the audit's to tell."""
    return offer in facts.case.offers and site in facts.case.sites and node in facts.nodes


def _told(line: Record, ruling: Ruling) -> str:
    return f"{line['outcome']} by {line['rule']} when planned, {ruling.outcome} by {ruling.rule} today"
