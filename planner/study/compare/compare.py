"""`planner.compare(...)`: options beside business as usual and the do-minimum, judged, ranked, and what would turn the answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from planner.domain.bid import Comparison, Weights
from planner.intake.clusters import months_of_peers
from planner.intake.options_file import BUSINESS_AS_USUAL, DO_MINIMUM, OptionInputs, read_options
from planner.study.compare.evaluate import Evaluation, Worlds
from planner.study.compare.facts import Facts, Place, candidate, hindrances, price_hkd, reasons
from planner.study.compare.fleet import with_rentals
from planner.study.compare.market import rents
from planner.study.compare.option import Option
from planner.study.compare.portfolio import Portfolio, portfolio
from planner.study.compare.ranking import Candidate, Stability, Switch, ranks, scores, stability, switches, values
from planner.study.compare.recommendation import Recommendation, recommended
from planner.study.compare.record import option_record, placed

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Compared:
    """The answer: every option, those of the short list first by rank, then the others, then what is always compared."""

    comparison: Comparison
    options: tuple[Option, ...]
    rank_stability: tuple[Stability, ...]
    switches: tuple[Switch, ...]
    portfolio: Portfolio | None
    mix: Mapping[str, float]
    peers_months: tuple[float, ...]
    sha256: str = ""
    data_as_of: str = ""
    candidates: tuple[Candidate, ...] = field(default=(), repr=False, compare=False)
    """The short list as it is ranked; unknown to a comparison that was saved."""

    def option(self, key: str) -> Option:
        """The record of an option."""
        return next(option for option in self.options if option.option == key)

    @property
    def best(self) -> Option | None:
        """The first of the short list."""
        return next((option for option in self.options if option.rank == 1), None)

    @property
    def recommendation(self) -> Recommendation:
        """Which comes first, and what speaks against it."""
        return recommended(self.options, self.rank_stability)

    @property
    def results(self) -> dict[str, Any]:
        """As plain data: the facts, without words."""
        asked = self.comparison
        return {
            "asked": asked.model_dump(mode="json"),
            "mix": dict(self.mix),
            "options": [option.plain() for option in self.options],
            "rank_stability": [asdict(each) for each in self.rank_stability],
            "switching_values": [asdict(each) for each in self.switches],
            "peers_months": list(self.peers_months),
            "portfolio": asdict(self.portfolio) if self.portfolio else None,
        }


def compare(
    options: str | Path | OptionInputs, *, grant_hkd: float | None = None, tell: Tell = lambda doing: None
) -> Compared:
    """Compare the options of a file, or of one that is read already.

    Args:
        options: the file, or what was read of it.
        grant_hkd: money to be granted, HKD, in place of what the file says: no bid may ask for more, and the best set within it is told.
        tell: is given words for what is done next.

    Raises:
        InvalidInput: the file or its case is wrong; every problem at once.
        Infeasible: the case has no plan even without any option.
    """
    inputs = options if isinstance(options, OptionInputs) else read_options(options)
    asked, case = inputs.comparison, inputs.case
    if grant_hkd is not None:
        asked = asked.model_copy(update={"grant_hkd": grant_hkd})
    tell("business as usual, under the law in force and in every scenario")
    worlds = Worlds(asked, case)
    market = rents(with_rentals(worlds.now.case, asked.do_minimum), worlds.mix)
    evaluations = {}
    for key in (*sorted(asked.options), DO_MINIMUM, BUSINESS_AS_USUAL):
        tell(f"carrying out {key}")
        evaluations[key] = worlds.evaluate(key)
    facts = Facts(asked, worlds, market, months_of_peers(), _least(evaluations))
    excluded = {key: reasons(facts, evaluations[key]) for key in asked.options}
    listed = [candidate(facts, evaluations[key]) for key in sorted(asked.options) if not excluded[key]]
    records = tuple(option_record(facts, evaluation, excluded.get(key, ())) for key, evaluation in evaluations.items())
    best = _best_set(facts, evaluations, tell)
    hashes = inputs.sha256, inputs.inputs.data_as_of
    answer = Compared(asked, records, (), (), best, worlds.mix, facts.peers, *hashes, candidates=tuple(listed))
    return weighed(answer, asked.weights)


def weighed(answer: Compared, by: Weights) -> Compared:
    """The comparison under these weights: scores, ranks, how far they hold and what would turn them; nothing is planned anew."""
    listed, weights = list(answer.candidates), {name: weight for name, weight in by.criteria.items() if weight}
    places = _places(listed, weights)
    options = sorted((placed(option, places.get(option.option, Place())) for option in answer.options), key=_order)
    asked = answer.comparison.model_copy(update={"weights": by})
    return replace(
        answer,
        comparison=asked,
        options=tuple(options),
        rank_stability=stability(listed, weights, asked.price_factor) if listed else (),
        switches=switches(listed, weights),
    )


def _best_set(facts: Facts, evaluations: Mapping[str, Evaluation], tell: Tell) -> Portfolio | None:
    """Within the grant, of all bids that nothing but their price keeps off the short list; None where no grant is stated."""
    grant, bids = facts.comparison.grant_hkd, facts.comparison.options
    if grant is None:
        return None
    tell("choosing the best set of bids")
    able = [each for key, each in evaluations.items() if key in bids and not any(hindrances(facts, each))]
    return portfolio(facts.worlds, able, {each.key: price_hkd(bids[each.key]) for each in able}, grant)


def _least(evaluations: Mapping[str, Evaluation]) -> dict[str, float]:
    """By scenario, the least that any option leaves the need to cost."""
    scenarios = next(iter(evaluations.values())).by_scenario
    return {name: min(each.by_scenario[name].total_hkd for each in evaluations.values()) for name in scenarios}


def _places(listed: list[Candidate], weights: Mapping[str, float]) -> dict[str, Place]:
    """Where each stands on the short list."""
    if not listed:
        return {}
    amounts, scored = scores(listed, weights), values(listed, list(weights))
    by_score, by_cost = ranks(listed, amounts), ranks(listed, scores(listed, {"cost": 1.0}))
    return {
        each.option: Place(
            by_score[i], by_cost[i], float(amounts[i]), dict(zip(weights, map(float, scored[i]), strict=True))
        )
        for i, each in enumerate(listed)
    }


def _order(option: Option) -> tuple[int, float, str]:
    last = {DO_MINIMUM: 2, BUSINESS_AS_USUAL: 3}
    return (last.get(option.option, 0 if option.rank else 1), option.rank or 0.0, option.option)
