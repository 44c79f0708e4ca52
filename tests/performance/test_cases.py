"""Rows of tables as questions."""

from __future__ import annotations

import pytest

from planner.domain.model_name import model_key
from planner.performance.cases import nic_gbps, pins_of, question_of


@pytest.mark.parametrize(
    ("text", "gbps"),
    [
        ("800Gb/s/node", 12.5),
        ("RoCE 1600Gb/s/node", 25),
        ("8x200Gb/s IB (Selene)", 25),
        ("IB 400Gb/s/GPU; NVL72 for GB", 50),
        ("ICI", None),
    ],
)
def test_interconnect_wordings(text: str, gbps: float | None) -> None:
    assert nic_gbps(text) == gbps


def test_a_pinned_layout_that_is_silent_about_recomputation_does_none() -> None:
    assert pins_of({"tp": "2", "pp": "1"}).recompute == "none"
    assert pins_of({"tp": "", "pp": ""}).recompute is None
    assert pins_of({"tp": "2", "recompute": "full"}).recompute == "full"


def test_sequence_parallelism_takes_no_devices_of_its_own() -> None:
    row = {"tp": "8", "pp": "2", "dp": "4", "cp_or_sp": "8", "count": "64"}
    assert pins_of(row).cp == 1
    assert pins_of({**row, "dp": "2", "cp_or_sp": "2"}).cp == 2


def test_both_spellings_of_a_column_are_read() -> None:
    row = {
        "params_total_b": "7",
        "accelerator_id": "nvidia_h100_sxm",
        "accelerator_count": "16",
        "tokens_b": "2",
        "precision": "",
    }
    question = question_of(row, {})
    assert question is not None
    assert (question.devices, question.tokens, question.precision) == (16, 2e9, "bf16")
    assert question.shape.guessed
    assert question_of({"accelerator_id": "nvidia_h100_sxm"}, {}) is None


def test_names_compare_without_case_and_signs() -> None:
    assert model_key("Llama-3.1-70B") == model_key("llama 3.1 70b")
