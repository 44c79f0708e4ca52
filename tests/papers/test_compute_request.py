"""The page that justifies a request for compute, in Markdown and as HTML."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from planner.intake.catalogue import models
from planner.papers.compute_request import compute_request
from planner.papers.writers import write
from planner.performance.estimate import Spread
from planner.training.question import TrainQuestion
from planner.training.record import TrainTime
from tests.report.train_record import LAYOUT, band, train_record

SHAPE = models()["llama2-7b"].model_copy(update={"name": "<b>mine</b> | 7b"})
ASKED = TrainQuestion(SHAPE, tokens=200e9, method="lora")


def entry(option: str = "cyberport", **changes: object) -> TrainTime:
    told = {
        "accelerator_name": "Huawei Ascend 910B2", "where": "Cyberport", "count": 256, "days": band(20.0), "chosen": True,
        "layout": replace(LAYOUT, dp=128), "cost_hkd": Spread(8e5, 9e5, 1.2e6), "assumptions": ("prices are estimates",),
    }  # fmt: skip
    return train_record(option, **(told | changes))


def markdown(records: list[TrainTime], asked: TrainQuestion) -> str:
    return str(write(compute_request(records, asked), "markdown"))


def test_the_chosen_option_is_asked_for_and_the_others_are_compared() -> None:
    other = entry("shenzhen", chosen=False, why_not="costs 1.05 times the chosen option", count=8)
    page = markdown([other, entry()], ASKED)
    assert "Asked for: 256 × Huawei Ascend 910B2, Cyberport. 20 days (10 to 40), " in page
    assert "| Cost | HKD 900 k (800 k to 1.2 M) |" in page
    assert "| Layout | tensor 2 × data 128; 53.2 GB a device |" in page
    assert "| Method | LoRA in bf16 |" in page
    assert re.search(r"\| shenzhen \|.*\| costs 1.05 times the chosen option \|", page)


def test_parameters_active_per_token_are_told_of_mixtures_alone() -> None:
    assert "active per token" not in markdown([entry()], ASKED)
    assert "671 B parameters, 36.6 B of them active" in markdown(
        [entry()], replace(ASKED, shape=models()["deepseek-v3"])
    )


def test_the_page_in_html_has_tables_and_lists_and_no_markup_of_the_model() -> None:
    page = str(write(compute_request([entry()], ASKED), "html"))
    assert "<title>Compute request: &lt;b&gt;mine&lt;/b&gt; | 7b</title>" in page
    assert "<b>" not in page
    assert "<script" not in page
    assert page.count('<table class="short">') == 5
    assert page.count('<th scope="col"') == 6
    assert "<li>prices are estimates</li>" in page
    assert "<td>&lt;b&gt;mine&lt;/b&gt; | 7b, 6.74 B parameters</td>" in page


@pytest.mark.parametrize("missing", ["performance_tax", "cost_hkd"])
def test_what_nobody_knows_is_left_out_or_said(missing: str) -> None:
    page = markdown([entry(**{missing: None})], ASKED)
    assert "Performance tax" not in page if missing == "performance_tax" else "no price in the catalogue" in page
