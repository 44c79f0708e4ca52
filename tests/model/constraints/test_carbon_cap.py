"""Carbon cap: emissions of a calendar year stay within the cap."""

from __future__ import annotations

from typing import Any

import pytest
from proof import SNAP, Break, bought, cells, model_of, plan_of, price, row, rows
from tiny import DEVICE, rental, site

# A device that runs: 1 kW · 1.5 · 24 h · 91 days = 3.276 MWh in q2 at 0.4 t per MWh; 92 days in q3 and q4.
TONNES = {q: 1.5 * 24 * days * 0.4 / 1000 for q, days in ((2, 91), (3, 92), (4, 92))}

BINDS: dict[str, Any] = {"carbon_cap": {"tonnes_per_year": 20}}
BREAKS = (
    Break("carbon_cap", "carbon_cap", "2027q4,y2027", figure={"carbon_cap": {"tonnes_per_year": 5}}),
)  # fmt: skip


def test_row_by_hand() -> None:
    # The year has 365 days and the plan covers them all: the whole cap.
    found = row(model_of(carbon_cap={"tonnes_per_year": 20}), "carbon_cap(y2027,2027q4)")
    expected = {f"fleet({DEVICE},hall,2027q{q})": 0.3 * t for q, t in TONNES.items()}
    expected |= {f"run(service,{DEVICE},hall,2027q{q})": 0.7 * t for q, t in TONNES.items()}
    assert found.terms == pytest.approx(expected)
    assert (found.sense, found.limit, found.because) == ("<=", pytest.approx(20), "carbon cap of 20 t a year")


def test_a_part_of_a_year_has_its_part_of_the_cap() -> None:
    model = model_of(horizon={"start": "2027q4", "end": "2028q4"}, carbon_cap={"tonnes_per_year": 20}, sites={"hall": {
        "fleet": [{"accelerator": DEVICE, "devices": 1, "installed": "2027-01-01"}]}})  # fmt: skip
    assert row(model, "carbon_cap(y2027,2027q4)").limit == pytest.approx(20 * 92 / 365)
    # A leap year is a full year too.
    assert row(model, "carbon_cap(y2028,2028q4)").limit == pytest.approx(20)


def test_it_holds_from_its_start_on() -> None:
    found = row(model_of(carbon_cap={"tonnes_per_year": 20, "start": "2027q4"}), "carbon_cap(y2027,2027q4)")
    assert set(found.terms) == {f"fleet({DEVICE},hall,2027q4)", f"run(service,{DEVICE},hall,2027q4)"}
    assert found.limit == pytest.approx(20 * 92 / 365)


def test_the_grid_changes() -> None:
    # -10 % a year, 90 days after the decision date.
    found = row(
        model_of(sites={"hall": {"carbon_growth_per_year": -0.1}}, carbon_cap={"tonnes_per_year": 20}),
        "carbon_cap(y2027,2027q4)",
    )
    assert found.terms[f"fleet({DEVICE},hall,2027q2)"] == pytest.approx(0.3 * TONNES[2] * 0.9 ** (90 / 365.25))


def test_binds() -> None:
    # Ten devices emit 10 · 3.96 = 39.6 t; 19.8 t leave half of them, and what is bought is what runs.
    plan = plan_of(carbon_cap={"tonnes_per_year": 19.8})
    assert sum(cells(plan.rows.carbon, "carbon_t")) == pytest.approx(19.8)
    assert price(plan, "carbon_cap(y2027,2027q4)") < 0
    assert bought(plan) < 10


def test_does_not_bind() -> None:
    plan = plan_of(carbon_cap={"tonnes_per_year": 39.7})
    assert sum(cells(plan.rows.carbon, "carbon_t")) == pytest.approx(39.6)
    assert price(plan, "carbon_cap(y2027,2027q4)") == 0


def test_rented_devices_emit_too() -> None:
    cloud = {
        "sites": {
            "cloud": site(
                access="rent", phases=[], destination="OTHER", legal_zone="sg", carbon_kg_per_kwh=0.5, pue=1.2
            )
        },
        "offers": {"rent": rental()},
    }
    found = row(model_of(**cloud, carbon_cap={"tonnes_per_year": 20}), "carbon_cap(y2027,2027q4)")
    # 1 kW · 1.2 · 24 h · 90 days · 0.5 kg.
    assert found.terms["rent(rent,cloud,2027q1)"] == pytest.approx(1.2 * 24 * 90 * 0.5 / 1000)


def test_one_row_per_year_and_branch_along_its_path() -> None:
    fleet = {"hall": {"fleet": [{"accelerator": DEVICE, "devices": 1, "installed": "2027-01-01"}]}}
    model = model_of(scenarios=SNAP, sites=fleet, carbon_cap={"tonnes_per_year": 20})
    assert rows(model, "carbon_cap") == ["carbon_cap(y2027,2027q4)", "carbon_cap(y2027,2027q4_snap_embargo)"]
    branch = row(model, "carbon_cap(y2027,2027q4_snap_embargo)").terms
    assert f"fleet({DEVICE},hall,2027q1)" in branch
    assert f"fleet({DEVICE},hall,2027q3)" not in branch
