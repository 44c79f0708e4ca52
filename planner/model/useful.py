"""Useful PFLOP/s per device, useful[w,a,n]: the performance model as the plan asks it, so plan and estimate never disagree.

useful[w,a,n] = peak · model FLOP utilisation · goodput, at the workload's precision and reference cluster size,
                grown with the maturity of the stack; a figure measured by the user beats the model
"""

from __future__ import annotations

from dataclasses import dataclass

from planner.domain.case import Case
from planner.domain.horizon import Node
from planner.domain.workload import Workload
from planner.model.timing import years_until
from planner.units import TFLOPS_PER_PFLOPS

REFERENCE_MFU = 0.4


@dataclass(frozen=True)
class Speed:
    fits: bool
    reason: str
    useful_pflops: float


class Speeds:
    """Speeds of a case, each asked of the performance model once."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._known: dict[tuple[str, str], Speed] = {}

    def reference(self, workload: Workload, accelerator: str) -> Speed:
        """Speed on the decision date."""
        key = workload.id, accelerator
        if key not in self._known:
            device = self._case.accelerators[accelerator]
            measured = workload.measured_pflops_per_device.get(accelerator)
            if measured is not None:
                self._known[key] = Speed(True, "", measured)
                return self._known[key]
            peak = device.peak_tflops(workload.precision) or device.peak_tflops("fp16")
            self._known[key] = Speed(peak is not None, "no peak", (peak or 0.0) / TFLOPS_PER_PFLOPS * REFERENCE_MFU)
        return self._known[key]

    def useful_pflops(self, workload: Workload, accelerator: str, node: Node) -> float:
        """Useful PFLOP/s per device in the node."""
        return self.reference(workload, accelerator).useful_pflops * self.maturity(accelerator, node)

    def maturity(self, accelerator: str, node: Node) -> float:
        stack = self._case.stacks.get(self._case.accelerators[accelerator].software_stack)
        if stack is None:
            return 1.0
        years = max(0.0, years_until(self._case, node.period.start))
        return float(min(stack.efficiency_max, (1.0 + stack.growth_per_year) ** years))

    def standing_pflops(self, accelerator: str, basis: str, precision: str) -> float:
        peak = self._case.accelerators[accelerator].peak_tflops(precision) or 0.0
        return peak / TFLOPS_PER_PFLOPS * (1.0 if basis == "peak" else REFERENCE_MFU)
