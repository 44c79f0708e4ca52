"""The page that justifies a request for compute, in Markdown and as HTML."""

from __future__ import annotations

import re

import pytest

from planner.report.compute_request import html, markdown

SPREAD = {"p10": 10.0, "p50": 20.0, "p90": 40.0}
MODEL = {
    "name": "<b>mine</b> | 7b", "params_b": 6.74, "active_b": 6.61, "layers": 32, "hidden": 4096, "heads": 32, "seq_len": 4096,
    "tokens_b": 200.0, "method": "lora", "precision": "bf16",
}  # fmt: skip


def entry(**changes: object) -> dict[str, object]:
    return {
        "option": "cyberport_910b_rental", "accelerator_name": "Huawei Ascend 910B2", "where": "Cyberport", "count": 256, "fits": True,
        "layout": {"tp": 2, "pp": 1, "dp": 128, "global_batch_sequences": 1024}, "memory_gb_per_device": 53.0, "mfu": 0.47, "goodput": 0.99,
        "flop": 4.29e21, "flop_per_token": 4.29e10, "days": SPREAD, "accelerator_hours": SPREAD, "energy_kwh": SPREAD, "carbon_kg": SPREAD,
        "cost_hkd": {"p10": 8e5, "p50": 9e5, "p90": 1.2e6}, "begin": "2027-01-01", "ready": "2027-05-03", "finish": "2027-05-05",
        "porting_months": 4.0, "performance_tax": {"kernels": 0.24, "scaling": 0.014, "total": 0.25, "reference": "nvidia_a100_80gb_sxm"},
        "legal": {"outcome": "compliance_risk", "rule": "us_gp10_cloud", "because": "designed in China", "citation": "15 CFR 736.2(b)(10)"},
        "data_rule": None, "assumptions": ["prices are estimates"], "chosen": True, "why_not": None,
    } | changes  # fmt: skip


def test_the_chosen_option_is_asked_for_and_the_others_are_compared() -> None:
    other = entry(option="shenzhen", chosen=False, why_not="costs 1.05 times the chosen option", count=8)
    page = markdown([other, entry()], MODEL)
    assert "Asked for: 256 × Huawei Ascend 910B2, Cyberport. 20.0 (10.0 to 40.0) days" in page
    assert "| Cost | HKD 900 k (800 k to 1.2 M) |" in page
    assert "| Layout | tensor 2 × data 128; 53 GB a device |" in page
    assert "| Method | LoRA in bf16 |" in page
    assert re.search(r"\| shenzhen \|.*\| costs 1.05 times the chosen option \|", page)


def test_parameters_active_per_token_are_told_of_mixtures_alone() -> None:
    assert "active per token" not in markdown([entry()], MODEL)
    assert "671 B parameters, 37 B of them active" in markdown([entry()], MODEL | {"params_b": 671.0, "active_b": 37.0})


def test_the_page_in_html_has_tables_and_lists_and_no_markup_of_the_model() -> None:
    page = html([entry()], MODEL)
    assert "<title>Compute request: &lt;b&gt;mine&lt;/b&gt; | 7b</title>" in page
    assert "<b>" not in page
    assert "<script" not in page
    assert page.count("<table>") == 5
    assert page.count("<th>") == 6
    assert "<li>prices are estimates</li>" in page
    assert "<td>&lt;b&gt;mine&lt;/b&gt; | 7b, 6.74 B parameters</td>" in page


@pytest.mark.parametrize("missing", ["performance_tax", "cost_hkd"])
def test_what_nobody_knows_is_left_out_or_said(missing: str) -> None:
    page = markdown([entry(**{missing: None})], MODEL)
    assert "Performance tax" not in page if missing == "performance_tax" else "no price in the catalogue" in page
