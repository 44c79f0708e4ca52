"""The ledger of refusals: every pair that never became a column, with the rule that kept it out.

A pair that law, data rules or physics rule out has no column, so the program stays small; the ledger keeps what was
lost, so that the report can name it and price it by re-solving without the rule.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Refusal:
    """What was refused, where and when, by which rule.

    `family` is the constraint family that speaks (`embargo`, `data_governance`, `double_bind`, `porting`, `cooling`,
    `parallelism`, `lead_time`); `node` is None where the refusal holds over the whole horizon.
    """

    family: str
    rule: str
    because: str
    accelerator: str
    site: str
    offer: str | None = None
    workload: str | None = None
    node: str | None = None
    outcome: str | None = None
    regime: str | None = None
    citation: str | None = None
