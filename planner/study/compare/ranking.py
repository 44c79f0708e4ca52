"""Ranks by weighted criteria, how far they hold, and what would turn them.

    score[i]  =  100 · Σ_c w[c] · v[i,c] / Σ_c w[c]            v between 0 and 1

    cost           least NPV cost per PFLOP/s-day of work on the short list, over the option's own
    months         1 − months to service / months allowed, 0 at the limit
    law            Σ_s probability[s] · share of its devices that come in scenario s
    data           share of the mix that it may serve
    carbon         least kg per PFLOP/s-day of work on the short list, over the option's own
    expansion      power left at its sites once it stands, over its own, 1 at most; as judged where the file says
    local_benefit  as judged; 0 where nobody did

The best sets the scale, never the worst: an option that is worse in all changes no other's score. Draws are of a fixed seed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from planner.domain.base import Range
from planner.solve.outcome import Floats

RELATIVE = ("cost", "carbon")
"""Criteria in which less is better and the best sets the scale."""
DRAWS, SEED = 2_000, 0
CONCENTRATION = 20.0
"""Of the Dirichlet distribution of weights about those stated: a weight of 30 % has a standard deviation of 10 points."""
MOST_FACTOR, STEPS = 10.0, 60


@dataclass(frozen=True)
class Candidate:
    """What ranks an option: raw values by criterion (cost and carbon per unit of work, the others from 0 to 1), and how much its cost rises
    when its prices double."""

    option: str
    raw: Mapping[str, float]
    cost_per_price: float
    cost_by_scenario: Mapping[str, float | None]


@dataclass(frozen=True)
class Stability:
    """How often an option comes first, of all draws, and its rank in each future taken for certain (None: it does no work there)."""

    option: str
    first_share_weights: float
    first_share_prices: float
    first_share_both: float
    mean_rank: float
    worst_rank: int
    rank_by_scenario: Mapping[str, int | None]


@dataclass(frozen=True)
class Switch:
    """What would make another option the first: the `price` of an option, as a multiple of its bid, or the `weight` of a criterion, %.
    `at` None: nothing within reach does.
    """

    moved: Literal["price", "weight"]
    of: str
    now: float
    at: float | None
    then_first: str | None


def values(candidates: Sequence[Candidate], criteria: Sequence[str], factors: Floats | None = None) -> Floats:
    """(..., options, criteria): v, with prices of each option times its factor, of which there may be many draws
    (..., options).
    """
    raw = np.array([[c.raw[name] for name in criteria] for c in candidates])
    if factors is not None:
        raw = np.broadcast_to(raw, (*factors.shape, len(criteria))).copy()
        if "cost" in criteria:
            raw[..., criteria.index("cost")] += (factors - 1) * np.array([c.cost_per_price for c in candidates])
    for place, name in enumerate(criteria):
        if name in RELATIVE:
            raw[..., place] = _to_best(raw[..., place])
    return np.asarray(np.clip(raw, 0.0, 1.0))


def _to_best(amounts: Floats) -> Floats:
    """Least amount of the options over each, (..., options); amounts of nothing are the best."""
    least = amounts.min(axis=-1, keepdims=True, initial=np.inf)
    best = (amounts <= 0).astype(float)
    return np.asarray(np.divide(least, amounts, out=best, where=~(least <= 0)))


def scores(candidates: Sequence[Candidate], weights: Mapping[str, float], factors: Floats | None = None) -> Floats:
    """(options,): 0 to 100."""
    names, amounts = list(weights), np.array(list(weights.values()))
    return np.asarray(100 * values(candidates, names, factors) @ amounts / amounts.sum())


def ranks(candidates: Sequence[Candidate], amounts: Floats) -> list[int]:
    """1 for the highest; equals by name, so that the order of the file never matters."""
    order = sorted(
        range(len(candidates)), key=lambda place: (-round(float(amounts[place]), 9), candidates[place].option)
    )
    return [order.index(place) + 1 for place in range(len(candidates))]


def stability(candidates: Sequence[Candidate], weights: Mapping[str, float], prices: Range) -> tuple[Stability, ...]:
    """Over weights around those stated, over prices of each bid within the range, and over futures."""
    candidates = sorted(candidates, key=lambda candidate: candidate.option)
    names, stated = list(weights), np.array(list(weights.values()))
    around = _weights_around(stated / stated.sum())
    factors = _factors(len(candidates), prices)
    plain = values(candidates, names)
    priced = values(candidates, names, factors)
    by_weights = around @ plain.T
    by_prices = priced @ (stated / stated.sum())
    both = np.einsum("dic,dc->di", priced, around)
    first = [
        np.bincount(amounts.argmax(axis=1), minlength=len(candidates)) / DRAWS
        for amounts in (by_weights, by_prices, both)
    ]
    places = (-both).argsort(axis=1, kind="stable").argsort(axis=1) + 1
    futures = _by_scenario(candidates)
    return tuple(
        Stability(
            candidate.option,
            float(first[0][place]),
            float(first[1][place]),
            float(first[2][place]),
            float(places[:, place].mean()),
            int(places[:, place].max()),
            {name: ranking.get(candidate.option) for name, ranking in futures.items()},
        )
        for place, candidate in enumerate(candidates)
    )


def _weights_around(shares: Floats) -> Floats:
    """(draws, criteria)."""
    drawn = np.random.default_rng(SEED).gamma(np.maximum(CONCENTRATION * shares, 1e-12), size=(DRAWS, len(shares)))
    drawn[:, shares == 0] = 0.0
    return np.asarray(drawn / drawn.sum(axis=1, keepdims=True))


def _factors(options: int, prices: Range) -> Floats:
    """(draws, options), each bid by itself."""
    if prices.low == prices.high:
        return np.full((DRAWS, options), prices.mid)
    return np.random.default_rng(SEED + 1).triangular(prices.low, prices.mid, prices.high, size=(DRAWS, options))


def _by_scenario(candidates: Sequence[Candidate]) -> dict[str, dict[str, int]]:
    """Rank by cost-effectiveness in each future taken for certain."""
    rankings: dict[str, dict[str, int]] = {}
    for name in candidates[0].cost_by_scenario if candidates else ():
        costs = [(c.cost_by_scenario[name], c.option) for c in candidates]
        known = sorted((cost, option) for cost, option in costs if cost is not None)
        rankings[name] = {option: place + 1 for place, (_, option) in enumerate(known)}
    return rankings


def switches(candidates: Sequence[Candidate], weights: Mapping[str, float]) -> tuple[Switch, ...]:
    """How far the first's prices may rise, how far another's must fall, and at which weight of a criterion the first is another."""
    if len(candidates) < 2:
        return ()
    amounts = scores(candidates, weights)
    leader = ranks(candidates, amounts).index(1)
    moves = [_price_switch(candidates, weights, leader, leader, rise=True)]
    moves += [
        _price_switch(candidates, weights, leader, place, rise=False)
        for place in range(len(candidates))
        if place != leader
    ]
    return (*moves, *_weight_switches(candidates, weights, leader))


def _price_switch(
    candidates: Sequence[Candidate], weights: Mapping[str, float], leader: int, moved: int, *, rise: bool
) -> Switch:
    """Bisection: a price that rises lowers its own score and no other's."""

    def first(factor: float) -> int:
        factors = np.ones(len(candidates))
        factors[moved] = factor
        return ranks(candidates, scores(candidates, weights, factors)).index(1)

    option, still, other = candidates[moved].option, 1.0, MOST_FACTOR if rise else 0.0
    if first(other) == leader:
        return Switch("price", option, 1.0, None, None)
    for _ in range(STEPS):
        middle = (still + other) / 2
        still, other = (middle, other) if first(middle) == leader else (still, middle)
    return Switch("price", option, 1.0, other, candidates[first(other)].option)


def _weight_switches(candidates: Sequence[Candidate], weights: Mapping[str, float], leader: int) -> list[Switch]:
    """Where the line of another option crosses that of the first, the other weights keeping their proportions."""
    names, stated = list(weights), np.array(list(weights.values()), dtype=float)
    v, switches = values(candidates, names), []
    for place, name in enumerate(names):
        now, rest = float(stated[place] / stated.sum()), np.delete(stated, place)
        if rest.sum() <= 0:
            continue
        others = np.delete(v, place, axis=1) @ rest / rest.sum()
        ahead = v[leader, place] - v[:, place], others[leader] - others
        nearest: tuple[float, int] | None = None
        for rival in range(len(candidates)):
            at_one, at_none = float(ahead[0][rival]), float(ahead[1][rival])
            if rival == leader or at_one * at_none >= 0:
                continue
            share = at_none / (at_none - at_one)
            if nearest is None or abs(share - now) < abs(nearest[0] - now):
                nearest = share, rival
        if nearest is not None:
            switches.append(Switch("weight", name, 100 * now, 100 * nearest[0], candidates[nearest[1]].option))
    return switches
