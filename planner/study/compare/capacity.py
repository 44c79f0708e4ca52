"""What a fleet can do on a mix of workloads, after every tax.

    effective[p]  =  devices[p] · availability · Σ_w s[w] / Σ_w ( s[w] / useful[w,a(p)] )        over the workloads w that part p may serve

    s  share of a workload in the mix, of work   useful  model FLOP/s per device, as plans take it, in the period in which it serves

Devices spend their time as the mix has it: the harmonic mean. What a part may not serve, by law, data rules, software or memory, is left
out of its mix, and told: `servable` is the share of the mix that at least one part may serve.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import fsum

from planner.domain.case import Case
from planner.domain.horizon import Node
from planner.domain.workload import Workload
from planner.model.asked import asked
from planner.model.options import Options
from planner.model.timing import discount
from planner.performance.service import load_of, request_flop, workload_shape
from planner.plan.plan import Plan
from planner.study.compare.carry_out import CarriedOut
from planner.units import FLOP_PER_PFLOP, TFLOPS_PER_PFLOPS

Mix = Mapping[str, float]
UNCUT = "us_frontier"


@dataclass(frozen=True)
class Held:
    """Devices of one kind at one site that an option has: all that are bought, or the most that are let at once. `by_node`: device-days."""

    accelerator: str
    site: str
    devices: float
    by_node: Mapping[str, float]


@dataclass(frozen=True)
class Capacity:
    """Useful compute of an option on the mix.

    `effective_pflops` when all of it serves; `pflops_days` discounted, by node; `tokens_per_s` of each service of the mix that
    writes text, all devices on it; `tax`: what it loses per peak against the best uncut CUDA device on the same mix.
    """

    effective_pflops: float
    peak_pflops: float
    by_node: Mapping[str, float]
    tax: float | None
    servable: float
    workloads: tuple[str, ...]
    tokens_per_s: Mapping[str, float]

    @property
    def pflops_days(self) -> float:
        """PFLOP/s-days, discounted, over the horizon."""
        return fsum(self.by_node.values())


def mix_of(case: Case, usual: Plan, stated: Mix) -> Mix:
    """Share of each workload in the work: as stated, else as the case asks over its horizon."""
    if stated:
        return {name: share for name, share in stated.items() if share}
    options = usual.model.options
    work = {
        workload.id: fsum(asked(options, workload, node) for node in case.tree if options.active(workload, node))
        if workload.kind == "service"
        else asked(options, workload, case.tree.root)
        for workload in case.workloads.values()
    }
    total = fsum(work.values())
    return {name: amount / total for name, amount in work.items() if amount} if total else {}


def held_by(done: CarriedOut) -> tuple[Held, ...]:
    """What the option has of each kind at each site, by node from the first on."""
    options = done.plan.model.options
    there: dict[tuple[str, str], dict[str, float]] = {}
    bought: dict[tuple[str, str], float] = {}
    for key, devices in done.devices.items():
        if key in options.orders:
            pair, presence = (options.orders[key].accelerator, key[1]), _presence(options, key)
            bought[pair] = bought.get(pair, 0.0) + devices
        else:
            pair, presence = (options.rentals[key].accelerator, key[1]), [(options.node(key[2]), 1.0)]
        for node, share in presence:
            at = there.setdefault(pair, {})
            at[node.id] = at.get(node.id, 0.0) + devices * share
    return tuple(
        Held(
            *pair,
            devices,
            {node.id: at[node.id] * options.days[node.id] for node in options.case.tree if node.id in at},
        )
        for pair, at in there.items()
        if (devices := bought.get(pair) or max(at.values())) > 0
    )


def _presence(options: Options, key: tuple[str, str, str]) -> Iterable[tuple[Node, float]]:
    """The nodes in which an order stands, with the share of each."""
    order = options.orders[key]
    for first, until in order.whole:
        for node in options.case.tree:
            if first in node.path and until >= node.period.end:
                yield node, 1.0
    for part in order.parts:
        yield part.node, part.share


def capacity_of(done: CarriedOut, mix: Mix) -> Capacity:
    """What the option can do on the mix."""
    options, case = done.plan.model.options, done.plan.case
    effective, peak = [], []
    by_node: dict[str, float] = {}
    tokens = dict.fromkeys(mix, 0.0)
    served: dict[str, Workload] = {}
    for held in held_by(done):
        may = [p.workload for p in options.placed.get((held.accelerator, held.site), ()) if p.workload.id in mix]
        served |= {workload.id: workload for workload in may}
        availability = case.economics.availability
        rates = {node: mixed_rate(options, held.accelerator, options.node(node), may, mix) for node in held.by_node}
        first = options.node(next(iter(held.by_node)))
        peak.append(held.devices * (case.accelerators[held.accelerator].peak_tflops("bf16") or 0.0) / TFLOPS_PER_PFLOPS)
        effective.append(held.devices * availability * rates[first.id])
        for node, device_days in held.by_node.items():
            worth = device_days * availability * rates[node] * discount(case, options.node(node))
            by_node[node] = by_node.get(node, 0.0) + worth
        for workload in may:
            tokens[workload.id] += (
                held.devices * availability * _tokens_per_s(options, workload, held.accelerator, first)
            )
    return Capacity(
        fsum(effective),
        fsum(peak),
        by_node,
        _tax(options, fsum(effective), fsum(peak), list(served.values()), mix),
        fsum(mix[name] for name in served),
        tuple(name for name in case.workloads if name in served),
        {name: rate for name, rate in tokens.items() if rate},
    )


def mixed_rate(options: Options, accelerator: str, node: Node, workloads: Iterable[Workload], mix: Mix) -> float:
    """Useful PFLOP/s of a device that spends its time as the mix has it."""
    speeds = {w.id: options.speeds.useful_pflops(w, accelerator, node) for w in workloads}
    time = fsum(mix[name] / speed for name, speed in speeds.items() if speed)
    return fsum(mix[name] for name, speed in speeds.items() if speed) / time if time else 0.0


def _tax(options: Options, effective: float, peak: float, workloads: list[Workload], mix: Mix) -> float | None:
    case = options.case
    uncut = [
        d
        for d in case.accelerators.values()
        if d.group == UNCUT and d.form_factor == "SXM" and d.software_stack == "cuda" and d.bf16_tflops
    ]
    root = case.tree.root
    best = max(
        (
            mixed_rate(options, d.id, root, workloads, mix) * TFLOPS_PER_PFLOPS / (d.bf16_tflops or 1.0)
            for d in uncut
            if all(options.speeds.fits(w, d.id) for w in workloads)
        ),
        default=0.0,
    )
    if not peak or not best:
        return None
    return 1 - effective / case.economics.availability / peak / best


def _tokens_per_s(options: Options, workload: Workload, accelerator: str, node: Node) -> float:
    """Tokens of answers per second of a device that does nothing else; 0 of what writes none."""
    if workload.kind != "service" or workload.done != "inference" or workload.encodes:
        return 0.0
    load = load_of(workload)
    request = request_flop(workload_shape(workload, options.case.models), load)
    useful = options.speeds.useful_pflops(workload, accelerator, node)
    return useful * FLOP_PER_PFLOP / request * load.tokens_out


def work_done(plan: Plan, *, worth: bool = True) -> float:
    """PFLOP/s-days that the plan does, discounted as money is, or (`worth=False`) as they are."""
    case, options = plan.case, plan.model.options
    return fsum(
        row["work_pflops_days"] * (discount(case, options.node(row["node"])) if worth else 1.0)
        for row in plan.rows.service
    )
