"""Parameters and devices of the catalogue, and one small model to count by hand."""

from __future__ import annotations

import pytest

from planner.domain.model_shape import ModelShape
from planner.domain.speed_parameters import SpeedParameters
from planner.intake.catalogue import performance_parameters


@pytest.fixture(scope="session")
def parameters() -> SpeedParameters:
    return performance_parameters()


@pytest.fixture
def tiny() -> ModelShape:
    """Two layers of width 8, two heads of 4, gated feed-forward of 16, vocabulary 10, sequence 6."""
    return ModelShape(layers=2, hidden=8, heads=2, kv_heads=1, head_dim=4, ffn=16, gated=True, vocab=10, seq_len=6)


@pytest.fixture
def tiny_moe(tiny: ModelShape) -> ModelShape:
    """The same with four experts of width 5 in one of the two layers, two of them active, and a shared one of 3."""
    experts = {"experts": 4, "experts_per_token": 2, "expert_ffn": 5, "shared_ffn": 3, "dense_layers": 1}
    return tiny.model_copy(update=experts)
