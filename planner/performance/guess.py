"""The architecture behind a parameter count, when only that is given.

Width and depth are read off the published dense decoders of each size (log-log), feed-forward is gated and 3.5 h wide, key
and value heads are 8. What the rounded shape lacks or exceeds is made up by a factor on its matrices (`fill`), so the
parameter count, and with it 6 N, is exactly what was stated. Every guess is told in `guessed`.

    mixture of experts    layers = 24.2 A^0.231, width = 1,514 A^0.398    A billions of active parameters
                          2 active experts per token where a fifth of the model or more is active, else 8

read off the 19 mixtures of the catalogue (least squares of the logarithms). With the mixture itself left out its accelerator-hours
come within a factor of 1.13 in the median and 1.41 in nine of ten: depth is a choice of its makers (94 layers at 22 B, 48 at 16 B).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from math import exp, log

from planner.domain.model_shape import ModelShape
from planner.errors import InvalidInput, Problem

SIZES = (
    (0.1, 12, 768), (0.5, 24, 1024), (1.1, 22, 2048), (3.2, 28, 3072), (8.0, 32, 4096), (13.0, 40, 5120), (33.0, 60, 6656),
    (70.0, 80, 8192), (175.0, 96, 12288), (405.0, 126, 16384), (1000.0, 128, 25600),
)  # fmt: skip
"""(billions of parameters, layers, hidden) of published dense decoders: GPT-2, Qwen, TinyLlama, Llama 1 to 3, GPT-3, Megatron."""

HEAD_DIM = 128
KV_HEADS = 8
FFN_OVER_HIDDEN = 3.5
VOCAB = 32_000
MIXTURE_LAYERS, MIXTURE_WIDTH = (24.2, 0.231), (1514.0, 0.398)
ACTIVE_EXPERTS_DENSE, ACTIVE_EXPERTS_SPARSE, SPARSE_FROM = 2, 8, 5.0


def _depth_and_width(params_b: float) -> tuple[int, int]:
    """Layers and hidden size by interpolation in the logarithm of the size."""
    size = min(max(params_b, SIZES[0][0]), SIZES[-1][0])
    right = next(i for i in range(1, len(SIZES)) if size <= SIZES[i][0])
    (a, layers_a, hidden_a), (b, layers_b, hidden_b) = SIZES[right - 1], SIZES[right]
    share = log(size / a) / log(b / a)
    layers = exp(log(layers_a) + share * log(layers_b / layers_a))
    hidden = exp(log(hidden_a) + share * log(hidden_b / hidden_a))
    return max(1, round(layers)), _published_width(hidden)


def _published_width(hidden: float) -> int:
    """Heads in groups of eight, as published: a width between two groups would leave a guess without grouped-query attention."""
    step = HEAD_DIM * KV_HEADS if hidden >= HEAD_DIM * KV_HEADS else HEAD_DIM
    return max(HEAD_DIM, round(hidden / step) * step)


def _decoder(name: str, layers: int, hidden: int, seq_len: int, vocab: int, tied: bool = False) -> ModelShape:
    heads = hidden // HEAD_DIM
    return ModelShape(
        name=name,
        layers=layers,
        hidden=hidden,
        heads=heads,
        kv_heads=KV_HEADS if heads % KV_HEADS == 0 else heads,
        head_dim=HEAD_DIM,
        ffn=int(FFN_OVER_HIDDEN * hidden),
        vocab=vocab,
        tied=tied,
        seq_len=seq_len,
        confidence="estimate",
    )


def _filled(shape: ModelShape, params_b: float, sentence: str) -> ModelShape:
    embedding = shape.hidden * shape.vocab * (1 if shape.tied else 2)
    wanted = max(params_b * 1e9 - embedding, 0.2 * params_b * 1e9)
    return shape.model_copy(
        update={"fill": wanted / (shape.total_parameters - embedding), "guessed": (*shape.guessed, sentence)}
    )


@lru_cache(maxsize=1_024)
def guess(params_b: float, active_params_b: float | None = None, seq_len: int = 4096, vocab: int = VOCAB) -> ModelShape:
    """A shape of `params_b` billion parameters, `active_params_b` of them active per token (default: all).

    InvalidInput when a count is not positive or more is active than there is.
    """
    if params_b <= 0:
        raise InvalidInput(
            Problem(f"a model of {params_b:g} billion parameters cannot be trained", "Give --params-b above zero.")
        )
    if active_params_b is not None and not 0 < active_params_b <= params_b:
        what = f"{active_params_b:g} billion active parameters of {params_b:g} billion make no sense"
        raise InvalidInput(Problem(what, "Give --active-params-b above zero and at most --params-b."))
    if active_params_b is None or active_params_b > 0.95 * params_b:
        layers, hidden = _depth_and_width(params_b)
        shape = _decoder(f"{params_b:g} B dense", layers, hidden, seq_len, vocab, tied=params_b < 3)
        said = f"architecture guessed from {params_b:g} B parameters: {shape.layers} layers of width {shape.hidden}"
        return _filled(shape, params_b, said)
    return _mixture(params_b, active_params_b, seq_len, vocab)


def _mixture(params_b: float, active_params_b: float, seq_len: int, vocab: int) -> ModelShape:
    (layers_at_1, layers_power), (width_at_1, width_power) = MIXTURE_LAYERS, MIXTURE_WIDTH
    layers = max(1, round(layers_at_1 * active_params_b**layers_power))
    hidden = _published_width(width_at_1 * active_params_b**width_power)
    base = _decoder(f"{params_b:g} B, {active_params_b:g} B active", layers, hidden, seq_len, vocab)
    active = ACTIVE_EXPERTS_SPARSE if params_b / active_params_b > SPARSE_FROM else ACTIVE_EXPERTS_DENSE
    attention = base.layers * base.attention_matrix
    embedding = base.hidden * base.vocab
    routed_active = max(active_params_b * 1e9 - attention - embedding, 0.3 * active_params_b * 1e9)
    routed = params_b * 1e9 - attention - 2 * embedding
    width = max(64, round(routed_active / (base.layers * base.matrices * base.hidden * active)))
    experts = max(active, round(active * routed / routed_active / 8) * 8)
    shape = base.model_copy(
        update={
            "experts": experts,
            "experts_per_token": active,
            "expert_ffn": width,
        }
    )
    said = (
        f"architecture guessed from {params_b:g} B parameters of which {active_params_b:g} B active: "
        f"{shape.layers} layers of width {shape.hidden}, {active} of {experts} experts"
    )
    return _filled(shape, params_b, said)


def known_mixture(
    params_b: float, active_params_b: float | None, seq_len: int, known: Mapping[str, ModelShape]
) -> ModelShape | None:
    """The mixture among those known with these two counts, if there is one: its depth is known, a guess of it is not."""
    if not active_params_b:
        return None
    for listed in known.values():
        if (
            listed.experts
            and _near(params_b, listed.total_parameters / 1e9, 0.02)
            and _near(active_params_b, listed.active_matrix_parameters / 1e9, 0.05)
        ):
            said = f"{params_b:g} B parameters of which {active_params_b:g} B active: taken for {listed.name}"
            return listed.model_copy(update={"seq_len": seq_len, "guessed": (said,)})
    return None


def _near(value: float, other: float, share: float) -> bool:
    return abs(value / other - 1) <= share
