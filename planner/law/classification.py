"""The export classification of a device on a day: its ECCN, wherever it goes and whoever gets it.

Rules that classify carry an `eccn`; of those whose comparisons hold, the highest-ranking gives it. Boards and servers are
computers, so that 3A090 of a chip becomes 4A090.
"""

from __future__ import annotations

from datetime import date

from planner.domain.accelerator import Accelerator
from planner.domain.regime import RuleBook
from planner.domain.transaction import Transaction
from planner.law.unknown import facts_of, settled

COMPUTERS = ("board", "server")


def eccn_of(accelerator: Accelerator, on: date, rulebook: RuleBook) -> str:
    """`3A090.a.1`; all that it may be, where figures are unknown."""
    if accelerator.vendor_country == "CN":
        return "not classified here: made abroad, subject to the EAR only by its foreign-direct-product rules"
    classifying = [g for g in rulebook.grounds["us_hardware"] if g.rule.eccn and g.first_day <= on <= g.last_day]
    ground = settled(classifying, facts_of(accelerator, Transaction(), rulebook, on))
    if ground is None:
        return "unknown"
    codes = dict.fromkeys(one.rule.eccn or "" for one in ground.possible or (ground,))
    eccn = " or ".join(codes)
    return eccn.replace("3A090", "4A090") if accelerator.item_type in COMPUTERS else eccn
