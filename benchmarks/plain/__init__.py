"""The program of a case written out plainly, as a textbook has it: every option a column, every rule a row.

It shares with planner what is asked of law, of the performance model and of the calendar, and nothing of columns, rows or
costs: those are written here anew, from the formulation, family by family. So it is both the neutral description that
peers build their models from and an independent check of the planner's optimum. No column is left out because it could
not matter.
"""

from __future__ import annotations

from benchmarks.plain import devices, funds, halls, money, work
from benchmarks.plain.program import Program
from benchmarks.plain.sets import Sets
from planner.domain.case import Case

__all__ = ["Program", "plain_program"]


READ = frozenset({
    "schema_version", "title", "description", "horizon", "buyer", "scenarios", "sites", "offers", "workloads", "funds",
    "budget_hkd", "licences", "vendor_supply", "vendor_share", "zone_share", "capacity_targets", "carbon_cap", "tenants",
    "economics", "tax", "controls", "accelerators", "stacks", "variants", "overrides", "governance", "rulebook", "decomposition",
    "performance", "models",
})  # fmt: skip
"""Fields of a case that are written out; of the others some values are refused."""


def plain_program(case: Case) -> Program:
    """The program of a case that asks for least cost.

    Raises ValueError for what it does not know: other objectives, whole numbers, aversion to risk, and every field of the
    case that is not in `READ`. Halls are held to the supercomputer ceiling; none is declared free of US-origin devices.
    """
    unknown = {
        "objective": case.objective != "min_cost",
        "whole": case.whole.lots or case.whole.porting,
        "risk": bool(case.risk.weight),
    }
    unknown |= {name: bool(getattr(case, name)) for name in Case.model_fields if name not in (*READ, *unknown)}
    if any(unknown.values()):
        raise ValueError(f"the plain program knows no {', '.join(name for name, there in unknown.items() if there)}")
    sets, program = Sets(case), Program()
    devices.write(sets, program)
    work.write(sets, program)
    halls.write(sets, program)
    payments = money.write(sets, program)
    funds.write(sets, program, payments)
    return program
