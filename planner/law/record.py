"""A verdict as plain data, as `planner controls` prints it and as other answers carry it under `legal`."""

from __future__ import annotations

from typing import Any

from planner.domain.rule import Ground
from planner.law.outcome import Verdict


def verdict_record(verdict: Verdict) -> dict[str, Any]:
    """One flat record per verdict; dates are ISO, `fee_or_tax_pct` is a percentage of the price."""
    rule, nearest = verdict.ground.rule, verdict.nearest
    return {
        "accelerator": verdict.accelerator,
        "on": verdict.on.isoformat(),
        "destination": verdict.transaction.destination,
        "channel": verdict.transaction.channel,
        "scenario": verdict.scenario,
        "outcome": verdict.outcome,
        "possible": [{"outcome": one.rule.outcome, "rule": one.rule.id} for one in verdict.ground.possible],
        "rule": rule.id,
        "regime": verdict.ground.source_id,
        "citation": verdict.citation,
        "fee_or_tax_pct": verdict.fee_or_tax_pct,
        "volume_cap_note": rule.volume_cap_note,
        "approval_share": rule.approval_share.model_dump() if rule.approval_share else None,
        "confidence": verdict.confidence,
        "because": verdict.because,
        "unknown": list(verdict.unknown),
        "nearest_rule": nearest.ground.rule.id if nearest else None,
        "nearest_outcome": nearest.ground.rule.outcome if nearest else None,
        "why_not_nearest": nearest.why_not if nearest else None,
        "other_rules": [other.rule.id for other in verdict.others],
        "flags": [_flag(flag) for flag in verdict.flags],
    }


def _flag(flag: Ground) -> dict[str, Any]:
    return {
        "rule": flag.rule.id,
        "regime": flag.source_id,
        "layer": flag.layer,
        "outcome": flag.rule.outcome,
        "confidence": flag.rule.confidence,
        "note": flag.rule.volume_cap_note,
    }
