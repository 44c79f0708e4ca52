"""A plan on one screen: what to buy when, what to rent, what it runs, what it costs, what limits it, what
law refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from operator import itemgetter

from planner.law.assumed import assumed
from planner.model.variables import HKD_PER_MODEL_UNIT, grouped
from planner.plan.plan import Plan
from planner.plan.rows import Record, sums
from planner.report.limits import Limit, limits, proved
from planner.report.refusals import Condition, Refused, conditions, fully_refused, refusals
from planner.report.treasury import Treasury, treasury
from planner.report.words import overridden
from planner.solve.near_ties import uses
from planner.solve.outcome import SecondLook
from planner.study.reach.alone import Reach, alone

DEAREST = 3
PERIODS_ON_SCREEN = 8


@dataclass(frozen=True)
class Column:
    """A stretch of time at the head of the screen's tables: a period, or a year where there are many."""

    name: str
    periods: tuple[str, ...]


@dataclass(frozen=True)
class Holding:
    """Devices of one kind bought for, or rented at, one site. `devices` is by column of time, expected over branches.

    Purchases are counted when ordered, in all their sum; rentals are the average over the stretch, in all their peak.
    """

    accelerator: str
    site: str
    offers: tuple[str, ...]
    devices: tuple[float, ...]
    devices_in_all: float
    hkd: float


@dataclass(frozen=True)
class Served:
    """What a workload asks for and gets over the horizon.

    `runs_on`: device, site and part of the work, the largest first.
    """

    workload: str
    name: str
    tenant: str
    asked_pflops_days: float
    unserved_pflops_days: float
    unserved_hkd: float
    runs_on: tuple[tuple[str, str, float], ...]

    @property
    def share(self) -> float:
        """Part of the work that is done, 0 to 1."""
        return 1.0 - self.unserved_pflops_days / self.asked_pflops_days if self.asked_pflops_days else 1.0


@dataclass(frozen=True)
class Missed:
    """A target of capacity that the plan does not keep, and what each limit alone would let stand."""

    target: str
    period: str
    target_pflops: float
    missing_pflops: float
    hkd: float
    alone: tuple[Reach, ...]


@dataclass(frozen=True)
class AtEachPrecision:
    """What counts towards a target when it is due, at each precision: PFLOP/s, dense peak, and devices that publish none."""

    target: str
    due: str
    target_pflops: float
    basis: str
    precision: str
    peaks: Mapping[str, float]
    devices: float
    without_rate: Mapping[str, float]


@dataclass(frozen=True)
class NearTie:
    """The best plan, where a simpler one that costs nearly the same is told: its cost, and orders and rentals in both."""

    best_hkd: float
    uses_of_best: int
    uses: int


@dataclass(frozen=True)
class Decomposed:
    """How a tree was solved by branch: the rounds it took, and what the least cost is proved to be at least."""

    rounds: int
    bound_hkd: float


@dataclass(frozen=True)
class Summary:
    """The plan's answer to each question that a reader asks first."""

    title: str
    changed: tuple[str, ...]
    first_period: str
    last_period: str
    objective: str
    objective_hkd: float
    costs: tuple[tuple[str, float], ...]
    treasury: Treasury
    columns: tuple[Column, ...]
    bought: tuple[Holding, ...]
    rented: tuple[Holding, ...]
    first_orders: tuple[tuple[str, str, float], ...]
    served: tuple[Served, ...]
    missed: tuple[Missed, ...]
    targets: tuple[AtEachPrecision, ...]
    dearest: tuple[Limit, ...]
    refused: tuple[Refused, ...]
    conditions: tuple[Condition, ...]
    never_lawful: frozenset[str]
    assumed: tuple[str, ...]
    unannounced: tuple[str, ...]
    """Accelerators bought or rented that no maker has announced: generations that the catalogue assumes."""
    offers: int
    branches: int
    audited: int
    divisible_hkd: float | None
    """What it would cost in fractions; None where whole numbers were not asked for."""
    gap: float
    rounded: bool
    """Whether lots were rounded, so that limits have the prices of the optimum in fractions."""
    second_look: SecondLook | None
    near_tie: NearTie | None
    decomposed: Decomposed | None
    """None where the program was solved as one."""
    halls_gap_hkd: float | None
    """By how much the plan may lie above the best choice of halls free of US-origin devices; None where it is the best."""


def summarise(plan: Plan) -> Summary:
    """Read the summary off the plan's tables."""
    case, columns = plan.case, _columns(plan)
    periods = [str(period) for period in case.horizon.periods]
    orders, relaxed = _once(plan), plan.solution.relaxed_objective
    taken = dict.fromkeys(row["accelerator"] for row in (*plan.rows.orders, *plan.rows.rentals))
    return Summary(
        title=case.title,
        changed=tuple(overridden(case)),
        first_period=periods[0],
        last_period=periods[-1],
        objective=case.objective,
        objective_hkd=plan.objective_hkd,
        costs=tuple(plan.cost_hkd.items()),
        treasury=treasury(plan),
        columns=columns,
        bought=_bought(plan, orders, columns),
        rented=_rented(plan, columns),
        first_orders=tuple(
            (accelerator, site, devices)
            for (accelerator, site), devices in sums(
                (order for order in orders if order["period"] == periods[0]), ("accelerator", "site"), "devices"
            ).items()
        ),
        served=served(plan),
        missed=_missed(plan),
        targets=_targets(plan),
        dearest=tuple(proved(plan, limits(plan)[:DEAREST])),
        refused=tuple(refusals(plan)),
        conditions=tuple(conditions(plan)),
        never_lawful=fully_refused(plan),
        assumed=assumed(case),
        unannounced=tuple(id for id in taken if case.accelerators[id].confidence == "assumed"),
        offers=len(case.offers),
        branches=len(case.tree.leaves),
        audited=len(plan.audit.checks),
        divisible_hkd=None if relaxed is None else relaxed * HKD_PER_MODEL_UNIT,
        gap=plan.solution.gap,
        rounded=relaxed is not None and plan.solution.optimum is not None,
        second_look=plan.solution.second_look,
        near_tie=_near_tie(plan),
        decomposed=_decomposed(plan),
        halls_gap_hkd=_halls_gap_hkd(plan),
    )


def _missed(plan: Plan) -> tuple[Missed, ...]:
    reached = {name: tuple(alone(plan.model, name)) for name in dict.fromkeys(r["target"] for r in plan.rows.shortfall)}
    return tuple(
        Missed(r["target"], r["period"], r["target_pflops"], r["missing_pflops"], r["hkd"], reached[r["target"]])
        for r in plan.rows.shortfall
    )


def _targets(plan: Plan) -> tuple[AtEachPrecision, ...]:
    by_due: dict[tuple[str, str], list[Record]] = {}
    for row in plan.rows.target_peaks:
        by_due.setdefault((row["target"], row["node"]), []).append(row)
    targets = []
    for (name, node), rows in by_due.items():
        target, first = plan.case.capacity_targets[name], rows[0]
        peaks = {row["precision"]: row["peak_pflops"] for row in rows}
        silent = {row["precision"]: row["devices_without_rate"] for row in rows}
        targets.append(
            AtEachPrecision(name, node, target.pflops, target.basis, target.precision, peaks, first["devices"], silent)
        )
    return tuple(targets)


def _near_tie(plan: Plan) -> NearTie | None:
    best = plan.solution.optimum
    if best is None or plan.solution.relaxed_objective is not None or not plan.case.near_tie_share:
        return None
    of_best, of_plan = (uses(plan.model, values) for values in (best.values, plan.solution.values))
    return NearTie(best.objective * HKD_PER_MODEL_UNIT, of_best, of_plan)


def _decomposed(plan: Plan) -> Decomposed | None:
    rounds = len(plan.solution.rounds)
    return Decomposed(rounds, plan.solution.priced.objective * HKD_PER_MODEL_UNIT) if rounds else None


def _halls_gap_hkd(plan: Plan) -> float | None:
    gap_hkd = plan.solver.get("halls_gap_hkd")
    return gap_hkd if isinstance(gap_hkd, float) else None


def _columns(plan: Plan) -> tuple[Column, ...]:
    """The periods where they fit on a screen, else the years."""
    periods = [str(period) for period in plan.case.horizon.periods]
    if len(periods) <= PERIODS_ON_SCREEN:
        return tuple(Column(period, (period,)) for period in periods)
    years = dict.fromkeys(period[:4] for period in periods)
    return tuple(Column(year, tuple(p for p in periods if p.startswith(year))) for year in years)


def _weighted(plan: Plan, rows: Iterable[Record], node: str = "node") -> list[Record]:
    """The records with their amounts weighted by the probability of their node."""
    weight = {n.id: n.probability for n in plan.case.tree}
    amounts = ("devices", "hkd", "work_pflops_days", "asked_pflops_days", "unserved_pflops_days")
    return [{**row, **{name: row[name] * weight[row[node]] for name in amounts if name in row}} for row in rows]


def _once(plan: Plan) -> list[Record]:
    """Orders, each once: the table has a line for every branch in which one arrives."""
    once = {(order["offer"], order["site"], order["node"]): order for order in plan.rows.orders}
    return _weighted(plan, once.values())


def _bought(plan: Plan, orders: list[Record], columns: tuple[Column, ...]) -> tuple[Holding, ...]:
    paid = sums(_weighted(plan, plan.rows.orders, "stands_from"), ("accelerator", "site"), "hkd")
    return _holdings(orders, columns, paid, average=False)


def _rented(plan: Plan, columns: tuple[Column, ...]) -> tuple[Holding, ...]:
    rentals = _weighted(plan, plan.rows.rentals)
    return _holdings(rentals, columns, sums(rentals, ("accelerator", "site"), "hkd"), average=True)


def _holdings(
    rows: list[Record], columns: tuple[Column, ...], hkd: Mapping[tuple[str, str], float], *, average: bool
) -> tuple[Holding, ...]:
    holdings, at_place = [], grouped(rows, itemgetter("accelerator", "site"))
    for (accelerator, site), paid in hkd.items():
        mine = at_place[accelerator, site]
        by_period = sums(mine, "period", "devices")
        devices = tuple(
            sum(by_period.get(p, 0.0) for p in column.periods) / (len(column.periods) if average else 1)
            for column in columns
        )
        total = max(by_period.values()) if average else sum(by_period.values())
        offers = tuple(dict.fromkeys(row["offer"] for row in mine))
        holdings.append(Holding(accelerator, site, offers, devices, total, paid))
    return tuple(sorted(holdings, key=lambda h: (-h.hkd, h.accelerator, h.site)))


def served(plan: Plan) -> tuple[Served, ...]:
    asked, ran = (
        grouped(_weighted(plan, rows), itemgetter("workload")) for rows in (plan.rows.unserved, plan.rows.service)
    )
    served = []
    for workload in plan.case.workloads.values():
        mine, work = asked.get(workload.id, []), ran.get(workload.id, [])
        served.append(
            Served(
                workload.id,
                workload.name,
                workload.tenant,
                sum(row["asked_pflops_days"] for row in mine),
                sum(row["unserved_pflops_days"] for row in mine),
                sum(row["hkd"] for row in mine),
                _shares(sums(work, ("accelerator", "site"), "work_pflops_days")),
            )
        )
    return tuple(served)


def _shares(amounts: Mapping[tuple[str, str], float]) -> tuple[tuple[str, str, float], ...]:
    whole = sum(amounts.values())
    known = sorted(amounts.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple((*place, amount / whole) for place, amount in known if amount > 0)
