"""A plan that is settled, carried out in every future: its orders stand until a future is revealed, then all is decided
anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from planner.domain.case import Case
from planner.plan.rows import Record
from planner.solve.futures import Futures
from planner.study.stress.regret import Course, settled
from planner.study.whatif.replay import ordered

HELD = "fixed"


def held(planned_for: Case, orders: Sequence[Record]) -> Callable[[Futures], Course]:
    """The orders of a plan, as `stress(more=…)` takes it.

    Ports and mechanisms stay open; orders that no law here lets ship fall away.
    """

    def course(futures: Futures) -> Course:
        trunk = futures.case.tree.trunk
        names = {node.id for node in trunk}
        columns = [number for key, number in futures.model.columns.order.items() if key[-1] in names]
        values = np.zeros(len(futures.program.cost))
        for node in trunk:
            for (offer, site), devices in ordered(planned_for, orders, node).items():
                column = futures.model.columns.order.get((offer, site, node.id))
                if column is not None:
                    values[column] = devices
        meaning = "the saved plan: its orders stand until a future is revealed"
        (carried_out,) = settled(futures, np.array(columns, dtype=np.int64), [(HELD, meaning, values)])
        return carried_out

    return course
