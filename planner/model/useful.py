"""Useful PFLOP/s per device, useful[w,a,n]: the performance model as the plan asks it, so plan and estimate never
disagree.

    useful[w,a,n] = peak · model FLOP utilisation · practice · goodput      a training, at its precision and reference cluster size
                  = requests/s that a device serves · FLOP of a request     a service, within its limits of latency
                    · min(efficiency_max, (1 + growth_per_year)^t)          maturity of the stack, t years from the decision date

A figure that the user measured beats the model. A kernel tax set by hand (`tax.cann: 0.3`) replaces the modelled one:
the stack's software then reaches 70 % of the ceilings that CUDA's reaches, and the performance model does the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from planner.domain.case import Case
from planner.domain.horizon import Node
from planner.domain.stack import Stack
from planner.domain.workload import Workload
from planner.model.timing import years_until
from planner.performance import Speed, busy_pflops, reference_pflops, workload_speeds
from planner.units import DAYS_PER_YEAR, TFLOPS_PER_PFLOPS


class Speeds:
    """Speeds of a case, each asked of the performance model once."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._known: dict[tuple[str, str], Speed] = {}
        self._maturities: dict[str, dict[str, float]] = {}
        self._busy: dict[str, float] = {}
        first = case.horizon.first_day
        self._year = first.year + (first.timetuple().tm_yday - 1) / DAYS_PER_YEAR

    def of(self, case: Case) -> Speeds:
        """The same speeds, for a case that asks for other amounts of the same work, less those on stacks whose tax is another."""
        same, before = Speeds(case), self._case
        same._known, same._maturities = self._known, self._maturities
        if case.tax != before.tax:
            alike = {name for name in case.accelerators if case.tax_on(name) == before.tax_on(name)}
            same._known = {key: speed for key, speed in self._known.items() if key[1] in alike}
        return same

    def ask(self, workload: Workload, accelerators: Iterable[str]) -> None:
        """Ask for the speeds on several devices at once, far sooner than one by one; those that were measured are not modelled."""
        case, measured = self._case, workload.measured_pflops_per_device
        names = [a for a in accelerators if a not in measured and (workload.id, a) not in self._known]
        if not names:
            return
        devices = [case.accelerators[a] for a in names]
        speeds = workload_speeds(workload, case.models, devices, self._year, case.performance, case.tax)
        self._known.update(zip(((workload.id, a) for a in names), speeds, strict=True))

    def reference(self, workload: Workload, accelerator: str) -> Speed:
        """Speed on the decision date, as modelled; whether the workload fits, and if not why."""
        key = workload.id, accelerator
        if key not in self._known:
            case, device = self._case, self._case.accelerators[accelerator]
            asked = workload, case.models, (device,), self._year, case.performance, case.tax
            (self._known[key],) = workload_speeds(*asked)
        return self._known[key]

    def busy_pflops(self, workload: Workload) -> float:
        """Useful PFLOP/s that a service is asked for in the busy hour of its first period."""
        if workload.id not in self._busy:
            self._busy[workload.id] = busy_pflops(workload, self._case.models)
        return self._busy[workload.id]

    def fits(self, workload: Workload, accelerator: str) -> bool:
        """Whether the workload runs on the device at all; one that was measured there does."""
        return accelerator in workload.measured_pflops_per_device or self.reference(workload, accelerator).fits

    def useful_pflops(self, workload: Workload, accelerator: str, node: Node) -> float:
        """Useful PFLOP/s per device in the node."""
        return self.now(workload, accelerator) * self.maturities(accelerator)[node.id]

    def maturities(self, accelerator: str) -> Mapping[str, float]:
        """By node: what the stack's software has gained by then since the decision date, as a factor."""
        name = self._case.accelerators[accelerator].software_stack
        if name not in self._maturities:
            stack = self._case.stacks.get(name)
            self._maturities[name] = {node.id: self._maturity(stack, node) for node in self._case.tree}
        return self._maturities[name]

    def _maturity(self, stack: Stack | None, node: Node) -> float:
        if stack is None:
            return 1.0
        years = max(0.0, years_until(self._case, node.period.start))
        return float(min(stack.efficiency_max, (1.0 + stack.growth_per_year) ** years))

    def standing_pflops(self, accelerator: str, basis: str, precision: str) -> float:
        """PFLOP/s that a standing device counts towards a target: its dense peak, or what the reference model gets of
        it.
        """
        device = self._case.accelerators[accelerator]
        peak = (device.peak_tflops(precision) or 0.0) / TFLOPS_PER_PFLOPS
        if basis == "peak" or not peak:
            return peak
        return reference_pflops(device, precision, self._year, self._case.performance, self._case.tax_on(accelerator))

    def now(self, workload: Workload, accelerator: str) -> float:
        """Useful PFLOP/s per device on the decision date."""
        measured = workload.measured_pflops_per_device.get(accelerator)
        return self.reference(workload, accelerator).useful_pflops if measured is None else measured
