"""Ordering: what an order costs whatever its size, where lots are whole.

ordering      order_hkd · placed[o,s,n]                      each order of a purchase offer o
              rental_contract_hkd · placed[o,s,n]            of a rental, each contract by which more is rented
introduction  new_kind_hkd_per_hall · kind[a,s,n]            once, when a kind of device new to the hall is first ordered

Subsidies pay a share of a price and nothing of these.
"""

from __future__ import annotations

from collections.abc import Iterator

from planner.model.costs.line import Line, weight
from planner.model.costs.purchase import order_tags
from planner.model.options import Options
from planner.model.variables import Columns


def ordering(options: Options, x: Columns) -> Iterator[Line]:
    """Tender, contract and acceptance."""
    economics, case = options.case.economics, options.case
    for (offer, site, node_id), column in x.placed.items():
        order, node = options.orders.get((offer, site, node_id)), options.node(node_id)
        if order is not None:
            hkd, (_, origin, _, risky) = economics.order_hkd.mid, order_tags(options, order)
        else:
            hkd, rental = economics.rental_contract_hkd.mid, options.rentals[offer, site, node_id]
            origin = case.accelerators[rental.accelerator].vendor_country
            risky = rental.answer.risky
        if hkd:
            yield Line("ordering", column, node, hkd, weight(options, node), site, origin, risky=risky)


def introduction(options: Options, x: Columns) -> Iterator[Line]:
    """Design of racks and cooling, spares and training for a kind of device that the hall has not had."""
    hkd = options.case.economics.new_kind_hkd_per_hall.mid
    for (accelerator, site, node_id), column in x.kind.items():
        node = options.node(node_id)
        origin = options.case.accelerators[accelerator].vendor_country
        risky = options.marked(accelerator, options.case.sites[site], node)
        yield Line("introduction", column, node, hkd, weight(options, node), site, origin, risky=risky)
