"""One copy of a model that serves: what a prompt and a step of the answer take, term by term.

B answers at once on D devices, each with c tokens of context on average (prompt and half of its answer):

    weights    bytes of the weights that B tokens touch / (D · bandwidth · e_b)
    cache      B · bytes of keys and values of c tokens / (D · bandwidth · e_b)
    compute    B · (2 N_active + attention over c) / (D · peak · e_d)
    latency    layers · t₀ · (1 + s · log2 D), expert layers m times that
    exchange   4 · layers · B · h · 2 bytes · (D − 1)/D / link, its exposed share: sums of tensor parallelism
    prompt     (2 N_active · n + attention of n new tokens) / (D · peak · e_p), and the sums of its tokens

Experts touched of E with k a token: 1 − (1 − k/E)^B. Latent attention keeps `kv_latent` values a layer and token, grouped-query
attention two heads' worth per group; a window keeps no more than its tokens. Source of the form: Pope 2022. Every name `e`, `t₀`,
`s`, `m` is a field of `ServingRates`, fitted for all models at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from planner.domain.model_shape import ModelShape
from planner.performance.piecewise import doublings, larger, power, root, where

ACTIVATION_BYTES = 2.0
DISPATCH_BYTES = 3.0
REFERENCE_PEAK = 1e15
"""Widths at which experts reach half their rate are stated for a device of 1 PFLOP/s and scale with the root of the peak."""
BALANCE = 400.0


class Load(NamedTuple):
    """Mean lengths of a request in tokens; `cached`: share of the prompt whose keys and values are still there."""

    tokens_in: float
    tokens_out: float
    cached: float = 0.0

    @property
    def new(self) -> float:
        """Tokens of the prompt that have to be computed."""
        return self.tokens_in * (1 - self.cached)

    @property
    def context(self) -> float:
        """Tokens that a step attends to, on average over an answer."""
        return self.tokens_in + self.tokens_out / 2


class Server(NamedTuple):
    """One device as serving sees it: rates per second, and the bytes of a weight and of a value of the cache."""

    peak: float
    attention_peak: float
    bandwidth: float
    memory_bytes: float
    link: float
    nic: float
    domain: int
    weight_bytes: float
    cache_bytes: float


class ServingRates(NamedTuple):
    """What a stack reaches: shares of peak and of bandwidth, seconds a layer, and what mixtures and spreading add."""

    prompt: float
    decode: float
    bandwidth: float
    layer: float
    doubling: float
    expert_width: float
    expert_layer: float
    balance: float
    exposed: float
    wide: float
    slow: float


class Step(NamedTuple):
    """Seconds of one step of the answer, by term."""

    weights: float
    cache: float
    compute: float
    latency: float
    exchange: float

    @property
    def seconds(self) -> float:
        """All of it."""
        return self.weights + self.cache + self.compute + self.latency + self.exchange


def touched_share(shape: ModelShape, batch: float) -> float:
    """Share of the routed experts that a step of so many tokens reads."""
    if not shape.experts:
        return 1.0
    return 1.0 - power(1.0 - min(1.0, shape.experts_per_token / shape.experts), larger(batch, 1.0))


def values_per_token(shape: ModelShape) -> float:
    """Values that one layer keeps of one token."""
    return float(shape.kv_latent or 2 * shape.kv_heads * shape.head_dim)


def kept_tokens(shape: ModelShape, context: float) -> float:
    """Tokens kept, summed over layers, of a context: a window keeps no more than its own."""
    windowed = shape.layers * shape.window_share if shape.window else 0.0
    return (shape.layers - windowed) * context + windowed * min(context, float(shape.window or context))


def cache_bytes(shape: ModelShape, context: float, value_bytes: float) -> float:
    """Keys and values of one sequence."""
    return values_per_token(shape) * value_bytes * kept_tokens(shape, context)


def weight_bytes(shape: ModelShape, per_weight: float) -> float:
    """All weights, as they lie in memory."""
    return shape.total_parameters * per_weight


def _read_bytes(shape: ModelShape, batch: float, per_weight: float) -> float:
    """Weights that a step reads: all but the input embedding and the experts that no token chose."""
    embedding = 0 if shape.tied else shape.hidden * shape.vocab
    idle = shape.expert_parameters * (1.0 - touched_share(shape, batch))
    return (shape.total_parameters - embedding - idle) * per_weight


def _attention_width(shape: ModelShape) -> float:
    """Products per head and token of context in a step: latent attention multiplies with what it keeps."""
    return 2.0 * shape.kv_latent if shape.kv_latent else float(shape.score_dims)


def _exchange_seconds(shape: ModelShape, tokens: float, server: Server, devices: float) -> float:
    """Two sums over the group a layer, each twice around a ring."""
    moved = 4.0 * shape.layers * tokens * shape.hidden * ACTIVATION_BYTES * (devices - 1) / devices
    return moved / server.link


def _dispatch_seconds(shape: ModelShape, batch: float, server: Server, devices: float) -> float:
    """Every token goes to its experts in one byte a value and comes back in two; beyond the domain over the network."""
    link = where(devices <= server.domain, server.link, server.nic)
    return shape.expert_layers * batch * shape.experts_per_token * shape.hidden * DISPATCH_BYTES / devices / link


def _efficiency(shape: ModelShape, server: Server, r: ServingRates) -> float:
    """Of products, over that of a wide dense model on a device of `BALANCE` FLOP per byte: narrow experts fill a fast device badly."""
    device = power(server.peak / server.bandwidth / BALANCE, -r.balance)
    if not shape.experts:
        return device
    return device * (shape.expert_ffn / (shape.expert_ffn + r.expert_width * root(server.peak / REFERENCE_PEAK)))


def decode_step(
    shape: ModelShape, server: Server, devices: float, batch: float, load: Load, r: ServingRates, wide: bool = False
) -> Step:
    """One token for each of `batch` answers. `wide`: experts are spread over a decode group of their own."""
    return decoding(shape, server, devices, load, r, wide)(batch)


def decoding(
    shape: ModelShape, server: Server, devices: float, load: Load, r: ServingRates, wide: bool = False
) -> Callable[[float], Step]:
    """The step by its batch: searches ask for many batches, and most of a step hangs on none."""
    moved = devices * server.bandwidth * r.bandwidth
    dense = 2.0 * shape.active_matrix_parameters / (server.peak * _efficiency(shape, server, r))
    attended = 2.0 * shape.heads * _attention_width(shape) * kept_tokens(shape, load.context) / server.attention_peak
    each, rate, widened = dense + attended, devices * r.decode, r.wide if wide else 1.0
    moe = shape.expert_layers
    layers = shape.layers - moe + r.expert_layer * moe
    spread = 1.0 if wide else 1 + r.doubling * doublings(devices)
    latency = r.slow * layers * r.layer * spread
    kept = cache_bytes(shape, load.context, server.cache_bytes)
    exchanged = _dispatch_seconds if wide else _exchange_seconds
    read = r.slow * _read_bytes(shape, 1.0, server.weight_bytes) / moved

    def step(batch: float) -> Step:
        return Step(
            weights=r.slow * _read_bytes(shape, batch, server.weight_bytes) / moved if shape.experts else read,
            cache=r.slow * batch * kept / moved,
            compute=r.slow * batch * each / rate / widened,
            latency=latency,
            exchange=r.exposed * exchanged(shape, batch, server, devices),
        )

    return step


def prompt_seconds(shape: ModelShape, server: Server, devices: float, load: Load, r: ServingRates) -> float:
    """Computing the new tokens of one prompt, its attention over what was there before included."""
    new = load.new
    dense = 2.0 * shape.active_matrix_parameters * new / (server.peak * _efficiency(shape, server, r))
    seen = load.tokens_in - new / 2
    attended = 2.0 * shape.heads * shape.score_dims * kept_tokens(shape, seen) * new / server.attention_peak
    return r.slow * (dense + attended) / (devices * r.prompt) + r.exposed * _exchange_seconds(
        shape, new, server, devices
    )


def encode_seconds(shape: ModelShape, server: Server, devices: float, tokens: float, r: ServingRates) -> float:
    """One pass of an encoder over its input: each token attends to all of it."""
    dense = 2.0 * shape.active_matrix_parameters * tokens / (server.peak * _efficiency(shape, server, r))
    attended = 2.0 * shape.heads * shape.score_dims * shape.layers * tokens * tokens / server.attention_peak
    return r.slow * (dense + attended) / (devices * r.prompt) + r.exposed * _exchange_seconds(
        shape, tokens, server, devices
    )
