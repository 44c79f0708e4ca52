"""A measured speed above the device's peak is told as a slip of unit."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.errors import InvalidInput
from planner.intake import read_case

CASE = """\
title: One hall
horizon: {{start: 2027q1, end: 2028q4}}
buyer: {{us_exposure: false}}
sites: {{hk_hsitp_loop: {{}}}}
offers: {{ascend_910c_domestic: {{sites: [hk_hsitp_loop]}}}}
workloads:
  assistant:
    {{name: A, kind: service, workload_class: inference_llm, tenant: t, data_class: public, start: 2027q1, end: 2028q4,
    demand_pflops: 30, params_b: 14, method: inference, unserved_hkd_per_pflops_day: 6000, precision: {precision},
    measured_pflops_per_device: {{huawei_ascend_910c: {measured}}}}}
"""


def problems(folder: Path, measured: float, precision: str = "bf16") -> list[str]:
    file = folder / "case.yaml"
    file.write_text(CASE.format(measured=measured, precision=precision))
    try:
        read_case(file)
    except InvalidInput as error:
        return [problem.what for problem in error.problems]
    return []


@pytest.mark.parametrize(
    ("measured", "precision", "refused"),
    [
        # The 910C has a dense BF16 peak of 800 TFLOP/s, 0.8 PFLOP/s.
        (0.25, "bf16", False),
        (0.8, "bf16", False),
        (0.801, "bf16", True),
        (250, "bf16", True),
        # It has no FP8; its INT8 peak of 1,600 TOP/s is the most that it does at any precision.
        (0.9, "fp8", False),
        (1.601, "fp8", True),
    ],
)
def test_above_the_peak_is_refused(tmp_path: Path, measured: float, precision: str, refused: bool) -> None:
    found = problems(tmp_path, measured, precision)
    assert bool(found) is refused
    if refused:
        assert f"{measured:g} useful PFLOP/s per device is above the peak of huawei_ascend_910c" in found[0]
