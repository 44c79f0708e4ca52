"""Readiness: what is paid before work can move: porting, mechanisms, licences, separate entities.

porting     engineer_months[k,class(w)] · engineer_hkd_per_month · port[w,k,n]
mechanism   cost_hkd[m] · clear[g,m,z,n]           per tenant g and zone z, each time it is begun
compliance  compliance_hkd_per_licensed_device · order[o,s,n]                   where a shipment of it is reviewed case by case
entity      entity_hkd_per_year[g] · years[n]                                   for each silo g, a constant
"""

from __future__ import annotations

from collections.abc import Iterator

from planner.model.costs.line import Line, weight
from planner.model.costs.purchase import order_tags
from planner.model.options import Options
from planner.model.timing import years_in
from planner.model.variables import Columns


def porting(options: Options, x: Columns) -> Iterator[Line]:
    """Engineer-months of every port, when it is begun."""
    rate = options.case.economics.engineer_hkd_per_month
    hkd = {}
    for key in x.port:
        effort = options.case.stacks[key[1]].porting[options.case.workloads[key[0]].workload_class].engineer_months
        hkd[key] = effort.mid * rate
    yield from _begun(options, x, "porting", "port", hkd)


def mechanism(options: Options, x: Columns) -> Iterator[Line]:
    """Cost of every legal path for data, when it is begun and each time it is renewed."""
    mechanisms = options.case.governance.mechanisms
    yield from _begun(options, x, "mechanism", "clear", {key: mechanisms[key[1]].cost_hkd.mid for key in x.clear})


def compliance(options: Options, x: Columns) -> Iterator[Line]:
    """Licence application, laboratory test and audit per licensed device."""
    hkd = options.case.economics.compliance_hkd_per_licensed_device
    for key, order in options.orders.items():
        if hkd and any(arrival.answer.licensed for arrival in order.arrivals):
            yield Line(
                "compliance", x.order[key], order.node, hkd, weight(options, order.node), *order_tags(options, order)
            )


def entity(options: Options, x: Columns) -> Iterator[Line]:
    """The separate legal entities of a balkanised architecture."""
    for (silo,), column in x.one.items():
        for node in options.case.tree:
            hkd = options.case.silos[silo].entity_hkd_per_year * years_in(options.case, node)
            yield Line("entity", column, node, hkd, weight(options, node))


def _begun(options: Options, x: Columns, cost: str, kind: str, hkd: dict[tuple[str, ...], float]) -> Iterator[Line]:
    for key, amount in hkd.items():
        node = options.node(key[-1])
        if amount:
            yield Line(cost, x.table(kind)[key], node, amount, weight(options, node))
