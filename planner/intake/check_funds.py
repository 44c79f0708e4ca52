"""Funds that cannot pay: subsidies add to own money, they do not stand in for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from planner.errors import Problem
from planner.intake.document import ANY
from planner.intake.merge import Merged

WHOLE = 1.0 - 1e-9
FIX = "Add one of own money, such as `own: {kind: budget}`; a case without any funds has no such limits."


def own_money(merged: Merged) -> Iterator[Problem]:
    """An error where all funds are subsidies and no offer can be paid in full: then there is nothing to pay with."""
    subsidies = _all_subsidies(merged)
    if subsidies and not _paid_in_full(merged, subsidies):
        what = f"every fund here is a subsidy ({', '.join(subsidies)}), which pays but a share, so that nothing can be paid in full"
        yield merged.problem(("funds",), what, FIX, at_key=True)


def no_running_costs(merged: Merged) -> Iterator[Problem]:
    """A warning where subsidies add up to the whole of some offers: all else still has nobody to pay it."""
    subsidies = _all_subsidies(merged)
    offers = _paid_in_full(merged, subsidies)
    if offers:
        what = f"every fund here is a subsidy ({', '.join(subsidies)}); together they pay {', '.join(offers)} in full, but no power, hall or staff"
        yield merged.problem(("funds",), what, FIX, at_key=True)


def _all_subsidies(merged: Merged) -> dict[str, float]:
    """The largest share of each fund, when all of them are subsidies; else nothing."""
    funds: list[tuple[str, Any]] = [(str(path[1]), fund) for path, fund in merged.each("funds", ANY)]
    if any(not isinstance(fund, dict) or fund.get("kind") != "subsidy" for _, fund in funds):
        return {}
    shares = {name: fund.get("share_max") for name, fund in funds}
    # A share that is no number is reported where fields are validated.
    return {name: share for name, share in shares.items() if isinstance(share, int | float)}


def _paid_in_full(merged: Merged, subsidies: dict[str, float]) -> tuple[str, ...]:
    """Offers whose subsidies add up to their price."""
    paid: dict[str, float] = {}
    for path, fund in merged.each("offers", ANY, "subsidised_by", ANY):
        paid[str(path[1])] = paid.get(str(path[1]), 0.0) + subsidies.get(str(fund), 0.0)
    return tuple(offer for offer, share in paid.items() if share >= WHOLE)
