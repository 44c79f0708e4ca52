"""What a plan pays for: one subject a file, one function a term, in the order in which a procurement
review reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from planner.model.costs import energy, equipment, funding, ordering, purchase, readiness, rental, standing, value
from planner.model.costs.line import Line, Lines, Piece
from planner.model.options import Options
from planner.model.variables import Columns

Term = Callable[[Options, Columns], Iterator[Piece]]

COSTS: dict[str, Term] = {
    "purchase": purchase.lines,
    "freight": equipment.freight,
    "equipment": equipment.equipment,
    "fit_out": equipment.fit_out,
    "warehouse": equipment.warehouse,
    "hosting": standing.hosting,
    "energy": energy.energy,
    "demand_charge": energy.demand_charge,
    "carbon": energy.carbon,
    "rental": rental.lines,
    "staff": standing.staff,
    "maintenance": standing.maintenance,
    "insurance": standing.insurance,
    "porting": readiness.porting,
    "mechanism": readiness.mechanism,
    "compliance": readiness.compliance,
    "ordering": ordering.ordering,
    "introduction": ordering.introduction,
    "entity": readiness.entity,
    "decommission": standing.decommission,
    "residual": value.residual,
    "unserved": value.unserved,
    "shortfall": value.shortfall,
}
FUNDING: dict[str, Term] = {"subsidy": funding.subsidy, "interest": funding.interest}

__all__ = ["COSTS", "FUNDING", "Line", "Lines", "Piece", "Term"]
