"""What things of a case are called in a figure: their names, without what stands in brackets or after a comma."""

from __future__ import annotations

import re
from collections.abc import Callable

from planner.domain.case import Case

Name = Callable[[str], str]


def device_names(case: Case) -> Name:
    """By id of an accelerator."""
    return lambda id: _short(case.accelerators[id].name, id)


def site_names(case: Case) -> Name:
    """By id of a site."""
    return lambda id: _short(case.sites[id].name, id)


def workload_names(case: Case) -> Name:
    """By id of a workload."""
    return lambda id: _short(case.workloads[id].name, id)


def fund_names(case: Case) -> Name:
    """By id of a fund; payments from no fund are those of the buyer's own money."""
    return lambda id: _short(case.funds[id].name, id) if id in case.funds else id


def _short(name: str, id: str) -> str:
    return re.split(r" \(|, ", name)[0].strip() or id
