"""An answer of train-time with every figure stated, for the pages that show it."""

from __future__ import annotations

from datetime import date
from typing import Any

from planner.performance.estimate import Spread
from planner.performance.tax import Tax
from planner.training.record import LayoutRecord, SubsidyRecord, TrainTime

TAX = Tax(kernels=0.2, scaling=-0.05, total=0.16, porting_months=4.0, reference="a")
LAYOUT = LayoutRecord(
    tp=2, pp=1, dp=32, cp=1, ep=1, virtual=1, micro_batch=1, micro_batches=32, shard=1, recompute="none", offload=False,
    global_batch_sequences=1024,
)  # fmt: skip
LAW = {"outcome": "compliance_risk", "rule": "guidance", "because": "designed in China", "citation": "15 CFR 736.2"}


def band(p50: float, low: float = 0.5, high: float = 2.0) -> Spread:
    """A spread by its factors."""
    return Spread(p50 * low, p50, p50 * high)


def train_record(option: str, **changes: Any) -> TrainTime:
    """An option that is allowed and not chosen."""
    told: dict[str, Any] = {
        "option": option, "accelerator": "domestic_chip", "accelerator_name": "Domestic Chip", "software_stack": "cann",
        "count": 64, "where": "Hall, 70% subsidised", "site": "hall", "fits": True, "reason": None, "allowed": True,
        "may_use": True, "needs_licence": False, "subsidy": SubsidyRecord("aiss", "Scheme, up to 70 %", 0.7),
        "layout": LAYOUT, "memory_gb_per_device": 53.2, "mfu": 0.47, "goodput": 0.99, "flop": 4.29e21,
        "flop_per_token": 4.29e10, "days": band(6.0), "accelerator_hours": band(9216.0), "energy_kwh": band(9000.0),
        "carbon_kg": band(5400.0), "cost_hkd": band(850e3, 0.98, 1.1), "porting_hkd": 800e3, "porting_months": 4.0,
        "wait_months": 1.5, "application_months": 0.0, "queue_months": 0.0, "hall_months": 0.0, "term_months": 0.0,
        "begin": date(2027, 1, 1), "ready": date(2027, 5, 3), "finish": date(2027, 5, 9), "finish_p90": date(2027, 5, 15),
        "purchase": None, "obtainable": True,
        "smallest_cluster_devices": 8, "performance_tax": TAX, "best_unrestricted": "b", "times_best_unrestricted": 6.25,
        "data_rule": None, "legal": LAW, "assumptions": ("a batch of 1,024 sequences",), "chosen": False, "why_not": None,
    }  # fmt: skip
    return TrainTime(**(told | changes))
