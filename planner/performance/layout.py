"""How a training job is laid out on devices: the degrees of parallelism and what is kept or recomputed.

devices = tp · pp · cp · dp        ep divides dp · cp (experts live within the data-parallel group)
micro-batches per step  m = global batch / (dp · b)
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Recompute = Literal["none", "selective", "full"]


class Layout(NamedTuple):
    """Degrees of parallelism (all ≥ 1), micro-batch `micro_batch` in sequences, and the sharding of the optimiser state.

    `shard` 1: optimiser state over the data-parallel group (ZeRO-1); 3: weights and gradients as well (FSDP).
    `virtual` is the number of model chunks per pipeline stage (interleaving); `offload` keeps frozen weights in host memory.
    """

    tp: int = 1
    pp: int = 1
    dp: int = 1
    cp: int = 1
    ep: int = 1
    virtual: int = 1
    micro_batch: int = 1
    micro_batches: int = 1
    shard: Literal[1, 3] = 1
    recompute: Recompute = "none"
    offload: bool = False

    @property
    def devices(self) -> int:
        """Devices that the layout occupies."""
        return self.tp * self.pp * self.dp * self.cp

    @property
    def sequences(self) -> int:
        """Sequences of a step."""
        return self.dp * self.micro_batch * self.micro_batches
