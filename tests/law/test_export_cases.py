"""Outcomes worked out by hand from the rules, by device and date, for a civil, unlisted buyer of Hong Kong.

`export_cases.csv`: 29 devices at up to six dates that lie between changes of law; from 2026-01-15 devices ship from the US.
`export_cases.yaml`: fees, cloud, headquarters, parties and scenarios.
"""

import csv
from datetime import date
from pathlib import Path

import pytest
import yaml

from planner.domain.transaction import Transaction
from planner.intake.catalogue import accelerators, regimes
from planner.law.outcome import decide, outcome_of

HERE = Path(__file__).parent
BY_DATE = list(csv.DictReader((HERE / "export_cases.csv").read_text().splitlines()))
BEYOND = yaml.safe_load((HERE / "export_cases.yaml").read_text())


def test_every_dated_case_agrees():
    wrong = []
    for case in BY_DATE:
        device, on = accelerators()[case["accelerator"]], date.fromisoformat(case["on"])
        rule = outcome_of(device, Transaction(), on, regimes()).rule
        if (rule.outcome, rule.id) != (case["outcome"], case["rule"]):
            wrong.append(f"{device.id} on {on}: {rule.outcome} by {rule.id}, not {case['outcome']} by {case['rule']}")
    assert len(BY_DATE) >= 171
    assert not wrong


@pytest.mark.parametrize("case", BEYOND, ids=lambda case: f"{case['accelerator']}-{case['on']}-{case['rule']}")
def test_every_case_beyond_dates_agrees(case):
    verdict = decide(
        accelerators()[case["accelerator"]],
        Transaction(**case["assume"]),
        date.fromisoformat(case["on"]),
        regimes(),
        case.get("scenario"),
    )
    assert verdict.outcome == case["outcome"]
    assert verdict.ground.rule.id == case["rule"]
    assert verdict.fee_or_tax_pct == case["fee_or_tax_pct"]


@pytest.mark.slow
def test_the_quick_answer_is_that_of_the_full_one():
    days = [date(2022, 9, 1), date(2023, 11, 1), date(2025, 7, 20), date(2026, 11, 21), date(2027, 4, 1)]
    for place, device in enumerate(accelerators().values()):
        for channel in ("purchase", "cloud"):
            for scenario in (None, *regimes().scenarios):
                asked = (device, Transaction(channel=channel), days[place % len(days)], regimes(), scenario)
                quick, full = outcome_of(*asked), decide(*asked).ground
                assert (quick.rule.id, quick.possible) == (full.rule.id, full.possible)
