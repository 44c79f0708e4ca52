"""Equipment: freight, server, network, storage and fit-out of the hall, when the devices stand.

    freight_share · price[o,n] · order[o,s,n]                                             cost `freight`
    (server + network + storage) · HKD per USD · order[o,s,n]                             cost `equipment`
    fit_out_hkd_per_kw[s] · kW[a] · order[o,s,n]                                          cost `fit_out`

each in every branch's node in which the order first stands; o is an offer of accelerator a.
"""

from __future__ import annotations

from collections.abc import Iterator

from planner.model.costs.line import Line, weight_on_arrival
from planner.model.costs.purchase import order_tags, price_hkd
from planner.model.device_cost import equipment_hkd, fit_out_hkd, freight_hkd
from planner.model.options import Options
from planner.model.procurement import Order
from planner.model.variables import Columns


def freight(options: Options, x: Columns) -> Iterator[Line]:
    """Freight, transit insurance and installation."""
    economics = options.case.economics
    hkd = {key: freight_hkd(economics, price_hkd(options, order)) for key, order in options.orders.items()}
    yield from _on_arrival(options, x, "freight", hkd)


def equipment(options: Options, x: Columns) -> Iterator[Line]:
    """Server, network and storage around each device."""
    hkd = equipment_hkd(options.case.economics)
    yield from _on_arrival(options, x, "equipment", dict.fromkeys(options.orders, hkd))


def fit_out(options: Options, x: Columns) -> Iterator[Line]:
    """Hall build per kW of new IT load."""
    kw = options.case.kw_per_device
    yield from _on_arrival(
        options,
        x,
        "fit_out",
        {key: fit_out_hkd(o.site, kw(o.accelerator)) for key, o in options.orders.items()},
    )


def _on_arrival(options: Options, x: Columns, cost: str, hkd: dict[tuple[str, str, str], float]) -> Iterator[Line]:
    for key, amount in hkd.items():
        order: Order = options.orders[key]
        for arrival in order.arrivals:
            if amount:
                yield Line(
                    cost,
                    x.order[key],
                    arrival.node,
                    amount,
                    weight_on_arrival(options, arrival),
                    *order_tags(options, order),
                )
