"""What the serving model was fitted to: the part `serving` of `data/performance.yaml`, one set for all models."""

from __future__ import annotations

from pydantic import Field

from planner.domain.base import Confidence, Noun


class ServingStack(Noun):
    """What the engines of a software stack reach."""

    prompt: float = Field(gt=0, le=1.2, description="share of peak in prompts")
    decode: float = Field(gt=0, le=1.2, description="share of peak in steps of the answer")
    bandwidth: float = Field(gt=0, le=1.2, description="share of memory bandwidth")
    layer_us: float = Field(gt=0, le=10_000, description="microseconds of a layer and step that no work explains")
    confidence: Confidence = Field("derived", description="estimate where nobody measured the stack")


class ServingBand(Noun):
    """Factors on a modelled throughput between which measured ones lie."""

    p10: float = Field(gt=0, le=1, description="factor at the 10th percentile")
    p90: float = Field(ge=1, le=10, description="factor at the 90th percentile")


class ServingParameters(Noun):
    """The equations are in `planner/performance/serving_step.py`."""

    stacks: dict[str, ServingStack] = Field(description="by stack; `other` where nobody measured")
    doubling: float = Field(
        ge=0, le=10, description="latency of a layer that each doubling of the copy adds, as a share"
    )
    expert_width: float = Field(gt=0, le=1e6, description="width of an expert at half rate, on a device of 1 PFLOP/s")
    balance: float = Field(
        ge=0, le=2, description="power of FLOP per byte of memory (over 400) by which products slow down"
    )
    exposed: float = Field(ge=0, le=10, description="share of the sums of tensor parallelism that nothing hides")
    expert_layer: float = Field(gt=0, le=100, description="latency of an expert layer over that of a dense one")
    fp4: float = Field(gt=0, le=2, description="share of FP4 peak over share of FP8 and BF16 peak")
    wide: float = Field(gt=0, le=10, description="speed of steps of a decode group with experts spread over it")
    untuned: float = Field(ge=1, le=10, description="time of an ordinary engine over that of a tuned one")
    bands: dict[str, ServingBand] = Field(
        default_factory=dict, description="high_load or latency, cuda or other: from sources that the fit had not seen"
    )
    refit: str = Field("python -m benchmarks.refit_serving", description="command that writes these figures")
