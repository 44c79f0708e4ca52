"""An option carried out under the law in force and in every scenario of the case: the figures from which all else follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import fsum

from planner.domain.bid import Comparison
from planner.domain.case import Case
from planner.intake.options_file import BUSINESS_AS_USUAL, DO_MINIMUM
from planner.plan.plan import Plan, make_plan
from planner.plan.usual import need
from planner.solve.tree_program import LAW_IN_FORCE
from planner.study.compare.capacity import Capacity, Mix, capacity_of, mix_of, work_done
from planner.study.compare.carry_out import CarriedOut, carry_out
from planner.study.compare.cost import Cost, Overtaken, cost_of
from planner.study.compare.fleet import Key, wanted, with_bid, with_rentals
from planner.study.whatif.variant import under


@dataclass(frozen=True)
class World:
    """The case in one future: business as usual there, and the day from which its law differs from that in force."""

    case: Case
    usual: Plan
    probability: float
    law_since: date | None = None

    @cached_property
    def total_hkd(self) -> float:
        """What business as usual leaves unserved, at its value."""
        return self.usual.cost_hkd.get("unserved", 0.0)


@dataclass(frozen=True)
class Outcome:
    """An option in one world. `total_hkd`: NPV cost above business as usual and the value of what goes unserved."""

    done: CarriedOut
    cost: Cost
    total_hkd: float
    work: float
    arrives: float


@dataclass(frozen=True)
class Evaluation:
    """An option in all worlds."""

    key: str
    now: Outcome
    capacity: Capacity
    by_scenario: Mapping[str, Outcome]


class Worlds:
    """The law in force and the scenarios of a case, each with its business as usual; without any the law in force is the only future."""

    def __init__(self, comparison: Comparison, case: Case) -> None:
        self.comparison, self.case = comparison, case
        self.now = _world(case.model_copy(update={"scenarios": ()}), 1.0)
        book = case.rulebook.scenarios
        self.by_scenario = {
            scenario.id: _world(
                under(case, scenario.id),
                scenario.probability,
                book[scenario.id].start_date if scenario.id in book else case.revealed[scenario.id],
            )
            for scenario in case.scenarios
        } or {LAW_IN_FORCE: self.now}
        self.mix: Mix = mix_of(self.now.usual.case, self.now.usual, comparison.mix)

    def evaluate(self, key: str) -> Evaluation:
        """A bid, or one of the two that are always compared."""
        now = self._outcome(key, self.now)
        signed = frozenset(offer for offer, _, _ in now.done.devices)
        by_scenario = {
            name: now if world is self.now else self._outcome(key, world, signed)
            for name, world in self.by_scenario.items()
        }
        return Evaluation(key, now, capacity_of(now.done, self.mix), by_scenario)

    def _outcome(self, key: str, world: World, signed: frozenset[str] = frozenset()) -> Outcome:
        done, sought = self._carried_out(key, world)
        if key in self.comparison.options:
            overtaken = Overtaken(world.law_since, signed) if world.law_since else None
            cost = cost_of(self.comparison, key, done, world.usual, overtaken)
        else:
            cost = Cost(_above(done.plan, world.usual), 0.0)
        unserved = done.plan.cost_hkd.get("unserved", 0.0)
        return Outcome(
            done,
            cost,
            cost.hkd + unserved,
            work_done(done.plan) - work_done(world.usual),
            _share(sought, done.devices),
        )

    def _carried_out(self, key: str, world: World) -> tuple[CarriedOut, Mapping[Key, float]]:
        if key == BUSINESS_AS_USUAL:
            return CarriedOut(world.usual, {}, {}), {}
        if key == DO_MINIMUM:
            plan = make_plan(with_rentals(world.case, self.comparison.do_minimum))
            rented = {(row["offer"], row["site"], row["node"]): row["devices"] for row in plan.rows.rentals}
            return CarriedOut(plan, rented, {}), rented
        case = with_bid(world.case, self.comparison, key)
        orders, rents = wanted(case, self.comparison, key)
        return carry_out(case, orders, rents), {**orders, **rents}


def _world(case: Case, probability: float, law_since: date | None = None) -> World:
    # Bids say how many devices they bring: lots and the cost of ordering them are theirs.
    whole = case.whole.model_copy(update={"lots": False})
    case = case.model_copy(update={"whole": whole})
    return World(case, make_plan(need(case)), probability, law_since)


def _above(plan: Plan, usual: Plan) -> dict[str, float]:
    """What a plan pays above business as usual, by cost."""
    costs = {cost: hkd - usual.cost_hkd.get(cost, 0.0) for cost, hkd in plan.cost_hkd.items() if cost != "unserved"}
    return {cost: hkd for cost, hkd in costs.items() if hkd}


def _share(sought: Mapping[Key, float], devices: Mapping[Key, float]) -> float:
    """Share of the devices sought that come, a rental by the share of its periods; 1 where none are sought."""
    most: dict[str, float] = {}
    come: dict[str, list[float]] = {}
    for key, amount in sought.items():
        most[key[0]] = max(amount, most.get(key[0], 0.0))
        come.setdefault(key[0], []).append(devices.get(key, 0.0))
    asked = fsum(most.values())
    return min(1.0, fsum(fsum(each) / len(each) for each in come.values()) / asked) if asked else 1.0
