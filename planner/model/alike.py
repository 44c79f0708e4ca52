"""What may be decided in a case, held against that of one much like it: whether it makes the same columns, and whether law says the
same of it.
"""

from __future__ import annotations

from collections.abc import Iterator
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
    of what may stand. The same may be decided (`same_choices`), and the two cases differ in nothing else that law is asked about than
    its what-ifs.
    """
    answers = [
        *(each for key, order in options.orders.items() for each in _answers(order, near.orders[key])),
        *((rental.answer, near.rentals[key].answer) for key, rental in options.rentals.items()),
    ]
    if any(one is not other and _says(one) != _says(other) for one, other in answers):
        return False
    case, before = options.case, near.case
    return all(
        options.marked(accelerator, case.sites[site], node) == near.marked(accelerator, before.sites[site], node)
        for accelerator, site in options.owned_pairs
        if case.controls.get(accelerator) != before.controls.get(accelerator)
        for node in case.tree
    )


def _stands(order: Order) -> tuple[object, ...]:
    """Where and when an order stands, and what it waits for its hall."""
    days = [(arrival.node, arrival.day, arrival.until, arrival.arrived) for arrival in order.arrivals]
    return days, order.cancelled, order.whole, order.parts


def _answers(order: Order, near: Order) -> Iterator[tuple[Answer, Answer]]:
    return ((one.answer, other.answer) for one, other in zip(order.arrivals, near.arrivals, strict=True))


def _says(answer: Answer) -> tuple[object, ...]:
    """All of an answer that a line or a row is told."""
    return answer.fee_share, answer.licensed, answer.risky


def _same_placement(one: Placement, other: Placement) -> bool:
    return bool(_placed(one) == _placed(other))
