"""What a case states of its data, added up per handler, and what is assumed of the rest."""

from __future__ import annotations

import pytest

from planner.law.assumed import assumed
from planner.law.data_flow import flow_of, unstated
from planner.law.data_governance import DataFlow, data_outcome
from tests import tiny

MAINLAND = {"data_class": "personal_mainland", "persons_per_year": 60_000}
STATED = {"sensitive_persons_per_year": 0, "data_imported": False, "data_held_under": "none"}
ABROAD = {"sites": {"hall": {"destination": "OTHER", "legal_zone": "sg"}}}


def case_of(*jobs, tenants=None, **changes):
    workloads = {f"w{number}": tiny.service(**job) for number, job in enumerate(jobs)}
    return tiny.case(workloads={"service": None, **workloads}, tenants=tenants or {}, **changes)


def mechanisms(case, workload="w0"):
    found = case.workloads[workload]
    zone = case.sites["hall"].legal_zone
    return [m.id for m in data_outcome(case.governance, found.data_class, zone, flow_of(case, found)).mechanisms]


def test_volumes_are_added_up_over_what_one_handler_does_with_the_class():
    # Below 100,000 persons nothing is needed; 60,000 and 60,000 of one tenant are 120,000.
    assert mechanisms(case_of(MAINLAND, **ABROAD)) == []
    assert mechanisms(case_of(MAINLAND, MAINLAND, **ABROAD)) == ["pipl_scc"]
    assert mechanisms(case_of(MAINLAND, {**MAINLAND, "tenant": "bank"}, **ABROAD)) == []
    assert mechanisms(case_of(MAINLAND, {**MAINLAND, "data_class": "personal_hk"}, **ABROAD)) == []
    assert mechanisms(case_of(MAINLAND, {**MAINLAND, "data_imported": True}, **ABROAD)) == []


def test_sensitive_persons_are_added_up_likewise():
    sensitive = {**MAINLAND, "persons_per_year": 5_000, "sensitive_persons_per_year": 5_000}
    assert mechanisms(case_of(sensitive, **ABROAD)) == ["pipl_scc"]
    assert mechanisms(case_of(sensitive, sensitive, **ABROAD)) == ["cac_assessment"]


def test_a_part_that_nobody_counted_keeps_the_whole_from_being_exempt():
    uncounted = {"data_class": "personal_mainland"}
    assert mechanisms(case_of(MAINLAND, uncounted, **ABROAD)) == ["pipl_scc"]
    many = {**MAINLAND, "persons_per_year": 2_000_000}
    assert mechanisms(case_of(many, uncounted, **ABROAD)) == ["cac_assessment"]


@pytest.mark.parametrize(
    ("zone", "workload", "tenant", "needs"),
    [
        # Fewer than 100,000 persons without sensitive data are exempt wherever the parties sit, inside the area too.
        ("hk_onprem", {}, {}, []),
        ("hk_onprem", {}, {"seat": "hk"}, []),
        ("hk_onprem", {"sensitive_persons_per_year": 1}, {"seat": "hk"}, ["gba_sc"]),
        ("hk_onprem", {"persons_per_year": 100_000}, {"seat": "gba_mainland"}, ["gba_sc"]),
        ("hk_onprem", {"persons_per_year": 5e6}, {"parties_in_gba": True}, ["gba_sc"]),
        # A sender in Beijing has the mainland's own thresholds; so has one of whom nobody says where it sits.
        ("hk_onprem", {"persons_per_year": 2e6}, {"seat": "mainland"}, ["cac_assessment"]),
        ("hk_onprem", {"persons_per_year": 500_000}, {}, ["pipl_scc"]),
        ("hk_onprem", {"persons_per_year": 500_000}, {"parties_in_gba": False}, ["pipl_scc"]),
        ("hk_onprem", {"persons_per_year": 2e6}, {"parties_in_gba": False}, ["cac_assessment"]),
        ("sg", {}, {"critical_operator": True}, ["cac_assessment"]),
        ("sg", {"persons_per_year": 2e6, "data_imported": True}, {}, []),
        ("sg", {"persons_per_year": 50_000, "sensitive_persons_per_year": 10_000}, {}, ["cac_assessment"]),
    ],
)
def test_each_fact_of_a_case_reaches_the_verdict(zone, workload, tenant, needs):
    case = case_of({**MAINLAND, **workload}, tenants={"city": tenant}, sites={"hall": {"legal_zone": zone}})
    assert mechanisms(case) == needs


def test_data_held_under_the_contract_of_the_greater_bay_area_stay_there():
    case = case_of({**MAINLAND, "data_held_under": "gba_sc"}, **ABROAD)
    flow = flow_of(case, case.workloads["w0"])
    assert flow.held_under == "gba_sc"
    assert not data_outcome(case.governance, "personal_mainland", "sg", flow).granted


def test_what_is_assumed_is_told_with_the_field_that_states_it():
    silent = unstated(case_of({**STATED, "data_class": "personal_mainland", "persons_per_year": 5e5}))
    assert silent[0] == (
        "Data law is asked as if a party is registered outside Hong Kong and the nine cities of the Greater Bay Area, "
        "since the case does not state tenants.city.seat."
    )
    facts = [sentence.rpartition(" state ")[2] for sentence in unstated(case_of(MAINLAND, **ABROAD))]
    assert facts == [
        "workloads.w0.sensitive_persons_per_year.", "tenants.city.critical_operator.", "workloads.w0.data_held_under.",
    ]  # fmt: skip


def test_nothing_is_told_where_the_case_says_all_or_law_asks_nothing():
    assert unstated(case_of({**MAINLAND, **STATED}, tenants={"city": {"critical_operator": False}}, **ABROAD)) == ()
    # An operator of critical infrastructure within the area would need its contract, so that is asked.
    within = {"seat": "hk", "critical_operator": False}
    assert unstated(case_of({**MAINLAND, **STATED}, tenants={"city": within})) == ()
    assert unstated(case_of({}, **ABROAD)) == ()


def test_a_seat_that_contradicts_its_short_form_is_refused():
    with pytest.raises(ValueError, match="contradict each other"):
        case_of(MAINLAND, tenants={"city": {"seat": "mainland", "parties_in_gba": True}})


def test_without_facts_a_flow_is_unknown():
    case = case_of({})
    assert flow_of(case, case.workloads["w0"]) == DataFlow(uncounted=True)


def test_unpublished_peaks_under_the_ceiling_are_told():
    ascend = tiny.offer(accelerator="huawei_ascend_910c", channel="domestic")
    (told,) = assumed(tiny.case(offers={"ascend": ascend}))
    assert told.endswith(
        "TFLOP/s: accelerators.huawei_ascend_910c.fp64_tflops (200), accelerators.huawei_ascend_910c.fp32_tflops (400)."
    )
    assert assumed(tiny.case(offers={"ascend": ascend, "card": None})) == ()
