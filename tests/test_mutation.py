"""Every number, day, period and switch of the input acts on the program, or is listed here with the reason why it does not.

Each leaf of two cases is changed, one at a time, and the program compared as text. A field that changes nothing in either was read, checked
and documented, and never used.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, get_args

import pytest
from golden.every_family import every_family, spending_text
from proof import text
from pydantic import ValidationError
from tiny import DEVICE, case, offer, service, training

from planner.domain.base import Noun, Range
from planner.domain.case import Case
from planner.errors import PlannerError
from planner.intake.catalogue import performance_parameters
from planner.model.build import build

GIVEN = ("governance", "rulebook", "performance", "models", "accelerators")
Path = tuple[str | int, ...]
Field = tuple[str, str]

NOT_BINDING: dict[Field, str] = {
    ("Case", "schema_version"): "says how the file is written",
    ("Workload", "risk_tier"): "tells who must sign off a use; no limit and no price follows from it",
    ("Economics", "price_year"): "names the year of the prices; all money is real",
    ("Economics", "inflation_per_year"): "tells real money as nominal in tables; limits and prices are real",
    ("Case", "near_tie_share"): "says which of plans that cost nearly the same is told; the program is the same",
    ("Whole", "gap"): "says when the search for whole numbers stops; the program is the same",
    ("Access", "application_months"): "time to train counts it; a plan books from the start of a period",
    ("Access", "queue_months"): "time to train counts it; a plan books from the start of a period",
    ("Access", "term_months"): "time to train counts it; a plan rents for whole periods",
    ("Fund", "application_months"): "time to train counts it; a plan applies ahead",
    ("Whole", "time_limit_seconds"): "says when the search for whole numbers stops; the program is the same",
    ("Decomposition", "above_columns"): "says when a tree is solved by branch; the program is the same",
    ("Decomposition", "gap"): "says when solving by branch ends; the program is the same",
    ("Decomposition", "rounds"): "says when solving by branch ends; the program is the same",
}


def modelled() -> Case:
    """Speeds from the performance model instead of measured ones, power from TDP, a promise of effective compute, a cap from a date on."""
    return tiny(
        case(
            workloads={
                "service": service(
                    method="inference", data_class="western_client", persons_per_year=50_000, us_exposure=True
                )
                | UNMEASURED,
                "chat": service(
                    demand_pflops=None,
                    output_tokens_per_s=900,
                    tokens_in=1500,
                    tokens_out=500,
                    tpot_ms=40,
                    ttft_s=2,
                    peak_over_mean=2,
                    stacks_ready=["cuda", "cann"],
                )
                | UNMEASURED,
                "asks": service(demand_pflops=None, requests_per_s=3, tokens_in=1500, tokens_out=500) | UNMEASURED,
                "job": training(params_b=30, active_params_b=12, stacks_ready=["cuda", "cann"]) | UNMEASURED,
            },
            sites={"hall": {"legal_zone": "hk_onprem", "power_mw": 2.0, "fit_out_months": 4}},
            offers={"ascend": offer(accelerator="huawei_ascend_910c", channel="domestic", transit_months=1)},
            stacks={"cann": {"name": "CANN", "growth_per_year": 0.1, "efficiency_max": 1.01}},
            tax={"cann": 0.3},
            controls={DEVICE: {"outcome": "prohibited", "start": "2027q3"}},
            capacity_targets={"promise": {"pflops": 1, "by": "2027q3", "basis": "effective", "rented_counts": True}},
            economics={
                "server_kw_per_device": {DEVICE: None},
                "residual_value": True,
                "used_price_growth_per_year": -0.2,
            },
            vendor_share={"max_share": 0.9},
            vendor_supply={"NVIDIA": {"output_per_year": {"2027": 4_000}, "output_scale": 0.5, "share": 0.02}},
        )
    )


UNMEASURED: dict[str, Any] = {"measured_pflops_per_device": {}}


def tiny(base: Case) -> Case:
    """The case with the parameters of the performance model."""
    return base.model_copy(update={"performance": performance_parameters()})


def bases() -> tuple[Case, ...]:
    return tiny(every_family()), modelled()


def leaves(noun: type[Noun], value: Any, path: Path = ()) -> Iterator[tuple[Field, Path, Any]]:
    """(class and field, path, value) of every number, switch, day and period below a noun; of a range its middle; of what is not given, None."""
    for name, info in noun.model_fields.items():
        if not (noun is Case and name in GIVEN):
            yield from _below((noun.__name__, name), info.annotation, getattr(value, name), (*path, name))


def _below(field: Field, kind: Any, value: Any, path: Path) -> Iterator[tuple[Field, Path, Any]]:
    if isinstance(value, Range):
        yield field, (*path, "mid"), value.mid
    elif isinstance(value, Noun):
        yield from leaves(type(value), value, path)
    elif isinstance(value, dict):
        for key, entry in value.items():
            yield from _below(field, None, entry, (*path, key))
    elif isinstance(value, tuple):
        for place, entry in enumerate(value):
            yield from _below(field, None, entry, (*path, place))
    elif (
        isinstance(value, bool | int | float | date)
        or field[1] in PERIODS
        or (value is None and _may_be_a_number(kind))
    ):
        yield field, path, value


PERIODS = ("start", "end", "by", "available_from", "available_to")


def _may_be_a_number(kind: Any) -> bool:
    return bool({float, int, date} & set(get_args(kind)))


def others(value: Any) -> list[Any]:
    """What to try instead of a value, until the case is valid and the program another."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, str):
        return ["2027q1", "2027q2", "2027q3", "2027q4", "2028q1"]
    if isinstance(value, date):
        return [(value + timedelta(days=days)).isoformat() for days in (100, -100, 400, -400)]
    if value is None:
        return [0.5, 1, 3, 1_000, 1e6, "2027-03-01", "2027-06-01", "2027q2", "2027q3"]
    return [
        value * 1.25,
        value * 0.8,
        value * 1.001,
        value + 1,
        value + 2,
        value + 5,
        0.01,
        value - 1,
        value * 100,
        value / 100,
    ]


def changed(raw: Any, path: Path, value: Any) -> Any:
    """The raw case with one leaf replaced; a range that is changed is the new number alone."""
    if path == ("mid",) or not path:
        return value
    key, rest = path[0], path[1:]
    if isinstance(raw, list):
        return [changed(entry, rest, value) if place == key else entry for place, entry in enumerate(raw)]
    return {**raw, key: changed(raw[key], rest, value)}


def program(base: Case, raw: Any) -> str | None:
    """The program as text; None where the case is not valid."""
    try:
        model = build(Case.model_validate(raw | {name: getattr(base, name) for name in GIVEN}))
    except (ValidationError, PlannerError):
        return None
    return text(model) + spending_text(model)


def acts(base: Case, raw: Any, before: str, path: Path, value: Any) -> bool:
    return any(
        after not in (None, before) for other in others(value) for after in [program(base, changed(raw, path, other))]
    )


@pytest.mark.slow
def test_every_input_acts() -> None:
    tried: set[Field] = set()
    acting: set[Field] = set()
    for base in bases():
        raw = base.model_dump(mode="json", exclude=set(GIVEN))
        before = program(base, raw)
        assert before is not None
        for field, path, value in leaves(Case, base):
            tried.add(field)
            if field not in acting and acts(base, raw, before, path, value):
                acting.add(field)
    assert {f"{noun}.{name}" for noun, name in tried - acting} == {f"{noun}.{name}" for noun, name in NOT_BINDING}
