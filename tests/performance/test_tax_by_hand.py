"""A kernel tax set by hand: a statement on software, not on the device's memory."""

from __future__ import annotations

import pytest

from planner.domain.case import Case
from planner.domain.speed_parameters import SpeedParameters
from planner.errors import InvalidInput
from planner.intake.catalogue import accelerators
from planner.performance import useful_pflops
from planner.performance.workload_speed import PlanMethod
from planner.study.whatif.override import override
from tests.tiny import case

ASCEND = "huawei_ascend_910c"


def kept(
    parameters: SpeedParameters, method: PlanMethod, tax: float, precision: str = "bf16", device: str = ASCEND
) -> float:
    """Speed under the tax over speed at par with CUDA."""
    asked = (14.0, accelerators()[device], 8, precision, 2026.0, parameters)
    taxed, at_par = (useful_pflops(*asked, method=method, tax=each).useful_pflops for each in (tax, 0.0))
    return taxed / at_par


def test_what_waits_for_memory_pays_less_than_the_tax(parameters: SpeedParameters) -> None:
    serving, training = kept(parameters, "inference", 0.3), kept(parameters, "pretrain", 0.3)
    assert 0.7 < training < serving < 1.0
    assert training == pytest.approx(0.7, abs=0.05)


def test_a_model_that_computes_only_pays_it_wholly(parameters: SpeedParameters) -> None:
    assert kept(parameters, "pretrain", 0.3, "fp64", "nvidia_h100_sxm") == pytest.approx(0.7)


def test_a_tax_of_nothing_is_par_with_cuda_for_a_stack_that_is_behind(parameters: SpeedParameters) -> None:
    ascend = accelerators()[ASCEND]
    modelled = useful_pflops(14.0, ascend, 8, "bf16", 2026.0, parameters, method="inference").useful_pflops
    par = useful_pflops(14.0, ascend, 8, "bf16", 2026.0, parameters, method="inference", tax=0.0).useful_pflops
    # CANN's fitted ceiling is 23 % below CUDA's; a service that waits for memory feels a part of it.
    assert 0.77 * par < modelled < par


def test_a_device_of_cuda_is_untouched_by_its_own_modelled_tax(parameters: SpeedParameters) -> None:
    asked = (14.0, accelerators()["nvidia_h100_sxm"], 8, "bf16", 2026.0, parameters)
    assert useful_pflops(*asked, tax=0.0) == useful_pflops(*asked)


def test_a_tax_of_all_or_more_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"must be below 1"):
        override(tiny(), {"tax.cann": 1.5})


def tiny() -> Case:
    return case(stacks={"cann": {"name": "CANN"}})
