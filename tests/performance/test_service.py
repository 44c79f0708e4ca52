"""A service in tokens: what it asks in the program's unit, what a device serves of it, and what each class of workload may say."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError
from tiny import case, service

from planner.domain.workload import Workload
from planner.errors import InvalidInput
from planner.intake import catalogue
from planner.model.build import build
from planner.performance import busy_pflops, workload_speed
from planner.performance.service import load_of, request_flop, wish_of, workload_shape
from planner.performance.serving import serve

MODELS = catalogue.models()
DEVICE = catalogue.accelerators()["huawei_ascend_910c"]
SPEEDS = catalogue.performance_parameters()
CHAT: dict[str, Any] = {
    "demand_pflops": None,
    "params_b": None,
    "model": "llama3-8b",
    "tokens_in": 1500,
    "tokens_out": 500,
}


def workload(**changes: Any) -> Workload:
    """A service that nobody measured."""
    return Workload.model_validate(service(**changes) | {"measured_pflops_per_device": {}})


def test_a_request_by_hand() -> None:
    # Half of the prompt is cached: 750 tokens are read and 500 written, two FLOP for each parameter of a product.
    asked = workload(**CHAT, output_tokens_per_s=10_000, cached_share=0.5)
    shape = workload_shape(asked, MODELS)
    assert request_flop(shape, load_of(asked)) == 2 * shape.active_matrix_parameters * 1250
    # 10,000 tokens/s are 20 requests/s.
    assert busy_pflops(asked, MODELS) == pytest.approx(20 * 2500 * shape.active_matrix_parameters / 1e15)
    assert busy_pflops(workload(**CHAT, requests_per_s=20, cached_share=0.5), MODELS) == busy_pflops(asked, MODELS)


@pytest.mark.parametrize("limits", [{}, {"tpot_ms": 30}, {"ttft_s": 0.1}, {"engine_tuned": False}], ids=str)
def test_devices_are_tokens_asked_over_tokens_served(limits: dict[str, Any]) -> None:
    asked = workload(**CHAT, output_tokens_per_s=10_000, **limits)
    speed = workload_speed(asked, MODELS, DEVICE, 2026.9, SPEEDS)
    served = serve(workload_shape(asked, MODELS), DEVICE, wish_of(asked), SPEEDS)
    assert busy_pflops(asked, MODELS) / speed.useful_pflops == pytest.approx(10_000 / served.output_tokens_per_s)
    assert served.tpot_ms <= limits.get("tpot_ms", served.tpot_ms) * 1.001


def test_a_plan_takes_the_model_by_name() -> None:
    by_name = case(workloads={"chat": service(**CHAT, output_tokens_per_s=100)}, models=MODELS)
    asked = build(by_name).case.workloads["chat"]
    assert asked.model == "llama3-8b"
    with pytest.raises(InvalidInput, match="no model 'llama3-8x'"):
        workload_shape(workload(**CHAT | {"model": "llama3-8x"}, requests_per_s=1), MODELS)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"requests_per_s": 3}, "one of demand_pflops and requests_per_s, not both"),
        ({"demand_pflops": None, "requests_per_s": 3}, "requests_per_s needs tokens_in and tokens_out"),
        ({"model": "llama3-8b"}, "model or params_b, and not both"),
        ({"params_b": None}, "model or params_b, and not both"),
        ({"workload_class": "vision", "tokens_out": 9}, "tokens_out is of a model that writes text, and vision writes none"),
        ({"workload_class": "vision", "model": "llama3-8b", "params_b": None}, "which write text, and vision writes none"),
        ({"workload_class": "recommender"}, "a recommender of tables is not modelled"),
        ({"workload_class": "hpc_ai", "method": "inference"}, "hpc_ai that is served is not modelled"),
        ({"workload_class": "finetune", "tpot_ms": 50}, "tpot_ms is of a service that answers requests"),
    ],
)  # fmt: skip
def test_what_does_not_go_together_is_told(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        workload(**changes)


def test_a_picture_is_no_answer() -> None:
    picture = workload(workload_class="vision", demand_pflops=None, requests_per_s=5, tokens_in=600, params_b=1)
    assert load_of(picture) == (600, 0, 0)
    speed = workload_speed(picture, MODELS, DEVICE, 2026.9, SPEEDS)
    assert speed.fits
    assert speed.notes == ("encoders are not measured: they are taken to reach what a prompt reaches",)
    # Twice the input is at most half the inputs, for what attention adds.
    longer = workload(workload_class="vision", demand_pflops=None, requests_per_s=5, tokens_in=1200, params_b=1)
    devices = [
        busy_pflops(w, MODELS) / workload_speed(w, MODELS, DEVICE, 2026.9, SPEEDS).useful_pflops
        for w in (picture, longer)
    ]
    assert 2 <= devices[1] / devices[0] < 2.3
