"""Whom subsidies serve, by hand and in all."""

from __future__ import annotations

import pytest
from tiny import DEVICE, case, rental, service, site

from planner.plan.plan import make_plan
from planner.plan.rows import sums

GRANT = {"kind": "subsidy", "share_max": 0.5, "amount_hkd": 300_000}
FUNDS = {"own": {"kind": "budget"}, "grant": GRANT}
CARD = {"card": {"subsidised_by": ["grant"]}}


def test_tenants_share_by_device_days() -> None:
    """The city's service takes 10 cards for three quarters of 91, 92 and 92 days, the bank's 5 for the last of them."""
    bank = service(tenant="bank", demand_pflops=0.5, start="2027q4")
    early = {**FUNDS, "grant": {**GRANT, "end": "2027q2"}}
    plan = make_plan(case(funds=early, offers=CARD, workloads={"bank": bank}))
    days: dict[str, float] = {}
    for row in plan.rows.service:
        if row["accelerator"] == DEVICE:
            tenant = {"service": "city", "bank": "bank"}[row["workload"]]
            length = {"2027q2": 91, "2027q3": 92, "2027q4": 92}[row["node"]]
            days[tenant] = days.get(tenant, 0.0) + row["devices"] * length
    assert days == {"city": pytest.approx(10 * 275), "bank": pytest.approx(5 * 92)}
    served = sums(plan.rows.subsidy_years, "tenant", "hkd")
    assert sum(served.values()) == pytest.approx(300_000)
    assert served["bank"] == pytest.approx(300_000 * 5 * 92 / (10 * 275 + 5 * 92))


def test_a_rental_serves_who_runs_on_it_then() -> None:
    cloud = site(access="rent", phases=[], destination="OTHER", legal_zone="sg", operator_parent="SG")
    bank = service(tenant="bank", demand_pflops=1.0, start="2027q4")
    plan = make_plan(
        case(
            offers={"card": None, "rent": rental(subsidised_by=["grant"])},
            sites={"cloud": cloud},
            funds={"own": {"kind": "budget"}, "grant": GRANT | {"start": "2027q3", "amount_hkd": 1e9}},
            workloads={"bank": bank},
        )
    )
    rents = sums(plan.rows.rentals, "node", "hkd")
    served = sums(plan.rows.subsidy_years, "tenant", "hkd")
    assert served["bank"] == pytest.approx(rents["2027q4"] / 4)
    assert served["city"] == pytest.approx(rents["2027q3"] / 2 + rents["2027q4"] / 4)


def test_a_deposit_that_is_lost_serves_nobody() -> None:
    """In the branch in which law overtakes the order no device stands; what its subsidy has paid is told all the same."""
    snap = [
        {"id": "status_quo", "probability": 0.9},
        {"id": "snap_embargo", "probability": 0.1, "revealed": "2027-03-01"},
    ]
    plan = make_plan(
        case(scenarios=snap, funds=FUNDS, offers={"card": {"subsidised_by": ["grant"], "deposit_share": 0.25}})
    )
    by_branch: dict[str, dict[str, float]] = {}
    for row in plan.rows.subsidy_years:
        by_branch.setdefault(row["node"], {})[row["tenant"]] = row["hkd"]
    accounts = [row for row in plan.rows.fund_years if row["fund"] == "grant"]
    for leaf in plan.case.tree.leaves:
        paid = sum(row["paid_hkd"] for row in accounts if row["node"] == leaf.id)
        assert sum(row["hkd"] for row in plan.rows.subsidy_years if row["node"] == leaf.id) == pytest.approx(paid)
    assert set(by_branch["2027q4"]) == {"city"}
    assert set(by_branch["2027q4_snap_embargo"]) == {""}
