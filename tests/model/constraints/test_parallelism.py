"""Parallelism: nothing runs on more devices at once than it can use."""

from __future__ import annotations

from typing import Any

import pytest
from proof import Break, cells, missing, model_of, plan_of, price, row, rows
from tiny import DEVICE, site, training

BINDS: dict[str, Any] = {"workloads": {"service": None, "job": training(max_devices=2)}}
BREAKS = (
    Break("parallelism", "parallelism", "job,2027q", figure={"workloads": {"job": {"max_devices": 1}}}),
    Break("parallelism", "job_mid_period", "job,2027q2,at once", figure={"workloads": {"job": {"max_devices": 3}}}),
)  # fmt: skip


def job(max_devices: int) -> dict[str, object]:
    return {"workloads": {"service": None, "job": training(max_devices=max_devices)}}


def test_row_by_hand() -> None:
    found = row(model_of(**job(64)), "parallelism(job,2027q2)")
    assert found.terms == {f"run(job,{DEVICE},hall,2027q2)": 1}
    assert (found.sense, found.limit) == ("<=", 64)
    assert found.because == "job can use 64 devices at once"


def test_binds() -> None:
    # On 2 devices 275 days give 2 · 0.1 · 275 = 55 PFLOP/s-days; 45 of the 100 stay undone at 100,000 HKD each.
    plan = plan_of(**job(2))
    assert cells(plan.rows.service, "devices") == pytest.approx([2, 2, 2])
    assert missing(plan) == pytest.approx(45)
    # One more usable device in q3 only would serve 9.2 of them, for its energy above idle (0.7 · 3,312): the fleet grows by none.
    assert price(plan, "parallelism(job,2027q3)") < 0


def test_does_not_bind() -> None:
    plan = plan_of(**job(64))
    assert missing(plan) == 0
    assert price(plan, "parallelism(job,2027q2)") == 0
    # 100 PFLOP/s-days in 275 days take 100 / 27.5 = 3.64 devices.
    assert max(cells(plan.rows.service, "devices")) == pytest.approx(100 / 27.5)


def test_services_know_no_such_limit() -> None:
    assert rows(model_of(), "parallelism") == []


def test_what_stands_a_part_of_a_period_runs_evenly_in_it_by_hand() -> None:
    # From 2027-05-16 on, 46 of the 91 days of q2: devices averaged over q2 are 91 / 46 as many while they run.
    model = model_of(workloads={"service": None, "job": training()}, offers={"card": {"lead_time_months": 4.5}})
    found = row(model, "parallelism(job,2027q2,arriving)")
    assert found.terms == pytest.approx({f"run_part(job,{DEVICE},hall,2027q2)": 91 / 46})
    assert (found.sense, found.limit) == ("<=", 64)


def test_a_service_does_not_make_up_for_what_it_lacked() -> None:
    # Ten devices from 2027-05-16 on do what is asked from then on; 45 days stay unserved, however dear they are.
    plan = plan_of(offers={"card": {"lead_time_months": 4.5}})
    assert cells(plan.rows.orders, "devices") == pytest.approx([10])
    assert missing(plan) == pytest.approx(45)
    (part,) = plan.rows.part_periods
    assert (part["node"], part["devices"], part["share"]) == ("2027q2", pytest.approx(10), pytest.approx(46 / 91))


def test_two_mechanisms_do_not_open_one_period_twice() -> None:
    # A month of lead each, from 2027-04-01: 61 of 91 days in either zone are 61 of 91 days in all.
    fleet = [{"accelerator": DEVICE, "devices": 10, "installed": "2026-01-01"}]
    halls = {"hall": {"fleet": fleet}, "annex": site(fleet=fleet, legal_zone="hk_us_parent")}
    plan = plan_of(
        horizon={"start": "2027q2"},
        sites=halls,
        offers={"card": None},
        workloads={"service": {"data_class": "personal_hk"}},
    )
    assert missing(plan) == pytest.approx(30)
