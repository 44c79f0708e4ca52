"""Licence quota: devices that law reviews case by case, or ships on a notice that few get through, stay within what the
case hopes for.

    Σ order[o,s,m]  <=  approval_share[l] · quota[l]                   for each licence l and branch
    Σ order[o,s,m]  <=  approval_share[l] · quota_per_year[l] · (share of y that the plan covers)    for each l, branch and year y of the order

    l  licence   o  offer of a device under l   s  site
    m  node of the order, where its shipment in this branch counts against the licence

A row's shadow price is the value of one more licensed device. A device without a licence in the case has no column at
all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from planner.domain.horizon import Node
from planner.domain.policy import Licence
from planner.model.family import Family
from planner.model.options import Options
from planner.model.procurement import Order
from planner.model.rows import Row, Term, Terms
from planner.model.timing import year_share
from planner.model.variables import Columns


def rows(options: Options, x: Columns) -> Iterator[Row]:
    """Per licence and branch: one row for the horizon, one for each year that has a quota of its own."""
    for licence_id, licence in options.case.licences.items():
        for leaf in options.case.tree.leaves:
            yield from _branch(options, x, licence_id, licence, leaf)


def reviewed(options: Options, licence: Licence, leaf: Node) -> list[Order]:
    """Orders on the way to the leaf whose shipment there needs this licence."""
    path = {node.id for node in leaf.path}
    return [
        order
        for order in options.orders.values()
        if order.accelerator in licence.accelerators
        and any(a.answer.licensed and a.node.id in path for a in order.arrivals)
    ]


def _branch(options: Options, x: Columns, licence_id: str, licence: Licence, leaf: Node) -> Iterator[Row]:
    by_year: dict[int, list[Term]] = defaultdict(list)
    for order in reviewed(options, licence, leaf):
        by_year[order.node.period.start.year].append((x.order[order.offer.id, order.site.id, order.node.id], 1.0))
    share = licence.approval_share.mid
    because = f"licence {licence_id}: {share:.0%} of the devices applied for"
    terms = [term for year in by_year.values() for term in year]
    if terms:
        yield Row(
            "licence_quota", (licence_id,), leaf.id, Terms.of(terms), "<=", share * licence.quota_devices, because
        )
    if licence.quota_devices_per_year is not None:
        for year, some in by_year.items():
            covered = year_share(options.case, [node for node in leaf.path if node.period.start.year == year])
            yield Row(
                "licence_quota",
                (licence_id,),
                leaf.id,
                Terms.of(some),
                "<=",
                share * licence.quota_devices_per_year * covered,
                because,
                (f"y{year}",),
            )


FAMILY = Family(
    "licence_quota",
    rows,
    unit="device",
    price_says="the value of one more licensed device",
    kind="limit",
    one_more=lambda at: f"One more licensed device under {at.what[0]}{at.year}",
)
