"""Data governance: a workload runs in a zone only once the mechanisms that let its data be processed there are in place."""

from __future__ import annotations

from typing import Any

import pytest
from proof import SNAP, Break, cells, missing, model_of, paid, plan_of, price, row, rows
from tiny import DEVICE, case, service, training

from planner.audit import audit
from planner.intake.catalogue import data_governance
from planner.model.build import build
from planner.plan.plan import make_plan

PERSONAL = {"workloads": {"service": {"data_class": "personal_hk"}}}
MECHANISM = data_governance().mechanisms["processor_terms"]

BINDS: dict[str, Any] = {"workloads": {"service": {"data_class": "personal_hk"}}}
BREAKS = (
    Break("data_governance", "plain", "service,cac_assessment,hk_onprem,2027q3", figure={"workloads": {"service": {"data_class": "important_data"}}}),
    Break("data_governance", "rented", ",denied: ", figure={"workloads": {"service": {"data_class": "important_data"}}}),
)  # fmt: skip


def test_row_by_hand() -> None:
    # 91 days at 0.1 PFLOP/s a device against the 91 asked for. A month of lead from 2027-01-01 is over on 02-01: what is begun in q1 holds
    # in q2; what is begun on 2027-04-01 is in place on 05-01, for 61 of the 91 days of q2.
    assert MECHANISM.lead_months.mid == 1
    found = row(model_of(**PERSONAL), "data_governance(service,processor_terms,hk_onprem,2027q2)")
    assert found.terms == pytest.approx(
        {
            f"run(service,{DEVICE},hall,2027q2)": 9.1,
            "clear(city,processor_terms,hk_onprem,2027q1)": -91,
            "clear(city,processor_terms,hk_onprem,2027q2)": -61,
        }
    )
    assert (found.sense, found.limit) == ("<=", 0)
    assert found.because == "personal_hk data of city in hk_onprem needs processor_terms"


def test_what_is_in_place_is_not_begun_again() -> None:
    once = row(model_of(**PERSONAL), "data_governance(city,processor_terms,hk_onprem,2027q4,once)")
    assert once.terms == {f"clear(city,processor_terms,hk_onprem,2027q{q})": 1 for q in (1, 2, 3, 4)}
    assert (once.sense, once.limit) == ("<=", 1)


def test_binds() -> None:
    # The mechanism is begun in q1 and paid once; its price in q2 is negative: more of it, earlier, would serve more.
    plan = plan_of(**PERSONAL)
    (begun,) = plan.rows.readiness
    assert (begun["kind"], begun["subject"], begun["what"]) == ("clear", "city", "processor_terms")
    assert (begun["node"], begun["level"]) == ("2027q1", pytest.approx(1))
    assert plan.objective_hkd == pytest.approx(879_000 + MECHANISM.cost_hkd.mid)
    assert paid(plan, "mechanism") == pytest.approx(80_000)
    prices = [price(plan, f"data_governance(service,processor_terms,hk_onprem,2027q{q})") for q in (2, 3, 4)]
    assert min(prices) < 0


def test_a_mechanism_dearer_than_the_work_is_not_begun() -> None:
    # 275 PFLOP/s-days at 290 HKD are 79,750, less than the mechanism alone.
    workload = {"data_class": "personal_hk", "unserved_hkd_per_pflops_day": 290}
    plan = plan_of(workloads={"service": workload})
    assert missing(plan) == pytest.approx(275)
    assert len(plan.rows.readiness) == 0


def test_does_not_bind_on_public_data() -> None:
    assert rows(model_of(), "data_governance") == []


def test_denied_data_have_no_column_but_an_entry_in_the_ledger() -> None:
    changes = {
        "sites": {"hall": {"legal_zone": "hk_us_parent"}},
        "workloads": {"service": {"data_class": "important_data"}},
    }
    model = model_of(**changes)
    assert not model.columns.runs
    entry = next(r for r in model.options.refused if r.family == "data_governance")
    assert (entry.rule, entry.workload, entry.outcome) == ("important_data.hk_us_parent", "service", "deny")


def test_one_tenant_pays_once_for_all_its_workloads() -> None:
    second = {"second": model_of(**PERSONAL).case.workloads["service"].model_dump(mode="json") | {"demand_pflops": 0.5}}
    plan = plan_of(workloads=PERSONAL["workloads"] | second)
    assert paid(plan, "mechanism") == pytest.approx(80_000)


def test_begun_before_the_branches_part_it_serves_both() -> None:
    model = model_of(scenarios=SNAP, controls={DEVICE: {"outcome": "uncontrolled"}}, **PERSONAL)
    for node in ("2027q2", "2027q2_snap_embargo"):
        terms = row(model, f"data_governance(service,processor_terms,hk_onprem,{node})").terms
        assert terms["clear(city,processor_terms,hk_onprem,2027q1)"] == pytest.approx(-91)
        assert terms[f"clear(city,processor_terms,hk_onprem,{node})"] == pytest.approx(-61)


def test_a_mechanism_that_is_ready_within_a_period_counts_from_that_day() -> None:
    # Decided on 2027-04-01 with devices that stand: a month of lead, 61 of 91 days of q2 are served.
    fleet = [{"accelerator": DEVICE, "devices": 10, "installed": "2026-01-01"}]
    plan = plan_of(horizon={"start": "2027q2"}, sites={"hall": {"fleet": fleet}}, offers={"card": None}, **PERSONAL)
    assert cells(plan.rows.unserved, "unserved_pflops_days") == pytest.approx([30, 0, 0])


def test_a_training_counts_from_that_day_by_its_devices() -> None:
    # 61 days of at most 5 devices of 0.1 PFLOP/s, whatever the 1,000 PFLOP/s-days that are asked.
    job = training(data_class="personal_hk", start="2027q2", end="2027q2", max_devices=5, work_pflops_days=1_000)
    fleet = [{"accelerator": DEVICE, "devices": 10, "installed": "2026-01-01"}]
    plan = plan_of(
        horizon={"start": "2027q2"},
        sites={"hall": {"fleet": fleet}},
        offers={"card": None},
        workloads={"service": None, "job": job},
    )
    assert cells(plan.rows.jobs, "done_pflops_days") == pytest.approx([0.5 * 61])


def test_a_zone_in_which_the_data_are_processed_today_needs_no_new_mechanism() -> None:
    tenant = {"data_class": "financial_client", "start": "2027q1"}
    anew = model_of(workloads={"service": service(**tenant)})
    cleared = model_of(workloads={"service": service(**tenant, cleared_zones=["hk_onprem"])})
    assert {row.key[1] for row in anew.rows if row.family == "data_governance"} >= {"hkma_outsourcing"}
    assert not [row for row in cleared.rows if row.family == "data_governance"]
    assert not cleared.columns.clear


def lapsing(years: float, **changes):
    """The case in which the mechanism holds for so many years."""
    known = case(**changes)
    mechanisms = known.governance.mechanisms | {
        "processor_terms": MECHANISM.model_copy(update={"validity_years": years})
    }
    return known.model_copy(update={"governance": known.governance.model_copy(update={"mechanisms": mechanisms})})


def test_a_mechanism_that_lapses_by_hand() -> None:
    # Half a year. Begun on 2027-01-01 it holds from 02-01 to 08-01: 31 of the 92 days of q3; begun on 04-01 from 05-01 to 11-01: all of
    # them; begun on 07-01 the 61 days from 08-01 on.
    model = build(lapsing(0.5, **PERSONAL))
    terms = row(model, "data_governance(service,processor_terms,hk_onprem,2027q3)").terms
    clear = {q: f"clear(city,processor_terms,hk_onprem,2027q{q})" for q in (1, 2, 3, 4)}
    found = [terms[clear[q]] for q in (1, 2, 3)]
    assert found == pytest.approx([-31, -92, -61])
    # Begun on 01-01 it ends before what waits until 10-01 would be ready: then, and not before, it is begun again.
    again = row(model, "data_governance(city,processor_terms,hk_onprem,2027q3,once)")
    assert (again.terms, again.sense, again.limit) == ({clear[2]: 1, clear[3]: 1}, "<=", 1)
    assert again.because == "processor_terms of city is begun once in 0.5 years"
    once = row(model, "data_governance(city,processor_terms,hk_onprem,2027q2,once)")
    assert once.terms == {clear[1]: 1, clear[2]: 1}


@pytest.mark.parametrize("whole", [False, True])
def test_it_is_renewed_at_its_price_without_a_gap(whole: bool) -> None:
    # Begun on 01-01 and on 07-01, twice 80,000 HKD: the second follows the first on 08-01 and holds to 2028-02-01.
    renewed = lapsing(0.5, **PERSONAL, whole={"porting": whole})
    plan = make_plan(renewed)
    assert plan.objective_hkd == pytest.approx(879_000 + 2 * 80_000)
    assert cells(plan.rows.readiness, "node") == ["2027q1", "2027q3"]
    assert cells(plan.rows.readiness, "level") == pytest.approx([1, 2])
    once = plan_of(**PERSONAL)
    broken = audit(renewed, once.rows.by_name, once.objective_hkd)
    assert {check.name for check in broken.failed} == {"data_governance"}


def test_what_is_no_longer_used_is_not_renewed() -> None:
    # The work ends on 07-01, before the first is over; in a year with a mechanism of a year nothing changes.
    workload = {"service": {"data_class": "personal_hk", "end": "2027q2"}}
    assert cells(make_plan(lapsing(0.5, workloads=workload)).rows.readiness, "level") == pytest.approx([1])
    assert make_plan(lapsing(1, **PERSONAL)).objective_hkd == pytest.approx(879_000 + 80_000)


def test_a_gap_in_use_needs_no_mechanism() -> None:
    # Ten devices that stand serve in q2 of 2027 and of 2029: a mechanism of half a year is begun for each, in the quarter before.
    fleet = [{"accelerator": DEVICE, "devices": 10, "installed": "2026-01-01"}]
    first = service(data_class="personal_hk", start="2027q2", end="2027q2")
    plan = make_plan(
        lapsing(
            0.5,
            horizon={"start": "2027q1", "end": "2029q2"},
            sites={"hall": {"fleet": fleet}},
            offers={"card": None},
            workloads={"service": first, "again": first | {"start": "2029q2", "end": "2029q2"}},
        )
    )
    assert cells(plan.rows.readiness, "level") == pytest.approx([1, 2])
    assert paid(plan, "mechanism") == pytest.approx(160_000)
    assert missing(plan) == pytest.approx(0)


WITHIN = {"tenants": {"city": {"seat": "hk"}}}
OUTSIDE = {"tenants": {"city": {"seat": "mainland"}}}
MAINLAND = {"workloads": {"service": {"data_class": "personal_mainland", "persons_per_year": 500_000}}}


def test_what_a_case_states_of_its_parties_reaches_plan_and_audit() -> None:
    # Within the Greater Bay Area its contract; outside 500,000 persons a year need the mainland's standard contract.
    within = plan_of(**MAINLAND, **WITHIN)
    assert set(cells(within.rows.readiness, "what")) == {"gba_sc"}
    assert set(cells(plan_of(**MAINLAND, **OUTSIDE).rows.readiness, "what")) == {"pipl_scc"}
    assert set(cells(plan_of(**MAINLAND).rows.readiness, "what")) == {"pipl_scc"}, (
        "a seat that nobody states is outside"
    )
    broken = audit(case(**MAINLAND, **OUTSIDE), within.rows.by_name, within.objective_hkd)
    assert "data_governance" in {check.name for check in broken.failed}


def test_data_held_under_a_contract_of_the_greater_bay_area_are_refused_abroad() -> None:
    held = {"workloads": {"service": {**MAINLAND["workloads"]["service"], "data_held_under": "gba_sc"}}}
    model = model_of(**held, sites={"hall": {"destination": "OTHER", "legal_zone": "sg"}})
    assert not model.columns.runs
    (refused,) = {r.because for r in model.options.refused if r.family == "data_governance"}
    assert "may not leave the Greater Bay Area" in refused
