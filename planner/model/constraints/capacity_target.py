"""Capacity target: a target capacity stands from its date on, on its stated precision basis.

    Σ_{a,s} pflops[a] · fleet[a,s,n] ( + Σ_o pflops[a] · rent[o,s,n] )  +  shortfall[t,m]  >=  target[t]     for each n from the date on

    t  target   a  accelerator   s  site of the target   o  rental offer   n  node   m  the ancestor of n at the date
    pflops  peak of the data sheet (dense) at the target's precision, or effective on the reference model

What arrives within n does not stand when n begins, and counts from the next node on. Without a price for the shortfall the target is hard. A row's shadow price is the cost of the target, HKD per PFLOP/s.
"""

from __future__ import annotations

from collections.abc import Iterator

from planner.domain.horizon import Node, Period
from planner.domain.policy import CapacityTarget
from planner.model.constraints.capacity import devices_at
from planner.model.family import Family
from planner.model.options import Options
from planner.model.rows import Row, Term, Terms
from planner.model.variables import Columns


def rows(options: Options, x: Columns) -> Iterator[Row]:
    """One row per target and node from its date on."""
    for target_id, target in options.case.capacity_targets.items():
        due = Period.parse(target.by)
        because = f"{target.pflops:g} PFLOP/s {target.precision} {target.basis} by {target.by}" + (
            f" ({target.source})" if target.source else ""
        )
        for node in options.case.tree:
            if node.period.start < due.start:
                continue
            terms = capacity_terms(options, x, target, node)
            first = next(at for at in node.path if at.period.start >= due.start)
            shortfall = x.shortfall.get((target_id, first.id))
            if shortfall is not None:
                terms.append((shortfall, 1.0))
            yield Row("capacity_target", (target_id,), node.id, Terms.of(terms), ">=", target.pflops, because)


def capacity_terms(options: Options, x: Columns, target: CapacityTarget, node: Node) -> list[Term]:
    """PFLOP/s per device of every column that counts towards the target in the node."""
    terms: list[Term] = []
    pairs = options.owned_pairs if not target.rented_counts else (*options.owned_pairs, *options.rented_pairs)
    for accelerator, site in pairs:
        if target.sites and site not in target.sites:
            continue
        pflops = options.speeds.standing_pflops(accelerator, target.basis, target.precision)
        terms += [(column, pflops) for column in devices_at(options, x, accelerator, site, node)]
    return terms


FAMILY = Family(
    "capacity_target",
    rows,
    unit="PFLOP/s",
    price_says="the cost of the target",
    kind="limit",
    one_more=lambda at: f"One PFLOP/s less in target {at.what[0]}",
)
