"""What rules, licences and stacks cost: against two plans made directly."""

from __future__ import annotations

import pytest

from planner.intake.catalogue import accelerators, models, performance_parameters, raw
from planner.performance.service import wish_of
from planner.performance.serving import serve
from planner.plan.plan import make_plan
from planner.report.explain.burdens import explain_tax
from planner.report.words import money
from planner.study.worth.lifted import (
    at_par,
    deciding_rules,
    licence_free,
    lifted,
    stacks_of,
    without_embargo,
    without_licences,
    without_rules,
    worth,
)
from tests import tiny
from tests.report.small import small

ASCEND = "huawei_ascend_910c"


def licensed(**changes):
    """H20 under a licence for two devices of four applied for."""
    base = {
        "offers": {"card": None, "h20": tiny.offer(accelerator="nvidia_h20_96gb")},
        "workloads": {"service": {"measured_pflops_per_device": {"nvidia_h20_96gb": 0.1}}},
        "licences": {
            "hoped": {"accelerators": ["nvidia_h20_96gb"], "quota_devices": 4, "approval_share": 0.5, "wait_months": 0}
        },
    }
    return tiny.case(**tiny.deep_merge(base, changes))


def test_the_embargo_costs_the_difference_of_two_plans():
    base = make_plan(small())
    (whole,) = worth(base, {"whole": without_embargo(small())})
    free = make_plan(without_embargo(small()))
    assert whole.saves_hkd == pytest.approx(base.objective_hkd - free.objective_hkd)
    assert whole.saves_hkd > 5_000_000
    assert "b200" in set(free.orders["offer"])
    assert set(free.orders["rule"]) == {"us_default_uncontrolled"}


def test_a_lifted_rule_leaves_the_next_one_to_decide():
    case = small()
    lifted = make_plan(without_rules(case, ["us_3a090a1_dc"]))
    assert set(lifted.refused[lifted.refused["family"] == "embargo"]["rule"]) == {"us_3a090a2_dc"}
    both = make_plan(without_rules(case, ["us_3a090a1_dc", "us_3a090a2_dc"]))
    assert not {"us_3a090a1_dc", "us_3a090a2_dc"} & set(both.refused["rule"])
    assert len(case.rulebook.regimes) == len(lifted.case.rulebook.regimes)


def test_the_ceiling_is_part_of_the_embargo_and_of_its_rule():
    # 2,000 cards of 0.1 PFLOP/s are wanted; 200 / 0.1048 = 1,908.4 may stand. Each of the other 91.6 would do 0.1 PFLOP/s
    # for 275 days, worth HKD 10,000 a PFLOP/s-day, and costs USD 10,000.
    hall = {"phases": [{"from_date": "2020-01-01", "power_mw": 100}], "tariff_hkd_per_kwh": 0}
    wanted = {"demand_pflops": 200, "unserved_hkd_per_pflops_day": 10_000}
    base = make_plan(tiny.case(sites={"hall": hall}, workloads={"service": wanted}))
    saves = (2_000 - 200 / 0.1048) * (0.1 * 275 * 10_000 - 10_000 * base.case.hkd_per_usd)
    (whole,) = worth(base, {"whole": without_embargo(base.case)})
    assert whole.saves_hkd == pytest.approx(saves)
    assert deciding_rules(base) == ["us_supercomputer"]
    assert lifted(base, "us_supercomputer").saves_hkd == pytest.approx(saves)


def test_where_another_rule_says_the_same_nothing_is_planned_anew(monkeypatch):
    base = make_plan(small())
    monkeypatch.setattr("planner.study.worth.lifted.make_plan", None)
    found = lifted(base, "us_3a090a1_dc")
    assert (found.saves_hkd, found.objective_hkd) == (0.0, base.objective_hkd)
    assert "us_3a090a2_dc" in {row["rule"] for row in found.rows.refused}
    with pytest.raises(TypeError):
        lifted(make_plan(licensed()), "us_h20_mi308_15pct")


def test_a_lifted_rule_that_says_otherwise_is_worth_what_a_plan_without_it_saves():
    base = make_plan(licensed())
    found = lifted(base, "us_h20_mi308_15pct")
    direct = make_plan(without_rules(licensed(), ["us_h20_mi308_15pct"]))
    assert found.objective_hkd == pytest.approx(direct.objective_hkd)
    assert found.saves_hkd == pytest.approx(base.objective_hkd - direct.objective_hkd)


def test_the_rules_that_matter_are_those_that_refuse_delay_or_bound():
    assert deciding_rules(make_plan(small())) == ["us_3a090a1_dc"]
    assert deciding_rules(make_plan(licensed())) == ["us_h20_mi308_15pct"]


def test_a_what_if_on_law_can_be_lifted_like_a_rule():
    case = tiny.case(controls={tiny.DEVICE: {"outcome": "prohibited"}})
    barred = make_plan(case)
    assert deciding_rules(barred) == [f"controls.{tiny.DEVICE}"]
    (lifted,) = worth(barred, {"lifted": without_rules(case, [f"controls.{tiny.DEVICE}"])})
    assert lifted.objective_hkd == pytest.approx(make_plan(tiny.case()).objective_hkd)


def test_licences_for_the_asking_and_none_at_all():
    base = make_plan(licensed())
    free, none = worth(base, {"free": licence_free(licensed()), "none": without_licences(licensed())})
    # Two licensed devices of ten wanted; without licence none, free of it all ten, the fee of 15 % staying.
    assert base.orders["devices"].sum() == pytest.approx(2)
    assert sum(row["devices"] for row in free.rows.orders) == pytest.approx(10)
    assert free.rows.orders[0]["price_hkd_per_device"] == pytest.approx(78_000 * 1.15)
    assert none.rows.orders == []
    assert free.saves_hkd > 0 > none.saves_hkd


def ascend(**changes):
    """A training that only an Ascend may do, after two months of porting, at modelled speed."""
    base = {
        "buyer": {"us_exposure": False},
        "offers": {"card": None, "ascend": tiny.offer(accelerator=ASCEND, sites=["hall"])},
        "workloads": {
            "service": None,
            "job": tiny.training(measured_pflops_per_device=None, work_pflops_days=2000.0, max_devices=4096),
        },
        "stacks": {name: raw("stacks.yaml")["stacks"][name] for name in ("cuda", "cann")},
        "performance": performance_parameters(),
    }
    return tiny.case(**tiny.deep_merge(base, changes))


def test_the_tax_of_a_stack_is_kernels_and_porting():
    case = ascend()
    base = make_plan(case)
    assert stacks_of(case) == ["cann"]
    par, kernels, porting = worth(
        base,
        {
            "both": at_par(case, ["cann"]),
            "kernels": at_par(case, ["cann"], porting=False),
            "porting": at_par(case, ["cann"], kernels=False),
        },
    )
    assert par.saves_hkd > max(kernels.saves_hkd, porting.saves_hkd)
    assert min(kernels.saves_hkd, porting.saves_hkd) > 0
    assert par.rows.readiness == []
    assert max(row["useful_pflops_per_device"] for row in porting.rows.service) == pytest.approx(
        base.service["useful_pflops_per_device"].max(), rel=0.05
    )


SERVICE = {
    "model": "llama3-8b", "output_tokens_per_s": 200_000, "tokens_in": 1500, "tokens_out": 500, "tpot_ms": 50,
    "unserved_hkd_per_pflops_day": 1e6,
}  # fmt: skip


def served():
    """A service in tokens on Ascend, which is ported to it already."""
    gone = dict.fromkeys(("demand_pflops", "params_b", "measured_pflops_per_device"))
    asked = {**SERVICE, **gone, "stacks_ready": ["cuda", "cann"]}
    case = ascend(workloads={"job": None, "service": asked})
    return case.model_copy(update={"models": models()})


def test_engines_at_par_serve_what_the_device_would_serve_on_cuda():
    case = served()
    base = make_plan(case)
    both, kernels, porting = worth(
        base,
        {
            "both": at_par(case, ["cann"]),
            "kernels": at_par(case, ["cann"], porting=False),
            "porting": at_par(case, ["cann"], kernels=False),
        },
    )
    # It is ported already, so that all of the tax is its engine's.
    assert both.saves_hkd == pytest.approx(kernels.saves_hkd)
    assert porting.saves_hkd == pytest.approx(0, abs=1)
    wish, device = wish_of(case.workloads["service"]), accelerators()[ASCEND]
    on_cuda = device.model_copy(update={"software_stack": "cuda"})
    speeds = [serve(models()["llama3-8b"], each, wish, performance_parameters()) for each in (device, on_cuda)]
    faster = speeds[1].output_tokens_per_s / speeds[0].output_tokens_per_s
    assert faster > 1.5
    assert max(row["useful_pflops_per_device"] for row in both.rows.service) == pytest.approx(
        faster * base.service["useful_pflops_per_device"].max()
    )
    assert sum(row["devices"] for row in both.rows.orders) == pytest.approx(base.orders["devices"].sum() / faster)


def test_explain_tax_puts_engines_at_par():
    plan = make_plan(served())
    (par,) = worth(plan, {"par": at_par(plan.case, ["cann"])})
    words = explain_tax(plan, lambda doing: None).words
    assert par.saves_hkd > 0.1 * plan.objective_hkd
    assert words[0].startswith(f"The performance tax costs this plan {money(par.saves_hkd)}, ")
    assert words[1] == f"Planned with kernels and engines at par alone, it would save {money(par.saves_hkd)}."
    assert words[2] == "Planned with nothing to port alone, it would save HKD 0."


def test_cuda_is_no_stack_that_pays_the_tax():
    assert stacks_of(small()) == []


def test_a_tax_set_by_hand_is_lifted_with_the_rest():
    case = ascend(tax={"cann": 0.5})
    assert at_par(case, ["cann"]).tax == {}
    assert at_par(case, ["cann"], kernels=False).tax == {"cann": 0.5}
