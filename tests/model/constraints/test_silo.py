"""Silo: capacity is not pooled between tenants in different silos."""

from __future__ import annotations

from typing import Any

import pytest
from proof import Break, bought, model_of, paid, plan_of, price, row, rows
from tiny import DEVICE, rental, service, site

# The first tenant needs ten devices in q2, the second ten in q4: pooled ten do, apart twenty.
TWO = {"workloads": {"service": {"end": "2027q2"}, "second": service(tenant="bank", start="2027q4")}}
SILOS = {"silos": {"west": {"tenants": ["city"]}, "east": {"tenants": ["bank"]}}}
AT = f"{DEVICE},hall"

BINDS: dict[str, Any] = {
    "workloads": {"service": {"end": "2027q2"}, "second": service(tenant="bank", start="2027q4")},
    "silos": {"west": {"tenants": ["city"]}, "east": {"tenants": ["bank"]}},
}
BREAKS = (
    Break("silo", "silo", "east,nvidia_rtx_5090d_v2,hall,2027q2", figure={"silos": {"west": {"tenants": ["bank"]}, "east": {"tenants": ["city"]}}}),
    Break("silo", "silo", "nvidia_rtx_5090d_v2,hall,2027q2,shared_out", cell=("silos", 0, "devices", 99.0)),
)  # fmt: skip


def test_rows_by_hand() -> None:
    model = model_of(**TWO, **SILOS)
    shared = row(model, f"silo({AT},2027q3,shared_out)")
    assert shared.terms == {f"assign({AT},west,2027q3)": 1, f"assign({AT},east,2027q3)": 1, f"fleet({AT},2027q3)": -1}
    given = row(model, f"silo({AT},2027q3,given)")
    assert given.terms == {
        f"dedicate({AT},west,2027q3)": 1,
        f"dedicate({AT},east,2027q3)": 1,
        "order(card,hall,2027q2)": -1,
    }
    kept = row(model, f"silo({AT},west,2027q3,kept)")
    assert kept.terms == {
        f"assign({AT},west,2027q3)": 1,
        f"dedicate({AT},west,2027q3)": -1,
        f"assign({AT},west,2027q2)": -1,
    }
    use = row(model, f"silo({AT},east,2027q4)")
    assert use.terms == {f"run(second,{AT},2027q4)": 1, f"assign({AT},east,2027q4)": -1}
    for found in (shared, given, kept, use):
        assert (found.sense, found.limit) == ("<=", 0)
    assert use.because == "silo east shares no capacity"


def test_the_standing_fleet_is_given_out_at_the_root() -> None:
    fleet = {"hall": {"fleet": [{"accelerator": DEVICE, "devices": 4, "installed": "2026-01-01"}]}}
    assert row(model_of(**TWO, **SILOS, sites=fleet), f"silo({AT},2027q1,given)").limit == 4


def test_rented_devices_serve_whoever_rents_them() -> None:
    cloud = {
        "sites": {"cloud": site(access="rent", phases=[], destination="OTHER", legal_zone="sg")},
        "offers": {"rent": rental()},
    }
    found = row(model_of(**TWO, **SILOS, **cloud), "silo(nvidia_h100_sxm,cloud,east,2027q4)")
    assert found.terms == {"run(second,nvidia_h100_sxm,cloud,2027q4)": 1, "rent(rent,cloud,2027q4)": -1}


def test_binds() -> None:
    assert bought(plan_of(**TWO)) == pytest.approx(10)
    plan = plan_of(**TWO, **SILOS)
    assert bought(plan) == pytest.approx(20)
    assert price(plan, f"silo({AT},east,2027q4)") < 0


def test_does_not_bind_within_one_silo() -> None:
    plan = plan_of(**TWO, silos={"all": {"tenants": ["city", "bank"]}})
    assert bought(plan) == pytest.approx(10)
    assert rows(model_of(**TWO), "silo") == []


def test_a_tenant_without_a_silo_runs_on_what_is_left() -> None:
    assert bought(plan_of(**TWO, silos={"west": {"tenants": ["city"]}})) == pytest.approx(10)


def test_the_entity_is_paid_whatever_runs() -> None:
    # A year of 365 days of 365.25.
    plan = plan_of(silos={"west": {"tenants": ["city"], "entity_hkd_per_year": 1_000_000}})
    assert paid(plan, "entity") == pytest.approx(1_000_000 * 365 / 365.25)
