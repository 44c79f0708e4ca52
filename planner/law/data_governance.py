"""Whether a class of data may be processed in a zone, by which mechanisms, after how long and at what cost.

    cost = sum of the mechanisms (once per tenant and zone)          lead = the longest of them (they run side by side)

The matrix gives a rule per class and zone. Where volume decides, a ladder of steps gives the mechanisms instead: below
100,000 persons a year nothing, below 1,000,000 a standard contract or certificate, above it an assessment by the
mainland's regulator. The contract of the Greater Bay Area takes the place of what the ladder asks for, whatever the
volume, but only between parties registered in Hong Kong and the nine cities, and data under it stay there; a volume of
which the ladder asks nothing needs no contract either.
"""

from __future__ import annotations

from dataclasses import dataclass

from planner.domain.base import Confidence, Range
from planner.domain.data_rule import DataGovernance, DataRule, Ladder, Mechanism, Permit, VolumeStep
from planner.errors import UsageError


@dataclass(frozen=True)
class DataFlow:
    """The facts of a flow of data that decide beside its class; None is unknown.

    What is unknown is taken as: a party outside the Greater Bay Area, none of them critical, nothing imported, nothing
    sensitive, nothing held under a contract. `uncounted`: the persons of a part of the flow are unknown.
    """

    persons_per_year: float | None = None
    sensitive_persons_per_year: float | None = None
    parties_in_gba: bool | None = None
    critical_operator: bool | None = None
    imported: bool | None = None
    held_under: str | None = None
    exempt_by: str | None = None
    uncounted: bool = False


@dataclass(frozen=True)
class DataVerdict:
    """What data law says of a class in a zone. Without a permit there are no mechanisms, cost or lead."""

    data_class: str
    zone: str
    permit: Permit
    mechanisms: tuple[Mechanism, ...]
    cost_hkd: Range
    lead_months: Range
    confidence: Confidence
    because: str

    @property
    def granted(self) -> bool:
        return self.permit != "deny"


def data_outcome(governance: DataGovernance, data_class: str, zone: str, flow: DataFlow | None = None) -> DataVerdict:
    """The verdict for one class in one zone.

    Raises:
        UsageError: the matrix has no such class or zone.
    """
    flow = flow or DataFlow()
    rule = _rule(governance, data_class, zone)
    permit, ids, why = _settled(governance, rule, flow)
    held = governance.mechanisms.get(flow.held_under or "")
    if held is not None and held.stays_in_gba and not governance.zones[zone].in_gba:
        permit, why = "deny", f"data held under {held.name} may not leave the Greater Bay Area"
    mechanisms = () if permit == "deny" else tuple(governance.mechanisms[id] for id in ids)
    who = f"{governance.data_classes[data_class].name} in {governance.zones[zone].name}"
    policy = "by policy of this matrix, not by law" if rule.basis == "policy" else ""
    says = {
        "deny": "not allowed",
        "allow": "allowed" + _with(mechanisms),
        "condition": "allowed" + (_with(mechanisms) or ": the volume needs no mechanism"),
    }[permit]
    return DataVerdict(
        data_class=data_class,
        zone=zone,
        permit=permit,
        mechanisms=mechanisms,
        cost_hkd=_total([mechanism.cost_hkd for mechanism in mechanisms]),
        lead_months=_longest([mechanism.lead_months for mechanism in mechanisms]),
        confidence=rule.confidence or governance.data_classes[data_class].confidence,
        because="; ".join(part for part in (f"{who}: {says}", why, policy, rule.note) if part) + ".",
    )


def _rule(governance: DataGovernance, data_class: str, zone: str) -> DataRule:
    for what, asked, known in (("data class", data_class, governance.rules), ("zone", zone, governance.zones)):
        if asked not in known:
            raise UsageError(f"no {what} is called {asked!r}; there are {', '.join(known)}")
    return governance.rules[data_class][zone]


def _settled(governance: DataGovernance, rule: DataRule, flow: DataFlow) -> tuple[Permit, tuple[str, ...], str]:
    """Permit, mechanisms and what settled them, with the ladder climbed where it applies."""
    if rule.ladder is None:
        return rule.rule, rule.mechanisms, ""
    permit, ids, why = _climbed(governance.ladders[rule.ladder], rule, flow)
    if rule.ladder_when == "party_outside_gba" and flow.parties_in_gba and ids:
        return rule.rule, rule.mechanisms, "all parties are registered in the Greater Bay Area"
    return permit, ids, why


def _climbed(ladder: Ladder, rule: DataRule, flow: DataFlow) -> tuple[Permit, tuple[str, ...], str]:
    """What the ladder asks for."""
    if flow.exempt_by in ladder.exemptions:
        return "condition", (), f"exempt as {(flow.exempt_by or '').replace('_', ' ')}"
    if flow.imported and ladder.imported_exempt:
        return "condition", (), "data imported from abroad are exempt"
    if flow.critical_operator and ladder.critical_operator_takes_last:
        step = ladder.steps[-1]
        return step.permit, step.mechanisms, "operators of critical infrastructure take the strictest step"
    if flow.persons_per_year is None and flow.sensitive_persons_per_year is None:
        return rule.rule, ladder.when_unknown, "the number of persons is unknown"
    persons, sensitive = flow.persons_per_year or 0.0, flow.sensitive_persons_per_year or 0.0
    step = next(step for step in ladder.steps if _below(step, persons, sensitive))
    count = f"{persons:,.0f} persons a year" + (f", {sensitive:,.0f} with sensitive data" if sensitive else "")
    if flow.uncounted and not step.mechanisms and step.permit != "deny":
        return step.permit, ladder.when_unknown, f"at least {count} ({ladder.citation}), others are not counted"
    since = f", law since {ladder.since}" if ladder.since else ""
    return step.permit, step.mechanisms, f"{count} ({ladder.citation}{since})"


def _below(step: VolumeStep, persons: float, sensitive: float) -> bool:
    few = step.persons_below is None or persons < step.persons_below
    return few and (step.sensitive_persons_below is None or sensitive < step.sensitive_persons_below)


def _with(mechanisms: tuple[Mechanism, ...]) -> str:
    return f" with {', '.join(mechanism.name for mechanism in mechanisms)}" if mechanisms else ""


def _total(ranges: list[Range]) -> Range:
    return Range(low=sum(r.low for r in ranges), mid=sum(r.mid for r in ranges), high=sum(r.high for r in ranges))


def _longest(ranges: list[Range]) -> Range:
    ends = ("low", "mid", "high")
    return Range(**{end: max((getattr(r, end) for r in ranges), default=0.0) for end in ends})
