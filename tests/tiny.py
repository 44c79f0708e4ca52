"""One tiny case for the unit tests of the model: one site, one offer, one service; every test overrides what it is about."""

from __future__ import annotations

from functools import cache
from typing import Any

from planner.domain.accelerator import Accelerator
from planner.domain.case import Case
from planner.intake.catalogue import accelerators, data_governance, regimes

DEVICE = "nvidia_rtx_5090d_v2"


def deep_merge(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """`base` with `changes` laid over it, mappings key by key; a value of None takes the key away."""
    merged = dict(base)
    for key, value in changes.items():
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, dict) and isinstance(merged.get(key), dict):
            merged[key] = deep_merge(merged[key], value)
        else:
            merged[key] = value
    return merged


def offer(**changes: Any) -> dict[str, Any]:
    """A purchase offer at 10,000 USD per device, three months to arrive."""
    base: dict[str, Any] = {
        "kind": "purchase",
        "accelerator": DEVICE,
        "channel": "direct",
        "sites": ["hall"],
        "price_usd_per_device": 10_000,
        "lead_time_months": 3,
        "lifetime_years": 5,
    }
    return deep_merge(base, changes)


def rental(**changes: Any) -> dict[str, Any]:
    """A rental at 2 USD per device-hour."""
    base: dict[str, Any] = {
        "kind": "rental",
        "accelerator": "nvidia_h100_sxm",
        "channel": "cloud",
        "sites": ["cloud"],
        "rent_usd_per_device_hour": 2,
    }
    return deep_merge(base, changes)


def site(**changes: Any) -> dict[str, Any]:
    """A Hong Kong hall of 1 MW at 1 HKD per kWh and PUE 1.5."""
    base: dict[str, Any] = {
        "name": "Hall",
        "destination": "HK",
        "legal_zone": "hk_onprem",
        "operator_parent": "HK",
        "access": "own",
        "phases": [{"from_date": "2020-01-01", "power_mw": 1.0}],
        "pue": 1.5,
        "tariff_hkd_per_kwh": 1.0,
        "carbon_kg_per_kwh": 0.4,
    }
    return deep_merge(base, changes)


def service(**changes: Any) -> dict[str, Any]:
    """A service that asks for 1 useful PFLOP/s from 2027q2 to 2027q4; every device does 0.1 of it."""
    base: dict[str, Any] = {
        "name": "Service",
        "kind": "service",
        "workload_class": "inference_llm",
        "tenant": "city",
        "data_class": "public",
        "start": "2027q2",
        "end": "2027q4",
        "demand_pflops": 1.0,
        "params_b": 7,
        "unserved_hkd_per_pflops_day": 100_000,
        "measured_pflops_per_device": {
            DEVICE: 0.1,
            "nvidia_h100_sxm": 0.4,
            "huawei_ascend_910c": 0.3,
            "nvidia_h20_96gb": 0.15,
        },
    }
    return deep_merge(base, changes)


def training(**changes: Any) -> dict[str, Any]:
    """A training of 100 PFLOP/s-days between 2027q2 and 2027q4 on at most 64 devices."""
    base = service() | {
        "name": "Training",
        "kind": "training",
        "workload_class": "pretrain",
        "work_pflops_days": 100.0,
        "max_devices": 64,
    }
    return deep_merge({key: value for key, value in base.items() if key != "demand_pflops"}, changes)


@cache
def ageless() -> dict[str, Accelerator]:
    """The devices of the catalogue, none of which ever goes off the market: what a tiny case is about is seldom that."""
    ends = {"last_order": None, "last_support": None}
    return {name: device.model_copy(update=ends) for name, device in accelerators().items()}


def case(**changes: Any) -> Case:
    """Four quarters of 2027 at no discount, every price but purchase and energy zero; `changes` are laid over it."""
    base: dict[str, Any] = {
        "title": "tiny",
        "horizon": {"start": "2027q1", "end": "2027q4"},
        "buyer": {"us_exposure": False},
        "sites": {"hall": site()},
        "offers": {"card": offer()},
        "workloads": {"service": service()},
        "economics": {
            "discount_rate": 0.0,
            "freight_share": 0,
            "server_usd_per_device": 0,
            "network_usd_per_device": 0,
            "storage_usd_per_device": 0,
            "server_kw_per_device": {
                DEVICE: 1.0,
                "nvidia_h100_sxm": 1.0,
                "huawei_ascend_910c": 1.0,
                "nvidia_h20_96gb": 1.0,
            },
            "staff_hkd_per_device_year": 0,
            "maintenance_share_per_year": 0,
            "insurance_share_per_year": 0,
            "availability": 1.0,
            "residual_value": False,
        },
    }
    catalogue = {"accelerators": ageless(), "rulebook": regimes(), "governance": data_governance()}
    return Case.model_validate(deep_merge(base, changes) | catalogue)
