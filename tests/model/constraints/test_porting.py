"""Porting: a workload runs on a foreign stack only once it has been ported."""

from __future__ import annotations

from typing import Any

import pytest
from proof import ASCEND, CANN, Break, cells, missing, model_of, paid, plan_of, price, row, rows

from planner.errors import Infeasible

CHINESE = {"offers": {"card": {"accelerator": ASCEND, "channel": "domestic"}}, "stacks": CANN}

BINDS: dict[str, Any] = {"offers": {"card": {"accelerator": ASCEND, "channel": "domestic"}}, "stacks": CANN}
BREAKS = (
    Break("porting", "porting", "service,cann,2027q", figure={"stacks": {"cann": {"porting": {"inference_llm": {"months": 12}}}}}),
)  # fmt: skip


def test_row_by_hand() -> None:
    # 0.3 PFLOP/s a device over 92 days; a month and a half from 2027-04-01 ends before 07-01: what is begun in q2 is ready in q3; what is
    # begun in q3 is ready on 08-16, for 46 of its 92 days.
    found = row(model_of(**CHINESE), "porting(service,cann,2027q3)")
    assert found.terms == pytest.approx(
        {
            f"run(service,{ASCEND},hall,2027q3)": 27.6,
            "port(service,cann,2027q1)": -92,
            "port(service,cann,2027q2)": -92,
            "port(service,cann,2027q3)": -46,
        }
    )
    assert (found.sense, found.limit) == ("<=", 0)
    assert found.because == "service must be ported to cann, 1.5 months"


def test_a_port_is_begun_once() -> None:
    model = model_of(**CHINESE)
    once = row(model, "porting(service,cann,2027q4,once)")
    assert once.terms == {f"port(service,cann,2027q{q})": 1 for q in (1, 2, 3, 4)}
    assert (once.sense, once.limit) == ("<=", 1)
    assert [r for r in rows(model, "porting") if r.endswith("once)")] == ["porting(service,cann,2027q4,once)"]


def test_binds() -> None:
    # Two engineer-months at 91,667 HKD, begun in q1.
    plan = plan_of(**CHINESE)
    assert paid(plan, "porting") == pytest.approx(183_334)
    assert cells(plan.rows.readiness, "node") == ["2027q1"]
    assert missing(plan) == 0
    prices = [price(plan, f"porting(service,cann,2027q{q})") for q in (2, 3, 4)]
    assert min(prices) < 0


def test_a_longer_port_costs_time_to_market() -> None:
    # Five months from 2027-01-01 end on 06-01: 61 days of q2 go unserved.
    slow = {"cann": {"name": "CANN", "porting": {"inference_llm": {"engineer_months": 2, "months": 5}}}}
    assert missing(plan_of(**CHINESE | {"stacks": slow})) == pytest.approx(61)


def test_does_not_bind_where_the_workload_is_ready() -> None:
    model = model_of(**CHINESE, workloads={"service": {"stacks_ready": ["cuda", "cann"]}})
    assert rows(model, "porting") == []
    assert rows(model_of(), "porting") == []


def test_no_known_way_to_port_is_a_refusal() -> None:
    model = model_of(**CHINESE | {"stacks": {"cann": {"name": "CANN"}}})
    entry = next(r for r in model.options.refused if r.family == "porting")
    assert (entry.rule, entry.because) == ("cann", "no way is known to port inference_llm to cann")


def test_whole_ports_are_all_or_nothing() -> None:
    # Three devices, 0.9 PFLOP/s, are all that the market offers; a fraction of a port would do in the linear program.
    short = {**CHINESE, "offers": {"card": {"accelerator": ASCEND, "channel": "domestic", "supply_devices_total": 3}}}
    part = plan_of(**short)
    assert sum(cells(part.rows.readiness, "level")) == pytest.approx(0.9)
    whole = plan_of(**short, whole={"porting": True, "gap": 0})
    assert sum(cells(whole.rows.readiness, "level")) == pytest.approx(1)
    assert whole.solver["relaxed_objective_hkd"] == pytest.approx(part.objective_hkd)
    assert whole.objective_hkd == pytest.approx(part.objective_hkd + 18_333.4)


def test_a_target_is_not_helped_by_a_port_that_is_late() -> None:
    with pytest.raises(Infeasible):
        plan_of(**CHINESE, capacity_targets={"t": {"pflops": 1, "by": "2027q1", "basis": "peak"}})
