"""A language model as the performance model sees it: the dimensions that decide work, memory and traffic.

Entries of `data/models.yaml` are of this noun. Lengths are in tokens or elements; parameter counts are plain numbers
unless the name ends in `_b` (billions). A mixture of experts has `experts` > 0; `experts_per_token` of them are active
per token.
"""

from __future__ import annotations

from functools import cached_property

from pydantic import Field

from planner.domain.base import Confidence, Noun

NAMELESS = "unnamed"


class ModelShape(Noun):
    """A transformer decoder.

    What is left out has the meaning of an ordinary dense decoder with multi-head attention.
    """

    name: str = Field(NAMELESS, description="as its publisher writes it")
    layers: int = Field(gt=0, le=100_000_000, description="decoder layers")
    hidden: int = Field(gt=0, le=100_000_000, description="model width")
    heads: int = Field(gt=0, le=100_000_000, description="query heads")
    kv_heads: int = Field(
        gt=0, le=100_000_000, description="key and value heads (fewer than heads: grouped-query attention)"
    )
    head_dim: int = Field(gt=0, le=100_000_000, description="width of a head")
    ffn: int = Field(gt=0, le=100_000_000, description="width of a dense feed-forward layer")
    gated: bool = Field(True, description="feed-forward has a gate (SwiGLU), so three matrices instead of two")
    vocab: int = Field(gt=0, le=100_000_000, description="vocabulary")
    tied: bool = Field(False, description="input and output embeddings are one matrix")
    seq_len: int = Field(4096, gt=0, le=100_000_000, description="training sequence length")
    experts: int = Field(0, ge=0, le=100_000_000, description="routed experts per layer; 0 for a dense model")
    experts_per_token: int = Field(0, ge=0, le=100_000_000, description="routed experts active per token")
    expert_ffn: int = Field(0, ge=0, le=100_000_000, description="width of one routed expert")
    shared_ffn: int = Field(0, ge=0, le=100_000_000, description="width of the shared experts together")
    dense_layers: int = Field(0, ge=0, le=100_000_000, description="layers of a mixture of experts that are dense")
    attention_parameters: float | None = Field(
        None, gt=0, le=1e15, description="per layer, where the form is not Q, K, V, O (latent attention)"
    )
    qk_dim: int | None = Field(
        None, gt=0, le=100_000_000, description="width of a query and key head in the score product"
    )
    v_dim: int | None = Field(None, gt=0, le=100_000_000, description="width of a value head")
    kv_latent: int | None = Field(
        None, gt=0, le=100_000_000, description="values that latent attention keeps per layer and token"
    )
    weights: str = Field("bf16", pattern="^[a-z0-9]{1,16}$", description="format in which its weights are published")
    window: int | None = Field(None, gt=0, le=100_000_000, description="sliding window of attention, tokens")
    window_share: float = Field(1.0, ge=0, le=1, description="share of layers whose attention has the window")
    flash: bool = Field(True, description="attention is computed by a fused kernel")
    fill: float = Field(
        1.0, gt=0, le=1e9, description="stated parameters over the parameters of this shape, for a guessed shape"
    )
    guessed: tuple[str, ...] = Field((), description="sentences about what was not stated and had to be assumed")
    source: str = Field("", description="where the dimensions were published")
    confidence: Confidence = Field("sourced", description="how far to trust the dimensions")

    @property
    def score_dims(self) -> int:
        """Width of a query head plus width of a value head: what the two attention products multiply over."""
        return (self.qk_dim or self.head_dim) + (self.v_dim or self.head_dim)

    @cached_property
    def attended(self) -> float:
        """Sequence length of the causal square that costs as much as this attention: a window w costs a
        square of 2 w.
        """
        if self.window is None:
            return float(self.seq_len)
        return self.seq_len * (1 - self.window_share) + min(self.seq_len, 2 * self.window) * self.window_share

    @cached_property
    def attention_matrix(self) -> float:
        """Attention parameters of one layer: Q and O over all heads, K and V over the shared ones."""
        plain = self.hidden * self.head_dim * (2 * self.heads + 2 * self.kv_heads)
        return self.attention_parameters or float(plain)

    @cached_property
    def expert_layers(self) -> int:
        """Layers whose feed-forward is a mixture of experts."""
        return self.layers - self.dense_layers if self.experts else 0

    @cached_property
    def matrices(self) -> int:
        """Matrices of one feed-forward layer."""
        return 3 if self.gated else 2

    @cached_property
    def active_matrix_parameters(self) -> float:
        """Parameters that one token multiplies with, output layer included, input embedding not."""
        dense = (self.layers - self.expert_layers) * self.ffn
        routed = self.expert_layers * (self.experts_per_token * self.expert_ffn + self.shared_ffn)
        router = self.expert_layers * self.experts
        body = self.layers * self.attention_matrix + self.hidden * (self.matrices * (dense + routed) + router)
        return self.fill * body + self.hidden * self.vocab

    @cached_property
    def total_parameters(self) -> float:
        """All parameters, embeddings included, norms and biases not."""
        dense = (self.layers - self.expert_layers) * self.ffn
        routed = self.expert_layers * (self.experts * self.expert_ffn + self.shared_ffn)
        router = self.expert_layers * self.experts
        body = self.layers * self.attention_matrix + self.hidden * (self.matrices * (dense + routed) + router)
        return self.fill * body + self.hidden * self.vocab * (1 if self.tied else 2)

    @cached_property
    def expert_parameters(self) -> float:
        """Parameters of all routed experts; expert parallelism spreads these, and only these, further."""
        return self.fill * self.expert_layers * self.experts * self.matrices * self.hidden * self.expert_ffn
