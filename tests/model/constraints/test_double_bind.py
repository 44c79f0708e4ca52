"""Double bind: who is exposed to one regime uses no device or operator that this regime bars, and the reverse."""

from __future__ import annotations

from datetime import date

import pytest
from proof import ASCEND, Break, cells, hall, missing, model_of, paid, plan_of, row
from tiny import DEVICE, case, rental, service, site, training

from planner.audit import audit
from planner.plan.plan import make_plan

CHINESE = {
    "offers": {"card": {"accelerator": ASCEND, "channel": "domestic"}},
    "workloads": {"service": {"stacks_ready": ["cuda", "cann"]}},
}

BREAKS = (
    Break("double_bind", "porting", "compliance_risk", figure={"workloads": {"service": {"us_exposure": True}}}),
    Break("double_bind", "plain", "hall,2027q2,barred", figure=hall(listed_operator=True) | {"workloads": {"service": {"us_exposure": True}}}),
    Break("double_bind", "lent", "cloud,2027q", figure={"offers": {"rent": {"assume": {"end_user_hq": "CN"}}}}),
)  # fmt: skip


def refusals(**changes: object) -> set[tuple[str, str]]:
    return {(r.family, r.rule) for r in model_of(**changes).options.refused if r.family != "lead_time"}


def test_us_exposure_bars_a_device_that_us_rules_mark() -> None:
    # Ascend 910C is a compliance risk under General Prohibition 10; the buyer may have it, the exposed workload may not use it.
    exposed = {**CHINESE, "workloads": {"service": {"stacks_ready": ["cuda", "cann"], "us_exposure": True}}}
    model = model_of(**exposed)
    assert model.columns.order
    assert not model.columns.runs
    entry = next(r for r in model.options.refused if r.workload == "service")
    assert (entry.family, entry.rule, entry.accelerator, entry.outcome) == (
        "double_bind",
        "us_gp10_named",
        ASCEND,
        "compliance_risk",
    )


def test_binds() -> None:
    exposed = {**CHINESE, "workloads": {"service": {"stacks_ready": ["cuda", "cann"], "us_exposure": True}}}
    assert missing(plan_of(**exposed)) == pytest.approx(275)


def test_does_not_bind_without_exposure() -> None:
    plan = plan_of(**CHINESE)
    assert missing(plan) == 0
    # 1 / 0.3 devices.
    assert cells(plan.rows.orders, "devices") == pytest.approx([1 / 0.3])


def test_a_listed_operator_is_barred_to_us_exposure() -> None:
    listed = {"sites": {"hall": {"listed_operator": True, "operator": "Listed Ltd"}}}
    assert not refusals(**listed)
    assert refusals(**listed, workloads={"service": {"us_exposure": True}}) == {("double_bind", "listed_operator")}


def test_mainland_rules_bar_foreign_devices_to_whoever_they_bind() -> None:
    model = model_of(workloads={"service": {"prc_exposure": True}})
    assert not model.columns.runs
    entry = next(r for r in model.options.refused if r.workload)
    assert (entry.family, entry.accelerator) == ("double_bind", DEVICE)
    assert "bound by mainland rules" in entry.because


def test_a_mainland_rule_bars_from_its_first_day_on() -> None:
    bound = case(workloads={"service": {"prc_exposure": True}})
    book = bound.rulebook
    later = tuple(
        regime.model_copy(update={"effective_from": date(2027, 9, 1)}) if regime.layer == "prc_procurement" else regime
        for regime in book.regimes
    )
    plan = make_plan(bound.model_copy(update={"rulebook": book.model_copy(update={"regimes": later})}))
    # Rules of September bind the fourth quarter, whose first day they precede; 92 days of 1 PFLOP/s stay undone.
    assert cells(plan.rows.service, "node") == ["2027q2", "2027q3"]
    assert missing(plan) == pytest.approx(92)
    (entry,) = (row for row in plan.rows.refused if row["workload"] == "service")
    assert (entry["node"], entry["because"][:16]) == ("2027q4", "from 2027-10-01:")


def test_us_money_pays_for_no_marked_device() -> None:
    funds = {"venture": {"kind": "budget", "origin": "US"}}
    assert missing(plan_of(**CHINESE, funds=funds)) == pytest.approx(275)
    assert missing(plan_of(**CHINESE, funds={"venture": {"kind": "budget", "origin": "HK"}})) == 0
    assert missing(plan_of(funds=funds)) == 0
    assert missing(plan_of(funds=funds, sites={"hall": {"listed_operator": True}})) == pytest.approx(275)


def test_us_money_pays_for_nothing_that_keeps_a_marked_device_running() -> None:
    # Own money buys the Ascends; the venture's would be welcome for their energy, hosting and staff, and may not.
    funds = {
        "own": {"kind": "budget", "strings": {"costs": ["purchase"]}},
        "venture": {"kind": "budget", "origin": "US"},
    }
    assert missing(plan_of(**CHINESE, funds=funds)) == pytest.approx(275)
    assert missing(plan_of(**CHINESE, funds=funds | {"venture": {"kind": "budget", "origin": "HK"}})) == 0
    # A standing fleet, bought by nobody here, is marked all the same.
    standing = {
        "sites": {"hall": {"fleet": [{"accelerator": ASCEND, "devices": 5, "installed": "2026-01-01"}]}},
        "offers": {"card": None},
    }
    ready = {"workloads": CHINESE["workloads"]}
    assert missing(
        plan_of(**standing, **ready, funds={"venture": {"kind": "budget", "origin": "US"}})
    ) == pytest.approx(275)
    assert missing(plan_of(**standing, **ready, funds={"own": {"kind": "budget"}})) == 0


CLOUD = site(access="rent", phases=[], destination="OTHER", legal_zone="sg", operator_parent="SG")


def lent(*homes: str | None, buyer: str = "HK", **changes: object) -> dict[str, object]:
    """A US-exposed training of 100 PFLOP/s-days that an H100 abroad may do, and rentals that assume a home of the end user."""
    offers = {
        f"rent{number}": rental(assume={"end_user_hq": home} if home else {}, rent_usd_per_device_hour=2 + number)
        for number, home in enumerate(homes)
    }
    job = training(us_exposure=True, unserved_hkd_per_pflops_day=9_000)
    return {
        "buyer": {"us_exposure": True, "end_user_hq": buyer},
        "sites": {"cloud": CLOUD},
        "offers": {"card": None, **offers},
        "workloads": {"service": None, "job": job},
        **changes,
    }


@pytest.mark.parametrize(
    ("buyer", "home", "undone"), [("HK", None, 100), ("HK", "SG", 0), ("SG", None, 0), ("SG", "CN", 100)]
)
def test_what_an_offer_assumes_holds_for_its_use(buyer: str, home: str | None, undone: float) -> None:
    # Law keeps training on an H100 in a cloud from a firm of Hong Kong or China that has US exposure, not from one of
    # Singapore. The offer's own word on the end user goes before the buyer's, as it does when the rental is taken.
    assert missing(plan_of(**lent(home, buyer=buyer))) == pytest.approx(undone)


def test_a_run_uses_the_rentals_that_law_lets_it_use() -> None:
    # rent0 may not be used for the training and rent1, HKD 7.8 an hour dearer, may: all of it is rented there.
    # 100 PFLOP/s-days at 0.4 PFLOP/s a device are 250 device-days, 6,000 device-hours at 3 USD.
    plan = plan_of(**lent("CN", "SG"))
    assert missing(plan) == 0
    assert set(cells(plan.rows.rentals, "offer")) == {"rent1"}
    assert paid(plan, "rental") == pytest.approx(6_000 * 3 * plan.case.hkd_per_usd)
    told = {(r.offer, r.workload) for r in plan.model.options.refused if r.family == "double_bind"}
    assert told == {("rent0", "job")}


def test_a_rental_that_one_may_use_is_not_lent_on_to_another() -> None:
    # A service, which law keeps from neither rental, runs beside the training: it takes the cheap one.
    both = lent("CN", "SG", workloads={"service": service(us_exposure=False), "job": lent("SG")["workloads"]["job"]})
    model = model_of(**both)
    limit = row(model, "capacity(nvidia_h100_sxm,cloud,2027q2,rent1)")
    assert limit.terms == {"run(job,nvidia_h100_sxm,cloud,2027q2)": 1.0, "rent(rent1,cloud,2027q2)": -1.0}
    rentals = plan_of(**both).rows.rentals
    # The service's 1 PFLOP/s is 2.5 devices.
    assert max(cells(rentals, "devices", offer="rent0")) == pytest.approx(2.5)
    assert max(cells(rentals, "devices", offer="rent1")) > 0


def test_the_audit_asks_what_a_rental_assumes() -> None:
    plan = plan_of(**lent("SG"))
    broken = audit(case(**lent("CN")), plan.rows.by_name, plan.objective_hkd)
    assert [check.name for check in broken.failed] == ["double_bind"]


def test_whoever_has_us_exposure_keeps_off_what_a_listed_maker_sells() -> None:
    """Hygon Z100 needs no licence by any rule, but Hygon stands on the Entity List since 2019."""
    device = "hygon_dcu_z100"
    card = {
        "offers": {"card": {"accelerator": device}},
        "economics": {"server_kw_per_device": {device: 1.0}},
    }
    job = {"measured_pflops_per_device": {device: 0.1}, "stacks_ready": ["dtk"]}
    free = plan_of(**card, workloads={"service": job})
    assert len(free.rows.service)
    assert set(cells(free.rows.orders, "outcome")) == {"uncontrolled"}
    exposed = {"service": {**job, "us_exposure": True}}
    model = model_of(**card, workloads=exposed)
    assert not model.columns.runs
    entry = next(r for r in model.options.refused if r.workload == "service")
    assert (entry.family, entry.rule, entry.outcome) == ("double_bind", "us_maker_hygon", "compliance_risk")
    broken = audit(case(**card, workloads=exposed), free.rows.by_name, free.objective_hkd)
    assert "double_bind" in {check.name for check in broken.failed}
