"""A fleet that is fixed, carried out: the plan around it, or around as much of it as law and the halls let stand.

first   every order and rental at its number of devices, the rest at least cost
else    the most devices that can be, then the same with these: what keeps the others out is told
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from planner.domain.case import Case
from planner.errors import Infeasible
from planner.model.build import Model, build
from planner.model.ledger import Refusal
from planner.model.rows import Row, Terms
from planner.plan.plan import Plan, read_plan
from planner.solve.choices import chosen
from planner.solve.objective import solve_model
from planner.solve.of_model import rebounded
from planner.solve.outcome import Solution
from planner.study.compare.fleet import Key

PLAY = 1e-7
"""Of a number of devices: keeps rounding out."""
NO_PRICE = 1e-9
HALLS = frozenset({"power", "cooling", "space"})
"""Limits of a hall: who keeps to them has paid for what does not fit."""


@dataclass(frozen=True)
class Limit:
    """What keeps devices of a bid out: a limit of a family of constraints, on what, how much it is in the unit of the family, and the
    contract or rule behind it.
    """

    family: str
    on: tuple[str, ...]
    amount: float
    because: str


@dataclass(frozen=True)
class CarriedOut:
    """The plan around a fixed fleet.

    `devices`: by order and rental, those that stand or are let; `refusals`: of those that come by no way (None: the case has no such way);
    `limits`: what keeps others out.
    """

    plan: Plan
    devices: Mapping[Key, float]
    refusals: Mapping[Key, Refusal | None]
    limits: tuple[Limit, ...] = ()

    @property
    def hall_alone(self) -> bool:
        """Whether nothing but a hall keeps devices out, so that they are paid for."""
        return all(limit.family in HALLS for limit in self.limits)


def carry_out(case: Case, orders: Mapping[Key, float], rents: Mapping[Key, float]) -> CarriedOut:
    """The plan of the case with these devices ordered and rented, as far as can be.

    Raises Infeasible where the case has no plan even without them.
    """
    model = build(case)
    sought = {**orders, **rents}
    known = {key: devices for key, devices in sought.items() if _column(model, key) is not None}
    refusals = {key: _why(model.options.refused, key) for key in sought if key not in known}
    try:
        return CarriedOut(_planned(held(model, known, low=1 - PLAY)), known, refusals)
    except Infeasible:
        fitting, limits = _most(model, known)
        return CarriedOut(_planned(held(model, fitting, low=1 - PLAY)), fitting, refusals, limits)


def held(model: Model, devices: Mapping[Key, float], *, low: float) -> Model:
    """The model with each order and rental at its devices, or from a share `low` of them up."""
    bounds = {}
    for key, number in (*model.columns.order.items(), *model.columns.rent.items()):
        amount = devices.get((key[0], key[1], key[2]), 0.0)
        bounds[number] = model.columns.all[number]._replace(low=low * amount, high=(1 + PLAY) * amount)
    return replace(rebounded(model, bounds), rows=(*model.rows, *kept(model)))


def kept(model: Model) -> Iterator[Row]:
    """What was bought stays to the end of its life: else a plan would take out at once what no hall has room for."""
    options, x = model.options, model.columns
    for accelerator, site, node_id in x.fleet:
        joined = options.joined(accelerator, site, options.node(node_id))
        living = [(x.order[order.offer.id, site, order.node.id], -1.0) for order, lives in joined if lives]
        if living:
            because = f"what a bid brings of {accelerator} to {site} stays to the end of its life"
            terms = Terms.of([(x.fleet[accelerator, site, node_id], 1.0), *living])
            yield Row("fleet_balance", (accelerator, site), node_id, terms, ">=", 0.0, because, ("kept",), False)


def _column(model: Model, key: Key) -> int | None:
    return model.columns.order.get(key, model.columns.rent.get(key))


def _planned(model: Model) -> Plan:
    return read_plan(*chosen(model, solve_model))


def _most(model: Model, devices: Mapping[Key, float]) -> tuple[dict[Key, float], tuple[Limit, ...]]:
    """The most of the devices that can be, and what stands against more; rentals count by the share of their periods."""
    loose = held(model, devices, low=0.0)
    periods: dict[str, int] = {}
    for offer, _, _ in devices:
        periods[offer] = periods.get(offer, 0) + 1
    aim = [0.0] * len(loose.columns.all)
    for key in devices:
        number = _column(loose, key)
        assert number is not None
        aim[number] = -1.0 / periods[key[0]]
    model, solution = chosen(loose, lambda asked: solve_model(asked, objective=aim))
    fitting = {key: max(0.0, float(solution.values[_column(model, key) or 0]) * (1 - PLAY)) for key in devices}
    return fitting, tuple(_limits(model, solution))


def _limits(model: Model, solution: Solution) -> Iterable[Limit]:
    """Rows that bind the number of devices, one of each family, the dearest."""
    binding: dict[str, tuple[float, Limit]] = {}
    for row, price in zip(model.rows, solution.prices, strict=True):
        if abs(price) > NO_PRICE and row.family not in ("fleet_balance", "capacity", "demand"):
            first = binding.get(row.family)
            if first is None or abs(price) > first[0]:
                binding[row.family] = abs(price), Limit(row.family, row.subject, row.limit, row.because)
    return [limit for _, limit in binding.values()]


def _why(refused: Iterable[Refusal], key: Key) -> Refusal | None:
    for refusal in refused:
        if refusal.offer == key[0] and refusal.site == key[1] and refusal.node in (None, key[2]):
            return refusal
    return None
