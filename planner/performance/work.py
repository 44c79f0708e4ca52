"""Work: floating-point operations per token, one definition everywhere.

    F = 6 N + 3 s a (d_qk + d_v) L          pretraining, continued pretraining, full fine-tuning
    F = 4 N + 2 s a (d_qk + d_v) L          LoRA, QLoRA: no weight gradients of the frozen matrices

N: parameters a token multiplies with (active experts, output layer, not the input embedding); s: sequence; a: heads;
d_qk, d_v: head widths; L: layers. Attention is counted causally (half of the square), and within its window where it
has one. Recomputation is not counted: utilisation is MFU, not HFU. Sources: Chowdhery 2022 appendix B; Korthikanti 2022; Hu 2021 (LoRA).
"""

from __future__ import annotations

from typing import Literal

from planner.domain.model_shape import ModelShape

Method = Literal["pretrain", "continued", "full", "lora", "qlora", "tuned_lora"]
"""`tuned_lora` is LoRA on a stack whose kernels are fused for it; the others of its kind run on ordinary ones."""

ORDINARY: tuple[Method, ...] = ("lora", "qlora")
"""Methods that run on ordinary stacks: `planner.performance.adapters`."""

LORA_RANK = 16
"""On all matrices that a token passes; of a mixture as many experts as are active."""

LORA_TRAINABLE_SHARE = 0.01
"""About what such adapters hold of a model of a few billion parameters: what optimiser and data-parallel traffic count."""

_PASSES = {"pretrain": 3, "continued": 3, "full": 3, "lora": 2, "qlora": 2, "tuned_lora": 2}


def passes(method: Method) -> int:
    """Forward-sized passes over a matrix: forward, input gradient, and weight gradient where it is trained."""
    return _PASSES[method]


def trainable_share(method: Method) -> float:
    """Share of the weights that has gradients and optimiser state."""
    return LORA_TRAINABLE_SHARE if passes(method) < 3 else 1.0


def adapted_widths(shape: ModelShape) -> float:
    """Inputs and outputs of the adapted matrices of one layer that a token passes, values."""
    heads_out = shape.heads * (shape.v_dim or shape.head_dim)
    attention = 4 * shape.hidden + 2 * heads_out + 2 * shape.kv_heads * shape.head_dim
    dense_share = 1 - shape.expert_layers / shape.layers
    width = dense_share * shape.ffn + (1 - dense_share) * (
        shape.experts_per_token * shape.expert_ffn + shape.shared_ffn
    )
    return attention + shape.matrices * (shape.hidden + width)


def attention_flop_per_token(shape: ModelShape) -> float:
    """Forward pass of the score and value products over all layers, causal."""
    return shape.attended * shape.heads * shape.score_dims * shape.layers


def flop_per_token(shape: ModelShape, method: Method = "pretrain") -> float:
    """Model FLOP per token (forward and backward)."""
    return passes(method) * (2 * shape.active_matrix_parameters + attention_flop_per_token(shape))
