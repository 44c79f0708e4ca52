"""Lots: where lots are whole, what is ordered or rented comes in whole lots, none below its offer's least, rentals for their term."""

from __future__ import annotations

import pytest
from proof import ASCEND, Break, bought, cells, economics, model_of, plan_of, row, rows
from tiny import rental, site

from planner.domain.case import Case

LOTS = {"whole": {"lots": True, "gap": 0}}
CLOUD = {"cloud": site(access="rent", phases=[], destination="OTHER", legal_zone="sg")}
RENTED = {"sites": CLOUD, "offers": {"card": None, "rent": rental(min_term_months=6, min_order_devices=12)}}

BREAKS = (
    Break("lots", "plain", "card,hall,2027q1", figure={"whole": {"lots": True}}),
    Break("lots", "lots", "card,hall,2027q1,least", figure={"offers": {"card": {"min_order_devices": 40}}}),
    Break("cost_ordering", "lots", "ordering,2027q1,hall", figure=economics(order_hkd=9_000)),
    Break("cost_introduction", "lots", "introduction,2027q1", figure=economics(new_kind_hkd_per_hall=9_000)),
)  # fmt: skip


def test_row_by_hand() -> None:
    found = row(model_of(**LOTS), "lots(card,hall,2027q1)")
    assert found.terms == {"order(card,hall,2027q1)": 1, "lots(card,hall,2027q1)": -8}
    assert (found.sense, found.limit, found.because) == ("==", 0, "card comes in lots of 8")


def test_rows_of_a_least_order_by_hand() -> None:
    # Twenty devices are three servers of eight; the hall of 1 MW powers 1,000 / 1.5 of them, 84 servers.
    model = model_of(**LOTS, offers={"card": {"min_order_devices": 20}})
    order, placed = "order(card,hall,2027q1)", "placed(card,hall,2027q1)"
    assert row(model, "lots(card,hall,2027q1,least)").terms == {order: 1, placed: -24}
    assert row(model, "lots(card,hall,2027q1,placed)").terms == {order: 1, placed: -672}


def test_rows_of_a_rental_by_hand() -> None:
    # A contract of the second quarter is in its half year in the third, and no longer in the fourth.
    model = model_of(**LOTS, **RENTED)
    take, rent = "take(rent,cloud,{})", "rent(rent,cloud,{})"
    q2, q3, q4 = "2027q2", "2027q3", "2027q4"
    assert row(model, "lots(rent,cloud,2027q3,taken)").terms == {
        rent.format(q3): 1,
        rent.format(q2): -1,
        take.format(q3): -1,
    }
    assert row(model, "lots(rent,cloud,2027q4,term)").terms == {
        take.format(q4): 1,
        take.format(q3): 1,
        rent.format(q4): -1,
    }


def test_binds() -> None:
    # Ten devices are wanted: two servers of eight at 624,000 HKD each; the six idle ones are taken out at once.
    plan = plan_of(**LOTS)
    assert bought(plan) == pytest.approx(16)
    assert plan.objective_hkd == pytest.approx(16 * 78_000 + 99_000)
    assert plan.solver["relaxed_objective_hkd"] == pytest.approx(879_000)
    assert plan.solver["gap"] == 0


def test_does_not_bind_on_servers_of_one() -> None:
    plan = plan_of(**LOTS, economics={"devices_per_server": 1})
    assert plan.objective_hkd == pytest.approx(879_000)
    assert rows(model_of(), "lots") == []


def test_a_supernode_comes_whole_and_its_offer_may_say_otherwise() -> None:
    ascend = {
        "offers": {"card": {"accelerator": ASCEND, "channel": "domestic"}},
        "workloads": {"service": {"stacks_ready": ["cuda", "cann"], "unserved_hkd_per_pflops_day": 200_000}},
    }
    assert bought(plan_of(**LOTS, **ascend)) == pytest.approx(384)
    ascend["offers"]["card"]["lot_devices"] = 5
    assert bought(plan_of(**LOTS, **ascend)) == pytest.approx(5)


def test_what_is_rented_is_rented_for_its_term_and_in_its_least_number() -> None:
    # Work of the second quarter alone takes 2.5 devices: sixteen, the least in servers of eight, for the half year with the fewer days.
    plan = plan_of(**LOTS, **RENTED, workloads={"service": {"end": "2027q2"}})
    assert cells(plan.rows.rentals, "node") == ["2027q1", "2027q2"]
    assert cells(plan.rows.rentals, "devices") == pytest.approx([16, 16])


def test_a_purchase_has_no_term() -> None:
    with pytest.raises(ValueError, match="a purchase takes no min_term_months"):
        Case.model_validate(model_of().case.model_dump() | {"offers": {"card": _bought_for_a_term()}})


def _bought_for_a_term() -> dict[str, object]:
    return model_of().case.offers["card"].model_dump() | {"min_term_months": 6}
