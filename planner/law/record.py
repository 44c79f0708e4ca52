"""A verdict as plain data, as `planner controls` prints it and as other answers carry it under `legal`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from planner.domain.accelerator import Accelerator
from planner.domain.regime import RuleBook
from planner.domain.rule import Ground
from planner.law.classification import eccn_of
from planner.law.otherwise import Otherwise, Span
from planner.law.outcome import Verdict


def answer_record(
    verdict: Verdict, device: Accelerator, rulebook: RuleBook, otherwise: Iterable[Otherwise]
) -> dict[str, Any]:
    """The verdict with what counsel asks for beside it: classification, exception, review, and the facts assumed."""
    rule = verdict.ground.rule
    return {
        **verdict_record(verdict),
        "item_type": device.item_type,
        "made_in": device.vendor_country if device.item_type == "hbm" else None,
        "eccn": eccn_of(device, verdict.on, rulebook),
        "licence_exception": rule.exception,
        "review_policy": rule.review,
        "in_force_from": verdict.ground.first_day.isoformat(),
        "assumed": [asdict(one) for one in otherwise],
        "rules_known_to": verdict.known_to.isoformat(),
    }


def span_record(span: Span) -> dict[str, Any]:
    """A span of a device's history as a record."""
    return {
        "accelerator": span.accelerator,
        "from": span.first.isoformat(),
        "to": span.last.isoformat() if span.last else None,
        "outcome": span.outcome,
        "rule": span.ground.rule.id,
        "regime": span.ground.source_id,
        "fee_or_tax_pct": span.ground.fee_or_tax_pct,
        "confidence": span.confidence,
        "citation": span.ground.rule.source,
    }


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
