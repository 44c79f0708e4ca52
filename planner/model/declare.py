"""The columns of a case, in their order: what can be decided in it (`planner.model.variables`)."""

from __future__ import annotations

import math
from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping

import numpy as np

from planner.domain.horizon import Period
from planner.model.asked import asked, due
from planner.model.options import Options
from planner.model.runs import Floats, Numbers, Runs
from planner.model.timing import in_window
from planner.model.variables import SPENT, Column, Columns


def declare(options: Options) -> Columns:
    """Every column of the case, in the order: purchases, rentals, fleet, runs, unserved work, mechanisms, ports, the
    rest.
    """
    case, x = options.case, Columns()
    for key in options.orders:
        x.add("order", key)
    for key in options.rentals:
        x.add("rent", key)
    _declare_fleet(options, x)
    for part in options.all_parts:
        x.add("part", part.key, high=part.devices if part.offer is None else None)
        for silo in case.silos:
            x.add("own_part", (*part.key[:3], silo, part.node.id))
    for key, leaves in options.outliving.items():
        for leaf, _ in leaves:
            x.add("forfeit", (*key, leaf.id))
    for pair in options.owned_pairs:
        if options.upkept_apart(*pair):
            for offer in options.purchases_of.get(pair, ()):
                for node in options.case.tree:
                    if (*pair, node.id) in x.fleet:
                        x.add("upkeep", (offer, pair[1], node.id))
    _declare_runs(options, x)
    for workload in case.workloads.values():
        for node in due(options, workload):
            x.add("unserved", (workload.id, node.id), high=asked(options, workload, node))
    _declare_vendors(options, x)
    _declare_readiness(options, x)
    _declare_targets(options, x)
    for silo in case.silos:
        x.add("one", (silo,), high=1.0, low=1.0)
    if case.risk.weight:
        x.add("value_at_risk", (), low=-math.inf)
        for leaf in case.tree.leaves:
            x.add("cvar_excess", (leaf.id,))
    return x


def bounded(options: Options, x: Columns) -> Columns:
    """The same columns with their bounds as the case has them now: work asked for and targets."""
    columns = list(x.all)
    for workload in options.case.workloads.values():
        for node in due(options, workload):
            number = x.unserved[workload.id, node.id]
            columns[number] = columns[number]._replace(high=asked(options, workload, node))
    for (target, _), number in x.shortfall.items():
        columns[number] = columns[number]._replace(high=options.case.capacity_targets[target].pflops)
    return x.but(all=columns)


def speeded(options: Options, x: Columns) -> Columns:
    """The same columns with their work at the speeds of the options, and without the terms of rows that hang on it."""
    runs = x.runs
    useful, work = _work(options, runs.placement, runs.node)
    worked = {key: terms for key, terms in x.worked.items() if key[0] == SPENT}
    return x.but(runs=runs.at_speeds(useful, work), worked=worked)


def _declare_fleet(options: Options, x: Columns) -> None:
    silos = options.case.silos
    for accelerator, site in options.owned_pairs:
        begun: set[str] = set()
        for node in options.case.tree:
            key = (accelerator, site, node.id)
            if not (
                (node.parent and node.parent.id in begun)
                or key in options.arrivals
                or options.standing(accelerator, site, node)
            ):
                continue
            begun.add(node.id)
            x.add("fleet", key)
            x.add("retire", key)
            for silo in silos:
                x.add("assign", (accelerator, site, silo, node.id))
                x.add("dedicate", (accelerator, site, silo, node.id))


def _declare_runs(options: Options, x: Columns) -> None:
    active = {
        workload.id: frozenset(node.id for node in options.case.tree if options.active(workload, node))
        for workload in options.case.workloads.values()
    }
    whole, part = _nodes_of((*x.fleet, *options.rentals_at)), _nodes_of(options.parts)
    number_of = {node.id: number for number, node in enumerate(options.case.tree.nodes)}
    first, lengths, when, parts = len(x.all), array("i"), array("i"), array("b")
    known: dict[tuple[object, ...], list[tuple[str, str]]] = {}
    for placement in options.placements:
        workload, accelerator, site = placement.key
        within, pair = active[workload], (accelerator, site)
        # Workloads of one kind and time share the nodes in which they may run at a place.
        alike = pair, within, id(placement.nodes)
        if alike not in known:
            known[alike] = [
                (kind, node.id)
                for node in placement.nodes
                if node.id in within
                for kind, there in (("run", whole), ("run_part", part))
                if node.id in there[pair]
            ]
        x.all += [Column(kind, (workload, accelerator, site, at)) for kind, at in known[alike]]
        lengths.append(len(known[alike]))
        when.extend([number_of[at] for _, at in known[alike]])
        parts.extend([kind == "run_part" for kind, _ in known[alike]])
    of = np.repeat(np.arange(len(lengths)), lengths)
    columns, useful, work = np.arange(first, len(x.all)), *_work(options, of, np.array(when))
    x.runs = Runs(options.placements, options.case.tree.nodes, columns, of, when, parts, useful, work)


def _work(options: Options, of: Numbers, when: Numbers) -> tuple[Floats, Floats]:
    """By run, from the numbers of its placement and its node: useful PFLOP/s per device, and the same over the days of the node,
    PFLOP/s-days.
    """
    nodes, names = options.case.tree.nodes, [placement.accelerator for placement in options.placements]
    now = np.array([options.speeds.now(placement.workload, placement.accelerator) for placement in options.placements])
    maturities = {name: options.speeds.maturities(name) for name in names}
    grown = np.array([[known.get(node.id, 0.0) for node in nodes] for known in maturities.values()]).reshape(
        -1, len(nodes)
    )
    number_of = {name: number for number, name in enumerate(maturities)}
    device = np.array([number_of[name] for name in names], dtype=np.intc)
    useful = now[of] * grown[device[of], when]
    return useful, useful * np.array([options.days[node.id] for node in nodes])[when]


def _nodes_of(places: Iterable[tuple[str, ...]]) -> Mapping[tuple[str, str], set[str]]:
    """By (accelerator, site): the nodes among these places."""
    nodes: dict[tuple[str, str], set[str]] = defaultdict(set)
    for accelerator, site, node in places:
        nodes[accelerator, site].add(node)
    return nodes


def _declare_vendors(options: Options, x: Columns) -> None:
    policy = options.case.vendor_share
    if policy is None:
        return
    within = {node.id for node in options.case.tree if in_window(node, policy.start, None)}
    runs, nodes = x.runs, options.case.tree.nodes
    vendors = [options.case.accelerators[placement.accelerator].vendor for placement in runs.placements]
    number_of = {vendor: number for number, vendor in enumerate(dict.fromkeys(vendors))}
    vendor, names = np.array([number_of[name] for name in vendors], dtype=np.intc), [*number_of]
    for some in (~runs.part, runs.part):
        for cell in dict.fromkeys((vendor[runs.placement[some]] * len(nodes) + runs.node[some]).tolist()):
            key = names[cell // len(nodes)], nodes[cell % len(nodes)].id
            if key[1] in within and key not in x.effective:
                x.add("effective", key)


def _declare_readiness(options: Options, x: Columns) -> None:
    whole = options.case.whole.porting
    ports = dict.fromkeys((p.workload.id, p.stack) for p in options.placements if p.ported)
    clears = dict.fromkeys((p.workload.tenant, m, p.site.legal_zone) for p in options.placements for m in p.mechanisms)
    for kind, keys in (("port", ports), ("clear", clears)):
        for key in keys:
            for node in options.case.tree:
                x.add(kind, (*key, node.id), high=1.0, integer=whole)


def _declare_targets(options: Options, x: Columns) -> None:
    for target_id, target in options.case.capacity_targets.items():
        if target.shortfall_hkd_per_pflops is None:
            continue
        due_day = Period.parse(target.by).start
        for node in options.case.tree:
            if node.period.start >= due_day and (node.parent is None or node.parent.period.start < due_day):
                x.add("shortfall", (target_id, node.id), high=target.pflops)
