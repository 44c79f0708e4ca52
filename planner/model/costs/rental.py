"""Rental: devices rented by the hour, energy included.

rent_usd_per_device_hour[o] · (1 + growth[o])^t · HKD per USD · hours[n] · rent[o,s,n]
"""

from __future__ import annotations

from collections.abc import Iterator

from planner.domain.device_cost import rent_hkd_per_hour
from planner.model.costs.line import Line, weight
from planner.model.options import Options
from planner.model.timing import hours_in, price_growth
from planner.model.variables import Columns


def lines(options: Options, x: Columns) -> Iterator[Line]:
    """One line per rental and node."""
    for key, rental in options.rentals.items():
        hkd = rent_hkd_per_hour(options.case.economics, rental.offer) * hours_in(options.case, rental.node)
        hkd *= price_growth(options.case, rental.offer, rental.node)
        origin = options.case.accelerators[rental.accelerator].vendor_country
        risky = rental.answer.risky
        yield Line(
            "rental",
            x.rent[key],
            rental.node,
            hkd,
            weight(options, rental.node),
            rental.site.id,
            origin,
            rental.offer.id,
            risky,
        )
