"""Zone share: no legal zone provides more than a share of the effective compute."""

from __future__ import annotations

from typing import Any

import pytest
from proof import Break, cells, model_of, plan_of, price, row, rows
from tiny import DEVICE, rental, site

BINDS: dict[str, Any] = {
    "sites": {
        "cloud": site(access="rent", phases=[], destination="SG", legal_zone="sg", operator_parent="SG"),
    },
    "offers": {"rent": rental(rent_usd_per_device_hour=20)},
    "zone_share": {"max_share": 0.6},
}
BREAKS = (Break("zone_share", "zone_share", "2027q", figure={"zone_share": {"max_share": 0.5}}),)


def test_row_by_hand() -> None:
    # Hong Kong at most 60 %: two fifths of each card's 0.1 PFLOP/s, less three fifths of each rented H100's.
    model = model_of(**BINDS)
    useful = plan_of(**BINDS).case.workloads["service"].measured_pflops_per_device
    limit = row(model, "zone_share(hk_onprem,2027q2)")
    assert limit.terms == pytest.approx(
        {
            f"run(service,{DEVICE},hall,2027q2)": 0.4 * useful[DEVICE],
            "run(service,nvidia_h100_sxm,cloud,2027q2)": -0.6 * useful["nvidia_h100_sxm"],
        }
    )
    assert (limit.sense, limit.limit) == ("<=", 0)
    assert limit.because == "no legal zone above 60% of effective compute"


def test_binds() -> None:
    plan = plan_of(**BINDS)
    assert sum(cells(plan.rows.service, "work_pflops_days", node="2027q3", site="hall")) == pytest.approx(0.6 * 92)
    assert sum(price(plan, f"zone_share(hk_onprem,2027q{q})") for q in (2, 3, 4)) < 0


def test_does_not_bind() -> None:
    plan = plan_of(**BINDS | {"zone_share": {"max_share": 1}})
    assert set(cells(plan.rows.service, "site")) == {"hall"}
    assert price(plan, "zone_share(hk_onprem,2027q2)") == 0
    assert rows(model_of(), "zone_share") == []


def test_it_holds_from_its_start_on() -> None:
    found = rows(model_of(**BINDS | {"zone_share": {"max_share": 0.6, "start": "2027q4"}}), "zone_share")
    assert found == ["zone_share(hk_onprem,2027q4)", "zone_share(sg,2027q4)"]
