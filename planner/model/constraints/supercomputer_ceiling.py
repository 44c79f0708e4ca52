"""Supercomputer ceiling: a hall with US-origin devices stays below the end-use threshold (15 CFR 744.23, 772.1).

    Σ_a fp64[a] · fleet[a,s,n]  <=  100 PFLOP/s · envelopes[s]        for each s where US-origin devices can stand, and n
    Σ_a fp32[a] · fleet[a,s,n]  <=  200 PFLOP/s · envelopes[s]

    a  accelerator   s  site   n  node   fp64, fp32  theoretical peak, PFLOP/s per device   envelopes  halls of 41,600 cubic feet

The rule speaks of sites in China, Hong Kong and Macau. A peak that nobody published is unknown, not zero: the device's
BF16 peak, which no FP32 or FP64 rate exceeds, stands in for it. A row's shadow price is the cost of that control per
PFLOP/s.
"""

from __future__ import annotations

from collections.abc import Iterator

from planner.law.supercomputer import ceiling_on, counts_as_us_origin, hall_peak_pflops
from planner.model.options import Options
from planner.model.presence import owned_at
from planner.model.rows import Row, Terms
from planner.model.variables import Columns


def rows(options: Options, x: Columns) -> Iterator[Row]:
    """Two rows per site and node, where the rule applies."""
    devices = options.case.accelerators
    for site in options.case.sites.values():
        pairs = [accelerator for accelerator, at in options.owned_pairs if at == site.id]
        if not any(counts_as_us_origin(devices[a]) for a in pairs):
            continue
        for node in options.case.tree:
            ceiling = ceiling_on(options.case.rulebook, site.destination, node.period.start)
            standing = [(a, column) for a in pairs for column, _ in owned_at(options, x, a, site.id, node)]
            if ceiling is None or not standing:
                continue
            for precision, pflops in (("fp64", ceiling.fp64_pflops), ("fp32", ceiling.fp32_pflops)):
                terms: Terms = [(column, hall_peak_pflops(devices[a], precision)) for a, column in standing]
                yield Row(
                    "supercomputer_ceiling",
                    (site.id, node.id, precision),
                    terms,
                    "<=",
                    pflops * site.envelopes,
                    ceiling.citation,
                )
