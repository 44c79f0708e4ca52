"""Equipment: freight, server, network, storage, fit-out of the hall and waiting for it, when the devices stand.

    freight_share · price[o,n] · order[o,s,n]                                             cost `freight`
    (server + network + storage) · HKD per USD · order[o,s,n]                             cost `equipment`
    fit_out_hkd_per_kw[s] · kW[a] · order[o,s,n]                                          cost `fit_out`
    warehouse_hkd_per_device_month · (months from arrival to standing) · order[o,s,n]     cost `warehouse`

each in every branch's node in which the order first stands; o is an offer of accelerator a.
"""

from __future__ import annotations

from collections.abc import Iterator

from planner.domain.device_cost import equipment_hkd, fit_out_hkd, freight_hkd, warehouse_hkd
from planner.model.costs.line import Line, weight_on_arrival
from planner.model.costs.purchase import order_tags, price_hkd
from planner.model.options import Options
from planner.model.stay import Arrival
from planner.model.variables import Columns

OrderKey = tuple[str, str, str]


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


def warehouse(options: Options, x: Columns) -> Iterator[Line]:
    """Devices that ship while law lets them and wait for their hall."""
    for key, order in options.orders.items():
        for arrival in order.arrivals:
            hkd = warehouse_hkd(options.case.economics, arrival.stored_months)
            yield from _line(options, x, "warehouse", key, arrival, hkd)


def _on_arrival(options: Options, x: Columns, cost: str, hkd: dict[OrderKey, float]) -> Iterator[Line]:
    for key, amount in hkd.items():
        for arrival in options.orders[key].arrivals:
            yield from _line(options, x, cost, key, arrival, amount)


def _line(options: Options, x: Columns, cost: str, key: OrderKey, arrival: Arrival, hkd: float) -> Iterator[Line]:
    if hkd:
        tags = order_tags(options, options.orders[key])
        credited = options.credited_order(key) if cost == "equipment" else None
        yield Line(cost, x.order[key], arrival.node, hkd, weight_on_arrival(options, arrival), *tags, order=credited)
