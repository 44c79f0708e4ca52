"""Nothing that a file of options says is ignored: another value of a field gives another answer."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from bids import bid, comparison, need, rental, written
from tiny import deep_merge

from planner.domain.bid import Bid, Claim, Comparison, Part, Payment
from planner.study.compare.compare import compare

pytestmark = pytest.mark.slow

WORDS = {
    "title",
    "decision",
    "bidder",
    "source",
    "note",
    "name",
    "schema_version",
    "case",
    "kind",
    "claim",
    "parts",
    "options",
    "payments",
    "plan",
}
"""What is told as it stands, and what holds other fields."""
BASE = {
    **comparison(grant_hkd=7_000_000, mix={"assistant": 1.0}),
    "reference_jobs": [{"model": "llama-2-7b", "tokens_b": 1}],
    "options": {
        "cards": bid(claim={"pflops": 5.9, "precision": "bf16", "power_mw": 0.05}, scores={"local_benefit": 0.3}),
        "licensed": bid(parts={"cards": {"accelerator": "nvidia_h200_sxm", "channel": "licensed", "devices": 4}}),
        "cloud": rental(),
    },
}
CASE = need(
    licences={"l": {"accelerators": ["nvidia_h200_sxm"], "quota_devices": 100, "approval_share": 1, "wait_months": 4}},
    offers={"dear": {"kind": "rental", "accelerator": "huawei_ascend_910b2", "channel": "cloud", "sites": ["cloud"], "rent_usd_per_device_hour": 2}},
    workloads={"assistant": {"measured_pflops_per_device": {"nvidia_h200_sxm": 0.4, "huawei_ascend_910b2": 0.1}}},
    sites={"second": {**need()["sites"]["hall"], "pue": 1.2}},
)  # fmt: skip
CHANGES: dict[str, Any] = {
    "award_date": "2027-02-01",
    "months_limit": 5.0,
    "grant_hkd": 2_000_000,
    "reference_jobs": [{"model": "llama-2-7b", "tokens_b": 2}],
    "do_minimum": ["dear"],
    "price_factor": 1,
    "options.cards.award_date": "2027-03-01",
    "options.cards.service_date": "2027-10-01",
    "options.cards.payments": [{"month": 0, "share": 0.5}, {"month": 5, "share": 0.5}],
    "options.cards.price_covers": [],
    "options.cards.running_hkd_per_year": 1e6,
    "options.cards.scores": {"local_benefit": 0.9},
    "options.cards.divisible": True,
    "options.cards.commitments": ["open on Sundays"],
    "options.cards.claim.pflops": 23.5,
    "options.cards.claim.precision": "fp8",
    "options.cards.claim.sparse": True,
    "options.cards.claim.power_mw": 0.01,
    "options.cards.parts.cards.accelerator": "nvidia_l20",
    "options.cards.parts.cards.devices": 20,
    "options.cards.parts.cards.site": "second",
    "options.cards.parts.cards.channel": None,
    "options.cards.parts.cards.price_hkd": 4_000_000,
    "options.cards.parts.cards.lifetime_years": 3,
    "options.licensed.parts.cards.transit_months": 5,
    "options.licensed.parts.cards.licence_months": 2,
    "options.licensed.parts.cards.assume": {"end_user_hq": "US"},
    "options.cloud.parts.nodes.rent_hkd_per_device_hour": 30,
    "options.cloud.parts.nodes.term_months": 6,
}
TOLD_AS_IT_STANDS = {"options.cards.parts.cards.channel"}
"""Law asks whether a device is bought or rented, not of whom; the channel is for the committee."""


@cache
def results(folder: Path, path: str | None) -> Any:
    asked = BASE
    if path is not None:
        change = CHANGES[path]
        for part in reversed(path.split(".")):
            change = {part: change}
        asked = deep_merge(BASE, change)
    return {**compare(written(folder, asked, CASE)).results, "asked": None}


@pytest.mark.parametrize("path", [path for path in CHANGES if path not in TOLD_AS_IT_STANDS])
def test_it_acts(path, tmp_path_factory):
    folder = tmp_path_factory.mktemp("bids")
    assert results(folder, path) != results(tmp_path_factory.getbasetemp(), None)


def test_mix_and_weights_act(tmp_path):
    plain = results(tmp_path, None)
    second = deep_merge(
        CASE,
        {
            "workloads": {
                "other": {**CASE["workloads"]["assistant"], "measured_pflops_per_device": {"nvidia_rtx_4090d": 0.05}}
            }
        },
    )
    mixes = [{"assistant": 0.9, "other": 0.1}, {"assistant": 0.1, "other": 0.9}]
    first, last = (compare(written(tmp_path, {**BASE, "mix": mix}, second)) for mix in mixes)
    assert first.option("cards").effective_pflops > last.option("cards").effective_pflops
    weighed = compare(written(tmp_path, {**BASE, "weights": {"set_by": "us", "criteria": {"law": 1}}}, CASE))
    assert [option.score for option in weighed.options] != [option["score"] for option in plain["options"]]


def test_every_field_is_tried():
    tried = {path.rpartition(".")[2] for path in CHANGES} | {"mix", "weights"}
    fields = {name for noun in (Comparison, Bid, Part, Claim) for name in noun.model_fields} | set(Payment.model_fields)
    assert fields - tried - WORDS <= {"month", "share"}
