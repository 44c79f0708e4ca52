"""Accelerators: the devices that compute, as the catalogue knows them.

Two figures are arithmetic, never opinion, and are worked out again whenever a device is made:

    tpp                 = max over precisions p of rate[p] · bits[p]        (dense TFLOP/s or TOP/s times bits)
    performance_density = tpp / die_area_mm2

TF32 takes no part in `tpp`: its length (19 bits stored, 32 as labelled) is disputed. A rate that nobody published is
None, which means unknown and never zero (a rate of 0 says that the device lacks that precision); without any rate
`tpp` is the stated estimate, or None.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator

from planner.domain.base import Confidence, Id, Noun
from planner.domain.match import METRICS, Facts

RATE_FIELDS: dict[str, str] = {
    "fp64": "fp64_tflops",
    "fp32": "fp32_tflops",
    "tf32": "tf32_tflops",
    "bf16": "bf16_tflops",
    "fp16": "fp16_tflops",
    "fp8": "fp8_tflops",
    "int8": "int8_tops",
    "fp4": "fp4_tflops",
}
TPP_BITS: dict[str, int] = {"fp64": 64, "fp32": 32, "bf16": 16, "fp16": 16, "fp8": 8, "int8": 8, "fp4": 4}
TPP_ROUNDING = 0.6
DENSITY_ROUNDING = 0.006
OF_ITEMS: Facts = dict.fromkeys(("us_technology", "transistors_bn", "holds_hbm", "designer_approved"))
"""What items alone state (`planner.domain.item`), unknown of a device."""


UsdPerHour = Annotated[float, Field(gt=0, le=1_000)]


def tpp_of(rates: Mapping[str, Any]) -> float | None:
    """Total processing performance of dense rates, keyed by field name (`bf16_tflops`, …); None without any rate."""
    known = [rates[RATE_FIELDS[p]] * bits for p, bits in TPP_BITS.items() if rates.get(RATE_FIELDS[p]) is not None]
    return round(max(known), 6) if known else None


def _settle(name: str, stated: float | None, derived: float, rounding: float) -> float:
    if stated is not None and abs(stated - derived) > rounding:
        raise ValueError(f"{name} {stated:g} does not follow from rates and die area, which give {derived:.10g}")
    return derived


class Accelerator(Noun):
    """A device of the catalogue. Rates are dense peaks; bandwidths are GB/s; None is unknown."""

    id: Id
    name: str
    vendor: str = Field(description="who designs it")
    vendor_country: str = Field(pattern=r"^[A-Z]{2}$", description="home of the vendor, ISO code")
    group: Literal["us_frontier", "china_variant", "domestic", "legacy"] = Field(description="peer group")
    item_type: Literal["accelerator", "hbm", "die", "board", "server"] = Field(
        "accelerator", description="hbm: a memory stack sold alone; die: bare; board, server: what carries the dies"
    )
    form_factor: str = Field("", description="SXM, OAM, PCIe or module")
    lot_devices: int | None = Field(
        None,
        ge=1,
        le=1_000_000,
        description="devices that are sold together, as a server, rack or supernode; none: `economics.devices_per_server`",
    )
    release_date: str | None = Field(
        None, pattern=r"^\d{4}(-\d{2})?$", description="month of release, 2024-06, or year"
    )
    cycle: Id | None = Field(
        None,
        description="kind of product life (`cycles` of the catalogue) that tells the ends of which nothing was said",
    )
    last_order: str | None = Field(
        None,
        pattern=r"^\d{4}(-\d{2})?$",
        description="month, 2029-05, or year in which its maker takes the last orders; none: no end known",
    )
    last_support: str | None = Field(
        None,
        pattern=r"^\d{4}(-\d{2})?$",
        description="month or year in which drivers and service end; none: no end known",
    )
    life_basis: Literal["notice", "press", "cycle"] | None = Field(
        None,
        description="where `last_order` comes from: a notice of the maker, press, or its cycle, which is judgement",
    )
    process_node_nm: float | None = Field(None, gt=0, le=1_000, description="process of the logic dies, nm")
    foundry: str | None = None
    die_area_mm2: float | None = Field(
        None, gt=0, le=1_000_000, description="logic dies on non-planar nodes, all of them, mm2"
    )
    die_area_at_most_mm2: float | None = Field(
        None, gt=0, le=1_000_000, description="what the logic dies surely stay within where their area is unknown, mm2"
    )
    fp64_tflops: float | None = Field(None, ge=0, le=10_000_000, description="dense FP64 peak, TFLOP/s")
    fp32_tflops: float | None = Field(None, ge=0, le=10_000_000, description="dense FP32 peak, TFLOP/s")
    tf32_tflops: float | None = Field(None, ge=0, le=10_000_000, description="dense TF32 peak, TFLOP/s")
    bf16_tflops: float | None = Field(
        None, ge=0, le=10_000_000, description="dense BF16 peak with FP32 accumulate, TFLOP/s"
    )
    fp16_tflops: float | None = Field(
        None, ge=0, le=10_000_000, description="dense FP16 peak, TFLOP/s; GeForce: FP16 accumulate"
    )
    fp8_tflops: float | None = Field(
        None, ge=0, le=10_000_000, description="dense FP8 peak, TFLOP/s; GeForce: FP16 accumulate"
    )
    int8_tops: float | None = Field(None, ge=0, le=10_000_000, description="dense INT8 peak, TOP/s")
    fp4_tflops: float | None = Field(None, ge=0, le=10_000_000, description="dense FP4 peak, TFLOP/s")
    memory_gb: float | None = Field(None, gt=0, le=1_000_000, description="device memory, GB")
    memory_type: str | None = None
    memory_bandwidth_gbps: float | None = Field(None, gt=0, le=10_000_000, description="total DRAM bandwidth, GB/s")
    host_dram_gbps: float | None = Field(
        None,
        gt=0,
        le=10_000_000,
        description="bandwidth of further DRAM of the module, such as LPDDR5X of its CPU, GB/s: law counts it",
    )
    memory_bandwidth_density: float | None = Field(
        None, gt=0, le=100_000, description="of a memory stack, GB/s per mm2"
    )
    interconnect_name: str | None = None
    interconnect_gbps: float | None = Field(
        None, gt=0, le=10_000_000, description="device-to-device links, both directions, GB/s"
    )
    io_bandwidth_gbps: float | None = Field(
        None, gt=0, le=10_000_000, description="all I/O but memory, both directions, GB/s"
    )
    tdp_w: float | None = Field(None, gt=0, le=100_000, description="thermal design power, W")
    software_stack: Id = Field(description="software ecosystem that drives it, such as cuda or cann")
    cuda_compatible: Literal["native", "translated", "none"] = Field(description="how CUDA code reaches it")
    datacenter_marketed: bool = Field(True, description="designed or marketed for data centres (ECCN 3A090, note 2)")
    us_commercially_available: bool = Field(False, description="on sale in the US on 2026-01-15 (rule of that day)")
    unit_price_usd_low: float | None = Field(None, gt=0, le=10_000_000, description="price of one device, low, USD")
    unit_price_usd_high: float | None = Field(None, gt=0, le=10_000_000, description="price of one device, high, USD")
    price_note: str | None = None
    cloud_price_usd_per_hour: tuple[UsdPerHour, UsdPerHour] | None = Field(
        None, description="rent, low and high, USD/device-hour"
    )
    tpp: float | None = Field(
        None, gt=0, validate_default=True, le=1e9, description="total processing performance; follows from rates"
    )
    tpp_basis: Literal["derived", "estimated"] | None = Field(
        None,
        validate_default=True,
        description="derived: from the rates of the row; estimated: the vendor publishes none",
    )
    performance_density: float | None = Field(
        None,
        gt=0,
        validate_default=True,
        le=1e9,
        description="tpp per mm2 of logic die; follows from tpp and die_area_mm2",
    )
    sources: tuple[str, ...] = ()
    confidence: Confidence = "estimate"
    note: str | None = None

    @field_validator("tpp")
    @classmethod
    def _tpp_follows_from_rates(cls, stated: float | None, info: ValidationInfo) -> float | None:
        derived = tpp_of(info.data)
        return stated if derived is None else _settle("tpp", stated, derived, TPP_ROUNDING)

    @field_validator("tpp_basis")
    @classmethod
    def _basis_says_where_tpp_comes_from(cls, stated: str | None, info: ValidationInfo) -> str | None:
        estimated = "estimated" if info.data.get("tpp") is not None else None
        basis = "derived" if tpp_of(info.data) is not None else estimated
        if stated not in (None, basis):
            raise ValueError(f"tpp_basis is {stated}, but rates and tpp of this device make it {basis or 'null'}")
        return basis

    @field_validator("performance_density")
    @classmethod
    def _density_follows_from_tpp(cls, stated: float | None, info: ValidationInfo) -> float | None:
        if not {"tpp", "die_area_mm2"} <= set(info.data):
            return stated  # one of them was refused already, which is told for itself
        tpp, area = info.data.get("tpp"), info.data.get("die_area_mm2")
        if tpp is None or area is None:
            if stated is not None:
                raise ValueError("performance_density needs tpp (or rates) and die_area_mm2 to follow from")
            return None
        return _settle("performance_density", stated, tpp / area, DENSITY_ROUNDING)

    @model_validator(mode="after")
    def _prices_rise(self) -> Accelerator:
        for low, high in (
            (self.unit_price_usd_low, self.unit_price_usd_high),
            self.cloud_price_usd_per_hour or (None, None),
        ):
            if low is not None and high is not None and low > high:
                raise ValueError(f"a low price of {low:g} lies above its high price of {high:g}")
        return self

    @property
    def total_dram_gbps(self) -> float | None:
        """Bandwidth of all DRAM of the device, as law counts it, GB/s; None when that of its memory is unknown."""
        if self.memory_bandwidth_gbps is None:
            return None
        return self.memory_bandwidth_gbps + (self.host_dram_gbps or 0.0)

    @property
    def memory_plus_io_gbps(self) -> float | None:
        """Memory bandwidth plus I/O, GB/s: the sum that the letters of April 2025 test; None when either is unknown."""
        if self.total_dram_gbps is None or self.io_bandwidth_gbps is None:
            return None
        return self.total_dram_gbps + self.io_bandwidth_gbps

    @cached_property
    def facts(self) -> Facts:
        """What rules may test of the device, by metric."""
        own = {metric: getattr(self, metric) for metric in METRICS if metric in type(self).model_fields}
        dram = {"memory_bandwidth_gbps": self.total_dram_gbps, "memory_plus_io_gbps": self.memory_plus_io_gbps}
        return {**OF_ITEMS, **own, **dram, "accelerator_id": self.id}

    def peak_tflops(self, precision: str) -> float | None:
        """Dense peak at a precision (`bf16`, `int8`, …), TFLOP/s or TOP/s; None when nobody published it."""
        rate: float | None = getattr(self, RATE_FIELDS[precision])
        return rate
