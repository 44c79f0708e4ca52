"""Many questions at once: a CSV with the columns of published throughputs or runs, answered row by row.

Every row gets a record. What a row leaves open is guessed and told under `assumptions`; where nothing can be said the
record has no band and `reason` says why. Law, cost and options are left out: rows ask what the model says of a machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from planner.domain.accelerator import Accelerator
from planner.domain.model_name import model_key
from planner.domain.model_shape import ModelShape
from planner.errors import InvalidInput
from planner.intake.catalogue import accelerators, models, performance_parameters
from planner.performance.cases import Question, question_of
from planner.performance.estimate import accelerator_hours, days, usual_devices
from planner.performance.rates import LOW_PRECISION, PRECISIONS, release_year
from planner.performance.search import Pins
from planner.performance.speed import Speed, speed
from planner.training.no_decoder import kind_of
from planner.training.record import CaseTime, speed_fields
from planner.training.rows import read_cases

YEAR_MIN, YEARS_IN_USE = 2023.5, 1.5
ROOMY = 8.0
EVIDENTLY = "by the memory estimate it does not fit; the row says that it ran, so memory is set aside"
TRIED_AGAIN = "the layout of the row does not divide its devices; another was chosen"


def answer_cases(path: Path) -> list[CaseTime]:
    """A record for each row of the file, in its order."""
    known = {model_key(name): shape for name, shape in models().items()}
    return [answer_row(row, known) for row in read_cases(path)]


def answer_row(row: Mapping[str, str], known: Mapping[str, ModelShape]) -> CaseTime:
    """The record of one row."""

    def nothing(reason: str) -> CaseTime:
        return CaseTime(case=case, accelerator=accelerator, fits=False, reason=reason)

    case, accelerator = row.get("case_id") or row.get("model") or "", row.get("accelerator_id") or None
    try:
        question = question_of(row, known)
    except (InvalidInput, ValueError) as error:
        return nothing(str(error))
    if question is None:
        return nothing("the row names no model whose size could be known")
    if question.accelerator not in accelerators():
        return nothing(f"the catalogue has no accelerator {question.accelerator!r}")
    try:
        return CaseTime(case=case, accelerator=accelerator, **_answered(question, row.get("model") or ""))
    except InvalidInput as error:
        return nothing(error.problems[0].what)


def _answered(question: Question, name: str) -> dict[str, Any]:
    """Values of a record's fields beside its case and accelerator."""
    parameters = performance_parameters()
    devices = question.devices or usual_devices(question.shape)
    kind = kind_of(name)
    said = [f"{name} is {kind}, reckoned as a text decoder"] if kind else []
    said += [] if question.devices else [f"{devices} devices assumed"]
    precision = _runnable(question)
    if precision != question.precision:
        said.append(f"{question.precision} taken as {precision}")
    estimate, more = _fitting(question, devices, precision)
    hours = accelerator_hours(estimate, question.tokens, parameters) if estimate.fits and question.tokens else None
    return {
        **speed_fields(estimate, question.tokens),
        "days": days(hours, devices) if hours else None,
        "accelerator_hours": hours,
        "assumptions": (*question.shape.guessed, *said, *more, *estimate.notes),
    }


def usual_year(device: Accelerator) -> float:
    """When a device is used most: a year and a half after its release, and not before 2023."""
    return max(YEAR_MIN, release_year(device) + YEARS_IN_USE)


def _runnable(question: Question) -> str:
    """The row's precision, or BF16 where its wording is unknown or the device lacks it."""
    device = accelerators()[question.accelerator]
    low = LOW_PRECISION.get(question.precision)
    known = question.precision in PRECISIONS and (low is None or device.peak_tflops(low))
    return question.precision if known else "bf16"


def _fitting(question: Question, devices: int, precision: str) -> tuple[Speed, list[str]]:
    """The speed with the row's layout, else with any layout."""
    parameters, device = performance_parameters(), accelerators()[question.accelerator]

    def tried(pins: Pins, memory_factor: float = 1.0) -> Speed:
        return speed(
            question.shape,
            device,
            devices,
            precision,
            question.year or usual_year(device),
            parameters,
            method=question.method,
            pins=pins,
            third_party=not question.tuned,
            nic_gbps=question.nic_gbps,
            memory_factor=memory_factor,
        )

    free = Pins(global_batch=question.pins.global_batch)
    tries: tuple[tuple[Pins, float, list[str]], ...] = (
        (question.pins, 1.0, []),
        (question.pins, ROOMY, [EVIDENTLY]),
        (free, 1.0, [TRIED_AGAIN]),
        (free, ROOMY, [TRIED_AGAIN, EVIDENTLY]),
    )
    for pins, factor, said in tries:
        estimate = tried(pins, factor)
        if estimate.fits:
            return estimate, said
    return tried(free), []
