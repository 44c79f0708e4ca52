"""Workloads: the jobs and services that compute is for."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from planner.domain.base import Confidence, Id, Noun, Range
from planner.domain.model_shape import ModelShape
from planner.domain.offer import PeriodText

MeasuredPflops = Annotated[float, Field(ge=0, le=1_000, description="useful PFLOP/s per device")]
WorkloadClass = Literal["pretrain", "finetune", "inference_llm", "slm", "vision", "speech", "recommender", "hpc_ai"]
Precision = Literal["fp64", "fp32", "bf16", "fp16", "fp8", "int8", "fp4"]
WeightFormat = Literal["fp32", "bf16", "fp16", "fp8", "mxfp8", "int8", "fp4", "nvfp4", "mxfp4", "int4"]
CacheFormat = Literal["bf16", "fp16", "fp8", "int8", "fp4", "int4"]
Method = Literal["pretrain", "continued", "full", "lora", "qlora", "inference"]

ENCODERS: tuple[WorkloadClass, ...] = ("vision", "speech", "recommender")
"""Classes whose models read an input once and write no tokens."""
SERVICE_AMOUNTS = ("demand_pflops", "output_tokens_per_s", "requests_per_s")
SERVED_ONLY = (
    "tokens_in",
    "tokens_out",
    "cached_share",
    "tpot_ms",
    "ttft_s",
    "weight_precision",
    "kv_precision",
    "engine_tuned",
    "prompts_apart",
)
DEFAULT_SEQ_LEN = 4096
PROMPT_SHARE = 0.75
"""Of `seq_len`, where a service does not state its lengths: three tokens read for each that is written."""


class Workload(Noun):
    """A job (work to be done within a window) or a service (a rate to be held in every period of its window)."""

    id: str = Field("", description="the key under which it stands")
    name: str
    kind: Literal["training", "service"]
    workload_class: WorkloadClass = Field(
        description="decides how a service is run (vision, speech and recommender read and write no tokens; hpc_ai only as measured; others "
        "decode text), and porting effort"
    )
    tenant: Id = Field(description="who owns it; mechanisms and silos are per tenant")
    data_class: Id = Field(description="class of the data-governance matrix; the strictest of its inputs")
    persons_per_year: float | None = Field(
        None,
        ge=0,
        le=1e10,
        description="persons whose data cross a border in a year; added up over a tenant's workloads with data of the class",
    )
    sensitive_persons_per_year: float | None = Field(
        None,
        ge=0,
        le=1e10,
        description="those of them whose data are sensitive; added up likewise; none: assumed nobody",
    )
    data_imported: bool | None = Field(
        None, description="its data came from abroad and go back after processing; none: assumed not"
    )
    data_held_under: Id | None = Field(
        None,
        description="mechanism of the data-governance matrix under which its data are held, such as gba_sc; `none`: under no contract; left out: assumed none",
    )
    data_exempt_by: Literal["financial_services", "corporate_group"] | None = Field(
        None,
        description="exemption of the US data-security programme that its flow falls under (28 CFR 202.505, 202.506); none: none",
    )
    risk_tier: Literal[1, 2, 3] = Field(1, description="1 low, 2 limited, 3 high-stakes")
    start: PeriodText
    end: PeriodText
    work_pflops_days: Range | None = Field(
        None,
        ge=0,
        le=1e9,
        description="training: useful work still to be done within its window, PFLOP/s-days of model FLOP; the plan owes the share of the window, by days, that its horizon covers",
    )
    output_tokens_per_s: Range | None = Field(
        None,
        ge=0,
        le=1e12,
        description="service: tokens of answers per second in the busy hour of the first period of its window, all users together",
    )
    requests_per_s: Range | None = Field(
        None,
        ge=0,
        le=1e12,
        description="the same as requests per second: what a service is asked that writes no tokens",
    )
    demand_pflops: Range | None = Field(
        None,
        ge=0,
        le=1_000_000,
        description="the same in short: useful rate, PFLOP/s of model FLOP; takes lengths of 3/4 and 1/4 of seq_len, nothing cached, no "
        "limit of latency, peak = mean, where they are not stated",
    )
    tokens_in: float | None = Field(
        None,
        ge=1,
        le=100_000_000,
        description="service: tokens of a prompt, mean; of a picture, an utterance or a history where none are written",
    )
    tokens_out: float | None = Field(None, ge=1, le=100_000_000, description="service: tokens of an answer, mean")
    cached_share: float = Field(
        0.0,
        ge=0,
        le=1,
        description="service: share of the prompt whose keys and values are still there and need not be computed",
    )
    tpot_ms: float | None = Field(
        None, gt=0, le=1e6, description="service: longest time of a token of the answer, ms; none: no limit"
    )
    ttft_s: float | None = Field(
        None,
        gt=0,
        le=1e6,
        description="service: longest time to the first token, or to the result of an encoder, s; none: no limit",
    )
    peak_over_mean: float = Field(
        1.0,
        ge=1,
        le=1_000,
        description="service: load of the busy hour over the mean; devices are held for the busy hour, energy is that of the mean load",
    )
    growth_per_year: float = Field(
        0.0,
        gt=-1,
        lt=10,
        description="service: growth of the rate per year since the first period of its window, 0.4 = +40 %",
    )
    precision: Precision = Field(
        "bf16", description="precision of the arithmetic; where a device lacks it or is no faster in it, BF16 runs"
    )
    weight_precision: WeightFormat | None = Field(
        None,
        description="service: format of the weights in memory; none: the smaller of the arithmetic's and the published one",
    )
    kv_precision: CacheFormat = Field("bf16", description="service: format of cached keys and values")
    engine_tuned: bool = Field(True, description="service: an engine tuned for the device; false: as it comes")
    prompts_apart: bool = Field(
        False,
        description="service: prompts are computed on devices of their own (disaggregated), and the experts of a mixture spread over those that answer",
    )
    model: str | None = Field(
        None, description="model of the catalogue by name (`planner catalog models`); this, shape or params_b"
    )
    shape: ModelShape | None = Field(
        None, description="dimensions of a model that the catalogue lacks, as its publisher writes them"
    )
    params_b: float | None = Field(
        None,
        ge=0.0001,
        le=100_000,
        description="parameters of a model that the catalogue lacks, billions; its shape is guessed",
    )
    active_params_b: float | None = Field(
        None, ge=0.0001, le=100_000, description="parameters active per token, billions; default: all"
    )
    seq_len: int | None = Field(
        None, gt=0, le=100_000_000, description="sequence length, tokens; none: that of the named model, else 4096"
    )
    method: Method | None = Field(
        None,
        description="what is done to the model; sets memory and FLOP per token; none: inference for a service of a class that is served, "
        "full for finetune, else pretrain",
    )
    reference_devices: int = Field(
        64, gt=0, le=1_000_000, description="cluster size at which its speed is taken, devices"
    )
    max_devices: int | None = Field(
        None, gt=0, le=5_000_000, description="training: devices it can use efficiently at once, in all"
    )
    unserved_hkd_per_pflops_day: Range = Field(
        ge=0, le=1e9, description="value of unserved work, HKD per PFLOP/s-day not served"
    )
    us_exposure: bool = Field(
        False,
        description="has US banking, cloud, listing or clients: takes no device or operator that US rules mark as a risk",
    )
    prc_exposure: bool = Field(
        False,
        description="bound by mainland procurement rules: takes no device that they bar for it (state-funded: domestic only)",
    )
    stacks_ready: tuple[Id, ...] = Field(
        ("cuda",), description="software stacks on which it runs today without porting"
    )
    cleared_zones: tuple[Id, ...] = Field(
        (),
        description="legal zones in which its data are processed today: mechanisms there are in place, neither paid nor waited for",
    )
    measured_pflops_per_device: dict[Id, MeasuredPflops] = Field(
        default_factory=dict, description="measured useful PFLOP/s per device, by accelerator; beats the model"
    )
    sites_allowed: tuple[Id, ...] | None = Field(
        None, description="sites it may use; none: all that law and data rules allow"
    )
    confidence: Confidence = "estimate"
    source: str = ""
    note: str = ""

    @property
    def done(self) -> Method:
        """What is done to the model, as stated or as its kind and class have it."""
        if self.method is not None:
            return self.method
        if self.kind == "service" and self.workload_class in ("inference_llm", "slm", *ENCODERS):
            return "inference"
        return "full" if self.workload_class == "finetune" else "pretrain"

    @property
    def encodes(self) -> bool:
        """Whether it is served by a model that writes no tokens."""
        return self.done == "inference" and self.workload_class in ENCODERS

    @property
    def lengths(self) -> tuple[float, float]:
        """Mean tokens read and written by a request, as stated or as `seq_len` has them; nothing is written by an encoder."""
        whole = float(self.seq_len or DEFAULT_SEQ_LEN)
        if self.encodes:
            return self.tokens_in or whole, 0.0
        return self.tokens_in or PROMPT_SHARE * whole, self.tokens_out or (1 - PROMPT_SHARE) * whole

    @model_validator(mode="after")
    def _amount_of_its_kind(self) -> Workload:
        given = [name for name in SERVICE_AMOUNTS if getattr(self, name) is not None]
        if self.kind == "service":
            if not given:
                raise ValueError("a service needs output_tokens_per_s, requests_per_s or demand_pflops")
            if len(given) > 1:
                raise ValueError(f"a service takes one of {' and '.join(given)}, not both")
            if self.work_pflops_days is not None:
                raise ValueError("a service takes no work_pflops_days")
            return self
        if self.work_pflops_days is None:
            raise ValueError("a training needs work_pflops_days")
        if wrong := [*given, *self._stated(*SERVED_ONLY, "peak_over_mean")]:
            raise ValueError(f"a training takes no {wrong[0]}")
        if self.done == "inference":
            raise ValueError("a training takes no method inference; write pretrain, continued, full or lora")
        if self.max_devices is None:
            raise ValueError("a training needs max_devices, so that its time-to-train is never beaten")
        return self

    @model_validator(mode="after")
    def _one_model(self) -> Workload:
        if sum(given is not None for given in (self.model, self.shape, self.params_b)) != 1:
            raise ValueError("a workload needs one of model, shape and params_b")
        if self.params_b is None and self.active_params_b is not None:
            raise ValueError("active_params_b is known of a model by name or shape; leave it out")
        return self

    @model_validator(mode="after")
    def _served_as_its_class(self) -> Workload:
        if self.kind != "service":
            return self
        if self.done != "inference":
            if wrong := self._stated(*SERVED_ONLY):
                raise ValueError(f"{wrong[0]} is of a service that answers requests, and method {self.done} is none")
            if self.demand_pflops is None:
                raise ValueError(f"method {self.done} answers no requests; ask for demand_pflops")
            return self
        if self.workload_class == "hpc_ai" and not self.measured_pflops_per_device:
            raise ValueError("hpc_ai that is served is not modelled; give measured_pflops_per_device")
        return self._encoder() if self.encodes else self._decoder()

    def _encoder(self) -> Workload:
        if self.model is not None:
            raise ValueError(
                f"model is one of the catalogue's, which write text, and {self.workload_class} writes none; give params_b"
            )
        if wrong := self._stated(
            "output_tokens_per_s", "tokens_out", "cached_share", "tpot_ms", "kv_precision", "prompts_apart"
        ):
            raise ValueError(
                f"{wrong[0]} is of a model that writes text, and {self.workload_class} writes none; ask in requests_per_s"
            )
        if self.requests_per_s is not None and self.tokens_in is None:
            raise ValueError("requests_per_s needs tokens_in, the tokens of an input")
        if self.workload_class == "recommender" and self.tokens_in is None and not self.measured_pflops_per_device:
            raise ValueError(
                "a recommender of tables is not modelled; give measured_pflops_per_device, or tokens_in where a transformer ranks a history"
            )
        return self

    def _decoder(self) -> Workload:
        by_tokens = self.output_tokens_per_s is not None or self.requests_per_s is not None
        if by_tokens and (self.tokens_in is None or self.tokens_out is None):
            amount = "requests_per_s" if self.output_tokens_per_s is None else "output_tokens_per_s"
            raise ValueError(f"{amount} needs tokens_in and tokens_out, the mean lengths of prompt and answer")
        return self

    def _stated(self, *names: str) -> list[str]:
        """Those of the fields that differ from what is taken where nothing is said."""
        return [name for name in names if getattr(self, name) != type(self).model_fields[name].default]
