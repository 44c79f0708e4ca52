"""The first screen of a plan, whole."""

from __future__ import annotations

from planner.plan.plan import make_plan
from planner.report.screen import screen
from planner.report.summary import summarise
from planner.report.tables import text
from tests import tiny
from tests.report.small import small

SCREEN = """\
small: 2027q1 to 2027q4, least cost
The plan costs HKD 5.91 M in present value: HKD 455 k of net spending and HKD 5.46 M for unserved
work. It does 80 % of the work asked for.
To order now, in 2027q1: 4 nvidia_rtx_5090d_v2 for hall.

What to buy (devices, when ordered)
site, device           2027q1  in all    HKD
────────────────────────────────────────────
hall
  nvidia_rtx_5090d_v2       4       4  312 k
all                         4          312 k

What to rent (devices on average)
site, device       2027q3  2027q4  peak    HKD
──────────────────────────────────────────────
cloud
  nvidia_h100_sxm     1.5     1.5   1.5  103 k
all                   1.5     1.5        103 k

What it runs (work in PFLOP/s-days)
workload  tenant  work  done  mostly on        at
────────────────────────────────────────────────────
service   city     275  80 %  nvidia_h100_sxm  cloud
Unserved, worth HKD 5.46 M undiscounted: service 20 % of the work asked for.

What it costs: HKD 5.91 M, present value
  unserved work 5.46 M · purchase 312 k · rental 103 k · energy 39.6 k

Cash by financial year, April to March (million HKD, real)
                26-27  27-28  in all
────────────────────────────────────
paid           0.0624  0.393   0.455
paid, nominal  0.0626  0.396   0.459
committed       0.312  0.143   0.455

What limits it most
  - One more MW at hall from 2027q2 to 2027q4 would save HKD 5.04 M (HKD 560 M per MW at first).

What law refused: 1 of 4 offers in every period
  - nvidia_b200: presumption_of_denial by us_3a090a1_dc (1 offer)

Audited: {checks} checks of limits, costs and law, recomputed from the case, all hold.
"""


def shown(case, width=100):
    plan = make_plan(case)
    return text(screen(summarise(plan)), width=width).replace(f"Audited: {len(plan.audit.checks)}", "Audited: {checks}")


def test_the_whole_screen():
    assert shown(small()) == SCREEN


def test_the_numbers_by_hand():
    summary = summarise(make_plan(small()))
    # Four cards of 1 kW at PUE 1.5 fill 6 kW; they do 0.4 of 1 PFLOP/s for 91 days, then rented H100 of 0.4 fill in.
    (bought,) = summary.bought
    assert bought.accelerator == "nvidia_rtx_5090d_v2"
    assert abs(bought.devices_in_all - 4) < 1e-6
    assert abs(bought.hkd - 4 * 10_000 * 7.8) < 0.01
    (rented,) = summary.rented
    assert abs(rented.hkd - 1.5 * 184 * 24 * 2 * 7.8) < 1e-6
    (service,) = summary.served
    assert abs(service.unserved_pflops_days - 0.6 * 91) < 1e-9
    assert abs(service.unserved_hkd - 0.6 * 91 * 100_000) < 1e-6
    assert abs(sum(hkd for _, hkd in summary.costs) - summary.objective_hkd) < 1e-6


def test_nothing_to_buy_and_nothing_refused():
    lines = shown(tiny.case(workloads={"service": {"unserved_hkd_per_pflops_day": 1}})).splitlines()
    assert "What to buy: nothing" in lines
    assert "What law refused: none of 1 offer" in lines
    assert "What limits it: no limit with a number binds" in lines
    assert not [line for line in lines if line.startswith("To order now")]


def test_a_missed_target_is_told():
    target = {"pflops": 50.0, "by": "2027q3", "basis": "peak", "shortfall_hkd_per_pflops": 1000.0}
    page = shown(small(capacity_targets={"promise": target}, offers={"card": {"supply_devices_total": 2}}))
    assert "Missed target promise: " in page
    assert " of 50 PFLOP/s missing in 2027q3, at HKD " in page
    assert "One PFLOP/s less in target promise would save HKD 1 k." in page


def test_what_nobody_has_announced_is_told():
    case = small()
    card = case.accelerators[tiny.DEVICE].model_copy(update={"confidence": "assumed"})
    page = shown(case.model_copy(update={"accelerators": {**case.accelerators, tiny.DEVICE: card}}))
    assert f"HKD 312 k of purchases and rents are for devices that no maker has announced: {tiny.DEVICE}." in page
    assert "announced" not in shown(case)


def test_what_whole_numbers_cost_is_told():
    # Six and two thirds cards of 0.15 would do; eight come in a server.
    whole = tiny.case(
        whole={"lots": True, "gap": 0}, workloads={"service": {"measured_pflops_per_device": {tiny.DEVICE: 0.15}}}
    )
    lines = shown(whole).splitlines()
    assert (
        lines[2] == "Whole numbers cost HKD 104 k beside the bound in fractions, HKD 586 k. This is the best there is."
    )
    assert "Whole numbers" not in shown(small())


def test_many_periods_are_shown_by_year():
    lines = shown(
        small(
            horizon={"start": "2027m01", "end": "2028m12"},
            workloads={"service": {"start": "2027m06", "end": "2028m12"}},
            offers={"h100_cloud": {"available_from": "2027m08"}},
        )
    ).splitlines()
    assert [line for line in lines if line.startswith("site, device")][-1].split() == [
        "site,", "device", "2027", "2028", "peak", "HKD",
    ]  # fmt: skip


def test_no_line_is_wider_than_the_page():
    page = text(screen(summarise(make_plan(small()))), width=80)
    assert max(map(len, page.splitlines())) <= 80


def test_what_is_lawful_on_conditions_only_is_told():
    licensed = tiny.case(
        offers={"card": None, "h20": tiny.offer(accelerator="nvidia_h20_96gb")},
        workloads={"service": {"measured_pflops_per_device": {"nvidia_h20_96gb": 0.1}}},
        licences={
            "hoped": {"accelerators": ["nvidia_h20_96gb"], "quota_devices": 4, "approval_share": 0.5, "wait_months": 0}
        },
    )
    page = shown(licensed)
    assert "What law lets it take on conditions" in page
    assert (
        "  - nvidia_h20_96gb: case_by_case by us_h20_mi308_15pct, only under the licence that the case hopes\n    for"
        in page
    )
    assert "One more licensed device under hoped would save HKD " in page
