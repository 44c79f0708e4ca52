"""The speed of serving, term by term, against values worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.serving_fit import cases, log_errors
from planner.domain.model_shape import ModelShape
from planner.errors import InvalidInput
from planner.intake.catalogue import accelerators, models, performance_parameters
from planner.performance.copies import Wish
from planner.performance.serving import FORMAT_BYTES, SERVED, Served, format_of, runs_in, serve, serve_on
from planner.performance.serving_step import (
    Load,
    Server,
    ServingRates,
    cache_bytes,
    decode_step,
    kept_tokens,
    prompt_seconds,
    touched_share,
)  # fmt: skip

LOAD = Load(1024, 1024)
PLAIN = ServingRates(0.5, 0.4, 0.8, 1e-5, 0.5, 0.0, 1.0, 0.0, 1.0, 1.0, 1.0)
SERVER = Server(1e15, 1e15, 4e12, 80e9, 450e9, 50e9, 8, 1.0, 2.0)
TINY = ModelShape(layers=10, hidden=1000, heads=10, kv_heads=2, head_dim=100, ffn=4000, vocab=1000)


def test_cache_of_latent_attention_is_what_it_keeps() -> None:
    # 61 layers · 576 values · 2 bytes
    assert cache_bytes(models()["deepseek-v3"], 1, 2.0) == 70_272


def test_cache_of_grouped_queries_and_windows() -> None:
    # 2 · 2 heads · 100 · 2 bytes · 10 layers · 1,000 tokens
    assert cache_bytes(TINY, 1000, 2.0) == 8e6
    # half of the layers keep 128 tokens: 5 · 1,000 + 5 · 128
    assert kept_tokens(TINY.model_copy(update={"window": 128, "window_share": 0.5}), 1000) == 5640


def test_experts_touched() -> None:
    shape = models()["deepseek-v3"]
    assert touched_share(shape, 1) == pytest.approx(8 / 256)
    # 1 − (31/32)^32 = 0.638
    assert touched_share(shape, 32) == pytest.approx(0.638, abs=0.001)
    assert touched_share(TINY, 1) == 1.0


def test_a_step_by_hand() -> None:
    # weights: 10 · (1000·100·24 + 3·1000·4000) = 144 M and 1 M of output layer, at 1 byte over 0.8 · 4e12: 45.3 µs
    # latency: 10 layers · 10 µs
    step = decode_step(TINY, SERVER, 1, 1, LOAD, PLAIN)
    assert step.weights == pytest.approx(145e6 / 3.2e12)
    assert step.latency == pytest.approx(100e-6)
    assert step.exchange == 0
    # compute: 2 · 145 M and 2 · 10 heads · 200 · 10 layers · 1,536 tokens, over 0.4 PFLOP/s
    assert step.compute == pytest.approx((290e6 + 2 * 10 * 200 * 15_360) / 0.4e15)


def test_a_cached_prompt_costs_its_new_tokens() -> None:
    whole, half = (prompt_seconds(TINY, SERVER, 1, Load(1000, 10, c), PLAIN) for c in (0.0, 0.5))
    # the second half still attends to the first: 500 tokens over 750 on average against 1,000 over 500
    dense, attended = 290e6 * 1000, 2 * 10 * 200 * 10 * 500 * 1000
    assert whole == pytest.approx((dense + attended) / 0.5e15)
    assert half == pytest.approx((dense / 2 + attended * 0.75) / 0.5e15)


def test_bytes_of_a_weight_come_from_its_format() -> None:
    assert {FORMAT_BYTES[name] for name in ("fp8", "int8")} == {1.0}
    assert format_of(models()["gpt-oss-120b"], Wish(LOAD)) == "mxfp4", "published in four bits"
    assert format_of(models()["llama3-70b"], Wish(LOAD, "fp8")) == "fp8"


def test_arithmetic_is_what_the_device_is_fast_in() -> None:
    devices = accelerators()
    assert runs_in(devices["nvidia_b300"], "int8") == "bf16", "int8 is slower there"
    assert runs_in(devices["nvidia_h100_sxm"], "fp8") == "fp8"
    assert runs_in(devices["nvidia_a100_80gb_sxm"], "fp8") == "bf16", "it has none"
    assert runs_in(devices["nvidia_h100_sxm"], "fp8", "mxfp4") == "bf16", "weights of four bits are widened"


def test_limits_of_latency_are_kept_and_cost_throughput() -> None:
    device, shape, p = accelerators()["nvidia_h200_sxm"], models()["llama3-70b"], performance_parameters()
    free, tight, tighter = (serve(shape, device, Wish(LOAD, "fp8", tpot_ms=t), p) for t in (None, 50.0, 15.0))
    assert tighter.tpot_ms <= 15
    assert tight.tpot_ms <= 50
    assert free.output_tokens_per_s >= tight.output_tokens_per_s > tighter.output_tokens_per_s > 0
    impossible = serve(shape, device, Wish(LOAD, "fp8", tpot_ms=0.01), p)
    assert not impossible.fits
    assert "latency" in impossible.reason


def test_prompts_apart_leave_the_token_its_step() -> None:
    device, shape, p = accelerators()["nvidia_h200_sxm"], models()["llama3-70b"], performance_parameters()
    together, apart = (serve(shape, device, Wish(LOAD, "fp8", tpot_ms=40.0, apart=a), p) for a in (False, True))
    assert apart.output_tokens_per_s > together.output_tokens_per_s


@pytest.mark.parametrize(
    ("model", "wish"),
    [
        ("llama3-70b", Wish(LOAD, "fp8", tpot_ms=40.0, ttft_s=2.0)),
        ("mixtral-8x7b", Wish(LOAD, "int8", tpot_ms=25.0)),
        ("deepseek-v3", Wish(LOAD, "fp8", tpot_ms=30.0, apart=True)),
        ("deepseek-v3", Wish(LOAD, devices=12, batch=64)),
        ("llama3-8b", Wish(LOAD)),
    ],
)
def test_several_devices_at_once_are_each_as_by_itself(model: str, wish: Wish) -> None:
    shape, devices, p = models()[model], list(accelerators().values())[::4], performance_parameters()
    together = serve_on(shape, devices, wish, p)
    SERVED.forget()
    assert sum(isinstance(each, Served) and each.fits for each in together) > 3
    for device, found in zip(devices, together, strict=True):
        if isinstance(found, InvalidInput):
            with pytest.raises(InvalidInput, match=device.id):
                serve(shape, device, wish, p)
        else:
            assert serve(shape, device, wish, p) == found, device.id


def test_published_throughputs() -> None:
    """All sources seen: the error that docs/serving_accuracy.md reports for the shipped parameters."""
    off = np.abs(np.exp(log_errors(cases(), performance_parameters())) - 1)
    assert np.median(off) < 0.16
    assert np.quantile(off, 0.9) < 0.6
