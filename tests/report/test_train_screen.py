"""The screen of time to train: whole, by numbers worked by hand; and on the catalogue no wider than a page."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from train_record import TAX, band, train_record

from planner.performance.guess import guess
from planner.report.tables import text
from planner.report.train_options import lasting
from planner.report.train_time import train_screen
from planner.training.question import TrainQuestion
from planner.training.record import Affordable, ByDate, PurchaseRecord
from planner.training.train_time import question, records_of

SHAPE = guess(7).model_copy(update={"name": "seven"})
ASKED = TrainQuestion(SHAPE, tokens=100e9, start=date(2026, 11, 21))


def three_options():
    return [
        train_record("rented", chosen=True),
        train_record("bought", cost_hkd=band(1.7e6), subsidy=None, where="own, in colocation"),
        train_record(
            "direct", accelerator="foreign_chip", software_stack="cuda", allowed=False, may_use=False,
            legal={"outcome": "presumption_of_denial", "rule": "letter"},
        ),
    ]  # fmt: skip


SCREEN = """\
Seven, 100 B tokens, pretraining in bf16
Seven on 100 B tokens takes 6.0 days (3.0 to 12) on 64 Domestic Chip: 9,216 accelerator-hours, 9,000
kWh, 5.4 t CO2e. It fits, TP 2 × PP 1 × DP 32, 53 GB a device, at 47 % of peak.
Cheapest lawful path: rented, Hall: HKD 850 k (833 k to 935 k) after the Scheme pays 70 % of the
rent; 800 k of it is porting, once. Done by 2027-05-09 (2027-05-15 at p90): begun 2027-01-01, ready
2027-05-03 after lead time and licence 1.5 months and porting 4 months side by side.
Against b, the fastest uncut CUDA device that fits, it is 6.2 times slower per device. Performance
tax 16 % of peak against a: kernels 20 %, scaling -5 %; and porting 4 months before the first token.
Law: compliance_risk by guidance, only for buyers without US exposure.
Assumed: start 2026-11-21; 4,096 tokens a sequence; a batch of 1,024 sequences.

Options on 64 devices, in each group the cheapest lawful one first
option         days        done by       HKD  × best  tax      law     choice
─────────────────────────────────────────────────────────────────────────────
domestic_chip
  rented       3.0–6.0–12  2027-05-09  850 k     6.2  20/-5/4  risk    CHOSEN
  bought       3.0–6.0–12  2027-05-09  1.7 M     6.2  20/-5/4  risk    2 ×
foreign_chip
  direct       3.0–6.0–12  2027-05-09  850 k     6.2  20/-5/4  denied  law
days: p10–p50–p90. tax: % lost to kernels / % to scaling / months of porting. × best: time per
device over that of b. law: risk = compliance_risk and denied = presumption_of_denial. choice: the
reason against, or × the cost of the first.

What stands in the way
  - foreign_chip: presumption_of_denial by letter
"""


def test_the_whole_screen():
    assert text(train_screen(three_options(), ASKED, ["domestic_chip", "foreign_chip"])) == SCREEN


def test_a_date_and_a_budget_are_answered_in_words():
    asked = replace(ASKED, by=date(2027, 3, 1), budget_hkd=900e3)
    found = [
        replace(entry, chosen=False, by_date=ByDate(needed), affordable=Affordable(tokens, 1.5))
        for entry, needed, tokens in zip(three_options(), (48, 40, 1), (200.0, 3.0, 999.0), strict=True)
    ]
    page = text(train_screen(found, asked))
    assert (
        "is to be had lawfully and without a licence, done by 2027-03-01 as likely as not and within HKD 900 k"
        in " ".join(page.split())
    )
    flat = " ".join(page.split())
    assert "To be done by 2027-03-01 within HKD 900 k, as likely as not, takes 40 devices at least: bought." in flat
    assert "HKD 900 k by 2027-03-01 trains this model on up to 200 B tokens" in flat
    assert "too late" in page
    assert "× best" not in page


@pytest.mark.slow
@pytest.mark.parametrize("named", [(), ("huawei_ascend_910b2",), ("nvidia_h100_sxm", "amd_mi300x", "nvidia_b200")])
def test_on_the_catalogue_it_is_one_page(named):
    posed = question(model="llama2-7b", tokens_b=100, count=256, start=date(2026, 11, 21))
    records = records_of(posed, named)
    page = text(train_screen(records, posed, named))
    assert max(map(len, page.splitlines())) <= 100
    assert len(page.splitlines()) < 50
    assert page.count("CHOSEN") == 1
    rows = page.split("─\n")[1].split("days: ")[0].splitlines()
    titles = 0 if len(named) == 1 else 3
    assert len(rows) == min(12, len(records)) + titles
    assert not any(" " not in row.strip() for row in rows if row.startswith("  ")), "an option's name is broken"
    everything = text(train_screen(records, posed, named, everything=True))
    assert all(entry.option in everything for entry in records)


def test_a_cuda_device_needs_no_porting_and_may_be_as_fast():
    tax = replace(TAX, kernels=-0.05, scaling=-0.05, total=-0.1, porting_months=0.0)
    free = {"wait_months": 0.0, "porting_months": 0.0, "porting_hkd": 0.0}
    entry = train_record("rented", chosen=True, performance_tax=tax, times_best_unrestricted=1.02, **free)
    page = " ".join(text(train_screen([entry], ASKED)).split())
    assert "it is as fast per device. Performance tax -10 % of peak (an advantage) against a:" in page
    assert "kernels -5 %, scaling -5 %; and no porting." in page
    assert "Done by 2027-05-09 (2027-05-15 at p90), begun 2027-01-01 without a wait." in page
    assert "once" not in page


def test_what_stands_behind_a_cost_is_told() -> None:
    whole = PurchaseRecord(12e6, 5.0, 0.00042)
    page = " ".join(
        text(train_screen([train_record("bought", chosen=True, subsidy=None, purchase=whole)], ASKED)).split()
    )
    assert "That is 0.042 % of the 5 years of 64 devices which cost HKD 12 M to buy and install." in page
    let = train_record(
        "let", chosen=True, term_months=1.0, application_months=4.5, queue_months=3.0, porting_months=0.0
    )
    page = " ".join(text(train_screen([let], ASKED)).split())
    assert "Paid is the shortest term that is let, 1 month." in page
    assert "lead time and licence 1.5 months, application 4.5 months and queue 3 months side by side" in page


@pytest.mark.parametrize(
    ("days", "said"),
    [(12.0, "12 days (6.0 to 24)"), (0.25, "6.0 hours (3.0 to 12)"), (0.004, "5.8 minutes (2.9 to 12)")],
)
def test_a_time_is_told_in_its_own_unit(days: float, said: str) -> None:
    assert lasting(band(days)) == said
