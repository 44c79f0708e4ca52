"""Whole servers: where servers come whole, an order is a number of servers.

    order[o,s,n]  =  devices_per_server · servers[o,s,n],   servers whole        for each o, s, n

    o  offer   s  site   n  node

Shadow prices are taken with the whole numbers fixed; this row has none of its own worth reading.
"""

from __future__ import annotations

from collections.abc import Iterator

from planner.model.family import Family
from planner.model.options import Options
from planner.model.rows import Row, Terms
from planner.model.variables import Columns


def rows(options: Options, x: Columns) -> Iterator[Row]:
    """One row per order, when servers are whole."""
    devices = float(options.case.economics.devices_per_server)
    for key, servers in x.servers.items():
        terms: Terms = [(x.order[key], 1.0), (servers, -devices)]
        yield Row("whole_servers", key[:-1], key[-1], terms, "==", 0.0, f"servers of {devices:g}")


FAMILY = Family(
    "whole_servers",
    rows,
    unit="device",
    price_says="nothing: prices are taken with whole numbers fixed",
    kind="weight",
    one_more=lambda at: f"One more server of {' at '.join(at.what[:2])} {at.when}",
)
