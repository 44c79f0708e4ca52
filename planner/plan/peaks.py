"""Targets told at every precision: what the devices that count towards each are worth in BF16, FP16 and FP8.

    peak[t,p]  =  Σ_{a,s} rate[a,p] · (devices of a at s that count towards t when it is due)

    t  target   p  precision   a  accelerator   s  site of the target   rate  dense peak of the data sheet, PFLOP/s

A device whose maker publishes no rate at a precision counts nothing there, and is counted apart. So a target of which nobody
said in what precision it is meant can be read in each.
"""

from __future__ import annotations

from collections.abc import Iterator

from planner.domain.horizon import Node, Period
from planner.domain.policy import CapacityTarget
from planner.domain.workload import Precision
from planner.model.build import Model
from planner.model.constraints.capacity import devices_at
from planner.plan.rows import TargetPeak
from planner.solve.outcome import Floats
from planner.units import TFLOPS_PER_PFLOPS

PRECISIONS: tuple[Precision, ...] = ("bf16", "fp16", "fp8")


def target_peaks(model: Model, values: Floats) -> Iterator[TargetPeak]:
    """Each target in the first node of each branch in which it is due: at its own precision, and at the others."""
    for name, target in model.case.capacity_targets.items():
        due = Period.parse(target.by).start
        for node in model.case.tree:
            if node.period.start >= due and (node.parent is None or node.parent.period.start < due):
                counted = _counted(model, values, target, node)
                for precision in dict.fromkeys((target.precision, *PRECISIONS)):
                    peaks = {a: model.case.accelerators[a].peak_tflops(precision) for a in counted}
                    yield {
                        "target": name, "node": node.id, "period": str(node.period), "precision": precision,
                        "target_pflops": target.pflops, "devices": sum(counted.values()),
                        "devices_without_rate": sum(n for a, n in counted.items() if peaks[a] is None),
                        "peak_pflops": sum(n * (peaks[a] or 0.0) for a, n in counted.items()) / TFLOPS_PER_PFLOPS,
                    }  # fmt: skip


def _counted(model: Model, values: Floats, target: CapacityTarget, node: Node) -> dict[str, float]:
    """Devices that count towards the target in the node, by accelerator."""
    options, counted = model.options, dict[str, float]()
    for accelerator, site in (*options.owned_pairs, *(options.rented_pairs if target.rented_counts else ())):
        if not target.sites or site in target.sites:
            devices = float(sum(values[c] for c in devices_at(options, model.columns, accelerator, site, node)))
            counted[accelerator] = counted.get(accelerator, 0.0) + devices
    return counted
