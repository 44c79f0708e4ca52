"""A measured speed above the device's peak is told as doubtful, one far above it is refused as a slip of unit."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.errors import InvalidInput
from planner.intake import read_case, read_inputs

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
    ("measured", "refused"),
    # The highest peak of the 910C is that of INT8, 1.6 PFLOP/s; three times that no trick of precision reaches.
    [(0.25, False), (1.61, False), (4.8, False), (4.81, True), (250, True)],
)
def test_far_above_every_peak_is_refused(tmp_path: Path, measured: float, refused: bool) -> None:
    found = problems(tmp_path, measured)
    assert bool(found) is refused
    if refused:
        assert f"{measured:g} useful PFLOP/s per device is {measured / 1.6:,.3g} times the highest peak" in found[0]


@pytest.mark.parametrize(("measured", "doubtful"), [(1.6, 0), (1.61, 1)])
def test_above_the_peak_is_doubtful(tmp_path: Path, measured: float, doubtful: int) -> None:
    file = tmp_path / "case.yaml"
    file.write_text(CASE.format(measured=measured, precision="bf16"))
    assert sum("above the highest peak" in problem.what for problem in read_inputs(file).warnings) == doubtful
