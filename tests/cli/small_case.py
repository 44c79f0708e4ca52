"""A small case as a file: a hall in Hong Kong, a card that may be bought and a device that may not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from planner.cli import run as cli

TEXT = """\
schema_version: 1
title: small
horizon: {start: 2027q1, end: 2027q4}
buyer: {us_exposure: false}
sites:
  hall:
    name: Hall
    destination: HK
    legal_zone: hk_onprem
    operator_parent: HK
    access: own
    phases: [{from_date: 2020-01-01, power_mw: 0.006}]
    pue: 1.5
    tariff_hkd_per_kwh: 1.0
    carbon_kg_per_kwh: 0.4
offers:
  card:
    kind: purchase
    accelerator: nvidia_rtx_5090d_v2
    channel: direct
    sites: [hall]
    price_usd_per_device: 10000
    lead_time_months: 3
  b200:
    kind: purchase
    accelerator: nvidia_b200
    channel: direct
    sites: [hall]
    price_usd_per_device: 40000
    lead_time_months: 3
workloads:
  service:
    name: Service
    kind: service
    workload_class: inference_llm
    tenant: city
    data_class: public
    start: 2027q2
    end: 2027q4
    demand_pflops: 1.0
    params_b: 7
    unserved_hkd_per_pflops_day: 100000
    measured_pflops_per_device: {nvidia_rtx_5090d_v2: 0.1, nvidia_b200: 0.8}
economics:
  server_kw_per_device: {nvidia_rtx_5090d_v2: 1.0, nvidia_b200: 1.0}
"""


def call(capsys: pytest.CaptureFixture[str], *args: str, code: int = 0) -> Any:
    """What a call of the command line printed (`out`, `err`), once its exit code was the one expected."""
    assert cli.run(args) == code
    return capsys.readouterr()


def written(folder: Path, text: str = TEXT) -> Path:
    """The case in a folder."""
    path = folder / "case.yaml"
    path.write_text(text, encoding="utf-8")
    return path
