"""A service in tokens: what it asks in the program's unit, what a device serves of it, and what each class of workload may say."""

from __future__ import annotations

from dataclasses import replace
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


def test_a_plan_takes_dimensions_as_they_are_stated() -> None:
    stated = {
        name: value for name, value in MODELS["qwen3-32b"].model_dump().items() if name not in ("name", "seq_len")
    }
    by_shape, by_name = (
        workload(**CHAT | change, requests_per_s=1)
        for change in ({"model": None, "shape": stated}, {"model": "qwen3-32b"})
    )
    shapes = [workload_shape(each, MODELS) for each in (by_shape, by_name)]
    assert shapes[0].name == "Service"
    assert busy_pflops(by_shape, MODELS) == busy_pflops(by_name, MODELS)
    speeds = [workload_speed(each, MODELS, DEVICE, 2026.9, SPEEDS).useful_pflops for each in (by_shape, by_name)]
    assert speeds[0] == pytest.approx(speeds[1])
    # The same parameters in a shape of another cache are not served alike.
    wide = workload(**CHAT | {"model": None, "shape": stated | {"kv_heads": 64}}, requests_per_s=1)
    assert workload_speed(wide, MODELS, DEVICE, 2026.9, SPEEDS).useful_pflops < 0.8 * speeds[0]


def test_no_plan_guesses_a_mixture_that_the_catalogue_knows() -> None:
    counts = {"model": None, "params_b": 671, "active_params_b": 37}
    shape = workload_shape(workload(**CHAT | counts, requests_per_s=1), MODELS)
    assert (shape.name, shape.kv_latent) == (MODELS["deepseek-v3"].name, 576)
    assert shape.guessed[0].endswith("taken for deepseek-v3")
    assert workload_shape(workload(**CHAT | counts | {"params_b": 300}, requests_per_s=1), MODELS).kv_latent is None


def test_prompts_apart_let_more_answers_share_a_copy_under_a_limit() -> None:
    asked = [
        workload(**CHAT | {"model": "qwen3-235b-a22b"}, requests_per_s=1, tpot_ms=100, prompts_apart=each)
        for each in (False, True)
    ]
    together, apart = (serve(workload_shape(each, MODELS), DEVICE, wish_of(each), SPEEDS) for each in asked)
    assert apart.tpot_ms <= 100
    assert apart.output_tokens_per_s > 1.5 * together.output_tokens_per_s
    # Without a limit the same devices do both as well.
    free = [serve(MODELS["llama3-8b"], DEVICE, replace(wish_of(each), tpot_ms=None), SPEEDS) for each in asked]
    assert free[0].output_tokens_per_s == pytest.approx(free[1].output_tokens_per_s)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"requests_per_s": 3}, "one of demand_pflops and requests_per_s, not both"),
        ({"demand_pflops": None, "requests_per_s": 3}, "requests_per_s needs tokens_in and tokens_out"),
        ({"model": "llama3-8b"}, "one of model, shape and params_b"),
        ({"params_b": None}, "one of model, shape and params_b"),
        ({"active_params_b": 3, "params_b": None, "model": "llama3-8b"}, "known of a model by name or shape"),
        ({"workload_class": "vision", "prompts_apart": True}, "prompts_apart is of a model that writes text"),
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
