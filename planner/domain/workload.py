"""Workloads: the jobs and services that compute is for."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from planner.domain.base import Confidence, Id, Noun, Range
from planner.domain.offer import PeriodText

MeasuredPflops = Annotated[float, Field(ge=0, le=1_000, description="useful PFLOP/s per device")]
WorkloadClass = Literal["pretrain", "finetune", "inference_llm", "slm", "vision", "recommender", "hpc_ai"]
Precision = Literal["fp64", "fp32", "bf16", "fp16", "fp8", "int8", "fp4"]


class Workload(Noun):
    """A job (work to be done within a window) or a service (a rate to be held in every period of its window)."""

    id: str = Field("", description="the key under which it stands")
    name: str
    kind: Literal["training", "service"]
    workload_class: WorkloadClass = Field(description="decides kernel efficiency, scaling and porting effort")
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
    demand_pflops: Range | None = Field(
        None,
        ge=0,
        le=1_000_000,
        description="service: useful rate in the first period of its window, PFLOP/s of model FLOP",
    )
    growth_per_year: float = Field(
        0.0,
        gt=-1,
        lt=10,
        description="service: growth of the rate per year since the first period of its window, 0.4 = +40 %",
    )
    precision: Precision = Field("bf16", description="precision of the arithmetic")
    params_b: float = Field(ge=0.0001, le=100_000, description="parameters of the model, billions")
    active_params_b: float | None = Field(
        None, ge=0.0001, le=100_000, description="parameters active per token, billions; default: all"
    )
    seq_len: int = Field(4096, gt=0, le=100_000_000, description="sequence length, tokens")
    method: Literal["pretrain", "continued", "full", "lora", "qlora", "inference"] = Field(
        "pretrain", description="what is done to the model; sets memory and FLOP per token"
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

    @model_validator(mode="after")
    def _amount_of_its_kind(self) -> Workload:
        wanted, other = ("work_pflops_days", "demand_pflops")
        if self.kind == "service":
            wanted, other = other, wanted
        if getattr(self, wanted) is None:
            raise ValueError(f"a {self.kind} needs {wanted}")
        if getattr(self, other) is not None:
            raise ValueError(f"a {self.kind} takes no {other}")
        if self.kind == "training" and self.max_devices is None:
            raise ValueError("a training needs max_devices, so that its time-to-train is never beaten")
        return self
