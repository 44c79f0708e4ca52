"""The need: a case with nothing on offer. Its plan is business as usual, what comes of it when nothing is bought or rented.

What stands, what is asked, law and rates are those of the case; offers, funds, budgets, targets and shares are left out, for nothing is
left that they could be spent on or met with. What stands is run with own money.
"""

from __future__ import annotations

from planner.domain.case import Case, Whole
from planner.domain.policy import Risk


def need(case: Case) -> Case:
    """The case as every option of a comparison meets it: what stands, what is asked, law and rates; nothing on offer."""
    return case.model_copy(
        update={
            "objective": "min_cost", "offers": {}, "funds": {}, "budget_hkd": None, "capacity_targets": {},
            "vendor_share": None, "zone_share": None, "risk": Risk(), "whole": Whole(), "vendor_supply": {},
        }
    )  # fmt: skip
