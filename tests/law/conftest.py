"""Small worlds for tests of law."""

from collections.abc import Callable
from typing import Any

import pytest

from planner.domain.accelerator import Accelerator
from planner.domain.regime import RuleBook

OUTCOMES = {
    "uncontrolled": {"may_buy": "freely"},
    "notify": {"may_buy": "after_notice", "wait_days": 25},
    "case_by_case": {"may_buy": "within_licence"},
    "presumption_of_denial": {"may_buy": "never"},
    "prohibited": {"may_buy": "never"},
    "compliance_risk": {"may_buy": "unexposed_only"},
}
CEILING = {
    "fp64_pflops": 100,
    "fp32_pflops": 200,
    "envelope_ft3": 41600,
    "rule": "default",
    "destination_scope": ["HK"],
    "effective_from": "2022-10-21",
    "citation": "rule",
    "confidence": "high",
}


def _rule(id: str, priority: int, outcome: str, match: Any = None, **more: Any) -> dict[str, Any]:
    return {
        "id": id,
        "priority": priority,
        "match": match or {},
        "outcome": outcome,
        "source": f"law {id}",
        "confidence": "high",
        **more,
    }


def _regime(id: str, *rules: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "id": id,
        "name": f"Regime {id}",
        "authority": "US",
        "layer": "us_hardware",
        "channel": "purchase",
        "effective_from": "2020-01-01",
        "citations": [f"citation {id}"],
        "summary": "…",
        "destination_scope": ["HK", "CN", "MO", "OTHER"],
        "rules": list(rules),
        **more,
    }


CLOUD_DEFAULT = _regime("cloud", _rule("cloud_default", 10, "uncontrolled"), layer="us_cloud", channel="cloud")


def _book(*regimes: dict[str, Any], scenarios: dict[str, Any] | None = None) -> RuleBook:
    """A book with the given regimes and a default for both channels."""
    default = _regime("base", _rule("default", 0, "uncontrolled"))
    return RuleBook.model_validate(
        {
            "as_of": "2026-11-20",
            "outcomes": OUTCOMES,
            "supercomputer": CEILING,
            "regimes": [default, CLOUD_DEFAULT, *regimes],
            "scenarios": scenarios or {},
        }
    )


@pytest.fixture
def a_rule() -> Callable[..., dict[str, Any]]:
    """A rule: id, priority, outcome, match (none: it matches all), and further fields by keyword."""
    return _rule


@pytest.fixture
def a_regime() -> Callable[..., dict[str, Any]]:
    """A regime of US hardware law that holds everywhere since 2020: id, rules, and further fields by keyword."""
    return _regime


@pytest.fixture
def a_book() -> Callable[..., RuleBook]:
    """A rulebook of the given regimes, with a default for both channels."""
    return _book


@pytest.fixture
def device() -> Callable[..., Accelerator]:
    """A device of 1,000 TFLOP/s BF16 (TPP 16,000) whose facts the test chooses by keyword."""

    def build(**facts: Any) -> Accelerator:
        known = {
            "id": "chip",
            "name": "Chip",
            "vendor": "NVIDIA",
            "vendor_country": "US",
            "group": "us_frontier",
            "software_stack": "cuda",
            "cuda_compatible": "native",
            "bf16_tflops": 1000,
            "die_area_mm2": 1000,
            "memory_bandwidth_gbps": 1000,
            "io_bandwidth_gbps": 500,
            "confidence": "sourced",
        }
        return Accelerator.model_validate({**known, **facts})

    return build
