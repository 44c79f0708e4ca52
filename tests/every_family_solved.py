"""For every family what its own test states: a change of the tiny case under which one of its rows binds, and ways to break its plan."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import Any

from proof import phase

from planner.model.constraints import COMPUTE, FAMILIES, LEDGER_FAMILIES

NAMES = (*(family.name for family in FAMILIES), *LEDGER_FAMILIES)
FAMILY_TESTS: dict[str, ModuleType] = {name: import_module(f"model.constraints.test_{name}") for name in NAMES}
CASES: dict[str, dict[str, Any]] = {
    **{name: module.BINDS for name, module in FAMILY_TESTS.items() if hasattr(module, "BINDS")},
    COMPUTE.name: phase(power_mw=0.009)
    | {
        "objective": "max_compute",
        "workloads": {"service": {"unserved_hkd_per_pflops_day": 100}},
    },
}
