"""Useful rates worked out again, for the audit: measured figures as the case gives them, others asked of the
performance model.
"""

from __future__ import annotations

from collections.abc import Iterable

from planner.domain.case import Case
from planner.domain.horizon import Node
from planner.performance import Speed, reference_pflops, workload_speeds
from planner.units import DAYS_PER_YEAR, TFLOPS_PER_PFLOPS


class Rates:
    """PFLOP/s per device of a case's workloads and of the reference model."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._modelled: dict[tuple[str, str], Speed] = {}
        self._grown: dict[tuple[str, str], float] = {}
        self._counted: dict[tuple[str, str, str], float] = {}
        first = case.horizon.first_day
        self._year = first.year + (first.timetuple().tm_yday - 1) / DAYS_PER_YEAR

    def of(self, case: Case) -> Rates:
        """The rates of a case much like it, with what is known of workloads and devices that both have alike."""
        same, before = Rates(case), self._case
        books = case.performance is before.performance and case.models == before.models
        if books and case.accelerators == before.accelerators and case.horizon == before.horizon:
            jobs = {name for name, job in case.workloads.items() if job == before.workloads.get(name)}
            devices = {name for name in case.accelerators if case.tax_on(name) == before.tax_on(name)}
            same._modelled = {
                key: speed for key, speed in self._modelled.items() if key[0] in jobs and key[1] in devices
            }
            same._counted = {key: pflops for key, pflops in self._counted.items() if key[0] in devices}
        return same

    def useful(self, workload: str, accelerator: str, node: Node) -> float:
        """Useful PFLOP/s of one device on the workload in the node; 0 where it does not fit."""
        measured = self._case.workloads[workload].measured_pflops_per_device.get(accelerator)
        today = self._modelled_today(workload, accelerator) if measured is None else measured
        return today * self._maturity(accelerator, node)

    def ask(self, workload: str, accelerators: Iterable[str]) -> None:
        """Ask the performance model about several devices at once, far sooner than one by one; none that were measured."""
        case, job = self._case, self._case.workloads[workload]
        known = job.measured_pflops_per_device
        names = [a for a in accelerators if a not in known and (workload, a) not in self._modelled]
        devices = [case.accelerators[a] for a in names]
        speeds = workload_speeds(job, case.models, devices, self._year, case.performance, case.tax) if names else []
        self._modelled.update(zip(((workload, a) for a in names), speeds, strict=True))

    def counted(self, accelerator: str, basis: str, precision: str) -> float:
        """PFLOP/s that one device counts towards a target of capacity."""
        key = accelerator, basis, precision
        if key not in self._counted:
            device = self._case.accelerators[accelerator]
            pflops = (device.peak_tflops(precision) or 0.0) / TFLOPS_PER_PFLOPS
            if basis == "effective" and pflops:
                tax = self._case.tax_on(accelerator)
                pflops = reference_pflops(device, precision, self._year, self._case.performance, tax)
            self._counted[key] = pflops
        return self._counted[key]

    def _modelled_today(self, workload: str, accelerator: str) -> float:
        if (workload, accelerator) not in self._modelled:
            self.ask(workload, (accelerator,))
        speed = self._modelled[workload, accelerator]
        return speed.useful_pflops if speed.fits else 0.0

    def _maturity(self, accelerator: str, node: Node) -> float:
        """Growth of the stack's efficiency since the decision date."""
        stack = self._case.stacks.get(self._case.accelerators[accelerator].software_stack)
        if stack is None:
            return 1.0
        key = stack.id, node.id
        if key not in self._grown:
            years = max(0.0, (node.period.start - self._case.horizon.first_day).days / DAYS_PER_YEAR)
            self._grown[key] = min(stack.efficiency_max, (1.0 + stack.growth_per_year) ** years)
        return self._grown[key]
