"""Which option comes first, and what speaks against funding it: facts, of which reports make a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from planner.intake.options_file import DO_MINIMUM
from planner.study.compare.option import Option
from planner.study.compare.ranking import Stability

Verdict = Literal["none_stands", "not_worth_it", "market_is_cheaper", "other_saves_more", "fund"]


@dataclass(frozen=True)
class Recommendation:
    """What is advised.

    none_stands        every bid is off the short list, and `first` is None
    not_worth_it       the first costs more than the work that it does is worth
    market_is_cheaper  the market lets the same work for less, without a grant
    other_saves_more   the first leads by criteria, and `most` has the largest net value
    fund               nothing speaks against the first

    `first_share`: of draws of weights and prices, those in which the first comes first.
    """

    verdict: Verdict
    first: Option | None = None
    second: Option | None = None
    first_share: float = 0.0
    market: Option | None = None
    most: Option | None = None


def recommended(options: Sequence[Option], stability: Sequence[Stability]) -> Recommendation:
    """Of options that are ranked."""
    by_rank = {option.rank: option for option in options if option.rank}
    first = by_rank.get(1)
    if first is None:
        return Recommendation("none_stands")
    market = next(option for option in options if option.option == DO_MINIMUM)
    most = max(by_rank.values(), key=lambda option: (option.net_value_hkd, option.option))
    steady = next(each.first_share_both for each in stability if each.option == first.option)
    return Recommendation(_verdict(first, market, most), first, by_rank.get(2), steady, market, most)


def _verdict(first: Option, market: Option, most: Option) -> Verdict:
    if first.net_value_hkd <= 0:
        return "not_worth_it"
    owned, let = first.hkd_per_effective_pflops_day, market.hkd_per_effective_pflops_day
    if owned is not None and let is not None and let < owned:
        return "market_is_cheaper"
    return "other_saves_more" if most.option != first.option else "fund"
