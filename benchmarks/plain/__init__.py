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


def plain_program(case: Case) -> Program:
    """The program of a case that asks for least cost.

    Raises ValueError for what it does not know: other objectives, silos, whole numbers and aversion to risk. Halls are
    held to the supercomputer ceiling; none is declared free of US-origin devices.
    """
    unknown = {
        "another objective": case.objective != "min_cost",
        "silos": bool(case.silos),
        "whole numbers": case.whole.servers or case.whole.porting,
        "aversion to risk": bool(case.risk.weight),
    }
    if any(unknown.values()):
        raise ValueError(f"the plain program knows no {', '.join(what for what, there in unknown.items() if there)}")
    sets, program = Sets(case), Program()
    devices.write(sets, program)
    work.write(sets, program)
    halls.write(sets, program)
    payments = money.write(sets, program)
    funds.write(sets, program, payments)
    return program
