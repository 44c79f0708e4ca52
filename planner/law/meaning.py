"""What an outcome means to a plan, once the buyer's exposure and the flags of other layers are set beside it.

    uncontrolled            may be bought
    notify                  may be bought, 25 days later; where few notices are let through, as case_by_case
    case_by_case            within the case's licence quota, waiting time and approval share
    presumption_of_denial,
    prohibited              never
    compliance_risk         only for buyers that declare no US exposure
    unknown                 what each outcome that it may be lets; barred if one of them bars

A flag that prohibits bars as well; a mainland procurement rule bars buyers bound by it, and a maker or seller on a US list
bars buyers with US exposure. Flags of US investment
law bind investors, not purchases, and the countermeasure on Ascend warns those who refuse it: neither bars.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from planner.domain.regime import RuleBook
from planner.domain.rule import Ground


@dataclass(frozen=True)
class Permission:
    """Whether a plan may get a device. `barred_by` is None when it may; `wait_days` then pass before shipment."""

    barred_by: Ground | None
    needs_licence: bool = False
    wait_days: int = 0

    @property
    def granted(self) -> bool:
        return self.barred_by is None


def permission(
    ground: Ground, flags: Iterable[Ground], rulebook: RuleBook, *, us_exposed: bool, prc_exposed: bool = False
) -> Permission:
    """The meaning of a deciding rule and its flags for a buyer.

    Args:
        ground: the rule that decides, of `planner.law.outcome.outcome_of`.
        flags: matching rules of the other layers, of `flags_of`.
        rulebook: says what each outcome means.
        us_exposed: the buyer, its funds or its workloads have US banking, cloud, listing or clients.
        prc_exposed: they are bound by mainland procurement rules, as state-funded sites are.
    """
    meanings = [rulebook.outcomes[outcome] for outcome in ground.outcomes]
    if any(m.may_buy == "never" or (m.may_buy == "unexposed_only" and us_exposed) for m in meanings):
        return Permission(barred_by=ground)
    for flag in flags:
        if flag.channel in (ground.channel, "any") and _bars(flag, us_exposed, prc_exposed):
            return Permission(barred_by=flag)
    needs_licence = ground.seldom_let_through or any(meaning.may_buy == "within_licence" for meaning in meanings)
    return Permission(None, needs_licence, wait_days=max(meaning.wait_days for meaning in meanings))


def _bars(flag: Ground, us_exposed: bool, prc_exposed: bool) -> bool:
    if flag.layer == "us_parties" and flag.rule.outcome == "compliance_risk":
        return us_exposed
    if flag.layer == "prc_procurement" and flag.rule.outcome == "compliance_risk":
        return prc_exposed
    return flag.rule.outcome == "prohibited"
