"""A kernel tax set by hand: a statement on software, not on the device's memory."""

from __future__ import annotations

import pytest

from planner.domain.case import Case
from planner.domain.speed_parameters import SpeedParameters
from planner.domain.workload import Workload
from planner.errors import InvalidInput
from planner.intake.catalogue import accelerators
from planner.intake.overrides.override import override
from planner.performance import workload_speed
from tests.tiny import case, service, training

ASCEND = "huawei_ascend_910c"


def useful(
    parameters: SpeedParameters,
    method: str,
    tax: float | None,
    precision: str = "bf16",
    device: str = ASCEND,
    **asked: object,
) -> float:
    """Useful PFLOP/s of a model of 14 B under the tax, trained or served."""
    base = service() if method == "inference" else training()
    job = {"params_b": 14, "method": method, "precision": precision, "reference_devices": 8}
    workload = Workload.model_validate({**base, **job, **asked, "measured_pflops_per_device": {}})
    return workload_speed(workload, {}, accelerators()[device], 2026.0, parameters, tax).useful_pflops


def kept(parameters: SpeedParameters, method: str, tax: float, precision: str = "bf16", device: str = ASCEND) -> float:
    """Speed under the tax over speed at par with CUDA."""
    taxed, at_par = (useful(parameters, method, each, precision, device) for each in (tax, 0.0))
    return taxed / at_par


def test_what_waits_for_memory_pays_less_than_the_tax(parameters: SpeedParameters) -> None:
    serving, training = kept(parameters, "inference", 0.3), kept(parameters, "pretrain", 0.3)
    assert 0.7 < training < serving < 1.0
    assert training == pytest.approx(0.7, abs=0.05)


def test_a_model_that_computes_only_pays_it_wholly(parameters: SpeedParameters) -> None:
    assert kept(parameters, "pretrain", 0.3, "fp64", "nvidia_h100_sxm") == pytest.approx(0.7)


def test_a_tax_of_nothing_is_par_with_cuda_for_a_stack_that_is_behind(parameters: SpeedParameters) -> None:
    modelled, par = (useful(parameters, "inference", tax) for tax in (None, 0.0))
    # CANN's prompts run at 0.30 of peak, CUDA's at 0.55, its steps at 0.28 against 0.39: a short answer feels most of it.
    assert 0.5 * par < modelled < 0.9 * par


def test_a_service_that_waits_for_its_layers_hardly_feels_it(parameters: SpeedParameters) -> None:
    one = {"tokens_in": 32, "tokens_out": 1024, "tpot_ms": 8.0}
    taxed, par = (useful(parameters, "inference", tax, device="nvidia_h100_sxm", **one) for tax in (0.3, 0.0))
    assert 0.75 * par < taxed < par


@pytest.mark.parametrize("method", ["pretrain", "inference"])
def test_a_device_of_cuda_is_untouched_by_its_own_modelled_tax(parameters: SpeedParameters, method: str) -> None:
    device = "nvidia_h100_sxm"
    assert useful(parameters, method, 0.0, device=device) == useful(parameters, method, None, device=device)


def test_a_tax_of_all_or_more_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"must be below 1"):
        override(tiny(), {"tax.cann": 1.5})


def tiny() -> Case:
    return case(stacks={"cann": {"name": "CANN"}})
