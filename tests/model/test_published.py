"""Instances of the literature that map onto the program, numbers transcribed.

    A2   Temoa, annualised demand          1 a year for two years at 5 %: 1.9524; here paid at mid-year, so 1.05^-1/2 of it
    A3   PyPSA, screening curve            load slices are services, plants are devices, shedding is unserved work
    B1   Switch, new_builds_only           total 14,998,608.829254; the profile of a plant is its useful rate on the slice's workload
    B4   Switch, 4plants_with_unserved     total 34,034,308.6269113; plants stand, load is shed at its price, the flat plant runs flat of itself
    A4'  Gavel, throughput sum             jobs of one device each, worker types as standing devices

What does not map, and why: Gavel's max-min and makespan (other objectives); Switch with existing stock and a flat-output unit (its outputs tie
periods together), with discrete modules (expansion by site with loss) and with links between zones (work is not sent on); Temoa's survival curve
(attrition of a vintage year by year; here a device lives its life and ends); PyPSA's two-stage benchmark (hourly profiles of a year and prices of
fuel by scenario; here scenarios differ in law), of which the relations WS <= SP <= EEV are kept in the tests of properties; OSeMOSYS and Helix
files (checks of a solver's reader, not of this program); Mélange (its slices are whole, runs here are not).
"""

from __future__ import annotations

from typing import NamedTuple

import pytest
from proof import by, cells, paid, plan_of, price
from tiny import DEVICE, rental, service, site

from planner.model.costs.funding import annuity_factor, present_value_of_annuity
from planner.plan.plan import Plan

GAS = "nvidia_h20_96gb"
THIRD = "nvidia_h100_sxm"
FOURTH = "nvidia_l20"
FREE = {"outcome": "uncontrolled"}
HUGE = {"phases": [{"from_date": "2020-01-01", "power_mw": 2_000}], "envelopes": 1e6}


def plant(accelerator: str, hkd: float) -> dict[str, object]:
    """A plant of unit size, bought at once and for the whole horizon."""
    return {
        "kind": "purchase", "accelerator": accelerator, "channel": "direct", "sites": ["hall"], "price_usd_per_device": hkd / 7.8,
        "lead_time_months": 0, "lifetime_years": 20,
    }  # fmt: skip


def test_a2_annualised_demand() -> None:
    # 1 HKD a year for one device rented in each of two years of 365 days: 1 + 1/1.05 = 1.9524 at the start of each, paid here in its middle.
    cloud = site(access="rent", phases=[], destination="OTHER", legal_zone="sg")
    plan = plan_of(
        horizon={"start": "2026", "end": "2027"},
        sites={"cloud": cloud},
        offers={"card": None, "rent": rental(rent_usd_per_device_hour=1e6 / 7.8 / 8_760)},
        workloads={
            "service": {"start": "2026", "end": "2027", "demand_pflops": 0.4, "unserved_hkd_per_pflops_day": 1e9}
        },
        economics={"discount_rate": 0.05},
    )
    assert paid(plan, "rental") / 1e6 == pytest.approx(1.9524 * 1.05**-0.5, rel=1e-4)


SCALE = 1e5
FINE = pytest.param(240, marks=pytest.mark.slow)


class Screening(NamedTuple):
    plan: Plan
    days: list[int]


@pytest.fixture(scope="module", params=[108, FINE])
def screening(request: pytest.FixtureRequest) -> Screening:
    """Load 1000 - 1000 z over z in 0..1, coal (15 fixed, 2 variable), gas (10, 12), shed (0, 1012); months are the steps of z."""
    months = request.param
    days = [  # of each month from 2027 on
        (31, 29 if year % 4 == 0 else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month]
        for year in range(2027, 2027 + months // 12)
        for month in range(12)
    ]
    total = sum(days)
    slices = {}
    for step in range(months):
        month = f"{2027 + step // 12}m{step % 12 + 1:02d}"
        slices[f"slice_{step:03d}"] = service(
            start=month, end=month, demand_pflops=1000 - 1000 * step / (months - 1), measured_pflops_per_device={DEVICE: 1, GAS: 1},
            unserved_hkd_per_pflops_day=1012 * SCALE / total,
        )  # fmt: skip
    plan = plan_of(
        horizon={"start": "2027m01", "end": f"{2026 + months // 12}m12"},
        sites={"hall": HUGE | {"pue": 1, "tariff_hkd_per_kwh": SCALE / (24 * total)}},
        offers={"card": plant(DEVICE, 15 * SCALE), "gas": plant(GAS, 10 * SCALE)},
        workloads={"service": None} | slices,
        controls={GAS: FREE},
        economics={"server_kw_per_device": {DEVICE: 2, GAS: 12}, "idle_power_share": 0},
    )
    return Screening(plan, days)


@pytest.mark.parametrize("screening", [FINE], indirect=True)
def test_a3_screening_curve_in_the_limit(screening: Screening) -> None:
    # Coal for what is wanted more than half of the time, gas down to 1 %, the last ten are shed: 500, 490, 10; cost 14,700.
    plan = screening.plan
    built = by(plan.rows.orders, "offer", "devices")
    assert built["card"] == pytest.approx(500, abs=5)
    assert built["gas"] == pytest.approx(490, abs=5)
    assert plan.objective_hkd / SCALE == pytest.approx(14_700, rel=0.005)


@pytest.mark.slow
def test_a3_screening_curve_to_the_last_step(screening: Screening) -> None:
    # The same rule on uneven steps, worked out slice by slice: of each unit of load the duration decides what serves it.
    plan, days = screening
    total = sum(days)
    cost, duration = 0.0, 0.0
    for step in range(len(days) - 1):
        duration += days[step] / total
        cost += 1000 / (len(days) - 1) * min(15 + 2 * duration, 10 + 12 * duration, 1012 * duration)
    assert plan.objective_hkd / SCALE == pytest.approx(cost, rel=1e-6)


def test_a3_prices_are_those_of_the_plant_at_the_margin(screening: Screening) -> None:
    # 2 where coal has room, 12 where gas has, 1012 where load is shed; the two steps at which a plant is full lie between.
    plan, days = screening
    total, months = sum(days), len(days)
    prices = [
        price(plan, f"demand(slice_{step:03d},{2027 + step // 12}m{step % 12 + 1:02d})") * total / SCALE
        for step in range(months)
    ]
    between = [p for p in prices if min(abs(p - known) for known in (2, 12, 1012)) > 1e-3]
    assert len(between) <= 3
    assert prices[0] == pytest.approx(1012)
    assert prices[months // 4] == pytest.approx(12)
    assert prices[months * 3 // 4] == pytest.approx(2)
    # Zero profit: what demand pays is what the plan costs.
    paid_in_all = sum(
        p * d / total * (1000 - 1000 * step / (months - 1))
        for step, (p, d) in enumerate(zip(prices, days, strict=True))
    )
    assert paid_in_all == pytest.approx(plan.objective_hkd / SCALE, rel=1e-6)


def test_b1_switch_new_builds_only() -> None:
    # Two time points of 12 hours, 8 and 0.5 MW, over the ten years of 2017 to 2026, in money of 2015 at 5 %. Capital at 7 % over the life of
    # the plant; forced outages derate output, and scheduled ones that of the flat-output plant too.
    hours = 12 * 3652.5 / 10
    worth = present_value_of_annuity(0.05, 10) * 1.05**-2
    plants = {  # overnight, connection, fixed O&M, life, variable O&M and fuel per MWh, output per MW in the two points, limit
        DEVICE: (1_143_900, 57_566.6, 5_868.3, 20, 3.4131 + 4 * 6.705, (0.94, 0.94), None),
        GAS: (5_524_200, 134_222.0, 0.0, 30, 28.83, ((1 - 0.0075) * (1 - 0.0241),) * 2, 10),
        THIRD: (2_334_300, 74_881.9, 41_850.0, 20, 0.0, (0.98 * 0.61, 0.0), 2),
    }
    offers, kw, useful = {"card": None}, {}, ({}, {})
    for device, (overnight, connection, fixed, life, variable, output, limit) in plants.items():
        yearly = (overnight + connection) * annuity_factor(0.07, life) + fixed
        offers[device] = plant(device, yearly * worth) | {"supply_devices_total": limit}
        # What a MW spends on output while it runs; both points give the same output per MW, or the plant spends nothing.
        kw[device] = variable * output[0]
        for point in (0, 1):
            useful[point][device] = output[point]
    plan = plan_of(
        horizon={"start": "2027m01", "end": "2027m03"},
        sites={"hall": HUGE | {"pue": 1, "tariff_hkd_per_kwh": hours * worth / (24 * 31)}},
        offers=offers,
        workloads={
            "service": None,
            # January and March both have 31 days: a point each.
            "noon": service(start="2027m01", end="2027m01", demand_pflops=8.0, measured_pflops_per_device=useful[0], unserved_hkd_per_pflops_day=1e9),
            "night": service(start="2027m03", end="2027m03", demand_pflops=0.5, measured_pflops_per_device=useful[1], unserved_hkd_per_pflops_day=1e9),
        },
        controls={GAS: FREE, THIRD: FREE},
        economics={"server_kw_per_device": kw, "idle_power_share": 0},
    )  # fmt: skip
    assert plan.objective_hkd == pytest.approx(14_998_608.829254, rel=1e-8)
    assert by(plan.rows.orders, "offer", "devices") == pytest.approx({DEVICE: 8 / 0.94})


def test_b4_switch_four_plants_with_unserved_load() -> None:
    # Four time points of six hours, 3, 8, 10 and 7 MW, 2008 to 2012 in money of 2015 at 5 %; what is delivered loses 5.3 % on the way, so does
    # what is shed for 50 a MWh. Nothing is built: the plants stand, what they cost is the same whatever runs.
    delivered = 1 - 0.053
    hours = 6 * 1826.25 / 5
    worth = present_value_of_annuity(0.05, 5) * 1.05**7
    plants = {  # MW, overnight, connection, fixed O&M, life, variable O&M and fuel per MWh, output per MW in the four points
        DEVICE: (2, 5_524_200, 134_222.0, 0.0, 30, 28.83, ((1 - 0.0075) * (1 - 0.0241),) * 4),
        GAS: (5, 1_143_900, 57_566.6, 5_868.3, 20, 3.4131 + 4 * 6.705, (0.94,) * 4),
        FOURTH: (5, 605_430, 57_566.6, 4_891.8, 20, 27.807 + 4 * 10.39, (0.94,) * 4),
        THIRD: (3, 2_334_300, 74_881.9, 41_850.0, 20, 0.0, tuple(0.98 * c for c in (0, 0.61, 1, 0.4))),
    }
    standing_yearly = 128_040 * 10 / delivered + sum(
        mw * ((overnight + connection) * annuity_factor(0.07, life) + fixed)
        for mw, overnight, connection, fixed, life, _, _ in plants.values()
    )
    fleet = [{"accelerator": a, "devices": p[0], "installed": "2026-01-01"} for a, p in plants.items()]
    # January, March, May and July have 31 days: a point each.
    points = {
        f"point_{n}": service(
            start=f"2027m{2 * n + 1:02d}", end=f"2027m{2 * n + 1:02d}", demand_pflops=load / delivered,
            measured_pflops_per_device={a: p[6][n] for a, p in plants.items()},
            unserved_hkd_per_pflops_day=50 * delivered * hours * worth / 31,
        )
        for n, load in enumerate((3, 8, 10, 7))
    }  # fmt: skip
    plan = plan_of(
        horizon={"start": "2027m01", "end": "2027m07"},
        sites={"hall": HUGE | {"pue": 1, "tariff_hkd_per_kwh": hours * worth / (24 * 31), "fleet": fleet}},
        offers={"card": None},
        workloads={"service": None} | points,
        economics={"server_kw_per_device": {a: p[5] * p[6][0] for a, p in plants.items()}, "idle_power_share": 0},
    )
    assert plan.objective_hkd + standing_yearly * worth == pytest.approx(34_034_308.6269113, rel=1e-9)
    # Load is shed in the second and third points, where the peaking unit would be dearer.
    missing = by(plan.rows.unserved, "workload", "unserved_pflops_days")
    assert {point: round(work, 9) != 0 for point, work in missing.items()} == {
        "point_0": False, "point_1": True, "point_2": True, "point_3": False,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("rates", "devices", "optimum"),
    [(((2, 1, 0.5), (3, 2, 1)), (1, 1, 1), 4.0), (((4, 1), (3, 1), (2, 1)), (1, 1), 5.0)],
)
def test_a4_throughput_sum(rates: tuple[tuple[float, ...], ...], devices: tuple[int, ...], optimum: float) -> None:
    # Each job runs on one device at a time, wherever it is; the total rate is as high as can be. Second case: job 1 on the fast type, 4, and any other
    # on the slow one, 1.
    kinds = (DEVICE, GAS, THIRD)[: len(devices)]
    job = service(kind="training", start="2027q1", end="2027q1", max_devices=1) | {"work_pflops_days": 1_000}
    job.pop("demand_pflops")
    jobs = {
        f"job_{n}": job | {"measured_pflops_per_device": dict(zip(kinds, row, strict=True))}
        for n, row in enumerate(rates)
    }
    fleet = [{"accelerator": a, "devices": n, "installed": "2026-01-01"} for a, n in zip(kinds, devices, strict=True)]
    plan = plan_of(
        horizon={"start": "2027q1", "end": "2027q1"},
        objective="max_compute",
        sites={"hall": {"fleet": fleet}},
        offers={"card": None},
        workloads={"service": None} | jobs,
    )
    assert sum(cells(plan.rows.service, "work_pflops_days")) / 90 == pytest.approx(optimum, rel=1e-5)
