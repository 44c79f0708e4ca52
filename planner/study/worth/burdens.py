"""What each burden costs in all, by planning without it: embargo, performance tax, balkanisation, double bind, strings;
and what delay costs.

A burden's cost is what the plan costs less without it, all else as it is. Without all of them together it costs less by
another amount: the difference is their interaction, and the parts add up with it. Delay is no burden to be lifted but
one to be feared: the same plan a year later, every purchase ordered at least twelve months after the start, every hard
target due twelve months later.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial, reduce

from planner.domain.case import Case
from planner.domain.fund import Strings
from planner.domain.horizon import Period, add_months
from planner.domain.policy import CapacityTarget
from planner.errors import Infeasible
from planner.plan.plan import Plan, make_plan
from planner.study.worth.lifted import at_par, stacks_of, without_embargo

Lift = Callable[[Case], Case]
Tell = Callable[[str], None]
DELAY_MONTHS = 12
INTERACTION = "together"


@dataclass(frozen=True)
class Total:
    """A burden and its cost, HKD, discounted; None where the case has no plan without it."""

    burden: str
    meaning: str
    hkd: float | None


@dataclass(frozen=True)
class Totals:
    """Burdens one by one, then their interaction; they add up to `base_hkd - lifted_hkd`.

    `delay` is what a year costs.
    """

    base_hkd: float
    lifted_hkd: float
    parts: tuple[Total, ...]
    delay: Total


def totals(base: Plan, tell: Tell = lambda doing: None) -> Totals:
    """Every burden that the case bears, each lifted alone, and all together."""
    case = base.case
    lifts = burdens(case)
    parts = []
    for burden, (meaning, lift) in lifts.items():
        tell(f"planning without {burden}")
        parts.append(Total(burden, meaning, base.objective_hkd - make_plan(lift(case), near=base).objective_hkd))
    tell("planning without all of them")
    free = reduce(lambda so_far, lift: lift(so_far), (lift for _, lift in lifts.values()), case)
    lifted = make_plan(free, near=base).objective_hkd
    rest = base.objective_hkd - lifted - sum(part.hkd or 0.0 for part in parts)
    parts.append(Total(INTERACTION, "what the burdens cost only together (below zero: they overlap)", rest))
    tell("planning a year later")
    return Totals(base.objective_hkd, lifted, tuple(parts), _delay(base))


def burdens(case: Case) -> Mapping[str, tuple[str, Lift]]:
    """What can be lifted from this case, with what it means."""
    stacks = stacks_of(case)
    lifts: dict[str, tuple[str, Lift]] = {
        "embargo": ("every US rule on hardware and remote access", without_embargo),
        "double_bind": ("exposure to the rules of the US and of the mainland", without_exposure),
    }
    if stacks:
        lifts["tax"] = (
            "slower kernels, slower engines and porting of other stacks than CUDA",
            lambda c: at_par(c, stacks),
        )
    if case.silos:
        lifts["balkanisation"] = ("silos that share no capacity", pooled)
    for name, fund in case.funds.items():
        if fund.strings != Strings():
            lifts[f"strings_of_{name}"] = (f"what {name} may be spent on", partial(without_strings, fund=name))
    return lifts


def without_exposure(case: Case) -> Case:
    """Buyer and workloads answer to neither regime."""
    free = {"us_exposure": False, "prc_exposure": False}
    workloads = {name: workload.model_copy(update=free) for name, workload in case.workloads.items()}
    buyer = case.buyer.model_copy(update={"us_exposure": False})
    return case.model_copy(update={"workloads": workloads, "buyer": buyer})


def pooled(case: Case) -> Case:
    """One pool for all tenants."""
    return case.model_copy(update={"silos": {}})


def without_strings(case: Case, fund: str) -> Case:
    """The fund pays for anything that its kind may."""
    free = case.funds[fund].model_copy(update={"strings": Strings()})
    return case.model_copy(update={"funds": {**case.funds, fund: free}})


def delayed(case: Case, months: int = DELAY_MONTHS) -> Case:
    """No purchase is ordered before so many months after the start; hard targets are due so much later."""
    first = case.horizon.periods[0]
    start = next(
        (p for p in case.horizon.periods if p.start >= add_months(first.start, months)),
        case.horizon.periods[-1].later(1),
    )
    offers = {
        name: offer
        if offer.kind == "rental"
        else offer.model_copy(update={"available_from": _later_of(offer.available_from, start)})
        for name, offer in case.offers.items()
    }
    targets = {name: late for name, target in case.capacity_targets.items() if (late := _late(case, target, months))}
    return case.model_copy(update={"offers": offers, "capacity_targets": targets})


def _late(case: Case, target: CapacityTarget, months: int) -> CapacityTarget | None:
    """A hard target so much later, None beyond the horizon; one with a price keeps its date and pays."""
    if target.shortfall_hkd_per_pflops is not None:
        return target
    due = Period.parse(target.by)
    by = due.later(-(-months // due.months))
    return target.model_copy(update={"by": str(by)}) if by.start < case.horizon.end_date else None


def _later_of(period: str | None, other: Period) -> str:
    return str(other) if period is None or Period.parse(period).start < other.start else period


def _delay(base: Plan) -> Total:
    meaning = f"every purchase at least {DELAY_MONTHS} months after the start, hard targets due as much later"
    try:
        return Total("delay", meaning, make_plan(delayed(base.case), near=base).objective_hkd - base.objective_hkd)
    except Infeasible:
        return Total("delay", meaning, None)
