"""What may be decided in a case, held against that of one much like it: whether it makes the same columns, and whether law says the
same of it.
"""

from __future__ import annotations

from operator import attrgetter

from planner.model.options import Options
from planner.model.permission import Answer
from planner.model.placement import Placement
from planner.model.procurement import Order

_placed = attrgetter("key", "stack", "ported", "mechanisms", "nodes", "through")


def same_choices(options: Options, near: Options) -> bool:
    """Whether the same may be ordered, to stand in the same nodes from the same days, and rented, and run. Both on the same tree."""
    return (
        list(options.orders) == list(near.orders)
        and all(_stands(order) == _stands(near.orders[key]) for key, order in options.orders.items())
        and list(options.rentals) == list(near.rentals)
        and len(options.placements) == len(near.placements)
        and all(map(_same_placement, options.placements, near.placements))
    )


def same_law(options: Options, near: Options) -> bool:
    """Whether law takes the same fees and licences for all that may be ordered and rented, and keeps US money off the same of it and
    of what may stand.
    """
    return (
        all(_answers(order) == _answers(near.orders[key]) for key, order in options.orders.items())
        and all(_says(rental.answer) == _says(near.rentals[key].answer) for key, rental in options.rentals.items())
        and all(
            options.marked(accelerator, options.case.sites[site], node)
            == near.marked(accelerator, near.case.sites[site], node)
            for accelerator, site in options.owned_pairs
            for node in options.case.tree
        )
    )


def _stands(order: Order) -> tuple[object, ...]:
    """Where and when an order stands, and what it waits for its hall."""
    days = [(arrival.node, arrival.day, arrival.until, arrival.arrived) for arrival in order.arrivals]
    return days, order.cancelled, order.whole, order.parts


def _answers(order: Order) -> list[tuple[object, ...]]:
    return [_says(arrival.answer) for arrival in order.arrivals]


def _says(answer: Answer) -> tuple[object, ...]:
    """All of an answer that a line or a row is told."""
    return answer.fee_share, answer.licensed, answer.risky


def _same_placement(one: Placement, other: Placement) -> bool:
    return bool(_placed(one) == _placed(other))
