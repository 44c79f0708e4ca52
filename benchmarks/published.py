"""The published measurements as questions to the model, with who published them.

A *source* is a publisher's document or repository: container releases of one table are one source, so are all MLPerf
results, so that nothing of a source that is held out is seen by the fit. Rows of other kinds (LoRA, image models, units
that are unclear) take no part.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

from planner.domain.model_name import model_key
from planner.domain.model_shape import ModelShape
from planner.intake.catalogue import accelerators, models
from planner.performance.cases import Question, number, question_of

DATA = Path(__file__).resolve().parent / "data"
FITTED_KINDS = ("pretrain", "pretrain-ref", "mlperf", "mlperf-derived")
SOURCES = (
    ("MLPerf", "MLPerf Training"),
    ("Megatron-Bridge", "NVIDIA Megatron-Bridge tables"),
    ("Korthikanti", "Korthikanti 2022"),
    ("Pangu Ultra", "Pangu Ultra MoE"),
    ("AI-Hypercomputer/maxtext", "MaxText configurations"),
    ("reference column", "MindSpeed-LLM, reference column"),
    ("670f729", "MindSpeed-LLM, Ascend column"),
)


class Measured(NamedTuple):
    """One measurement: tokens per second and device of a question, and its source."""

    case: str
    source: str
    question: Question
    tokens_per_s: float


class Run(NamedTuple):
    """One published training run: accelerator-hours of a question, and who trained."""

    model: str
    source: str
    question: Question
    hours: float
    verified: bool
    metered: bool
    """The trainers publish accelerator-hours; else they are devices times days, or tokens over tokens per second."""


def source_of(text: str) -> str:
    """The source that a row's citation belongs to."""
    return next((name for part, name in SOURCES if part in text), text)


def catalogue() -> dict[str, ModelShape]:
    """Models of the catalogue by the key under which rows name them."""
    return {model_key(name): shape for name, shape in models().items()}


def rows(name: str) -> list[dict[str, str]]:
    """A table of `benchmarks/data`, row by row."""
    with open(DATA / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def measurements() -> list[Measured]:
    """Steady-state measurements on catalogued accelerators."""
    known, found = catalogue(), []
    for row in rows("throughput_cases.csv"):
        question, measured = question_of(row, known), number(row, "tokens_per_s_per_device")
        if (
            row["kind"] in FITTED_KINDS
            and question
            and measured
            and question.accelerator in accelerators()
            and question.devices
        ):
            found.append(Measured(row["case_id"], source_of(row["source"]), question, measured))
    return found


NOT_ONE_PASS = ("UL2", "AlexaTM", "Llama-3.2", "INTELLECT", "BERT", "ResNet", "BTLM", "Llama-4")
"""Encoder-decoders, distilled, decentralised or multimodal runs: their hours are not those of one pass over the tokens."""


def training_runs() -> list[Run]:
    """Runs with published hours, tokens and accelerator, of decoders trained in one place.

    Taken into the table before any prediction was made of them: decoder-only transformers with attention, pretrained in
    one place over stated tokens (repeated epochs count), hours published or count times days or tokens over published
    tokens per second. Left out of it: fine-tunes, distillation, hybrids with state-space layers, models that grow.
    """
    known, found = catalogue(), []
    for row in rows("training_runs.csv"):
        question, hours = question_of(row, known), number(row, "accelerator_hours")
        usable = question and question.tokens and question.accelerator in accelerators() and number(row, "layers")
        if usable and hours and not row["model"].startswith(NOT_ONE_PASS):
            verified, metered = row["confidence"].startswith("verified"), row["hours_kind"].startswith("published")
            found.append(Run(row["model"], row["org"], question, hours, verified, metered))
    return found
