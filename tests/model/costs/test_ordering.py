"""Ordering: what orders and kinds new to a hall cost whatever their size, where lots are whole."""

from __future__ import annotations

import pytest
from proof import bought, cells, model_of, paid, plan_of, spending
from tiny import DEVICE, rental, site

LOTS = {"whole": {"lots": True, "gap": 0}}
DEAR = {"order_hkd": 50_000, "rental_contract_hkd": 7_000, "new_kind_hkd_per_hall": 20_000, "devices_per_server": 1}
QUARTERS = ("2027q1", "2027q2", "2027q3")
CLOUD = {"cloud": site(access="rent", phases=[], destination="OTHER", legal_zone="sg")}


def test_ordering_and_introduction_by_hand() -> None:
    model = model_of(**LOTS, economics=DEAR, sites=CLOUD, offers={"rent": rental()})
    assert spending(model, "ordering") == {
        **{(f"placed(card,hall,{q})", q): 50_000 for q in QUARTERS},
        **{(f"placed(rent,cloud,{q})", q): 7_000 for q in (*QUARTERS, "2027q4")},
    }
    assert spending(model, "introduction") == {(f"kind({DEVICE},hall,{q})", q): 20_000 for q in QUARTERS}


def test_they_bind_on_how_often_is_ordered() -> None:
    # Work grows from quarter to quarter: each order is worth a quarter's energy alone, so that all is ordered at once.
    grows = {"service": {"growth_per_year": 2.0}}
    free, dear = plan_of(workloads=grows), plan_of(**LOTS, economics=DEAR, workloads=grows)
    assert bought(dear) >= bought(free)
    assert cells(dear.rows.orders, "node") == ["2027q1"]
    assert (paid(dear, "ordering"), paid(dear, "introduction")) == pytest.approx((50_000, 20_000))


def test_they_do_not_bind_in_fractions_nor_where_the_kind_stands() -> None:
    assert spending(model_of(economics=DEAR), "ordering") == spending(model_of(economics=DEAR), "introduction") == {}
    stands = {"hall": {"fleet": [{"accelerator": DEVICE, "devices": 1, "installed": "2025-01-01"}]}}
    assert spending(model_of(**LOTS, economics=DEAR, sites=stands), "introduction") == {}
