"""What the performance model was fitted to: the numbers of `data/performance.yaml`, one set for all models and runs.

Efficiencies are shares of peak, times are seconds, bandwidths GB/s one way, bands are factors on the measured value.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from planner.domain.base import Confidence, Id, Noun
from planner.domain.serving_parameters import ServingParameters
from planner.errors import InvalidInput, Problem

Fitted = Annotated[float, Field(ge=-100, le=1e6)]
Share = Annotated[float, Field(gt=0, le=1.2)]


class Shared(Noun):
    """Fitted once over all stacks; the equations are in `planner/performance/rates.py` and `step_time.py`."""

    achievable: Fitted = Field(
        description="power of the measured best matrix product (over 80 % of peak) in the ceiling"
    )
    balance: Fitted = Field(description="power of FLOP per byte of memory (over 240) by which the ceiling falls")
    year: Fitted = Field(description="growth of BF16 kernels per year before and after 2024")
    low_year: Fitted = Field(description="growth of low-precision kernels per year")
    moe_year: Fitted = Field(description="fall of the overheads of a mixture of experts per year")
    untuned: Fitted = Field(description="what a third party loses against the vendor's own tuning")
    coherent_host: Fitted = Field(description="launch time with a coherent host CPU over launch time with a PCIe host")
    cast: Fitted = Field(description="share of BF16 product time that low precision adds for casts")
    rows: Fitted = Field(description="tokens at which a product reaches half its rate, at the scale of an A100")
    width: Fitted = Field(description="matrix side at which a product reaches half its rate, at the scale of an A100")
    expert: Fitted = Field(description="rate of grouped expert products over dense ones")
    expert_rows: Fitted = Field(description="tokens per expert at half rate")
    attention: Fitted = Field(description="rate of fused attention over that of dense products")
    attention_small: Fitted = Field(description="what small heads add")
    unfused: Fitted = Field(description="time of un-fused score traffic over nominal")
    memory: Fitted = Field(description="time of memory-bound operations over nominal")
    moe_memory: Fitted = Field(description="time of routing and permutation over nominal")
    tensor: Fitted = Field(description="tensor-parallel traffic that is not hidden, over nominal")
    context: Fitted = Field(description="context-parallel traffic that is not hidden, over nominal")
    expert_exchange: Fitted = Field(description="expert-parallel traffic that is not hidden, over nominal")
    pipeline: Fitted = Field(description="pipeline traffic that is not hidden, over nominal")
    launch: Fitted = Field(description="seconds of launches per layer and micro-batch")
    moe_launch: Fitted = Field(description="seconds of routing and launches per expert layer and micro-batch")
    logit_imbalance: Fitted = Field(description="share of the output layer that unbalances the pipeline")
    bubble: Fitted = Field(description="pipeline bubble over the ideal one")
    data_once: Fitted = Field(description="data-parallel traffic that is not hidden, over nominal")
    data_each: Fitted = Field(description="FSDP traffic per micro-batch over nominal")
    overlap: Fitted = Field(description="share of a micro-batch that can hide FSDP traffic")
    jitter: Fitted = Field(description="slowing per doubling of the cluster beyond eight devices")


class StackCeiling(Noun):
    """What the kernels of a software stack reach, before shape, traffic and date."""

    matmul: float = Field(gt=0, le=1.2, description="share of BF16 peak of a large product")
    low: float = Field(gt=0, le=1.2, description="share of FP8 or INT8 peak")
    fp4: float = Field(0.5, gt=0, le=1.2, description="share of FP4 peak")
    matures: bool = Field(True, description="grows by `year` per year")
    launches: bool = Field(True, description="launches kernels one by one; False: compiles the whole step")
    experts: float = Field(1.0, gt=0, le=1_000, description="overheads of a mixture of experts over those of CUDA")
    confidence: Confidence = "derived"
    source: str = ""


class Fabric(Noun):
    """The network around a device."""

    domain: int = Field(8, gt=0, le=1_000_000, description="devices joined by the scale-up links")
    nic_gbps: float = Field(25.0, gt=0, le=1_000_000, description="scale-out bandwidth per device, one way, GB/s")
    source: str = ""


class Band(Noun):
    """p10 and p90 over p50, from errors on sources that the fit had not seen."""

    p10: float = Field(gt=0, le=1)
    p90: float = Field(ge=1, le=1_000)


class AdapterParameters(Noun):
    """What LoRA and QLoRA cost on ordinary stacks; the equations are in `planner/performance/adapters.py`."""

    bytes_per_value: Fitted = Field(description="traffic of the adapters per input and output value, bytes, all passes")
    dequantise_bytes: Fitted = Field(description="traffic of unpacking a 4-bit weight for one pass, bytes")
    layer_s: Fitted = Field(description="host time of launching a layer, forward to backward, s per micro-batch")
    band: Band
    confidence: Confidence = "derived"
    source: str = ""


class Reliability(Noun):
    """Failures and what they cost."""

    failures_per_1000_node_days: float = Field(gt=0, le=100_000)
    devices_per_node: int = Field(gt=0, le=10_000)
    checkpoint_s: float = Field(gt=0, le=1_000_000, description="pause of a checkpoint, s")
    restart_s: float = Field(gt=0, le=1_000_000, description="detect, replace, restore, s")
    source: str = ""


class SpeedParameters(Noun):
    """All of it. `stacks.other` stands for a stack without measurements."""

    as_of: str
    refit: str = Field(description="command that fits this file again")
    shared: Shared
    stacks: dict[Id, StackCeiling]
    achievable: dict[Id, Share] = Field(description="best measured matrix product over peak, by accelerator")
    achievable_default: Share
    chips: dict[Id, Annotated[float, Field(ge=-5, le=5)]] = Field(
        description="what is left of an accelerator after all else, log; shrunk to zero"
    )
    fabric: dict[Id, Fabric]
    fabric_default: Fabric
    coherent_hosts: tuple[Id, ...] = Field(description="accelerators with a coherent host CPU")
    free_layout: float = Field(
        gt=0, le=10, description="speed of what people run over that of the layout the search finds"
    )
    practice: float = Field(gt=0, le=1.2, description="speed of production runs over that of benchmarks, goodput apart")
    bands: dict[Id, Band] = Field(description="throughput, by known or hidden layout, cuda or other, dense or moe")
    run_band: Band = Field(description="accelerator-hours of whole runs")
    adapters: AdapterParameters
    serving: ServingParameters | None = Field(None, description="what the serving model was fitted to")
    reliability: Reliability

    @property
    def of_serving(self) -> ServingParameters:
        """InvalidInput when there are none."""
        if self.serving is None:
            raise InvalidInput(Problem("the speed parameters have no part `serving`", "Take the catalogue's."))
        return self.serving
