"""The best set of bids within a grant: the program of a plan with every bid in it, taken by a share each.

    min   Σ_c cost[c]  +  Σ_b terms[b] · share[b]                       cost: of the plan, unserved work at its value
    s.t.  order[o] = devices[o] · share[b(o)]     rent[o,n] likewise     for each part o of bid b
          Σ_b price[b] · share[b]  <=  grant
          share[b] in {0, 1}, or between them where a bid is divisible, and all limits of a plan: two bids share a hall's power

    terms[b]  what the bid's own terms (payments, levies, what its price covers, the operator) add to or take from what a plan would count for its
              fleet: NPV cost of the bid alone less the plan's count of it, both at the same work
    price[b]  what the bid asks for, undiscounted

Linear where all bids are divisible, else a choice in whole numbers, solved to its end by HiGHS. Bids that cannot be had whole, or serve too late, take no part.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import fsum
from typing import Any

from planner.domain.case import Case
from planner.model.build import Model, build
from planner.model.costs.line import Line, Lines
from planner.model.rows import Row, Terms
from planner.model.variables import HKD_PER_MODEL_UNIT, Column
from planner.plan.plan import Plan
from planner.plan.usual import need
from planner.solve.choices import chosen
from planner.solve.objective import solve_model
from planner.study.compare.capacity import work_done
from planner.study.compare.carry_out import carry_out, kept
from planner.study.compare.cost import VALUES
from planner.study.compare.evaluate import Evaluation, Worlds
from planner.study.compare.fleet import Key, wanted, with_bid

LEAST_SHARE = 1e-6


@dataclass(frozen=True)
class Taken:
    """A bid of the portfolio, and how much of it."""

    option: str
    share: float
    price_hkd: float


@dataclass(frozen=True)
class Portfolio:
    """The best set within a grant. Money in HKD; NPV cost and net value discounted, above business as usual.

    `hkd_per_grant_hkd`: what one more HKD of grant would save, where the grant binds and bids are divisible; else 0 or unknown (None).
    """

    grant_hkd: float
    taken: tuple[Taken, ...]
    left_out: tuple[str, ...]
    spent_hkd: float
    npv_cost_hkd: float
    net_value_hkd: float
    work_pflops_days: float
    hkd_per_grant_hkd: float | None


@dataclass(frozen=True)
class Candidacy:
    """A bid that may be taken: its devices by order and rental, what it asks for, and its terms in HKD."""

    option: str
    devices: Mapping[Key, float]
    price_hkd: float
    terms_hkd: float
    divisible: bool


def portfolio(
    worlds: Worlds, evaluations: Sequence[Evaluation], prices: Mapping[str, float], grant_hkd: float
) -> Portfolio:
    """The best set of these bids, under the law in force."""
    case = _together(worlds, [each.key for each in evaluations])
    bids = [_candidacy(worlds, case, each, prices[each.key]) for each in sorted(evaluations, key=lambda each: each.key)]
    model, columns = _program(case, bids, grant_hkd)
    model, solution = chosen(model, solve_model)
    shares = {bid.option: _clean(float(solution.values[columns[bid.option]])) for bid in bids}
    plan = _plan_of(case, bids, shares)
    usual = worlds.now.usual
    terms = fsum(bid.terms_hkd * shares[bid.option] for bid in bids)
    npv = _paid(plan) - _paid(usual) + terms
    saved = usual.cost_hkd.get("unserved", 0.0) - plan.cost_hkd.get("unserved", 0.0)
    linear = all(bid.divisible for bid in bids)
    return Portfolio(
        grant_hkd,
        tuple(Taken(b.option, shares[b.option], b.price_hkd * shares[b.option]) for b in bids if shares[b.option]),
        tuple(bid.option for bid in bids if not shares[bid.option]),
        fsum(bid.price_hkd * shares[bid.option] for bid in bids),
        npv,
        saved - npv,
        work_done(plan) - work_done(usual),
        -float(solution.prices[-1]) if linear else None,
    )


def _clean(share: float) -> float:
    """A share without the solver's rounding."""
    return next((float(whole) for whole in (0, 1) if abs(share - whole) < LEAST_SHARE), share)


def _together(worlds: Worlds, names: Sequence[str]) -> Case:
    """The need with the offers of all these bids, at the case's own rates."""
    alone = [with_bid(worlds.now.case, worlds.comparison, name) for name in sorted(names)]
    offers: dict[str, Any] = {key: offer for case in alone for key, offer in case.offers.items()}
    return need(worlds.now.case).model_copy(update={"offers": offers})


def _candidacy(worlds: Worlds, case: Case, evaluation: Evaluation, price_hkd: float) -> Candidacy:
    key, comparison = evaluation.key, worlds.comparison
    orders, rents = wanted(case, comparison, key)
    plain = carry_out(case, orders, rents).plan
    terms = evaluation.now.cost.hkd - (_paid(plain) - _paid(worlds.now.usual))
    return Candidacy(key, {**orders, **rents}, price_hkd, terms, comparison.options[key].divisible)


def _paid(plan: Plan) -> float:
    """What a plan pays, less what is credited."""
    return fsum(hkd for cost, hkd in plan.cost_hkd.items() if cost not in VALUES)


def _program(case: Case, bids: Sequence[Candidacy], grant_hkd: float) -> tuple[Model, dict[str, int]]:
    """The program of the case with a column for the share of each bid; the grant is its last row."""
    model = build(case)
    columns, lines, rows = list(model.columns.all), list(model.lines.pieces), [*model.rows, *kept(model)]
    shares: dict[str, int] = {}
    for bid in bids:
        shares[bid.option] = number = len(columns)
        columns.append(Column("share", (bid.option,), 1.0, integer=not bid.divisible))
        lines.append(Line("terms", number, case.tree.root, bid.terms_hkd, 1.0))
        for key, devices in bid.devices.items():
            column = model.columns.order.get(key, model.columns.rent.get(key))
            assert column is not None
            because = f"bid {bid.option} is taken as a whole"
            rows.append(
                Row("share", key[:2], key[2], Terms((column, number), (1.0, -devices)), "==", 0.0, because, (), False)
            )
    spent = Terms.of((shares[bid.option], bid.price_hkd / HKD_PER_MODEL_UNIT) for bid in bids)
    rows.append(Row("grant", (), None, spent, "<=", grant_hkd / HKD_PER_MODEL_UNIT, "the grant"))
    return replace(model, columns=replace(model.columns, all=columns), lines=Lines(lines), rows=tuple(rows)), shares


def _plan_of(case: Case, bids: Sequence[Candidacy], shares: Mapping[str, float]) -> Plan:
    """The audited plan with the shares held."""
    devices = {key: amount * shares[bid.option] for bid in bids for key, amount in bid.devices.items()}
    return carry_out(case, devices, {}).plan
