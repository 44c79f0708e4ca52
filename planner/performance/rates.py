"""From fitted parameters to what one device achieves at one precision and date.

    ceiling   e = E(stack) · c(chip) · (achievable/0.80)^α · (balance/240)^−β · exp(g · (year − 2024) − u · third party)
    experts   overheads · exp(−g_moe · (year − 2025)) · (stack factor)

`achievable` is the best matrix product that anyone measured over the data-sheet peak; `balance` is peak FLOP/s over
memory bytes/s. Years count from three before to two after 2024, the span of the measurements, and at most until four years after the
release of a device: growth is not extrapolated, and the kernels of an old device no longer grow. Balance counts from 150, the
lowest measured, and no ceiling passes the best measured product of the device, or 0.92 of peak where nobody measured.
The arithmetic works on floats and on numpy arrays alike.
"""

from __future__ import annotations

from functools import lru_cache
from math import e
from types import SimpleNamespace
from typing import NamedTuple

from planner.domain.accelerator import Accelerator
from planner.domain.speed_parameters import Fabric, Shared, SpeedParameters, StackCeiling
from planner.errors import InvalidInput, Problem
from planner.performance.device import Device
from planner.performance.kept import Kept
from planner.performance.step_time import Rates
from planner.units import MONTHS_PER_YEAR

LOW_PRECISION = {"fp8": "fp8", "mxfp8": "fp8", "int8": "int8", "fp4": "fp4", "nvfp4": "fp4", "mxfp4": "fp4"}
PRECISIONS = ("bf16", "fp16", *LOW_PRECISION)
YEARS = (-3.0, 2.0)
REFERENCE_ACHIEVABLE = 0.80
REFERENCE_BALANCE = 240.0
BALANCE_MIN = 150.0
CEILING_MAX = 0.92
MATURE_AFTER_YEARS = 4.0
UNKNOWN_RELEASE = 2024.0
PCIE_BYTES_PER_S = 28e9
OTHER = "other"


class Setting(NamedTuple):
    """What the ceilings depend on. `years` from 2024, `moe_years` from 2025; flags are 0 or 1."""

    matmul: float
    low: float
    chip: float
    achievable: float
    cap: float
    balance: float
    years: float
    low_years: float
    moe_years: float
    third_party: float
    low_precision: float
    experts: float
    launches: float
    coherent_host: float


def _at_most(x: float, limit: float) -> float:
    return 0.5 * (x + limit - abs(x - limit))


def rates(x: Setting, p: Shared | SimpleNamespace) -> Rates:
    """What is achieved in setting `x` under the shared parameters `p`."""
    ceiling = (
        x.chip * (x.achievable / REFERENCE_ACHIEVABLE) ** p.achievable * (x.balance / REFERENCE_BALANCE) ** -p.balance
    )
    ceiling = ceiling * e ** (-p.untuned * x.third_party)
    matmul = _at_most(ceiling * x.matmul * e ** (p.year * x.years), x.cap)
    low = x.low_precision * ceiling * x.low * e ** (p.low_year * x.low_years) + (1 - x.low_precision) * matmul
    moe = x.experts * e ** (-p.moe_year * x.moe_years)
    host = 1 + (p.coherent_host - 1) * x.coherent_host
    return Rates(
        matmul=matmul,
        low=low,
        cast=p.cast * x.low_precision,
        rows=p.rows,
        width=p.width,
        expert=p.expert / x.experts**0.5,
        expert_rows=p.expert_rows,
        attention=p.attention,
        attention_small=p.attention_small,
        unfused=p.unfused,
        memory=p.memory,
        moe_memory=p.moe_memory * moe,
        tensor=p.tensor,
        context=p.context,
        expert_exchange=p.expert_exchange * moe,
        pipeline=p.pipeline,
        launch=p.launch * host * x.launches,
        moe_launch=p.moe_launch * host * moe,
        logit_imbalance=p.logit_imbalance,
        bubble=p.bubble,
        data_once=p.data_once,
        data_each=p.data_each,
        overlap=p.overlap,
        jitter=p.jitter,
    )


def ceiling_of(stack: str, parameters: SpeedParameters) -> StackCeiling:
    """The ceiling of a stack, or that of `other` where nobody measured it."""
    return parameters.stacks.get(stack) or parameters.stacks[OTHER]


def setting_of(device: Device, precision: str, year: float, third_party: bool, parameters: SpeedParameters) -> Setting:
    """The setting of a device at a precision and date."""
    stack = ceiling_of(device.stack, parameters)
    grown = min(year, device.released + MATURE_AFTER_YEARS)
    years = min(max(grown - 2024, YEARS[0]), YEARS[1])
    return Setting(
        matmul=stack.matmul,
        low=stack.fp4 if LOW_PRECISION.get(precision) == "fp4" else stack.low,
        chip=e ** parameters.chips.get(device.name, 0.0),
        achievable=device.achievable,
        cap=min(parameters.achievable.get(device.name, CEILING_MAX), CEILING_MAX),
        balance=max(device.peak / device.memory_bandwidth, BALANCE_MIN),
        years=years if stack.matures else 0.0,
        low_years=years,
        moe_years=min(year, 2024 + YEARS[1]) - 2025,
        third_party=float(third_party),
        low_precision=float(precision in LOW_PRECISION),
        experts=stack.experts,
        launches=float(stack.launches),
        coherent_host=float(device.name in parameters.coherent_hosts),
    )


@lru_cache(maxsize=4_096)
def rates_of(device: Device, precision: str, year: float, third_party: bool, kept: Kept) -> Rates:
    """What is achieved on a device at a precision and date."""
    return rates(setting_of(device, precision, year, third_party, kept.parameters), kept.parameters.shared)


def fabric_of(accelerator: str, parameters: SpeedParameters) -> Fabric:
    """The network around an accelerator."""
    return parameters.fabric.get(accelerator, parameters.fabric_default)


def _need(value: float | None, what: str, accelerator: Accelerator) -> float:
    if not value:
        fix = "Choose another accelerator."
        raise InvalidInput(Problem(f"{accelerator.id}: {what} is not published, so its speed cannot be modelled", fix))
    return value


def release_year(accelerator: Accelerator) -> float:
    """Year of release with its fraction; the middle of the span of measurements where it is unknown."""
    if not accelerator.release_date:
        return UNKNOWN_RELEASE
    year, _, month = accelerator.release_date.partition("-")
    return int(year) + (int(month or 7) - 1) / MONTHS_PER_YEAR


def device_of(
    accelerator: Accelerator, precision: str, parameters: SpeedParameters, nic_gbps: float | None = None
) -> Device:
    """The numbers of an accelerator at a precision; InvalidInput when the device lacks the precision or a figure is unknown."""
    return _device_of(accelerator, precision, Kept(parameters), nic_gbps)


@lru_cache(maxsize=4_096)
def _device_of(accelerator: Accelerator, precision: str, kept: Kept, nic_gbps: float | None) -> Device:
    parameters = kept.parameters
    if precision not in PRECISIONS:
        raise InvalidInput(Problem(f"precision {precision} is unknown", f"Use one of {', '.join(PRECISIONS)}."))
    base = accelerator.bf16_tflops or accelerator.fp16_tflops
    peak = _need(base, "its BF16 or FP16 peak", accelerator)
    low = peak
    if precision in LOW_PRECISION:
        low_peak = accelerator.peak_tflops(LOW_PRECISION[precision])
        if not low_peak:
            raise InvalidInput(
                Problem(f"{accelerator.id} has no {precision} arithmetic", "Use bf16, or an accelerator that has it.")
            )
        low = low_peak
    memory = _need(accelerator.memory_gb, "its memory", accelerator)
    bandwidth = _need(accelerator.memory_bandwidth_gbps, "its memory bandwidth", accelerator)
    fabric = fabric_of(accelerator.id, parameters)
    link = (accelerator.interconnect_gbps or 2 * PCIE_BYTES_PER_S / 1e9) / 2 * 1e9
    if "PCIe" in (accelerator.interconnect_name or "") or "pairs" in (accelerator.interconnect_name or ""):
        link = min(link, PCIE_BYTES_PER_S)
    return Device(
        peak=peak * 1e12,
        speedup=low / peak,
        memory_bytes=memory * 1e9,
        memory_bandwidth=bandwidth * 1e9,
        link=link,
        nic=(nic_gbps or fabric.nic_gbps) * 1e9,
        domain=fabric.domain,
        achievable=parameters.achievable.get(accelerator.id, parameters.achievable_default),
        stack=accelerator.software_stack,
        name=accelerator.id,
        released=release_year(accelerator),
    )
